"""A streaming look at the XML of a workbook before its cells are read. Runs in the child process.

calamine is nine times faster than openpyxl, but silent where we must not be: it reads error cells and formulas
without a value as empty, keeps the last of repeated cells, and lays out the whole rectangle between the first and
the last cell.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from schools.intake.cells import cell_position, column_letter
from schools.intake.limits import Limits
from schools.intake.refusals import Code, ReaderRefusal

CHUNK: Final = 64 * 1024
RELATIONSHIP_ID: Final = "id"


@dataclass
class SheetScan:
    """What calamine does not tell. Cells are (row from 1, column from 0)."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    filled_rows: int = 0
    filled_cells: int = 0


def damaged(found: str) -> ReaderRefusal:
    return ReaderRefusal(
        Code.DAMAGED,
        "Файл повреждён: таблица не читается.",
        found=found,
        action="Скачайте или сохраните файл заново и загрузите ещё раз.",
    )


def parse_part(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    *,
    max_depth: int,
    text: Callable[[str], None] | None = None,
) -> None:
    """Feed one XML part to handlers; names come without their prefix. Entities, depth and bad XML are refused."""
    parser = expat.ParserCreate()
    depth = 0

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > max_depth:
            raise damaged("слишком глубокая вложенность")
        start(tag.rpartition(":")[2], attributes)

    def on_end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(tag.rpartition(":")[2])

    def refuse_doctype(*_: object) -> None:
        raise ReaderRefusal(
            Code.ENTITIES,
            "Файл не принят: в нём есть недопустимые объявления.",
            action="Скопируйте таблицу в новую книгу Excel и загрузите её.",
        )

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.StartDoctypeDeclHandler = refuse_doctype
    if text:
        parser.CharacterDataHandler = text
    feed(parser, archive, name)


def feed(parser: expat.XMLParserType, archive: zipfile.ZipFile, name: str) -> None:
    try:
        with archive.open(name) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except KeyError:
        raise damaged(f"нет части {name}") from None
    except expat.ExpatError as error:
        raise bad_xml(error) from error


def bad_xml(error: expat.ExpatError) -> ReaderRefusal:
    """Tell a wrong encoding, wrong characters and plain damage apart."""
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_BAD_CHAR_REF]:
        return ReaderRefusal(
            Code.BAD_CHARACTERS,
            "В файле есть недопустимые символы.",
            action="Скопируйте таблицу как значения в новую книгу Excel и загрузите её.",
        )
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
        return ReaderRefusal(
            Code.ENCODING,
            "Неверная кодировка или недопустимые символы в файле.",
            action="Откройте файл в Excel, сохраните как «Книга Excel (.xlsx)» и загрузите ещё раз.",
        )
    return damaged("нарушена структура листа")


