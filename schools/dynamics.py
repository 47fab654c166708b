"""What changed in the results of a school from year to year. Pure: no Django, no database, no clock.

Source: domain specification, 2.2 (derived measures) and 5.5.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from typing import Final

from schools.comparability import Remark


class Trend(StrEnum):
    """The level of one change. More low works is worse."""

    IMPROVING = "improving"
    STABLE = "stable"
    DECLINING = "declining"
    INSUFFICIENT_DATA = "insufficient_data"  # both years were written, by too few children
    NOT_WRITTEN = "not_written"  # one of the years has no result: not held, or not delivered
    NOT_CALCULATED = "not_calculated"  # both years were written, but one has no count of low works
    NOT_COMPARABLE = "not_comparable"  # the works of the two years are known to differ


NO_LEVEL: Final = frozenset({Trend.INSUFFICIENT_DATA, Trend.NOT_WRITTEN, Trend.NOT_CALCULATED, Trend.NOT_COMPARABLE})


class SchoolTrend(StrEnum):
    IMPROVING = "improving"
    STABLE = "stable"
    DECLINING = "declining"
    MIXED = "mixed"
    INSUFFICIENT_DATA = "insufficient_data"


class View(StrEnum):
    """Who is compared with whom."""

    PARALLEL = "parallel"  # the same grade a year ago: other children
    COHORT = "cohort"  # the grade below a year ago: the same children


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Parameters of the evaluation. Bounds in percentage points belong to the level beyond them."""

    declining_from: Fraction = Fraction(10)
    improving_to: Fraction = Fraction(-10)
    small_n: int = 10  # fewer participants in either year are no ground for a level
    significant_z: float = 1.96
    improving_needed: int = 2  # so many improving works, and none declining, for a school that improves


DEFAULT_BOUNDS: Final = Bounds()


@dataclass(frozen=True, kw_only=True, order=True)
class Work:
    """What is compared: codes of procedure and subject, grade of the programme."""

    procedure: str
    grade: int
    subject: str


