"""Reading of an uploaded workbook in a child process with little memory and little time."""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from schools.intake import gate
from schools.intake.cells import BadCell, Book, CellValue, Merge, Row, Sheet
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.refusals import Code, ReaderRefusal

PROJECT: Final = Path(__file__).resolve().parents[2]
GRACE_SECONDS: Final = 1  # the child's own CPU limit strikes first


def read_workbook(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return the cells of an XLSX file. Raises GateRefusal or ReaderRefusal, nothing else."""
    gate.check(data, limits)
    return book_of(ask_child(data, limits))


def ask_child(data: bytes, limits: Limits) -> dict[str, Any]:
    order = json.dumps(asdict(limits)).encode() + b"\n" + data
    command = [sys.executable, "-s", "-m", "schools.intake.child"]
    try:
        done = subprocess.run(  # noqa: S603  our own module, no shell, nothing of the user in the command
            command,
            input=order,
            capture_output=True,
            cwd=PROJECT,
            env={"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
            timeout=limits.seconds + GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReaderRefusal(
            Code.TOO_SLOW,
            f"Файл не удалось прочитать за {limits.seconds} секунд.",
            action="Скопируйте таблицу в новую книгу Excel и загрузите её.",
        ) from None
    return answer_of(done)


def answer_of(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    try:
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
    except ValueError:
        answer = {}
    if not isinstance(answer, dict) or not answer:
        raise ReaderRefusal(
            Code.NOT_READ,
            "Файл не удалось прочитать.",
            action="Скопируйте таблицу в новую книгу Excel и загрузите её. Если не помогло, сообщите код обращения.",
        )
    if refusal := answer.get("refusal"):
        raise ReaderRefusal(**{**refusal, "code": Code(refusal["code"])})
    return answer


def book_of(answer: dict[str, Any]) -> Book:
    sheets = tuple(sheet_of(sheet) for sheet in answer["sheets"])
    if not any(sheet.rows for sheet in sheets):
        raise ReaderRefusal(
            Code.NO_DATA,
            "В книге нет заполненных листов с таблицами.",
            action="Проверьте, тот ли файл выбран.",
        )
    return Book(sheets)


def sheet_of(sheet: dict[str, Any]) -> Sheet:
    return Sheet(
        name=sheet["name"],
        rows=tuple(Row(number, tuple(cell_of(cell) for cell in cells)) for number, cells in sheet["rows"]),
        is_hidden=sheet["hidden"],
        merges=tuple(Merge(*merge) for merge in sheet["merges"]),
    )


def cell_of(cell: Any) -> CellValue:
    if not isinstance(cell, dict):
        return cell  # type: ignore[no-any-return]  # JSON gives str, int, float, bool or None
    if "bad" in cell:
        return BadCell(cell["bad"], cell["why"])
    if "date" in cell:
        return date.fromisoformat(cell["date"])
    return datetime.fromisoformat(cell["moment"])
