"""Plain cells of a workbook or a CSV file: what a layout sees."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile
from typing import NamedTuple

LETTERS = 26
REFERENCE = re.compile(r"^([A-Za-z]{1,3})([1-9]\d{0,6})$", re.ASCII)
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384


@dataclass(frozen=True)
class BadCell:
    """A cell without a usable value: a formula error, a formula nobody calculated, an endless text."""

    found: str
    reason: str  # Russian phrase: «ошибка формулы #DIV/0!»


CellValue = str | int | float | bool | date | datetime | BadCell | None


class Row(NamedTuple):
    number: int  # as Excel counts, from 1
    cells: tuple[CellValue, ...]

    def at(self, column: int) -> CellValue:
        """Return the cell of a 0-based column; beyond the end of the row there is nothing."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True)
class Merge:
    """A merged range, all four 1-based and inclusive."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def __str__(self) -> str:
        first = f"{column_letter(self.first_column - 1)}{self.first_row}"
        return f"{first}:{column_letter(self.last_column - 1)}{self.last_row}"


@dataclass(frozen=True)
class Sheet:
    """Rows that hold something, in order; `name` is empty for a CSV file.

    hidden_rows, hidden_columns: how many of those that hold something nobody sees in a program of tables.
    """

    name: str
    rows: Sequence[Row]
    is_hidden: bool = False
    hidden_rows: int = 0
    hidden_columns: int = 0
    merges: tuple[Merge, ...] = ()

    def numbered(self, number: int) -> Row | None:
        """Return the row with a number, None where it holds nothing. Few rows are made on the way."""
        place = bisect_left(self.rows, number, key=lambda row: row.number)
        found = self.rows[place] if place < len(self.rows) else None
        return found if found and found.number == number else None

    def at(self, row: int, column: int) -> CellValue:
        """Return the cell of a 1-based row and a 0-based column."""
        found = self.numbered(row)
        return found.at(column) if found else None

    def head(self, last: int) -> list[Row]:
        """Return the rows up to one with this number."""
        return list(takewhile(lambda row: row.number <= last, self.rows))

    def after(self, row: int) -> Iterator[Row]:
        return (r for r in self.rows if r.number > row)


@dataclass(frozen=True)
class Book:
    sheets: tuple[Sheet, ...]
    is_csv: bool = False
    notices: tuple[str, ...] = field(default=())

    @property
    def visible(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if not sheet.is_hidden)

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet with this name, hidden ones included, whatever the case."""
        wanted = name.casefold().strip()
        return next((sheet for sheet in self.sheets if sheet.name.casefold().strip() == wanted), None)


def column_letter(column: int) -> str:
    """Return the name of a 0-based column: A … Z, AA …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_position(reference: str) -> tuple[int, int] | None:
    """Return row from 1 and column from 0 of «B7», None for what is no address of a cell."""
    match = REFERENCE.match(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * LETTERS + ord(letter) - ord("A") + 1
    row = int(match[2])
    return (row, column - 1) if row <= LAST_ROW and column <= LAST_COLUMN else None
