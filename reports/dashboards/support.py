"""Schools on support: those of the newest published lists, with their risks, roadmap, readings and results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, Sum

from accounts import russian
from accounts.models import User
from monitoring.choices import OPEN_CYCLE_STATES
from monitoring.models import Submission
from monitoring.presentation import STATE_PILLS
from riskprofiles.models import ProfileFactor
from roadmaps.execution import Execution, ExecutionStatus, MeasureFacts, by_key, total
from roadmaps.models import Measure
from schools.choices import Procedure
from schools.models import AssessmentResult, School
from schools.models.registry import SchoolQuerySet

EMPTY_EXECUTION = total([])


class YearShare(NamedTuple):
    """Marks «2» and works of a year."""

    year: int
    low: int
    participants: int

    @property
    def percent(self) -> Fraction:
        return Fraction(100 * self.low, self.participants)

    @property
    def words(self) -> str:
        return f"{self.year}: {self.low} из {self.participants}"


@dataclass(frozen=True, kw_only=True)
class SupportedSchool:
    """One line of the table. shares: of «2» in mathematics by year, oldest first; empty without data."""

    school: School
    risks: int
    high_risks: int
    execution: Execution
    submission: Submission | None
    shares: Sequence[YearShare]

    @property
    def pill(self) -> str:
        return STATE_PILLS.get(self.submission.state, "none") if self.submission else "none"

    @property
    def spark(self) -> str:
        return ",".join(str(russian.rounded(each.percent, 1)) for each in self.shares)

    @property
    def last_share(self) -> Fraction | None:
        return self.shares[-1].percent if self.shares else None

    @property
    def change(self) -> Fraction | None:
        """Return the change since the year before, percentage points, exact: it is rounded where it is shown."""
        return self.shares[-1].percent - self.shares[-2].percent if len(self.shares) > 1 else None

    @property
    def counts(self) -> str:
        """Return «2025: 10 из 40 → 2026: 6 из 50», what the share and its change stand on."""
        return " → ".join(each.words for each in self.shares[-2:])


def support_table(user: User, today: date) -> list[SupportedSchool]:
    """Read everything of the table in a fixed number of queries."""
    schools = list(schools_on_support(user).order_by("name", "pk"))
    ids = [school.pk for school in schools]
    risks, executions = risk_counts(ids), executions_of(ids, today)
    submissions, shares = open_submissions(ids), low_shares(ids)
    return [
        SupportedSchool(
            school=school,
            risks=risks.get(school.pk, {}).get("all", 0),
            high_risks=risks.get(school.pk, {}).get("high", 0),
            execution=executions.get(school.pk, EMPTY_EXECUTION),
            submission=submissions.get(school.pk),
            shares=shares.get(school.pk, []),
        )
        for school in schools
    ]


def schools_on_support(user: User) -> SchoolQuerySet:
    """Return the schools on support that a person sees: the table of «Сегодня» and the mark on a card mean the same."""
    return School.objects.visible_to(user).active().on_support()


def risk_counts(schools: Collection[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    rows = (
        ProfileFactor.objects.activated()
        .filter(profile__school__in=schools)
        .values("profile__school")
        .annotate(all=Count("pk"), high=Count("pk", filter=Q(verified_level="high")))
        .order_by()
    )
    return {row["profile__school"]: {"all": row["all"], "high": row["high"]} for row in rows}


def executions_of(schools: Collection[UUID], today: date) -> Mapping[UUID, Execution]:
    """Return how far the roadmaps in force are carried out, by school."""
    measures = Measure.objects.in_force().filter(roadmap__school__in=schools)
    rows = measures.order_by().values_list("roadmap__school", "status", "due_date", "done_on")
    facts = (
        (school, MeasureFacts(status=ExecutionStatus(status), due=due, done_on=done_on))
        for school, status, due, done_on in rows
    )
    return by_key(facts, today)


def open_submissions(schools: Collection[UUID]) -> Mapping[UUID, Submission]:
    """Return the submissions of the cycles that are collecting or being checked, the latest cycle winning."""
    rows = Submission.objects.filter(school__in=schools, cycle__state__in=OPEN_CYCLE_STATES)
    return {row.school_id: row for row in rows.select_related("cycle").order_by("cycle__as_of_date")}


def low_shares(schools: Collection[UUID]) -> Mapping[UUID, Sequence[YearShare]]:
    """Return the share of «2» in mathematics (ВПР, all grades by counts) by year."""
    rows: Any = (
        AssessmentResult.objects.filter(
            school__in=schools,
            procedure=Procedure.VPR,
            subject="MA",
            mark2__isnull=False,
        )
        .values("school", "year")
        .annotate(failed=Sum("mark2"), whole=Sum("participants"))
        .order_by("year")
    )
    shares: dict[UUID, list[YearShare]] = defaultdict(list)
    for row in rows:
        if row["whole"]:
            shares[row["school"]].append(YearShare(year=row["year"], low=row["failed"], participants=row["whole"]))
    return shares
