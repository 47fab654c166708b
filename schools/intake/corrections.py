"""Cells that a person has mended on the page: they stand instead of the cells of the file."""

from collections.abc import Mapping
from dataclasses import replace

from schools.intake.cells import Book, CellValue, Row, Sheet, cell_position
from schools.intake.cleaning import clean_text

Corrections = Mapping[str, Mapping[str, str]]  # name of a sheet -> «C7» -> text, empty text empties the cell


def corrected(book: Book, corrections: Corrections) -> Book:
    """Return a book with the mended cells; those of sheets and rows that the file does not have are left out."""
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
            by_row.setdefault(row, {})[column] = clean_text(text) or None
    rows = (corrected_row(row, by_row[row.number]) if row.number in by_row else row for row in sheet.rows)
    return replace(sheet, rows=tuple(rows))


def corrected_row(row: Row, values: Mapping[int, CellValue]) -> Row:
    cells = list(row.cells) + [None] * (max(values) + 1 - len(row.cells))
    for column, value in values.items():
        cells[column] = value
    return Row(row.number, tuple(cells))
