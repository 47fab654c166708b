"""Borders of marks in primary scores: of ВПР from the configuration of the signs, of ОГЭ from that of the exams.

An installation may add scales of its own in a file of the same form; they go before the shipped ones.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from schools.intake.exam_scales import exam_scale
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.objectivity.settings import shipped

GRADES: Final = range(1, 12)
NUMBERS: Final = 3  # of borders


class ScalesRefused(ValueError):  # noqa: N818  an answer to the author of the file, not a fault of the program
    """A file of scales is wrong; the message is Russian and names the scale."""


@dataclass(frozen=True, kw_only=True)
class MarkScale:
    """borders: lowest scores of «3», «4», «5». years: of the work, none means any year with the same maximum."""

    procedure: str
    subject: str
    grade: int
    maximum: int
    borders: tuple[int, int, int]
    source: str
    years: tuple[int, ...] = ()

    def fits(self, procedure: str, subject: str, grade: int, year: int, maximum: int) -> bool:
        is_work = (self.procedure, self.subject, self.grade, self.maximum) == (procedure, subject, grade, maximum)
        return is_work and (not self.years or year in self.years)


@cache
def mark_scales() -> tuple[MarkScale, ...]:
    """Return the shipped scales of ВПР."""
    return tuple(scales_of(shipped()))


def read_scales(path: Path) -> tuple[MarkScale, ...]:
    """Return the scales of a file; none when it is not there. Raises ScalesRefused."""
    if not path.is_file():
        return ()
    try:
        return tuple(scales_of(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise ScalesRefused(f"Файл {path.name} не читается как TOML: {broken}") from broken


def scales_of(content: Mapping[str, Any]) -> Iterator[MarkScale]:
    """Yield the scales of a configuration. Raises ScalesRefused."""
    entries = content.get("scale", [])
    if not isinstance(entries, list):
        raise ScalesRefused("Шкалы пишут таблицами [[scale]].")
    for number, entry in enumerate(entries, start=1):
        if faults := list(faults_of(entry)):
            raise ScalesRefused(f"Шкала {number}: {'; '.join(faults)}.")
        numbers = {name: tuple(entry.get(name, ())) for name in ("borders", "years")}
        yield MarkScale(**{**entry, **numbers})


def faults_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one scale."""
    known = MarkScale.__dataclass_fields__.keys()
    if not isinstance(entry, Mapping) or (missing := sorted(known - {"years"} - entry.keys())):
        yield f"не указано: {', '.join(missing)}" if isinstance(entry, Mapping) else "нужна таблица"
        return
    if unknown := sorted(entry.keys() - known):
        yield f"лишнее: {', '.join(unknown)}"
    if entry["procedure"] not in PROCEDURE_NAMES:
        yield f"procedure — одно из: {', '.join(PROCEDURE_NAMES)}"
    if entry["subject"] not in BY_CODE:
        yield f"subject — одно из: {', '.join(BY_CODE)}"
    if entry["grade"] not in GRADES:
        yield "grade — класс от 1 до 11"
    if not is_growing([0, *as_list(entry["borders"]), entry["maximum"]]):
        yield "borders — три целых числа по возрастанию от 1, не больше maximum"
    if not isinstance(entry["source"], str) or not entry["source"].strip():
        yield "source — откуда взята шкала"
    if not all(type(year) is int for year in as_list(entry.get("years", []))):
        yield "years — список лет"


def as_list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ["нет списка"]


def is_growing(numbers: Sequence[Any]) -> bool:
    """Answer whether 0, three borders and the maximum are whole numbers in order; «5» may begin at the maximum."""
    if len(numbers) != NUMBERS + 2 or not all(type(number) is int for number in numbers):
        return False
    *borders, maximum = numbers
    return borders == sorted(set(borders)) and borders[-1] <= maximum


def mark_borders(
    procedure: str, subject: str, grade: int, year: int, maximum: int, *, own: Iterable[MarkScale] = ()
) -> tuple[int, ...] | None:
    """Return the lowest scores of «3», «4», «5» of a work; None when no scale fits its maximum. own: go first."""
    exam = exam_scale(procedure, year, subject)
    fitting = (scale.borders for scale in own if scale.fits(procedure, subject, grade, year, maximum))
    if found := next(fitting, None):
        return found
    if exam and exam.borders and exam.maximum == maximum:
        return exam.borders
    return next(
        (scale.borders for scale in mark_scales() if scale.fits(procedure, subject, grade, year, maximum)),
        None,
    )
