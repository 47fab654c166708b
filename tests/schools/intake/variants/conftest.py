"""A coordinator with a browser, and a reading child that works inside the process of the tests."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from schools.intake import child, reader
from schools.intake.limits import Limits
from tests.factories.imports import ImportGround


@pytest.fixture(autouse=True)
def variant(request: pytest.FixtureRequest) -> str:
    """Take the number of the variant that `covers` gives to a test."""
    return str(getattr(request, "param", ""))


@pytest.fixture
def near_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read workbooks without starting a process for each: test_made_files.py proves the process itself."""

    def ask(data: bytes, limits: Limits) -> dict[str, Any]:
        return reader.answer_of(json.dumps(child.answer(data, limits)).encode())

    monkeypatch.setattr(reader, "ask_child", ask)


@pytest.fixture
def ground() -> ImportGround:
    made = ImportGround()
    made.first.gia_code = "0123"
    made.first.save()
    return made


@pytest.fixture
def browser(ground: ImportGround, sign_in: Callable[[User], Client]) -> Client:
    """The coordinator's browser."""
    return sign_in(ground.coordinator)
