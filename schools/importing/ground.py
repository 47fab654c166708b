"""What the planning of a batch leans on: files with their plans, schools in reach, schools that nobody knew."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, NamedTuple
from uuid import UUID

from schools.choices import RowOutcome
from schools.importing.file_facts import facts_of
from schools.importing.ledger import State
from schools.importing.reach import school_index
from schools.importing.template_rows import TemplateRows
from schools.intake.identifiers import with_lost_zeros
from schools.intake.matching import Match, Moment, Outcome, SchoolIndex, spelling
from schools.intake.rows import ParsedFile, Problem, ProblemCode, ResultRow, SchoolRef, problem_at
from schools.models import ImportBatch, ImportFile, School

UNMATCHED_KEPT: Final = 500


class PlannedRow(NamedTuple):
    """One row of a file and what applying it will do. school_id: None where the row is about no known school."""

    target: str  # code of schools/importing/targets.py
    sheet: str
    number: int
    label: str
    school_id: UUID | None
    outcome: RowOutcome
    key: State
    before: State | None
    after: State | None


@dataclass(kw_only=True)
class FilePlan:
    """A file of a batch with what its rows would do. rows: those that are not stored yet; outcomes: of the others.

    facts: what the whole file is about, whichever of its rows have been taken.
    """

    file: ImportFile
    parsed: ParsedFile
    rows: list[PlannedRow] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(init=False)
    unmatched: dict[SchoolRef, "Unmatched"] = field(default_factory=dict)
    clashes: list[dict[str, Any]] = field(default_factory=list)  # what other files of the batch say differently
    facts: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.problems = list(self.parsed.problems)
        self.facts = facts_of(self.parsed)

    @cached_property
    def template(self) -> TemplateRows:
        return TemplateRows.of(self.parsed)

    @cached_property
    def source(self) -> str:
        """Return the id of the file as states keep it."""
        return str(self.file.pk)

    def take_results(self) -> Sequence[ResultRow]:
        """Hand the rows of results over: the plan keeps none, so a region of them goes as it is planned."""
        rows, self.parsed = self.parsed.rows, replace(self.parsed, rows=())
        return rows

    def refused_rows(self) -> Iterator[PlannedRow]:
        """Yield one row for each place of the file with an error."""
        places = {(problem.sheet, problem.row) for problem in self.problems if problem.is_error}
        for sheet, number in sorted(places):
            yield PlannedRow("", sheet, number, "", None, RowOutcome.REJECTED, {}, None, None)


@dataclass(kw_only=True)
class Unmatched:
    """A school of a file that the portal could not tell: unknown in reach, or one of several."""

    school: SchoolRef
    outcome: Outcome
    rows: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return what `ImportFile.meta["unmatched"]` keeps of it, for the queue of the page."""
        ref = self.school
        return {**ref._asdict(), "outcome": self.outcome.value, "rows": self.rows}


