"""What a low result is, and what a retake does to it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.identification import Counts, LowDefinition, Rules, Work, after_retake, high_of, low_of
from tests.factories.identification import make_rules

KDR = {"insufficient": 4, "reduced": 6, "base": 8, "elevated": 2}
FG = {"insufficient": 3, "poor": 5, "medium": 8, "elevated": 3, "high": 1}


def low(definition: str, rules: Rules | None = None, **counts: Any) -> int | None:
    return low_of(Counts(20, **counts), LowDefinition(definition), rules or make_rules())


@pytest.mark.parametrize(
    ("definition", "counts", "expected"),
    [
        pytest.param("MARK_2", {"mark2": 6, "below_min": 2}, 6, id="a mark is a mark"),
        pytest.param("BELOW_MINIMUM", {"mark2": 6, "below_min": 2}, 2, id="ЕГЭ below the minimum"),
        pytest.param("BELOW_MINIMUM", {"mark2": 6}, 6, id="базовая математика has no minimum of scores"),
        pytest.param("MARK_2", {"below_min": 2}, None, id="marks not delivered are not zero"),
        pytest.param("LEVEL_INSUFFICIENT", {"level_counts": KDR, "level_scale": "KDR4"}, 4, id="КДР lowest level"),
        pytest.param(
            "LEVEL_INSUFFICIENT_OR_LOW",
            {"level_counts": KDR, "level_scale": "KDR4"},
            10,
            id="КДР with пониженный, which is РДР below the base level",
        ),
        pytest.param("LEVEL_INSUFFICIENT", {"level_counts": FG, "level_scale": "FG5"}, 3, id="ФГ lowest level"),
        pytest.param("LEVELS_OF_SCALE", {"level_counts": FG, "level_scale": "FG5"}, 8, id="ФГ as the scale says"),
        pytest.param("LEVELS_OF_SCALE", {"level_counts": KDR, "level_scale": "KDR4"}, 4, id="КДР as the scale says"),
        pytest.param("LEVELS_OF_SCALE", {"level_counts": FG}, 8, id="scale recognised by its levels"),
        pytest.param("LEVEL_INSUFFICIENT", {"mark2": 6}, None, id="marks do not stand for levels"),
        pytest.param(
            "LEVELS_OF_SCALE", {"level_counts": {"poor": 5}, "level_scale": "FG5"}, None, id="a level missing"
        ),
        pytest.param("LEVELS_OF_SCALE", {"level_counts": {"odd": 5}}, None, id="no such scale"),
    ],
)
def test_low_works_of_a_row(definition: str, counts: dict[str, Any], expected: int | None) -> None:
    assert low(definition, **counts) == expected


def test_rule_may_call_other_levels_low() -> None:
    rules = make_rules(low_levels={"KDR4": ["insufficient", "reduced"]})

    assert low("LEVELS_OF_SCALE", rules, level_counts=KDR, level_scale="KDR4") == 10
    assert low("LEVELS_OF_SCALE", rules, level_counts=FG, level_scale="FG5") == 8


def test_high_marks_need_both_counts() -> None:
    assert high_of(Counts(20, mark4=5, mark5=3)) == 8
    assert high_of(Counts(20, mark4=5)) is None


# Retakes


def test_those_who_pass_at_a_retake_are_low_no_more() -> None:
    """6 of 20 failed; they wrote again and 2 failed again: 2 of 20."""
    after = after_retake(Work(20, 6, "1"), Work(6, 2, "2"), "sept", grade=9, year=2026)

    assert (after.low, after.participants, after.source) == (2, 20, "1,2")
    assert [tuple(piece) for piece in after.pieces] == [(9, 2026, "", 20, 6), (9, 2026, "sept", 6, 2)]


def test_those_who_did_not_come_to_the_retake_stay_low() -> None:
    """6 of 20 failed; 4 wrote again and 1 failed: 3 of 20."""
    after = after_retake(Work(20, 6), Work(4, 1), "reserve", grade=9, year=2026)

    assert (after.low, after.participants) == (3, 20)


def test_retake_with_more_people_than_failed_brings_new_participants() -> None:
    """2 of 20 failed; 5 wrote in the reserve days, so 3 of them had not written before: 1 of 23."""
    after = after_retake(Work(20, 2), Work(5, 1), "reserve", grade=9, year=2026)

    assert (after.low, after.participants) == (1, 23)


def test_two_retakes_follow_each_other() -> None:
    first = after_retake(Work(20, 6), Work(6, 3), "reserve", grade=9, year=2026)
    second = after_retake(first, Work(3, 1), "sept", grade=9, year=2026)

    assert (second.low, second.participants, len(second.pieces)) == (1, 20, 3)


@pytest.mark.parametrize(("main", "retake"), [(None, 2), (6, None)])
def test_unknown_low_works_of_either_make_the_whole_unknown(main: int | None, retake: int | None) -> None:
    assert after_retake(Work(20, main), Work(6, retake), "sept", grade=9, year=2026).low is None


@given(main=st.integers(0, 60), failed=st.integers(0, 60), again=st.integers(0, 60), failed_again=st.integers(0, 60))
def test_retake_never_makes_more_low_works_than_there_were_and_came(
    main: int,
    failed: int,
    again: int,
    failed_again: int,
) -> None:
    failed, failed_again = min(failed, main), min(failed_again, again)

    after = after_retake(Work(main, failed), Work(again, failed_again), "sept", grade=9, year=2026)

    assert after.low is not None
    assert failed_again <= after.low <= failed + failed_again
    assert after.low <= after.participants <= main + again
