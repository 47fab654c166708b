"""Hostile input to every address that takes any: a clear refusal or a page, never a fault of the program.

The forms are those that people find on the pages of the demo region; each field in turn gets what nobody types.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.models import User
from tests.access.test_matrix import ADDRESSES
from tests.demo import demo_region

pytestmark = pytest.mark.django_db

PEOPLE: Final = ("coordinator", "school3", "curator", "school11")
DOORS: Final = ("/", "/schools/", "/identification/", "/identification/runs/", "/risk-profiles/", "/self-assessment/")
MORE_DOORS: Final = ("/roadmaps/", "/roadmaps/new/", "/monitoring/", "/monitoring/new/", "/reports/")
KEY: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
FILES: Final = re.compile(r"/(files|template|problems|book|evidence|download|xlsx)/|\.xlsx$|^/(admin|static|imports)/")
WORDS: Final = "Обоснование, в котором больше пятидесяти знаков: его принимают сразу и целиком."


class Found(NamedTuple):
    """A form on a page: who sees it, where it goes, what an untouched one sends."""

    login: str
    action: str
    fields: dict[str, str]


@pytest.fixture(autouse=True)
def _own_files() -> None:
    """Leave the files of the region where they are; the suite's fixture of this name would hide them."""


@pytest.fixture(scope="module", autouse=True)
def _region(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    with demo_region(django_db_blocker, tmp_path_factory, folder / "files"):
        yield


def client_of(login: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.get(username=login))
    return client


def status_of(client: Client, method: str, url: str, fields: dict[str, Any] | None = None) -> int:
    """Ask and take back whatever the answer changed."""
    with transaction.atomic():
        response: Any = getattr(client, method)(url, fields or {})
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return int(response.status_code)


def forms_of(login: str) -> Iterator[Found]:
    """Walk the pages of a person, one of each kind, and give every form that sends something."""
    client, waiting, kinds = client_of(login), [*DOORS, *MORE_DOORS], set[str]()
    while waiting:
        path = waiting.pop(0)
        if (kind := KEY.sub("*", path)) in kinds:
            continue
        kinds.add(kind)
        response = client.get(path)
        if response.status_code != 200:
            continue
        soup = BeautifulSoup(response.content.decode(), "html.parser")
        yield from (found for part in soup.select("form, [hx-post]") if (found := form_from(part, login, path)))
        links = [str(link["href"]).partition("#")[0].partition("?")[0] for link in soup.select("a[href^='/']")]
        waiting += [link for link in links if not FILES.search(link)]


def form_from(part: Tag, login: str, path: str) -> Found | None:
    sends = part.get("hx-post") or (part.get("method") == "post" and (part.get("action") or path))
    if not sends or FILES.search(str(sends)) or str(sends).startswith("/logout"):
        return None
    controls = [part] if part.has_attr("name") else part.select("input[name], select[name], textarea[name]")
    fields = {str(control["name"]): value_of(control) for control in controls if is_typed(control)}
    return Found(login=login, action=str(sends), fields={**fields, "nobody_asked": "1"})


def is_typed(control: Tag) -> bool:
    return control.get("type") != "file" and control["name"] != "csrfmiddlewaretoken"


def value_of(control: Tag) -> str:
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option:not([value=''])")
        return str(chosen.get("value", "")) if chosen else ""
    if control.name == "textarea":
        return control.text or WORDS
    return str(control.get("value") or "2026-03-01")


def hostile_to(value: str) -> Sequence[str]:
    """Return what breaks a field of this kind: dates at the ends of time, numbers beyond any column, endless text."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return ("9999-12-31", "0001-01-01", "2026-02-30")
    if re.fullmatch(r"[0-9a-f-]{36}", value):
        return ("not-a-uuid", str(uuid4()))
    if value.isdigit():
        return ("9" * 30, "-1", "1e309")
    return ("a\x00b", "я" * 10_000)


def test_every_form_answers_hostile_fields_without_a_fault() -> None:
    kinds, faults = set[tuple[str, frozenset[str]]](), list[str]()
    for found in [found for login in PEOPLE for found in forms_of(login)]:
        kind = (KEY.sub("*", found.action), frozenset(found.fields))
        if kind in kinds:
            continue
        kinds.add(kind)
        client = client_of(found.login)
        for name, typed in found.fields.items():
            for value in ("", *hostile_to(typed)):
                status = status_of(client, "post", found.action, {**found.fields, name: value})
                if status >= 500:
                    faults.append(f"{found.login} {found.action} {name}={value[:20]!r}: {status}")

    assert faults == []
    assert len(kinds) > 30, sorted(kinds, key=str)


# Addresses as such: they need no region, only somebody who is signed in

WITH_KEYS: Final = [address for address in ADDRESSES if address[1].pattern.converters]


def address_of_nothing(name: str, pattern: URLPattern) -> str:
    """Return an address whose every key is well formed and leads to no row."""
    of_kind = {"uuid": uuid4(), "int": 10**30}
    keys = {
        key: of_kind.get(converter_name(converter), "title") for key, converter in pattern.pattern.converters.items()
    }
    return reverse(name, kwargs=keys)


def converter_name(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()


@pytest.mark.engine_neutral
@pytest.mark.parametrize(("name", "pattern"), WITH_KEYS, ids=[name for name, _ in WITH_KEYS])
def test_key_of_no_row_is_not_found(name: str, pattern: URLPattern) -> None:
    url = address_of_nothing(name, pattern)

    for login, method in product(("coordinator", "school3"), ("get", "post")):
        assert status_of(client_of(login), method, url) in {403, 404, 405}, f"{login} {method} {url}"


@pytest.mark.engine_neutral
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_address_takes_a_method_it_does_not_know(method: str) -> None:
    client = client_of("coordinator")

    answers = {name: status_of(client, method, address_of_nothing(name, pattern)) for name, pattern in WITH_KEYS}

    assert {name: status for name, status in answers.items() if status not in {403, 404, 405}} == {}
