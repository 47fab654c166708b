"""Profiles are opened, computed, approved and reopened along the table of states."""

from decimal import Decimal

import pytest

from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import AuditEvent
from riskprofiles import actions
from riskprofiles.choices import PROFILE_TRANSITIONS, ProfileState
from riskprofiles.errors import (
    CalculationClosed,
    ListNotPublished,
    ProfileExists,
    RemarksRequired,
)
from riskprofiles.models import RiskProfile
from riskprofiles.scoring import RiskLevel
from schools.models import LegalAct, School, SchoolList
from tests.factories.lists import make_list
from tests.factories.riskprofiles import (
    AT,
    RESULTS_YEAR,
    YEAR,
    factor_of,
    make_catalogue,
    make_profile,
    order_for,
)
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def school_with_vpr(*marks: tuple[int, int, int, int]) -> School:
    school = make_school()
    for number, counts in enumerate(marks):
        make_result(school=school, marks=counts, year=RESULTS_YEAR, grade=4 + number)
    return school


def test_new_profile_has_every_factor_of_its_catalogue() -> None:
    profile = make_profile(state=ProfileState.DRAFT, edition="2020")

    assert profile.factors.count() == 12
    assert (profile.state, profile.results_year, profile.catalogue.frozen) == (ProfileState.DRAFT, RESULTS_YEAR, True)


def test_failure_is_computed_from_the_marks_of_vpr() -> None:
    school = school_with_vpr((2, 8, 6, 4), (6, 8, 4, 2))  # 10 % and 30 %: mean 20 %, (20 - 5) / 35

    factor = factor_of(make_profile(school=school), "R11")

    assert factor.calculated_score == Decimal("42.86")
    assert factor.calculated_level == RiskLevel.MEDIUM
    vpr, repeaters, failed = factor.calculated_parts
    assert (vpr["percent"], vpr["observations"], vpr["numerator"], vpr["denominator"]) == ("20.0000", 2, 8, 40)
    assert (repeaters["percent"], failed["percent"]) == (None, None)


def test_results_of_other_years_and_procedures_do_not_count() -> None:
    school = school_with_vpr((1, 9, 5, 5))
    make_result(school=school, marks=(20, 0, 0, 0), year=RESULTS_YEAR - 1)
    make_result(school=school, marks=(20, 0, 0, 0), procedure="KDR")
    make_result(school=make_school(), marks=(20, 0, 0, 0))

    factor = factor_of(make_profile(school=school), "R11")

    assert factor.calculated_parts[0]["percent"] == "5.0000"
    assert factor.calculated_level == RiskLevel.NONE


def test_what_is_not_measured_has_no_level() -> None:
    profile = make_profile()

    assert set(profile.factors.values_list("calculated_level", "calculated_score")) == {(None, None)}


def test_new_calculation_follows_new_results_while_the_profile_is_a_draft() -> None:
    profile = make_profile(state=ProfileState.DRAFT)
    make_result(school=profile.school, marks=(10, 5, 3, 2), year=RESULTS_YEAR)

    actions.calculate_profile(profile=profile, by=profile.created_by, at=AT)

    assert factor_of(profile, "R11").calculated_level == RiskLevel.HIGH


def test_calculation_is_closed_once_the_school_works_with_it() -> None:
    profile = make_profile()

    with pytest.raises(CalculationClosed):
        actions.calculate_profile(profile=profile, by=profile.created_by, at=AT)


def test_second_profile_of_a_year_is_refused_in_words() -> None:
    profile = make_profile()

    with pytest.raises(ProfileExists, match="за 2027 год уже заведён"):
        make_profile(school=profile.school)


def test_profiles_are_opened_for_the_schools_of_a_list_and_sent_to_them() -> None:
    territory = make_territory()
    schools = [make_school(territory=territory) for _ in range(3)]
    outsider = make_school(territory=territory)
    school_list = make_list(schools)
    by = make_user()

    made = actions.open_profiles(school_list=school_list, year=YEAR, catalogue=make_catalogue(), by=by, at=AT)

    assert {profile.school for profile in made} == set(schools)
    assert set(RiskProfile.objects.values_list("state", "results_year")) == {(ProfileState.SCHOOL_REVIEW, 2026)}
    assert not RiskProfile.objects.filter(school=outsider).exists()


def test_opening_again_leaves_the_profiles_that_are_there() -> None:
    school_list = make_list([make_school()])
    arguments = {"school_list": school_list, "year": YEAR, "catalogue": make_catalogue(), "by": make_user(), "at": AT}
    actions.open_profiles(**arguments)  # type: ignore[arg-type]

    assert actions.open_profiles(**arguments) == []  # type: ignore[arg-type]
    assert RiskProfile.objects.count() == 1


def test_list_that_is_not_published_opens_nothing() -> None:
    by = make_user()
    draft = SchoolList.objects.create(
        kind="municipal", year=2026, territory=make_territory(), created_by=by, created_at=AT
    )

    with pytest.raises(ListNotPublished):
        actions.open_profiles(school_list=draft, year=YEAR, catalogue=make_catalogue(), by=by, at=AT)