@dataclass(frozen=True, kw_only=True)
class Count:
    """Low works and participants of a work in a year. low None: not delivered."""

    low: int | None
    participants: int

    @property
    def share(self) -> Fraction | None:
        return None if self.low is None or not self.participants else Fraction(self.low, self.participants)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Schools of a territory that a change of a work is made of. Only those that have it in both years are compared.

    both: compared; only_before, only_after: have it in one of the years alone, and their works are left out.
    """

    both: int = 0
    only_before: int = 0
    only_after: int = 0


@dataclass(frozen=True, kw_only=True)
class Change:
    """Two years of a work beside each other. None: the work was not written that year.

    is_significant: None as well where no level is given, for then the years tell nothing together. schools: None for
    the change of a single school; of a territory before and after are of the compared schools alone, None without any.
    """

    work: Work
    before: Count | None
    after: Count | None
    points: Fraction | None  # percentage points, positive means more low works
    z: float | None
    trend: Trend
    is_significant: bool | None
    remarks: tuple[Remark, ...] = ()  # what stands between the years
    schools: Compared | None = None

    @property
    def participants(self) -> tuple[int | None, int | None]:
        """Return the participants of both years, to print where data do not suffice; None: no result of that year."""
        return (
            self.before.participants if self.before else None,
            self.after.participants if self.after else None,
        )


RemarksOf = Callable[[Work], tuple[Remark, ...]]


def no_remarks(_work: Work) -> tuple[Remark, ...]:
    return ()


def changes(
    counts: Mapping[tuple[int, Work], Count],
    year: int,
    view: View,
    bounds: Bounds = DEFAULT_BOUNDS,
    remarks_of: RemarksOf = no_remarks,
) -> list[Change]:
    """Return a change for each work of the year, and in the parallel view for those of the year before too.

    counts: (year, work) -> counts of one school. remarks_of: what stands between the two years of a work.
    """
    now = {work: count for (each, work), count in counts.items() if each == year}
    before = {predecessor_of(work, view): count for (each, work), count in counts.items() if each == year - 1}
    works = set(now) | set(before) if view is View.PARALLEL else set(now)
    return [change(work, before.get(work), now.get(work), bounds, remarks_of(work)) for work in sorted(works)]


def paired(works: Collection[tuple[int, Work]], year: int, view: View) -> tuple[set[Work], set[Work], set[Work]]:
    """Return the works of a year that a school has in both years, in the year before alone, in the year alone.

    works: (year, work) of one school. Those of the year before are named as the works that they are compared with.
    """
    now = {work for each, work in works if each == year}
    before = {predecessor_of(work, view) for each, work in works if each == year - 1}
    return now & before, before - now, now - before


def earlier_of(work: Work, view: View) -> Work:
    """Return the work of the year before that a work of this year is compared with."""
    step = 1 if view is View.COHORT else 0
    return Work(procedure=work.procedure, grade=work.grade - step, subject=work.subject)


def predecessor_of(work: Work, view: View) -> Work:
    """Return the work of the next year that a work of this year is compared with."""
    step = 1 if view is View.COHORT else 0
    return Work(procedure=work.procedure, grade=work.grade + step, subject=work.subject)


def change(
    work: Work,
    before: Count | None,
    after: Count | None,
    bounds: Bounds = DEFAULT_BOUNDS,
    remarks: tuple[Remark, ...] = (),
) -> Change:
    """Compare two years of a work. A remark that forbids leaves the numbers and takes the level away."""
    points = points_between(before, after)
    z = z_between(before, after)
    trend = trend_of(points, before, after, bounds)
    if trend not in NO_LEVEL and any(remark.forbids for remark in remarks):
        trend = Trend.NOT_COMPARABLE
    return Change(
        work=work,
        before=before,
        after=after,
        points=points,
        z=z,
        trend=trend,
        is_significant=None if z is None or trend in NO_LEVEL else abs(z) >= bounds.significant_z,
        remarks=remarks,
    )


def points_between(before: Count | None, after: Count | None) -> Fraction | None:
    """Return the difference of the shares in percentage points, exact."""
    old = before.share if before else None
    new = after.share if after else None
    return None if old is None or new is None else 100 * (new - old)


def z_between(before: Count | None, after: Count | None) -> float | None:
    """Return the statistic of the two-proportion z-test with a pooled share; None when it has no spread."""
    if before is None or after is None or before.share is None or after.share is None:
        return None
    low = (before.low or 0) + (after.low or 0)
    pooled = Fraction(low, before.participants + after.participants)
    variance = pooled * (1 - pooled) * (Fraction(1, before.participants) + Fraction(1, after.participants))
    return float(after.share - before.share) / sqrt(variance) if variance else None


def trend_of(points: Fraction | None, before: Count | None, after: Count | None, bounds: Bounds) -> Trend:
    if before is None or after is None:
        return Trend.NOT_WRITTEN
    if None in {before.low, after.low}:
        return Trend.NOT_CALCULATED
    if points is None or min(before.participants, after.participants) < bounds.small_n:
        return Trend.INSUFFICIENT_DATA
    if points >= bounds.declining_from:
        return Trend.DECLINING
    return Trend.IMPROVING if points <= bounds.improving_to else Trend.STABLE


def school_trend(
    every: Iterable[Change],
    obligatory_subjects: Collection[str],
    bounds: Bounds = DEFAULT_BOUNDS,
) -> SchoolTrend:
    """Return the verdict over obligatory subjects.

    Improving: two improving works or more and none declining. Declining: one declining or more and none improving.
    Otherwise mixed; but all stable is called stable, and nothing comparable is no verdict at all.
    """
    trends = [each.trend for each in every if each.work.subject in obligatory_subjects]
    known = [trend for trend in trends if trend not in NO_LEVEL]
    if not known:
        return SchoolTrend.INSUFFICIENT_DATA
    improving, declining = known.count(Trend.IMPROVING), known.count(Trend.DECLINING)
    if not improving and not declining:
        return SchoolTrend.STABLE
    if improving >= bounds.improving_needed and not declining:
        return SchoolTrend.IMPROVING
    return SchoolTrend.DECLINING if declining and not improving else SchoolTrend.MIXED
