from decimal import Decimal
from fractions import Fraction

import pytest

from monitoring.attainment import Attainment, Goal, attainment, change_in_points, share_percent

GROWTH = Goal(target=Decimal(80), is_growth=True)
DECLINE = Goal(target=Decimal(15), is_growth=False)


@pytest.mark.parametrize(
    ("numerator", "denominator", "goal", "expected"),
    [
        pytest.param(8, 10, GROWTH, Attainment.REACHED, id="exactly the target"),
        pytest.param(64, 100, GROWTH, Attainment.NEAR, id="a fifth of the target is missing"),
        pytest.param(639, 1000, GROWTH, Attainment.FAR, id="a little more is missing"),
        pytest.param(15, 100, DECLINE, Attainment.REACHED, id="not above the target"),
        pytest.param(18, 100, DECLINE, Attainment.NEAR, id="above by a fifth"),
        pytest.param(181, 1000, DECLINE, Attainment.FAR, id="above by more"),
        pytest.param(0, 10, DECLINE, Attainment.REACHED, id="zero is a value"),
        pytest.param(None, 10, GROWTH, Attainment.UNKNOWN, id="not filled in"),
        pytest.param(0, 0, GROWTH, Attainment.UNKNOWN, id="out of nobody"),
        pytest.param(5, 10, Goal(target=None, is_growth=True), Attainment.UNKNOWN, id="no target"),
    ],
)
def test_attainment(numerator: int | None, denominator: int, goal: Goal, expected: Attainment) -> None:
    assert attainment(numerator=numerator, denominator=denominator, goal=goal) == expected


def test_share_percent_is_exact() -> None:
    assert share_percent(1, 3) == Fraction(100, 3)


def test_change_in_points_needs_both_shares() -> None:
    assert change_in_points((1, 4), (1, 2)) == 25
    assert change_in_points((None, 4), (1, 2)) is None
