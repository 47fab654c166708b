"""Stages, turns and the open card of a profile's page, on rows that are never stored."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from riskprofiles.choices import ProfileState
from riskprofiles.models import ProfileFactor, RiskProfile
from riskprofiles.overview import STATE_KINDS, TURNS, chosen_factor, next_factor, steps, turn
from riskprofiles.workflow import ProfileFacts
from schools.models import LegalAct

EVENING = datetime(2026, 11, 16, 21, 30, tzinfo=UTC)  # already the 17th in Moscow
NINE = ProfileFacts(factors=9)


def profile(state: ProfileState, **fields: Any) -> RiskProfile:
    return RiskProfile(state=state, calculated_at=EVENING, **fields)


def looks(row: RiskProfile, facts: ProfileFacts) -> list[str]:
    return [step.state for step in steps(row, facts)]


def notes(row: RiskProfile, facts: ProfileFacts) -> dict[str, str]:
    return {step.title: step.note.replace("\u00a0", " ") for step in steps(row, facts)}


@pytest.mark.parametrize(
    ("state", "fields", "facts", "expected"),
    [
        pytest.param(ProfileState.DRAFT, {}, NINE, ["now", "", "", "", ""], id="draft"),
        pytest.param(ProfileState.SCHOOL_REVIEW, {}, NINE, ["done", "now", "", "", ""], id="review"),
        pytest.param(
            ProfileState.SCHOOL_REVIEW,
            {"reviewed_at": EVENING},
            NINE,
            ["done", "now", "", "", ""],
            id="returned to the school",
        ),
        pytest.param(
            ProfileState.CURATOR_VERIFICATION,
            {"reviewed_at": EVENING},
            NINE,
            ["done", "done", "now", "", ""],
            id="verification",
        ),
        pytest.param(
            ProfileState.VERIFIED,
            {"reviewed_at": EVENING, "verified_at": EVENING},
            ProfileFacts(factors=9, judged=9, can_be_activated=4),
            ["done", "done", "done", "now", ""],
            id="verified, nothing chosen",
        ),
        pytest.param(
            ProfileState.VERIFIED,
            {"reviewed_at": EVENING, "verified_at": EVENING},
            ProfileFacts(factors=9, judged=9, can_be_activated=4, activated=3),
            ["done", "done", "done", "done", "now"],
            id="verified and chosen",
        ),
        pytest.param(
            ProfileState.REOPENED,
            {"reviewed_at": EVENING, "verified_at": EVENING},
            ProfileFacts(factors=9, judged=9, can_be_activated=4, activated=3),
            ["done", "done", "now", "done", ""],
            id="reopened",
        ),
        pytest.param(
            ProfileState.APPROVED,
            {"reviewed_at": EVENING, "verified_at": EVENING},
            ProfileFacts(factors=9, judged=9, can_be_activated=4, activated=3),
            ["done"] * 5,
            id="approved",
        ),
    ],
)
def test_stages_follow_the_state(
    state: ProfileState, fields: dict[str, Any], facts: ProfileFacts, expected: list[str]
) -> None:
    assert looks(profile(state, **fields), facts) == expected


def test_stages_show_local_dates_and_counts() -> None:
    row = profile(ProfileState.CURATOR_VERIFICATION, reviewed_at=EVENING)

    shown = notes(row, ProfileFacts(factors=9, judged=4, activated=1))

    assert shown["Расчёт"] == "17.11.2026"
    assert shown["Верификация"] == "4 из 9"
    assert shown["Выбор рисков"] == "1 фактор"


def test_approved_stage_names_the_order() -> None:
    row = profile(ProfileState.APPROVED, verified_at=EVENING, order=LegalAct(number="412", date=date(2026, 12, 1)))

    assert notes(row, NINE)["Утверждение"] == "от 01.12.2026 № 412"


def test_order_of_a_reopened_profile_is_not_shown() -> None:
    assert notes(profile(ProfileState.REOPENED), NINE)["Утверждение"] == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        pytest.param(ProfileFacts(can_be_activated=3), "Школа выбирает риски", id="school"),
        pytest.param(ProfileFacts(can_be_activated=3, activated=1), "Координатор утверждает", id="chosen"),
        pytest.param(ProfileFacts(), "Координатор утверждает", id="nothing to choose"),
    ],
)
def test_turn_of_a_verified_profile_depends_on_the_choice(facts: ProfileFacts, words: str) -> None:
    assert turn(profile(ProfileState.VERIFIED), facts).startswith(words)


@pytest.mark.parametrize("state", list(TURNS))
def test_turn_of_every_other_state_is_a_sentence(state: ProfileState) -> None:
    assert turn(profile(state), NINE).endswith(".")


def test_states_that_people_meet_have_a_look() -> None:
    surveys = {ProfileState.SURVEY_OPEN, ProfileState.SURVEY_CLOSED, ProfileState.CALCULATED}

    assert set(STATE_KINDS) == set(ProfileState) - surveys


def factors(*verdicts: str) -> list[ProfileFactor]:
    return [ProfileFactor(own_title=f"Риск {number}", verdict=verdict) for number, verdict in enumerate(verdicts)]


def test_wanted_factor_is_opened() -> None:
    rows = factors("", "confirmed")

    assert chosen_factor(rows, str(rows[1].pk)) == rows[1]


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        pytest.param(("confirmed", "", ""), 1, id="first without a verdict"),
        pytest.param(("confirmed", "confirmed"), 0, id="all judged"),
    ],
)
def test_without_a_wish_the_first_open_factor_is_shown(verdicts: tuple[str, ...], expected: int) -> None:
    rows = factors(*verdicts)

    assert chosen_factor(rows, "") == rows[expected]


def test_profile_without_factors_has_no_card() -> None:
    assert chosen_factor([], "") is None


@pytest.mark.parametrize(
    ("verdicts", "current", "expected"),
    [
        pytest.param(("", "", ""), 0, 1, id="the one below"),
        pytest.param(("", "confirmed", ""), 2, 0, id="from the beginning"),
        pytest.param(("confirmed", "", "confirmed"), 0, 1, id="over the judged"),
        pytest.param(("confirmed", "confirmed"), 0, None, id="none left"),
    ],
)
def test_next_factor_is_the_next_without_a_verdict(
    verdicts: tuple[str, ...], current: int, expected: int | None
) -> None:
    rows = factors(*verdicts)

    assert next_factor(rows, rows[current]) == (None if expected is None else rows[expected])
