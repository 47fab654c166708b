"""R9, «Динамика результатов» of a school or a territory over two to five years.

Source: domain specification, 5.5 and 6.6. What is compared and what it is called: `schools.dynamics`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from django.db.models import F
from django.urls import reverse

from accounts.russian import number
from reports.errors import NothingToReport
from reports.facts import queries
from reports.facts.frame import ReportSpec, frame_of
from reports.facts.parts import Caution, Frame, SchoolExecution
from schools.choices import TerritoryLevel
from schools.comparability import Remark
from schools.dynamics import (
    DEFAULT_BOUNDS,
    Bounds,
    Change,
    Compared,
    Count,
    SchoolTrend,
    Trend,
    View,
    Work,
    school_trend,
)
from schools.dynamics_page import OBLIGATORY
from schools.dynamics_words import dynamics_sentence, shortage_words, work_title
from schools.identification import Procedure
from schools.models import School
from schools.run_pictures import work_titles
from schools.series import SchoolSeries, series_by_school, series_of
from schools.series_charts import SeriesChart, series_charts
from schools.territory_series import TerritorySeries, territory_series

if TYPE_CHECKING:
    from uuid import UUID

MOST_YEARS: Final = 5
Series = SchoolSeries | TerritorySeries


@dataclass(frozen=True, kw_only=True)
class YearCount:
    """low None: not delivered."""

    year: int
    low: int | None
    participants: int


@dataclass(frozen=True, kw_only=True)
class WorkYears:
    """A work with the years in which it was written. code: «ВПР РУ-5» for pictures."""

    title: str
    code: str
    counts: tuple[YearCount, ...]


@dataclass(frozen=True, kw_only=True)
class RemarkFacts:
    """What stands between two years. forbids: no level is given at all."""

    text: str
    source: str
    forbids: bool


@dataclass(frozen=True, kw_only=True)
class ComparedFacts:
    """Schools of a territory with a work in both years, which alone are compared, and in one of the years only."""

    both: int
    only_before: int
    only_after: int


@dataclass(frozen=True, kw_only=True)
class ChangeFacts:
    """A work of `year` against the year before. before, after None: no result of that year, of a territory also when
    no school has one of both.

    schools: None for a single school, and in versions that added up whoever wrote the work in each year.
    shortage: what the years lack for a level, in words with their participants; "" too in versions built before.
    """

    title: str
    code: str
    before: YearCount | None
    after: YearCount | None
    trend: Trend
    is_significant: bool | None
    remarks: tuple[RemarkFacts, ...]
    schools: ComparedFacts | None = None
    shortage: str = ""


@dataclass(frozen=True, kw_only=True)
class Levels:
    """How many works of the obligatory subjects have each level."""

    improving: int
    stable: int
    declining: int
    unknown: int


@dataclass(frozen=True, kw_only=True)
class PairFacts:
    """Two neighbouring years in one view. sentence: grades and procedures by level, without numbers."""

    year: int
    view: View
    trend: SchoolTrend
    levels: Levels
    sentence: str
    changes: tuple[ChangeFacts, ...]


@dataclass(frozen=True, kw_only=True)
class SchoolLine:
    """A school of a territory: the newest pair of years in both views."""

    name: str
    url: str
    parallel: SchoolTrend
    parallel_levels: Levels
    cohort: SchoolTrend
    cohort_levels: Levels


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A year of a series of the school and of its municipality; None: not written, or kept back."""

    title: str
    year: int
    low: int | None
    participants: int | None
    around_low: int | None
    around_participants: int | None


@dataclass(frozen=True, kw_only=True)
class BoundsFacts:
    """The parameters of the evaluation as printed numbers, percentage points and participants."""

    declining_from: str
    improving_to: str
    small_n: int
    significant_z: str
    improving_needed: int


