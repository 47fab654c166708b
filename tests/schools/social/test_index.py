"""The social index: the worked example, missing data, the cut. Without a database."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.russian import rounded
from schools.social import (
    Quadrant,
    SocialPart,
    SocialVerdict,
    Value,
    index_digits,
    listed_missing,
    quadrant_of,
    social_index,
)
from tests.factories.social import HARD, WORKED, make_social_rule, told

RULE = make_social_rule()
CODES = [each.code for each in RULE.indicators]


def test_worked_example_is_43_6_and_not_in_hard_conditions() -> None:
    result = social_index(told(), RULE)

    assert result.index == 100 - 100 * Fraction("0.564375")
    assert rounded(result.index, 1) == Decimal("43.6")
    assert result.verdict is SocialVerdict.CLEAR
    assert (result.completeness, list(result.missing)) == (Fraction(1), [])


def test_evidence_of_the_worked_example() -> None:
    parts = social_index(told(), RULE).parts

    assert [(part.code, part.x, part.r) for part in parts] == [
        ("parents_higher", 12, Fraction("0.825")),
        ("single_parent", 31, Fraction("0.7")),
        ("unemployed", 9, Fraction("0.45")),
        ("registered", Fraction("3.5"), Fraction("0.4375")),
        ("foster", 4, Fraction("0.5")),
        ("second_language", 6, Fraction("0.15")),
        ("special_needs", 11, Fraction("0.55")),
    ]
    assert parts[0].contribution == Fraction("20.625")
    assert sum(part.contribution or 0 for part in parts) == Fraction("56.4375")


def test_hard_conditions_are_below_the_cut() -> None:
    result = social_index(told(HARD), RULE)

    assert result.verdict is SocialVerdict.SHNSU
    assert result.index is not None
    assert result.index < 40


def test_shares_beyond_the_bounds_take_no_more_and_no_less() -> None:
    values = told() | {
        "single_parent": Value(part=Decimal(90), whole=Decimal(100)),
        "foster": Value(part=Decimal(0), whole=Decimal(100)),
    }
    parts = {part.code: part for part in social_index(values, RULE).parts}

    assert (parts["single_parent"].r, parts["foster"].r) == (Fraction(1), Fraction(0))


# Missing is not zero


def test_missing_indicator_takes_no_part_and_is_named() -> None:
    result = social_index(told(WORKED, "foster"), make_social_rule(cut="38"))

    assert result.index == 100 - (Fraction("56.4375") - 5) / Fraction("0.9")
    assert [part.code for part in result.missing] == ["foster"]
    assert listed_missing(result.parts) == ["Опекаемые и приёмные"]
    assert result.completeness == Fraction("0.9")


def test_zero_and_not_told_differ() -> None:
    zero, rule = told() | {"foster": Value(part=Decimal(0), whole=Decimal(200))}, make_social_rule(cut="38")

    assert social_index(zero, rule).index != social_index(told(WORKED, "foster"), rule).index
    assert social_index(zero, rule).completeness == 1


def test_share_out_of_nobody_is_not_known() -> None:
    result = social_index(told() | {"foster": Value(part=Decimal(0), whole=Decimal(0))}, RULE)

    assert [part.code for part in result.missing] == ["foster"]


def test_too_little_data_give_no_index() -> None:
    result = social_index(told(WORKED, "parents_higher"), RULE)

    assert (result.index, result.verdict) == (None, SocialVerdict.INSUFFICIENT_DATA)
    assert result.completeness == Fraction("0.75")


def test_completeness_exactly_at_the_bound_is_enough() -> None:
    result = social_index(told(WORKED, "foster", "special_needs"), make_social_rule(cut="30"))

    assert result.completeness == Fraction("0.8")
    assert result.index is not None


def test_nothing_told_is_no_index_even_when_the_rule_asks_for_little() -> None:
    result = social_index({}, make_social_rule(completeness_min="0.01"))

    assert (result.index, result.completeness) == (None, Fraction(0))
    assert [result.lowest, result.highest] == [0, 100]


def test_range_tells_what_the_missing_ones_could_do() -> None:
    result = social_index(told(WORKED, "foster"), RULE)

    assert (result.lowest, result.highest) == (Fraction("38.5625"), Fraction("48.5625"))


def test_missing_indicator_that_could_turn_the_verdict_leaves_it_open() -> None:
    """By hand: the known ones of the worked example take 56,4375 − 5 (опекаемые: 100 · 0,10 · 0,5) = 51,4375 points.

    The missing one takes from 0 to 10 more, so the index is from 38,5625 to 48,5625, on both sides of 40.
    """
    result = social_index(told(WORKED, "foster"), RULE)

    assert (result.lowest, result.highest) == (Fraction("38.5625"), Fraction("48.5625"))
    assert (result.verdict, result.index) == (SocialVerdict.INSUFFICIENT_DATA, None)
    assert result.completeness > Fraction(RULE.completeness_min)


@pytest.mark.parametrize(
    ("cut", "verdict"),
    [
        pytest.param("38.5625", SocialVerdict.CLEAR, id="the lowest is the cut, and the cut is not below itself"),
        pytest.param("38.5626", SocialVerdict.INSUFFICIENT_DATA, id="the lowest is just below"),
        pytest.param("48.5625", SocialVerdict.INSUFFICIENT_DATA, id="the highest is the cut"),
        pytest.param("48.5626", SocialVerdict.SHNSU, id="the highest is just below"),
    ],
)
def test_verdict_is_given_when_both_bounds_are_on_one_side(cut: str, verdict: SocialVerdict) -> None:
    result = social_index(told(WORKED, "foster"), make_social_rule(cut=cut))

    assert result.verdict is verdict
    assert (result.index is None) is (verdict is SocialVerdict.INSUFFICIENT_DATA)


# The cut


def test_index_at_the_cut_is_not_below_it() -> None:
    index = social_index(told(), RULE).index
    assert index is not None

    at_cut = social_index(told(), make_social_rule(cut="43.5625"))
    above = social_index(told(), make_social_rule(cut="43.5626"))

    assert (at_cut.verdict, above.verdict) == (SocialVerdict.CLEAR, SocialVerdict.SHNSU)


@pytest.mark.parametrize(
    ("index", "digits"),
    [("43.5625", 1), ("39.96", 2), ("39.949", 1), ("39.996", 3), ("40", 1), ("39.99999", 4)],
)
def test_index_is_shown_on_its_side_of_the_cut(index: str, digits: int) -> None:
    assert index_digits(Fraction(index), Decimal(40)) == digits


# Storage


def test_part_reads_back_exactly() -> None:
    for part in social_index(told(WORKED, "foster"), RULE).parts:
        assert SocialPart.from_json(part.to_json()) == part


# The matrix


@pytest.mark.parametrize(
    ("low", "hard", "cell"),
    [
        (True, True, Quadrant.BOTH),
        (True, False, Quadrant.LOW_RESULTS),
        (False, True, Quadrant.RESILIENT),
        (False, False, Quadrant.NEITHER),
        (None, True, Quadrant.UNKNOWN),
        (True, None, Quadrant.UNKNOWN),
        (None, None, Quadrant.UNKNOWN),
    ],
)
def test_quadrant(low: bool | None, hard: bool | None, cell: Quadrant) -> None:
    assert quadrant_of(has_low_results=low, has_hard_conditions=hard) is cell


# Properties


values = st.dictionaries(
    st.sampled_from(CODES),
    st.integers(1, 500).flatmap(
        lambda whole: st.builds(lambda part: Value(part=Decimal(part), whole=Decimal(whole)), st.integers(0, whole))
    ),
)


@given(values)
def test_index_lies_in_its_range_between_0_and_100(given_values: dict[str, Value]) -> None:
    result = social_index(given_values, RULE)

    assert 0 <= result.lowest <= result.highest <= 100
    assert result.index is None or result.lowest <= result.index <= result.highest


@given(values, st.sampled_from(CODES))
def test_harder_conditions_never_raise_the_index(given_values: dict[str, Value], code: str) -> None:
    indicator = next(each for each in RULE.indicators if each.code == code)
    worst = Decimal(0) if indicator.direction == "EASIER" else Decimal(100)
    before = social_index(given_values | {code: Value(part=Decimal(50), whole=Decimal(100))}, RULE)
    after = social_index(given_values | {code: Value(part=worst, whole=Decimal(100))}, RULE)

    assert before.completeness == after.completeness
    assert after.lowest <= before.lowest
    assert after.highest <= before.highest


@given(values, values)
def test_verdict_stands_whatever_the_missing_indicators_turn_out_to_be(
    known: dict[str, Value], rest: dict[str, Value]
) -> None:
    before, after = social_index(known, RULE), social_index(rest | known, RULE)

    assert before.index is None or after.verdict is before.verdict
