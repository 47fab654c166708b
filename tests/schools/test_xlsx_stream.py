"""Long tables written as a stream."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from schools.intake.reader import read_workbook
from schools.xlsx_stream import Cell, Look, written_book

HEAD = ("Школа", "Участников")


def read_back(rows: list[list[Cell]], title: str = "Результаты") -> list[tuple[object, ...]]:
    book = load_workbook(io.BytesIO(written_book(title, HEAD, rows, look=Look(widths=(40, 12)))))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_values_come_back_with_their_types() -> None:
    rows: list[list[Cell]] = [["СОШ № 1", 38], ["  края  ", 5.5], [None, Decimal("12.50")], [True, None]]

    assert read_back(rows) == [HEAD, ("СОШ № 1", 38), ("  края  ", 5.5), (None, 12.5), (True, None)]


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@SUM(A1)", "<b>&amp;</b>", 'кавычки "'])
def test_text_stays_a_text_whatever_it_begins_with(text: str) -> None:
    sheet = load_workbook(io.BytesIO(written_book("а", HEAD, [[text, 1]]))).worksheets[0]

    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")


@pytest.mark.parametrize(("text", "kept"), [("a\x00b", "ab"), ("Ы" * 40_000, "Ы" * 32_767)])
def test_text_that_a_workbook_cannot_hold_is_cut(text: str, kept: str) -> None:
    assert read_back([[text, 1]])[1] == (kept, 1)


def test_head_is_bold_and_stays_in_sight() -> None:
    sheet = load_workbook(io.BytesIO(written_book("а/б", HEAD, []))).worksheets[0]

    assert (sheet.title, sheet["A1"].font.b, sheet.freeze_panes) == ("а б", True, "A2")


def test_portal_reads_what_it_writes() -> None:
    rows: list[list[Cell]] = [[f"СОШ № {number}", number] for number in range(1, 2500)]

    sheet = read_workbook(written_book("Школы", HEAD, rows)).sheets[0]

    assert [list(row.cells) for row in sheet.rows[1:]] == rows
