"""Cells, widths, heights and names of a workbook made of a document."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from accounts.russian import NBSP
from reports.document import Align, BarChart, Column, Document, Figure, Heading, Note, Paragraph, Table
from reports.document.figures import Unit
from reports.document.writers.xlsx import (
    SHEET_NAME_LENGTH,
    UNIT_TITLES,
    at,
    put_figure,
    put_text,
    render,
    sheet_name,
    write_table,
)
from tests.factories.documents import SOURCE, make_count, make_document, make_share, make_table

RIGHT, LEFT = Column("Число", align=Align.RIGHT), Column("Текст")


def reopened(document: Document) -> Any:
    return load_workbook(BytesIO(render(document)))


def figure_cell(figure: Figure) -> Any:
    cell = at(Workbook().worksheets[0], 1, 1)
    put_figure(cell, figure)
    return cell


def text_cell(text: str) -> Any:
    cell = at(Workbook().worksheets[0], 1, 1)
    put_text(cell, text)
    return cell


def written(table: Table) -> Any:
    sheet = Workbook().worksheets[0]
    write_table(sheet, table)
    return sheet


def one_cell(value: str | Figure, column: Column) -> Any:
    return written(Table("Т", (column,), ((value,),)))["A4"]


# Numbers


@pytest.mark.parametrize(
    ("figure", "value", "shown"),
    [
        pytest.param(make_count(0), 0, "#,##0", id="zero is no gap"),
        pytest.param(make_count(1846), 1846, "#,##0", id="count"),
        pytest.param(make_share(1, 4, 0), 0.25, "0%", id="whole percents"),
        pytest.param(make_share(1, 4, 2), 0.25, "0.00%", id="percents with two digits"),
        pytest.param(make_share(0, 4), 0.0, "0.0%", id="no share"),
        pytest.param(Figure.number(None, SOURCE), "сведения не представлены", "General", id="missing"),
        pytest.param(make_share(3, 0), "сведения не представлены", "General", id="share of nothing"),
    ],
)
def test_figure_is_a_number_under_its_format(figure: Figure, value: object, shown: str) -> None:
    cell = figure_cell(figure)

    assert (cell.value, cell.number_format) == (value, shown)


@settings(max_examples=60)
@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 3))
def test_share_in_a_cell_is_the_exact_ratio_however_it_is_rounded(part: int, whole: int, digits: int) -> None:
    assert figure_cell(make_share(part, whole, digits)).value == pytest.approx(part / whole)


@given(st.integers(0, 10**9))
def test_count_in_a_cell_is_a_whole_number(value: int) -> None:
    cell = figure_cell(make_count(value))

    assert (cell.value, type(cell.value)) == (value, int)


def test_count_with_its_noun_is_still_a_number() -> None:
    assert figure_cell(make_count(5, "школа,школы,школ")).value == 5


@pytest.mark.parametrize(("earlier", "later", "change"), [(3, 5, 20.0), (5, 3, -20.0), (4, 4, 0.0)])
def test_change_of_shares_is_in_points_and_not_in_percents(earlier: int, later: int, change: float) -> None:
    cell = figure_cell(Figure.points(make_share(later, 10), make_share(earlier, 10), SOURCE))

    assert cell.value == change
    assert "%" not in cell.number_format


# Texts


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_dangerous_beginning_is_quoted(sign: str) -> None:
    cell = text_cell(f"{sign}1")

    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("text", ["СОШ № 1", "1=1", " =1", "—", "", "#N/A"])
def test_plain_text_is_a_text_without_a_quote(text: str) -> None:
    cell = text_cell(text)

    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", False)


def test_text_longer_than_a_cell_is_cut() -> None:
    assert len(text_cell("я" * 40_000).value) == 32_767


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        pytest.param("7", RIGHT, 7, id="ordinal number"),
        pytest.param("7", LEFT, "7", id="text of digits"),
        pytest.param("1000000059", RIGHT, "1000000059", id="code"),
        pytest.param("1.2", RIGHT, "1.2", id="number of an item"),
        pytest.param("-7", RIGHT, "-7", id="sign"),
        pytest.param("", RIGHT, "", id="nothing"),
    ],
)
def test_digits_on_the_right_are_a_number_and_codes_are_not(text: str, column: Column, value: object) -> None:
    assert one_cell(text, column).value == value


def test_missing_figure_in_a_table_is_a_dash_and_a_note() -> None:
    sheet = written(Table("Т", (RIGHT,), ((make_count(None),), (make_count(3),))))

    assert [sheet["A4"].value, sheet["A5"].value] == ["—", 3]
    assert sheet["A7"].value == f"Прочерк{NBSP}– сведения не представлены."


# Tables


def test_total_alone_is_bold_and_stands_below_the_filter() -> None:
    sheet = written(make_table(3))

    assert [bool(sheet.cell(row, 2).font.b) for row in range(4, 8)] == [False, False, False, True]
    assert sheet.auto_filter.ref == "A3:D6"


def test_table_without_rows_keeps_its_head_in_sight() -> None:
    sheet = written(make_table(0, total=None))

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:D3")
    assert [cell.value for cell in sheet[3]] == ["№", "Школа", "Пунктов", "Исполнено, %"]


def test_columns_share_the_width_as_the_document_says() -> None:
    columns = (Column("а", 10), Column("б", 30), Column("в", 60))
    sheet = written(Table("Т", columns, ()))

    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [14, 42, 84]


def test_narrow_column_has_room_for_the_longest_word_of_its_head() -> None:
    sheet = written(Table("Т", (Column("№", 1), Column("Общеобразовательная школа", 1), Column("в", 200)), ()))

    assert sheet.column_dimensions["A"].width == 6
    assert sheet.column_dimensions["B"].width == len("Общеобразовательная") + 4


def test_row_is_as_high_as_its_longest_cell() -> None:
    columns = (Column("а", 1), Column("б", 9))
    sheet = written(Table("Т", columns, (("да", "да"), ("слово " * 12, "да"))))

    assert sheet.row_dimensions[4].height == 15
    assert sheet.row_dimensions[5].height > 60


def test_note_goes_across_all_columns() -> None:
    sheet = written(make_table(1, notes=("По данным школ.",)))

    assert sheet["A7"].value == "По данным школ."
    assert "A7:D7" in {str(area) for area in sheet.merged_cells.ranges}


# Names of sheets


@settings(max_examples=60)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_names_are_always_legal_and_never_repeat(titles: list[str]) -> None:
    used: set[str] = {"текст"}
    names = [sheet_name(title, used) for title in titles]

    assert len({name.lower() for name in names} | {"текст"}) == len(names) + 1
    assert all(0 < len(name) <= SHEET_NAME_LENGTH and not set(name) & set("[]:*?/\\'") for name in names)


def test_name_differs_from_another_by_more_than_the_case_of_letters() -> None:
    used: set[str] = set()

    assert [sheet_name(name, used) for name in ("Школы", "ШКОЛЫ", "школы")] == ["Школы", "ШКОЛЫ 2", "школы 3"]


def test_tables_of_one_title_have_sheets_of_their_own() -> None:
    book = reopened(make_document(make_table(1, title="Источники"), make_table(1), make_table(1)))

    assert book.sheetnames == [
        "Текст",
        "Источники 2",
        "Исполнение дорожных карт",
        "Исполнение дорожных карт 2",
        "Источники",
    ]


# The document


def test_headings_alone_are_bold_in_the_text() -> None:
    sheet = reopened(make_document(Heading(("Выводы",)), Paragraph(("Да.",)), Note(("Нет.",))))["Текст"]

    bold = [cell.value for (cell,) in sheet.iter_rows() if cell.font.b]

    assert bold == ["Информация", "об исполнении плана мероприятий за 2026 год", "Выводы"]


def test_text_is_printed_in_portrait_and_its_sources_in_landscape() -> None:
    book = reopened(make_document())

    assert [sheet.page_setup.orientation for sheet in book] == ["portrait", "landscape"]
    assert all((sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0) for sheet in book)
    assert book["Источники"].freeze_panes == "A2"


def test_chart_without_bars_is_still_a_workbook() -> None:
    sheet = reopened(make_document(BarChart("Пусто", ())))["Диаграмма Пусто"]

    assert sheet.max_row == 3


def test_source_tells_the_parts_of_a_share_and_none_of_a_count() -> None:
    sheet = reopened(make_document(Paragraph((make_share(5, 13), make_count(3)))))["Источники"]

    parts = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2, min_col=5, max_col=7)]

    assert parts == [(UNIT_TITLES[Unit.PERCENT], 5, 13), (UNIT_TITLES[Unit.COUNT], None, None)]
