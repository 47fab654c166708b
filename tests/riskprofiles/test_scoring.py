"""The index of a factor, without a database."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskprofiles.scoring import FactorRule, LevelBounds, RiskLevel, Share, risk_level, score_factor

BOUNDS = LevelBounds.from_parameters({"low": "16.7", "medium": "33.3", "high": "66.7"})


def part(code: str, weight: str, *indicators: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "code": code,
        "title": code,
        "weight": weight,
        "indicators": [{"code": name, "title": name, "lo": lo, "hi": hi} for name, lo, hi in indicators],
    }


def rule(*parts: dict[str, Any], minimum_parts: int = 1) -> FactorRule:
    return FactorRule.from_parameters({"parts": parts, "minimum_parts": minimum_parts})


def percent(value: int) -> list[Share]:
    return [Share(numerator=value, denominator=100)]


VPR = rule(part("statistics", "0.5", ("vpr_low_share", "5", "40")))


@pytest.mark.parametrize(
    ("score", "level"),
    [
        pytest.param("0", RiskLevel.NONE, id="nothing"),
        pytest.param("16.69", RiskLevel.NONE, id="below low"),
        pytest.param("16.7", RiskLevel.LOW, id="low bound"),
        pytest.param("33.29", RiskLevel.LOW, id="below medium"),
        pytest.param("33.3", RiskLevel.MEDIUM, id="medium bound"),
        pytest.param("66.69", RiskLevel.MEDIUM, id="below high"),
        pytest.param("66.7", RiskLevel.HIGH, id="high bound"),
        pytest.param("100", RiskLevel.HIGH, id="full"),
    ],
)
def test_level_begins_at_its_bound(score: str, level: RiskLevel) -> None:
    assert risk_level(Fraction(score), BOUNDS) is level


def test_worked_example_of_staff_shortage() -> None:
    staff = rule(
        part(
            "statistics",
            "0.6",
            ("vacancies", "0", "10"),
            ("off_speciality", "0", "30"),
            ("over_60", "10", "40"),
            ("overloaded", "10", "60"),
            ("missing_specialists", "0", "100"),
        ),
        part("director", "0.2", ("director", "0", "100")),
        part("teacher", "0.2", ("teacher", "0", "100")),
        minimum_parts=2,
    )
    observed = {
        "vacancies": percent(6),
        "off_speciality": percent(18),
        "over_60": percent(28),
        "overloaded": percent(35),
        "missing_specialists": percent(50),
        "director": percent(55),
        "teacher": percent(55),
    }

    scored = score_factor(staff, observed, BOUNDS)

    assert scored.score == Fraction("55.6")
    assert scored.level is RiskLevel.MEDIUM


@pytest.mark.parametrize(
    ("low", "expected"),
    [
        pytest.param(5, "0", id="at the lower bound"),
        pytest.param(3, "0", id="below it"),
        pytest.param(19, "40", id="between"),
        pytest.param(40, "100", id="at the upper bound"),
        pytest.param(90, "100", id="above it"),
    ],
)
def test_share_lies_between_its_bounds(low: int, expected: str) -> None:
    assert score_factor(VPR, {"vpr_low_share": percent(low)}, BOUNDS).score == Fraction(expected)


def test_works_count_alike_whatever_their_size() -> None:
    works = [Share(numerator=1, denominator=10), Share(numerator=60, denominator=200)]

    indicator = score_factor(VPR, {"vpr_low_share": works}, BOUNDS).indicators[0]

    assert indicator.percent == 20
    assert (indicator.observations, indicator.numerator, indicator.denominator) == (2, 61, 210)


def test_fall_of_a_share_is_the_risk_when_bounds_are_turned() -> None:
    turnout = rule(part("statistics", "1", ("turnout", "90", "30")))

    assert score_factor(turnout, {"turnout": percent(60)}, BOUNDS).score == 50


@pytest.mark.parametrize(
    "observed",
    [
        pytest.param({}, id="not delivered"),
        pytest.param({"vpr_low_share": []}, id="no works"),
        pytest.param({"vpr_low_share": [Share(numerator=0, denominator=0)]}, id="nobody wrote"),
    ],
)
def test_no_data_is_no_level_and_never_zero(observed: dict[str, list[Share]]) -> None:
    scored = score_factor(VPR, observed, BOUNDS)

    assert (scored.score, scored.level, scored.missing) == (None, None, 1)


def test_too_few_parts_give_no_level() -> None:
    both = rule(part("a", "1", ("x", "0", "10")), part("b", "1", ("y", "0", "10")), minimum_parts=2)

    assert score_factor(both, {"x": percent(5)}, BOUNDS).level is None


def test_missing_indicator_counts_in_no_mean() -> None:
    two = rule(part("statistics", "1", ("x", "0", "10"), ("y", "0", "10")))

    scored = score_factor(two, {"x": percent(5)}, BOUNDS)

    assert scored.score == 50
    assert scored.missing == 1


def test_missing_part_gives_its_weight_to_the_others() -> None:
    both = rule(part("a", "0.9", ("x", "0", "10")), part("b", "0.1", ("y", "0", "10")))

    assert score_factor(both, {"y": percent(5)}, BOUNDS).score == 50


def test_factor_without_parts_is_not_scored() -> None:
    assert score_factor(FactorRule(), {"x": percent(5)}, BOUNDS).level is None


@pytest.mark.parametrize(
    "bounds",
    [
        {"low": "33.3", "medium": "16.7", "high": "66.7"},
        {"low": "0", "medium": "33.3", "high": "66.7"},
        {"low": "16.7", "medium": "33.3", "high": "100"},
    ],
)
def test_bounds_that_do_not_grow_are_refused(bounds: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Границы значимости"):
        LevelBounds.from_parameters(bounds)


def test_weight_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="Вес части «a»"):
        rule(part("a", "0", ("x", "0", "10")))


def test_equal_bounds_of_an_indicator_are_refused() -> None:
    with pytest.raises(ValueError, match="границы совпадают"):
        rule(part("a", "1", ("x", "10", "10")))


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=30))
def test_index_stays_between_0_and_100(works: list[tuple[int, int]]) -> None:
    shares = [Share(numerator=min(low, total), denominator=total) for low, total in works]

    scored = score_factor(VPR, {"vpr_low_share": shares}, BOUNDS)

    assert scored.score is not None
    assert 0 <= scored.score <= 100