@dataclass(frozen=True, kw_only=True)
class R9Facts:
    """school: empty for a report over a territory. has_schools: whether its schools are told one by one.

    tells_shortage: a year without a result is told apart from too few participants; versions built before say of both
    that there are few data. tells_day: the results are those of the day of the data; versions built before do not say.
    """

    frame: Frame
    school: str
    url: str
    years: tuple[int, ...]
    works: tuple[WorkYears, ...]
    pairs: tuple[PairFacts, ...]
    schools: tuple[SchoolLine, ...]
    has_schools: bool
    beside: tuple[Beside, ...]
    execution: SchoolExecution | None
    bounds: BoundsFacts
    cautions: tuple[Caution, ...]
    tells_shortage: bool = False
    tells_day: bool = False


def years_asked(spec: ReportSpec) -> range:
    """Return the years of the period, five at most; a single year stands against the one before."""
    last = spec.period_to.year
    first = min(spec.period_from.year, last - 1)
    return range(max(first, last - MOST_YEARS + 1), last + 1)


def collect(spec: ReportSpec) -> R9Facts:
    """Read the results of the years of the period. Raises NothingToReport for fewer than two years with results."""
    asked = years_asked(spec)
    own = series_of(spec.school) if spec.school else None
    series: Series = own or territory_series(School.objects.in_territory(spec.territory), asked)
    years = tuple(year for year in sorted(series.years) if year in asked)
    if len(years) < 2:
        raise NothingToReport(refusal(years, asked), field="period")
    return R9Facts(
        frame=frame_of(spec),
        school=name_of(spec),
        url=reverse("schools:results", args=[spec.school.pk]) if spec.school else "",
        years=years,
        works=works_of(series, years),
        pairs=tuple(pairs_of(series, years)),
        schools=school_lines(spec, years[-1]),
        has_schools=spec.school is None and spec.territory.level != TerritoryLevel.REGION,
        beside=tuple(beside_of(spec.school, own, years)) if spec.school and own else (),
        execution=execution_of(spec),
        bounds=bounds_facts(DEFAULT_BOUNDS),
        cautions=(),
        tells_shortage=True,
        tells_day=True,
    )


def refusal(years: Sequence[int], asked: Sequence[int]) -> str:
    span = f"{asked[0]}–{asked[-1]} годы"
    if not years:
        return f"Результатов за {span} нет. Загрузите их в разделе «Загрузки»."
    return f"За {span} есть результаты только {years[0]} года: сравнивать не с чем. Выберите более долгий период."


def name_of(spec: ReportSpec) -> str:
    return queries.names_of(spec, [spec.school])[spec.school.pk] if spec.school else ""


def code_of(work: Work) -> str:
    """Return «ВПР РУ-5»."""
    return work_titles(Procedure(kind=work.procedure, subject=work.subject, grade=work.grade))[0]


# Works and years


def works_of(series: Series, years: Sequence[int]) -> tuple[WorkYears, ...]:
    works = sorted({work for year, work in series.counts if year in years})
    return tuple(
        WorkYears(
            title=work_title(work),
            code=code_of(work),
            counts=tuple(
                year_count(year, series.counts[year, work]) for year in years if (year, work) in series.counts
            ),
        )
        for work in works
    )


def year_count(year: int, count: Count) -> YearCount:
    return YearCount(year=year, low=count.low, participants=count.participants)


def pairs_of(series: Series, years: Sequence[int]) -> Iterator[PairFacts]:
    """Yield each view of each two years that follow each other, the newest first."""
    neighbours = [after for before, after in pairwise(years) if after == before + 1]
    for year in reversed(neighbours):
        yield from (pair_facts(series, year, view) for view in View)


def pair_facts(series: Series, year: int, view: View) -> PairFacts:
    """Return a pair; children whose grade below wrote nothing have nothing to be compared with."""
    every = [each for each in series.changes(year, view) if view is View.PARALLEL or each.before]
    return PairFacts(
        year=year,
        view=view,
        trend=school_trend(every, OBLIGATORY),
        levels=levels_of(every),
        sentence=dynamics_sentence(every, year),
        changes=tuple(change_facts(each, year) for each in every),
    )


