"""A whole installation for the main path: web, worker and scheduler on data of their own, on the engines of the run."""

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.jobs.live import Portal, Redis, copy_migrated
from tests.shared import shared_folder

SIGN_INS = "sign_ins.json"


def lived_region(factory: pytest.TempPathFactory, stage: str) -> Path:
    """Return the folder of an installation on SQLite whose region lived until a stage; made once for all."""

    def make(folder: Path) -> None:
        copy_migrated(factory, folder)
        settle(Portal(folder), stage)

    return shared_folder(factory, f"region-{stage}", make)


def settle(portal: Portal, stage: str) -> None:
    """Let the region live until a stage in a migrated database; keep who may sign in beside it."""
    (portal.folder / SIGN_INS).write_text(portal.manage("seed", "--stage", stage, "--json"))


def passwords_of(folder: Path) -> dict[str, str]:
    users: list[dict[str, str]] = json.loads((folder / SIGN_INS).read_text())["users"]
    return {user["login"]: user["password"] for user in users}


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """Give the environment of a new database on the server of the run."""
    url = os.environ["DATABASE_URL"]
    parts = urlsplit(url)
    name = f"{parts.path.strip('/')}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def own_broker(given: Redis | None) -> Iterator[dict[str, str]]:
    """Give the environment of the given Redis, else of one of its own where the suite runs on Redis."""
    if given:
        yield {"REDIS_URL": given.url}
        return
    if not os.environ.get("REDIS_URL"):
        yield {}
        return
    redis = Redis().start()
    try:
        yield {"REDIS_URL": redis.url}
    finally:
        redis.stop()


@contextmanager
def installation(
    factory: pytest.TempPathFactory,
    stage: str,
    redis: Redis | None = None,
) -> Iterator[tuple[Portal, dict[str, str]]]:
    """Start the portal with the demo region lived until a stage; give it and the passwords by login.

    redis: one that the test means to stop.
    """
    folder = factory.mktemp("installation")
    with own_broker(redis) as broker, prepared(factory, folder, stage) as database:
        portal = Portal(folder, **database, **broker)
        try:
            portal.start()
            yield portal, passwords_of(folder)
        finally:
            portal.clean()


@contextmanager
def prepared(factory: pytest.TempPathFactory, folder: Path, stage: str) -> Iterator[dict[str, str]]:
    """Fill the folder of an installation; give the environment of its database."""
    if not os.environ.get("DATABASE_URL"):
        shutil.copytree(lived_region(factory, stage), folder, dirs_exist_ok=True)
        yield {}
        return
    with own_database() as database:
        portal = Portal(folder, **database)
        portal.manage("migrate", "--verbosity", "0")
        settle(portal, stage)
        yield database
