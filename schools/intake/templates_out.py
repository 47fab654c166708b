"""The portal's own templates as workbooks: results with the schools filled in, and the registry of schools."""

import io
from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schools.intake.headers import Column
from schools.intake.layouts import portal_results, portal_schools
from schools.intake.rows import SchoolRef
from schools.intake.safe_cells import put
from schools.intake.subjects import SUBJECTS
from schools.intake.vocabulary import LEVEL_NAMES, PERIOD_NAMES, PROCEDURE_NAMES

LISTS_SHEET: Final = "Справочники"
HELP_SHEET: Final = "Инструкция"
ROWS_TO_FILL: Final = 2000
HEADER_FILL: Final = PatternFill("solid", fgColor="E6EEF8")
TEXT_FORMAT: Final = "@"
TEXT_COLUMNS: Final = frozenset({"inn", "ogrn", "gia_code", "login", "municipality_code"})
WIDTHS: Final = {"name": 46, "note": 34, "municipality": 40, "procedure": 18, "subject": 26}
RESULTS_HELP: Final = (
    "Как заполнить шаблон результатов",
    "Одна строка — одна школа и одна работа. Школы уже внесены; строки, которые не нужны, оставьте пустыми.",
    "Если школа писала несколько работ, скопируйте её строку.",
    "Процедуру, период, предмет и уровень выберите из списка в ячейке.",
    "Участников — сколько человек писали работу.",
    "«2», «3», «4», «5» — сколько человек получили отметку, не проценты. Их сумма равна числу участников.",
    "Если отметок нет (ЕГЭ), заполните «Ниже минимума», «Средний балл» и «Макс. балл».",
    "Понизили, подтвердили, повысили — сравнение с отметками в журнале. Заполняются все три или ни одной.",
    "Пустая ячейка значит «нет данных», 0 — «таких нет».",
    "Фамилии и коды учеников в файл не вносите.",
)
REGISTRY_HELP: Final = (
    "Как заполнить реестр школ",
    "Одна строка — одна школа. ИНН проверяется по контрольной цифре, по нему школа узнаётся при следующей загрузке.",
    "Код муниципалитета — как в федеральной системе, например reg24_m031. Нового муниципалитета заводить не надо.",
    "Вид и населённый пункт выберите из списка в ячейке.",
)


def results_template(schools: Sequence[SchoolRef]) -> bytes:
    """Return the template of results; schools come one in a row."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = portal_results.SHEET
    columns = portal_results.COLUMNS
    write_header(sheet, columns)
    for number, school in enumerate(schools, start=2):
        known = {"inn": school.inn, "gia_code": school.gia_code, "name": school.name, "login": school.login}
        fill_row(sheet, number, columns, known)
    lists = {
        "procedure": list(PROCEDURE_NAMES.values()),
        "period": list(PERIOD_NAMES.values()),
        "subject": [subject.name for subject in SUBJECTS],
        "level": list(LEVEL_NAMES.values()),
    }
    add_lists(book, sheet, columns, lists)
    add_whole_numbers(sheet, columns)
    return finish(book, RESULTS_HELP)


def registry_template() -> bytes:
    """Return the empty template of the registry of schools."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = portal_schools.SHEET
    columns = portal_schools.COLUMNS
    write_header(sheet, columns)
    lists = {
        "kind": list(dict.fromkeys(portal_schools.KINDS.values())),
        "locality": list(dict.fromkeys(portal_schools.LOCALITIES.values())),
    }
    add_lists(book, sheet, columns, lists)
    return finish(book, REGISTRY_HELP)


def write_header(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Write the titles; they are locked, everything under them is free."""
    for index, column in enumerate(columns, start=1):
        cell = put(sheet, 1, index, column.title)
        cell.font, cell.fill = Font(bold=True), HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = WIDTHS.get(column.key, 14)
        dimension.protection = Protection(locked=False)
        if column.key in TEXT_COLUMNS:
            dimension.number_format = TEXT_FORMAT
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)  # False means «not forbidden»


def fill_row(sheet: Worksheet, number: int, columns: Sequence[Column], values: dict[str, str]) -> None:
    for index, column in enumerate(columns, start=1):
        if not (value := values.get(column.key)):
            continue
        cell = put(sheet, number, index, value)
        cell.protection = Protection(locked=False)
        if column.key in TEXT_COLUMNS:
            cell.number_format = TEXT_FORMAT


def add_lists(
    book: Workbook,
    sheet: Worksheet,
    columns: Sequence[Column],
    lists: dict[str, list[str]],
) -> None:
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
        choice.add(cells_under(positions[key]))
        sheet.add_data_validation(choice)
    source.protection.sheet = True


def add_whole_numbers(sheet: Worksheet, columns: Sequence[Column]) -> None:
    keys = {
        "enrolled",
        "participants",
        "mark2",
        "mark3",
        "mark4",
        "mark5",
        "below_min",
        "lowered",
        "confirmed",
        "raised",
    }
    rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
    rule.error = "Введите целое число. Если данных нет, оставьте ячейку пустой."
    for index, column in enumerate(columns, start=1):
        if column.key in keys:
            rule.add(cells_under(index))
    sheet.add_data_validation(rule)


def cells_under(column: int) -> str:
    letter = get_column_letter(column)
    return f"{letter}2:{letter}{ROWS_TO_FILL}"


def finish(book: Workbook, help_lines: Sequence[str]) -> bytes:
    """Add the instruction and the hidden sheet with the version, and return the bytes."""
    page = book.create_sheet(HELP_SHEET)
    page.column_dimensions["A"].width = 110
    for row, line in enumerate(help_lines, start=1):
        cell = put(page, row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=row == 1)
    meta = book.create_sheet(portal_results.META_SHEET)
    put(meta, 1, 1, "версия шаблона")
    put(meta, 1, 2, portal_results.VERSION)
    meta.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
