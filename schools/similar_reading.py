"""Reads the inputs of the schools of a region, and of a few of them the results. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from accounts.permissions import Role
from schools.choices import ListKind, Procedure, StatisticForm
from schools.lineage import Lineage, read_lineage
from schools.models import (
    AssessmentResult,
    Membership,
    School,
    SchoolListItem,
    SchoolSocialIndex,
    SchoolStatistic,
    SocialIndexRun,
)
from schools.series import main_rows, own_first
from schools.similar import (
    Candidate,
    Difference,
    Inputs,
    Neighbour,
    Outcome,
    as_input,
    differences,
    mentors,
    neighbours,
    pooled,
    shipped_similarity,
)
from schools.social_reading import newest_run

OBLIGATORY: Final = ("RU", "MA", "MAB")
COMPARED: Final = (Procedure.VPR, Procedure.OGE, Procedure.EGE)
STATISTICS: Final = ("pupils", "teachers", "teachers_top_category", "teachers_first_category", "distance_to_centre")
POOL: Final = 40  # of the most similar schools, whose results are looked at for mentors


@dataclass(frozen=True, kw_only=True)
class SimilarSchool:
    """A school of the reference group with why it is alike."""

    school: School
    distance: float
    known_weight: float
    differences: Sequence[Difference]
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Mentor:
    school: School
    candidate: Candidate[UUID]
    differences: Sequence[Difference]


@dataclass(frozen=True, kw_only=True)
class Resemblance:
    """Everything that the page shows. year: of the results, None without any."""

    own: Inputs
    outcome: Outcome
    group: Sequence[SimilarSchool]
    group_outcome: Outcome
    mentors: Sequence[Mentor]
    compared: int
    year: int | None
    statistics_year: int | None
    social_year: int | None  # of the contingent that the index of social conditions was made of


def resemblance(school: School) -> Resemblance:
    """Compare a school with all active schools of its region. Twelve queries for any number of schools."""
    above = school.territory.parent_id or school.territory_id
    region = School.objects.active().filter(Q(territory=above) | Q(territory__parent=above))
    year = newest_statistics(region)
    run = newest_run(school.territory, year) if year else None
    every = inputs_of(region | School.objects.filter(pk=school.pk), run, year)
    own = every.pop(school.pk)
    social_year = run.year if run else None
    return Comparison(school=school, own=own, others=every, statistics_year=year, social_year=social_year).result()


def newest_statistics(schools: QuerySet[School]) -> int | None:
    told = SchoolStatistic.objects.filter(form=StatisticForm.CONTEXT, school__in=schools)
    year: int | None = told.aggregate(year=Max("year"))["year"]
    return year


def inputs_of(schools: QuerySet[School], run: SocialIndexRun | None, year: int | None) -> dict[UUID, Inputs]:
    """Return school -> its inputs: what it told in a year and its index of a run. Two queries."""
    index = SchoolSocialIndex.objects.filter(run=run, school=OuterRef("pk")).values("index")[:1]
    rows = schools.order_by("name", "pk").values("pk", "students", "locality", "kind")
    told = told_of(schools, year)
    return {row["pk"]: inputs_from(row, told.get(row["pk"], {})) for row in rows.annotate(social_index=Subquery(index))}


def told_of(schools: QuerySet[School], year: int | None) -> dict[UUID, dict[str, Decimal]]:
    """Return school -> item of the form SA-1 -> value."""
    if year is None:
        return {}
    rows = SchoolStatistic.objects.for_year(year).filter(
        school__in=schools, form=StatisticForm.CONTEXT, item__in=STATISTICS, section=""
    )
    told: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    for school, item, value in rows.values_list("school", "item", "value"):
        if value is not None:
            told[school][item] = value
    return told


def inputs_from(row: Mapping[str, Any], told: Mapping[str, Decimal]) -> Inputs:
    students = told.get("pupils") if row["students"] is None else row["students"]
    qualified = added(told.get("teachers_top_category"), told.get("teachers_first_category"))
    teachers = told.get("teachers")
    return {
        "students": as_input(students),
        "locality": row["locality"],
        "kind": row["kind"],
        "social_index": as_input(row["social_index"]),
        "pupils_per_teacher": ratio(students, teachers),
        "qualified_teachers": ratio(None if qualified is None else 100 * qualified, teachers),
        "distance_to_centre": as_input(told.get("distance_to_centre")),
    }


def added(*values: Decimal | None) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def ratio(part: Decimal | int | None, whole: Decimal | None) -> float | None:
    return None if part is None or not whole else float(part / whole)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A school among the others of its region, by inputs; then the results of the few that are looked at."""

    school: School
    own: Inputs
    others: Mapping[UUID, Inputs]
    statistics_year: int | None
    social_year: int | None

    def result(self) -> Resemblance:
        similarity = shipped_similarity()
        widest = max(similarity.farthest, similarity.mentors.farthest)
        pool = neighbours(self.own, self.others, similarity, amount=POOL, farthest=widest)
        near = [each for each in pool if each.distance <= similarity.farthest][: similarity.nearest]
        looked_at = [self.school.pk, *(each.key for each in pool)]
        lineage = read_lineage().of(set(looked_at))
        year, outcomes = outcomes_of(looked_at, lineage)
        schools = School.objects.select_related("territory").in_bulk(looked_at)
        own = outcomes.get(self.school.pk, Outcome(low=0, participants=0))
        group = [self.similar(each, schools, outcomes) for each in near]
        return Resemblance(
            own=self.own,
            outcome=own,
            group=group,
            group_outcome=pooled(each.outcome for each in group),
            mentors=self.mentors(own, pool, schools, outcomes, lineage),
            compared=len(self.others),
            year=year,
            statistics_year=self.statistics_year,
            social_year=self.social_year,
        )

    def similar(
        self, neighbour: Neighbour[UUID], schools: Mapping[UUID, School], outcomes: Mapping[UUID, Outcome]
    ) -> SimilarSchool:
        return SimilarSchool(
            school=schools[neighbour.key],
            distance=neighbour.distance,
            known_weight=neighbour.known_weight,
            differences=self.differences(neighbour.key),
            outcome=outcomes.get(neighbour.key, Outcome(low=0, participants=0)),
        )

    def differences(self, key: UUID) -> list[Difference]:
        return differences(self.own, self.others[key], shipped_similarity().features)

    def mentors(
        self,
        own: Outcome,
        pool: Sequence[Neighbour[UUID]],
        schools: Mapping[UUID, School],
        outcomes: Mapping[UUID, Outcome],
        lineage: Lineage,
    ) -> list[Mentor]:
        keys = [each.key for each in pool if each.key in outcomes]
        busy, listed, barred = mentored_by(keys), mentor_schools(keys, lineage), barred_schools(keys, lineage)
        candidates = [
            Candidate(
                key=each.key,
                distance=each.distance,
                outcome=outcomes[each.key],
                is_near=schools[each.key].territory_id == self.school.territory_id,
                mentored=busy.get(each.key, 0),
                is_listed=each.key in listed,
                is_barred=each.key in barred,
            )
            for each in pool
            if each.key in outcomes
        ]
        return [
            Mentor(school=schools[fit.key], candidate=fit, differences=self.differences(fit.key))
            for fit in mentors(own, candidates, shipped_similarity().mentors)
        ]


