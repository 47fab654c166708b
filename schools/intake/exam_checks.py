"""Checks of a row of ОГЭ or ЕГЭ against the scale of its year, and the remarks on scales for a whole file.

What contradicts the range of points is an error; what contradicts a threshold is a warning, for a region may have
another one. Source: domain specification, 2.4 and 2.5.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.exam_scales import (
    ExamScale,
    exam_scale,
    exam_scales,
    is_between,
    mean_bounds,
    mean_bounds_of_marks,
)
from schools.intake.rows import Counts, Problem, ProblemCode, ResultRow, Severity, WorkKey, problem_at
from schools.intake.shares import russian
from schools.intake.subjects import subject_name
from schools.intake.vocabulary import PROCEDURE_NAMES

SCALED: Final = frozenset({"OGE", "EGE"})  # exams whose scales are published
MEAN_OF_MARKS: Final = Decimal("0.05")


def check_exam(reader: RowReader, work: WorkKey, counts: Counts) -> None:
    """Add what the counts of a row say against their scale; a year without a scale is not checked, and told."""
    scale = exam_scale(work.procedure, work.year, work.subject)
    if scale and scale.is_of_marks:
        check_failed(reader, work, counts)
        return
    check_mean(reader, counts, scale)
    if scale is None:
        return
    check_maximum(reader, counts, scale)
    check_below(reader, work, counts, scale)
    if work.procedure == "OGE":
        check_marks(reader, work, counts, scale)


def check_mean(reader: RowReader, counts: Counts, scale: ExamScale | None) -> None:
    """Refuse a mean outside of the points that can be had."""
    most = counts.max_primary or (scale.maximum if scale else None)
    if counts.mean_score is None or most is None or 0 <= counts.mean_score <= most:
        return
    mean = russian(counts.mean_score)
    what = f"средний балл {mean} вне шкалы работы: она от 0 до {most}."
    reader.add(ProblemCode.OUTSIDE_SCALE, what, key="mean_score", found=mean, expected=f"от 0 до {most}")


def check_maximum(reader: RowReader, counts: Counts, scale: ExamScale) -> None:
    if counts.max_primary is None or scale.maximum is None or counts.max_primary == scale.maximum:
        return
    what = f"максимальный балл {counts.max_primary}, в шкале этого года {scale.maximum} ({scale.source})."
    warn(reader, "max_primary", what, found=str(counts.max_primary), expected=str(scale.maximum))


def check_below(reader: RowReader, work: WorkKey, counts: Counts, scale: ExamScale) -> None:
    """Compare the mean with what is possible when so many did not reach the minimum."""
    most = counts.max_primary or scale.maximum
    if counts.below_min is None or counts.mean_score is None or most is None or not counts.participants:
        return
    if counts.below_min > counts.participants:
        return  # another check tells of it
    bounds = mean_bounds(counts.below_min, counts.participants, scale.minimum, most)
    if is_between(counts.mean_score, bounds):
        return
    minimum = f"минимум {work.year} года по предмету «{subject_name(work.subject)}» — {scale.minimum}"
    what = (
        f"ниже минимума {counts.below_min} из {counts.participants} при среднем балле {russian(counts.mean_score)}: "
        f"так не бывает, {minimum} ({scale.source})."
    )
    warn(reader, "below_min", what, found=str(counts.below_min), expected=f"средний балл {shown(bounds)}")


def check_failed(reader: RowReader, work: WorkKey, counts: Counts) -> None:
    """Compare «2» with the count below the minimum: where marks are given these are the same people."""
    if counts.marks is None or counts.below_min is None or counts.below_min == counts.marks[0]:
        return
    exam = "базовом ЕГЭ" if work.procedure == "EGE" else PROCEDURE_NAMES[work.procedure]
    two = counts.marks[0]
    what = f"ниже минимума {counts.below_min}, а отметок «2» {two}: на {exam} это одни и те же участники."
    warn(reader, "below_min", what, found=str(counts.below_min), expected=str(two))


def check_marks(reader: RowReader, work: WorkKey, counts: Counts, scale: ExamScale) -> None:
    """Compare «2» with the count below the minimum, and the mean with what is possible for these marks."""
    if counts.marks is None or not counts.participants:
        return
    check_failed(reader, work, counts)
    if counts.mean_score is None or scale.borders is None or scale.maximum is None or is_mean_mark(counts):
        return
    bounds = mean_bounds_of_marks(counts.marks, scale.borders, scale.maximum)
    if not is_between(counts.mean_score, bounds):
        what = f"средний балл {russian(counts.mean_score)} не получается при таких отметках ({scale.source})."
        warn(reader, "mean_score", what, found=russian(counts.mean_score), expected=shown(bounds))


def is_mean_mark(counts: Counts) -> bool:
    """Answer whether the mean is that of the marks and not of the points: some regions give the one for the other."""
    marks = counts.marks or ()
    total = sum(mark * count for mark, count in enumerate(marks, start=2))
    return counts.mean_score is not None and abs(counts.mean_score - Decimal(total) / sum(marks)) <= MEAN_OF_MARKS


def shown(bounds: tuple[Decimal, Decimal]) -> str:
    low, high = (russian(bound.quantize(Decimal("0.1"))) for bound in bounds)
    return f"от {low} до {high}"


def warn(reader: RowReader, key: str, what: str, *, found: str, expected: str) -> None:
    code, severity = ProblemCode.OUTSIDE_SCALE, Severity.WARNING
    reader.add(code, what, key=key, found=found, expected=expected, severity=severity)


def scale_notices(sheet: str, rows: Iterable[ResultRow]) -> list[Problem]:
    """Return the remarks, once for a file and an exam of a year, on scales nobody compared with the letter, or absent.

    Each says what was not checked: silence would look like a check that found nothing.
    """
    found = {row.work for row in rows}
    return [*unconfirmed_notices(sheet, found), *absent_notices(sheet, found)]


def absent_notices(sheet: str, found: Collection[WorkKey]) -> list[Problem]:
    exams = [work for work in found if work.procedure in SCALED]
    absent = {(work.procedure, work.year, work.subject) for work in exams} - exam_scales().keys()
    by_year: dict[tuple[str, int], list[str]] = defaultdict(list)
    for procedure, year, subject in sorted(absent):
        by_year[procedure, year].append(subject_name(subject).lower())
    return [
        problem_at(
            ProblemCode.SCALE_ABSENT,
            sheet,
            0,
            f"шкалы {PROCEDURE_NAMES[procedure]} {year} года в портале нет: пороги и баллы не проверены "
            f"({', '.join(subjects)}).",
            found=str(year),
            severity=Severity.WARNING,
        )
        for (procedure, year), subjects in sorted(by_year.items())
    ]


def unconfirmed_notices(sheet: str, found: Collection[WorkKey]) -> list[Problem]:
    works = {(work.procedure, work.year): scale for work in found if (scale := unconfirmed(work))}
    return [
        problem_at(
            ProblemCode.SCALE_UNCONFIRMED,
            sheet,
            0,
            f"шкала {PROCEDURE_NAMES[procedure]} {year} года в портале не подтверждена: {scale.source}.",
            found=str(year),
            severity=Severity.WARNING,
            action="Проверьте минимальный балл по письму.",
        )
        for (procedure, year), scale in sorted(works.items())
    ]


def unconfirmed(work: WorkKey) -> ExamScale | None:
    scale = exam_scale(work.procedure, work.year, work.subject)
    return scale if scale and not scale.is_confirmed else None
