"""How many works of a row are low, by the definition of the rule. Source: domain specification, 1.3.2 and 2.2."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schools.identification.evidence import Piece
from schools.identification.results import Work
from schools.identification.rules import Rules
from schools.identification.terms import LEVEL_DEFINITIONS, LowDefinition
from schools.intake.level_scales import LevelScale, all_scales, scale_with


class Counts(NamedTuple):
    """A row of results: what was delivered of one work. None: not delivered, which is never 0."""

    participants: int
    mark2: int | None = None
    mark4: int | None = None
    mark5: int | None = None
    below_min: int | None = None
    level_counts: Mapping[str, int] | None = None
    level_scale: str = ""
    in_lower_quarter: int | None = None  # of the primary scores, see `lower_quarter`


def low_of(counts: Counts, definition: LowDefinition, rules: Rules) -> int | None:
    """Return the low works of a row, None when the row does not tell.

    BELOW_MINIMUM takes the mark «2» where the exam has no count below a minimum. Neither levels nor scores are
    ever replaced by marks.
    """
    if definition is LowDefinition.LOWER_QUARTILE:
        return counts.in_lower_quarter
    if definition in LEVEL_DEFINITIONS:
        return low_by_levels(counts, definition, rules)
    if definition is LowDefinition.BELOW_MINIMUM and counts.below_min is not None:
        return counts.below_min
    return counts.mark2


def low_by_levels(counts: Counts, definition: LowDefinition, rules: Rules) -> int | None:
    """Return how many are on the low levels; None when one of these levels was not delivered."""
    levels = counts.level_counts or {}
    scale = all_scales().get(counts.level_scale) or scale_with(levels)
    if scale is None:
        return None
    numbers = [levels.get(code) for code in low_levels(scale, definition, rules)]
    return None if None in numbers else sum(number or 0 for number in numbers)


def low_levels(scale: LevelScale, definition: LowDefinition, rules: Rules) -> Sequence[str]:
    codes = [level.code for level in scale.levels]
    if definition is LowDefinition.LEVEL_INSUFFICIENT:
        return codes[:1]
    if definition is LowDefinition.LEVEL_INSUFFICIENT_OR_LOW:
        return codes[:2]
    return rules.low_levels.get(scale.code) or [level.code for level in scale.levels if level.low]


def high_of(counts: Counts) -> int | None:
    """Return the marks «4» and «5», None when they were not delivered."""
    return None if counts.mark4 is None or counts.mark5 is None else counts.mark4 + counts.mark5


def after_retake(main: Work, retake: Work, period: str, *, grade: int, year: int) -> Work:
    """Return the counts of a work after a retake: those who passed now are low no more.

    Who retakes had a low result or had not written; a retake with more participants than there were low works brings
    the rest of them as new participants. Unknown low works of either make the whole unknown.
    """
    if main.low is None or retake.low is None:
        return main._replace(low=None)
    again = min(retake.participants, main.low)
    pieces = main.pieces or (Piece(grade, year, "", main.participants, main.low),)
    return Work(
        participants=main.participants + retake.participants - again,
        low=main.low - again + retake.low,
        source=",".join(filter(None, (main.source, retake.source))),
        markers=tuple(sorted({*main.markers, *retake.markers})),
        high=None if main.high is None else main.high + (retake.high or 0),
        pieces=(*pieces, Piece(grade, year, period, retake.participants, retake.low)),
    )
