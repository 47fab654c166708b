"""Cells that a person has mended on the page: they stand instead of the cells of the file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from schools.intake.cells import Book, CellValue, Row, Sheet, cell_position
from schools.intake.cleaning import clean_text

EMPTIED: Final = "пусто"  # what a person writes for a cell that should hold nothing
HEAD_ROWS: Final = 30  # among them is the head of the table, as wide as the table
Corrections = Mapping[str, Mapping[str, str]]  # name of a sheet -> «C7» -> text, EMPTIED for a cell to empty


def fitted(book: Book, corrections: Corrections) -> tuple[Corrections, list[str]]:
    """Return the corrections of cells that a book has, and the addresses of the others: «C700», «Лист2, C7»."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    fitting: dict[str, dict[str, str]] = {}
    absent = []
    for name, cells in corrections.items():
        for reference, text in cells.items():
            if name in sheets and has_cell(sheets[name], reference):
                fitting.setdefault(name, {})[reference] = text
            else:
                absent.append(address_of(name, reference))
    return fitting, absent


def address_of(sheet: str, reference: str) -> str:
    """Return «C7», or «Лист2, C7» where the sheet has a name."""
    return f"{sheet}, {reference}" if sheet else reference


def has_cell(sheet: Sheet, reference: str) -> bool:
    """Answer whether a cell lies in the table of a sheet: in a row that holds something, not right of all columns."""
    place = cell_position(reference)
    row = sheet.numbered(place[0]) if place else None
    if place is None or row is None:
        return False
    return place[1] < max(len(each.cells) for each in (row, *sheet.head(HEAD_ROWS)))


def corrected(book: Book, corrections: Corrections) -> Book:
    """Return a book with the mended cells: those that `fitted` has let through."""
    if not corrections:
        return book
    sheets = (
        corrected_sheet(sheet, corrections[sheet.name]) if sheet.name in corrections else sheet for sheet in book.sheets
    )
    return replace(book, sheets=tuple(sheets))


def corrected_sheet(sheet: Sheet, cells: Mapping[str, str]) -> Sheet:
    by_row: dict[int, dict[int, CellValue]] = {}
    for reference, text in cells.items():
        if place := cell_position(reference):
            row, column = place
            by_row.setdefault(row, {})[column] = typed_value(text)
    rows = (corrected_row(row, by_row[row.number]) if row.number in by_row else row for row in sheet.rows)
    return replace(sheet, rows=tuple(rows))


def typed_value(text: str) -> CellValue:
    value = clean_text(text)
    return None if value.casefold() in {"", EMPTIED} else value


def corrected_row(row: Row, values: Mapping[int, CellValue]) -> Row:
    cells = list(row.cells) + [None] * (max(values) + 1 - len(row.cells))
    for column, value in values.items():
        cells[column] = value
    return Row(row.number, tuple(cells))
