"""A person in a real browser who looks at pages and notes what is wrong with them: whole, accessible, of this host."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

AXE: Final = Path(__file__).parents[1] / "vendor" / "axe.min.js"
WIDTHS: Final = (1440, 390)
KEY: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
FILES: Final = re.compile(r"/(files|template|templates/[^/]+|problems|book|evidence|download|xlsx)/|\.xlsx$")
STOPS: Final = 20
SECTION_LINKS: Final = "nav[aria-label='Основные разделы'] a"
OUTLINED: Final = """[null, "::after"].some(
    (part) => getComputedStyle(document.activeElement, part).outlineStyle !== "none")"""
OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RUN_AXE: Final = """async (rules) => (await axe.run({runOnly: rules, resultTypes: ["violations"]})).violations.map(
    (found) => `${found.id}: ${found.nodes[0].target} of ${found.nodes.length}`)"""
PIECES: Final = """() => {
    const told = ["class", "role", "type", "hidden", "disabled", "aria-expanded", "aria-current", "aria-invalid"];
    const piece = (node) => node.localName + told.map((name) => `|${node.getAttribute(name) ?? ""}`).join("");
    const nodes = [...document.body.querySelectorAll("*")];
    return [...new Set(nodes.map((node) => `${piece(node.parentNode)} > ${piece(node)}`))];
}"""
STILL: Final = "Promise.allSettled(document.getAnimations().map((change) => change.finished)).then(() => true)"
MODES: Final = (  # attribute, value, width: what the look is most likely to break
    ("size", "200", 390),
    ("space", "wide", 390),
    ("contrast", "bw", 1440),
    ("contrast", "wb", 1440),
)
WEAR: Final = """([name, value]) => {
    for (const each of ["size", "space", "contrast"]) document.documentElement.removeAttribute(`data-${each}`);
    document.documentElement.setAttribute(`data-${name}`, value);
}"""


LOOKS: Final = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.engine_neutral,
    pytest.mark.django_db(transaction=True),
]
"""Marks of the tests that judge how pages look."""


class Visitor:
    """A signed-in person who looks at each page and notes what is wrong with it."""

    def __init__(
        self,
        browser: Browser,
        server: LiveServer,
        login: str,
        looked_at: dict[str, set[str]] | None = None,
    ) -> None:
        """looked_at: kind of page -> the pieces that somebody has looked at; shared, nobody looks at them again."""
        self.base, self.login = server.url, login
        self.looked_at = {} if looked_at is None else looked_at
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
        self.wrong.append(f"{self.login} {self.path}: {what}")

    def hear(self, line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:  # what the content security policy refuses is among them
            self.note(line.text)

    def watch(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.note(f"asks another host: {request.url}")

    def walk(self, *doors: str) -> set[str]:
        """Open one page of every kind that links from the doors lead to; return the kinds seen, keys as `*`.

        A page with a piece that nobody has looked at on a page of its kind is looked at closely, at both widths.
        """
        waiting, kinds = list(doors), set[str]()
        while waiting:
            path = waiting.pop(0)
            if (kind := KEY.sub("*", path)) in kinds:
                continue
            kinds.add(kind)
            if self.open(path):
                self.look(RULES if self.is_new(kind) else [])
                waiting += self.links()
        return kinds

    def is_new(self, kind: str) -> bool:
        """Answer whether the page has a piece that its kind did not have, and remember all of them."""
        pieces, known = set(self.page.evaluate(PIECES)), self.looked_at.setdefault(kind, set())
        is_new = not pieces <= known
        known |= pieces
        return is_new

    def open(self, path: str) -> bool:
        self.path = path
        answer = self.page.goto(self.base + path)
        if answer is None or answer.status != 200:
            self.note(f"answers {answer and answer.status}")
            return False
        return True

    def look(self, rules: Sequence[str]) -> None:
        """Check the page at both widths. rules: those of axe that it has to keep."""
        if rules:
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for width in WIDTHS:
            self.measure(width, rules)

    def measure(self, width: int, rules: Sequence[str], look: str = "") -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        if overflow := self.page.evaluate(OVERFLOW):
            self.note(f"{overflow} px wider than {width} {look}")
        for found in self.page.evaluate(RUN_AXE, rules) if rules else []:
            self.note(f"at {width} {look} {found}")

    def wear_every_look(self) -> None:
        """Try the four looks of «версия для слабовидящих» on the sections of the person."""
        self.open("/")
        for path in self.page.eval_on_selector_all(SECTION_LINKS, "(links) => links.map((a) => a.pathname)"):
            self.open(path)
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            for name, value, width in MODES:
                self.page.evaluate(WEAR, [name, value])
                self.page.evaluate(STILL)  # buttons change their colours smoothly
                self.measure(width, ["color-contrast"] if name == "contrast" else [], f"{name} {value}")

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
