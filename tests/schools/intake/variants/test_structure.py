"""B1 to B18: the XML inside a workbook. Damaged ones are refused; odd but honest ones lose no row."""

import pytest
from django.test import Client

from schools.intake.cells import column_letter
from schools.intake.refusals import Code
from tests.factories.workbooks import (
    SHEET,
    number_cell,
    packed,
    parts_of,
    result_lines,
    row_xml,
    sheet_xml,
    text_cell,
)
from tests.schools.intake import hostile
from tests.schools.intake.variants.cases import Case, assert_refused, assert_rows, covers, variants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("near_child")]
DAMAGED = "Файл повреждён"
AGAIN = "загрузите ещё раз"
DECLARED = "в нём есть недопустимые объявления"


def made(number: str, name: str, code: Code, *says: str) -> Case:
    return Case(id=number, build=lambda: hostile.made(name), code=code, says=says)


REFUSED = (
    made("B1", "no content types", Code.DAMAGED, DAMAGED, "в книге нет обязательных частей", AGAIN),
    made("B1 workbook", "no workbook", Code.DAMAGED, DAMAGED, AGAIN),
    made("B2", "no sheet part", Code.DAMAGED, DAMAGED, "нет части xl/worksheets/sheet1.xml", AGAIN),
    made("B2 chart", "only a chart", Code.NO_DATA, "В книге нет заполненных листов с таблицами.", "Проверьте"),
    made("B3", "cut xml", Code.DAMAGED, DAMAGED, "нарушена структура листа", AGAIN),
    made("B4", "external entity", Code.ENTITIES, DECLARED, "Скопируйте таблицу в новую книгу Excel"),
    made("B4 strings", "entity in shared strings", Code.ENTITIES, DECLARED),
    made("B4 UTF-16", "entity in UTF-16", Code.ENTITIES, DECLARED),
    made("B5", "billion laughs", Code.ENTITIES, DECLARED, "Скопируйте таблицу в новую книгу Excel"),
    made("B6", "surrogate", Code.BAD_CHARACTERS, "В файле есть недопустимые символы.", "Скопируйте таблицу"),
    made("B6 NUL", "NUL byte", Code.ENCODING, "недопустимые символы в файле", "сохраните как «Книга Excel (.xlsx)»"),
    made("B7", "cp1251 called UTF-8", Code.ENCODING, "Неверная кодировка", "сохраните как «Книга Excel (.xlsx)»"),
    made("B9", "strict namespace", Code.STRICT, "сохранена как «Strict Open XML»", "«Сохранить как» → «Книга Excel"),
    made("B12 twice", "repeated cell", Code.REPEATED_CELL, "A1"),
    made("B13", "every row of a sheet", Code.TOO_MANY_ROWS, "Строк больше 60 000.", "разделите файл на части"),
    made("B14", "far corner alone", Code.CELL_OUTSIDE, "Данные вне таблицы: ячейка XFD1048576.", "Удалите содержимое"),
    made("B15", "row beyond the sheet", Code.DAMAGED, DAMAGED, "недопустимый адрес ячейки «A9999999»", AGAIN),
    made("B15 column", "column beyond the sheet", Code.DAMAGED, DAMAGED, "недопустимый адрес ячейки «ZZZZ1»"),
    made("B15 reference", "bad reference", Code.DAMAGED, DAMAGED, "недопустимый адрес ячейки «1A»"),
    made("B16", "text index out of range", Code.DAMAGED, DAMAGED, AGAIN),
    made("B16 negative", "negative text index", Code.DAMAGED, DAMAGED, AGAIN),
    made("B18", "deep xml", Code.DAMAGED, DAMAGED, "слишком глубокая вложенность"),
)


@variants(*REFUSED)
def test_damaged_structure_is_refused_on_the_page_and_nothing_is_kept(case: Case, browser: Client) -> None:
    assert_refused(browser, case)


# Odd workbooks with a good table of three works


def place(column: int, row: int) -> str:
    return f"{column_letter(column)}{row}"


def cell_xml(column: int, row: int, value: object, style: str = "") -> str:
    if isinstance(value, int):
        return number_cell(place(column, row), str(value)).replace("<c ", f"<c {style}")
    return text_cell(place(column, row), str(value))


def table_rows(*, style: str = "") -> list[str]:
    """Return the rows of a template with three works of one school, as XML."""
    lines = result_lines(*({"Класс": grade} for grade in (5, 6, 7)))
    return [
        row_xml(
            *(cell_xml(column, number, value, style) for column, value in enumerate(line) if value is not None),
            number=number,
        )
        for number, line in enumerate(lines, start=1)
    ]


def book(rows: list[str], *, dimension: str = "", style: str = "") -> bytes:
    sheet = sheet_xml("".join(rows))
    return packed(parts_of(sheet.replace(b"<sheetData>", f"{dimension}<sheetData>{style}".encode())))


def in_utf16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml("".join(table_rows())).decode()
    return packed({**parts_of(), SHEET: text.encode("utf-16")})


def with_broken_styles() -> bytes:
    styles = b'<styleSheet><fills bogus="1"><fill><patternFill patternType="nonsense"/></fill></fills></styleSheet>'
    return packed({**parts_of(sheet_xml("".join(table_rows(style='s="9999" ')))), "xl/styles.xml": styles})


ODD = (
    Case(id="B8", build=in_utf16, rows=3),
    Case(id="B10", build=lambda: book(table_rows(), dimension='<dimension ref="A1:B2"/>'), rows=3),
    Case(id="B11", build=lambda: book(table_rows(), dimension='<dimension ref="A1:XFD1048576"/>'), rows=3),
    Case(id="B12", build=lambda: book(table_rows()[:1] + table_rows()[:0:-1]), rows=3),
    Case(id="B17", build=with_broken_styles, rows=3),
)


@variants(*ODD)
def test_odd_but_honest_structure_loses_no_row(case: Case, browser: Client) -> None:
    file = assert_rows(browser, case)

    assert sorted(row.key["grade"] for row in file.rows.all()) == [5, 6, 7]
    assert file.problems == []


@covers("B2 chart first")
def test_chart_in_front_does_not_hide_the_table(browser: Client) -> None:
    from tests.factories.workbooks import results_book, saved

    made_book = results_book({})
    made_book.create_chartsheet("диаграмма", 0)

    assert_rows(browser, Case(id="B2", build=lambda: saved(made_book), rows=1))
