"""A whole installation for the main path: web, worker and scheduler on data of their own, on the engines of the run."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.jobs.live import ROOT, Portal, Redis


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """Give the environment of a new database where the suite runs on PostgreSQL; nothing where it does not."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
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
    folder: Path,
    stage: str,
    redis: Redis | None = None,
) -> Iterator[tuple[Portal, dict[str, str]]]:
    """Start the portal with the demo region lived until a stage; give it and the passwords by login.

    redis: one that the test means to stop.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with own_database() as database, own_broker(redis) as broker:
        portal = Portal(folder, **database, **broker)
        manage(portal, "migrate", "--verbosity", "0")
        seeded: dict[str, Any] = json.loads(manage(portal, "seed", "--stage", stage, "--json"))
        try:
            portal.start()
            yield portal, {user["login"]: user["password"] for user in seeded["users"]}
        finally:
            portal.clean()


def manage(portal: Portal, *arguments: str) -> str:
    """Run a management command against the installation and return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=portal.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
