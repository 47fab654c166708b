"""Remarks beyond those that a row of a file keeps: in the storage, for the workbook that marks them all."""

import gzip
import json
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from schools.intake.rows import Problem
from schools.models import ImportFile

PROBLEMS_KEPT: Final = 10_000
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
    """Return a list of remarks as JSON in gzip, made one by one: all at once they would take tens of megabytes."""
    packed = BytesIO()
    with gzip.open(packed, "wt", compresslevel=1, encoding="utf-8") as text:
        for number, problem in enumerate(problems):
            text.write(", " if number else "[")
            text.write(json.dumps(problem.as_json(), ensure_ascii=False))
        text.write("]")
    return packed.getvalue()


def replace(path: str, data: bytes) -> None:
    default_storage.delete(path)
    if data:
        default_storage.save(path, ContentFile(data))


def problems_of_file(file: ImportFile) -> list[dict[str, Any]]:
    """Return all remarks on a file; those of its row alone when the storage has lost the others."""
    if len(file.problems) < PROBLEMS_KEPT:
        return list(file.problems)
    try:
        with default_storage.open(path_of(file), "rb") as stored:
            found: list[dict[str, Any]] = json.loads(gzip.decompress(stored.read()))
    except FileNotFoundError:
        return list(file.problems)
    return found