def levels_of(every: Iterable[Change]) -> Levels:
    """Count the works over which the verdict is given."""
    trends = [each.trend for each in every if each.work.subject in OBLIGATORY]
    known = {trend: trends.count(trend) for trend in (Trend.IMPROVING, Trend.STABLE, Trend.DECLINING)}
    return Levels(
        improving=known[Trend.IMPROVING],
        stable=known[Trend.STABLE],
        declining=known[Trend.DECLINING],
        unknown=len(trends) - sum(known.values()),
    )


def change_facts(change: Change, year: int) -> ChangeFacts:
    return ChangeFacts(
        title=work_title(change.work),
        code=code_of(change.work),
        before=year_count(year - 1, change.before) if change.before else None,
        after=year_count(year, change.after) if change.after else None,
        trend=change.trend,
        is_significant=change.is_significant,
        remarks=tuple(map(remark_facts, change.remarks)),
        schools=compared_facts(change.schools) if change.schools else None,
        shortage=shortage_words(change, year),
    )


def compared_facts(schools: Compared) -> ComparedFacts:
    return ComparedFacts(both=schools.both, only_before=schools.only_before, only_after=schools.only_after)


def remark_facts(remark: Remark) -> RemarkFacts:
    return RemarkFacts(text=remark.text, source=remark.source, forbids=remark.forbids)


def bounds_facts(bounds: Bounds) -> BoundsFacts:
    return BoundsFacts(
        declining_from=plain(bounds.declining_from),
        improving_to=plain(-bounds.improving_to),
        small_n=bounds.small_n,
        significant_z=number(bounds.significant_z, 2),
        improving_needed=bounds.improving_needed,
    )


def plain(value: Fraction) -> str:
    """Return «10», «7,5»."""
    exact = number(value, 2)
    return exact.rstrip("0").rstrip(",") if "," in exact else exact


# Around the works


def school_lines(spec: ReportSpec, year: int) -> tuple[SchoolLine, ...]:
    """Return the schools of a municipality that have results of the newest two years. Three queries."""
    if spec.school or spec.territory.level == TerritoryLevel.REGION:
        return ()
    schools = School.objects.in_territory(spec.territory)
    found = series_by_school(schools, (year - 1, year))
    named = schools.filter(pk__in=found).with_name_on(spec.as_of).order_by(F("name_on"), "pk")
    names = queries.names_of(spec, named)
    return tuple(school_line(school, names, found[school.pk], year) for school in named)


def school_line(school: School, names: Mapping[UUID, str], series: SchoolSeries, year: int) -> SchoolLine:
    parallel, cohort = (pair_facts(series, year, view) for view in (View.PARALLEL, View.COHORT))
    return SchoolLine(
        name=names[school.pk],
        url=f"{reverse('schools:results', args=[school.pk])}?year={year}",
        parallel=parallel.trend,
        parallel_levels=parallel.levels,
        cohort=cohort.trend,
        cohort_levels=cohort.levels,
    )


def beside_of(school: School, series: SchoolSeries, years: Collection[int]) -> Iterator[Beside]:
    """Yield the obligatory series of a school beside its municipality. One query."""
    for chart in series_charts(school, series):
        yield from beside_years(chart, years)


def beside_years(chart: SeriesChart, years: Collection[int]) -> Iterator[Beside]:
    for point in chart.points:
        if point.year not in years:
            continue
        low, participants = point.own or (None, None)
        around_low, around = point.municipality or (None, None)
        yield Beside(
            title=chart.title,
            year=point.year,
            low=low,
            participants=participants,
            around_low=around_low,
            around_participants=around,
        )


def execution_of(spec: ReportSpec) -> SchoolExecution | None:
    """Return how the school fulfils its roadmap, which domain practice prints beside the dynamics."""
    if spec.school is None:
        return None
    (found,) = queries.executions(spec, [spec.school], None)
    return found if found.counted else None
