"""Counts from shares: the federal exports give percentages of marks, the counts are the truth.

Source: domain specification, 2.2. The percentages are the counts rounded to two decimals, so for fewer than 10 000
participants half-up rounding gives the counts back exactly.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import Final

SUM_TOLERANCE: Final = Decimal("0.5")
SUM_ROUNDING: Final = Decimal("0.05")
CELL_ROUNDING: Final = Decimal("0.005")  # of one percentage with two decimals
SHARE_TOLERANCE: Final = Decimal("0.06")  # percentage points: one decimal is enough to recognise a count
CENT: Final = Decimal("0.01")


def count_of_share(percent: Decimal, participants: int) -> int:
    """Return the count behind a percentage: percent * participants / 100, halves up."""
    return int((percent * participants / 100).quantize(Decimal(1), ROUND_HALF_UP))


def share_of_count(count: int, participants: int) -> Decimal:
    """Return a percentage with two decimals, halves up; 0 of nobody."""
    if participants == 0:
        return Decimal("0.00")
    return (Decimal(100 * count) / participants).quantize(CENT, ROUND_HALF_UP)


def counts_of_shares(percents: Sequence[Decimal], participants: int) -> tuple[int, ...]:
    return tuple(count_of_share(percent, participants) for percent in percents)


def sum_fits(percents: Sequence[Decimal]) -> bool:
    """Answer whether percentages make 100 within half a point."""
    return abs(sum(percents, Decimal(0)) - 100) <= SUM_TOLERANCE


def excess(percents: Sequence[Decimal]) -> Decimal:
    """Return by how much percentages miss 100, with its sign; 0 when rounding explains it.

    Many columns round more: 40 scores may miss 100 by 0.2.
    """
    difference = sum(percents, Decimal(0)) - 100
    return difference if abs(difference) > max(SUM_ROUNDING, CELL_ROUNDING * len(percents)) else Decimal(0)


def mean_of_counts(counts: Sequence[int]) -> Decimal:
    """Return the mean score of a histogram with two decimals, halves up. counts: how many have 0, 1, … points."""
    points = sum(score * count for score, count in enumerate(counts))
    return (Decimal(points) / sum(counts)).quantize(CENT, ROUND_HALF_UP)


def borders_exist(histogram: Sequence[int], marks: Sequence[int]) -> bool:
    """Answer whether some borders of the marks give these marks to this histogram.

    histogram: how many have 0, 1, … points. marks: how many have «2», «3», «4», «5». Those who are below a border
    must be all who have fewer points than some score.
    """
    below = {0, *accumulate(histogram)}
    return all(reached in below for reached in accumulate(marks))


def is_share_of(percent: Decimal, count: int, participants: int) -> bool:
    """Answer whether the percentage can be the count rounded: 3 % of 38 pupils is nobody's share."""
    return abs(percent * participants - 100 * count) <= SHARE_TOLERANCE * participants
