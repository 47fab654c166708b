"""Three lists over several years: low in each, stably high in each, and the risk group. Source: specification, 1.2."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, Self

from schools.identification.conditions import Conditions
from schools.identification.evidence import PartState
from schools.identification.terms import TrendRule

ADDED = frozenset({PartState.COUNTED, PartState.POOLED})


class Course(StrEnum):
    """What the years say together."""

    LOW = "LOW"  # the condition holds in each of them
    KNOWN_LOW = "KNOWN_LOW"  # it holds in the last one and in each that can tell, and one cannot
    RISK = "RISK"  # it holds in the last one, not in each
    HIGH = "HIGH"  # nothing is low, nothing is marked and enough «4» and «5» in each
    ORDINARY = "ORDINARY"
    UNKNOWN = "UNKNOWN"  # a year has nothing counted, or too little to tell the condition


class YearOf(NamedTuple):
    """A year of the trend. low: procedures at the threshold; counted: all; high: «4» and «5» of `of` works."""

    year: int
    low: int
    counted: int
    high: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Trend:
    course: Course
    years: tuple[YearOf, ...]  # the newest first

    def to_json(self) -> dict[str, Any]:
        return {"course": str(self.course), "years": [list(year) for year in self.years]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(course=Course(stored["course"]), years=tuple(YearOf(*year) for year in stored["years"]))


def trend_of(conditions: Conditions, rule: TrendRule) -> Trend:
    years = tuple(year_of(conditions, conditions.year - back) for back in range(rule.years))
    return Trend(course=course_of(conditions, years, rule), years=years)


def year_of(conditions: Conditions, year: int) -> YearOf:
    """Return the numbers of a year; «4» and «5» of the works for which they are known."""
    parts = conditions.years[year]
    works = conditions.case.works.get(year, {})
    known = [
        works[procedure]
        for procedure, part in parts.items()
        if part.state in ADDED and procedure in works and works[procedure].high is not None
    ]
    return YearOf(
        year=year,
        low=len(conditions.low_once[year]),
        counted=sum(part.state is PartState.COUNTED for part in parts.values()),
        high=sum(work.high or 0 for work in known),
        of=sum(work.participants for work in known),
    )


def course_of(conditions: Conditions, years: tuple[YearOf, ...], rule: TrendRule) -> Course:
    is_low = [conditions.has_enough(each.year) for each in years]
    if all(is_low):
        return Course.LOW
    known = [low for low, each in zip(is_low, years, strict=True) if can_tell(conditions, each)]
    if is_low[0]:
        return Course.KNOWN_LOW if all(known) else Course.RISK
    if len(known) < len(years):
        return Course.UNKNOWN
    return Course.HIGH if all(is_high(conditions, each, rule) for each in years) else Course.ORDINARY


def can_tell(conditions: Conditions, year: YearOf) -> bool:
    """Answer whether what is counted in a year says if the condition holds in it."""
    return year.counted > 0 and not conditions.is_open(year.year)


def is_high(conditions: Conditions, year: YearOf, rule: TrendRule) -> bool:
    """Answer whether nothing of a year is low or marked, and the «4» and «5» reach their share. Exact."""
    if conditions.low[year.year] or any(part.markers for part in conditions.years[year.year].values()):
        return False
    return year.of > 0 and 100 * year.high >= Fraction(rule.high_share_pct) * year.of
