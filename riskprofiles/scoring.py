"""The index of a risk factor from what the portal knows, and its level. No Django in this file.

A factor has parts (statistics, later the groups of respondents), a part has indicators. An indicator is a mean share
laid between two bounds: at `lo` there is no risk (0), at `hi` full risk (1). A part is the mean of its indicators
that have data; the index is 100 x the weighted mean of the parts that have data.

Source: domain specification, 3.3. The federal formulas are not published: weights, bounds and levels are parameters
of the catalogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Self

FULL: Final = 100


class RiskLevel(StrEnum):
    """Significance of a risk factor."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"  # measured, and no risk found; missing data is no level at all


@dataclass(frozen=True, kw_only=True)
class LevelBounds:
    """Where a level begins on the index 0..100: below `low` there is no risk."""

    low: Fraction
    medium: Fraction
    high: Fraction

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> Self:
        """Read the bounds of a catalogue. Raises ValueError when they do not grow from 0 to 100."""
        bounds = cls(**{name: Fraction(parameters[name]) for name in ("low", "medium", "high")})
        if not 0 < bounds.low < bounds.medium < bounds.high < FULL:
            raise ValueError(f"Границы значимости должны расти от 0 до 100: {dict(parameters)}")
        return bounds


@dataclass(frozen=True, kw_only=True)
class IndicatorRule:
    """A mean share in per cent; `lo` > `hi` for shares whose fall is the risk."""

    code: str
    title: str
    lo: Fraction
    hi: Fraction


@dataclass(frozen=True, kw_only=True)
class PartRule:
    code: str
    title: str
    weight: Fraction
    indicators: tuple[IndicatorRule, ...]


@dataclass(frozen=True, kw_only=True)
class FactorRule:
    """How one factor is scored; without parts it is not scored at all."""

    parts: tuple[PartRule, ...] = ()
    minimum_parts: int = 2

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """Read the scoring of a factor. Raises ValueError on a weight that is not positive or on equal bounds."""
        parts = tuple(part_rule(part) for part in parameters.get("parts", ()))
        return cls(parts=parts, minimum_parts=int(parameters.get("minimum_parts", 2)))


@dataclass(frozen=True, kw_only=True)
class Share:
    """One observation: a part of a whole, as whole numbers."""

    numerator: int
    denominator: int


@dataclass(frozen=True, kw_only=True)
class IndicatorScore:
    """What one indicator says; `percent` and `risk` are None without data."""

    code: str
    title: str
    percent: Fraction | None
    risk: Fraction | None
    observations: int
    numerator: int
    denominator: int


@dataclass(frozen=True, kw_only=True)
class FactorScore:
    """The index with every part it came from; `score` and `level` are None when data do not suffice."""

    score: Fraction | None
    level: RiskLevel | None
    indicators: tuple[IndicatorScore, ...]

    @property
    def missing(self) -> int:
        """Return how many indicators have no data; they count nowhere."""
        return sum(indicator.risk is None for indicator in self.indicators)


def part_rule(parameters: Mapping[str, Any]) -> PartRule:
    weight = Fraction(parameters["weight"])
    if weight <= 0:
        raise ValueError(f"Вес части «{parameters['title']}» должен быть больше нуля.")
    return PartRule(
        code=parameters["code"],
        title=parameters["title"],
        weight=weight,
        indicators=tuple(indicator_rule(indicator) for indicator in parameters["indicators"]),
    )


def indicator_rule(parameters: Mapping[str, str]) -> IndicatorRule:
    lo, hi = Fraction(parameters["lo"]), Fraction(parameters["hi"])
    if lo == hi:
        raise ValueError(f"У показателя «{parameters['title']}» границы совпадают.")
    return IndicatorRule(code=parameters["code"], title=parameters["title"], lo=lo, hi=hi)


def score_factor(
    rule: FactorRule,
    observed: Mapping[str, Sequence[Share]],
    bounds: LevelBounds,
) -> FactorScore:
    """Return the index 0..100 and the level of one factor.

    observed: code of an indicator -> its observations (one per work); absent or empty means «not delivered».
    """
    indicators: list[IndicatorScore] = []
    weighted, weights, parts = Fraction(0), Fraction(0), 0
    for part in rule.parts:
        scores = [score_indicator(indicator, observed.get(indicator.code, ())) for indicator in part.indicators]
        indicators += scores
        risks = [score.risk for score in scores if score.risk is not None]
        if risks:
            weighted += part.weight * sum(risks) / len(risks)
            weights += part.weight
            parts += 1
    score = FULL * weighted / weights if parts and parts >= rule.minimum_parts else None
    level = None if score is None else risk_level(score, bounds)
    return FactorScore(score=score, level=level, indicators=tuple(indicators))


def score_indicator(rule: IndicatorRule, shares: Sequence[Share]) -> IndicatorScore:
    """Return the mean of the shares and where it lies between the bounds. An empty whole is no observation."""
    counted = [share for share in shares if share.denominator > 0]
    percent = mean_percent(counted)
    return IndicatorScore(
        code=rule.code,
        title=rule.title,
        percent=percent,
        risk=None if percent is None else clipped(percent, rule.lo, rule.hi),
        observations=len(counted),
        numerator=sum(share.numerator for share in counted),
        denominator=sum(share.denominator for share in counted),
    )


def mean_percent(shares: Sequence[Share]) -> Fraction | None:
    """Return the mean of shares in per cent, each observation alike; None without observations."""
    if not shares:
        return None
    total = sum((Fraction(share.numerator, share.denominator) for share in shares), Fraction(0))
    return FULL * total / len(shares)


def clipped(value: Fraction, lo: Fraction, hi: Fraction) -> Fraction:
    """Return where a value lies from `lo` (0) to `hi` (1)."""
    return min(max((value - lo) / (hi - lo), Fraction(0)), Fraction(1))


def risk_level(score: Fraction, bounds: LevelBounds) -> RiskLevel:
    """Return the level of an index 0..100; a bound belongs to the level above it."""
    if score >= bounds.high:
        return RiskLevel.HIGH
    if score >= bounds.medium:
        return RiskLevel.MEDIUM
    return RiskLevel.LOW if score >= bounds.low else RiskLevel.NONE
