"""Thresholds of the signs, read from configuration."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

PATH: Final = Path(__file__).with_name("default.toml")


@dataclass(frozen=True, kw_only=True)
class PeakLimits:
    """A peak at a border of marks: at least `times` the mean of the scores beside it, `reach` of them on each side.

    level: how often an even distribution may show one by chance, of all borders of a work together, 0..1.
    """

    participants_min: int
    times: Decimal
    level: Decimal
    reach: int
    source: str


@dataclass(frozen=True, kw_only=True)
class TaskLimits:
    """Easy and hard tasks, told by the percent of a wider sample; `points`: difference to it, percentage points."""

    participants_min: int
    easy_from: Decimal
    hard_to: Decimal
    points: Decimal
    tasks_min: int
    source: str


@dataclass(frozen=True, kw_only=True)
class JournalLimits:
    """Shares of lowered and of confirmed marks, per cent."""

    participants_min: int
    lowered_from: Decimal
    confirmed_from: Decimal
    source: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    peaks: PeakLimits
    tasks: TaskLimits
    journal: JournalLimits


@cache
def shipped() -> Mapping[str, Any]:
    return tomllib.loads(PATH.read_text(encoding="utf-8"))


@cache
def shipped_limits() -> Limits:
    """Return the thresholds of the portal. Raises TypeError for a broken configuration."""
    content = shipped()
    return Limits(
        peaks=PeakLimits(**decimals(content["peaks"])),
        tasks=TaskLimits(**decimals(content["tasks"])),
        journal=JournalLimits(**decimals(content["journal"])),
    )


def decimals(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry with its numbers in quotes as decimals."""
    return {
        name: Decimal(value) if isinstance(value, str) and name != "source" else value for name, value in entry.items()
    }
