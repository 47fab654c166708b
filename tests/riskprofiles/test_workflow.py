"""What must hold before a profile moves on, and the table of states as a whole."""

import pytest

from riskprofiles.choices import PROFILE_TRANSITIONS, ProfileState
from riskprofiles.workflow import (
    ProfileFacts,
    activated_or_nothing_to_activate,
    every_factor_judged,
    self_diagnosis_checked,
    surveys_exist,
)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param(ProfileFacts(factors=9, judged=9), "", id="all"),
        pytest.param(ProfileFacts(factors=9, judged=8), "осталось 1\u00a0фактор", id="one left"),
        pytest.param(ProfileFacts(factors=12), "осталось 12\u00a0факторов", id="none"),
    ],
)
def test_verification_ends_with_the_last_factor(facts: ProfileFacts, reason: str) -> None:
    refusal = every_factor_judged(facts)

    assert reason in refusal
    assert bool(refusal) is bool(reason)


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        pytest.param(ProfileFacts(can_be_activated=3, activated=1), True, id="chosen"),
        pytest.param(ProfileFacts(can_be_activated=0, activated=0), True, id="nothing to choose"),
        pytest.param(ProfileFacts(can_be_activated=3, activated=0), False, id="not chosen yet"),
    ],
)
def test_approval_waits_for_the_choice_of_the_school(facts: ProfileFacts, *, allowed: bool) -> None:
    assert (activated_or_nothing_to_activate(facts) == "") is allowed


def test_curator_waits_for_the_self_diagnosis() -> None:
    assert "не сдана" in self_diagnosis_checked(ProfileFacts())
    assert self_diagnosis_checked(ProfileFacts(self_diagnosis_is_checked=True)) == ""


def test_survey_states_need_respondents() -> None:
    assert surveys_exist(ProfileFacts())
    assert surveys_exist(ProfileFacts(respondents=206)) == ""


def test_every_step_stands_in_the_table_once() -> None:
    steps = [(step.source, step.target) for step in PROFILE_TRANSITIONS]

    assert len(steps) == len(set(steps))


def test_every_state_can_be_reached_and_the_archive_is_the_end() -> None:
    reached = {ProfileState.DRAFT, *(step.target for step in PROFILE_TRANSITIONS)}
    left = {step.source for step in PROFILE_TRANSITIONS}

    assert reached == set(ProfileState)
    assert set(ProfileState) - left == {ProfileState.ARCHIVED}
