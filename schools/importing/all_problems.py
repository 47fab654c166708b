"""Remarks beyond those that a row of a file keeps: all of them are in the storage."""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any, Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from schools import bulk
from schools.intake.rows import Problem
from schools.models import ImportFile

PROBLEMS_KEPT: Final = 1_000  # by the row: ten thousand weigh six megabytes, which a database holds several times
PROBLEMS_SHOWN: Final = 10_000  # of a file on pages and in answers of the API
PORTION: Final = 500  # remarks in one line of the storage
FOLDER: Final = "imports/remarks"


def path_of(file: ImportFile) -> str:
    return f"{FOLDER}/{file.pk}.json.gz"


def kept_problems(file: ImportFile, problems: Sequence[Problem]) -> list[dict[str, str | int]]:
    """Return the first remarks on a file for its row; where they are more, all go into the storage after the commit.

    How many they were before stands in `file.meta["remarks"]`.
    """
    if len(problems) > PROBLEMS_KEPT or file.meta.get("remarks", 0) > PROBLEMS_KEPT:
        packed = compressed(problems) if len(problems) > PROBLEMS_KEPT else b""
        transaction.on_commit(lambda: replace(path_of(file), packed), robust=True)
    return [problem.as_json() for problem in problems[:PROBLEMS_KEPT]]


def compressed(problems: Iterable[Problem]) -> bytes:
    """Return remarks as JSON in gzip, a list in every line: all at once they would take tens of megabytes."""
    packed = BytesIO()
    with gzip.open(packed, "wt", compresslevel=1, encoding="utf-8") as text:
        for portion in bulk.chunks(problems, PORTION):
            text.write(f"{bulk.packed([problem.as_json() for problem in portion])}\n")
    return packed.getvalue()


def replace(path: str, data: bytes) -> None:
    default_storage.delete(path)
    if data:
        default_storage.save(path, ContentFile(data))


def problems_of_file(file: ImportFile) -> Iterator[dict[str, Any]]:
    """Yield all remarks on a file; those of its row alone when the storage has none or has lost them.

    What earlier versions stored is one line.
    """
    stored = stored_remarks(file) if len(file.problems) >= PROBLEMS_KEPT else None
    if stored is None:
        yield from file.problems
        return
    with stored, gzip.open(stored, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from json.loads(line)


def stored_remarks(file: ImportFile) -> "File[bytes] | None":
    try:
        return default_storage.open(path_of(file), "rb")
    except FileNotFoundError:
        return None


def shown_problems(file: ImportFile) -> list[dict[str, Any]]:
    """Return the remarks on a file that a page shows: the first ones, errors before warnings."""
    return list(islice(problems_of_file(file), PROBLEMS_SHOWN))
