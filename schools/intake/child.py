"""The process that reads a workbook: `python -m schools.intake.child` with the limits as JSON and the bytes on stdin.

It has little memory and little time, so whatever a hostile file does, it does to this process only. One JSON document
goes to stdout: {"sheets": […], "notices": […]} or {"refusal": {…}}.
"""

import io
import json
import math
import sys
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any, Final

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from schools.intake.cleaning import clean_text
from schools.intake.hidden_lines import HiddenLines, hidden_lines
from schools.intake.limits import Limits
from schools.intake.packed_rows import EMPTY, LONG, pack
from schools.intake.percent_cells import PercentCells, as_shown, percent_cells, percent_styles
from schools.intake.quick_scan import quick_scan
from schools.intake.refusals import Code, ReaderRefusal
from schools.intake.scan import CHUNK, SheetScan, damaged, scan_sheet, sheet_parts

PORTION: Final = 1_000  # rows whose cells are understood at once
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
        parts = sheet_parts(archive, limits)
        check_sums(archive, set(parts.values()))
        scans = {name: scan_of(archive, part, limits) for name, part in parts.items()}
        styles = percent_styles(archive, limits)
        percents = {name: percent_cells(archive, part, styles, limits) for name, part in parts.items()}
        unseen = {name: hidden_lines(archive, part, limits) for name, part in parts.items()}
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        hidden = {m.name for m in book.sheets_metadata if m.visible != SheetVisibleEnum.Visible}
        sheets = [
            read_sheet(book.get_sheet_by_name(name), scan, percents[name], unseen[name], limits)
            | {"hidden": name in hidden}
            for name, scan in scans.items()
        ]
    return {"sheets": sheets}


def scan_of(archive: zipfile.ZipFile, part: str, limits: Limits) -> SheetScan:
    """Return what calamine does not tell of a sheet: by whole rows where it is written plainly, else by every tag."""
    return quick_scan(archive, part, limits) or scan_sheet(archive, part, limits)


def check_sums(archive: zipfile.ZipFile, scanned: set[str]) -> None:
    """Read the parts that are not scanned to their end, which compares their check sums."""
    for member in archive.infolist():
        if member.filename not in scanned:
            with archive.open(member) as part:
                while part.read(CHUNK):
                    pass


def in_utf8(data: bytes) -> bytes:
    """Return the archive with its UTF-16 parts rewritten: calamine reads them as empty."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if not any(is_utf16(archive, member) for member in archive.infolist()):
            return data
        parts = {member.filename: archive.read(member) for member in archive.infolist()}
    rewritten = io.BytesIO()
    with zipfile.ZipFile(rewritten, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, utf8_part(part))
    return rewritten.getvalue()


def is_utf16(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with archive.open(member) as part:
        return part.read(2) in UTF16_MARKS


def utf8_part(part: bytes) -> bytes:
    if not part.startswith(UTF16_MARKS):
        return part
    text = part.decode("utf-16")
    return text.replace('encoding="UTF-16"', 'encoding="UTF-8"', 1).replace("utf-16", "utf-8", 1).encode()


def read_sheet(
    sheet: CalamineSheet,
    scan: SheetScan,
    percents: PercentCells,
    unseen: HiddenLines,
    limits: Limits,
) -> dict[str, Any]:
    cells = Cells(limits)
    rows = sheet_rows(sheet, scan, cells)
    show_percents(rows, percents, cells)
    bad_cells = len(scan.errors) + len(scan.uncalculated)
    if scan.filled_cells > bad_cells and not rows:
        raise damaged("ячейки листа не читаются")
    merges = [[first[0] + 1, last[0] + 1, first[1] + 1, last[1] + 1] for first, last in sheet.merged_cell_ranges or ()]
    table = pack(rows, cells.values_by_code)
    return {
        "name": clean_text(sheet.name),
        "hidden_rows": len(unseen.rows & rows.keys()),
        "hidden_columns": sum(column < table.width for column in unseen.columns),
        "merges": merges,
        "table": table.as_json(),
    }


class Cells(dict[object, int]):
    """Cell as calamine gives it -> code of its value. A sheet repeats itself: each value is made and sent once."""

    def __init__(self, limits: Limits) -> None:
        super().__init__({"": EMPTY, None: EMPTY})
        self.limits = limits
        self.values_by_code: list[Any] = [None]

    def __missing__(self, cell: object) -> int:
        value = json_cell(cell.is_true if isinstance(cell, Truth) else cell, self.limits)
        code = self[cell] = EMPTY if value is None else self.code_of(value)
        return code

    def code_of(self, value: Any) -> int:
        self.values_by_code.append(value)
        return len(self.values_by_code) - 1

    def codes_of(self, rows: Sequence[Sequence[object]]) -> Iterator["array[int]"]:
        """Yield the codes of each of some rows of one length. Yes and no are told from 1 and 0, their equals."""
        width = min(len(rows[0]), self.limits.columns)
        cells = list(chain.from_iterable(row[:width] for row in rows))
        if bool in set(map(type, cells)):
            cells = [Truth(is_true=cell) if isinstance(cell, bool) else cell for cell in cells]
        codes = array(LONG, map(self.__getitem__, cells))
        yield from (codes[start : start + width] for start in range(0, len(codes), width or 1))


@dataclass(frozen=True)
class Truth:
    is_true: bool


def sheet_rows(sheet: CalamineSheet, scan: SheetScan, cells: Cells) -> dict[int, "array[int]"]:
    """Return number -> codes of the cells, for the rows that hold something."""
    left = array(LONG, [EMPTY] * (sheet.start[1] if sheet.start else 0))
    rest = sheet.iter_rows()
    portions = iter(lambda: list(islice(rest, PORTION)), [])
    numbered = enumerate(chain.from_iterable(map(cells.codes_of, portions)), start=1)
    rows = {number: left + codes for number, codes in numbered if any(codes)}
    for (row, column), value in bad_cells_of(scan).items():
        codes = rows.setdefault(row, array(LONG))
        codes.extend([EMPTY] * (column + 1 - len(codes)))
        codes[column] = cells.code_of(value)
    return rows


def show_percents(rows: dict[int, "array[int]"], percents: PercentCells, cells: Cells) -> None:
    """Replace the numbers of cells that show per cents by what a person sees there."""
    shown: dict[int, int] = {}  # code of a number -> code of its text
    for row, column in percents:
        codes = rows.get(row)
        if codes is None or column >= len(codes):
            continue
        value = cells.values_by_code[codes[column]]
        if isinstance(value, int | float) and not isinstance(value, bool):
            code = codes[column]
            codes[column] = shown[code] if code in shown else shown.setdefault(code, cells.code_of(as_shown(value)))


def bad_cells_of(scan: SheetScan) -> dict[tuple[int, int], dict[str, str]]:
    errors = {cell: {"bad": text, "why": f"ошибка формулы {text}"} for cell, text in scan.errors.items()}
    why = "формула без вычисленного значения: откройте файл в Excel и сохраните"
    return errors | {cell: {"bad": "формула", "why": why} for cell in scan.uncalculated}


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
    """Read one order to its end, then answer it: a host that still sends never has to listen."""
    limits = Limits(**json.loads(sys.stdin.buffer.readline()))
    limit_resources(limits)
    json.dump(answer(sys.stdin.buffer.read(), limits), sys.stdout, ensure_ascii=True)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
