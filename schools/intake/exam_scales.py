"""Thresholds of ОГЭ and ЕГЭ by year, and what a row of results may not say against them.

Configuration with its origin in `exam_scales.toml`. Source: domain specification, 2.4 and 2.5.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

PATH: Final = Path(__file__).with_name("exam_scales.toml")
LOWEST_PASS: Final = 3  # of marks
ROUNDING: Final = Decimal("0.05")  # of a mean given with one decimal


@dataclass(frozen=True, kw_only=True)
class ExamScale:
    """What a score of an exam means. minimum: the lowest score that passes; borders: lowest scores of «3», «4», «5».

    None: not in the configuration. is_confirmed: the source is an official document or was compared with one.
    is_of_marks: the exam gives marks and no points of its own; the minimum is a mark.
    """

    minimum: int
    maximum: int | None = None
    borders: tuple[int, int, int] | None = None
    source: str = ""
    is_confirmed: bool = True
    is_of_marks: bool = False


@cache
def exam_scales() -> dict[tuple[str, int, str], ExamScale]:
    """Return (procedure, year, subject) -> scale. Raises KeyError for a broken configuration."""
    content = tomllib.loads(PATH.read_text(encoding="utf-8"))
    known: dict[tuple[str, int, str], ExamScale] = {}
    for version in content["oge"]:
        for row in version["scales"]:
            scale = oge_scale(version, row)
            known |= {("OGE", year, subject): scale for year in version["years"] for subject in row["subjects"]}
    for version in content["ege"]:
        for subject, minimum in version["minima"].items():
            scale = ExamScale(minimum=minimum, maximum=version["maximum"], **origin(version))
            known |= {("EGE", year, subject): scale for year in version["years"]}
        marked = ExamScale(minimum=LOWEST_PASS, is_of_marks=True, **origin(version))
        known |= {("EGE", year, subject): marked for year in version["years"] for subject in version["marks"]}
    return known


def oge_scale(version: Mapping[str, Any], row: Mapping[str, Any]) -> ExamScale:
    has_borders = {"min4", "min5"} <= row.keys()
    return ExamScale(
        minimum=row["min3"],
        maximum=row.get("maximum"),
        borders=(row["min3"], row["min4"], row["min5"]) if has_borders else None,
        **origin(version),
    )


def origin(version: Mapping[str, Any]) -> dict[str, Any]:
    return {"source": version["source"], "is_confirmed": version["is_confirmed"]}


def exam_scale(procedure: str, year: int, subject: str) -> ExamScale | None:
    """Return the scale of an exam, None when the configuration has none for the year."""
    return exam_scales().get((procedure, year, subject))


def mean_bounds(below: int, participants: int, minimum: int, maximum: int) -> tuple[Decimal, Decimal]:
    """Return between which values a mean lies when so many of the participants did not reach the minimum."""
    passed = participants - below
    lowest = Decimal(passed * minimum) / participants
    highest = Decimal(below * (minimum - 1) + passed * maximum) / participants
    return lowest, highest


def mean_bounds_of_marks(marks: Sequence[int], borders: Sequence[int], maximum: int) -> tuple[Decimal, Decimal]:
    """Return between which values a mean primary score lies when the marks are these."""
    lowest = [0, *borders]
    highest = [*(border - 1 for border in borders), maximum]
    total = sum(marks)
    return mean_of_marks(marks, lowest, total), mean_of_marks(marks, highest, total)


def mean_of_marks(marks: Sequence[int], scores: Sequence[int], total: int) -> Decimal:
    return Decimal(sum(count * score for count, score in zip(marks, scores, strict=True))) / total


def is_between(mean: Decimal, bounds: tuple[Decimal, Decimal]) -> bool:
    """Answer whether a rounded mean may lie between the bounds."""
    return bounds[0] - ROUNDING <= mean <= bounds[1] + ROUNDING
