"""Remarks on rows of results that the planning makes."""

from collections.abc import Sequence
from typing import Final

from schools.importing.ledger import State
from schools.importing.result_fields import work_title
from schools.intake.percents import borders_exist
from schools.intake.rows import (
    MARKS,
    Problem,
    ProblemCode,
    Record,
    ResultRow,
    RowPlace,
    Severity,
    place_words,
    problem_at,
)
from schools.models import School

YEARS_AHEAD: Final = 1  # a work is known by the second year of the academic year that has begun


def year_ahead(row: ResultRow | Record, year: int, latest: int) -> Problem:
    """Return the problem of a year that has not come."""
    what = f"год {year} не подходит: ожидается не позже {latest}."
    return problem_at(
        ProblemCode.OUT_OF_RANGE,
        row.sheet,
        row.row,
        what,
        found=str(year),
        expected=f"год не позже {latest}",
        action="Исправьте год.",
    )


def crossed_borders(row: ResultRow, state: State) -> list[Problem]:
    """Return a warning when no borders of marks give the marks to the histogram of the same work."""
    histogram = state.get("score_hist")
    if not histogram:
        return []
    marks = [state.get(mark) for mark in MARKS]
    if None in marks or borders_exist(histogram, [mark or 0 for mark in marks]):
        return []
    what = "отметки не получаются из распределения первичных баллов ни при каких границах."
    code, severity = ProblemCode.BORDERS_CROSS, Severity.WARNING
    return [problem_at(code, row.sheet, row.row, what, found=row.school.label, severity=severity)]


def repeated(row: ResultRow, first: RowPlace, school: School) -> Problem:
    what = f"повтор строки {place_words(first, row.sheet)}: та же школа и та же работа."
    action = "Оставьте одну строку."
    return problem_at(ProblemCode.REPEATED_ROW, row.sheet, row.row, what, found=school.name, action=action)


def contradicted(row: ResultRow, places: Sequence[RowPlace], school: School) -> Problem:
    """Return the problem of a work of which one file says two different things. places: of its rows."""
    other = next(place for place in places if place != (row.sheet, row.row))
    what = f"в строке {place_words(other, row.sheet)} та же школа и та же работа, а числа другие."
    action = "Оставьте верную строку: пока не взята ни одна."
    return problem_at(ProblemCode.REPEATED_ROW, row.sheet, row.row, what, found=school.name, action=action)


def unfitting(row: ResultRow, reason: str) -> Problem:
    what = f"данные не сходятся: {reason}."
    action = "Сверьте файл с результатами этой работы: загруженными раньше или вместе с ним."
    return problem_at(ProblemCode.PART_ABOVE_WHOLE, row.sheet, row.row, what, found=reason, action=action)


def marker_of_nothing(row: ResultRow) -> list[Problem]:
    """Return a warning when a file marks a work of which the portal has no results; «no marker» needs no words."""
    if not row.markers:
        return []
    what = f"признак относится к работе «{work_title(row.work)}», результатов которой в портале нет."
    return [
        problem_at(
            ProblemCode.NO_PARTICIPANTS,
            row.sheet,
            row.row,
            what,
            found=row.school.label,
            action="Сначала загрузите результаты этой работы.",
            severity=Severity.WARNING,
        ),
    ]
