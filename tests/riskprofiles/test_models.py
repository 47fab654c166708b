"""What the database itself refuses, and what a factor says of itself."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from riskprofiles.choices import DiagnosisState, ProfileState, UploadState
from riskprofiles.models import ProfileFactor, RiskProfile, SelfDiagnosis, SelfDiagnosisUpload
from riskprofiles.models.profile import CalculatedLevelFixed
from riskprofiles.review import Judgement
from riskprofiles.scoring import RiskLevel
from tests.factories.riskprofiles import AT, diagnosis_of, factor_of, make_catalogue, make_profile
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def refused(name: str, rows: Any, **fields: Any) -> None:
    """Expect the database to refuse an update by a constraint of this name."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**fields)


def test_second_profile_of_a_year_is_refused() -> None:
    profile = make_profile()

    with pytest.raises(IntegrityError), transaction.atomic():
        RiskProfile.objects.create(
            school=profile.school,
            year=profile.year,
            catalogue=profile.catalogue,
            created_by=profile.created_by,
            created_at=AT,
            changed_at=AT,
        )


@pytest.mark.parametrize("state", [ProfileState.APPROVED, ProfileState.ARCHIVED])
def test_approved_profile_without_an_order_is_refused(state: ProfileState) -> None:
    rows = RiskProfile.objects.filter(pk=make_profile().pk)

    refused("risk_profile_approved_with_order", rows, state=state, verified_at=AT)


def test_verified_profile_without_a_moment_is_refused() -> None:
    rows = RiskProfile.objects.filter(pk=make_profile().pk)

    refused("risk_profile_verified_when", rows, state=ProfileState.VERIFIED)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param("profile_factor_of_catalogue_or_own", {"own_title": "Свой"}, id="catalogue and own"),
        pytest.param("profile_factor_of_catalogue_or_own", {"factor": None}, id="neither"),
        pytest.param("profile_factor_score_with_level", {"calculated_score": 50}, id="index without a level"),
        pytest.param(
            "profile_factor_score_with_level",
            {"calculated_score": 101, "calculated_level": RiskLevel.HIGH},
            id="index above 100",
        ),
        pytest.param("profile_factor_verified_who_and_when", {"verdict": Judgement.CONFIRMED}, id="verdict of nobody"),
        pytest.param("profile_factor_verified_who_and_when", {"verified_at": AT}, id="moment without a verdict"),
        pytest.param(
            "profile_factor_activated_when_verified",
            {"is_activated": True, "activated_at": AT},
            id="activated before the verdict",
        ),
        pytest.param("profile_factor_activated_when_verified", {"activated_at": AT}, id="moment without activation"),
    ],
)
def test_impossible_factor_is_refused(constraint: str, fields: dict[str, Any]) -> None:
    factor = factor_of(make_profile(), "R02")

    refused(constraint, ProfileFactor.objects.filter(pk=factor.pk), **fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        pytest.param(
            "profile_factor_verdict_with_reason",
            {"verdict": Judgement.CHANGED, "verified_level": RiskLevel.LOW},
            id="changed without a reason",
        ),
        pytest.param(
            "profile_factor_rejected_is_no_risk",
            {"verdict": Judgement.REJECTED, "verified_level": RiskLevel.LOW, "verification_reason": "да"},
            id="rejected with a level",
        ),
        pytest.param(
            "profile_factor_activated_when_verified",
            {
                "verdict": Judgement.CONFIRMED,
                "verified_level": RiskLevel.NONE,
                "is_activated": True,
                "activated_at": AT,
            },
            id="activated though there is no risk",
        ),
    ],
)
def test_impossible_verdict_is_refused(constraint: str, fields: dict[str, Any]) -> None:
    profile = make_profile()
    rows = ProfileFactor.objects.filter(pk=factor_of(profile, "R02").pk)

    refused(constraint, rows, verified_by=profile.created_by, verified_at=AT, **fields)


def test_factor_stands_in_a_profile_once() -> None:
    factor = factor_of(make_profile(), "R02")

    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileFactor.objects.create(profile=factor.profile, factor=factor.factor)


@pytest.mark.parametrize("fields", [{"code": "R01"}, {"number": 1}, {"number": 0}])
def test_code_and_number_stand_in_a_catalogue_once(fields: dict[str, Any]) -> None:
    catalogue = make_catalogue()

    with pytest.raises(IntegrityError), transaction.atomic():
        catalogue.factors.create(**{"code": "R99", "number": 99, "title": "Лишний", **fields})


def test_submitted_self_diagnosis_of_nobody_is_refused() -> None:
    rows = SelfDiagnosis.objects.filter(profile=make_profile())

    refused("self_diagnosis_submitted_who_and_when", rows, state=DiagnosisState.CHECKED)


