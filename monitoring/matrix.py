"""The matrix of a cycle: schools by metrics, with the change since the cycle before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from uuid import UUID

from django.db.models import Prefetch

from accounts.models import User
from accounts.russian import rounded
from monitoring.attainment import Attainment, Goal, attainment, change_in_points, share_percent
from monitoring.choices import Direction, MetricGroup
from monitoring.models import Metric, MonitoringCycle, Reading, Submission

Key = tuple[UUID, str]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One reading as the page shows it. share: percent or None; change: points since the cycle before, or None."""

    numerator: int | None
    denominator: int | None
    share: Decimal | None
    change: Decimal | None
    mark: Attainment
    absence_reason: str
    is_better: bool = False

    @property
    def is_filled(self) -> bool:
        return self.share is not None or bool(self.absence_reason) or self.denominator == 0


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    submission: Submission
    cells: Sequence[Cell]

    @property
    def filled(self) -> int:
        return sum(cell.is_filled for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """metrics: in the order of columns; totals: over all schools, by counts and never by mean of shares."""

    metrics: Sequence[Metric]
    groups: Sequence[tuple[str, int]]
    rows: Sequence[MatrixRow]
    totals: Sequence[Cell]
    previous: MonitoringCycle | None

    @property
    def filled(self) -> int:
        return sum(row.filled for row in self.rows)

    @property
    def all(self) -> int:
        return len(self.rows) * len(self.metrics)


def build_matrix(*, cycle: MonitoringCycle, user: User) -> Matrix:
    """Read a cycle as a matrix of the schools that the person may see, in a fixed number of queries."""
    metrics = list(cycle.metric_set.metrics.all())
    previous = previous_cycle(cycle)
    before = readings_by_key(previous, user) if previous else {}
    submissions = visible_submissions(cycle, user)
    rows = [matrix_row(submission, metrics, before) for submission in submissions]
    return Matrix(
        metrics=metrics,
        groups=[(MetricGroup(group).label, len(list(items))) for group, items in groupby(metrics, lambda m: m.group)],
        rows=rows,
        totals=[total_cell(metric, [row.cells[i] for row in rows]) for i, metric in enumerate(metrics)],
        previous=previous,
    )


def visible_submissions(cycle: MonitoringCycle, user: User) -> Sequence[Submission]:
    readings = Prefetch("readings", queryset=Reading.objects.select_related("metric"))
    return list(
        cycle.submissions.visible_to(user).select_related("school").prefetch_related(readings).order_by("school__name"),
    )


def previous_cycle(cycle: MonitoringCycle) -> MonitoringCycle | None:
    """Return the cycle of the territory with the latest date before this one."""
    earlier = MonitoringCycle.objects.filter(territory=cycle.territory_id, as_of_date__lt=cycle.as_of_date)
    return earlier.order_by("-as_of_date", "pk").first()


def readings_by_key(cycle: MonitoringCycle, user: User) -> dict[Key, Reading]:
    return {
        (submission.school_id, reading.metric.code): reading
        for submission in visible_submissions(cycle, user)
        for reading in submission.readings.all()
    }


def matrix_row(submission: Submission, metrics: Sequence[Metric], before: dict[Key, Reading]) -> MatrixRow:
    readings = {reading.metric_id: reading for reading in submission.readings.all()}
    cells = [
        make_cell(metric, readings.get(metric.pk), before.get((submission.school_id, metric.code)))
        for metric in metrics
    ]
    return MatrixRow(submission=submission, cells=cells)


def make_cell(metric: Metric, reading: Reading | None, before: Reading | None) -> Cell:
    now = counts(reading)
    change = change_in_points(counts(before), now)
    return Cell(
        numerator=now[0],
        denominator=now[1],
        share=tenths(share_percent(*now)),
        change=tenths(change),
        mark=attainment(numerator=now[0], denominator=now[1], goal=goal_of(metric)),
        absence_reason=reading.absence_reason if reading else "",
        is_better=change is not None and (change > 0) == goal_of(metric).is_growth,
    )


def total_cell(metric: Metric, cells: Sequence[Cell]) -> Cell:
    """Return the share over the schools that gave both numbers."""
    known = [cell for cell in cells if cell.share is not None]
    numerator = sum(cell.numerator or 0 for cell in known) if known else None
    denominator = sum(cell.denominator or 0 for cell in known) if known else None
    return Cell(
        numerator=numerator,
        denominator=denominator,
        share=tenths(share_percent(numerator, denominator)),
        change=None,
        mark=attainment(numerator=numerator, denominator=denominator, goal=goal_of(metric)),
        absence_reason="",
    )


def goal_of(metric: Metric) -> Goal:
    return Goal(target=metric.target, is_growth=metric.direction == Direction.UP)


def counts(reading: Reading | None) -> tuple[int | None, int | None]:
    return (reading.numerator, reading.denominator) if reading else (None, None)


def tenths(value: Fraction | None) -> Decimal | None:
    """Round to one digit, for showing only."""
    return None if value is None else rounded(value, 1)
