"""One procedure of one year as evidence: counts, exact share, threshold and how far away it is in pupils."""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from typing import Any, Final, NamedTuple

from accounts.russian import percent
from schools.identification.names import procedure_code, procedure_name
from schools.identification.terms import Procedure

Z_95: Final = 1.959963984540054


class PartState(StrEnum):
    """Whether a procedure took part in the verdict."""

    COUNTED = "COUNTED"
    SMALL_N = "SMALL_N"  # fewer participants than the rule asks for
    POOLED = "POOLED"  # too small alone, counted in another part together with others
    DROPPED = "DROPPED"  # a marker of biased results, and the rule drops such
    SET_ASIDE = "SET_ASIDE"  # a marker, and the result is not low: it does not speak for the school
    NO_DATA = "NO_DATA"  # the school could have written it; no result, or none that tells its low works


class Piece(NamedTuple):
    """A work that went into a part together with others: a grade, a year, or a retake (period)."""

    grade: int
    year: int
    period: str
    participants: int
    low: int


class Part(NamedTuple):
    """A procedure in a year. Without data the counts are None, which is never 0; participants alone: `is_unmeasured`.

    needed: the least number of low works that reaches the threshold. is_repeated: low in this year and in those before
    it. is_small: fewer participants than are informative. source: opaque reference of the rows, given back as it came.
    pieces: what was added up, when it was not one work.
    """

    procedure: Procedure
    year: int
    state: PartState
    participants: int | None = None
    low: int | None = None
    needed: int | None = None
    source: str = ""
    is_repeated: bool = False
    is_small: bool = False
    markers: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()

    def to_json(self) -> Sequence[Any]:
        """Return plain values to be stored beside the verdict; what is usual at the end is left out."""
        return self[:PLAIN] if self[PLAIN:] == USUAL else self

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | Sequence[Any]) -> "Part":
        """Read a stored part: a sequence in the order of the fields, or a mapping as it was stored before."""
        if isinstance(stored, Mapping):
            return cls.from_mapping(stored)
        procedure, year, state, *rest = stored
        part = cls(Procedure(*procedure), year, STATES[state], *rest)
        if len(stored) <= PLAIN:
            return part
        return part._replace(markers=tuple(part.markers), pieces=tuple(Piece(*piece) for piece in part.pieces))

    @classmethod
    def from_mapping(cls, stored: Mapping[str, Any]) -> "Part":
        rest = {name: value for name, value in stored.items() if name not in Procedure._fields}
        return cls(
            **{**rest, "state": PartState(stored["state"]), "markers": tuple(stored["markers"])},
            procedure=Procedure(**{name: stored[name] for name in Procedure._fields}),
        )

    @property
    def is_low(self) -> bool:
        """Answer whether it is counted and reaches the threshold."""
        return self.state is PartState.COUNTED and self.reaches_threshold

    @property
    def reaches_threshold(self) -> bool:
        return self.low is not None and self.needed is not None and self.low >= self.needed

    @property
    def is_unmeasured(self) -> bool:
        """Answer whether a result is there, and how many of its works are low is not known."""
        return self.low is None and bool(self.participants)

    @property
    def share(self) -> Fraction | None:
        """Return the share of low works, 0..1, exact."""
        return Fraction(self.low, self.participants) if self.low is not None and self.participants else None

    @property
    def pupils_to_threshold(self) -> int | None:
        """Return how many more low works would reach the threshold; 0 at it or above."""
        return None if self.low is None or self.needed is None else max(self.needed - self.low, 0)

    @property
    def pupils_above_threshold(self) -> int | None:
        """Return how many fewer low works would leave it; 0 when below already."""
        return None if self.low is None or self.needed is None else max(self.low - self.needed + 1, 0)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % Wilson interval of the share in per cent: context for people, never the rule."""
        if self.low is None or not self.participants:
            return None
        return wilson_interval(self.low, self.participants)

    @property
    def grades(self) -> tuple[int, ...]:
        """Return the grades that were added up, or the only one."""
        return tuple(sorted({piece.grade for piece in self.pieces})) or (self.procedure.grade,)

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years that were added up, or the only one."""
        return tuple(sorted({piece.year for piece in self.pieces})) or (self.year,)

    @property
    def places(self) -> list[tuple[int, Procedure]]:
        """Return (year, procedure) of the works added up; a retake stands with the work that it mends."""
        places = [(piece.year, self.procedure._replace(grade=piece.grade)) for piece in self.pieces]
        return list(dict.fromkeys(places)) or [(self.year, self.procedure)]

    @property
    def code(self) -> str:
        return procedure_code(self.procedure, self.grades)

    @property
    def name(self) -> str:
        return procedure_name(self.procedure, self.grades)

    @property
    def fraction_text(self) -> str:
        """Return «2026 12/40=30,00 %», «2025–2026 12/40=30,00 %» when years were added up."""
        years = f"{self.years[0]}–{self.year}" if len(self.years) > 1 else f"{self.year}"
        return f"{years} {self.low}/{self.participants}={percent(self.low, self.participants)}"


