"""The lower quarter of the primary scores of a work: its boundary over a region, and who wrote no better. Pure, exact.

The boundary is the least score that at least a quarter of all participants do not exceed. Scores are whole numbers, so
those at the boundary all belong to the quarter: it may hold more than a quarter of the participants, and never less.

Source: domain specification, 1.2 («Cluster + lower quartile»). The adjustment that the source names is not established
and is not made.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from schools.identification.terms import Procedure

IN_WHOLE: Final = 4  # quarters
Histogram = Sequence[int]  # participants with the score 0, 1, …


class ScoredWork(NamedTuple):
    """A work whose scores may be set beside each other: of one year, time of the year and level of a course."""

    year: int
    procedure: Procedure
    period: str
    level: str


class Quarter(NamedTuple):
    """score: the boundary, the highest score of the quarter. maximum: of the scale. low: participants in it."""

    score: int
    maximum: int
    low: int
    participants: int


Quarters = Mapping[ScoredWork, Quarter]


def quarters_of(rows: Iterable[tuple[ScoredWork, Histogram, int]]) -> dict[ScoredWork, Quarter]:
    """Return the quarters of works out of (work, histogram, participants) of schools.

    A histogram that is not of all participants takes no part. Of several scales of one work, told by their maximum,
    the one that most participants have stands, of equal ones the longest. A work has no quarter without a histogram,
    nor where it would hold everybody: less than a quarter of the participants is below the best score of all.
    """
    sums: dict[ScoredWork, dict[int, list[int]]] = defaultdict(dict)
    for work, histogram, participants in rows:
        if is_whole(histogram, participants):
            total = sums[work].setdefault(len(histogram), [0] * len(histogram))
            for score, number in enumerate(histogram):
                total[score] += number
    scales = {work: max(found.values(), key=lambda each: (sum(each), len(each))) for work, found in sums.items()}
    return {work: quarter for work, total in scales.items() if (quarter := quarter_of(total))}


def is_whole(histogram: Histogram, participants: int) -> bool:
    """Answer whether a histogram tells of all participants of a school, and there are any."""
    return bool(histogram) and sum(histogram) == participants > 0


def quarter_of(total: Histogram) -> Quarter | None:
    """Return the quarter of a work by the summed histogram of its participants."""
    participants, low = sum(total), 0
    for score, number in enumerate(total):
        low += number
        if IN_WHOLE * low >= participants:
            return Quarter(score, len(total) - 1, low, participants) if low < participants else None
    return None


def low_in_quarter(histogram: Histogram, participants: int, quarter: Quarter | None) -> int | None:
    """Return how many participants of a school are in the quarter of their work.

    None when that is not known: no quarter, no histogram, one that is not of all participants or of another scale.
    """
    if quarter is None or not is_whole(histogram, participants) or len(histogram) != quarter.maximum + 1:
        return None
    return sum(histogram[: quarter.score + 1])


def stored_quarters(quarters: Quarters) -> list[list[Any]]:
    """Return plain values to be stored beside the verdicts, in the order of works."""
    return [
        [work.year, *work.procedure, work.period, work.level, *quarter] for work, quarter in sorted(quarters.items())
    ]


def quarters_from(stored: Iterable[Sequence[Any]]) -> dict[ScoredWork, Quarter]:
    """Read what `stored_quarters` has stored."""
    return {
        ScoredWork(year, Procedure(kind, subject, grade), period, level): Quarter(*quarter)
        for year, kind, subject, grade, period, level, *quarter in stored
    }
