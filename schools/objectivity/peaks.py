"""Peaks of a histogram of primary scores at the borders of marks, by an exact test. Pure.

Each participant has one score, so of those at a border or near it every one is at the border with the same chance:
one score of `1 + 2 · pairs`, as long as the distribution is even across the window. How many are there is then
binomial, whatever the school, and the tail of it says how often an honest school would have as many by chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Final

from schools.objectivity.settings import PeakLimits

MARKS: Final = (3, 4, 5)


@dataclass(frozen=True, kw_only=True)
class Border:
    """The lowest score of a mark with what stands around it.

    here: participants at it. near: scores beside it -> their participants, as many below as above: so a slope of the
    distribution weighs nothing. Other borders are left out with the scores opposite to them: they may be peaks too.
    """

    mark: int
    score: int
    here: int
    near: dict[int, int]

    @property
    def beside(self) -> int:
        """Return the participants of the scores beside it, together."""
        return sum(self.near.values())

    @property
    def mean(self) -> Fraction:
        """Return the participants of a score beside it on the average."""
        return Fraction(self.beside, len(self.near))

    @property
    def chance(self) -> Fraction:
        """Return how likely as many are at the border, or more, of those in the window when it is even. Exact."""
        tried, others = self.here + self.beside, len(self.near)
        ways = sum(comb(tried, hits) * others ** (tried - hits) for hits in range(self.here, tried + 1))
        return Fraction(ways, (others + 1) ** tried)


def peaks(counts: Sequence[int], scores: Sequence[int], limits: PeakLimits) -> list[Border]:
    """Return the borders of a histogram that stand out. counts: participants with 0, 1, … points.

    The level of the work is shared by the borders looked at (Bonferroni), so that three of them do not raise three
    false alarms; and the excess must be large: of many participants a small one is certain as well.
    """
    if sum(counts) < limits.participants_min:
        return []
    borders = list(borders_of(counts, scores, limits.reach))
    times, level = Fraction(limits.times), Fraction(limits.level)
    return [each for each in borders if stands_out(each, times) and each.chance * len(borders) <= level]


def stands_out(border: Border, times: Fraction) -> bool:
    return border.here > 0 and border.here >= times * border.mean


def borders_of(counts: Sequence[int], scores: Sequence[int], reach: int) -> Iterator[Border]:
    """Yield the borders that have scores on both sides: one at the end of the scale has nothing to stand above."""
    for mark, score in zip(MARKS, scores, strict=False):
        near = {at: counts[at] for at in beside(score, scores, len(counts), reach)}
        if near:
            yield Border(mark=mark, score=score, here=counts[score], near=near)


def beside(score: int, scores: Sequence[int], length: int, reach: int) -> list[int]:
    """Return the scores beside a border, rising, in pairs at the same distance below and above it."""
    pairs = [(score - step, score + step) for step in range(1, reach + 1)]
    kept = [(low, high) for low, high in pairs if low >= 0 and high < length and not {low, high} & set(scores)]
    return sorted(at for pair in kept for at in pair)