def sheet_parts(archive: zipfile.ZipFile, limits: Limits) -> dict[str, str]:
    """Return name of sheet -> part of the archive, in the order of the workbook; chart sheets are left out."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relationship(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = part_name(attributes.get("Target", ""))

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            relation = next((v for k, v in attributes.items() if k.rpartition(":")[2] == RELATIONSHIP_ID), "")
            sheets.append((attributes.get("name", ""), relation))

    parse_part(archive, "xl/_rels/workbook.xml.rels", relationship, max_depth=limits.xml_depth)
    parse_part(archive, "xl/workbook.xml", sheet, max_depth=limits.xml_depth)
    if len(sheets) > limits.sheets:
        raise ReaderRefusal(
            Code.TOO_MANY_SHEETS,
            f"В книге листов: {len(sheets)}, допускается не более {limits.sheets}.",
            action="Оставьте листы с результатами и загрузите ещё раз.",
        )
    return {name: targets[relation] for name, relation in sheets if relation in targets}


def part_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


class SheetScanner:
    """Handlers of one worksheet part; counts, positions and bad cells."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.result = SheetScan()
        self.seen: set[tuple[int, int]] = set()
        self.row_elements = 0
        self.row = 0
        self.column = -1
        self.last_filled_row = 0
        self.box: tuple[int, int, int, int] | None = None
        self.kind = ""
        self.has_formula = self.has_value = False
        self.error: list[str] | None = None
        self.in_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.start_cell(attributes)
        elif tag == "row":
            self.start_row(attributes)
        elif tag in {"v", "is"}:
            self.in_value = True
        elif tag == "f":
            self.has_formula = True

    def start_row(self, attributes: dict[str, str]) -> None:
        self.row_elements += 1
        if self.row_elements > self.limits.row_elements:
            raise self.too_many_rows()
        number = attributes.get("r", "")
        self.row = int(number) if number.isdecimal() and len(number) < 9 else self.row + 1
        self.column = -1

    def start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            self.row, self.column = position(reference)
        self.kind = attributes.get("t", "")
        self.has_formula = self.has_value = False
        self.error = [] if self.kind == "e" else None

    def text(self, data: str) -> None:
        """Take the text of a value: one without any is none, LibreOffice and scripts write an empty «<v/>»."""
        if not self.in_value:
            return
        self.has_value = True
        if self.error is not None:
            self.error.append(data)

    def end(self, tag: str) -> None:
        if tag in {"v", "is"}:
            self.in_value = False
        elif tag == "c":
            self.end_cell()

    def end_cell(self) -> None:
        cell = (self.row, self.column)
        if cell in self.seen:
            raise ReaderRefusal(
                Code.REPEATED_CELL,
                f"Файл повреждён: ячейка {column_letter(cell[1])}{cell[0]} записана дважды.",
                action="Откройте файл в Excel, сохраните его и загрузите ещё раз.",
            )
        self.seen.add(cell)
        if self.error is not None:
            self.result.errors[cell] = "".join(self.error)[:20]
            self.error = None
        elif self.has_formula and not self.has_value:
            self.result.uncalculated.add(cell)
        elif not self.has_value:
            return
        self.fill(cell)

    def fill(self, cell: tuple[int, int]) -> None:
        row, column = cell
        self.result.filled_cells += 1
        if row != self.last_filled_row:
            self.last_filled_row = row
            self.result.filled_rows += 1
        if self.result.filled_rows > self.limits.rows:
            raise self.too_many_rows()
        top, bottom, left, right = self.box or (row, row, column, column)
        self.box = (min(top, row), max(bottom, row), min(left, column), max(right, column))
        top, bottom, left, right = self.box
        too_wide = column >= self.limits.columns or row > self.limits.row_elements
        if too_wide or (bottom - top + 1) * (right - left + 1) > self.limits.area:
            raise outside(cell)

    def too_many_rows(self) -> ReaderRefusal:
        limit = f"{self.limits.rows:,}".replace(",", "\u00a0")
        return ReaderRefusal(
            Code.TOO_MANY_ROWS,
            f"Строк больше {limit}.",
            action="Удалите пустые строки под таблицей или разделите файл на части.",
        )


def outside(cell: tuple[int, int]) -> ReaderRefusal:
    return ReaderRefusal(
        Code.CELL_OUTSIDE,
        f"Данные вне таблицы: ячейка {column_letter(cell[1])}{cell[0]}.",
        action="Удалите содержимое этой ячейки, сохраните книгу и загрузите ещё раз.",
    )


def position(reference: str) -> tuple[int, int]:
    """Return row from 1 and column from 0 of «B7»."""
    found = cell_position(reference)
    if found is None:
        raise damaged(f"недопустимый адрес ячейки «{reference[:20]}»")
    return found


def scan_sheet(archive: zipfile.ZipFile, part: str, limits: Limits) -> SheetScan:
    scanner = SheetScanner(limits)
    parse_part(archive, part, scanner.start, scanner.end, max_depth=limits.xml_depth, text=scanner.text)
    return scanner.result
