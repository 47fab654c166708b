"""How far a share is from its target. Pure: exact fractions, no rounding before comparing."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

NEAR: Final = Fraction(1, 5)  # the part of the target that may be missing while it still counts as near


class Attainment(StrEnum):
    """REACHED, NEAR (up to 20 % of the target is missing), FAR, or UNKNOWN without both counts and a target."""

    REACHED = "ok"
    NEAR = "warn"
    FAR = "bad"
    UNKNOWN = "none"


@dataclass(frozen=True, kw_only=True)
class Goal:
    """target: percent; is_growth: whether more is better."""

    target: Decimal | None
    is_growth: bool


def share_percent(numerator: int | None, denominator: int | None) -> Fraction | None:
    """Return the exact percentage; None when a count is missing or the whole is nobody."""
    if numerator is None or not denominator:
        return None
    return Fraction(100 * numerator, denominator)


def attainment(*, numerator: int | None, denominator: int | None, goal: Goal) -> Attainment:
    """Compare a share with its goal."""
    share = share_percent(numerator, denominator)
    if share is None or goal.target is None:
        return Attainment.UNKNOWN
    target = Fraction(goal.target)
    missing = target - share if goal.is_growth else share - target
    if missing <= 0:
        return Attainment.REACHED
    return Attainment.NEAR if missing <= target * NEAR else Attainment.FAR


def change_in_points(
    before: tuple[int | None, int | None],
    now: tuple[int | None, int | None],
) -> Fraction | None:
    """Return the change of a share in percentage points; each argument is (numerator, denominator)."""
    first, last = share_percent(*before), share_percent(*now)
    return None if first is None or last is None else last - first
