"""The library of standard measures: `library.toml`. Inserting copies the text.

Source: domain specification, 4.3.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

LIBRARY_PATH: Final = Path(__file__).with_name("library.toml")


@dataclass(frozen=True, kw_only=True)
class LibraryMeasure:
    """A standard measure. factors: codes of the risk factors it helps with, empty when it helps with any."""

    code: str
    level: str
    section: str
    title: str
    indicator: str = ""
    expected_result: str = ""
    evidence_kind: str = ""
    timing: str = ""
    factors: frozenset[str] = frozenset()

    def suits(self, level: str, factor: str | None) -> bool:
        """Answer whether it is offered for a level and a risk factor; factor None asks for all of the level."""
        return self.level == level and (factor is None or not self.factors or factor in self.factors)


@cache
def library() -> tuple[LibraryMeasure, ...]:
    """Return the standard measures in the order of the file."""
    rows = tomllib.loads(LIBRARY_PATH.read_text(encoding="utf-8"))["measure"]
    return tuple(LibraryMeasure(**{**row, "factors": frozenset(row.get("factors", []))}) for row in rows)


def by_code(code: str) -> LibraryMeasure | None:
    return next((measure for measure in library() if measure.code == code), None)


def offered(level: str, factor: str | None = None) -> list[LibraryMeasure]:
    """Return what suits a level and a risk factor, its own measures first, the general ones after."""
    suitable = [measure for measure in library() if measure.suits(level, factor)]
    return sorted(suitable, key=lambda measure: not measure.factors)