def test_approval_stores_the_order_and_who_and_when() -> None:
    profile = make_profile(state=ProfileState.APPROVED)

    assert profile.order is not None
    assert (profile.order.number, profile.order.territory) == ("412", profile.school.territory)
    assert (profile.approved_by, profile.approved_at) == (profile.created_by, AT)
    assert AuditEvent.objects.filter(code=AuditCode.RISK_PROFILE_APPROVED).count() == 1


def test_one_order_approves_many_profiles() -> None:
    territory = make_territory()
    profiles = [make_profile(state=ProfileState.APPROVED, school=make_school(territory=territory)) for _ in range(2)]

    assert profiles[0].order == profiles[1].order
    assert LegalAct.objects.count() == 1


def test_approval_before_the_choice_of_the_school_is_refused_and_stores_no_order() -> None:
    profile = make_profile(state=ProfileState.VERIFIED)

    with pytest.raises(TransitionRefused, match="ещё не выбрала риски"):
        actions.approve_profile(profile=profile, order=order_for(profile), by=profile.created_by, at=AT)

    assert not LegalAct.objects.exists()


def test_reopened_profile_loses_its_order_and_keeps_the_verdicts() -> None:
    profile = make_profile(state=ProfileState.APPROVED)

    reopened = actions.reopen_profile(profile=profile, reason="Пришли результаты ГИА", by=profile.created_by, at=AT)

    assert (reopened.state, reopened.order, reopened.approved_at) == (ProfileState.REOPENED, None, None)
    assert reopened.remarks == "Пришли результаты ГИА"
    assert reopened.factors.judged().count() == 9


def test_reopened_profile_is_verified_and_approved_again() -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    by = profile.created_by
    actions.reopen_profile(profile=profile, reason="Уточнение", by=by, at=AT)

    actions.complete_verification(profile=profile, by=by, at=AT)
    again = actions.approve_profile(profile=profile, order=order_for(profile, number="500"), by=by, at=AT)

    assert again.order is not None
    assert (again.state, again.order.number, again.remarks) == (ProfileState.APPROVED, "500", "")


def test_reopening_without_words_is_refused() -> None:
    profile = make_profile(state=ProfileState.VERIFIED)

    with pytest.raises(RemarksRequired):
        actions.reopen_profile(profile=profile, reason=" ", by=profile.created_by, at=AT)


def test_archived_profile_goes_nowhere() -> None:
    profile = make_profile(state=ProfileState.ARCHIVED)

    with pytest.raises(TransitionRefused, match="Возможно: ничего"):
        actions.reopen_profile(profile=profile, reason="Уточнение", by=profile.created_by, at=AT)


WAYS = {
    ProfileState.SCHOOL_REVIEW: lambda p: actions.send_to_school(profile=p, by=p.created_by, at=AT),
    ProfileState.VERIFIED: lambda p: actions.complete_verification(profile=p, by=p.created_by, at=AT),
    ProfileState.REOPENED: lambda p: actions.reopen_profile(profile=p, reason="так", by=p.created_by, at=AT),
    ProfileState.APPROVED: lambda p: actions.approve_profile(profile=p, order=order_for(p), by=p.created_by, at=AT),
    ProfileState.ARCHIVED: lambda p: actions.archive_profile(profile=p, by=p.created_by, at=AT),
}
WALKED = (
    ProfileState.DRAFT,
    ProfileState.SCHOOL_REVIEW,
    ProfileState.CURATOR_VERIFICATION,
    ProfileState.VERIFIED,
    ProfileState.APPROVED,
    ProfileState.ARCHIVED,
)
ALLOWED = {(step.source, step.target) for step in PROFILE_TRANSITIONS}


@pytest.mark.parametrize(
    ("source", "target"),
    [(source, target) for source in WALKED for target in WAYS if (source, target) not in ALLOWED],
)
def test_step_outside_the_table_is_refused_naming_what_is_allowed(source: ProfileState, target: ProfileState) -> None:
    profile = make_profile(state=source)

    with pytest.raises(TransitionRefused, match=f"«{source.label}».*«{target.label}».*Возможно"):
        WAYS[target](profile)

    assert RiskProfile.objects.get(pk=profile.pk).state == source


def test_survey_states_wait_for_surveys() -> None:
    profile = make_profile(state=ProfileState.DRAFT)

    from riskprofiles.actions.transitions import check_transition

    with pytest.raises(TransitionRefused, match="нет анкетирования"):
        check_transition(profile, ProfileState.SURVEY_OPEN)


def test_every_step_leaves_an_event() -> None:
    make_profile(state=ProfileState.ARCHIVED)

    codes = AuditEvent.objects.filter(object_type="riskprofiles.riskprofile").order_by("pk").values_list("meta", "code")
    steps = [(meta["source"], meta["target"]) for meta, _ in codes if "target" in meta]

    assert steps == [
        ("draft", "school_review"),
        ("school_review", "curator_verification"),
        ("curator_verification", "verified"),
        ("verified", "approved"),
        ("approved", "archived"),
    ]
