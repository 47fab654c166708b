"""Reading a workbook of 100 000 rows: calamine against openpyxl's streaming mode (docs/adr/0005)."""

from pathlib import Path
from tempfile import gettempdir

import openpyxl
from python_calamine import CalamineWorkbook

from benchmarks.harness import Benchmark

ROWS = 100_000
COLUMNS = 12
BOOK = Path(gettempdir()) / f"orientir-bench-{ROWS}x{COLUMNS}.xlsx"


def make_book(path: Path, rows: int = ROWS) -> None:
    """Write Cyrillic texts and numbers by turns, all cells different enough to fill the shared strings."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Результаты")
    for row in range(rows):
        sheet.append([row + column if column % 2 else f"Школа № {row % 997}-{column}" for column in range(COLUMNS)])
    book.save(path)


def read_by_openpyxl(path: Path = BOOK) -> int:
    """Return the number of rows; the dimension that the file declares is not believed."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    rows = sum(1 for _ in sheet.iter_rows(values_only=True))
    book.close()
    return rows


def read_by_calamine(path: Path = BOOK) -> int:
    """Return the number of rows."""
    with CalamineWorkbook.from_path(path) as book:
        return sum(1 for _ in book.get_sheet_by_index(0).iter_rows())


def benchmark() -> Benchmark:
    """Make the workbook once and return what to compare."""
    if not BOOK.exists():
        make_book(BOOK)
    return Benchmark(
        title=f"Reading XLSX, {ROWS} rows of {COLUMNS} columns",
        alternatives={"openpyxl read_only": read_by_openpyxl, "calamine": read_by_calamine},
        rounds=3,
    )
