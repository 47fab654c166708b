"""`marks.xlsx` of a region: shares of marks of every school and work of ВПР in one flat table.

Source: domain specification, 2.3.
"""

from dataclasses import replace
from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book, Sheet
from schools.intake.headers import Column, best_row, locate, normalised
from schools.intake.layouts.base import Layout, header_affinity, most_alike
from schools.intake.layouts.region_flat import (
    WORK_COLUMNS,
    Places,
    file_notices,
    filled_rows,
    near_percent,
    read_school,
    read_work,
)
from schools.intake.rows import MARKS, Counts, ParsedFile, Problem, ResultRow
from schools.intake.shares import derived_notices, read_participants, read_shares, whole_counts

TITLE: Final = "Отметки ВПР по школам региона"
COLUMNS: Final = (*WORK_COLUMNS, *(Column(key=mark, title=mark.removeprefix("mark")) for mark in MARKS))
NOT_MARKS: Final = frozenset({"0", "1", "процедура"})  # scores of the same file, a template of the portal


def affinity(book: Book) -> float:
    return max((sheet_affinity(sheet) for sheet in book.visible), default=0.0)


def sheet_affinity(sheet: Sheet) -> float:
    best = best_row(sheet, COLUMNS)
    has_others = best is not None and any(normalised(cell) in NOT_MARKS for cell in best[0].cells)
    return 0.0 if has_others else header_affinity(sheet, COLUMNS)


def parse(book: Book) -> ParsedFile:
    sheet = most_alike(book, COLUMNS) or book.visible[0]
    header = locate(sheet, COLUMNS)
    problems: list[Problem] = sheet_notices(sheet, header)
    places = Places()
    rows: list[ResultRow] = []
    for reader in filled_rows(sheet, header, ("participants", "name")):
        rows += [row] if (row := result_row(reader, places)) else []
        problems += reader.problems
    parsed = flat_file(LAYOUT.code, TITLE, rows, [*problems, *file_notices(sheet.name, rows, places.logins)])
    return replace(parsed, problems=(*parsed.problems, *derived_notices([parsed])))


def flat_file(layout: str, title: str, rows: list[ResultRow], problems: list[Problem]) -> ParsedFile:
    """Return a file of many works; it has one of its own when all its rows are about it."""
    works = {row.work for row in rows}
    work = works.pop() if len(works) == 1 else None
    return ParsedFile(layout=layout, title=title, rows=tuple(rows), problems=tuple(problems), work=work)


def result_row(reader: RowReader, places: Places) -> ResultRow | None:
    school = read_school(reader)
    work = read_work(reader)
    participants = read_participants(reader)
    shares = read_shares(reader, MARKS, near_percent)
    places.add(reader, school)
    if reader.is_refused or participants is None or work is None:
        return None
    counts = whole_counts(reader, shares, participants)
    if counts is None:
        return None
    two, three, four, five = counts
    return ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=work[0],
        grade_actual=work[1],
        counts=Counts(participants=participants, marks=(two, three, four, five), percents=tuple(shares.values())),
    )


LAYOUT: Final = Layout(
    code="region_marks",
    title=TITLE,
    hint="таблица региона со столбцами Год, Класс, Предмет, Муниципалитет, Логин, ОО, Кол-во участников, 2, 3, 4, 5",
    affinity=affinity,
    parse=parse,
)
