"""A person with a browser of few words: sessions, forms and pages over HTTP, timed; and the rows behind them."""

import sqlite3
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import psycopg
from bs4 import BeautifulSoup, Tag

from tests.jobs.live import Portal


@dataclass(frozen=True)
class Answer:
    """A page after redirects, and how long it took."""

    url: str
    text: str
    seconds: float

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")


@dataclass(frozen=True)
class Visitor:
    """One session."""

    base: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def ask(self, path: str, fields: list[tuple[str, str]] | None = None) -> Answer:
        """Open an address, or send a form there; a page of an error raises HTTPError."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        data = None if fields is None else urlencode(fields).encode()
        begun = time.monotonic()
        with opener.open(urllib.request.Request(self.base + path, data), timeout=60) as response:
            text = response.read().decode()
            return Answer(response.url, text, time.monotonic() - begun)

    def send(self, page: str, action: str, **changes: str) -> Answer:
        """Fill in the form of a page as it stands, with some fields changed, and press its button."""
        here = ", form:not([action])" if action == page else ""
        form = self.ask(page).soup.select_one(f'form[action="{action}"]{here}')
        assert form, f"no form to {action} on {page}"
        values = [pair for pair in fields_of(form) if pair[0] not in changes]
        return self.ask(action, [*values, *changes.items()])


def sign_in(base: str, login: str, password: str) -> Visitor:
    visitor = Visitor(base)
    visitor.send("/login/", "/login/", username=login, password=password)
    return visitor


def fields_of(form: Tag) -> list[tuple[str, str]]:
    """Return what a browser would send of an untouched form."""
    found = []
    for control in form.select("input[name], select[name], textarea[name]"):
        name = str(control["name"])
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            found.append((name, str(chosen["value"]) if chosen else ""))
        elif control.get("type") not in {"checkbox", "radio"} or control.has_attr("checked"):
            found.append((name, str(control.get("value", ""))))
    return found


def rows(portal: Portal, query: str) -> list[tuple[Any, ...]]:
    """Read the database of an installation past the portal, whichever engine it is on."""
    url = portal.environment["DATABASE_URL"]
    if url:
        with psycopg.connect(url) as connection:
            return connection.execute(query.encode()).fetchall()
    with closing(sqlite3.connect(portal.folder / "db.sqlite3", timeout=20)) as database:
        return list(database.execute(query))
