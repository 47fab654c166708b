"""The demo region as a world for tests: built once for a run, put back from its rows wherever it is needed."""

import pickle
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings

from config.demo.build import build_demo
from config.demo.stages import Stage
from tests.shared import shared_folder

TODAY: Final = date(2026, 11, 22)
FILES, ROWS = "files", "rows.pickle"


@contextmanager
def demo_region(blocker: Any, factory: pytest.TempPathFactory, folder: Path) -> Iterator[None]:
    """Put the region into a transaction that is rolled back at the end.

    blocker: the fixture `django_db_blocker`; folder: for uploads.
    """
    with blocker.unblock(), files_in(folder), transaction.atomic():
        put_region(factory, folder)
        yield
        transaction.set_rollback(True)


@contextmanager
def files_in(folder: Path) -> Iterator[None]:
    """Keep uploads and reports in a folder."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    with override_settings(STORAGES={**storages.backends, "default": storage}):
        yield


def put_region(factory: pytest.TempPathFactory, folder: Path) -> None:
    """Fill an empty database with the region as it stands in autumn, and a folder with its files."""
    made = shared_folder(factory, "demo", build_region)
    with transaction.atomic():
        for table in pickle.loads((made / ROWS).read_bytes()):
            table.insert()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
                cursor.execute(statement)
    shutil.copytree(made / FILES, folder, dirs_exist_ok=True)


def build_region(folder: Path) -> None:
    """Build the region through its actions, keep what came of it in a folder, and leave the database as it was."""
    with files_in(folder / FILES), transaction.atomic():
        before = {table.name for table in filled_tables()}
        build_demo(stage=Stage.MONITORED, seed=1, today=TODAY)
        made = [table for table in filled_tables() if table.name not in before]
        transaction.set_rollback(True)
    (folder / ROWS).write_bytes(pickle.dumps(made))


@dataclass(frozen=True)
class Table:
    """The rows of a table as the engine gives them."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def insert(self) -> None:
        quote = connection.ops.quote_name
        columns = ", ".join(quote(column) for column in self.columns)
        places = ", ".join(["%s"] * len(self.columns))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {quote(self.name)} ({columns}) VALUES ({places})", self.rows)


def filled_tables() -> list[Table]:
    """Return every table of the models that has rows; migrations fill those of permissions and content types."""
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}  # noqa: SLF001
    return [table for name in sorted(names) if (table := read(name)).rows]


def read(name: str) -> Table:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
        return Table(name, [column[0] for column in cursor.description], cursor.fetchall())