def stored_counts(parts: Iterable[Mapping[str, Any] | Sequence[Any]], year: int) -> list[tuple[int, int]]:
    """Return (low works, participants) of the counted parts of a year, read from stored ones without making them."""
    found = []
    for stored in parts:
        part: Any = Part.from_mapping(stored) if isinstance(stored, Mapping) else stored
        if part[1] == year and part[2] == COUNTED:
            found.append((part[4], part[3]))
    return found


def stored_text(parts: Iterable[Part]) -> str:
    """Return `Part.to_json` of parts as one JSON text. An ordinary part, as nearly all are, is put together by hand."""
    texts = []
    for part in parts:
        procedure, year, state, participants, low, needed, source, is_repeated, is_small, markers, pieces = part
        if state is not COUNTED or markers or pieces or not source.isdecimal():
            texts.append(TEXTS[part])
        elif is_repeated or is_small:
            tail = TAILS[is_repeated, is_small]
            texts.append(f'{HEADS[procedure, year]}{participants},{low},{needed},"{source}"{tail}')
        else:
            texts.append(f'{HEADS[procedure, year]}{participants},{low},{needed},"{source}"]')
    return f"[{','.join(texts)}]"


class Heads(dict[tuple[Procedure, int], str]):
    """How the text of a counted part begins, for each procedure and year made once."""

    def __missing__(self, key: tuple[Procedure, int]) -> str:
        procedure, year = key
        head = self[key] = f"{ENCODER.encode([procedure, year, COUNTED])[:-1]},"
        return head


class Texts(dict[Part, str]):
    """The texts of parts that are no ordinary ones: nearly all are works without data, the same for many schools."""

    def __missing__(self, part: Part) -> str:
        text = ENCODER.encode(part.to_json())
        if part.state is PartState.NO_DATA and not part.participants:
            self[part] = text
        return text


COUNTED: Final = PartState.COUNTED
STATES: Final = {str(state): state for state in PartState}
HEADS: Final = Heads()
TEXTS: Final = Texts()
TAILS: Final = {
    (True, False): ",true,false,[],[]]",
    (False, True): ",false,true,[],[]]",
    (True, True): ",true,true,[],[]]",
}
ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
PLAIN: Final = Part._fields.index("is_repeated")
USUAL: Final = (False, False, (), ())


def wilson_interval(low: int, participants: int, z: float = Z_95) -> tuple[float, float]:
    """Return the Wilson score interval of low / participants, per cent. participants > 0."""
    share = low / participants
    spread = z * z / participants
    centre = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / participants + spread / (4 * participants)) / (1 + spread)
    return 100 * max(centre - half, 0.0), 100 * min(centre + half, 1.0)
