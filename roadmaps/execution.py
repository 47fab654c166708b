"""How far a roadmap is carried out, from statuses and dates. Pure: no Django, no database; «today» is an argument.

Source: domain specification, 4.2 and 4.4.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeVar

Key = TypeVar("Key", bound=Hashable)


class ExecutionStatus(StrEnum):
    """Where a measure stands. OVERDUE and DONE_LATE come from dates, whatever a person marked."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DONE_LATE = "done_late"
    PARTIAL = "partial"
    OVERDUE = "overdue"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    NOT_APPLICABLE = "not_applicable"


DONE_STATUSES: Final = frozenset({ExecutionStatus.DONE, ExecutionStatus.DONE_LATE})
LEFT_OUT_STATUSES: Final = frozenset({ExecutionStatus.CANCELLED, ExecutionStatus.NOT_APPLICABLE})
CLOSED_STATUSES: Final = DONE_STATUSES | LEFT_OUT_STATUSES | {ExecutionStatus.PARTIAL}
DUE_STATUSES: Final = DONE_STATUSES | {ExecutionStatus.PARTIAL, ExecutionStatus.OVERDUE}


@dataclass(frozen=True, kw_only=True)
class MeasureFacts:
    """A measure as marked. due None: no term is set, so it is never late. done_on None: not told when."""

    status: ExecutionStatus
    due: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A part of a whole with both counts; an empty whole has no percentage."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> Fraction | None:
        return Fraction(100 * self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True, kw_only=True)
class Execution:
    """Measures by their standing on a day."""

    counts: Mapping[ExecutionStatus, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> Ratio:
        """«Исполнено»: (DONE + DONE_LATE) / (all - CANCELLED - NOT_APPLICABLE)."""
        return Ratio(numerator=self._sum(DONE_STATUSES), denominator=self.total - self._sum(LEFT_OUT_STATUSES))

    @property
    def in_time(self) -> Ratio:
        """«В срок»: DONE / (DONE + DONE_LATE + PARTIAL + OVERDUE)."""
        return Ratio(numerator=self.number_of(ExecutionStatus.DONE), denominator=self._sum(DUE_STATUSES))

    @property
    def overdue(self) -> int:
        return self.number_of(ExecutionStatus.OVERDUE)

    @property
    def is_complete_and_in_time(self) -> bool:
        """Answer whether «исполнены в полном объёме и в соответствии со сроками» is true: 100 % and 100 %."""
        return self.done.percent == self.in_time.percent == 100

    def number_of(self, status: ExecutionStatus) -> int:
        """Return how many measures stand so. No `[]`: templates would take it for the properties above."""
        return self.counts.get(status, 0)

    def _sum(self, statuses: Iterable[ExecutionStatus]) -> int:
        return sum(self.number_of(status) for status in statuses)


def standing(measure: MeasureFacts, today: date) -> ExecutionStatus:
    """Return where a measure really stands on a day; a term is inclusive.

    Done after the term is DONE_LATE, though marked DONE; not closed after the term is OVERDUE, though marked in
    progress or moved to that term. Done after the day is not done on it: on that day it was in progress.
    """
    measure = known_on(measure, today)
    if measure.status in DONE_STATUSES and measure.due and measure.done_on:
        return ExecutionStatus.DONE_LATE if measure.done_on > measure.due else ExecutionStatus.DONE
    if measure.status in CLOSED_STATUSES:
        return measure.status
    if measure.due is None:
        return ExecutionStatus.IN_PROGRESS if measure.status is ExecutionStatus.OVERDUE else measure.status
    if measure.due < today:
        return ExecutionStatus.OVERDUE
    return ExecutionStatus.IN_PROGRESS if measure.status is ExecutionStatus.OVERDUE else measure.status


def known_on(measure: MeasureFacts, day: date) -> MeasureFacts:
    """Return a measure as it was on a day: in progress when it was done after it."""
    is_later = measure.done_on is not None and measure.done_on > day
    if measure.status not in DONE_STATUSES or not is_later:
        return measure
    return replace(measure, status=ExecutionStatus.IN_PROGRESS, done_on=None)


def execution(measures: Iterable[MeasureFacts], today: date) -> Execution:
    """Return how far measures are carried out on a day."""
    return Execution(counts=Counter(standing(measure, today) for measure in measures))


def total(executions: Iterable[Execution]) -> Execution:
    """Add several up: by counts, never as a mean of percentages."""
    counts: Counter[ExecutionStatus] = Counter()
    for each in executions:
        counts.update(each.counts)
    return Execution(counts=counts)


def by_key(measures: Iterable[tuple[Key, MeasureFacts]], today: date) -> dict[Key, Execution]:
    """Return an execution for each key (a school, a section, a factor), in the order they first come."""
    groups: dict[Key, list[MeasureFacts]] = {}
    for key, measure in measures:
        groups.setdefault(key, []).append(measure)
    return {key: execution(group, today) for key, group in groups.items()}
