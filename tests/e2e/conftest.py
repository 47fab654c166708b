"""One browser for a file of tests, and the demo region behind a live server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser import launch_chromium
from tests.demo import put_region


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def portal(live_server: LiveServer, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> LiveServer:
    """Return the server with the whole region in its database."""
    put_region(tmp_path_factory, tmp_path / "files")
    return live_server
