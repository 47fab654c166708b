"""Write 100 000 rows by 12 columns as XLSX: the portal's own writer against the libraries of the field.

XlsxWriter and rustpy-xlsxwriter belong to the group `bench` of pyproject.toml; one that is missing is left out. The
Rust library is young and takes the rows as mappings, all at once: it is here as the limit to come near to.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import openpyxl

from benchmarks.harness import Benchmark
from schools.xlsx_stream import written_book

ROWS = 100_000
SCHOOLS = 1_500
TITLE = "Результаты"
HEAD = [f"Столбец {number}" for number in range(1, 13)]
NAMES = [f"МБОУ «Средняя школа № {number}» с. Ключевское" for number in range(SCHOOLS)]
BOOK = Path(gettempdir()) / "orientir-bench-written.xlsx"
Line = tuple[str | int | float, ...]


def lines() -> Iterator[Line]:
    """Yield rows as they are exported: a school, a work, marks, a mean, words."""
    for number in range(ROWS):
        name = NAMES[number % SCHOOLS]
        marks = number % 97, number % 13, number % 7
        yield number, name, "2901234567", "Русский язык", 4, 2026, *marks, 3.25, "повышенный уровень", "весна"


def ours() -> None:
    BOOK.write_bytes(written_book(TITLE, HEAD, lines()))


def openpyxl_write_only() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(TITLE)
    sheet.append(HEAD)
    for row in lines():
        sheet.append(row)
    book.save(BOOK)


def xlsxwriter_constant_memory() -> None:
    book = library("xlsxwriter").Workbook(str(BOOK), {"constant_memory": True})
    sheet = book.add_worksheet(TITLE)
    for number, row in enumerate((HEAD, *lines())):
        sheet.write_row(number, 0, row)
    book.close()


def rustpy_xlsxwriter() -> None:
    rows = [dict(zip(HEAD, row, strict=True)) for row in lines()]
    library("rustpy_xlsxwriter").write_worksheet(rows, str(BOOK), sheet_name=TITLE)


def library(name: str) -> Any:
    return import_module(name)  # may be missing: it is a dependency of this benchmark alone


def checked(write: Callable[[], None]) -> Callable[[], None]:
    """Return the writing, followed by a look at whether all rows are there."""

    def run() -> None:
        write()
        if BOOK.stat().st_size < ROWS:
            raise RuntimeError("the workbook is too small to hold every row")

    return run


def benchmark() -> Benchmark:
    alternatives = {"schools.xlsx_stream": checked(ours), "openpyxl, write_only": checked(openpyxl_write_only)}
    if find_spec("xlsxwriter"):
        alternatives["XlsxWriter, constant_memory"] = checked(xlsxwriter_constant_memory)
    if find_spec("rustpy_xlsxwriter"):
        alternatives["rustpy-xlsxwriter"] = checked(rustpy_xlsxwriter)
    return Benchmark(title="Writing of 100 000 rows by 12 columns", alternatives=alternatives, measures_memory=True)
