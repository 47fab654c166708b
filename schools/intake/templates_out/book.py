"""What all templates share: header, lists, number checks, protection, instruction, hidden sheet."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from schools.intake.headers import Column
from schools.intake.safe_cells import put
from schools.intake.template_meta import TemplateMeta, write_meta

Shown = str | float | date | None
Line = Mapping[str, Shown]  # key of a column -> what stands in it
LISTS_SHEET: Final = "Справочники"
HELP_SHEET: Final = "Инструкция"
ROWS_TO_FILL: Final = 2000
HEADER_FILL: Final = PatternFill("solid", fgColor="E6EEF8")
FIXED_FILL: Final = PatternFill("solid", fgColor="F1F3F5")
THIN: Final = Side(style="thin", color="B8C0CA")
BOX: Final = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WRAP: Final = Alignment(wrap_text=True, vertical="top")
TEXT_FORMAT: Final = "@"
DATE_FORMAT: Final = "dd.mm.yyyy"
FIRST_DAY: Final = "36526"  # 01.01.2000 as spreadsheets count days
LEAVE_EMPTY: Final = "Если данных нет, оставьте ячейку пустой."
TEXT_COLUMNS: Final = frozenset({"inn", "ogrn", "gia_code", "login", "municipality_code"})
NARROW: Final = 14
LINE_HEIGHT: Final = 15  # points
HEADER_HEIGHT: Final = 3 * LINE_HEIGHT
WIDTHS: Final = {
    "name": 46,
    "note": 34,
    "municipality": 40,
    "procedure": 18,
    "subject": 26,
    "kind": 30,
    "topic": 50,
    "place": 28,
    "organiser": 28,
    "schools": 40,
    "materials_url": 30,
    "measures": 26,
    "result": 40,
}
UNLOCKED: Final = Protection(locked=False)
ALLOWED: Final = ("formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter")


def first_sheet(title: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    return book, sheet


def open_table(sheet: Worksheet, columns: Sequence[Column], lines: Iterable[Line]) -> None:
    """Write a table that grows downwards: the titles are locked, everything under them is free."""
    for index, column in enumerate(columns, start=1):
        write_title(put(sheet, 1, index, column.title))
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = WIDTHS.get(column.key, NARROW)
        dimension.protection = UNLOCKED
        if column.key in TEXT_COLUMNS:
            dimension.number_format = TEXT_FORMAT
    for number, line in enumerate(lines, start=2):
        fill_row(sheet, number, columns, line)
    sheet.row_dimensions[1].height = HEADER_HEIGHT
    sheet.freeze_panes = "A2"
    protect(sheet)


def write_title(cell: Cell) -> None:
    cell.font, cell.fill, cell.border = Font(bold=True), HEADER_FILL, BOX
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def lines_high(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: programs do not measure rows that a file gives no height for."""
    return max(1, -(-len(text) // max(1, int(width))))


def protect(sheet: Worksheet) -> None:
    sheet.protection.sheet = True
    for allowed in ALLOWED:
        setattr(sheet.protection, allowed, False)  # False means «not forbidden»


def fill_row(sheet: Worksheet, number: int, columns: Sequence[Column], values: Line) -> None:
    for index, column in enumerate(columns, start=1):
        value = values.get(column.key)
        if value is None or value == "":
            continue
        cell = put_value(sheet, number, index, value)
        cell.protection = UNLOCKED
        if column.key in TEXT_COLUMNS:
            cell.number_format = TEXT_FORMAT


def put_value(sheet: Worksheet, row: int, column: int, value: Shown) -> Cell:
    if isinstance(value, date):
        cell = put(sheet, row, column, None)
        cell.value, cell.number_format = value, DATE_FORMAT
        return cell
    return put(sheet, row, column, value)


def add_lists(book: Workbook, sheet: Worksheet, columns: Sequence[Column], lists: Mapping[str, list[str]]) -> None:
    """Write the dictionaries on their sheet and offer them in the cells."""
    source = book.create_sheet(LISTS_SHEET)
    positions = {column.key: index for index, column in enumerate(columns, start=1)}
    for index, (key, values) in enumerate(lists.items(), start=1):
        letter = get_column_letter(index)
        put(source, 1, index, columns[positions[key] - 1].title).font = Font(bold=True)
        for row, value in enumerate(values, start=2):
            put(source, row, index, value)
        source.column_dimensions[letter].width = 36
        choice = DataValidation(type="list", formula1=f"{LISTS_SHEET}!${letter}$2:${letter}${len(values) + 1}")
        choice.error = f"Выберите значение из списка на листе «{LISTS_SHEET}»."
        choice.showErrorMessage = True
        choice.add(cells_under(positions[key]))
        sheet.add_data_validation(choice)
    source.protection.sheet = True


def add_whole_numbers(sheet: Worksheet, columns: Sequence[Column], keys: frozenset[str]) -> None:
    """Let columns take whole numbers alone; only of those that may stay empty it is said."""
    for is_required, advice in ((True, ""), (False, f" {LEAVE_EMPTY}")):
        rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        rule.error = f"Введите целое число.{advice}"
        rule.showErrorMessage = True
        for index, column in enumerate(columns, start=1):
            if column.key in keys and column.is_required == is_required:
                rule.add(cells_under(index))
        if rule.sqref:
            sheet.add_data_validation(rule)


def add_dates(sheet: Worksheet, columns: Sequence[Column], keys: frozenset[str]) -> None:
    rule = DataValidation(type="date", operator="greaterThan", formula1=FIRST_DAY, allow_blank=True)
    rule.error = "Введите дату, например 20.04.2026."
    rule.showErrorMessage = True
    for index, column in enumerate(columns, start=1):
        if column.key in keys:
            rule.add(cells_under(index))
            sheet.column_dimensions[get_column_letter(index)].number_format = DATE_FORMAT
    sheet.add_data_validation(rule)


def cells_under(column: int) -> str:
    letter = get_column_letter(column)
    return f"{letter}2:{letter}{ROWS_TO_FILL}"


def set_page(sheet: Worksheet, header_row: int) -> None:
    """Print on the breadth of a page, the header on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{header_row}:{header_row}"


def finish(book: Workbook, help_lines: Sequence[str], meta: TemplateMeta) -> bytes:
    """Add the instruction and the hidden sheet, and return the bytes."""
    page = book.create_sheet(HELP_SHEET)
    page.column_dimensions["A"].width = 110
    for row, line in enumerate(help_lines, start=1):
        cell = put(page, row, 1, line)
        cell.alignment = WRAP
        cell.font = Font(bold=row == 1)
    page.protection.sheet = True
    write_meta(book, meta)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
