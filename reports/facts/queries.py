"""Rows of the other apps as pieces of facts. Each function is one or two queries, whatever the number of schools."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db.models import F, Q
from django.urls import reverse

from accounts.russian import short_date
from monitoring.choices import HANDED_IN_STATES, CycleState
from monitoring.models import MonitoringCycle, Submission
from reports.facts.frame import ReportSpec
from reports.facts.parts import Act, ListedSchools, Plan, PlanSection, SchoolExecution
from roadmaps.choices import RoadmapLevel
from roadmaps.execution import DONE_STATUSES, LEFT_OUT_STATUSES, ExecutionStatus, MeasureFacts, by_key, standing
from roadmaps.models import Measure, Roadmap
from schools.choices import ListKind
from schools.models import LegalAct, School, SchoolList, SchoolListItem, SchoolPeriod

if TYPE_CHECKING:
    from roadmaps.execution import Execution
    from roadmaps.models.roadmap import RoadmapQuerySet
    from schools.models.lists import SchoolListItemQuerySet, SchoolListQuerySet
    from schools.models.registry import SchoolQuerySet

SHNOR_KINDS: Final = (ListKind.FEDERAL, ListKind.REGIONAL, ListKind.MUNICIPAL)

FactorCounts = dict[str, dict[UUID, tuple[int, int]]]


def act_of(act: LegalAct | None) -> Act | None:
    if act is None:
        return None
    return Act(
        kind=act.get_kind_display(),
        issuer_genitive=act.issuer_genitive,
        date=act.date,
        number=act.number,
        title=act.title,
        url="",
    )


# Lists and schools


def lists_of_period(spec: ReportSpec) -> SchoolListQuerySet:
    """Return the lists of low results of the years of the period and of the year before, in whatever state.

    A list is named by the year of its results; the work on it goes on for the year after.
    """
    lists = SchoolList.objects.filter(
        kind__in=SHNOR_KINDS,
        year__range=(spec.period_from.year - 1, spec.period_to.year),
        territory__in=_territories(spec),
    )
    return lists.select_related("basis_document", "cancel_document").order_by("year", "kind", "pk")


def lists_in_force(spec: ReportSpec) -> list[SchoolList]:
    """Return the lists in force on the day of the data: the newest of the years of the period, else of the year before.

    One query.
    """
    lists = list(lists_of_period(spec).in_force(spec.as_of))
    latest = max((one.year for one in lists), default=None)
    return [one for one in lists if one.year == latest]


def _territories(spec: ReportSpec) -> list[UUID]:
    return [pk for pk in (spec.territory.pk, spec.territory.parent_id) if pk]


def items_of(spec: ReportSpec, lists: Iterable[SchoolList]) -> list[SchoolListItem]:
    """Return the listed schools of the report's scope; not those that an order had excluded by the day of the data."""
    return list(held_items(spec, lists).select_related("school").order_by("school_name", "pk"))


def held_items(spec: ReportSpec, lists: Iterable[SchoolList]) -> SchoolListItemQuerySet:
    held = SchoolListItem.objects.in_force(spec.as_of)
    return held.filter(school_list__in=list(lists), school__in=scope_schools(spec))


def scope_schools(spec: ReportSpec) -> SchoolQuerySet:
    if spec.school:
        return School.objects.filter(pk=spec.school.pk)
    return School.objects.in_territory(spec.territory)


def lists_of(spec: ReportSpec, lists: Sequence[SchoolList]) -> tuple[ListedSchools, ...]:
    """Return the lists with the schools of the scope; a list that names none of them is left out. One query."""
    names: dict[object, list[str]] = {}
    for item in items_of(spec, lists):
        names.setdefault(item.school_list_id, []).append(item.school_name)
    return tuple(
        ListedSchools(
            kind=one.get_kind_display(),
            year=one.year,
            url=one.get_absolute_url(),
            basis=act_of(one.basis_document),
            names=tuple(names[one.pk]),
        )
        for one in lists
        if one.pk in names
    )


