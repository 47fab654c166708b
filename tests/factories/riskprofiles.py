"""Catalogues, profiles in any state, answered self-diagnoses. Everything goes through the actions."""

from datetime import UTC, date, datetime
from typing import Any, Final

from accounts.models import User
from accounts.permissions import Role
from riskprofiles import actions
from riskprofiles.actions.diagnosis import write_answers
from riskprofiles.answers import OWN_FACTOR_CODE, Field
from riskprofiles.choices import ProfileState
from riskprofiles.models import FactorCatalogue, ProfileFactor, RiskProfile, SelfDiagnosis
from riskprofiles.review import Judgement
from riskprofiles.scoring import RiskLevel
from schools.models import LegalAct, School
from tests.factories.schools import make_school, make_user

AT: Final = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
YEAR: Final = 2027
RESULTS_YEAR: Final = 2026


def make_catalogue(edition: str = "2021") -> FactorCatalogue:
    """Return a shipped catalogue: "2020" with twelve factors, "2021" with nine."""
    actions.load_catalogues()
    return FactorCatalogue.objects.get(code=f"500-{edition}")


def make_profile(
    *,
    state: ProfileState = ProfileState.SCHOOL_REVIEW,
    school: School | None = None,
    year: int = YEAR,
    edition: str = "2021",
    by: User | None = None,
) -> RiskProfile:
    """Return a profile that went its way up to a state."""
    school = school or make_school()
    by = by or make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)
    profile = actions.open_profile(
        school=school,
        year=year,
        catalogue=make_catalogue(edition),
        by=by,
        at=AT,
        results_year=RESULTS_YEAR,
    )
    for step, target in STEPS:
        if profile.state == state:
            break
        step(profile, by)
        profile = RiskProfile.objects.get(pk=profile.pk)
        assert profile.state == target
    return profile


def fill_and_submit(profile: RiskProfile, by: User) -> None:
    fill_self_diagnosis(profile, by=by)
    actions.submit_self_diagnosis(profile=profile, by=by, at=AT)


def verify(profile: RiskProfile, by: User) -> None:
    for factor in profile.factors.in_order():
        actions.judge_factor(factor=factor, verdict=Judgement.CONFIRMED, by=by, at=AT)
    actions.complete_verification(profile=profile, by=by, at=AT)


def approve(profile: RiskProfile, by: User) -> None:
    chosen = [factor.pk for factor in profile.factors.verified()]
    actions.activate_factors(profile=profile, factors=chosen, by=by, at=AT)
    actions.approve_profile(profile=profile, order=order_for(profile), by=by, at=AT)


def order_for(profile: RiskProfile, **fields: Any) -> LegalAct:
    """Return an order of the territory that is not stored yet."""
    defaults = {
        "territory": profile.school.territory,
        "issuer_genitive": "отдела образования",
        "number": "412",
        "date": date(2026, 12, 1),
        "title": "Об утверждении рисковых профилей",
    }
    return LegalAct(**{**defaults, **fields})


def fill_self_diagnosis(profile: RiskProfile, *, by: User, relevant: tuple[str, ...] = ("R02", "R08", "R11")) -> None:
    """Answer the whole form: the named factors are relevant, of medium significance, the others are not."""
    for factor in profile.factors.in_order():
        answers = relevant_answers() if factor.code in {*relevant, OWN_FACTOR_CODE} else other_answers(factor)
        write_answers(factor, answers)
    SelfDiagnosis.objects.filter(profile=profile).update(saved_by=by, saved_at=AT)


def relevant_answers() -> dict[Field, bool | str]:
    return {
        Field.RELEVANT: True,
        Field.LEVEL: RiskLevel.MEDIUM,
        Field.EVIDENCE: "Протокол педсовета № 3",
        Field.MEASURES: "Наставничество и взаимопосещение уроков",
    }


def other_answers(factor: ProfileFactor) -> dict[Field, bool | str]:
    """Say «не актуален»; where a risk is calculated, with the reason that the form asks for."""
    dispute = "Показатель вырос за счёт одного класса" if factor.calculated_level else ""
    return {Field.RELEVANT: False, Field.DISPUTE: dispute}


STEPS: Final = (
    (lambda profile, by: actions.send_to_school(profile=profile, by=by, at=AT), ProfileState.SCHOOL_REVIEW),
    (fill_and_submit, ProfileState.CURATOR_VERIFICATION),
    (verify, ProfileState.VERIFIED),
    (approve, ProfileState.APPROVED),
    (lambda profile, by: actions.archive_profile(profile=profile, by=by, at=AT), ProfileState.ARCHIVED),
)


def factor_of(profile: RiskProfile, code: str) -> ProfileFactor:
    return profile.factors.get(factor__code=code)


def diagnosis_of(profile: RiskProfile) -> SelfDiagnosis:
    return SelfDiagnosis.objects.select_related("profile").get(profile=profile)
