"""Peaks at the borders of marks: the exact test by hand, honest schools by a seeded generator. Without a database."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import exp
from random import Random
from typing import Any

import pytest

from schools.objectivity import mark_scales, shipped_limits
from schools.objectivity.peaks import borders_of, peaks

LIMITS = shipped_limits().peaks
SCALES = [(scale.borders, scale.maximum) for scale in mark_scales()]


def peaked(counts: Sequence[int], scores: Sequence[int], **changes: Any) -> list[int]:
    """Return the marks whose borders stand out, of however few participants unless told."""
    limits = replace(LIMITS, **{"participants_min": 1} | changes)
    return [border.mark for border in peaks(counts, scores, limits)]


# By hand


def test_chance_of_a_border_is_the_tail_of_a_binomial() -> None:
    """Three of three at the border, none on the four scores beside it: 1/5 · 1/5 · 1/5.

    Two of three: 3 · (1/5)² · 4/5 + (1/5)³ = 13/125.
    """
    (all_there,) = borders_of([0, 0, 3, 0, 0], (2,), reach=2)
    (two_there,) = borders_of([0, 1, 2, 0, 0], (2,), reach=2)

    assert (all_there.chance, two_there.chance) == (Fraction(1, 125), Fraction(13, 125))
    assert (two_there.here, two_there.beside, two_there.mean) == (2, 1, Fraction(1, 4))


def test_level_is_shared_by_the_borders_that_are_looked_at() -> None:
    """1/125 = 0,008 is below 0,01 for one border and above 0,005 for each of two."""
    alone, beside = [0, 0, 3, 0, 0, 0, 0, 0, 0, 0], (2, 7)

    assert peaked(alone, (2,)) == [3]
    assert peaked(alone, beside) == []
    assert peaked(alone, beside, level=Decimal("0.016")) == [3]  # exactly at the level is within it
    assert peaked(alone, beside, level=Decimal("0.0159")) == []


def test_excess_has_to_be_large_whatever_the_number_of_participants() -> None:
    """1 999 against 1 000 beside it happens by chance never, and is less than twice as many."""
    window = [1000, 1000, 1999, 1000, 1000]

    assert peaked(window, (2,)) == []
    assert peaked([*window[:2], 2000, *window[3:]], (2,)) == [3]


def test_fifty_participants_make_a_distribution() -> None:
    fifty = [0] * 8 + [50] + [0] * 12

    assert peaks(fifty, (8,), LIMITS)
    assert peaks([0] * 8 + [49] + [0] * 12, (8,), LIMITS) == []


# What stands beside a border


@pytest.mark.parametrize(
    ("scores", "near"),
    [
        pytest.param((5,), [[3, 4, 6, 7]], id="two on each side"),
        pytest.param((1,), [[0, 2]], id="one below, so one above"),
        pytest.param((0,), [], id="nothing below"),
        pytest.param((10,), [], id="the end of the scale has nothing above"),
        pytest.param((12,), [], id="outside of the scale"),
        pytest.param((4, 6), [[3, 5], [5, 7]], id="another border and its opposite are left out"),
        pytest.param((4, 5), [[2, 6], [3, 7]], id="the next score is a border"),
    ],
)
def test_scores_beside_a_border_stand_in_pairs(scores: tuple[int, ...], near: list[list[int]]) -> None:
    assert [list(border.near) for border in borders_of([1] * 11, scores, reach=2)] == near


def test_slope_weighs_nothing() -> None:
    """A straight rise has at each score the mean of those beside it."""
    (border,) = borders_of([10, 20, 30, 40, 50], (2,), reach=2)

    assert border.mean == border.here == 30


# Honest schools, and schools where pupils below a border were lifted to it


def honest(rng: Random, participants: int, maximum: int) -> list[int]:
    """Draw a school from a smooth distribution: one hill or two, wide or narrow, anywhere on the scale."""
    middles = [rng.uniform(0.25, 0.85) * maximum for _ in range(rng.choice((1, 1, 2)))]
    width = rng.uniform(0.09, 0.25) * maximum
    weights = [sum(exp(-(((score - middle) / width) ** 2) / 2) for middle in middles) for score in range(maximum + 1)]
    counts = [0] * (maximum + 1)
    for score in rng.choices(range(maximum + 1), weights, k=participants):
        counts[score] += 1
    return counts


def lifted(rng: Random, counts: Sequence[int], scores: Sequence[int], share: float) -> list[int]:
    """Lift a share of those up to three points below each border to the border."""
    found = list(counts)
    for score in scores:
        for at in range(score - 3, score):
            moved = sum(rng.random() < share for _ in range(found[at]))
            found[at] -= moved
            found[score] += moved
    return found


@pytest.mark.parametrize("participants", [20, 30, 49, 50, 80, 120, 200, 300])
def test_honest_schools_show_a_peak_in_two_per_cent_at_most(participants: int) -> None:
    rng, schools = Random(20_260_421 + participants), 1000

    alarms = sum(bool(peaks(honest(rng, participants, maximum), scores, LIMITS)) for scores, maximum in SCALES * 200)

    assert len(SCALES) * 200 == schools
    assert 100 * alarms <= 2 * schools
    assert not alarms or participants >= LIMITS.participants_min


@pytest.mark.parametrize(("participants", "least"), [(50, 70), (80, 85), (200, 97)])
def test_lifted_schools_show_it(participants: int, least: int) -> None:
    """Of every hundred schools where two of three just below a border stand on it, so many are found at least."""
    rng, schools = Random(7 + participants), 500

    found = sum(
        bool(peaks(lifted(rng, honest(rng, participants, maximum), scores, 2 / 3), scores, LIMITS))
        for scores, maximum in SCALES * 100
    )

    assert 100 * found >= least * schools
