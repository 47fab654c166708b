"""Chromium of the system for browser tests, skipped with what to install where there is none; a person who uses it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from scripts.bootstrap import apt_line, chromium

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@contextmanager
def launch_chromium() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip(f"Нет Chromium: {apt_line(['chromium'])}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


class Person:
    """Somebody at their own browser with a page of the portal open; `problems` is what the console complained of."""

    def __init__(self, browser: Browser, server: LiveServer, user: User, *, size: dict[str, int] | None = None) -> None:
        self.context = browser.new_context(viewport=size or WIDE, locale="ru-RU")  # type: ignore[arg-type]
        self.server, self.user = server, user
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda line: self.problems.append(line.text) if "Security" in line.text else None)
        self.sign_in()

    def sign_in(self) -> None:
        session = SessionStore()
        session["_auth_user_id"] = str(self.user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = self.user.get_session_auth_hash()
        session.save()
        key = str(session.session_key)
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.server.url}])

    def sign_out(self) -> None:
        self.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.server.url}{path}")

    def cell(self, name: str, row: int = 0) -> Locator:
        return self.page.locator(f"[data-col={name}]").nth(row)

    def type_in(self, name: str, text: str, row: int = 0) -> None:
        self.cell(name, row).fill(text)
        self.cell(name, row).blur()

    @property
    def state(self) -> Locator:
        return self.page.locator("[data-live]")

    @property
    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.getAttribute('aria-label')"))

    def type_on(self, *cells: str) -> None:
        """Type over the focused cell and over those after it, without a look at what the page does meanwhile."""
        for text in cells:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(text)
            self.page.keyboard.press("Tab")
