"""Reads the results of one school as series of years, and compares two of them with what stands between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from schools.comparability import UNKNOWN, Nature, Remark, remarks, shipped_table
from schools.dynamics import Change, Count, View, Work, changes, earlier_of
from schools.intake.exam_scales import exam_scale
from schools.intake.level_scales import level_scales
from schools.lineage import Lineage, of_one_person, read_lineage
from schools.models import AssessmentResult, School
from schools.reference_values import on_levels
from schools.result_groups import main_of

IS_MARKED: Final = Q(below_min__isnull=False) | Q(mark2__isnull=False)
LOW_WORKS: Final = Case(  # `AssessmentResult.low`
    When(IS_MARKED, then=Coalesce("below_min", "mark2")),
    *(
        When(level_scale=scale.code, then=on_levels(level.code for level in scale.levels if level.low))
        for scale in level_scales()
    ),
    output_field=IntegerField(),
)
LOW_SCALE: Final = Case(  # `AssessmentResult.low_scale`
    When(below_min__isnull=True, mark2__isnull=False, then=Value("")), default=F("level_scale")
)


class SumRow(NamedTuple):
    """Rows of several schools alike in everything but the school, added up; with a school, its row as it is."""

    year: int
    procedure: str
    subject: str
    grade: int
    period: str
    level: str
    max_primary: int | None
    low_scale: str
    low: int | None
    participants: int
    school_id: UUID | None = None


Row = AssessmentResult | SumRow
R = TypeVar("R", AssessmentResult, SumRow)


@dataclass(frozen=True, kw_only=True)
class ResultSeries(Generic[R]):
    """Results through the years: (year, work) -> rows of the main period, one for each level of the course."""

    rows: Mapping[tuple[int, Work], Sequence[R]]

    @cached_property
    def counts(self) -> Mapping[tuple[int, Work], Count]:
        return {key: count_of(rows) for key, rows in self.rows.items()}

    @cached_property
    def years(self) -> list[int]:
        """Return the years with results, the newest first."""
        return sorted({year for year, _ in self.rows}, reverse=True)

    @property
    def newest(self) -> int | None:
        return self.years[0] if self.years else None

    def changes(self, year: int, view: View) -> list[Change]:
        """Return the changes of a year to the year before, each with what stands between them."""
        return changes(self.counts, year, view, remarks_of=lambda work: self.remarks(work, year, view))

    def remarks(self, work: Work, year: int, view: View) -> tuple[Remark, ...]:
        earlier = earlier_of(work, view)
        return remarks(
            work=(work.procedure, work.subject, work.grade),
            years=(year - 1, year),
            natures=(self.nature(year - 1, earlier), self.nature(year, work)),
            is_same_work=view is View.PARALLEL,
            table=shipped_table(),
        )

    def nature(self, year: int, work: Work) -> Nature:
        rows = self.rows.get((year, work), ())
        if not rows:
            return UNKNOWN
        scale = exam_scale(work.procedure, year, work.subject)
        maxima = {row.max_primary for row in rows if row.max_primary is not None}
        return Nature(
            levels=frozenset(row.level for row in rows),
            maximum=maxima.pop() if len(maxima) == 1 else scale.maximum if scale else None,
            borders=scale.borders if scale else None,
            scales=frozenset(row.low_scale for row in rows if row.low is not None),
        )


SchoolSeries = ResultSeries[AssessmentResult]


def series_of(school: School) -> SchoolSeries:
    """Return every year of a school and of its former legal persons, retakes left aside. Two queries."""
    persons = read_lineage().with_former([school.pk])
    found = AssessmentResult.objects.filter(school__in=persons).without_retakes()
    rows = found.order_by("year", "procedure", "grade", "subject", "level", "pk")
    return SchoolSeries(rows=main_rows(own_first(rows, persons)))


def series_by_school(schools: QuerySet[School], years: Collection[int]) -> Mapping[UUID, SchoolSeries]:
    """Return the years of each school that has results in them, retakes left aside.

    Two queries, a third when some were registered anew: what is of a former legal person is of the school.
    """
    of_schools, former = written_by(schools)
    found = AssessmentResult.objects.filter(of_schools, year__in=years).without_retakes()
    by_school: dict[UUID, list[AssessmentResult]] = defaultdict(list)
    for row in found.order_by("year", "procedure", "grade", "subject", "level", "pk"):
        by_school[former.now(row.school_id)].append(row)
    return {
        school: SchoolSeries(rows=main_rows(own_first(rows, former.with_former([school]))))
        for school, rows in by_school.items()
    }


def written_by(schools: QuerySet[School]) -> tuple[Q, Lineage]:
    """Return the condition on the results of schools and of their former legal persons, and the lineage of these."""
    lineage = read_lineage()
    anew = schools.filter(pk__in=list(lineage.former)).order_by().values_list("pk", flat=True) if lineage.former else ()
    former = lineage.of(set(anew))
    of_schools = Q(school__in=schools)
    return (of_schools | Q(school__in=list(former.heirs)) if anew else of_schools), former


def own_first(found: Iterable[R], persons: Sequence[UUID]) -> Iterable[R]:
    """Return the rows of a school of which no work is told by two legal persons: the newest one's word stands."""
    if len(persons) == 1:
        return found
    groups: dict[tuple[Any, ...], list[R]] = defaultdict(list)
    for row in found:
        groups[row.year, row.procedure, row.grade, row.subject].append(row)
    return [row for rows in groups.values() for row in of_one_person(rows, persons)]


def main_rows(found: Iterable[R]) -> Mapping[tuple[int, Work], Sequence[R]]:
    """Return (year, work) -> rows: the main period where the work was written in it, else the autumn one."""
    groups: dict[tuple[int, Work], list[R]] = defaultdict(list)
    for row in found:
        groups[row.year, Work(procedure=row.procedure, grade=row.grade, subject=row.subject)].append(row)
    return {key: main_of(rows, attrgetter("period")) for key, rows in groups.items()}


def count_of(rows: Sequence[Row]) -> Count:
    """Add up the levels of a work; one row without a count of low works leaves the whole without it."""
    lows = [row.low for row in rows]
    return Count(
        low=None if None in lows else sum(low or 0 for low in lows),
        participants=sum(row.participants for row in rows),
    )
