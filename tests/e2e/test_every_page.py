"""Every main page of the demo region in a real browser: whole, accessible, within its width, from this host alone."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from config.demo.build import build_demo
from config.demo.stages import Stage
from tests.browser import launch_chromium
from tests.demo import TODAY
from tests.factories.schools import make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "DATABASE_URL" in os.environ, reason="looks are the same on every engine: seen in the embedded run"
    ),
]

AXE: Final = Path(__file__).parents[1] / "vendor" / "axe.min.js"
WIDTHS: Final = (1440, 390)
KEY: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FILES: Final = re.compile(r"/(files|template|problems|book|evidence)/|\.xlsx$")
STOPS: Final = 20
OUTLINED: Final = """[null, "::after"].some(
    (part) => getComputedStyle(document.activeElement, part).outlineStyle !== "none")"""
OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RUN_AXE: Final = """async (rules) => (await axe.run({runOnly: rules})).violations.map(
    (found) => `${found.id}: ${found.nodes[0].target} of ${found.nodes.length}`)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def portal(live_server: LiveServer) -> LiveServer:
    """Return the server with the whole region in its database."""
    build_demo(stage=Stage.MONITORED, seed=1, today=TODAY)
    return live_server


class Visitor:
    """A signed-in person who looks at each page and notes what is wrong with it."""

    def __init__(self, browser: Browser, server: LiveServer, login: str) -> None:
        self.base = server.url
        self.wrong: list[str] = []
        self.path = ""
        context = browser.new_context(locale="ru-RU")
        client = Client()
        client.force_login(User.objects.get(username=login))
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.base}])
        self.page: Page = context.new_page()
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.note(str(error)))
        self.page.on("request", self.watch)

    def note(self, what: str) -> None:
        self.wrong.append(f"{self.path}: {what}")

    def hear(self, line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:  # what the content security policy refuses is among them
            self.note(line.text)

    def watch(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.note(f"asks another host: {request.url}")

    def walk(self, *doors: str) -> set[str]:
        """Look at one page of every kind that links from the doors lead to; return the kinds seen, keys as `*`."""
        waiting, kinds = list(doors), set[str]()
        while waiting:
            path = waiting.pop(0)
            if (kind := KEY.sub("*", path)) in kinds:
                continue
            kinds.add(kind)
            self.look(path)
            waiting += self.links()
        return kinds

    def open(self, path: str) -> bool:
        self.path = path
        answer = self.page.goto(self.base + path)
        if answer is None or answer.status != 200:
            self.note(f"answers {answer and answer.status}")
            return False
        return True

    def look(self, path: str) -> None:
        """Check a page at both widths."""
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        if not self.open(path):
            return
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.measure(width)

    def measure(self, width: int) -> None:
        if overflow := self.page.evaluate(OVERFLOW):
            self.note(f"{overflow} px wider than {width}")
        for found in self.page.evaluate(RUN_AXE, RULES):
            self.note(f"at {width} {found}")

    def tab_through(self, path: str) -> None:
        """Walk a page by keyboard: every stop must be seen, by its outline or that of the row it stands for."""
        self.open(path)
        for _ in range(STOPS):
            self.page.keyboard.press("Tab")
            if not self.page.evaluate(OUTLINED):
                self.note(f"no focus is seen at {self.page.evaluate('document.activeElement.outerHTML')}")

    def links(self) -> list[str]:
        """Return the pages of the portal that this one links to, without files and the admin site."""
        hrefs = self.page.eval_on_selector_all("a[href^='/']", "(links) => links.map((a) => a.getAttribute('href'))")
        paths = [urlsplit(href).path for href in hrefs]
        return [path for path in paths if not FILES.search(path) and not path.startswith("/admin/")]


COORDINATOR: Final = {
    "/",
    "/jobs/",
    "/schools/",
    "/imports/",
    "/imports/*/",
    "/identification/",
    "/identification/lists/*/",
    "/identification/rules/*/",
    "/identification/verdicts/*/",
    "/risk-profiles/",
    "/risk-profiles/*/",
    "/roadmaps/",
    "/roadmaps/*/",
    "/roadmaps/measures/*/",
    "/monitoring/",
    "/monitoring/*/",
    "/monitoring/new/",
    "/monitoring/submissions/*/",
    "/reports/",
}
SCHOOL: Final = {
    "/",
    "/jobs/",
    "/risk-profiles/*/",
    "/self-assessment/",
    "/self-assessment/*/",
    "/roadmaps/*/",
    "/roadmaps/measures/*/",
    "/monitoring/submissions/*/",
}


def test_pages_of_coordinator_and_school_are_whole_and_accessible(browser: Browser, portal: LiveServer) -> None:
    coordinator, school = (Visitor(browser, portal, login) for login in ("coordinator", "school3"))

    pages_of_coordinator = coordinator.walk("/", "/jobs/")
    pages_of_school = school.walk("/", "/jobs/", "/self-assessment/")

    coordinator.tab_through("/")

    assert coordinator.wrong == []
    assert pages_of_coordinator >= COORDINATOR
    assert school.wrong == []
    assert pages_of_school >= SCHOOL


def test_admin_site_works_under_the_strict_policy(browser: Browser, live_server: LiveServer) -> None:
    person = make_user(is_staff=True, is_superuser=True)
    visitor = Visitor(browser, live_server, person.username)
    own_page = reverse("admin:accounts_user_change", args=[person.pk])
    forms = [reverse(f"admin:{model}_add") for model in ("accounts_user", "schools_membership", "schools_territory")]

    for path in (reverse("admin:index"), reverse("admin:accounts_user_changelist"), own_page, *forms):
        visitor.open(path)

    assert visitor.wrong == []
