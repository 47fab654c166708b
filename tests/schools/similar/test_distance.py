"""Similar schools by inputs, without a database."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.similar import (
    Candidate,
    Feature,
    FeatureKind,
    Inputs,
    Outcome,
    SettingsError,
    Similarity,
    as_input,
    differences,
    distance_of,
    may_mentor,
    mentors,
    neighbours,
    pooled,
    read_similarity,
    shipped_similarity,
)
from schools.similar.settings import PATH

SHIPPED = shipped_similarity()
SIMPLE = replace(
    SHIPPED,
    features=(
        Feature(code="students", title="", kind=FeatureKind.RATIO, weight=0.5, span=8),
        Feature(code="locality", title="", kind=FeatureKind.SAME, weight=0.3),
        Feature(code="social_index", title="", kind=FeatureKind.DIFFERENCE, weight=0.2, span=60),
    ),
)
OWN: Inputs = {"students": 200.0, "locality": "село", "social_index": 40.0}


def distance(other: Inputs, own: Inputs = OWN, similarity: Similarity = SIMPLE) -> float | None:
    pair = distance_of(own, other, similarity)
    return None if pair is None else pair[0]


# Distance


def test_worked_example() -> None:
    """Twice as large: ln 2 / ln 8 = 1/3; another locality: 1; 15 points of 60: 1/4."""
    other: Inputs = {"students": 400.0, "locality": "город", "social_index": 25.0}

    assert distance(other) == pytest.approx(0.5 / 3 + 0.3 + 0.2 / 4)


def test_equal_inputs_are_no_distance() -> None:
    assert distance(OWN) == 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"students": 1600.0}, 0.5, id="eight times is wholly unlike"),
        pytest.param({"students": 160_000.0}, 0.5, id="more is not more unlike"),
        pytest.param({"students": 25.0}, 0.5, id="eight times smaller alike"),
        pytest.param({"social_index": 100.0}, 0.2, id="sixty points"),
    ],
)
def test_differences_end_at_their_span(changed: dict[str, Any], expected: float) -> None:
    assert distance({**OWN, **changed}) == pytest.approx(expected)


def test_not_known_is_left_out_and_the_rest_weighs_more() -> None:
    pair = distance_of(OWN, {**OWN, "students": 1600.0, "social_index": None}, SIMPLE)

    assert pair is not None
    assert list(pair) == [pytest.approx(0.5 / 0.8), pytest.approx(0.8)]


def test_absent_is_not_known() -> None:
    pair = distance_of(OWN, {"students": 200.0, "locality": "село"}, SIMPLE)

    assert pair is not None
    assert list(pair) == [0, pytest.approx(0.8)]


def test_too_little_known_is_no_distance() -> None:
    assert distance({**OWN, "students": None}) is None
    assert distance(OWN, own={}) is None


def test_known_weight_exactly_at_the_bound_is_enough() -> None:
    half = replace(SIMPLE, known_weight_min=0.5)

    assert distance({**OWN, "students": None}, similarity=half) == 0


def test_no_ratio_to_nothing() -> None:
    assert distance({**OWN, "students": 0.0}) is None


def test_results_are_no_feature() -> None:
    """What a school achieves may not make it similar: neither shares nor marks stand among the features."""
    assert {feature.code for feature in SHIPPED.features} == {
        "students",
        "locality",
        "kind",
        "social_index",
        "pupils_per_teacher",
        "qualified_teachers",
        "distance_to_centre",
    }


def test_differences_tell_every_feature() -> None:
    told = differences(OWN, {"students": 200.0, "locality": "город"}, SIMPLE.features)

    assert [(each.feature.code, each.value) for each in told] == [
        ("students", 0),
        ("locality", 1),
        ("social_index", None),
    ]
    assert (told[0].own, told[1].other) == (200.0, "город")


# Neighbours


def found(others: dict[str, Inputs], amount: int = 8, farthest: float = 1) -> list[str]:
    return [each.key for each in neighbours(OWN, others, SIMPLE, amount=amount, farthest=farthest)]


OTHERS: dict[str, Inputs] = {
    "far": {**OWN, "students": 1600.0},
    "near": {**OWN, "students": 220.0},
    "unknown": {"students": 200.0},
    "nearest": dict(OWN),
    "also nearest": dict(OWN),
}


def test_nearest_stand_first_and_equals_keep_their_order() -> None:
    assert found(OTHERS) == ["nearest", "also nearest", "near", "far"]


def test_amount_and_distance_have_bounds() -> None:
    assert found(OTHERS, amount=1) == ["nearest"]
    assert found(OTHERS, farthest=0.4) == ["nearest", "also nearest", "near"]


def test_without_others_there_is_no_group() -> None:
    assert found({}) == []


# Mentors


OWN_OUTCOME = Outcome(low=40, participants=100)


def candidate(key: str = "a", **fields: Any) -> Candidate[str]:
    known: dict[str, Any] = {"distance": 0.2, "outcome": Outcome(low=10, participants=100), "is_near": True}
    return Candidate(key=key, **{**known, **fields})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, True, id="better and alike"),
        pytest.param({"outcome": Outcome(low=35, participants=100)}, True, id="exactly five points better"),
        pytest.param({"is_barred": True}, False, id="in a list of low results"),
        pytest.param({"outcome": Outcome(low=36, participants=100)}, False, id="four points better"),
        pytest.param({"outcome": Outcome(low=60, participants=100)}, False, id="worse"),
        pytest.param({"outcome": Outcome(low=0, participants=19)}, False, id="too few works"),
        pytest.param({"outcome": Outcome(low=0, participants=0)}, False, id="no works"),
        pytest.param({"distance": 0.51}, False, id="too unlike"),
        pytest.param({"mentored": 3}, False, id="overloaded"),
        pytest.param({"mentored": 2}, True, id="has room"),
    ],
)
def test_mentor_is_better_alike_and_free(fields: dict[str, Any], *, expected: bool) -> None:
    assert may_mentor(candidate(**fields), OWN_OUTCOME, SHIPPED.mentors) is expected


def test_own_results_not_known_are_no_ground_for_a_mentor() -> None:
    assert mentors(Outcome(low=0, participants=0), [candidate()], SHIPPED.mentors) == []


def test_listed_then_near_then_alike() -> None:
    every = [
        candidate("alike", distance=0.1, is_near=False),
        candidate("near", distance=0.3),
        candidate("listed", distance=0.4, is_near=False, is_listed=True),
        candidate("second near", distance=0.35),
    ]

    assert [each.key for each in mentors(OWN_OUTCOME, every, SHIPPED.mentors)] == ["listed", "near", "second near"]


def test_better_by_points() -> None:
    assert candidate().better_by(OWN_OUTCOME) == 30
    assert candidate(outcome=Outcome(low=0, participants=0)).better_by(OWN_OUTCOME) is None


def test_group_is_pooled_by_counts() -> None:
    group = pooled([Outcome(low=1, participants=2), Outcome(low=10, participants=98)])

    assert (group.percent, pooled([]).percent) == (Fraction(11), None)
    assert group.percent != (Fraction(50) + Fraction(1000, 98)) / 2


# Settings


def test_shipped_settings_hold() -> None:
    assert sum(feature.weight for feature in SHIPPED.features) == pytest.approx(1)
    assert (SHIPPED.nearest, SHIPPED.mentors.mentored_max) == (8, 3)
    assert isinstance(SHIPPED.mentors.points_better, Decimal)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('weight = "0.15"', 'weight = "0.25"', "weights add up to"),
        ('span = "8"', 'span = "1"', "students: span 1 is not above 1"),
        ('span = "60"', 'span = "0"', "social_index: span 0 is not above 0"),
        ('known_weight_min = "0.6"', 'known_weight_min = "1.6"', "known_weight_min"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "similar.toml"
    path.write_text(PATH.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(SettingsError, match=words):
        read_similarity(path)


def test_numbers_of_the_database_become_inputs() -> None:
    assert (as_input(Decimal("12.50")), as_input(None)) == (12.5, None)


# Properties


inputs = st.fixed_dictionaries(
    {
        "students": st.none() | st.floats(0, 3000),
        "locality": st.none() | st.sampled_from(["город", "пгт", "село"]),
        "social_index": st.none() | st.floats(0, 100),
    }
)


@given(inputs, inputs)
def test_distance_is_the_same_both_ways_and_between_0_and_1(own: Inputs, other: Inputs) -> None:
    forth, back = distance(other, own), distance(own, other)

    assert forth == pytest.approx(back)
    assert forth is None or 0 <= forth <= 1 + 1e-9


@given(inputs)
def test_school_is_like_itself(own: Inputs) -> None:
    assert distance(own, own) in {None, 0}
