"""Schools of a run by the share that decides condition 1, in bands of 5 percentage points. Whole numbers only.

The deciding share of a school is, of its counted works of the year, the N-th by the share of low results, N as the rule
asks: condition 1 holds in the year exactly when that one reaches the threshold, that is when N works do. Where the rule
counts the grades of a subject as one, N are subjects, each with its highest share.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Self

from schools.identification import Identification, Part, PartState, Rules, Verdict, count_units, stored_counts
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
    """Schools counted one by one.

    unknown: those with fewer counted works than the rule needs; excluded: those that the rule does not concern, which
    are in no band.
    """

    rules: Rules
    reached: Counter[int] = field(default_factory=Counter)
    below: Counter[int] = field(default_factory=Counter)
    unknown: int = 0
    excluded: int = 0

    @property
    def total(self) -> int:
        return self.reached.total() + self.below.total() + self.unknown + self.excluded

    def add(self, counts: Counts, low_works: int) -> None:
        """Count a school. low_works: how many of its works, or subjects, reach the threshold."""
        needed = self.rules.min_procedures
        start = band_of(counts, needed)
        if start is None:
            self.unknown += 1
        else:
            (self.reached if low_works >= needed else self.below)[start] += 1

    def add_judged(self, identification: Identification) -> None:
        if identification.verdict is Verdict.EXCLUDED:
            self.excluded += 1
        elif self.rules.count_subject_once:
            self.add_subjects(identification.counted)
        else:
            counted = [(part.low or 0, part.participants or 0) for part in identification.counted]
            self.add(counted, len(identification.low))

    def add_subjects(self, counted: Iterable[Part]) -> None:
        """Count a school by its subjects: as many are low as condition 1 counts."""
        counted = list(counted)
        low = [part for part in counted if part.is_low]
        self.add(counts_by_subject(counted), count_units(low, self.rules))

    def add_stored(self, verdict: str, parts: Iterable[Any], low_works: int, year: int) -> None:
        """Count a school by what is stored of its verdict."""
        if verdict == Verdict.EXCLUDED:
            self.excluded += 1
        elif self.rules.count_subject_once:
            every = map(Part.from_json, parts)
            self.add_subjects(part for part in every if part.year == year and part.state is PartState.COUNTED)
        else:
            self.add(stored_counts(parts, year), low_works)

    def bands(self) -> list[Band]:
        """Return every column. Nobody has reached a threshold that the rule does not look at."""
        has_threshold = self.rules.has_own_conditions
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
            "excluded": self.excluded,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], rules: Rules) -> Self:
        reached, below = (Counter(dict(map(tuple, stored[name]))) for name in ("reached", "below"))
        return cls(rules, reached, below, unknown=stored["unknown"], excluded=stored.get("excluded", 0))


def band_of(counts: Counts, needed: int) -> int | None:
    """Return where the band of the deciding share begins; None when fewer works are counted than are needed.

    A greater share never lies in a lower band, so the N-th band is the band of the N-th share.
    """
    percents = sorted([100 * low // participants for low, participants in counts if participants], reverse=True)
    return min(percents[needed - 1] // BAND * BAND, LAST_BAND) if len(percents) >= needed else None


def counts_by_subject(parts: Iterable[Part]) -> list[tuple[int, int]]:
    """Return the counts of the grade with the highest share for each subject of a kind of procedure."""
    highest: dict[tuple[str, ...], tuple[int, int]] = {}
    for part in parts:
        counts = (part.low or 0, part.participants or 1)
        subject = part.procedure[:2]
        highest[subject] = max(highest.get(subject, (0, 1)), counts, key=lambda each: Fraction(*each))
    return list(highest.values())


def tally_of(run: IdentificationRun) -> Tally:
    """Return the bands of a run: no query, or one that reads it through where they were not kept with it."""
    rules = run.rules
    stored = run.counts.get("bands")
    if stored and is_kept_right(stored, rules):
        return Tally.from_json(stored, rules)
    tally = Tally(rules)
    rows = run.verdicts.order_by().values_list("verdict", "parts", "low_procedures")
    for verdict, parts, low_works in rows.iterator(chunk_size=PORTION):
        tally.add_stored(verdict, parts, low_works, run.year)
    return tally


def is_kept_right(stored: Mapping[str, Any], rules: Rules) -> bool:
    """Answer whether stored bands are of the schools and units of the condition: earlier portals told neither apart."""
    return "excluded" in stored or not (rules.count_subject_once or rules.exclude_types)
