"""Writing of files with the exact layout of two federal exports: demo data and tests are made from them.

Source: domain specification, 2.3.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from schools.intake.percents import share_of_count
from schools.intake.safe_cells import put, safe_title
from schools.intake.subjects import BY_CODE

HEADER_ROW: Final = 8
MARKS_HEADER: Final = ("Группы участников", "Кол-во ОО", "Кол-во участников", 2, 3, 4, 5)
JOURNAL_HEADER: Final = (
    "Группы участников",
    "Кол-во участников(всего)",
    "Понизили (Отметка < Отметка по журналу) %",
    "Понизили (Отметка < Отметка по журналу) Кол-во участников",
    "Подтвердили (Отметка = Отметке по журналу) %",
    "Подтвердили (Отметка = Отметке по журналу) Кол-во участников",
    "Повысили (Отметка > Отметка по журналу) %",
    "Повысили (Отметка > Отметка по журналу) Кол-во участников",
)


@dataclass(frozen=True, kw_only=True)
class FederalWork:
    """What the head of a sheet says; subject is our code."""

    year: int
    subject: str
    grade: int
    max_primary: int
    held: date


@dataclass(frozen=True, kw_only=True)
class MarksLine:
    """One group: name with its code as «МБОУ «СОШ № 1» (edu123456)», counts of marks 2, 3, 4, 5.

    schools is empty in a school's own line.
    """

    name: str
    marks: tuple[int, int, int, int]
    schools: int | None = None


@dataclass(frozen=True, kw_only=True)
class JournalLine:
    name: str
    lowered: int
    confirmed: int
    raised: int


def marks_workbook(work: FederalWork, lines: Sequence[MarksLine]) -> bytes:
    """Return «Статистика по отметкам»: territories first, then schools, shares with two decimals."""
    book, sheet = new_sheet(work, "Статистика по отметкам")
    rows: list[Sequence[str | float | None]] = [MARKS_HEADER]
    for line in lines:
        participants = sum(line.marks)
        shares = (float(share_of_count(count, participants)) for count in line.marks)
        rows.append((line.name, line.schools, participants, *shares))
    return saved(book, sheet, rows)


def journal_workbook(work: FederalWork, lines: Sequence[JournalLine]) -> bytes:
    """Return «Сравнение отметок с отметками по журналу» of the wide form."""
    book, sheet = new_sheet(work, "Сравнение отметок с отметками по журналу")
    rows: list[Sequence[str | float | None]] = [JOURNAL_HEADER]
    for line in lines:
        counts = (line.lowered, line.confirmed, line.raised)
        pairs = [(float(share_of_count(count, sum(counts))), count) for count in counts]
        rows.append((line.name, sum(counts), *(value for pair in pairs for value in pair)))
    return saved(book, sheet, rows)


def new_sheet(work: FederalWork, report: str) -> tuple[Workbook, Worksheet]:
    subject = BY_CODE[work.subject]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = safe_title(f"{subject.short} {work.grade} {report}")
    head: tuple[tuple[int, tuple[str | int, ...]], ...] = (
        (1, (report,)),
        (3, (f"ВПР {work.year} {subject.name} {work.grade} класс",)),
        (4, ("Предмет:", subject.name)),
        (5, ("Максимальный первичный балл:", work.max_primary)),
        (6, ("Дата:", f"{work.held:%d.%m.%Y}")),
    )
    for row, values in head:
        for column, value in enumerate(values, start=1):
            put(sheet, row, column, value)
    return book, sheet


def saved(book: Workbook, sheet: Worksheet, rows: Sequence[Sequence[str | float | None]]) -> bytes:
    for number, values in enumerate(rows, start=HEADER_ROW):
        for column, value in enumerate(values, start=1):
            put(sheet, number, column, value)
    sheet.column_dimensions["A"].width = 60
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
