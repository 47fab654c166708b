"""The way of a profile, every state to every state: who may take a step, what must hold, the words of a refusal."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import TransitionRefused
from accounts.models import AuditEvent, User
from accounts.permissions import Permission, Role
from riskprofiles import actions, permissions
from riskprofiles.actions.transitions import check_transition, find_transition
from riskprofiles.choices import (
    JUDGING_STATES,
    OPEN_DIAGNOSIS_STATES,
    ORDERED_STATES,
    PROFILE_TRANSITIONS,
    RECALCULABLE_STATES,
    SUBMITTED_DIAGNOSIS_STATES,
    VERDICT_TITLES,
    DiagnosisState,
    ProfileState,
)
from riskprofiles.errors import CalculationClosed
from riskprofiles.models import RiskProfile, SelfDiagnosis
from riskprofiles.overview import STATE_KINDS, TURNS
from riskprofiles.review import Judgement
from riskprofiles.workflow import (
    ProfileFacts,
    activated_or_nothing_to_activate,
    always,
    every_factor_judged,
    self_diagnosis_checked,
    surveys_exist,
)
from tests.factories.riskprofiles import AT, make_profile, order_for
from tests.factories.schools import make_actor, make_school, make_user

S = ProfileState
SEND, FILL, JUDGE = (
    Permission.APPROVE_RISK_PROFILE,
    Permission.FILL_SELF_DIAGNOSIS,
    Permission.VERIFY_RISK_PROFILE,
)
# from, to: who may, what must hold. Source: domain specification, 3.5
WAYS = {
    (S.DRAFT, S.SCHOOL_REVIEW): (SEND, always),
    (S.DRAFT, S.SURVEY_OPEN): (SEND, surveys_exist),
    (S.SURVEY_OPEN, S.SURVEY_CLOSED): (SEND, surveys_exist),
    (S.SURVEY_CLOSED, S.CALCULATED): (SEND, surveys_exist),
    (S.CALCULATED, S.SCHOOL_REVIEW): (SEND, surveys_exist),
    (S.SCHOOL_REVIEW, S.CURATOR_VERIFICATION): (FILL, self_diagnosis_checked),
    (S.CURATOR_VERIFICATION, S.SCHOOL_REVIEW): (JUDGE, always),
    (S.CURATOR_VERIFICATION, S.VERIFIED): (JUDGE, every_factor_judged),
    (S.REOPENED, S.SCHOOL_REVIEW): (JUDGE, always),
    (S.REOPENED, S.VERIFIED): (JUDGE, every_factor_judged),
    (S.VERIFIED, S.APPROVED): (SEND, activated_or_nothing_to_activate),
    (S.VERIFIED, S.REOPENED): (SEND, always),
    (S.APPROVED, S.REOPENED): (SEND, always),
    (S.APPROVED, S.ARCHIVED): (SEND, always),
}
WALKED = (S.DRAFT, S.SCHOOL_REVIEW, S.CURATOR_VERIFICATION, S.VERIFIED, S.APPROVED, S.ARCHIVED)
COORDINATORS = {Role.REGIONAL_ADMIN, Role.REGIONAL_COORDINATOR, Role.MUNICIPAL_COORDINATOR}


@pytest.mark.parametrize("source", S)
@pytest.mark.parametrize("target", S)
def test_step_has_its_right_and_its_condition_or_is_none(source: ProfileState, target: ProfileState) -> None:
    found = [step for step in PROFILE_TRANSITIONS if (step.source, step.target) == (source, target)]

    assert [(step.permission, step.refusal) for step in found] == (
        [WAYS[source, target]] if (source, target) in WAYS else []
    )


@pytest.mark.parametrize(("source", "target"), [pair for pair in product(S, S) if pair not in WAYS])
def test_step_outside_the_table_is_refused_with_the_ways_out(source: ProfileState, target: ProfileState) -> None:
    ways = ", ".join(f"«{step.target.label}»" for step in PROFILE_TRANSITIONS if step.source == source)

    with pytest.raises(TransitionRefused) as refused:
        find_transition(RiskProfile(state=source), target)

    assert refused.value.text == (
        f"Рисковый профиль: из состояния «{source.label}» нельзя перейти в «{target.label}». "
        f"Возможно: {ways or 'ничего'}."
    )


def test_states_that_people_meet_have_words_and_a_look() -> None:
    assert set(STATE_KINDS) == set(S) - {S.SURVEY_OPEN, S.SURVEY_CLOSED, S.CALCULATED}
    assert set(TURNS) | {S.VERIFIED} == set(STATE_KINDS)


def test_sets_of_states_do_not_contradict_each_other() -> None:
    assert not OPEN_DIAGNOSIS_STATES & SUBMITTED_DIAGNOSIS_STATES
    assert set(DiagnosisState) == OPEN_DIAGNOSIS_STATES | SUBMITTED_DIAGNOSIS_STATES
    assert not JUDGING_STATES & ORDERED_STATES
    assert set(VERDICT_TITLES) == set(Judgement)


@given(factors=st.integers(0, 20), judged=st.integers(0, 20), risks=st.integers(0, 20), activated=st.integers(0, 20))
def test_conditions_answer_with_a_whole_sentence_or_with_nothing(
    factors: int, judged: int, risks: int, activated: int
) -> None:
    facts = ProfileFacts(factors=factors, judged=judged, can_be_activated=risks, activated=activated)

    for condition in {condition for _, condition in WAYS.values()}:
        reason = condition(facts)
        assert reason == "" or (reason[0].isupper() and reason.endswith("."))
    assert (every_factor_judged(facts) == "") is (judged >= factors)
    assert (activated_or_nothing_to_activate(facts) == "") is (activated > 0 or risks == 0)


# Rights by role, scope and state

needs_rows = pytest.mark.django_db


@needs_rows
@pytest.mark.parametrize("role", Role)
def test_role_may_take_the_steps_of_its_own_in_their_states(role: Role) -> None:
    school = make_school()
    user = make_actor(role, school)
    is_school, is_coordinator = role is Role.SCHOOL_ADMIN, role in COORDINATORS

    for state in S:
        profile = RiskProfile(state=state, school=school)
        diagnosis = SelfDiagnosis(profile=profile)
        assert permissions.can_send(user, profile) is (is_coordinator and state is S.DRAFT)
        assert permissions.can_fill(user, diagnosis) is (is_school and state is S.SCHOOL_REVIEW)
        assert permissions.can_judge(user, profile) is (role is Role.CURATOR and state in JUDGING_STATES)
        assert permissions.can_activate(user, profile) is (is_school and state is S.VERIFIED)
        assert permissions.can_approve(user, profile) is (is_coordinator and state is S.VERIFIED)
        assert permissions.can_reopen(user, profile) is (is_coordinator and state in {S.VERIFIED, S.APPROVED})


@needs_rows
@pytest.mark.parametrize("role", Role)
def test_role_elsewhere_may_nothing(role: Role) -> None:
    profile, stranger = RiskProfile(state=S.VERIFIED, school=make_school()), make_actor(role, make_school())

    assert not permissions.can_activate(stranger, profile)
    assert not permissions.can_approve(stranger, profile)
    assert not permissions.can_reopen(stranger, profile)


@needs_rows
def test_profiles_to_fill_are_those_of_the_own_school_only() -> None:
    profile = make_profile()
    actors = {role: make_actor(role, profile.school) for role in Role}

    fillers = {role for role, user in actors.items() if RiskProfile.objects.fillable_by(user).exists()}

    assert fillers == {Role.SCHOOL_ADMIN}


# What is refused leaves nothing behind


@needs_rows
@pytest.mark.parametrize(
    ("state", "target", "words"),
    [
        pytest.param(S.SCHOOL_REVIEW, S.CURATOR_VERIFICATION, "Самодиагностика не сдана", id="form not handed in"),
        pytest.param(S.CURATOR_VERIFICATION, S.VERIFIED, "осталось 9\u00a0факторов", id="nothing judged"),
        pytest.param(S.VERIFIED, S.APPROVED, "Школа ещё не выбрала риски", id="nothing chosen"),
        pytest.param(S.DRAFT, S.SURVEY_OPEN, "По профилю нет анкетирования.", id="no survey"),
    ],
)
def test_step_waits_for_its_condition(state: ProfileState, target: ProfileState, words: str) -> None:
    with pytest.raises(TransitionRefused, match=words):
        check_transition(make_profile(state=state), target)


@needs_rows
@pytest.mark.parametrize("state", [S.DRAFT, S.SCHOOL_REVIEW, S.CURATOR_VERIFICATION])
def test_refused_approval_stores_neither_order_nor_event(state: ProfileState) -> None:
    profile = make_profile(state=state)
    events = AuditEvent.objects.count()

    with pytest.raises(TransitionRefused):
        actions.approve_profile(profile=profile, order=order_for(profile), by=make_user(), at=AT)

    stored = RiskProfile.objects.get()
    assert (stored.state, stored.order, stored.approved_at) == (state, None, None)
    assert AuditEvent.objects.count() == events


@needs_rows
@pytest.mark.parametrize("state", sorted(set(WALKED) - RECALCULABLE_STATES))
def test_index_is_not_computed_anew_once_people_work_with_it(state: ProfileState) -> None:
    profile = make_profile(state=state)

    with pytest.raises(CalculationClosed, match="Расчёт закрыт"):
        actions.calculate_profile(profile=profile, by=make_user(), at=AT)


@needs_rows
@pytest.mark.parametrize("state", DiagnosisState)
def test_form_is_open_in_its_states_while_the_school_reviews(state: DiagnosisState) -> None:
    review, elsewhere = RiskProfile(state=S.SCHOOL_REVIEW), RiskProfile(state=S.CURATOR_VERIFICATION)

    assert SelfDiagnosis(state=state, profile=review).is_open is (state in OPEN_DIAGNOSIS_STATES)
    assert SelfDiagnosis(state=state, profile=elsewhere).is_open is False


@needs_rows
def test_every_step_of_the_whole_way_is_kept_in_history() -> None:
    profile = make_profile(state=S.ARCHIVED)

    states = list(profile.history.order_by("history_id").values_list("state", flat=True))

    assert list(dict.fromkeys(states)) == list(WALKED)


def coordinator(profile: RiskProfile) -> User:
    return make_actor(Role.MUNICIPAL_COORDINATOR, profile.school)


@needs_rows
def test_reopened_profile_is_the_curators_again_and_nobody_elses() -> None:
    profile = make_profile(state=S.APPROVED)
    actions.reopen_profile(profile=profile, reason="Новые результаты ВПР", by=coordinator(profile), at=AT)
    reopened = RiskProfile.objects.get()

    assert permissions.can_judge(make_actor(Role.CURATOR, profile.school), reopened)
    assert not permissions.can_approve(coordinator(profile), reopened)
    assert not permissions.can_activate(make_actor(Role.SCHOOL_ADMIN, profile.school), reopened)