@dataclass(kw_only=True)
class Ground:
    """The batch and the schools that its person may touch.

    coming: identifiers and spellings of the schools of a registry in the same batch, which is not there before it.
    """

    batch: ImportBatch
    coming: frozenset[str] = frozenset()
    matches: dict[tuple[SchoolRef, Moment | None], Match[School]] = field(default_factory=dict)

    @cached_property
    def index(self) -> SchoolIndex[School]:
        return school_index(self.batch)

    @cached_property
    def schools(self) -> dict[UUID | None, School]:
        """Return the schools in reach by id."""
        return {school.id.pk: school.id for school in self.index.schools}

    def match(self, ref: SchoolRef, when: Moment | None = None) -> Match[School]:
        found = self.matches.get((ref, when))
        if found is None:
            found = self.matches[ref, when] = self.index.match(ref, when)
        return found

    def find(
        self,
        ref: SchoolRef,
        plan: FilePlan,
        *,
        sheet: str,
        row: int,
        when: Moment | None = None,
    ) -> School | None:
        """Return the school of a row; one that cannot be told becomes a problem of the file and a line of its queue.

        when: the time that the row speaks of, None where it knows none.
        """
        match = self.match(ref, when)
        if match.school:
            return match.school.id
        if confirmed := self.confirmed(ref, plan):
            return confirmed
        plan.unmatched.setdefault(ref, Unmatched(school=ref, outcome=match.outcome)).rows += 1
        if when and match.outcome == Outcome.UNKNOWN and self.match(ref).school:
            plan.problems.append(not_then(ref, sheet=sheet, row=row))
        else:
            plan.problems.append(self.unmatched_problem(ref, match.outcome, sheet=sheet, row=row))
        return None

    def confirmed(self, ref: SchoolRef, plan: FilePlan) -> School | None:
        """Return the school that a person has named for these very rows: see `import_review.confirm_school`."""
        answers: Mapping[str, str] = plan.file.meta.get("confirmed", {})
        answer = answers.get(spelling(ref)) if answers else None
        return self.schools.get(UUID(answer)) if answer else None

    def way_to(self, ref: SchoolRef) -> str:
        """Return how to have an unknown school known."""
        if self.coming & {ref.inn, ref.login, spelling(SchoolRef(name=ref.name))}:
            return "Она есть в реестре этой же загрузки: загрузите и примените сначала реестр, потом результаты."
        return "Проверьте ИНН, логин и название или добавьте школу в реестр."

    def unmatched_problem(self, ref: SchoolRef, outcome: Outcome, *, sheet: str, row: int) -> Problem:
        """Return what is wrong. A foreign school and one that nobody knows get the same words."""
        label = told_as(ref)
        if outcome == Outcome.AMBIGUOUS:
            code = ProblemCode.AMBIGUOUS_SCHOOL
            what, action = f"школа «{label}» подходит к нескольким школам.", "Укажите её ИНН или логин."
        elif outcome == Outcome.CONTRADICTED:
            code = ProblemCode.AMBIGUOUS_SCHOOL
            what = f"школа «{label}»: ИНН {ref.inn} и логин или код в строке ведут к разным школам."
            action = "Проверьте, чей это ИНН, и исправьте то, что неверно."
        else:
            code = ProblemCode.UNKNOWN_SCHOOL
            where = f"её нет в реестре или она вне вашей территории ({self.batch.territory.name})"
            what = f"школа «{label}» не найдена: {where}."
            likely = with_lost_zeros(ref.gia_code, self.index.by["gia_code"])
            what += f" Возможно, {likely}: нули в начале кода теряет числовой формат." if likely else ""
            action = self.way_to(ref)
        return problem_at(code, sheet, row, what, found=label, expected="школа из реестра", action=action)


def told_as(ref: SchoolRef) -> str:
    """Return «СОШ № 5 (edu900005, Энский округ)»; what the name says already is not said twice."""
    told = [value for value in (ref.login, ref.place) if value and value.casefold() not in ref.label.casefold()]
    return f"{ref.label} ({', '.join(told)})" if told else ref.label


def coming_schools(files: Iterable[ParsedFile]) -> frozenset[str]:
    """Return what rows of other files may call the schools of the registry files by."""
    schools = [row for file in files for row in file.schools]
    names = {spelling(SchoolRef(name=row.name)) for row in schools}
    return frozenset(names | {row.inn for row in schools} | {row.login for row in schools if row.login})


def not_then(ref: SchoolRef, *, sheet: str, row: int) -> Problem:
    """Return the problem of a school that is known, and was not there when the work was written."""
    return problem_at(
        ProblemCode.UNKNOWN_SCHOOL,
        sheet,
        row,
        f"школа «{ref.label}» в этом учебном году не работала: её ещё не было или она уже реорганизована.",
        found=ref.label,
        expected="школа, которая работала",
        action="Проверьте год. Результаты после реорганизации загружают на преемника.",
    )


def unmatched_json(plan: FilePlan) -> list[dict[str, Any]]:
    """Return the schools of a file that were not told, those with the most rows first."""
    most: Sequence[Unmatched] = sorted(plan.unmatched.values(), key=lambda unmatched: -unmatched.rows)
    return [unmatched.as_json() for unmatched in most[:UNMATCHED_KEPT]]
