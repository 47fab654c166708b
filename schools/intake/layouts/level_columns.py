"""Columns of levels in the portal's template: one for each level of every scale, the filled ones tell the scale.

Source: domain specification, 2.2: scales are configuration, low levels make the count below the minimum.
"""

from dataclasses import dataclass
from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.headers import Column
from schools.intake.level_scales import LevelScale, all_levels, level_scales, scale_with
from schools.intake.rows import ProblemCode, Severity
from schools.intake.values import count_of

PREFIX: Final = "level:"
LEVEL_COLUMNS: Final = tuple(
    Column(key=f"{PREFIX}{code}", title=f"Уровень: {title.lower()}", synonyms=(title,), is_required=False)
    for code, title in all_levels().items()
)


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Counts by level of one row. scale and counts are empty when the row has no levels."""

    scale: str = ""
    counts: dict[str, int]
    below_min: int | None


def read_levels(reader: RowReader, participants: int | None, below_min: int | None) -> Levels:
    """Return the levels of a row and the count below the minimum: as given, else that of the low levels."""
    cells = {code: reader.read(f"{PREFIX}{code}", count_of) for code in all_levels()}
    given = {code: count for code, count in cells.items() if count is not None}
    nothing = Levels(counts={}, below_min=below_min)
    if not given or reader.is_refused:
        return nothing
    scale = scale_with(given)
    if scale is None:
        add_unknown_scale(reader, set(given))
        return nothing
    if participants is not None and sum(given.values()) != participants:
        what = f"сумма по уровням {sum(given.values())}, участников {participants}."
        found, expected = str(sum(given.values())), str(participants)
        reader.add(ProblemCode.SUM_OF_LEVELS, what, key="participants", found=found, expected=expected)
        return nothing
    return Levels(scale=scale.code, counts=given, below_min=low_count(reader, scale, given, below_min))


def add_unknown_scale(reader: RowReader, given: set[str]) -> None:
    titles = all_levels()
    nearest = min(level_scales(), key=lambda scale: len(scale.codes ^ given))
    expected = ", ".join(level.title.lower() for level in nearest.levels)
    found = ", ".join(titles[code].lower() for code in titles if code in given)
    what = f"уровни «{found}» не составляют ни одной шкалы. Если на уровне никого нет, напишите 0."
    lacking = (level.code for level in nearest.levels if level.code not in given)
    key = reader.first_of(f"{PREFIX}{code}" for code in (*lacking, *given))
    reader.add(ProblemCode.SUM_OF_LEVELS, what, key=key, found=found, expected=expected)


def low_count(reader: RowReader, scale: LevelScale, counts: dict[str, int], below_min: int | None) -> int:
    """Return the count below the minimum; one that differs from the low levels is kept and told."""
    low = scale.low_count(counts)
    if below_min is None or below_min == low:
        return low
    what = f"ниже минимума {below_min}, а на низких уровнях ({scale.low_titles}) {low}. Взято число из файла."
    code, severity = ProblemCode.SUM_OF_LEVELS, Severity.WARNING
    reader.add(code, what, key="below_min", found=str(below_min), expected=str(low), severity=severity)
    return below_min
