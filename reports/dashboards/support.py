"""Schools on support and those whose work goes on without a list, with their risks, roadmap, readings and results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, Sum

from accounts import russian
from accounts.models import User
from monitoring.models import Submission
from monitoring.presentation import STATE_PILLS
from riskprofiles.models import ProfileFactor
from roadmaps.execution import Execution, ExecutionStatus, MeasureFacts, by_key, total
from roadmaps.models import Measure, Roadmap
from schools.choices import Procedure
from schools.models import AssessmentResult, School
from schools.models.registry import SchoolQuerySet
from schools.support import on_support

EMPTY_EXECUTION = total([])
Counts = Mapping[int, tuple[int, int]]  # grade -> marks «2», works


class YearShare(NamedTuple):
    """Marks «2» and works of a year, over some grades."""

    year: int
    low: int
    participants: int

    @property
    def percent(self) -> Fraction:
        return Fraction(100 * self.low, self.participants)

    @property
    def words(self) -> str:
        return f"{self.year}: {self.low} из {self.participants}"


class Shares(NamedTuple):
    """Shares by year over the same grades, oldest first. left_out: grades of the newest year that are not among them,
    for the year before has no result of theirs.
    """

    years: Sequence[YearShare] = ()
    left_out: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class SupportedSchool:
    """One line of the table. shares: of «2» in mathematics.

    is_listed: the list in force holds the school; others have a roadmap or a collection that no order has stopped.
    """

    school: School
    is_listed: bool
    risks: int
    high_risks: int
    execution: Execution
    submission: Submission | None
    shares: Shares

    @property
    def pill(self) -> str:
        return STATE_PILLS.get(self.submission.state, "none") if self.submission else "none"

    @property
    def spark(self) -> str:
        return ",".join(str(russian.rounded(each.percent, 1)) for each in self.shares.years)

    @property
    def last_share(self) -> Fraction | None:
        return self.shares.years[-1].percent if self.shares.years else None

    @property
    def change(self) -> Fraction | None:
        """Return the change since the year before, percentage points, exact: it is rounded where it is shown."""
        years = self.shares.years
        return years[-1].percent - years[-2].percent if len(years) > 1 else None

    @property
    def counts(self) -> str:
        """Return «2025: 10 из 40 → 2026: 6 из 50, без 7 класса», what the share and its change stand on."""
        years = " → ".join(each.words for each in self.shares.years[-2:])
        return f"{years}{self.left_out_words}"

    @property
    def left_out_words(self) -> str:
        grades = [str(grade) for grade in self.shares.left_out]
        noun = "класса" if len(grades) == 1 else "классов"
        return f", без {russian.listing(grades)} {noun}" if grades else ""


def support_table(user: User, today: date) -> list[SupportedSchool]:
    """Read everything of the table in a fixed number of queries."""
    listed = set(schools_on_support(user).values_list("pk", flat=True))
    schools = list(schools_at_work(user, listed).order_by("name", "pk"))
    ids = [school.pk for school in schools]
    risks, executions = risk_counts(ids), executions_of(ids, today)
    submissions, shares = open_submissions(ids), low_shares(ids)
    return [
        SupportedSchool(
            school=school,
            is_listed=school.pk in listed,
            risks=risks.get(school.pk, {}).get("all", 0),
            high_risks=risks.get(school.pk, {}).get("high", 0),
            execution=executions.get(school.pk, EMPTY_EXECUTION),
            submission=submissions.get(school.pk),
            shares=shares.get(school.pk, NO_SHARES),
        )
        for school in schools
    ]


def schools_on_support(user: User) -> SchoolQuerySet:
    """Return the schools on support that a person sees: the table of «Сегодня» and the mark on a card mean the same."""
    return on_support(School.objects.visible_to(user).active())


def schools_at_work(user: User, listed: Collection[UUID]) -> SchoolQuerySet:
    """Return the schools with something to carry out or to hand in, and those on support (`listed`).

    A roadmap and a collection go on when the list is annulled or the school is excluded: nobody has stopped them.
    """
    planned = Roadmap.objects.in_force().filter(school__isnull=False).values("school")
    asked = Submission.objects.in_open_cycles().values("school")
    at_work = Q(pk__in=listed) | Q(pk__in=planned) | Q(pk__in=asked)
    return School.objects.visible_to(user).active().filter(at_work)


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
    rows = Submission.objects.in_open_cycles().filter(school__in=schools)
    return {row.school_id: row for row in rows.select_related("cycle").order_by("cycle__as_of_date")}


def low_shares(schools: Collection[UUID]) -> Mapping[UUID, Shares]:
    """Return the shares of «2» in mathematics (ВПР), by counts. One query."""
    rows = AssessmentResult.objects.filter(
        school__in=schools, procedure=Procedure.VPR, subject="MA", mark2__isnull=False, participants__gt=0
    )
    counts: dict[UUID, dict[int, dict[int, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    totals = rows.values("school", "year", "grade").annotate(failed=Sum("mark2"), whole=Sum("participants"))
    for row in totals.order_by("year", "grade"):
        counts[row["school"]][row["year"]][row["grade"]] = (row["failed"], row["whole"])
    return {school: shares_of(years) for school, years in counts.items()}


def shares_of(years: Mapping[int, Counts]) -> Shares:
    """Return the shares over the grades that the last two years have both; over all of the last when they share none.

    years: with results, oldest first. Earlier ones are shown as far as they have the same grades: a share over other
    grades beside them would look like a change.
    """
    *before, last = years
    newest = years[last]
    same = newest.keys() & years[before[-1]].keys() if before else frozenset[int]()
    grades = same or newest.keys()
    shown = [year for year in years if grades <= years[year].keys()]
    return Shares([share_of(year, years[year], grades) for year in shown], sorted(newest.keys() - grades))


def share_of(year: int, counts: Counts, grades: Collection[int]) -> YearShare:
    return YearShare(year, *(sum(counts[grade][place] for grade in grades) for place in (0, 1)))


NO_SHARES: Final = Shares()
