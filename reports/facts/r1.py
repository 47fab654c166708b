"""R1, «Аналитическая справка по оказанию методической помощи школам». Source: domain specification, 6.1."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q, Sum

from monitoring.choices import HANDED_IN_STATES
from monitoring.models import MonitoringCycle, Reading
from reports.facts import queries
from reports.facts.cautions import caution, counted_caution, list_cautions
from reports.facts.frame import ReportSpec, frame_of
from reports.facts.list_changes import circle_of, list_changes
from reports.facts.parts import (
    Act,
    Caution,
    CautionCode,
    Circle,
    Frame,
    ListChange,
    ListedSchools,
    Plan,
    SchoolExecution,
    Share,
)
from reports.facts.r4 import before_list
from riskprofiles.choices import ORDERED_STATES, SUBMITTED_DIAGNOSIS_STATES, ProfileState
from riskprofiles.models import ProfileFactor, RiskProfile
from schools.choices import Procedure
from schools.models import AssessmentResult, School

OUTCOME_SUBJECTS: Final = {"RU": "русский язык", "MA": "математика"}
OUTCOME_PROCEDURES: Final = (Procedure.VPR, Procedure.OGE)
VERIFIED_STATES: Final = frozenset({ProfileState.VERIFIED, *ORDERED_STATES})


@dataclass(frozen=True, kw_only=True)
class Profiles:
    """How far the risk profiles of the supported schools are: each share out of all supported schools."""

    catalogue: str
    factors: int
    self_diagnosed: Share
    verified: Share


@dataclass(frozen=True, kw_only=True)
class FactorSpread:
    """In how many schools a risk is confirmed by the curator, and in how many it is worked on."""

    title: str
    confirmed: int
    activated: int


@dataclass(frozen=True, kw_only=True)
class CycleFacts:
    """A stage of monitoring. stage: «Входной»; submitted: schools that have handed in, of those asked."""

    stage: str
    is_open: bool
    url: str
    basis: Act | None
    as_of: date
    submitted: Share


@dataclass(frozen=True, kw_only=True)
class MetricFacts:
    """A metric summed over the schools that gave both numbers. reported: how many did, of those asked."""

    code: str
    title: str
    url: str
    value: Share
    reported: Share
    target_percent: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The share of low results of the supported schools together, in two neighbouring years."""

    procedure: str
    subject: str
    year: int
    before: Share
    now: Share


@dataclass(frozen=True, kw_only=True)
class R1Facts:
    """changes: what orders did to lists of the period; None in versions built before it was told.

    circle: which schools are added up; versions built before said that they are those of the list. recommends: there
    are schools to advise.
    """

    frame: Frame
    lists: tuple[ListedSchools, ...]
    total_schools: int
    plan: Plan | None
    profiles: Profiles | None
    factors: tuple[FactorSpread, ...]
    schools: tuple[SchoolExecution, ...]
    cycles: tuple[CycleFacts, ...]
    metrics: tuple[MetricFacts, ...]
    outcomes: tuple[Outcome, ...]
    cautions: tuple[Caution, ...]
    changes: tuple[ListChange, ...] | None = None
    circle: Circle = Circle.LISTED
    recommends: bool = True


def collect(spec: ReportSpec) -> R1Facts:
    """Read what was done for the supported schools in the period, and what came of it."""
    in_force = queries.lists_in_force(spec)
    lists = queries.lists_of(spec, in_force)
    schools = queries.schools_of(spec, in_force)
    changes = list_changes(spec, in_force, schools)
    cycles = queries.cycles_of(spec)
    latest = cycles[-1] if cycles else None
    executions = queries.executions(spec, schools, latest)
    plan = queries.municipal_plan(spec)
    profiles = profiles_of(spec, schools)
    return R1Facts(
        frame=frame_of(spec),
        lists=lists,
        total_schools=School.objects.active_on(spec.as_of).in_territory(spec.territory).count(),
        plan=plan,
        profiles=profiles,
        factors=factor_spread(spec, schools),
        schools=executions,
        cycles=tuple(cycle_facts(cycle, schools) for cycle in cycles),
        metrics=metrics_of(latest, schools) if latest else (),
        outcomes=outcomes_of(spec, schools),
        cautions=(
            *cautions(spec, lists, plan, executions, profiles=profiles, cycle=latest),
            *list_cautions(changes, spec.as_of),
        ),
        changes=changes,
        circle=circle_of(spec, in_force, schools),
        recommends=bool(schools),
    )


def school_profiles(spec: ReportSpec, schools: Sequence[School]) -> list[RiskProfile]:
    """Return the newest profile of each school that was known on the day of the data.

    A profile is made late in a year for the next one, so the next year counts too.
    """
    year = spec.period_to.year
    profiles = RiskProfile.objects.filter(
        school__in=schools,
        year__range=(year - 1, year + 1),
        created_at__date__lte=spec.as_of,
    )
    ordered = profiles.select_related("catalogue", "self_diagnosis").order_by("year", "pk")
    return list({profile.school_id: profile for profile in ordered}.values())