def test_returned_self_diagnosis_without_remarks_is_refused() -> None:
    rows = SelfDiagnosis.objects.filter(profile=make_profile())

    refused("self_diagnosis_returned_with_remarks", rows, state=DiagnosisState.RETURNED)


def test_applied_upload_without_a_moment_is_refused() -> None:
    profile = make_profile()
    upload = SelfDiagnosisUpload.objects.create(
        diagnosis=diagnosis_of(profile),
        file_name="форма.xlsx",
        file_sha256="0" * 64,
        size=1,
        uploaded_by=profile.created_by,
        uploaded_at=AT,
    )

    refused(
        "self_diagnosis_upload_applied_when",
        SelfDiagnosisUpload.objects.filter(pk=upload.pk),
        state=UploadState.APPLIED,
    )


def test_calculated_level_of_a_judged_factor_is_fixed() -> None:
    factor = factor_of(make_profile(state=ProfileState.VERIFIED), "R02")
    factor.calculated_level, factor.calculated_score = RiskLevel.HIGH, Decimal(90)

    with pytest.raises(CalculatedLevelFixed):
        factor.save()


def test_title_code_and_number_come_without_a_query(django_assert_num_queries: Any) -> None:
    profile = make_profile()
    ProfileFactor.objects.create(profile=profile, own_title="Удалённость школы")
    factors = list(profile.factors.in_order())

    with django_assert_num_queries(0):
        shown = [(factor.number, factor.code, factor.title) for factor in factors]

    assert shown[0] == (1, "R01", "Низкий уровень оснащения школы")
    assert shown[-1] == (None, "R13", "Удалённость школы")


@pytest.mark.parametrize(
    ("fields", "proposed"),
    [
        pytest.param({}, None, id="nobody knows"),
        pytest.param({"school_relevant": False}, RiskLevel.NONE, id="not relevant"),
        pytest.param({"school_relevant": True}, None, id="relevant without a level"),
        pytest.param({"school_relevant": True, "school_level": "low"}, RiskLevel.LOW, id="school's level"),
        pytest.param(
            {"calculated_level": "high", "school_relevant": True, "school_level": "low"},
            RiskLevel.HIGH,
            id="calculation first",
        ),
    ],
)
def test_curator_is_asked_to_confirm_the_calculation_or_the_school(
    fields: dict[str, Any], proposed: RiskLevel | None
) -> None:
    assert ProfileFactor(own_title="Риск", **fields).proposed_level == proposed


def test_effective_level_is_the_curators_only() -> None:
    assert ProfileFactor(own_title="Риск", calculated_level="high", school_level="high").effective_level is None
    assert ProfileFactor(own_title="Риск", verified_level="low").effective_level is RiskLevel.LOW


def test_words_of_the_queryset_name_verified_and_activated_factors() -> None:
    verified = make_profile(state=ProfileState.VERIFIED)
    approved = make_profile(state=ProfileState.APPROVED)

    assert [factor.code for factor in verified.factors.verified()] == ["R02", "R08", "R11"]
    assert [factor.code for factor in verified.factors.activated()] == []
    assert [factor.code for factor in approved.factors.activated()] == ["R02", "R08", "R11"]


def test_profiles_and_factors_are_seen_in_the_persons_scope_only() -> None:
    territory = make_territory()
    own, neighbour = (make_profile(school=make_school(territory=territory)) for _ in range(2))
    foreign = make_profile()
    school_admin = make_user(role=Role.SCHOOL_ADMIN, school=own.school)
    coordinator = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)

    assert set(RiskProfile.objects.visible_to(school_admin)) == {own}
    assert set(RiskProfile.objects.visible_to(coordinator)) == {own, neighbour}
    assert not ProfileFactor.objects.visible_to(coordinator).filter(profile=foreign).exists()
    assert ProfileFactor.objects.visible_to(school_admin).count() == 9


def test_history_keeps_what_the_curator_decided() -> None:
    factor = factor_of(make_profile(state=ProfileState.VERIFIED), "R02")

    verdicts = [row.verdict for row in factor.history.all()]
    assert (verdicts[0], verdicts[-1]) == (Judgement.CONFIRMED, "")


@pytest.mark.parametrize(
    ("verdict", "level", "words"),
    [
        pytest.param(Judgement.CONFIRMED, RiskLevel.NONE, "Подтверждено, что риска нет", id="no risk"),
        pytest.param(Judgement.CONFIRMED, RiskLevel.HIGH, "Подтверждён", id="a risk"),
        pytest.param(Judgement.REJECTED, RiskLevel.NONE, "Отклонён", id="rejected"),
    ],
)
def test_confirmed_absence_does_not_read_as_a_risk(verdict: Judgement, level: RiskLevel, words: str) -> None:
    assert ProfileFactor(verdict=verdict, verified_level=level).verdict_words == words
