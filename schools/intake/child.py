"""The process that reads a workbook: `python -m schools.intake.child` with the limits as JSON and the bytes on stdin.

It has little memory and little time, so whatever a hostile file does, it does to this process only. One JSON document
goes to stdout: {"sheets": […], "notices": […]} or {"refusal": {…}}.
"""

import io
import json
import math
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from schools.intake.cleaning import clean_text
from schools.intake.limits import Limits
from schools.intake.refusals import Code, ReaderRefusal
from schools.intake.scan import SheetScan, damaged, scan_sheet, sheet_parts

UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def limit_resources(limits: Limits) -> None:
    """Bound memory, CPU seconds, written bytes and core dumps of this process, where the system knows how."""
    try:
        import resource  # noqa: PLC0415  absent on Windows
    except ImportError:
        return
    bounds = (
        (resource.RLIMIT_AS, limits.child_memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    )
    for kind, bound in bounds:
        try:
            resource.setrlimit(kind, (bound, bound))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS
            continue


def read_book(data: bytes, limits: Limits) -> dict[str, Any]:
    """Return the sheets of a workbook as JSON values. Raises ReaderRefusal, or anything at all on a hostile file."""
    data = in_utf8(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if broken := archive.testzip():
            raise damaged(f"часть {broken}")
        parts = sheet_parts(archive, limits)
        scans = {name: scan_sheet(archive, part, limits) for name, part in parts.items()}
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        hidden = {m.name for m in book.sheets_metadata if m.visible != SheetVisibleEnum.Visible}
        sheets = [
            read_sheet(book.get_sheet_by_name(name), scan, limits, is_hidden=name in hidden)
            for name, scan in scans.items()
        ]
    return {"sheets": sheets}


def in_utf8(data: bytes) -> bytes:
    """Return the archive with its UTF-16 parts rewritten: calamine reads them as empty."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {member.filename: archive.read(member) for member in archive.infolist()}
    if not any(part.startswith(UTF16_MARKS) for part in parts.values()):
        return data
    rewritten = io.BytesIO()
    with zipfile.ZipFile(rewritten, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, utf8_part(part))
    return rewritten.getvalue()


def utf8_part(part: bytes) -> bytes:
    if not part.startswith(UTF16_MARKS):
        return part
    text = part.decode("utf-16")
    return text.replace('encoding="UTF-16"', 'encoding="UTF-8"', 1).replace("utf-16", "utf-8", 1).encode()


def read_sheet(sheet: CalamineSheet, scan: SheetScan, limits: Limits, *, is_hidden: bool) -> dict[str, Any]:
    rows = list(sheet_rows(sheet, scan, limits))
    bad_cells = len(scan.errors) + len(scan.uncalculated)
    if scan.filled_cells > bad_cells and not rows:
        raise damaged("ячейки листа не читаются")
    merges = [[first[0] + 1, last[0] + 1, first[1] + 1, last[1] + 1] for first, last in sheet.merged_cell_ranges or ()]
    return {"name": clean_text(sheet.name), "hidden": is_hidden, "rows": rows, "merges": merges}


def sheet_rows(sheet: CalamineSheet, scan: SheetScan, limits: Limits) -> Iterable[list[Any]]:
    """Yield [number, cells] of the rows that hold something."""
    marked = mark_cells(scan)
    read: dict[int, list[Any]] = {}
    left = sheet.start[1] if sheet.start else 0
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [None] * left + [json_cell(value, limits) for value in values[: limits.columns]]
        read[number] = cells
    for (row, column), mark in marked.items():
        cells = read.setdefault(row, [])
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = mark
    for number in sorted(read):
        if cells := trimmed(read[number]):
            yield [number, cells]


def mark_cells(scan: SheetScan) -> dict[tuple[int, int], dict[str, str]]:
    errors = {cell: {"bad": text, "why": f"ошибка формулы {text}"} for cell, text in scan.errors.items()}
    why = "формула без вычисленного значения: откройте файл в Excel и сохраните"
    return errors | {cell: {"bad": "формула", "why": why} for cell in scan.uncalculated}


def trimmed(cells: list[Any]) -> list[Any]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def json_cell(value: object, limits: Limits) -> Any:
    """Return one cell for JSON: clean texts, whole numbers as int, {"date": …}, hopeless ones as {"bad": …}."""
    if isinstance(value, str):
        return json_text(value, limits)
    if isinstance(value, float):
        return json_number(value)
    if isinstance(value, date):
        return json_date(value)
    return str(value) if isinstance(value, time | timedelta) else value


def json_date(value: date) -> dict[str, str]:
    if isinstance(value, datetime) and value.time() != time():
        return {"moment": value.isoformat()}
    return {"date": f"{value:%Y-%m-%d}"}


def json_text(value: str, limits: Limits) -> Any:
    if len(value) > limits.text_chars:
        limit = f"{limits.text_chars:,}".replace(",", "\u00a0")
        return {"bad": f"{value[:40]}…", "why": f"текст длиннее {limit} символов"}
    return clean_text(value) or None


def json_number(value: float) -> Any:
    if not math.isfinite(value):
        raise damaged("недопустимое число")
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def answer(data: bytes, limits: Limits) -> dict[str, Any]:
    try:
        return read_book(data, limits)
    except ReaderRefusal as refusal:
        return {"refusal": asdict(refusal)}
    except MemoryError:
        return {"refusal": asdict(too_much())}
    except Exception as error:  # noqa: BLE001  any failure of a parser is a damaged file
        return {"refusal": asdict(damaged("")), "detail": repr(error)[:300]}


def too_much() -> ReaderRefusal:
    return ReaderRefusal(
        Code.TOO_BIG_UNPACKED,
        "Файл не прочитан: данных в нём слишком много.",
        action="Скопируйте таблицу в новую книгу Excel и загрузите её.",
    )


def main() -> None:
    limits = Limits(**json.loads(sys.stdin.buffer.readline()))
    limit_resources(limits)
    json.dump(answer(sys.stdin.buffer.read(), limits), sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
