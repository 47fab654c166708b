"""What the portal counts by itself for a cycle: each source is one query over all schools of the cycle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from monitoring.choices import MetricSource
from roadmaps.execution import DONE_STATUSES
from roadmaps.models import Measure
from schools.choices import Procedure
from schools.models import AssessmentResult

SUBJECTS: Final = ("RU", "MA")


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part and its whole; both counts."""

    numerator: int
    denominator: int


Shares = Mapping[UUID, Share]


def latest_year(schools: Collection[UUID], procedure: Procedure, as_of: date) -> int:
    """Return the last year of results that were known on a date; 0, a year without results, when there are none."""
    results = AssessmentResult.objects.filter(school__in=schools, procedure=procedure, year__lte=as_of.year)
    year: int | None = results.aggregate(year=Max("year"))["year"]
    return year or 0


def low_marks(procedure: Procedure) -> Callable[[Collection[UUID], date], Shares]:
    """Return a source: marks «2» out of participants in Russian and mathematics of the latest year."""

    def shares(schools: Collection[UUID], as_of: date) -> Shares:
        rows = (
            AssessmentResult.objects.filter(
                school__in=schools,
                procedure=procedure,
                subject__in=SUBJECTS,
                mark2__isnull=False,
                year=latest_year(schools, procedure, as_of),
            )
            .values("school")
            .annotate(part=Sum("mark2"), whole=Sum("participants"))
            .order_by()
        )
        return {row["school"]: Share(numerator=row["part"], denominator=row["whole"]) for row in rows}

    return shares


def journal_confirmed(schools: Collection[UUID], as_of: date) -> Shares:
    """Return marks confirmed by the ВПР out of those compared with the journal."""
    rows = (
        AssessmentResult.objects.filter(
            school__in=schools,
            procedure=Procedure.VPR,
            confirmed__isnull=False,
            year=latest_year(schools, Procedure.VPR, as_of),
        )
        .values("school")
        .annotate(part=Sum("confirmed"), less=Sum("lowered"), more=Sum("raised"))
        .order_by()
    )
    return {
        row["school"]: Share(numerator=row["part"], denominator=row["less"] + row["part"] + row["more"]) for row in rows
    }


def roadmap_done(schools: Collection[UUID], as_of: date) -> Shares:
    """Return measures done by a date out of all but the excluded, in the roadmaps in force."""
    rows = (
        Measure.objects.in_force()
        .filter(roadmap__school__in=schools)
        .planned()
        .values("roadmap__school")
        .annotate(part=Count("pk", filter=Q(status__in=DONE_STATUSES, done_on__lte=as_of)), whole=Count("pk"))
        .order_by()
    )
    return {row["roadmap__school"]: Share(numerator=row["part"], denominator=row["whole"]) for row in rows}


SOURCES: Final[Mapping[MetricSource, Callable[[Collection[UUID], date], Shares]]] = {
    MetricSource.VPR_LOW: low_marks(Procedure.VPR),
    MetricSource.OGE_LOW: low_marks(Procedure.OGE),
    MetricSource.JOURNAL_CONFIRMED: journal_confirmed,
    MetricSource.ROADMAP_DONE: roadmap_done,
}
