"""What the rule says of a school: the verdict, what is raised beside it, and everything it was made of."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from schools.identification.comparison import Comparison
from schools.identification.conditions import counted_of, low_of_counted
from schools.identification.evidence import Part
from schools.identification.reasons import Evidence, Ground, Reason, reasons_of
from schools.identification.trend import Trend


class Verdict(StrEnum):
    SHNOR = "SHNOR"
    RISK_GROUP = "RISK_GROUP"
    CLEAR = "CLEAR"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
    EXCLUDED = "EXCLUDED"  # the rule does not concern schools of this type
    MANUAL = "MANUAL"  # put into the list by a person; the rule itself never says so


class Flag(StrEnum):
    """What a person must know before deciding."""

    SMALL_N = "SMALL_N"  # some procedures were not counted
    SMALL_SAMPLE = "SMALL_SAMPLE"  # the verdict leans on a procedure with few participants
    POOLED = "POOLED"  # small works were added up
    MARKER = "MARKER"
    NO_DATA = "NO_DATA"
    LOW_UNKNOWN = "LOW_UNKNOWN"  # there are results, and nothing tells how many works in them are low
    PREVIOUS_YEAR = "PREVIOUS_YEAR"  # nothing to compare with
    REPEAT_UNKNOWN = "REPEAT_UNKNOWN"  # no repeat is found, and there may be one
    NOT_COMPARED = "NOT_COMPARED"  # the rule compares schools, this one could not be
    SHNSU = "SHNSU"  # difficult social conditions, by the index that the rule names


class Standing(StrEnum):
    """What becomes of a school that was in a list before."""

    ENTERS = "ENTERS"  # named now, in no list before
    STAYS = "STAYS"  # named again
    HELD = "HELD"  # not named, but too few years have passed without conditions
    LEAVES = "LEAVES"
    NONE = ""


@dataclass(frozen=True, kw_only=True)
class Identification:
    """A verdict with everything it was made of.

    parts: all years the rule looked at, the newest first. grounds: the reasons as they are stored. is_marked: it goes
    to the separate list of markers of bias; is_high: to the list of stably high results. clear_years: years without
    conditions in a row, for a school that was in a list.
    """

    verdict: Verdict
    year: int
    c1: bool
    c2: bool
    parts: tuple[Part, ...]
    grounds: tuple[Ground, ...]
    flags: tuple[Flag, ...]
    comparison: Comparison | None = None
    trend: Trend | None = None
    standing: Standing = Standing.NONE
    clear_years: int = 0
    is_marked: bool = False
    is_high: bool = False

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        evidence = Evidence(parts=self.parts, comparison=self.comparison, trend=self.trend)
        return tuple(reasons_of(self.grounds, evidence))

    @cached_property
    def current(self) -> tuple[Part, ...]:
        return tuple([part for part in self.parts if part.year == self.year])

    @cached_property
    def low(self) -> tuple[Part, ...]:
        """Return the procedures of the year that reach the threshold."""
        return tuple(low_of_counted(self.counted))

    @cached_property
    def counted(self) -> tuple[Part, ...]:
        return tuple([part for part in counted_of(self.parts) if part.year == self.year])

    @property
    def repeated(self) -> tuple[Part, ...]:
        return tuple([part for part in self.low if part.is_repeated])

    @property
    def worst(self) -> Part | None:
        """Return the counted procedure of the year with the highest share."""
        return max(self.counted, key=lambda part: part.share or 0, default=None)

    @property
    def details(self) -> dict[str, Any]:
        """Return what is stored besides parts and grounds; nothing for a rule that looks at one school and year."""
        stored = {
            "comparison": self.comparison and self.comparison.to_json(),
            "trend": self.trend and self.trend.to_json(),
            "clear_years": self.clear_years,
        }
        return {name: value for name, value in stored.items() if value}
