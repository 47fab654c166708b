"""What in the results of a work should be looked at before it is applied. Pure: no database, exact integers.

A change is judged against the same work of the same school a year before, in relative terms: more than 30 % of what
was. For the number of participants that is 100·|now − was| > 30·was; for the share of low results n of N it is
100·|n·M − m·N| > 30·m·N, where m of M was the year before. A change that a single pupil makes is none, or every small
school would be warned of every year: the numbers must differ by more than one participant, the shares by more than
one pupil weighs in the smaller of the two years (|n·M − m·N| > max(N, M)). A share that was zero has no relative
change, so any growth from it beyond one pupil counts.
Source: domain specification, 3.8 (change against the previous year above 30 %).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from accounts.russian import percent

JUMP_PERCENT: Final = 30


class YearCounts(NamedTuple):
    """Participants of a work and how many of them have a low result; None: the file does not say."""

    participants: int
    low: int | None = None


@dataclass(frozen=True, kw_only=True)
class Jump:
    """One number that jumped: what it is, what it is now and what it was the year before, in words."""

    title: str
    now: str
    before: str

    @property
    def text_ru(self) -> str:
        return f"{self.title} {self.now}, год назад {self.before}: изменение больше {JUMP_PERCENT} %"


def jumps(before: YearCounts, now: YearCounts) -> Iterator[Jump]:
    """Yield what changed by more than 30 % against the year before."""
    if participants_jumped(before.participants, now.participants):
        yield Jump(title="участников", now=str(now.participants), before=str(before.participants))
    if share_jumped(before, now):
        yield Jump(title="доля «2»", now=share_words(now), before=share_words(before))


def participants_jumped(before: int, now: int) -> bool:
    change = abs(now - before)
    return change > 1 and 100 * change > JUMP_PERCENT * before


def share_jumped(before: YearCounts, now: YearCounts) -> bool:
    """Answer whether the share of low results jumped; False where a year has no share."""
    if before.low is None or now.low is None or not before.participants or not now.participants:
        return False
    was = before.low * now.participants
    change = abs(now.low * before.participants - was)
    return change > max(before.participants, now.participants) and 100 * change > JUMP_PERCENT * was


@lru_cache(maxsize=8192)
def share_words(counts: YearCounts) -> str:
    """Return «31,6 % (12 из 38)»; a region says the same of many schools."""
    return f"{percent(counts.low, counts.participants, 1)} ({counts.low} из {counts.participants})"
