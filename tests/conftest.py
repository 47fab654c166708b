"""Fixtures of the whole suite: a client per person, and guards that no test can forget."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings

from accounts.models import User

hypothesis_settings.register_profile("portal", deadline=None)  # a busy machine is slow, not wrong
hypothesis_settings.load_profile("portal")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the thread of the tests


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    """Keep uploads and reports of a test in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    storages = {**settings.STORAGES}
    storages["default"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files")},
    }
    settings.STORAGES = storages


@pytest.fixture(autouse=True, scope="session")
def _fast_passwords() -> Iterator[None]:
    hashers = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield
    settings.PASSWORD_HASHERS = hashers


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let transactional tests empty the audit trail on SQLite, which has no TRUNCATE.

    tests/accounts/test_audit.py puts the trigger back to prove it.
    """
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS audit_event_no_delete")


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """Return a function that signs a person in and gives the client."""

    def as_person(user: User) -> Client:
        client.force_login(user)
        return client

    return as_person