def profiles_of(spec: ReportSpec, schools: Sequence[School]) -> Profiles | None:
    profiles = school_profiles(spec, schools)
    if not profiles:
        return None
    catalogue = max(profiles, key=lambda profile: profile.year).catalogue
    diagnosed = sum(
        hasattr(profile, "self_diagnosis") and profile.self_diagnosis.state in SUBMITTED_DIAGNOSIS_STATES
        for profile in profiles
    )
    verified = sum(profile.state in VERIFIED_STATES for profile in profiles)
    return Profiles(
        catalogue=catalogue.title,
        factors=catalogue.factors.count(),
        self_diagnosed=Share(numerator=diagnosed, denominator=len(schools)),
        verified=Share(numerator=verified, denominator=len(schools)),
    )


def factor_spread(spec: ReportSpec, schools: Sequence[School]) -> tuple[FactorSpread, ...]:
    """Return the verified risks, the commonest first."""
    profiles = [profile for profile in school_profiles(spec, schools) if profile.state in VERIFIED_STATES]
    rows = (
        ProfileFactor.objects.filter(profile__in=profiles)
        .verified()
        .values("factor__title", "own_title")
        .annotate(confirmed=Count("pk"), activated=Count("pk", filter=Q(is_activated=True)))
        .order_by("-confirmed", "-activated", "factor__title", "own_title")
    )
    return tuple(
        FactorSpread(
            title=row["factor__title"] or row["own_title"],
            confirmed=row["confirmed"],
            activated=row["activated"],
        )
        for row in rows
    )


def cycle_facts(cycle: MonitoringCycle, schools: Sequence[School]) -> CycleFacts:
    states = queries.submissions_of(cycle)
    asked = [states[school.pk] for school in schools if school.pk in states]
    return CycleFacts(
        stage=cycle.get_stage_display(),
        is_open=cycle.is_open,
        url=queries.cycle_url(cycle),
        basis=queries.act_of(cycle.basis_order),
        as_of=cycle.as_of_date,
        submitted=Share(numerator=sum(asked), denominator=len(asked)),
    )


def metrics_of(cycle: MonitoringCycle, schools: Sequence[School]) -> tuple[MetricFacts, ...]:
    """Return the metrics that the supported schools have handed in, summed by counts, never as a mean of shares.

    What a school has entered but not handed in is its own draft.
    """
    submissions = queries.submissions_of(cycle)
    asked = sum(school.pk in submissions for school in schools)
    given = Q(numerator__isnull=False, denominator__isnull=False)
    rows = (
        Reading.objects.filter(
            submission__cycle=cycle,
            submission__school__in=schools,
            submission__state__in=HANDED_IN_STATES,
        )
        .values("metric__code", "metric__title", "metric__target")
        .annotate(
            part=Sum("numerator", filter=given),
            whole=Sum("denominator", filter=given),
            reported=Count("pk", filter=given),
        )
        .order_by("metric__position")
    )
    return tuple(
        MetricFacts(
            code=row["metric__code"],
            title=row["metric__title"],
            url=queries.cycle_url(cycle),
            value=Share(numerator=row["part"], denominator=row["whole"]),
            reported=Share(numerator=row["reported"], denominator=asked),
            target_percent="" if row["metric__target"] is None else f"{row['metric__target'].normalize():f}",
        )
        for row in rows
    )


def outcomes_of(spec: ReportSpec, schools: Sequence[School]) -> tuple[Outcome, ...]:
    """Return the shares of low results in the newest year of the period with results, beside the year before."""
    sums: dict[tuple[str, str], dict[int, tuple[int, int]]] = defaultdict(dict)
    rows = AssessmentResult.objects.filter(
        school__in=schools,
        procedure__in=OUTCOME_PROCEDURES,
        subject__in=OUTCOME_SUBJECTS,
        year__range=(spec.period_to.year - 2, spec.period_to.year),
    )
    for result in rows:
        if result.low is not None:
            years = sums[result.procedure, result.subject]
            low, participants = years.get(result.year, (0, 0))
            years[result.year] = (low + result.low, participants + result.participants)
    return tuple(
        outcome(Procedure(procedure), subject, sums[procedure, subject])
        for procedure in OUTCOME_PROCEDURES
        for subject in OUTCOME_SUBJECTS
        if (procedure, subject) in sums
    )


def outcome(procedure: Procedure, subject: str, years: dict[int, tuple[int, int]]) -> Outcome:
    year = max(years)
    low, participants = years[year]
    before = years.get(year - 1, (None, None))
    return Outcome(
        procedure=procedure.label,
        subject=OUTCOME_SUBJECTS[subject],
        year=year,
        before=Share(numerator=before[0], denominator=before[1]),
        now=Share(numerator=low, denominator=participants),
    )


def cautions(
    spec: ReportSpec,
    lists: tuple[ListedSchools, ...],
    plan: Plan | None,
    schools: tuple[SchoolExecution, ...],
    *,
    profiles: Profiles | None,
    cycle: MonitoringCycle | None,
) -> list[Caution]:
    missing = {
        CautionCode.NO_LIST: not lists,
        CautionCode.NO_ROADMAP: plan is None,
        CautionCode.NO_PROFILE: profiles is None,
        CautionCode.NO_MONITORING: cycle is None,
    }
    found = [caution(code, day=spec.as_of) for code, is_missing in missing.items() if is_missing]
    found += before_list(lists, plan)
    late = [school.school for school in schools if school.is_submitted is False]
    found += counted_caution(CautionCode.SCHOOLS_NOT_SUBMITTED, late)
    without = [school.school for school in schools if school.counted is None]
    found += counted_caution(CautionCode.SCHOOLS_WITHOUT_ROADMAP, without)
    return found
