"""Databases on the server of the run: filled once as templates, copied in a moment wherever they are needed."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

TEMPLATE: Final = "template"  # the file of a shared folder that names the database which belongs to it
SHARED: Final = "shared"


def on_server() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def environment_of(name: str) -> dict[str, str]:
    """Return what tells an installation to use a database of the server."""
    return {"DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))}


def name_with(ending: str) -> str:
    """Return a name beside that of the database of the run."""
    return f"{urlsplit(os.environ['DATABASE_URL']).path.strip('/')}_{ending}"


def execute(statement: str, *names: str) -> None:
    """Run a statement with names of databases in it."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(SQL(statement).format(*map(Identifier, names)))


def make_template(folder: Path, template: str = "template0") -> dict[str, str]:
    """Make a database for a shared folder; return the environment of those who fill it."""
    name = name_with(f"{SHARED}_{uuid.uuid4().hex[:8]}")
    execute("CREATE DATABASE {} TEMPLATE {}", name, template)
    (folder / TEMPLATE).write_text(name, encoding="utf-8")
    return environment_of(name)


def template_of(folder: Path) -> str:
    """Return the name of the database that belongs to a shared folder."""
    return (folder / TEMPLATE).read_text(encoding="utf-8")


@contextmanager
def own_database(template: str) -> Iterator[dict[str, str]]:
    """Give the environment of a new copy of a template."""
    name = name_with(uuid.uuid4().hex[:8])
    execute("CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield environment_of(name)
    finally:
        execute("DROP DATABASE {} WITH (FORCE)", name)


def drop_templates() -> None:
    """Drop what `make_template` has made in this run."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name_with(f"{SHARED}_")]
        )
        names = [name for (name,) in found]
    for name in names:
        execute("DROP DATABASE {} WITH (FORCE)", name)