def outcomes_of(schools: Sequence[UUID], lineage: Lineage) -> tuple[int | None, dict[UUID, Outcome]]:
    """Return the newest year of the first school, and of each school its obligatory works of that year together.

    What a former legal person has written is of the school. lineage: of these schools alone. Two queries. A school
    without counted works is not in the answer.
    """
    rows = AssessmentResult.objects.filter(procedure__in=COMPARED, subject__in=OBLIGATORY).without_retakes()
    year: int | None = rows.filter(school__in=lineage.with_former(schools[:1])).aggregate(year=Max("year"))["year"]
    found: dict[UUID, list[AssessmentResult]] = defaultdict(list)
    for row in rows.filter(school__in=lineage.with_former(schools), year=year) if year else ():
        found[lineage.now(row.school_id)].append(row)
    outcomes = {
        school: outcome_of(own_first(results, lineage.with_former([school]))) for school, results in found.items()
    }
    return year, {school: outcome for school, outcome in outcomes.items() if outcome.participants}


def outcome_of(rows: Iterable[AssessmentResult]) -> Outcome:
    """Add up the works of a school; one without a count of low works is left out."""
    counted = [row for each in main_rows(rows).values() for row in each if row.low is not None]
    return Outcome(low=sum(row.low or 0 for row in counted), participants=sum(row.participants for row in counted))


def mentored_by(schools: Iterable[UUID]) -> dict[UUID, int]:
    """Return school -> how many other schools its people mentor: those with a role in it and that of a mentor there."""
    own = Membership.objects.filter(school__in=schools).exclude(role=Role.MENTOR).values_list("user", "school")
    home = dict(own)
    mentoring = Membership.objects.filter(role=Role.MENTOR, user__in=home).values_list("user", "school")
    found: dict[UUID, set[Any]] = defaultdict(set)
    for user, mentored in mentoring:
        found[home[user]].add(mentored)
    return {school: len(others) for school, others in found.items()}


def barred_schools(schools: Iterable[UUID], lineage: Lineage) -> set[UUID]:
    """Return the schools that the newest published lists of low results or of markers of bias hold. Two queries.

    Lists that held a school before it was registered anew are its own; so are lists of low results that held a school
    since merged into it. Markers are of results, and results of a merged school are not inherited.
    """
    asked = list(schools)
    low = School.objects.filter(pk__in=[*asked, *lineage.list_heirs]).on_support()
    marked = School.objects.filter(pk__in=lineage.with_former(asked)).held_by([ListKind.BIAS_MARKERS])
    of_low = {heir for school in low.values_list("pk", flat=True) for heir in lineage.list_heirs.get(school, [school])}
    return of_low | {lineage.now(school) for school in marked.values_list("pk", flat=True)}


def mentor_schools(schools: Iterable[UUID], lineage: Lineage) -> set[UUID]:
    """Return the schools that published lists of mentor schools hold, under this legal person or a former one."""
    in_lists = SchoolListItem.objects.in_force().filter(school_list__kind=ListKind.MENTOR_SCHOOLS)
    listed = in_lists.filter(school__in=lineage.with_former(schools))
    return {lineage.now(school) for school in listed.values_list("school", flat=True)}
