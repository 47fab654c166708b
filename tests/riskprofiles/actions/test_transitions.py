"""Facts of a profile and the permission of each step."""

from uuid import uuid4

import pytest
from django.urls import resolve, reverse

from accounts.errors import TransitionRefused
from riskprofiles.actions.transitions import facts_of, find_transition
from riskprofiles.choices import PROFILE_TRANSITIONS, ProfileState
from riskprofiles.workflow import ProfileFacts
from tests.factories.riskprofiles import make_profile

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "facts"),
    [
        pytest.param(ProfileState.SCHOOL_REVIEW, ProfileFacts(factors=9), id="review"),
        pytest.param(
            ProfileState.CURATOR_VERIFICATION, ProfileFacts(factors=9, self_diagnosis_is_checked=True), id="handed in"
        ),
        pytest.param(
            ProfileState.VERIFIED,
            ProfileFacts(factors=9, judged=9, can_be_activated=3, self_diagnosis_is_checked=True),
            id="verified",
        ),
        pytest.param(
            ProfileState.APPROVED,
            ProfileFacts(factors=9, judged=9, can_be_activated=3, activated=3, self_diagnosis_is_checked=True),
            id="approved",
        ),
    ],
)
def test_facts_are_counted_from_the_rows(state: ProfileState, facts: ProfileFacts) -> None:
    assert facts_of(make_profile(state=state)) == facts


@pytest.mark.parametrize(
    ("address", "source", "target"),
    [
        ("riskprofiles:send", ProfileState.DRAFT, ProfileState.SCHOOL_REVIEW),
        ("self_assessment:submit", ProfileState.SCHOOL_REVIEW, ProfileState.CURATOR_VERIFICATION),
        ("riskprofiles:return", ProfileState.CURATOR_VERIFICATION, ProfileState.SCHOOL_REVIEW),
        ("riskprofiles:return", ProfileState.REOPENED, ProfileState.SCHOOL_REVIEW),
        ("riskprofiles:complete", ProfileState.CURATOR_VERIFICATION, ProfileState.VERIFIED),
        ("riskprofiles:complete", ProfileState.REOPENED, ProfileState.VERIFIED),
        ("riskprofiles:approve", ProfileState.VERIFIED, ProfileState.APPROVED),
        ("riskprofiles:reopen", ProfileState.VERIFIED, ProfileState.REOPENED),
        ("riskprofiles:reopen", ProfileState.APPROVED, ProfileState.REOPENED),
    ],
)
def test_page_of_a_step_asks_for_the_permission_of_the_table(
    address: str, source: ProfileState, target: ProfileState
) -> None:
    step = next(step for step in PROFILE_TRANSITIONS if (step.source, step.target) == (source, target))
    view = resolve(reverse(address, args=[uuid4()])).func

    assert vars(view)["access"] == step.permission


def test_refusal_names_the_state_and_the_ways_out() -> None:
    profile = make_profile(state=ProfileState.VERIFIED)

    with pytest.raises(TransitionRefused) as refused:
        find_transition(profile, ProfileState.DRAFT)

    assert str(refused.value) == (
        "Рисковый профиль: из состояния «Верифицирован» нельзя перейти в «Черновик». "
        "Возможно: «Утверждён», «Открыт заново»."
    )
