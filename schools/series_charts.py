"""The share of low works of a school through the years, beside its municipality: four small charts of its card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from accounts.charts import per_cent
from accounts.russian import NBSP, NO_DATA, percent
from schools.dynamics_words import series_title
from schools.models import AssessmentResult, School
from schools.reference_values import FEWEST_SCHOOLS
from schools.series import SchoolSeries

SHOWN: Final = (("VPR", "RU"), ("VPR", "MA"), ("OGE", "RU"), ("OGE", "MA"))
YEARS: Final = 5

Total = tuple[int, int]  # low works, participants
Key = tuple[str, str, int]  # procedure, subject, year


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


@dataclass(frozen=True, kw_only=True)
class SeriesChart:
    title: str
    points: Sequence[YearPoint]
    high: float = 100  # end of the scale, the same for the charts of a school

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
        """Return the change of the last two years of the school, percentage points, exact."""
        totals = [point.own for point in self.points[-2:]]
        if len(totals) < 2 or totals[0] is None or totals[1] is None:
            return None
        return 100 * (Fraction(*totals[1]) - Fraction(*totals[0]))


def percent_of(total: Total | None) -> float | None:
    return per_cent(*total) if total else None


def series_charts(school: School, series: SchoolSeries) -> list[SeriesChart]:
    """Return the obligatory series that the school has written, its newest years. One query."""
    years = sorted(series.years[:YEARS])
    own = own_totals(series)
    known = [key for key in SHOWN if any((*key, year) in own for year in years)]
    municipal = municipal_totals(school, years) if known else {}
    series_points = {
        key: [
            YearPoint(year=year, own=own.get((*key, year)), municipality=municipal.get((*key, year))) for year in years
        ]
        for key in known
    }
    high = highest(point for points in series_points.values() for point in points)
    return [SeriesChart(title=series_title(*key), points=points, high=high) for key, points in series_points.items()]


def highest(points: Iterable[YearPoint]) -> float:
    """Return the largest share of all, up to the next ten: charts beside each other need one scale."""
    shares = [value for point in points for value in (point.own_percent, point.municipal_percent) if value is not None]
    return 10 * ceil(max(shares, default=0) / 10) or 10


def own_totals(series: SchoolSeries) -> dict[Key, Total]:
    """Return the grades of each series together; a grade without a count of low works is left out."""
    totals: dict[Key, Total] = {}
    for (year, work), count in series.counts.items():
        if count.low is not None and count.participants:
            key = (work.procedure, work.subject, year)
            low, participants = totals.get(key, (0, 0))
            totals[key] = (low + count.low, participants + count.participants)
    return totals


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
