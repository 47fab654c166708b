"""Reading a federal export «Статистика по отметкам» of 1 500 schools: all of the intake, and the cells alone."""

from datetime import date
from io import BytesIO

import openpyxl

from benchmarks.harness import Benchmark
from schools.intake.federal_writer import FederalWork, MarksLine, marks_workbook
from schools.intake.parse import parse_file

SCHOOLS = 1_500


def make_file(schools: int = SCHOOLS) -> bytes:
    """Return the workbook of one work, as a region downloads it."""
    work = FederalWork(year=2026, subject="MA", grade=6, max_primary=16, held=date(2026, 4, 21))
    wider = [MarksLine(name=name, marks=(9_000, 20_000, 15_000, 6_000), schools=schools) for name in ("РФ", "Регион")]
    lines = [
        MarksLine(name=f"МБОУ «СОШ № {number}» (edu{100_000 + number})", marks=(number % 9, 20, 15, number % 7))
        for number in range(schools)
    ]
    return marks_workbook(work, [*wider, *lines])


def benchmark() -> Benchmark:
    data = make_file()

    def cells_by_openpyxl() -> int:
        return sum(1 for _ in openpyxl.load_workbook(BytesIO(data), data_only=True).worksheets[0].iter_rows())

    return Benchmark(
        title=f"A federal file of {SCHOOLS} schools",
        alternatives={"cells alone, openpyxl": cells_by_openpyxl, "whole intake, checked": lambda: parse_file(data)},
    )
