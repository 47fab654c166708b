"""From rows of results to planned changes, of some schools after those of others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from schools import bulk
from schools.importing.ground import FilePlan, Ground, PlannedRow
from schools.importing.ledger import Ledger, State
from schools.importing.result_fields import CODE, PORTION, ResultKey
from schools.importing.result_remarks import (
    YEARS_AHEAD,
    contradicted,
    crossed_borders,
    marker_of_nothing,
    repeated,
    unfitting,
    year_ahead,
)
from schools.importing.result_states import delivered, journal_counts, misfit
from schools.intake.matching import moment_of
from schools.intake.rows import Journal, ResultRow, RowPlace, WorkKey
from schools.intake.vocabulary import STATE_EXAMS
from schools.models import School

MatchedRow = tuple[FilePlan, ResultRow, School]


def matched_rows(ground: Ground, plans: Iterable[FilePlan]) -> Iterator[MatchedRow]:
    """Yield the rows whose school is told; the others become problems of their files."""
    for plan in plans:
        for row in plan.take_results():
            school = ground.find(row.school, plan, sheet=row.sheet, row=row.row, when=moment_of(row.work))
            if school:
                yield plan, row, school


def portions_by_school(matched: Iterable[MatchedRow]) -> Iterator[list[MatchedRow]]:
    """Yield the rows of some schools after those of others, each portion in the order of the files.

    Rows that have been yielded are held no more.
    """
    left = dict(enumerate(matched))
    places: dict[UUID, list[int]] = {}
    for place, (_, _, school) in left.items():
        places.setdefault(school.id, []).append(place)
    for portion in bulk.joined(places.values(), PORTION):
        yield [left.pop(place) for place in sorted(portion)]


@dataclass(kw_only=True)
class Planner:
    """latest: the second year of the academic year that has begun; no work can be later, and no exam before its year.

    coming: comparisons with the journal in the same batch, see coming_journals. seen: file -> work -> its first row.
    at_odds: see rows_at_odds.
    """

    ledger: Ledger[ResultKey]
    latest: int
    coming: Mapping[ResultKey, Journal | None]
    at_odds: Mapping[tuple[str, ResultKey], Sequence[RowPlace]] = field(default_factory=dict)
    seen: dict[str, dict[ResultKey, RowPlace]] = field(default_factory=lambda: defaultdict(dict))
    keys: Mapping[WorkKey, State] = field(default_factory=lambda: bulk.Remembered(WorkKey._asdict))

    def planned(self, plan: FilePlan, row: ResultRow, school: School) -> PlannedRow | None:
        """Return what a row does, or None with a remark on why it is not taken."""
        latest = self.latest - YEARS_AHEAD if row.work.procedure in STATE_EXAMS else self.latest
        if row.work.year > latest:
            plan.problems.append(year_ahead(row, row.work.year, latest))
            return None
        if stranger := plan.template.stranger(row, school):
            plan.problems.append(stranger)
            return None
        key = (school.id, row.work)
        if places := self.at_odds.get((plan.source, key)):
            plan.problems.append(contradicted(row, places, school))
            return None
        first = self.seen[plan.source].setdefault(key, (row.sheet, row.row))
        if first != (row.sheet, row.row):
            plan.problems.append(repeated(row, first, school))
            return None
        return self.compared(plan, row, key)

    def compared(self, plan: FilePlan, row: ResultRow, key: ResultKey) -> PlannedRow | None:
        current = self.ledger.current(key)
        if current is None and not row.counts and not row.journal:
            plan.problems.extend(marker_of_nothing(row))
            return None
        after = delivered(row, plan.source, current)
        whole = after if current is None else {**current, **after}
        if reason := misfit(self.with_coming(whole, row, key)):
            plan.problems.append(unfitting(row, reason))
            return None
        plan.problems.extend(crossed_borders(row, whole))
        change = self.ledger.plan_over(current, key, after)
        return PlannedRow(
            CODE,
            row.sheet,
            row.row,
            row.school.label,
            key[0],
            change.outcome,
            self.keys[row.work],  # rows of one work share it
            change.before,
            change.after,
        )

    def with_coming(self, whole: State, row: ResultRow, key: ResultKey) -> State:
        """Return a work with the comparison that comes with it: new marks are not judged by an older journal."""
        journal = None if row.journal else self.coming.get(key)
        return {**whole, **journal_counts(journal)} if journal else whole


def rows_at_odds(matched: Iterable[MatchedRow]) -> dict[tuple[str, ResultKey], Sequence[RowPlace]]:
    """Return (file, work) -> the places of two of its rows, for works of which one file says two different things.

    None of such rows is taken: which of them is right only a person knows.
    """
    first: dict[tuple[str, ResultKey], ResultRow] = {}
    found: dict[tuple[str, ResultKey], Sequence[RowPlace]] = {}
    for plan, row, school in matched:
        key = (plan.source, (school.id, row.work))
        known = first.setdefault(key, row)
        places = ((known.sheet, known.row), (row.sheet, row.row))
        if places[0] != places[1] and said(known) != said(row):
            found.setdefault(key, places)
    return found


def said(row: ResultRow) -> tuple[object, ...]:
    return row.counts, row.journal, row.markers


def coming_journals(matched: Iterable[MatchedRow]) -> dict[ResultKey, Journal | None]:
    """Return the comparisons that come for works; None for a work with two of them: only one will be taken."""
    found: dict[ResultKey, Journal | None] = {}
    for _, row, school in matched:
        if row.journal:
            key = (school.id, row.work)
            found[key] = None if key in found else row.journal
    return found
