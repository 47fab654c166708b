"""One procedure of one year as evidence: counts, exact share, threshold and how far away it is in pupils."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from typing import Any, Final, Self

from accounts.russian import percent
from schools.identification.names import procedure_code, procedure_name
from schools.identification.rules import Procedure

Z_95: Final = 1.959963984540054


class PartState(StrEnum):
    """Whether a procedure took part in the verdict."""

    COUNTED = "COUNTED"
    SMALL_N = "SMALL_N"  # fewer participants than the rule asks for
    DROPPED = "DROPPED"  # a marker of biased results, and the rule drops such
    NO_DATA = "NO_DATA"  # the school could have written it, no result is known


@dataclass(frozen=True, kw_only=True)
class Part:
    """A procedure in a year. Without data the counts are None, which is never 0."""

    procedure: Procedure
    year: int
    state: PartState
    participants: int | None = None
    low: int | None = None
    needed: int | None = None  # the least number of low works that reaches the threshold
    is_repeated: bool = False  # low in this year and in the year before
    is_small: bool = False  # fewer participants than are informative
    markers: tuple[str, ...] = ()
    source: str = ""  # opaque reference of the row, given back as it came

    def to_json(self) -> dict[str, Any]:
        """Return plain values to be stored beside the verdict."""
        stored = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "procedure"}
        return {**asdict(self.procedure), **stored, "state": str(self.state), "markers": list(self.markers)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        names = {each.name for each in fields(Procedure)}
        rest = {name: value for name, value in stored.items() if name not in names}
        return cls(
            **{**rest, "state": PartState(stored["state"]), "markers": tuple(stored["markers"])},
            procedure=Procedure(**{name: stored[name] for name in names}),
        )

    @property
    def is_low(self) -> bool:
        """Answer whether it is counted and reaches the threshold."""
        return self.state is PartState.COUNTED and self.reaches_threshold

    @property
    def reaches_threshold(self) -> bool:
        return self.low is not None and self.needed is not None and self.low >= self.needed

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
    def code(self) -> str:
        return procedure_code(self.procedure)

    @property
    def name(self) -> str:
        return procedure_name(self.procedure)

    @property
    def fraction_text(self) -> str:
        """Return «2026 12/40=30,00 %»."""
        return f"{self.year} {self.low}/{self.participants}={percent(self.low, self.participants)}"


def wilson_interval(low: int, participants: int, z: float = Z_95) -> tuple[float, float]:
    """Return the Wilson score interval of low / participants, per cent. participants > 0."""
    share = low / participants
    spread = z * z / participants
    centre = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / participants + spread / (4 * participants)) / (1 + spread)
    return 100 * max(centre - half, 0.0), 100 * min(centre + half, 1.0)
