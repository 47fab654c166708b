"""The parts of a streamed workbook: widths, places of cells, texts that need care, rows taken as they come."""

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from schools.intake.reader import read_workbook
from schools.xlsx_stream import (
    BOLD,
    LARGE,
    PLAIN,
    PORTION,
    QUOTED,
    SHORT,
    WRAPPED,
    WRAPPED_BOLD,
    Cell,
    Look,
    careful_text,
    cell_xml,
    letters,
    row_xml,
    sheet_end,
    text_xml,
    workbook_part,
    written_book,
)

SHEET = "xl/worksheets/sheet1.xml"
NUMBERS = st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=2)
CELLS = st.none() | NUMBERS | st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20)


def sheet_part(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(SHEET).decode()


def as_read(cell: Cell) -> object:
    """Return what stands in a workbook for a cell: texts lose what XML forbids, an empty one is none."""
    if isinstance(cell, str):
        return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", cell) or None
    return None if cell is None else float(cell)


@settings(max_examples=40)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=4))
def test_any_table_comes_back_as_it_was(rows: list[list[Cell]]) -> None:
    sheet = load_workbook(io.BytesIO(written_book("Таблица", ("а", "б", "в"), rows))).worksheets[0]

    read = sheet.iter_rows(min_row=2, max_row=len(rows) + 1, max_col=3, values_only=True) if rows else ()
    found = [[None if cell == "" else cell for cell in row] for row in read]

    assert found == [[as_read(cell) for cell in row] for row in rows]


def test_every_part_is_well_formed_and_named_among_the_types() -> None:
    data = written_book("Школы & классы", ("Школа",), [["<СОШ>"]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        types = archive.read("[Content_Types].xml").decode()
        for name in names:
            ET.fromstring(archive.read(name))

    assert [name for name in names if name.startswith("xl/") and "_rels" not in name and f"/{name}" not in types] == []


def test_columns_are_as_wide_as_asked() -> None:
    data = written_book("а", ("Школа", "Участников", "Примечание"), [], look=Look(widths=(40, 12)))
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]

    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [40, 12]
    assert "C" not in sheet.column_dimensions


def test_book_without_widths_says_nothing_of_columns() -> None:
    assert "<cols>" not in sheet_part(written_book("а", ("Школа",), []))


def test_head_alone_is_bold() -> None:
    part = sheet_part(written_book("а", ("Школа", "Класс"), [["СОШ № 1", 4]]))

    assert re.findall(r'<c r="(\w+)" s="1"', part) == ["A1", "B1"]


@pytest.mark.parametrize("count", [0, 1, PORTION, PORTION + 1])
def test_rows_are_numbered_through_the_portions(count: int) -> None:
    part = sheet_part(written_book("а", ("№",), ([number] for number in range(count))))

    assert re.findall(r'<row r="(\d+)">', part) == [str(number) for number in range(1, count + 2)]


def test_rows_are_taken_as_they_come() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(3):
            taken.append(number)
            yield [number]

    written_book("а", ("№",), rows())

    assert taken == [0, 1, 2]


def test_empty_cell_is_left_out_and_the_next_one_keeps_its_place() -> None:
    assert row_xml(4, [None, 5, None]) == '<row r="4"><c r="B4"><v>5</v></c></row>'
    assert row_xml(4, []) == '<row r="4"></row>'


def test_empty_text_is_an_empty_cell_and_zero_is_not() -> None:
    assert row_xml(4, ["", 0, False]) == '<row r="4"><c r="B4"><v>0</v></c><c r="C4" t="b"><v>0</v></c></row>'


def test_style_of_a_row_is_that_of_its_cells() -> None:
    assert row_xml(1, ["а"], style=BOLD) == '<row r="1"><c r="A1" s="1" t="inlineStr"><is><t>а</t></is></c></row>'


def test_row_wider_than_the_alphabet_goes_on_with_two_letters() -> None:
    assert letters(28)[-3:] == ("Z", "AA", "AB")


@pytest.mark.parametrize(
    ("cell", "xml"),
    [
        pytest.param(0, '<c r="A1"><v>0</v></c>', id="zero"),
        pytest.param(-5, '<c r="A1"><v>-5</v></c>', id="below zero"),
        pytest.param(Decimal("31.60"), '<c r="A1"><v>31.60</v></c>', id="exact fraction"),
        pytest.param(0.1, '<c r="A1"><v>0.1</v></c>', id="fraction"),
        pytest.param(True, '<c r="A1" t="b"><v>1</v></c>', id="yes"),
        pytest.param(False, '<c r="A1" t="b"><v>0</v></c>', id="no"),
        pytest.param("007", '<c r="A1" t="inlineStr"><is><t>007</t></is></c>', id="code with zeros"),
    ],
)
def test_number_is_a_number_and_a_code_a_text(cell: str | float | Decimal, xml: str) -> None:
    assert cell_xml("A1", PLAIN, cell) == xml


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        (" края ", " края "),
        ("\x00\x0bа\x1f", "а"),
        ("строка\nстрока", "строка\nстрока"),
        ("]]>", "]]&gt;"),
    ],
)
def test_text_that_needs_care_keeps_its_blanks_and_loses_what_xml_forbids(text: str, kept: str) -> None:
    assert careful_text(text) == f'<t xml:space="preserve">{kept}</t>'


@pytest.mark.parametrize("text", ["\x01", " а", "а\n", "a&b", "\ufffe", "я" * 40_000])
def test_dangerous_text_is_never_written_as_it_is(text: str) -> None:
    assert careful_text(text) in cell_xml("A1", PLAIN, text)


