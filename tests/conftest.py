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
from tests.databases import drop_templates, on_server, template_of
from tests.jobs.live import copy_migrated, migrated

hypothesis_settings.register_profile("portal", deadline=None)  # a busy machine is slow, not wrong
hypothesis_settings.load_profile("portal")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the thread of the tests


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with browsers and installations, which take longest; on other engines repeat only what meets them."""
    items.sort(key=lambda item: item.get_closest_marker("live") is None)
    if on_server():
        config.hook.pytest_deselected(items=[item for item in items if not meets_engines(item)])
        items[:] = [item for item in items if meets_engines(item)]


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: tests of whole installations mostly wait for leases to run out."""
    return (os.cpu_count() or 1) + 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop what the processes of the run have shared, when the last of them has ended."""
    if on_server() and not hasattr(session.config, "workerinput"):
        drop_templates()


def meets_engines(item: pytest.Item) -> bool:
    """Answer whether a test can notice the engine: pytest-django refuses the database to any other.

    Those marked `engine_neutral` use the database and judge something else: how pages look, what a browser does with
    them, whom a page is open to. The tests of jobs are all repeated: they talk to the broker as well.
    """
    if item.get_closest_marker("engine_neutral"):
        return False
    asked = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    marked = any(item.get_closest_marker(name) for name in ("django_db", "live"))
    return marked or bool(asked) or "jobs" in item.path.parts


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


@pytest.fixture(autouse=True, scope="session")
def _no_search_for_assets() -> Iterator[None]:
    """Keep WhiteNoise from walking all assets anew for every client: the live servers of tests serve their own."""
    finders = settings.WHITENOISE_USE_FINDERS
    settings.WHITENOISE_USE_FINDERS = False
    yield
    settings.WHITENOISE_USE_FINDERS = finders


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Begin with all tables: they are made once for the run.

    SQLite stays in a file as the portal has it: requests of a live server wait for each other as they do in earnest.
    In memory all threads share one connection and may meet inside one transaction.
    """
    if on_server():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_of(migrated(tmp_path_factory))
    else:
        folder = tmp_path_factory.mktemp("database")
        copy_migrated(tmp_path_factory, folder)
        connection.settings_dict["TEST"]["NAME"] = str(folder / "db.sqlite3")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    return connection.vendor == "sqlite"  # it is there already, with its tables


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
