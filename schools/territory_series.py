"""Reads the results of the schools of a territory, added up: by year, and over the same schools in two years.

Years differ in the schools that wrote a work, so a difference of their sums is no change: only schools that have the
work in both are compared, and how many are left out is told. Source: domain specification, 1.1-5, 5.5.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from schools.dynamics import Change, Compared, View, Work, change, earlier_of, paired
from schools.lineage import Lineage
from schools.models import AssessmentResult, School
from schools.series import (
    LOW_SCALE,
    LOW_WORKS,
    ResultSeries,
    SumRow,
    count_of,
    main_rows,
    own_first,
    written_by,
)

ROW_COLUMNS: Final = (
    "year",
    "procedure",
    "subject",
    "grade",
    "period",
    "level",
    "max_primary",
    "scale",
    "low_works",
    "participants",
    "school_id",
)  # in the order of SumRow
PORTION: Final = 2000  # rows read at once

Works = Mapping[tuple[int, Work], Sequence[SumRow]]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two years of a territory in one view, by the schools that have a work in both.

    series: the rows of those schools alone; schools: work of the later year -> how many are compared, and how many not.
    """

    series: ResultSeries[SumRow]
    schools: Mapping[Work, Compared]

    def changes(self, year: int, view: View) -> list[Change]:
        found = {each.work: each for each in self.series.changes(year, view)}
        works = sorted(self.schools)
        return [replace(found.get(work) or change(work, None, None), schools=self.schools[work]) for work in works]


@dataclass(frozen=True, kw_only=True)
class TerritorySeries(ResultSeries[SumRow]):
    """The schools of a territory added up. rows: all that wrote a work in a year, so its years differ in their schools.

    pairs: (later year, view) -> what may be compared.
    """

    pairs: Mapping[tuple[int, View], Pair]

    def changes(self, year: int, view: View) -> list[Change]:
        """Return the changes of a year to the year before over the same schools; nothing for a year without a pair."""
        pair = self.pairs.get((year, view))
        return pair.changes(year, view) if pair else []


def territory_series(schools: QuerySet[School], years: Collection[int]) -> TerritorySeries:
    """Return some years of the schools together, and what of them may be compared.

    Two queries, a third when some were registered anew: such a school is the same one in both years. A school that was
    merged into another one stays apart from it: it has works of the earlier year alone, and those are not added to the
    works of the other. A result without a count of low works adds neither low works nor participants.
    """
    sums = TerritorySums(years=frozenset(years))
    for works in works_by_school(schools, years):
        sums.add(works)
    return sums.series()


def works_by_school(schools: QuerySet[School], years: Collection[int]) -> Iterator[Works]:
    """Yield the works of each school, one after another: a region is never all in memory at once.

    Schools that were registered anew come last, for their rows stand under several legal persons.
    """
    of_schools, former = written_by(schools)
    found = (
        AssessmentResult.objects.filter(of_schools, year__in=years)
        .without_retakes()
        .annotate(low_works=LOW_WORKS, scale=LOW_SCALE)
        .order_by("school_id", "year", "procedure", "grade", "subject", "level", "pk")
        .values_list(*ROW_COLUMNS)
    )
    anew: dict[UUID, list[SumRow]] = defaultdict(list)
    for person, rows in groupby(map(SumRow._make, found.iterator(chunk_size=PORTION)), key=attrgetter("school_id")):
        school = former.now(person)
        if school in former.former:
            anew[school] += rows
        else:
            yield main_rows(rows)
    yield from (main_rows(own_rows(school, rows, former)) for school, rows in anew.items())


def own_rows(school: UUID, rows: Sequence[SumRow], former: Lineage) -> Sequence[SumRow]:
    return list(own_first(rows, former.with_former([school])))


Alike = tuple[str, str, int | None, str]  # period, level, maximum, scale of levels


class Sums(dict[tuple[int, Work], dict[Alike, Counter[str]]]):
    """(year, work) -> what rows are alike in -> their low works and participants."""

    def add(self, place: tuple[int, Work], rows: Sequence[SumRow]) -> None:
        for row in rows:
            if row.low is not None:
                alike = (row.period, row.level, row.max_primary, row.low_scale)
                total = self.setdefault(place, {}).setdefault(alike, Counter())
                total["low"] += row.low
                total["participants"] += row.participants

    def added(self) -> Works:
        return {place: [sum_row(*place, *each) for each in rows.items()] for place, rows in self.items()}


def sum_row(year: int, work: Work, alike: Alike, total: Counter[str]) -> SumRow:
    period, level, maximum, scale = alike
    return SumRow(
        year=year,
        procedure=work.procedure,
        subject=work.subject,
        grade=work.grade,
        period=period,
        level=level,
        max_primary=maximum,
        low_scale=scale,
        low=total["low"],
        participants=total["participants"],
    )


@dataclass(kw_only=True)
class PairSums:
    """Two years in one view while schools are added. rows: of the compared schools; the rest: how many have a work."""

    rows: Sums = field(default_factory=Sums)
    both: Counter[Work] = field(default_factory=Counter)
    only_before: Counter[Work] = field(default_factory=Counter)
    only_after: Counter[Work] = field(default_factory=Counter)

    def pair(self) -> Pair:
        works = {*self.both, *self.only_before, *self.only_after}
        return Pair(
            series=ResultSeries(rows=self.rows.added()),
            schools={
                work: Compared(
                    both=self.both[work], only_before=self.only_before[work], only_after=self.only_after[work]
                )
                for work in works
            },
        )


@dataclass(kw_only=True)
class TerritorySums:
    """The sums of a territory, made school by school."""

    years: frozenset[int]
    totals: Sums = field(default_factory=Sums)
    pairs: dict[tuple[int, View], PairSums] = field(default_factory=lambda: defaultdict(PairSums))

    def add(self, works: Works) -> None:
        """Add a school to the years, and to the comparisons that it has both works of."""
        for place, rows in works.items():
            self.totals.add(place, rows)
        known = [place for place, rows in works.items() if count_of(rows).share is not None]
        for year in {each for each, _ in known} | {each + 1 for each, _ in known}:
            if {year - 1, year} <= self.years:
                for view in View:
                    self.compare(works, known, year, view)

    def compare(self, works: Works, known: Collection[tuple[int, Work]], year: int, view: View) -> None:
        sums, (both, only_before, only_after) = self.pairs[year, view], paired(known, year, view)
        sums.both.update(both)
        sums.only_before.update(only_before)
        sums.only_after.update(only_after)
        for work in both:
            for place in ((year - 1, earlier_of(work, view)), (year, work)):
                sums.rows.add(place, works[place])

    def series(self) -> TerritorySeries:
        return TerritorySeries(
            rows=self.totals.added(), pairs={place: sums.pair() for place, sums in self.pairs.items()}
        )