@pytest.mark.parametrize("title", ['Школы "а" & <б>', "[2026]: 4/9?*\\", "", "Очень длинное название листа о школах"])
def test_name_of_the_sheet_is_one_that_excel_takes(title: str) -> None:
    ET.fromstring(workbook_part(title).encode())
    (name,) = load_workbook(io.BytesIO(written_book(title, ("а",), []))).sheetnames

    assert 0 < len(name) <= 31
    assert not set(name) & set("[]:*?/\\")


def test_portal_reads_back_texts_that_look_like_formulas_and_numbers() -> None:
    rows: list[list[Cell]] = [["=1+1", "007"], ["+7 900", "1e5"]]
    book = read_workbook(written_book("а", ("Текст", "Код"), rows))

    assert [list(row.cells) for row in book.sheets[0].rows[1:]] == rows


# Looks

FULL = Look(
    widths=(40, 12),
    above=("Выявление по результатам 2026 года", "Правило RU-2025"),
    frozen_columns=1,
    is_wrapped=True,
    has_filter=True,
    is_printed_across=True,
)


def looking(look: Look, rows: list[list[Cell]], title: str = "Школы") -> Worksheet:
    return load_workbook(io.BytesIO(written_book(title, ("Школа", "Класс"), rows, look=look))).worksheets[0]


def test_lines_above_the_head_leave_an_empty_row_before_it() -> None:
    sheet = looking(FULL, [["СОШ № 1", 4]])

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Выявление по результатам 2026 года", None],
        ["Правило RU-2025", None],
        [None, None],
        ["Школа", "Класс"],
        ["СОШ № 1", 4],
    ]
    assert (sheet["A1"].font.b, sheet["A1"].font.sz, sheet["A2"].font.b) == (True, 13, False)


def test_head_and_first_columns_stay_in_sight_under_the_filter() -> None:
    sheet = looking(FULL, [["СОШ № 1", 4], ["СОШ № 2", 5]])

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B5", "A4:B6")


def test_filter_of_a_table_without_rows_is_its_head() -> None:
    assert looking(FULL, []).auto_filter.ref == "A4:B4"
    assert sheet_end(FULL, "B", 4).count("<autoFilter") == 1


def test_wide_sheet_is_printed_across_with_its_head_on_every_page() -> None:
    sheet = looking(FULL, [], title="Школы «А» и 'Б'")

    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$4:$4")


def test_long_texts_are_wrapped_and_the_head_stays_bold() -> None:
    sheet = looking(FULL, [["СОШ № 1", 4], ["=1", None]])

    wrapped = [sheet[place].alignment.wrap_text for place in ("A4", "A5", "B5", "A6")]
    assert wrapped == [True, True, True, True]
    assert (sheet["A4"].font.b, sheet["A5"].font.b) == (True, False)
    assert sheet["A5"].alignment.vertical == "top"


def test_plain_sheet_has_no_filter_no_wrapping_and_no_page() -> None:
    sheet = looking(Look(), [["СОШ № 1", 4]])

    assert (sheet.auto_filter.ref, sheet.page_setup.orientation, sheet.print_title_rows) == (None, None, None)
    assert not sheet["A2"].alignment.wrap_text
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("look", [Look(), FULL], ids=["plain", "wrapped"])
@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1"])
def test_text_like_a_formula_stays_a_text_when_its_cell_is_edited(look: Look, text: str) -> None:
    cell = looking(look, [[text, 1]]).cell(look.head_row + 1, 1)

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


@pytest.mark.parametrize("text", ["СОШ № 1", "1=1", "а-б", ""])
def test_other_texts_have_no_quote(text: str) -> None:
    assert not looking(Look(), [[text, 1]])["A2"].quotePrefix


@pytest.mark.parametrize("style", [BOLD, LARGE, WRAPPED_BOLD])
def test_title_like_a_formula_keeps_the_style_of_titles(style: int) -> None:
    assert text_xml("=1", style) == f' s="{style}" t="inlineStr"><is><t>=1</t></is></c>'


@pytest.mark.parametrize("length", [SHORT - 1, SHORT, SHORT + 1])
def test_remembered_and_long_texts_are_written_alike(length: int) -> None:
    text = "=" + "я" * (length - 1)

    assert cell_xml("A1", WRAPPED, text) == f'<c r="A1" s="{QUOTED[WRAPPED]}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_one_text_keeps_the_style_of_each_of_its_cells() -> None:
    assert [cell_xml("A1", style, "СОШ").count(' s="') for style in (PLAIN, WRAPPED, PLAIN)] == [0, 1, 0]


def test_wrapped_rows_are_as_high_as_their_longest_text_and_fit_the_page() -> None:
    sheet = looking(FULL, [["СОШ № 1", "одна\nдве\nтри"], ["я" * 90, 5], ["СОШ № 3", 6]])

    heights = [sheet.row_dimensions[row].height for row in (5, 6, 7)]
    assert heights == [45, 45, None]
    assert sheet.sheet_properties.pageSetUpPr
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert (sheet.page_setup.fitToHeight, [str(each) for each in sheet.merged_cells.ranges]) == (0, ["A2:B2"])


def test_plain_rows_have_no_height() -> None:
    sheet = looking(Look(widths=(5, 5)), [["длинный текст без переноса", "а\nб"]])

    assert sheet.row_dimensions[2].height is None
