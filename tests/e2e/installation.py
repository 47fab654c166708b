"""A whole installation for the main path: web, worker and scheduler on data of their own, on the engines of the run."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import make_template, on_server, own_database, template_of
from tests.jobs.live import Portal, Redis, copy_migrated, migrated
from tests.shared import shared_folder

SIGN_INS = "sign_ins.json"


def lived_region(factory: pytest.TempPathFactory, stage: str) -> Path:
    """Return the folder of an installation whose region lived until a stage; made once for all.

    On a server its database is the template of the folder.
    """

    def make(folder: Path) -> None:
        if on_server():
            settle(Portal(folder, **make_template(folder, template_of(migrated(factory)))), stage)
        else:
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
    region = lived_region(factory, stage)
    shutil.copytree(region, folder, dirs_exist_ok=True)
    if not on_server():
        yield {}
        return
    with own_database(template_of(region)) as database:
        yield database
