"""What would have left a low work, and perhaps its school, below the threshold. Pure. Source: domain, 9.2 (1)."""

from collections.abc import Collection
from enum import StrEnum

from schools.identification import Part, Procedure, Rules
from schools.what_if import Tally, is_quick, naming, works_of_parts

Key = tuple[Procedure, int]  # procedure and year


class WayOut(StrEnum):
    """Whom fewer low results in one work, all others as they are, would have left below the threshold."""

    NOBODY = "nobody"  # the conditions have not named the school
    WORK = "work"  # the school would be named all the same, or nothing is known of it
    SCHOOL = "school"  # the rule would not name the school


def deciding_works(parts: Collection[Part], rules: Rules, year: int, kind: str) -> frozenset[Key]:
    """Return the low works each of which alone turns the verdict of a school that the conditions name.

    parts: all that are stored with the verdict; kind: type of the school. Nothing for a rule that asks for more than
    the two conditions: the counts of one school do not say what it would answer.
    """
    if not is_quick(rules):
        return frozenset()
    works, is_named = works_of_parts(parts), naming(rules, year)
    return frozenset(
        (part.procedure, part.year)
        for part in parts
        if part.is_low and not is_named([below_threshold(work, part) for work in works], kind)
    )


def below_threshold(work: Tally, part: Part) -> Tally:
    """Return the counts of a work: one low work short of the threshold where it is the work of the part."""
    is_same = (work[:3], work.year) == (part.procedure, part.year)
    return work._replace(low=(part.needed or 0) - 1) if is_same else work
