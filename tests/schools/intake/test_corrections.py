"""Cells mended on the page stand instead of those of the file."""

import pytest

from schools.intake.cells import Book, cell_position
from schools.intake.corrections import corrected, fitted
from schools.intake.parse import parse_file
from schools.intake.rows import ParsedFile
from tests.factories.workbooks import book_of, federal_marks

BOOK = book_of(("Школа", "Участников"), ("СОШ № 1", "много"))


def parsed(corrections: dict[str, dict[str, str]]) -> ParsedFile:
    data = federal_marks({"МБОУ «СОШ № 1» (edu900001)": (1, 2, 30, 5)}, subject="RU", grade=4)
    [sheet] = {row.sheet for row in parse_file(data).rows}
    return parse_file(data, corrections={sheet: corrections.get("*", {})})


@pytest.mark.parametrize(
    ("cell", "text", "cells"),
    [
        ("B2", "38", ("СОШ № 1", "38")),
        ("b2", " 38 ", ("СОШ № 1", "38")),
        ("B2", "", ("СОШ № 1", None)),
        ("B2", " Пусто", ("СОШ № 1", None)),
        ("B2", "пустовато", ("СОШ № 1", "пустовато")),
        ("D2", "5", ("СОШ № 1", "много", None, "5")),
        ("A9", "нет такой строки", ("СОШ № 1", "много")),
        ("Ё2", "не адрес", ("СОШ № 1", "много")),
    ],
)
def test_mended_cell_stands_instead_of_the_one_of_the_file(cell: str, text: str, cells: tuple[object, ...]) -> None:
    assert corrected(BOOK, {"Лист1": {cell: text}}).sheets[0].rows[1].cells == cells


@pytest.mark.parametrize("corrections", [{}, {"Другой лист": {"B2": "38"}}])
def test_book_without_mended_cells_stays(corrections: dict[str, dict[str, str]]) -> None:
    assert corrected(BOOK, corrections) == Book(BOOK.sheets)


def test_mended_cell_is_read_by_the_layout() -> None:
    assert [row.counts.participants for row in parsed({}).rows if row.counts] == [38]

    [problem] = parsed({"*": {"C10": "тридцать"}}).errors

    assert (problem.cell, problem.found, problem.action) == (
        "C10",
        "тридцать",
        "Эта ячейка обязательна: впишите число.",
    )


@pytest.mark.parametrize(
    ("reference", "place"),
    [("A1", (1, 0)), ("c7", (7, 2)), ("AA10", (10, 26)), ("XFD1048576", (1_048_576, 16_383))],
)
def test_address_of_a_cell(reference: str, place: tuple[int, int]) -> None:
    assert cell_position(reference) == place


@pytest.mark.parametrize("reference", ["", "7", "A0", "XFE1", "A1048577", "AAAA1", "A1:B2", "А1"])
def test_what_is_no_address_is_told(reference: str) -> None:
    assert cell_position(reference) is None


@pytest.mark.parametrize(
    ("sheet", "cell", "is_there"),
    [("Лист1", "B2", True), ("Лист1", "C2", False), ("Лист1", "A9", False), ("Лист2", "B2", False)],
)
def test_correction_of_a_cell_that_the_table_lacks_is_set_aside(sheet: str, cell: str, is_there: bool) -> None:
    fitting, absent = fitted(BOOK, {sheet: {cell: "5"}})

    assert (fitting, absent) == (({sheet: {cell: "5"}}, []) if is_there else ({}, [f"{sheet}, {cell}"]))


def test_short_row_is_as_wide_as_its_table() -> None:
    book = book_of(("Школа", "Участников"), ("СОШ № 1",))

    assert fitted(book, {"Лист1": {"B2": "38"}}) == ({"Лист1": {"B2": "38"}}, [])
