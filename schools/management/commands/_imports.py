"""What the import commands share: reading of folders, plain and JSON answers, refusals with exit code 1."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import ActionRefused
from schools.importing.files import GivenFile
from schools.intake.limits import MEBIBYTE, Limits
from schools.intake.refusals import Refusal

SUFFIXES: Final = frozenset({".xlsx", ".csv", ".zip", ".xls", ".xlsm"})
# Operators load whole regions: files are trusted more than uploads of people.
OPERATOR_LIMITS: Final = Limits(file_bytes=200 * MEBIBYTE, archive_bytes=500 * MEBIBYTE, csv_rows=5_000_000)


class ImportCommand(BaseCommand):
    """A command that answers with one JSON object on demand and refuses in Russian."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            answer = self.run_import(options)
        except (ActionRefused, Refusal) as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        self.tell(answer, as_json=options["json"])
        if reason := answer.get("refused"):
            raise CommandError(str(reason), returncode=1)

    def run_import(self, options: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def tell(self, answer: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(
            f"Загрузка {answer['batch']}: новых {answer['created']}, изменено {answer['changed']}, "
            f"без изменений {answer['same']}, не принято {answer['rejected']}",
        )
        for problem in answer.get("problems", [])[:200]:
            self.stdout.write(f"  {problem['text']}")


def given_files(paths: Iterable[str]) -> tuple[list[GivenFile], dict[str, str]]:
    """Return the files of paths and folders, and name -> path. Raises CommandError for a path that is not there."""
    found: list[Path] = []
    for text in paths:
        path = Path(text)
        if not path.exists():
            raise CommandError(f"Файл или папка не найдены: {text}", returncode=1)
        found += sorted(inside for inside in path.rglob("*") if is_wanted(inside)) if path.is_dir() else [path]
    names = unique_names(found)
    return [GivenFile(name=name, data=path.read_bytes()) for name, path in names.items()], {
        name: str(path) for name, path in names.items()
    }


def is_wanted(path: Path) -> bool:
    return path.is_file() and path.suffix.casefold() in SUFFIXES and not path.name.startswith(("~$", "."))


def unique_names(paths: list[Path]) -> dict[str, Path]:
    """Return a short name for each path; files of one name in different folders get the folder before it."""
    names: dict[str, Path] = {}
    for path in paths:
        name = path.name
        for folder in path.parents:
            if name not in names:
                break
            name = f"{folder.name} {name}"
        names[name] = path
    return names