def schools_of(spec: ReportSpec, lists: Sequence[SchoolList]) -> list[School]:
    """Return the schools that are supported: listed, or with an approved roadmap in the period.

    In the order of the names that they bore on the day of the data. lists: those in force.
    """
    listed = Q(pk__in=held_items(spec, lists).values("school"))
    planned = Q(roadmaps__in=school_roadmaps(spec))
    found = scope_schools(spec).filter(listed | planned)
    supported = School.objects.filter(pk__in=found.values("pk"))
    return list(supported.with_name_on(spec.as_of).order_by(F("name_on"), "pk"))


def names_of(spec: ReportSpec, schools: Iterable[School]) -> dict[UUID, str]:
    """Return what the schools were called on the day of the data. One query.

    A school renamed within the period of the report keeps its former name beside the new one, for the documents of
    the period know it by both.
    """
    periods: dict[UUID, list[SchoolPeriod]] = {school.pk: [] for school in schools}
    for period in SchoolPeriod.objects.filter(school__in=periods).oldest_first():
        periods[period.school_id].append(period)
    return {school: name_in_report(known, spec) for school, known in periods.items()}


def name_in_report(periods: Sequence[SchoolPeriod], spec: ReportSpec) -> str:
    """Return «МБОУ «СШ № 5» (до 01.09.2026 — МБОУ «СОШ № 5»)», or the only name of the period.

    periods: of one school, oldest first.
    """
    known = [one for one in periods if one.valid_from is None or one.valid_from <= spec.as_of] or list(periods[:1])
    name = known[-1].name
    for before, after in reversed(list(pairwise(known))):
        if after.valid_from is None or after.valid_from <= spec.period_from:
            break
        if before.name != name:
            return f"{name} (до {short_date(after.valid_from)} — {before.name})"
    return name


# Roadmaps


def school_roadmaps(spec: ReportSpec) -> RoadmapQuerySet:
    return (
        Roadmap.objects.approved_on(spec.as_of)
        .of_level(RoadmapLevel.SCHOOL)
        .for_period(spec.period_from, spec.period_to)
        .filter(school__in=scope_schools(spec))
    )


def executions(
    spec: ReportSpec,
    schools: Sequence[School],
    cycle: MonitoringCycle | None,
) -> tuple[SchoolExecution, ...]:
    """Return how each school fulfils its roadmap on the day of the data."""
    roadmaps = {roadmap.school_id: roadmap for roadmap in school_roadmaps(spec).with_owner().order_by("period_from")}
    measures = Measure.objects.filter(roadmap__in=list(roadmaps.values())).select_related("roadmap")
    standings = by_key(((m.roadmap.school_id, measure_facts(m)) for m in measures), spec.as_of)
    handed_in, names = submissions_of(cycle), names_of(spec, schools)
    return tuple(
        _execution(names[school.pk], roadmaps.get(school.pk), standings.get(school.pk), handed_in.get(school.pk))
        for school in schools
    )


def _execution(
    name: str,
    roadmap: Roadmap | None,
    found: Execution | None,
    is_submitted: bool | None,
) -> SchoolExecution:
    """Return the facts of one school; a roadmap without measures counts nothing, and none is not zero."""
    done, in_time = (found.done, found.in_time) if found else (None, None)
    empty = 0 if roadmap else None
    return SchoolExecution(
        school=name,
        url=roadmap.get_absolute_url() if roadmap else "",
        approval=act_of(roadmap.approval_act) if roadmap else None,
        counted=done.denominator if done else empty,
        done=done.numerator if done else empty,
        on_time=in_time.numerator if in_time else empty,
        judged=in_time.denominator if in_time else empty,
        overdue=found.overdue if found else empty,
        is_submitted=is_submitted,
    )


