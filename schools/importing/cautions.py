"""What planned rows make a person look twice at: jumps against last year, one work told by two files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from schools import bulk
from schools.calculation import LAST_GRADES
from schools.choices import RowOutcome
from schools.importing.ground import FilePlan, Ground, PlannedRow
from schools.importing.ledger import State
from schools.importing.result_fields import CODE, KEY_FIELDS, SILENT
from schools.importing.warnings import Jump, YearCounts, jumps
from schools.intake.rows import Problem, ProblemCode, Severity, problem_at
from schools.models import AssessmentResult, School

COUNTS: Final = ("participants", "mark2", "below_min")
CLASHES_KEPT: Final = 500
CHANGING: Final = (RowOutcome.NEW, RowOutcome.CHANGED)
Work = tuple[Any, ...]  # school, then the values of KEY_FIELDS as one tuple


def add_cautions(plans: Sequence[FilePlan], ground: Ground) -> None:
    """Add warnings on the rows that the plans of a batch have now; the rows stay as they are."""
    if results := [row for plan in plans for row in plan.rows if row.target == CODE and row.school_id]:
        works = Works()
        last_year = counts_of_last_year(results, works)
        for plan in plans:
            found = jumps_of(plan.rows, last_year, works)
            plan.problems.extend(jump_problem(row, jump, name_of(row, ground.schools)) for row, jump in found)
            plan.problems.extend(misfits_of(plan.rows, ground.schools))
    add_clashes(plans)


# Jumps


class Works:
    """Keys of planned rows as values, and those of a year before. Rows of one work share one key: it is told once."""

    def __init__(self) -> None:
        self.values: dict[int, tuple[State, Work, Work]] = {}  # with the key itself: while it lives, so does its id

    def values_of(self, key: State) -> tuple[State, Work, Work]:
        found = self.values.get(id(key))
        if found is None:
            now = tuple(key[name] for name in KEY_FIELDS)
            before = tuple(key[name] - 1 if name == "year" else key[name] for name in KEY_FIELDS)
            found = self.values[id(key)] = (key, now, before)
        return found

    def of(self, row: PlannedRow) -> Work:
        return row.school_id, self.values_of(row.key)[1]

    def year_before(self, row: PlannedRow) -> Work:
        return row.school_id, self.values_of(row.key)[2]


def year_counts(state: Mapping[str, Any]) -> YearCounts | None:
    """Return what a row says of a year; None when it does not tell the participants (a comparison with the journal)."""
    participants = state.get("participants")
    if participants is None:
        return None
    low = state.get("mark2")
    return YearCounts(participants, state.get("below_min") if low is None else low)


def counts_of_last_year(rows: Sequence[PlannedRow], works: Works) -> dict[Work, YearCounts]:
    """Return the counts of the year before by work: as they stand, or as this very batch tells them. One query."""
    years = {row.key["year"] - 1 for row in rows}
    schools = {row.school_id for row in rows if row.school_id}
    known = bulk.tuples_of_schools(
        AssessmentResult.objects.filter(year__in=years), schools, ("school_id", *COUNTS, *KEY_FIELDS)
    )
    found: dict[Work, YearCounts] = {
        (school, tuple(work)): YearCounts(participants, below_min if mark2 is None else mark2)
        for school, participants, mark2, below_min, *work in known
    }
    own = ((row, year_counts(row.after or {})) for row in rows if row.key["year"] in years)
    found.update((works.of(row), counts) for row, counts in own if counts)
    return found


def name_of(row: PlannedRow, schools: Mapping[UUID | None, School]) -> str:
    school = schools.get(row.school_id)
    return school.name if school else row.label


def jumps_of(
    rows: Iterable[PlannedRow],
    last_year: Mapping[Work, YearCounts],
    works: Works,
) -> Iterator[tuple[PlannedRow, Jump]]:
    """Yield each number that jumped in a row that would change something."""
    for row in rows:
        if row.target != CODE or row.outcome not in CHANGING:
            continue
        before = last_year.get(works.year_before(row))
        now = year_counts(row.after or {}) if before else None
        if now is not None and before is not None:
            yield from ((row, jump) for jump in jumps(before, now))


def jump_problem(row: PlannedRow, jump: Jump, school: str) -> Problem:
    return problem_at(
        ProblemCode.JUMP,
        row.sheet,
        row.number,
        f"{school}: {jump.text_ru}.",
        found=jump.now,
        expected=f"около {jump.before}",
        severity=Severity.WARNING,
        action="Сверьте с отчётом; если всё верно, поясните изменение.",
    )


# Works that a school of this kind and size does not write


def misfits_of(rows: Iterable[PlannedRow], schools: Mapping[UUID | None, School]) -> Iterator[Problem]:
    """Yield warnings on results above the last grade of the school, and of more participants than it has pupils.

    The kind and the pupils are those that the registry has today, and what was written in another year may be right.
    """
    for row in rows:
        school = schools.get(row.school_id)
        if school is None or row.target != CODE or row.outcome not in CHANGING:
            continue
        last, participants = LAST_GRADES.get(school.kind), (row.after or {}).get("participants")
        if last is not None and row.key["grade"] > last:
            yield above_school(row, school, last)
        if participants and school.students is not None and participants > school.students:
            yield more_than_pupils(row, school, participants)


def above_school(row: PlannedRow, school: School, last: int) -> Problem:
    kind, grade = school.get_kind_display(), row.key["grade"]
    return problem_at(
        ProblemCode.GRADE_ABOVE_SCHOOL,
        row.sheet,
        row.number,
        f"{school.name}: результаты {grade} класса, а в реестре это {kind}, в ней классы до {last}-го.",
        found=f"{grade} класс",
        expected=f"класс не старше {last}",
        severity=Severity.WARNING,
        action="Проверьте школу и класс в строке; если школа сменила вид, исправьте реестр.",
    )


def more_than_pupils(row: PlannedRow, school: School, participants: int) -> Problem:
    return problem_at(
        ProblemCode.MORE_THAN_PUPILS,
        row.sheet,
        row.number,
        f"{school.name}: участников {participants}, а обучающихся в школе по реестру {school.students}.",
        found=str(participants),
        expected=f"не больше {school.students}",
        severity=Severity.WARNING,
        action="Проверьте число участников; если школа выросла, исправьте реестр.",
    )


# One work in two files


def add_clashes(plans: Sequence[FilePlan]) -> None:
    """Warn where two files say different things of one key, and keep both values for the page."""
    if len(plans) < 2:  # inside one file a repeated key is refused
        return
    first: dict[Work, tuple[FilePlan, PlannedRow]] = {}
    for plan in plans:
        for row in plan.rows:
            if row.outcome == RowOutcome.REJECTED:
                continue
            key = (row.target, row.school_id, *sorted(row.key.items()))
            earlier_plan, earlier = first.setdefault(key, (plan, row))
            if earlier_plan is not plan and (fields := differing(earlier, row)):
                add_clash(plan, row, earlier_plan, earlier, fields)


def differing(earlier: PlannedRow, later: PlannedRow) -> list[str]:
    """Return the fields that both rows tell, with different values."""
    one, other = earlier.after or {}, later.after or {}
    return [name for name, value in other.items() if name in one and one[name] != value and name not in SILENT]


def add_clash(
    plan: FilePlan,
    row: PlannedRow,
    earlier_plan: FilePlan,
    earlier: PlannedRow,
    fields: Sequence[str],
) -> None:
    plan.problems.append(
        problem_at(
            ProblemCode.TWO_FILES,
            row.sheet,
            row.number,
            f"{row.label}: о той же работе иначе говорит файл «{earlier_plan.file.name}», строка {earlier.number}. "
            "Записано будет из этого файла.",
            action="Если верен другой файл, возьмите значения из него.",
            found=", ".join(str((row.after or {})[name]) for name in fields),
            expected=", ".join(str((earlier.after or {})[name]) for name in fields),
            severity=Severity.WARNING,
        ),
    )
    if len(plan.clashes) < CLASHES_KEPT:
        plan.clashes.append(
            {
                "school": str(row.school_id or ""),
                "label": row.label,
                "key": row.key,
                "target": row.target,
                "fields": {name: [(earlier.after or {})[name], (row.after or {})[name]] for name in fields},
                "earlier": {"file": earlier_plan.file.name, "sheet": earlier.sheet, "row": earlier.number},
                "later": {"sheet": row.sheet, "row": row.number},
            },
        )
