"""Each sign is a pure function of counts: what is seen, in numbers, and by which threshold it is called a sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from accounts.russian import NBSP, count, listing, number
from schools.objectivity.settings import JournalLimits, PeakLimits, TaskLimits

WORDING: Final = "признаки, требуют дополнительного анализа"
PARTICIPANTS: Final = "участник,участника,участников"
MARKS: Final = (3, 4, 5)


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
    if sum(histogram) < limits.participants_min:
        return []
    return [
        peak_sign(histogram, border, mark, limits)
        for mark, border in zip(MARKS, borders, strict=False)
        if is_peak(histogram, border, limits)
    ]


def is_peak(histogram: Sequence[int], border: int, limits: PeakLimits) -> bool:
    """Answer whether a score stands above its neighbours, two on each side as far as there are any. Exact."""
    if not 0 < border < len(histogram):
        return False
    around, here = neighbours(histogram, border), histogram[border]
    extra = Fraction(here) - around
    return extra >= limits.extra_min and here >= Fraction(limits.times) * around


def neighbours(histogram: Sequence[int], score: int) -> Fraction:
    """Return the mean of up to two scores on each side."""
    near = [histogram[at] for at in range(max(score - 2, 0), min(score + 3, len(histogram))) if at != score]
    return Fraction(sum(near), len(near))


def peak_sign(histogram: Sequence[int], border: int, mark: int, limits: PeakLimits) -> Sign:
    around = number(neighbours(histogram, border), 1)
    return Sign(
        kind=SignKind.PEAK,
        text=f"Пик у границы «{mark}»: {border} баллов набрали {count(histogram[border], PARTICIPANTS)}, "
        f"соседние баллы – в среднем {around}",
        limit=f"не меньше чем в {number(limits.times, places(limits.times))} раза и не меньше чем на "
        f"{count(limits.extra_min, 'участника,участника,участников')} больше соседних баллов",
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
