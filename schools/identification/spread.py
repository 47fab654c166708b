"""Shares of one group of schools beside each other. Exact: integers and fractions only.

Whoever stands exactly at the border together with others is named only when all of them fit under the cut: a tie never
makes the list longer than the rule says. Source: domain specification, 1.2.
"""

from bisect import bisect_left
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, lcm, sqrt
from typing import Self, TypeVar

from schools.identification.terms import RelativeRule, Statistic

Key = TypeVar("Key", bound=Hashable)
Score = tuple[int, int]  # low works, participants > 0


def common(scores: Mapping[Key, Score]) -> dict[Key, int]:
    """Return shares as integers over one denominator: they compare as exactly as fractions do, and faster."""
    whole = lcm(*(number for _, number in scores.values()))
    return {key: low * (whole // number) for key, (low, number) in scores.items()}


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Sums of the values of a cluster, from which its mean and its deviation follow without rounding."""

    schools: int
    total: int
    squares: int

    @classmethod
    def of(cls, values: list[int]) -> Self:
        return cls(schools=len(values), total=sum(values), squares=sum(value * value for value in values))

    @property
    def variance(self) -> int:
        """Return the variance, times the square of the number of schools."""
        return self.schools * self.squares - self.total * self.total

    def above(self, value: int) -> int:
        """Return how far a value is above the mean, times the number of schools."""
        return self.schools * value - self.total

    def deviation(self, value: int) -> float | None:
        """Return standard deviations above the mean: for people to read. None when all are alike."""
        if not self.variance:
            return None
        squared = Fraction(self.above(value) ** 2, self.variance)
        return round(sqrt(squared) * (1 if self.above(value) >= 0 else -1), 4)

    def hundredths(self, value: int) -> int | None:
        """Return the same in whole hundredths, digits beyond cut off: 0,999 is never read as 1. Exact."""
        if not self.variance:
            return None
        size = isqrt(10_000 * self.above(value) ** 2 // self.variance)
        return size if self.above(value) >= 0 else -size


def is_behind(value: int, ordered: list[int], spread: Spread, rule: RelativeRule) -> bool:
    """Answer whether a share is low inside its cluster. A school without low works is never behind."""
    if not value:
        return False
    cut = Fraction(rule.cut)
    if rule.statistic is Statistic.ZSCORE:
        above = spread.above(value)
        return above > 0 and above * above >= cut * cut * spread.variance
    tail = len(ordered) - bisect_left(ordered, value)
    return 100 * tail <= cut * len(ordered)
