"""The index of social conditions of a school, exact, with every part of it.

Source: domain specification, 1.5: 100 − 100·Σ wᵢ·rᵢ with rᵢ = clip((xᵢ − loᵢ) / (hiᵢ − loᵢ), 0, 1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, Self

from accounts.russian import rounded
from schools.social.rule import Direction, Indicator, SocialRule

ONE: Final = Fraction(1)
MOST_DIGITS: Final = 4


class SocialVerdict(StrEnum):
    SHNSU = "SHNSU"
    CLEAR = "CLEAR"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, kw_only=True)
class Value:
    """What a school told: how many out of how many. source: opaque, given back as it came."""

    part: Decimal
    whole: Decimal
    source: str = ""

    @property
    def percent(self) -> Fraction | None:
        """Return the share, 0..100; None out of nobody."""
        return Fraction(self.part) * 100 / Fraction(self.whole) if self.whole else None


@dataclass(frozen=True, kw_only=True)
class SocialPart:
    """One indicator as evidence. Not told: part and whole are None, and so is everything that follows from them."""

    code: str
    title: str
    weight: Decimal
    low: Decimal
    high: Decimal
    direction: Direction
    part: Decimal | None = None
    whole: Decimal | None = None
    source: str = ""

    @cached_property
    def x(self) -> Fraction | None:
        """Return the share, per cent."""
        if self.part is None or self.whole is None:
            return None
        return Value(part=self.part, whole=self.whole).percent

    @cached_property
    def r(self) -> Fraction | None:
        """Return the difficulty that the share means, 0..1."""
        if self.x is None:
            return None
        low, high = Fraction(self.low), Fraction(self.high)
        inside = min(max((self.x - low) / (high - low), Fraction(0)), ONE)
        return ONE - inside if self.direction is Direction.EASIER else inside

    @cached_property
    def contribution(self) -> Fraction | None:
        """Return how many of 100 points the indicator takes away when everything is known."""
        return None if self.r is None else 100 * Fraction(self.weight) * self.r

    @property
    def is_known(self) -> bool:
        return self.x is not None

    def to_json(self) -> dict[str, Any]:
        """Return plain values to be stored; decimals as text."""
        numbers = {name: getattr(self, name) for name in ("weight", "low", "high", "part", "whole")}
        return {
            "code": self.code,
            "title": self.title,
            "direction": str(self.direction),
            "source": self.source,
            **{name: None if number is None else str(number) for name, number in numbers.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        numbers = {
            name: None if stored[name] is None else Decimal(stored[name])
            for name in ("weight", "low", "high", "part", "whole")
        }
        return cls(**{**stored, **numbers, "direction": Direction(stored["direction"])})


@dataclass(frozen=True, kw_only=True)
class SocialIndex:
    """The index of one school. index None: too little is known, or the missing indicators could turn the verdict.

    completeness: weight of the known indicators, 0..1. lowest, highest: what the index could be were the missing ones
    as hard, or as good, as can be.
    """

    verdict: SocialVerdict
    index: Fraction | None
    completeness: Fraction
    lowest: Fraction
    highest: Fraction
    parts: tuple[SocialPart, ...]

    @property
    def missing(self) -> tuple[SocialPart, ...]:
        return tuple(part for part in self.parts if not part.is_known)


def social_index(values: Mapping[str, Value], rule: SocialRule) -> SocialIndex:
    """Return the index of a school with its evidence.

    values: code of an indicator -> what the school told; an absent one is not known, which is never 0. The weights of
    the known ones are brought to 1, and that decides only where the missing ones could not: when the index has the cut
    between its bounds, the school has neither an index nor a verdict.
    """
    parts = tuple(part_of(indicator, values.get(indicator.code)) for indicator in rule.indicators)
    completeness = sum((Fraction(part.weight) for part in parts if part.is_known), Fraction(0))
    lost = sum((part.contribution for part in parts if part.contribution is not None), Fraction(0))
    lowest, highest = 100 * completeness - lost, 100 - lost
    is_enough = completeness > 0 and completeness >= Fraction(rule.completeness_min)
    verdict = verdict_of(lowest, highest, rule.cut) if is_enough else SocialVerdict.INSUFFICIENT_DATA
    return SocialIndex(
        verdict=verdict,
        index=None if verdict is SocialVerdict.INSUFFICIENT_DATA else 100 - lost / completeness,
        completeness=completeness,
        lowest=lowest,
        highest=highest,
        parts=parts,
    )


def part_of(indicator: Indicator, value: Value | None) -> SocialPart:
    known = {} if value is None else {"part": value.part, "whole": value.whole, "source": value.source}
    return SocialPart(
        code=indicator.code,
        title=indicator.title,
        weight=indicator.weight,
        low=indicator.low,
        high=indicator.high,
        direction=indicator.direction,
        **known,  # type: ignore[arg-type]  # three names of three types
    )


def verdict_of(lowest: Fraction, highest: Fraction, cut: Decimal) -> SocialVerdict:
    """Return what holds wherever between its bounds the index is; one that equals the cut is not below it."""
    if highest < Fraction(cut):
        return SocialVerdict.SHNSU
    return SocialVerdict.CLEAR if lowest >= Fraction(cut) else SocialVerdict.INSUFFICIENT_DATA


def index_digits(index: Fraction, cut: Decimal) -> int:
    """Return how many digits show an index on its side of the cut: 39,96 must not be read as 40,0."""
    is_below = index < Fraction(cut)
    return next(
        (digits for digits in range(1, MOST_DIGITS) if (rounded(index, digits) < cut) is is_below),
        MOST_DIGITS,
    )


class Quadrant(StrEnum):
    """Where a school stands between results and conditions."""

    BOTH = "BOTH"
    LOW_RESULTS = "LOW_RESULTS"
    RESILIENT = "RESILIENT"  # hard conditions and no low results
    NEITHER = "NEITHER"
    UNKNOWN = "UNKNOWN"  # the results or the conditions are not known


def quadrant_of(*, has_low_results: bool | None, has_hard_conditions: bool | None) -> Quadrant:
    """Return the cell of the matrix. None: not known, which is no «no»."""
    if has_low_results is None or has_hard_conditions is None:
        return Quadrant.UNKNOWN
    if has_low_results:
        return Quadrant.BOTH if has_hard_conditions else Quadrant.LOW_RESULTS
    return Quadrant.RESILIENT if has_hard_conditions else Quadrant.NEITHER


def listed_missing(parts: Iterable[SocialPart]) -> list[str]:
    """Return the titles of the indicators that the school has not told."""
    return [part.title for part in parts if not part.is_known]
