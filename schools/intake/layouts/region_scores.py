"""`scores.xlsx` of a region: shares of primary scores of every school and work of ВПР in one flat table.

Source: domain specification, 2.3. The columns go to the highest maximum of all works; the maximum of one work is the
last column that any row of the work fills.
"""

import re
from dataclasses import replace
from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book
from schools.intake.headers import locate
from schools.intake.layouts.base import Layout, header_affinity, most_alike
from schools.intake.layouts.federal_scores import FIRST_SCORES, histogram_of, score_keys
from schools.intake.layouts.federal_table import title_columns
from schools.intake.layouts.region_flat import (
    WORK_COLUMNS,
    Places,
    file_notices,
    filled_rows,
    near_percent,
    read_school,
    read_work,
)
from schools.intake.layouts.region_marks import flat_file
from schools.intake.rows import ParsedFile, Problem, ResultRow, SchoolRef, WorkKey
from schools.intake.shares import derived_notices, read_participants, read_shares

TITLE: Final = "Первичные баллы ВПР по школам региона"
SCORE: Final = re.compile(r"\d{1,3}")
KNOWN_BY: Final = (*WORK_COLUMNS, *FIRST_SCORES)


def affinity(book: Book) -> float:
    return max((header_affinity(sheet, KNOWN_BY) for sheet in book.visible), default=0.0)


def parse(book: Book) -> ParsedFile:
    sheet = most_alike(book, KNOWN_BY) or book.visible[0]
    header = locate(sheet, (*WORK_COLUMNS, *title_columns(sheet, WORK_COLUMNS, SCORE, "score:")))
    scores = score_keys(sheet, header, None)
    problems: list[Problem] = sheet_notices(sheet, header)
    places = Places()
    entries = [read_entry(reader, places) for reader in filled_rows(sheet, header, ("participants", "name"))]
    last = last_scores(entries, scores)
    rows: list[ResultRow] = []
    for reader, school, work in entries:
        if work:
            rows += [row] if (row := result_row(reader, school, work, scores[: last[work[0]] + 1])) else []
        problems += reader.problems
    parsed = flat_file(LAYOUT.code, TITLE, rows, [*problems, *file_notices(sheet.name, rows, places.logins)])
    return replace(parsed, problems=(*parsed.problems, *derived_notices([parsed])))


Entry = tuple[RowReader, SchoolRef, tuple[WorkKey, int] | None]  # a row, its school, its work with the actual grade


def read_entry(reader: RowReader, places: Places) -> Entry:
    school = read_school(reader)
    places.add(reader, school)
    return reader, school, read_work(reader)


def last_scores(entries: list[Entry], scores: list[str]) -> dict[WorkKey, int]:
    """Return the maximum of every work: the last column that one of its rows fills."""
    last: dict[WorkKey, int] = {}
    for reader, _, work in entries:
        if work:
            filled = [score for score, key in enumerate(scores) if reader.cell(key) is not None]
            last[work[0]] = max(last.get(work[0], 0), max(filled, default=0))
    return last


def result_row(
    reader: RowReader,
    school: SchoolRef,
    work: tuple[WorkKey, int],
    scores: list[str],
) -> ResultRow | None:
    participants = read_participants(reader)
    shares = read_shares(reader, scores, near_percent)
    if reader.is_refused or participants is None:
        return None
    counts = histogram_of(reader, shares, participants)
    return counts and ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=work[0],
        grade_actual=work[1],
        counts=counts,
    )


LAYOUT: Final = Layout(
    code="region_scores",
    title=TITLE,
    hint="таблица региона со столбцами Год, Класс, Предмет, Муниципалитет, Логин, ОО, Кол-во участников, 0, 1, 2…",
    affinity=affinity,
    parse=parse,
)
