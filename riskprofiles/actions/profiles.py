"""Opening, calculation, approval and reopening of profiles."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.russian import rounded
from riskprofiles.actions.transitions import check_transition, locked
from riskprofiles.choices import RECALCULABLE_STATES, ProfileState
from riskprofiles.errors import CalculationClosed, ListNotPublished, ProfileExists, RemarksRequired
from riskprofiles.models import FactorCatalogue, ProfileFactor, RiskProfile, SelfDiagnosis
from riskprofiles.observations import observed_shares
from riskprofiles.scoring import FactorScore, IndicatorScore, score_factor
from schools.actions.acts import register_act
from schools.choices import ListState
from schools.models import LegalAct, School, SchoolList, SchoolListItem

SCORE_DIGITS: Final = 2
CALCULATED: Final = ("calculated_score", "calculated_level", "calculated_parts")


@transaction.atomic
def open_profile(
    *,
    school: School,
    year: int,
    catalogue: FactorCatalogue,
    by: User,
    at: datetime,
    results_year: int | None = None,
) -> RiskProfile:
    """Create the draft profile of a school with all factors of a catalogue, computed from what the portal has.

    results_year: whose assessment results count; by default the year before. Raises ProfileExists.
    """
    if RiskProfile.objects.for_year(year).filter(school=school).exists():
        raise ProfileExists(f"Профиль {school} за {year} год уже заведён. Откройте его в списке профилей.")
    freeze(catalogue)
    profile = RiskProfile.objects.create(
        school=school,
        year=year,
        results_year=results_year or year - 1,
        catalogue=catalogue,
        created_by=by,
        created_at=at,
        changed_at=at,
    )
    SelfDiagnosis.objects.create(profile=profile)
    factors = [ProfileFactor(profile=profile, factor=factor) for factor in catalogue.factors.all()]
    bulk_create_with_history(factors, ProfileFactor, default_user=by, default_date=at)
    calculate_profile(profile=profile, by=by, at=at)
    return RiskProfile.objects.get(pk=profile.pk)


def freeze(catalogue: FactorCatalogue) -> None:
    if not catalogue.frozen:
        catalogue.frozen = True
        catalogue.save(update_fields=["frozen"])


@transaction.atomic
def open_profiles(
    *,
    school_list: SchoolList,
    year: int,
    catalogue: FactorCatalogue,
    by: User,
    at: datetime,
) -> list[RiskProfile]:
    """Open profiles for the schools of a published list and send them to the schools; return the new ones.

    A school that has a profile for the year is left as it is; one that an order has excluded gets none.
    Raises ListNotPublished.
    """
    if school_list.state != ListState.PUBLISHED:
        raise ListNotPublished("Профили заводят по опубликованному перечню. Сначала опубликуйте перечень.")
    taken = RiskProfile.objects.for_year(year).values("school")
    held = SchoolListItem.objects.in_force().filter(school_list=school_list).values("school")
    schools = School.objects.filter(pk__in=held).exclude(pk__in=taken).order_by("name", "pk")
    profiles = [
        open_profile(
            school=school,
            year=year,
            catalogue=catalogue,
            by=by,
            at=at,
            results_year=school_list.year,
        )
        for school in schools
    ]
    for profile in profiles:
        send_to_school(profile=profile, by=by, at=at)
    record(AuditCode.BULK_CHANGED, actor=by, obj=school_list, profiles=len(profiles), year=year)
    return profiles


@transaction.atomic
def calculate_profile(*, profile: RiskProfile, by: User, at: datetime) -> RiskProfile:
    """Compute the index of each factor from the results that the portal has. Raises CalculationClosed."""
    current = locked(profile)
    if current.state not in RECALCULABLE_STATES:
        raise CalculationClosed("Расчёт закрыт: с профилем уже работают школа и куратор.")
    catalogue = current.catalogue
    observed = observed_shares(current.school, current.results_year)
    computed = [(factor, factor.factor.rule) for factor in current.factors.all() if factor.factor is not None]
    for factor, rule in computed:
        take_score(factor, score_factor(rule, observed, catalogue.bounds))
    factors = [factor for factor, _ in computed]
    bulk_update_with_history(factors, ProfileFactor, CALCULATED, default_user=by, default_date=at)
    current.calculated_at = at
    current.save()
    scored = current.factors.exclude(calculated_level=None).count()
    record(AuditCode.RISK_PROFILE_CALCULATED, actor=by, obj=current, scored=scored)
    return current


def take_score(factor: ProfileFactor, score: FactorScore) -> None:
    """Write a computed index into a factor, not stored yet. Raises CalculatedLevelFixed."""
    factor.calculated_score = None if score.score is None else rounded(score.score, SCORE_DIGITS)
    factor.calculated_level = score.level
    factor.calculated_parts = [stored_indicator(indicator) for indicator in score.indicators]
    factor.check_calculation()


def stored_indicator(indicator: IndicatorScore) -> dict[str, Any]:
    """Return an indicator as JSON keeps it: shares as text with four digits, counts as they are."""
    return {name: as_text(value) for name, value in asdict(indicator).items()}


def as_text(value: Any) -> Any:
    if not isinstance(value, Fraction):
        return value
    return str(Decimal(rounded(value, 4)))


@transaction.atomic
def send_to_school(*, profile: RiskProfile, by: User, at: datetime) -> RiskProfile:
    """Give the profile to the school for its review."""
    return move(profile, ProfileState.SCHOOL_REVIEW, by=by, at=at)


def move(profile: RiskProfile, target: ProfileState, *, by: User, at: datetime, **fields: Any) -> RiskProfile:
    """Take one step of the table, with the fields that go with it. Raises TransitionRefused."""
    current = locked(profile)
    check_transition(current, target)
    source, current.state, current.changed_at = current.state, target, at
    for name, value in fields.items():
        setattr(current, name, value)
    current.save()
    code = AuditCode.RISK_PROFILE_CHANGED
    if target == ProfileState.APPROVED:
        code = AuditCode.RISK_PROFILE_APPROVED
    record(code, actor=by, obj=current, source=source, target=str(target))
    return current


@transaction.atomic
def approve_profile(*, profile: RiskProfile, order: LegalAct, by: User, at: datetime) -> RiskProfile:
    """Approve a verified profile by an order of the territory's authority; one order may approve many profiles.

    Raises TransitionRefused.
    """
    act = register_act(act=order, by=by)
    return move(profile, ProfileState.APPROVED, by=by, at=at, order=act, approved_by=by, approved_at=at)


@transaction.atomic
def reopen_profile(*, profile: RiskProfile, reason: str, by: User, at: datetime) -> RiskProfile:
    """Open a verified or approved profile again for the curator. Raises RemarksRequired, TransitionRefused."""
    if not reason.strip():
        raise RemarksRequired("Напишите, почему профиль открывается заново.")
    return move(
        profile,
        ProfileState.REOPENED,
        by=by,
        at=at,
        remarks=reason.strip(),
        order=None,
        approved_by=None,
        approved_at=None,
    )


@transaction.atomic
def archive_profile(*, profile: RiskProfile, by: User, at: datetime) -> RiskProfile:
    return move(profile, ProfileState.ARCHIVED, by=by, at=at)
