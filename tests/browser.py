"""Chromium of the system for browser tests; they are skipped, with what to install, where there is none."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.bootstrap import apt_line, chromium


@contextmanager
def launch_chromium() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip(f"Нет Chromium: {apt_line(['chromium'])}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()
