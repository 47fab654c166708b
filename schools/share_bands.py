"""Schools of a run by the share that decides condition 1, in bands of 5 percentage points. Whole numbers only.

The deciding share of a school is, of its counted works of the year, the N-th by the share of low results, N as the rule
asks: condition 1 holds in the year exactly when that one reaches the threshold, that is when N works do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from schools.identification import Identification, stored_counts
from schools.models import IdentificationRun

BAND: Final = 5  # percentage points of one column
LAST_BAND: Final = 60  # the last column holds everything above
PORTION: Final = 2_000

Counts = Iterable[tuple[int, int]]  # low works, participants > 0


@dataclass(frozen=True, kw_only=True)
class Band:
    """Schools whose deciding share lies in [start, end), per cent. at_threshold: those that reach it."""

    start: int
    end: int
    at_threshold: int
    below: int

    @property
    def total(self) -> int:
        return self.at_threshold + self.below

    @property
    def title(self) -> str:
        return f"{self.start}–100" if self.end > LAST_BAND else f"{self.start}–{self.end}"


@dataclass
class Tally:
    """Schools counted one by one. unknown: those with fewer counted works than the rule needs."""

    needed: int
    reached: Counter[int] = field(default_factory=Counter)
    below: Counter[int] = field(default_factory=Counter)
    unknown: int = 0

    def add(self, counts: Counts, low_works: int) -> None:
        """Count a school. low_works: how many of its works reach the threshold."""
        start = band_of(counts, self.needed)
        if start is None:
            self.unknown += 1
        else:
            (self.reached if low_works >= self.needed else self.below)[start] += 1

    def add_judged(self, identification: Identification) -> None:
        counted = [(part.low or 0, part.participants or 0) for part in identification.counted]
        self.add(counted, len(identification.low))

    def bands(self, *, has_threshold: bool = True) -> list[Band]:
        """Return every column. has_threshold: whether the rule looks at it; if not, nobody has reached it."""
        return [self.band(start, has_threshold=has_threshold) for start in range(0, LAST_BAND + BAND, BAND)]

    def band(self, start: int, *, has_threshold: bool) -> Band:
        reached, below = self.reached[start], self.below[start]
        at_threshold = reached if has_threshold else 0
        return Band(start=start, end=start + BAND, at_threshold=at_threshold, below=reached + below - at_threshold)

    def to_json(self) -> dict[str, Any]:
        """Return what a run keeps: [start of the band, schools], filled ones only."""
        return {
            "reached": sorted(self.reached.items()),
            "below": sorted(self.below.items()),
            "unknown": self.unknown,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], needed: int) -> Self:
        reached, below = (Counter(dict(map(tuple, stored[name]))) for name in ("reached", "below"))
        return cls(needed=needed, reached=reached, below=below, unknown=stored["unknown"])


def band_of(counts: Counts, needed: int) -> int | None:
    """Return where the band of the deciding share begins; None when fewer works are counted than are needed.

    A greater share never lies in a lower band, so the N-th band is the band of the N-th share.
    """
    percents = sorted([100 * low // participants for low, participants in counts if participants], reverse=True)
    return min(percents[needed - 1] // BAND * BAND, LAST_BAND) if len(percents) >= needed else None


def tally_of(run: IdentificationRun) -> Tally:
    """Return the bands of a run: no query, or one that reads it through where they were not kept with it."""
    needed = run.rules.min_procedures
    if stored := run.counts.get("bands"):
        return Tally.from_json(stored, needed)
    tally = Tally(needed)
    rows = run.verdicts.order_by().values_list("parts", "low_procedures")
    for parts, low_works in rows.iterator(chunk_size=PORTION):
        tally.add(stored_counts(parts, run.year), low_works)
    return tally


def bands_of(run: IdentificationRun) -> tuple[list[Band], int]:
    """Return the columns of the distribution and how many schools have no deciding share. At most one query."""
    tally = tally_of(run)
    return tally.bands(has_threshold=run.rules.has_own_conditions), tally.unknown