def measure_facts(measure: Measure) -> MeasureFacts:
    return MeasureFacts(status=ExecutionStatus(measure.status), due=measure.due_date, done_on=measure.done_on)


def factor_executions(spec: ReportSpec, schools: Sequence[School]) -> FactorCounts:
    """Return factor -> roadmap -> (counted, done) over the sections of school roadmaps that work on a factor."""
    rows = (
        Measure.objects.filter(
            roadmap__in=school_roadmaps(spec), roadmap__school__in=schools, section__factor__isnull=False
        )
        .select_related("section__factor__factor")
        .order_by("section__factor__factor__number", "roadmap", "pk")
    )
    counts: FactorCounts = {}
    for measure in rows:
        status, factor = standing(measure_facts(measure), spec.as_of), measure.section.factor
        if factor is None or status in LEFT_OUT_STATUSES:
            continue
        by_roadmap = counts.setdefault(factor.title, {})
        counted, done = by_roadmap.get(measure.roadmap_id, (0, 0))
        by_roadmap[measure.roadmap_id] = (counted + 1, done + (status in DONE_STATUSES))
    return counts


def municipal_plan(spec: ReportSpec) -> Plan | None:
    """Return the plan of the territory in the period with its sections, None for a report about one school."""
    if spec.school:
        return None
    plans = Roadmap.objects.approved_on(spec.as_of).for_period(spec.period_from, spec.period_to)
    roadmap = plans.filter(territory=spec.territory).with_owner().order_by("-period_from", "-version_number").first()
    if roadmap is None:
        return None
    return Plan(
        title=roadmap.title,
        url=roadmap.get_absolute_url(),
        goal=roadmap.goal,
        approval=act_of(roadmap.approval_act),
        sections=plan_sections(roadmap, spec),
    )


def plan_sections(roadmap: Roadmap, spec: ReportSpec) -> tuple[PlanSection, ...]:
    sections: dict[str, list[Measure]] = {}
    for measure in roadmap.measures.select_related("section").in_order():
        sections.setdefault(measure.section.title, []).append(measure)
    return tuple(_section(title, measures, spec) for title, measures in sections.items())


def _section(title: str, measures: Iterable[Measure], spec: ReportSpec) -> PlanSection:
    standings = [(measure, standing(measure_facts(measure), spec.as_of)) for measure in measures]
    done = [measure for measure, status in standings if status in DONE_STATUSES]
    return PlanSection(
        title=title,
        counted=sum(status not in LEFT_OUT_STATUSES for _, status in standings),
        done=len(done),
        done_titles=tuple(measure.title for measure in done),
    )


# Monitoring


def cycles_of(spec: ReportSpec) -> list[MonitoringCycle]:
    """Return the cycles whose data fall into the period and that an order had begun by the day of the data.

    Oldest first. How far a cycle was on that day is not stored: its state and what was handed in are those of today.
    """
    cycles = MonitoringCycle.objects.filter(
        territory__in=_territories(spec),
        as_of_date__range=(spec.period_from, spec.period_to),
        as_of_date__lte=spec.as_of,
        basis_order__date__lte=spec.as_of,
    )
    begun = cycles.exclude(state=CycleState.PLANNED)
    return list(begun.select_related("basis_order", "metric_set").order_by("as_of_date", "pk"))


def latest_cycle(spec: ReportSpec) -> MonitoringCycle | None:
    return next(reversed(cycles_of(spec)), None)


def submissions_of(cycle: MonitoringCycle | None) -> dict[object, bool]:
    """Return school -> whether it has handed in its readings."""
    rows = Submission.objects.filter(cycle=cycle).values_list("school_id", "state") if cycle else ()
    return {school: state in HANDED_IN_STATES for school, state in rows}


# Pages where the figures can be checked


def cycle_url(cycle: MonitoringCycle) -> str:
    return reverse("monitoring:cycle", args=[cycle.pk])
