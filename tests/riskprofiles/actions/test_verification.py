"""The curator's verdicts stand beside the calculation; the school chooses among them."""

import pytest

from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import AuditEvent
from riskprofiles import actions
from riskprofiles.choices import DiagnosisState, ProfileState
from riskprofiles.errors import ActivationRefused, RemarksRequired, VerdictRefused
from riskprofiles.models import ProfileFactor, RiskProfile
from riskprofiles.review import Judgement
from riskprofiles.scoring import RiskLevel
from tests.factories.riskprofiles import AT, RESULTS_YEAR, diagnosis_of, factor_of, make_profile
from tests.factories.schools import make_result, make_school, make_user

pytestmark = pytest.mark.django_db


def profile_with_calculation() -> RiskProfile:
    school = make_school()
    make_result(school=school, marks=(2, 8, 6, 4), year=RESULTS_YEAR)
    return make_profile(state=ProfileState.CURATOR_VERIFICATION, school=school)


def test_verdict_never_touches_the_calculated_level() -> None:
    factor = factor_of(profile_with_calculation(), "R11")
    before = (factor.calculated_level, factor.calculated_score)
    curator = make_user()

    judged = actions.judge_factor(
        factor=factor,
        verdict=Judgement.CHANGED,
        level=RiskLevel.HIGH,
        reason="Видно на уроках",
        by=curator,
        at=AT,
    )

    assert (judged.verified_level, judged.verified_by, judged.verified_at) == (RiskLevel.HIGH, curator, AT)
    assert (judged.calculated_level, judged.calculated_score) == before


def test_verdict_leaves_an_event_with_both_levels() -> None:
    factor = factor_of(profile_with_calculation(), "R11")

    actions.judge_factor(
        factor=factor, verdict=Judgement.CHANGED, level=RiskLevel.HIGH, reason="Да", by=make_user(), at=AT
    )

    meta = AuditEvent.objects.get(code=AuditCode.RISK_FACTOR_VERIFIED).meta
    assert meta == {"verdict": "changed", "before": "none", "after": "high"}


def test_verdict_outside_the_verification_is_refused() -> None:
    factor = factor_of(make_profile(), "R02")

    with pytest.raises(VerdictRefused, match="на этапе верификации"):
        actions.judge_factor(factor=factor, verdict=Judgement.CONFIRMED, by=make_user(), at=AT)


def test_verdict_without_a_reason_is_refused_and_stores_nothing() -> None:
    factor = factor_of(profile_with_calculation(), "R02")

    with pytest.raises(VerdictRefused, match="обоснование"):
        actions.judge_factor(factor=factor, verdict=Judgement.REJECTED, by=make_user(), at=AT)

    assert ProfileFactor.objects.get(pk=factor.pk).verdict == ""


def test_curator_adds_a_risk_of_the_school() -> None:
    profile = profile_with_calculation()

    factor = actions.add_factor(
        profile=profile, title=" Удалённость ", level=RiskLevel.LOW, reason="Подвоз", by=make_user(), at=AT
    )

    assert (factor.code, factor.title) == ("R13", "Удалённость")
    assert (factor.verdict, factor.verified_level) == (Judgement.ADDED, RiskLevel.LOW)


def test_risk_without_a_title_is_not_added() -> None:
    profile = profile_with_calculation()

    with pytest.raises(VerdictRefused, match="Назовите риск"):
        actions.add_factor(profile=profile, title=" ", level=RiskLevel.LOW, reason="Да", by=make_user(), at=AT)


def test_refused_addition_leaves_no_factor_behind() -> None:
    profile = profile_with_calculation()

    with pytest.raises(VerdictRefused, match="обоснование"):
        actions.add_factor(profile=profile, title="Риск", level=RiskLevel.LOW, reason="", by=make_user(), at=AT)

    assert profile.factors.count() == 9


def test_return_opens_the_form_with_the_remarks() -> None:
    profile = profile_with_calculation()

    returned = actions.return_to_school(profile=profile, remarks="Уточните меры", by=make_user(), at=AT)

    diagnosis = diagnosis_of(profile)
    assert (returned.state, returned.remarks) == (ProfileState.SCHOOL_REVIEW, "Уточните меры")
    assert (diagnosis.state, diagnosis.remarks, diagnosis.is_open) == (DiagnosisState.RETURNED, "Уточните меры", True)


def test_return_without_remarks_is_refused() -> None:
    with pytest.raises(RemarksRequired):
        actions.return_to_school(profile=profile_with_calculation(), remarks="", by=make_user(), at=AT)


def test_verification_does_not_end_before_the_last_factor() -> None:
    profile = profile_with_calculation()
    for factor in profile.factors.in_order()[:8]:
        actions.judge_factor(factor=factor, verdict=Judgement.CONFIRMED, by=make_user(), at=AT)

    with pytest.raises(TransitionRefused, match="осталось 1"):
        actions.complete_verification(profile=profile, by=make_user(), at=AT)


def test_end_of_verification_accepts_the_self_diagnosis() -> None:
    profile = make_profile(state=ProfileState.VERIFIED)

    assert diagnosis_of(profile).state == DiagnosisState.ACCEPTED
    assert profile.verified_at == AT


def test_school_activates_exactly_what_it_chose() -> None:
    profile = make_profile(state=ProfileState.VERIFIED)
    first, second, third = profile.factors.verified()
    actions.activate_factors(profile=profile, factors=[first.pk, second.pk], by=make_user(), at=AT)

    actions.activate_factors(profile=profile, factors=[second.pk, third.pk], by=make_user(), at=AT)

    assert set(profile.factors.activated()) == {second, third}
    assert ProfileFactor.objects.get(pk=first.pk).activated_at is None


def test_unusual_number_is_a_warning_only() -> None:
    profile = make_profile(state=ProfileState.VERIFIED)
    factors = [factor.pk for factor in profile.factors.verified()]

    assert actions.activate_factors(profile=profile, factors=factors, by=make_user(), at=AT) == ()
    warnings = actions.activate_factors(profile=profile, factors=factors[:1], by=make_user(), at=AT)

    assert "обычно школа выбирает от 3 до 5" in warnings[0]


@pytest.mark.parametrize(
    ("code", "words"),
    [pytest.param("R01", "риск не выявлен", id="no risk"), pytest.param("", "не из этого", id="foreign")],
)
def test_only_verified_risks_of_the_profile_are_activated(code: str, words: str) -> None:
    profile = make_profile(state=ProfileState.VERIFIED)
    other = make_profile(state=ProfileState.VERIFIED)
    factor = factor_of(profile, code) if code else factor_of(other, "R02")

    with pytest.raises(ActivationRefused, match=words):
        actions.activate_factors(profile=profile, factors=[factor.pk], by=make_user(), at=AT)


@pytest.mark.parametrize("state", [ProfileState.CURATOR_VERIFICATION, ProfileState.APPROVED])
def test_choice_is_open_between_verification_and_approval_only(state: ProfileState) -> None:
    profile = make_profile(state=state)

    with pytest.raises(ActivationRefused, match="пока профиль верифицирован"):
        actions.activate_factors(profile=profile, factors=[], by=make_user(), at=AT)


def test_rejected_factor_leaves_the_work_of_the_school() -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    actions.reopen_profile(profile=profile, reason="Уточнение", by=profile.created_by, at=AT)

    actions.judge_factor(
        factor=factor_of(profile, "R02"), verdict=Judgement.REJECTED, reason="Кадры набраны", by=make_user(), at=AT
    )

    assert {factor.code for factor in profile.factors.activated()} == {"R08", "R11"}
