"""Counts from shares: the federal exports give percentages of marks, the counts are the truth.

Source: domain specification, 2.2. The percentages are the counts rounded to two decimals, so for fewer than 10 000
participants half-up rounding gives the counts back exactly.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

SUM_TOLERANCE: Final = Decimal("0.5")
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


def is_share_of(percent: Decimal, count: int, participants: int) -> bool:
    """Answer whether the percentage can be the count rounded: 3 % of 38 pupils is nobody's share."""
    return abs(percent * participants - 100 * count) <= SHARE_TOLERANCE * participants
