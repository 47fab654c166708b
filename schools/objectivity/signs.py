"""Each sign is a pure function of counts: what is seen, in numbers, and by which threshold it is called a sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from accounts.russian import NBSP, count, listing, number, plural
from schools.objectivity.peaks import Border, peaks
from schools.objectivity.settings import JournalLimits, PeakLimits, TaskLimits

WORDING: Final = "признаки, требуют дополнительного анализа"
OF_PARTICIPANTS: Final = "участника,участников,участников"  # после «из»
POINTS: Final = "балл,балла,баллов"
TIMES: Final = "раз,раза,раз"


class SignKind(StrEnum):
    PEAK = "PEAK"
    TASKS = "TASKS"
    LOWERED = "LOWERED"
    CONFIRMED = "CONFIRMED"


@dataclass(frozen=True, kw_only=True)
class Sign:
    """What was seen, in words with its numbers. limit: the threshold in words; source: where the sign comes from."""

    kind: SignKind
    text: str
    limit: str
    source: str


# Peaks of the histogram


def peak_signs(histogram: Sequence[int], borders: Sequence[int], limits: PeakLimits) -> list[Sign]:
    """Return the borders of marks at which the histogram of primary scores stands out.

    histogram: participants with 0, 1, … points; borders: lowest scores of «3», «4», «5».
    """
    return [peak_sign(border, sum(histogram), limits) for border in peaks(histogram, borders, limits)]


def peak_sign(border: Border, participants: int, limits: PeakLimits) -> Sign:
    """Return the sign with the counts that it leans on, so that a person can do the sum again."""
    mean = number(border.mean, 1)
    times = f"{number(limits.times, places(limits.times))}{NBSP}{plural(limits.times, TIMES)}"
    level = number(100 * limits.level, places(100 * limits.level))
    return Sign(
        kind=SignKind.PEAK,
        text=f"Пик у границы «{border.mark}»: {count(border.score, POINTS)} – у {border.here} из "
        f"{count(participants, OF_PARTICIPANTS)}, соседние баллы ({listing([str(score) for score in border.near])}) "
        f"вместе – у {border.beside}, в среднем {mean}",
        limit=f"не меньше чем в {times} больше соседних баллов в среднем, участников не меньше "
        f"{limits.participants_min}; при ровном распределении такое случайно бывает не чаще чем в {level}{NBSP}% работ",
        source=limits.source,
    )


# Easy and hard tasks


@dataclass(frozen=True, kw_only=True)
class TaskShares:
    """Percent of the points of each task: of the school, and of the wider sample that it stands beside."""

    own: Mapping[str, Decimal]
    sample: Mapping[str, Decimal]
    participants: int
    sample_name: str = ""

    def difference(self, codes: Sequence[str]) -> Fraction:
        """Return how far the school is from the sample in these tasks, percentage points on the average."""
        return sum((Fraction(self.own[code]) - Fraction(self.sample[code]) for code in codes), Fraction(0)) / len(codes)


def task_signs(shares: TaskShares, limits: TaskLimits) -> list[Sign]:
    """Return a sign when easy tasks are done worse than in the sample while hard ones are done better."""
    known = [code for code in shares.own if code in shares.sample]
    easy = [code for code in known if shares.sample[code] >= limits.easy_from]
    hard = [code for code in known if shares.sample[code] <= limits.hard_to]
    if shares.participants < limits.participants_min or min(len(easy), len(hard)) < limits.tasks_min:
        return []
    worse, better = shares.difference(easy), shares.difference(hard)
    if worse > -limits.points or better < limits.points:
        return []
    return [task_sign(shares, easy, hard, limits)]


def task_sign(shares: TaskShares, easy: Sequence[str], hard: Sequence[str], limits: TaskLimits) -> Sign:
    worse, better = (number(abs(shares.difference(codes)), 1) for codes in (easy, hard))
    return Sign(
        kind=SignKind.TASKS,
        text=f"Лёгкие задания ({listing(easy)}) выполнены хуже на {worse}{NBSP}п. п., "
        f"трудные ({listing(hard)}) – лучше на {better}{NBSP}п. п.{beside(shares.sample_name)}",
        limit=f"отличие не меньше {number(limits.points, places(limits.points))}{NBSP}п. п. в обе стороны; лёгкие – от "
        f"{number(limits.easy_from)}{NBSP}%, трудные – до {number(limits.hard_to)}{NBSP}%",
        source=limits.source,
    )


def beside(name: str) -> str:
    return f" Сравнение: {name}" if name else ""


# Marks and the journal


@dataclass(frozen=True, kw_only=True)
class JournalCounts:
    """How many had their mark lowered, confirmed, raised against the journal. low: works with «2», None not known."""

    lowered: int
    confirmed: int
    raised: int
    low: int | None = None

    @property
    def total(self) -> int:
        return self.lowered + self.confirmed + self.raised


def journal_signs(counts: JournalCounts, limits: JournalLimits) -> list[Sign]:
    """Return what the comparison with the journal shows: many lowered marks, or nearly all confirmed without a «2»."""
    if counts.total < limits.participants_min:
        return []
    found = []
    if reaches(counts.lowered, counts.total, limits.lowered_from):
        found.append(lowered_sign(counts, limits))
    if counts.low == 0 and reaches(counts.confirmed, counts.total, limits.confirmed_from):
        found.append(confirmed_sign(counts, limits))
    return found


def reaches(part: int, whole: int, percent: Decimal) -> bool:
    """Answer whether a share is at least `percent`, on whole numbers."""
    return 100 * part >= percent * whole


def lowered_sign(counts: JournalCounts, limits: JournalLimits) -> Sign:
    return Sign(
        kind=SignKind.LOWERED,
        text=f"Отметка за работу ниже, чем в журнале, у {counts.lowered} из {counts.total}",
        limit=f"понизили не менее {number(limits.lowered_from, places(limits.lowered_from))}{NBSP}% участников",
        source=limits.source,
    )


def confirmed_sign(counts: JournalCounts, limits: JournalLimits) -> Sign:
    percent = number(limits.confirmed_from, places(limits.confirmed_from))
    return Sign(
        kind=SignKind.CONFIRMED,
        text=f"Журнал подтвердили {counts.confirmed} из {counts.total}, отметок «2» нет",
        limit=f"подтвердили не менее {percent}{NBSP}% участников без единой «2»",
        source=limits.source,
    )


def places(value: Decimal) -> int:
    """Return how many digits after the comma a threshold has."""
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
