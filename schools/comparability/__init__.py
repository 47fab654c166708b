"""Whether two years of a work may be compared. Pure: the table of years that differ is configuration.

Source: domain specification, 2.1 (history that breaks naive comparison), 2.4, 5.5.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from accounts.russian import listing
from schools.intake.level_scales import all_scales

TABLE: Final = Path(__file__).with_name("default.toml")
LEVEL_NAMES: Final = {"none": "без уровня", "base": "базовый", "advanced": "углублённый", "profile": "профильный"}


class Cause(StrEnum):
    """Why two years differ."""

    WORKS = "works"  # the works themselves were different
    TIME = "time"  # another time of the year or the programme of another grade
    LEVEL = "level"  # basic and advanced courses
    SCALE = "scale"  # another maximum or other borders of marks
    MEASURE = "measure"  # marks in one year and levels in the other, or levels of another scale


class TableError(ValueError):
    """The table of comparability contradicts itself; the message names the entry."""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What stands between two years. forbids: no level of dynamics may be given at all."""

    cause: Cause
    text: str
    source: str = ""
    forbids: bool = False


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Two neighbouring years of works that differed. Empty subjects or grades: all of them."""

    procedure: str
    before: int
    after: int
    remark: Remark
    subjects: frozenset[str] = frozenset()
    grades: frozenset[int] = frozenset()

    def concerns(self, procedure: str, subject: str, grade: int, years: tuple[int, int]) -> bool:
        return (
            procedure == self.procedure
            and years == (self.before, self.after)
            and (not self.subjects or subject in self.subjects)
            and (not self.grades or grade in self.grades)
        )


@dataclass(frozen=True, kw_only=True)
class Nature:
    """What is known of a work of a year besides its counts. Empty or None: not known, which is no difference.

    levels: of the courses whose pupils wrote it; maximum: primary score; borders: lowest scores of «3», «4», «5»;
    scales: of the levels that tell the low works, "" where marks do.
    """

    levels: frozenset[str] = frozenset()
    maximum: int | None = None
    borders: tuple[int, ...] | None = None
    scales: frozenset[str] = frozenset()


UNKNOWN: Final = Nature()


def remarks(
    *,
    work: tuple[str, str, int],
    years: tuple[int, int],
    natures: tuple[Nature, Nature] = (UNKNOWN, UNKNOWN),
    is_same_work: bool = True,
    table: Iterable[Entry],
) -> tuple[Remark, ...]:
    """Return what a reader must know of two years before believing their difference.

    work: procedure, subject, grade of the later year. is_same_work: False when another grade stands beside it, whose
    scale differs by nature.
    """
    known = [entry.remark for entry in table if entry.concerns(*work, years)]
    own = (*measure_remarks(*natures), *level_remarks(*natures))
    return (*known, *own, *(scale_remarks(*natures) if is_same_work else ()))


def measure_remarks(before: Nature, after: Nature) -> Sequence[Remark]:
    """Return a remark that forbids when low works are told by marks in one year and by levels in the other."""
    if not before.scales or not after.scales or before.scales == after.scales:
        return ()
    text = f"Низкие результаты считаются по-разному: было – {scales(before)}, стало – {scales(after)}"
    return (Remark(cause=Cause.MEASURE, text=text, forbids=True),)


def scales(nature: Nature) -> str:
    return listing([scale_words(code) for code in sorted(nature.scales)])


def scale_words(code: str) -> str:
    """Return «отметки», «уровни «КДР: четыре уровня»»."""
    known = all_scales().get(code)
    return f"уровни «{known.title if known else code}»" if code else "отметки"


def level_remarks(before: Nature, after: Nature) -> Sequence[Remark]:
    """Return a remark when other courses wrote the work: one year basic, another year advanced as well."""
    if not before.levels or not after.levels or before.levels == after.levels:
        return ()
    text = f"Состав по уровню курса другой: было – {levels(before)}, стало – {levels(after)}"
    return (Remark(cause=Cause.LEVEL, text=text),)


def levels(nature: Nature) -> str:
    return listing([LEVEL_NAMES.get(level, level) for level in sorted(nature.levels)])


def scale_remarks(before: Nature, after: Nature) -> Sequence[Remark]:
    if None not in {before.maximum, after.maximum} and before.maximum != after.maximum:
        text = f"Шкала другая: наибольший первичный балл был {before.maximum}, стал {after.maximum}"
        return (Remark(cause=Cause.SCALE, text=text),)
    if before.borders and after.borders and before.borders != after.borders:
        text = f"Границы отметок другие: были {borders(before)}, стали {borders(after)}"
        return (Remark(cause=Cause.SCALE, text=text),)
    return ()


def borders(nature: Nature) -> str:
    return "/".join(str(border) for border in nature.borders or ())


@cache
def shipped_table() -> tuple[Entry, ...]:
    """Return the table of the portal. Raises TableError."""
    return read_table(TABLE)


def read_table(path: Path) -> tuple[Entry, ...]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(entry_from(entry) for entry in content["entry"])


def entry_from(entry: Mapping[str, Any]) -> Entry:
    """Return an entry of the file. Raises TableError for years that do not follow each other."""
    before, after = entry["years"]
    if after != before + 1:
        raise TableError(f"{entry['procedure']} {before}–{after}: the years do not follow each other")
    remark = Remark(
        cause=Cause(entry["cause"]),
        text=entry["text"],
        source=entry["source"],
        forbids=entry.get("forbids", False),
    )
    return Entry(
        procedure=entry["procedure"],
        before=before,
        after=after,
        remark=remark,
        subjects=frozenset(entry.get("subjects", ())),
        grades=frozenset(entry.get("grades", ())),
    )
