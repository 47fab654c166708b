"""Scales of levels: which levels a work has and which of them are low. Configuration in `level_scales.toml`.

Source: domain specification, 1.3.2 and 2.2.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

PATH: Final = Path(__file__).with_name("level_scales.toml")


@dataclass(frozen=True, kw_only=True)
class Level:
    code: str
    title: str
    low: bool  # counts as a low result


@dataclass(frozen=True, kw_only=True)
class LevelScale:
    """Levels from the lowest to the highest; procedures: codes of the works that may be reported by it."""

    code: str
    title: str
    procedures: tuple[str, ...]
    source: str
    levels: tuple[Level, ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(level.code for level in self.levels)

    @property
    def low_titles(self) -> str:
        """Return «недостаточный, низкий»."""
        return ", ".join(level.title.lower() for level in self.levels if level.low)

    def low_count(self, counts: Mapping[str, int]) -> int:
        """Return how many are on the low levels. counts: code of a level -> participants."""
        return sum(counts[level.code] for level in self.levels if level.low)


@cache
def level_scales() -> tuple[LevelScale, ...]:
    """Return the scales of the configuration. Raises KeyError or TypeError for a broken one."""
    content = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return tuple(scale_of(row) for row in content["scale"])


@cache
def all_scales() -> dict[str, LevelScale]:
    """Return code -> scale."""
    return {scale.code: scale for scale in level_scales()}


def scale_of(row: Mapping[str, Any]) -> LevelScale:
    return LevelScale(
        code=row["code"],
        title=row["title"],
        procedures=tuple(row["procedures"]),
        source=row["source"],
        levels=tuple(Level(**level) for level in row["level"]),
    )


def all_levels() -> dict[str, str]:
    """Return code -> title of every level of every scale, each once."""
    return {level.code: level.title for scale in level_scales() for level in scale.levels}


def low_on_levels(code: str, counts: Mapping[str, int | None]) -> int | None:
    """Return how many are on the levels that their scale calls low; None for no levels, or a low one not delivered.

    code: of the scale, "" when it is to be known by the levels. counts: code of a level -> participants.
    """
    scale = all_scales().get(code) or scale_with(counts)
    numbers = [counts.get(level.code) for level in scale.levels if level.low] if scale else [None]
    return None if None in numbers else sum(number or 0 for number in numbers)


def scale_with(levels: Collection[str]) -> LevelScale | None:
    """Return the scale that has exactly these levels, None when no scale does."""
    return next((scale for scale in level_scales() if scale.codes == set(levels)), None)
