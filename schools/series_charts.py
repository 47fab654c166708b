"""The share of low works of a school through the years, beside its municipality: four small charts of its card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from accounts.charts import per_cent
from accounts.russian import NBSP, NO_DATA, listing, percent
from schools.dynamics_words import series_title
from schools.models import AssessmentResult, School
from schools.reference_values import FEWEST_SCHOOLS
from schools.series import SchoolSeries

SHOWN: Final = (("VPR", "RU"), ("VPR", "MA"), ("OGE", "RU"), ("OGE", "MA"))
YEARS: Final = 5

Total = tuple[int, int]  # low works, participants
Key = tuple[str, str, int]  # procedure, subject, year
Grades = dict[int, Total]


@dataclass(frozen=True, kw_only=True)
class YearPoint:
    """A year of a series: low works and participants over its grades. None: nothing written, or kept back."""

    year: int
    own: Total | None
    municipality: Total | None

    @property
    def own_percent(self) -> float | None:
        return percent_of(self.own)

    @property
    def municipal_percent(self) -> float | None:
        return percent_of(self.municipality)

    @property
    def words(self) -> str:
        """Return «2026: 29 из 87, муниципалитет 17,3 % (52 из 300)»."""
        own = f"{self.own[0]}{NBSP}из{NBSP}{self.own[1]}" if self.own else NO_DATA
        return f"{self.year}:{NBSP}{own}{self.municipal_words}"

    @property
    def municipal_words(self) -> str:
        if self.municipality is None:
            return ""
        low, participants = self.municipality
        return f", муниципалитет{NBSP}{percent(low, participants, 1)} ({low}{NBSP}из{NBSP}{participants})"


class SameGrades(NamedTuple):
    """Two years over the same grades. is_whole: neither year has any other."""

    before: Total
    after: Total
    grades: tuple[int, ...]
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class SeriesChart:
    """same: the last two years over the grades that both have, None without such grades."""

    title: str
    points: Sequence[YearPoint]
    high: float = 100  # end of the scale, the same for the charts of a school
    same: SameGrades | None = None

    @property
    def years(self) -> list[str]:
        return [str(point.year) for point in self.points]

    @property
    def own(self) -> list[float | None]:
        return [point.own_percent for point in self.points]

    @property
    def municipal(self) -> list[float | None]:
        return [point.municipal_percent for point in self.points]

    @property
    def change(self) -> Fraction | None:
        """Return the change of the last two years of the school, percentage points, exact.

        Over the same grades: those of one year alone would make a difference of other works.
        """
        if self.same is None:
            return None
        return 100 * (Fraction(*self.same.after) - Fraction(*self.same.before))

    @property
    def grades_words(self) -> str:
        """Return «по 5 и 6 классам, которые писали в оба года», "" where both years have the same grades."""
        if self.same is None or self.same.is_whole:
            return ""
        grades = [str(grade) for grade in self.same.grades]
        noun = "классу, который" if len(grades) == 1 else "классам, которые"
        return f"по {listing(grades)} {noun} писали в оба года"


def percent_of(total: Total | None) -> float | None:
    return per_cent(*total) if total else None


def series_charts(school: School, series: SchoolSeries) -> list[SeriesChart]:
    """Return the obligatory series that the school has written, its newest years. One query."""
    years = sorted(series.years[:YEARS])
    works = own_works(series)
    own = {key: added_up(grades.values()) for key, grades in works.items()}
    known = [key for key in SHOWN if any((*key, year) in own for year in years)]
    municipal = municipal_totals(school, years) if known else {}
    series_points = {
        key: [
            YearPoint(year=year, own=own.get((*key, year)), municipality=municipal.get((*key, year))) for year in years
        ]
        for key in known
    }
    high = highest(point for points in series_points.values() for point in points)
    return [
        SeriesChart(title=series_title(*key), points=points, high=high, same=same_grades(*key, years[-2:], works))
        for key, points in series_points.items()
    ]


def highest(points: Iterable[YearPoint]) -> float:
    """Return the largest share of all, up to the next ten: charts beside each other need one scale."""
    shares = [value for point in points for value in (point.own_percent, point.municipal_percent) if value is not None]
    return 10 * ceil(max(shares, default=0) / 10) or 10


def own_works(series: SchoolSeries) -> dict[Key, Grades]:
    """Return the grades of each series by year; a grade without a count of low works is left out."""
    works: dict[Key, Grades] = defaultdict(dict)
    for (year, work), count in series.counts.items():
        if count.low is not None and count.participants:
            works[work.procedure, work.subject, year][work.grade] = (count.low, count.participants)
    return works


def added_up(counts: Iterable[Total]) -> Total:
    lows, participants = zip(*counts, strict=True)
    return sum(lows), sum(participants)


def same_grades(procedure: str, subject: str, years: Sequence[int], works: Mapping[Key, Grades]) -> SameGrades | None:
    """Return two years of a series over the grades that both have; None without two years or such grades."""
    if len(years) < 2:
        return None
    before, after = (works.get((procedure, subject, year), {}) for year in years)
    common = sorted(before.keys() & after.keys())
    if not common:
        return None
    return SameGrades(
        before=added_up(before[grade] for grade in common),
        after=added_up(after[grade] for grade in common),
        grades=tuple(common),
        is_whole=before.keys() == after.keys(),
    )


def municipal_totals(school: School, years: Sequence[int]) -> Mapping[Key, Total]:
    """Return the same over the schools of the municipality; nothing where they are too few to hide one."""
    low = Coalesce("below_min", "mark2")
    rows = (
        AssessmentResult.objects.filter(school__territory=school.territory_id, year__in=years)
        .filter(procedure__in={procedure for procedure, _ in SHOWN}, subject__in={subject for _, subject in SHOWN})
        .without_retakes()
        .annotate(low_works=low)
        .filter(low_works__isnull=False)
        .order_by()
        .values("procedure", "subject", "year")
        .annotate(total=Sum("low_works"), written=Sum("participants"), schools=Count("school", distinct=True))
    )
    return {
        (row["procedure"], row["subject"], row["year"]): (row["total"], row["written"])
        for row in rows
        if row["schools"] >= FEWEST_SCHOOLS and row["written"]
    }
