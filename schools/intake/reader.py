"""Reading of an uploaded workbook in a child process with little memory and little time."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final, overload

from schools.intake import gate
from schools.intake.births import answer_of_child
from schools.intake.cells import BadCell, Book, CellValue, Merge, Row, Sheet
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.packed_rows import PackedRows
from schools.intake.refusals import Code, ReaderRefusal

PATIENCE: Final = 3  # the child's own limit counts processor time; on a busy machine the clock runs faster


def read_workbook(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return the cells of an XLSX file. Raises GateRefusal or ReaderRefusal, nothing else."""
    gate.check(data, limits)
    return book_of(ask_child(data, limits))


def ask_child(data: bytes, limits: Limits) -> dict[str, Any]:
    seconds = limits.seconds * PATIENCE
    try:
        said = answer_of_child(json.dumps(asdict(limits)).encode() + b"\n" + data, seconds)
    except TimeoutError:
        raise ReaderRefusal(
            Code.TOO_SLOW,
            f"Файл не удалось прочитать за {seconds} секунд.",
            action="Скопируйте таблицу в новую книгу Excel и загрузите её.",
        ) from None
    return answer_of(said)


def answer_of(said: bytes | bytearray) -> dict[str, Any]:
    """Return what a child answered. Raises ReaderRefusal: the one that it tells, or that it died."""
    try:
        answer = json.loads(said)
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
    table = PackedRows.of_json(sheet["table"])
    return Sheet(
        name=sheet["name"],
        rows=UnpackedRows(table, [cell_of(value) for value in table.values]),
        is_hidden=sheet["hidden"],
        hidden_rows=sheet["hidden_rows"],
        hidden_columns=sheet["hidden_columns"],
        merges=tuple(Merge(*merge) for merge in sheet["merges"]),
    )


class UnpackedRows(Sequence[Row]):
    """Rows that are made each time they are asked for: fifty thousand of them would take forty megabytes."""

    def __init__(self, table: PackedRows, values: Sequence[CellValue]) -> None:
        self.table = table
        self.values = values

    def __len__(self) -> int:
        return len(self.table.numbers)

    def __iter__(self) -> Iterator[Row]:
        return (Row(number, trimmed(cells)) for number, cells in self.table.rows(self.values))

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(place, slice):
            return tuple(self[one] for one in range(len(self))[place])
        number, cells = self.table.row(range(len(self))[place], self.values)
        return Row(number, trimmed(cells))


def trimmed(cells: tuple[CellValue, ...]) -> tuple[CellValue, ...]:
    """Return a row without the empty cells at its end."""
    length = len(cells)
    while length and cells[length - 1] is None:
        length -= 1
    return cells[:length]


def cell_of(cell: Any) -> CellValue:
    if not isinstance(cell, dict):
        return cell  # type: ignore[no-any-return]  # JSON gives str, int, float, bool or None
    if "bad" in cell:
        return BadCell(cell["bad"], cell["why"])
    if "date" in cell:
        return date.fromisoformat(cell["date"])
    return datetime.fromisoformat(cell["moment"])
