"""The way out of the lists that held a school: how many years without conditions in a row it has.

Source: domain specification, 1.3 (`exit_rule`) and 9.2 (18).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Listing:
    """The last list that held a school or one merged into it, and the years since.

    whose: name of the merged school, "" for the school itself. is_clear_in: answers whether a year was without
    conditions.
    """

    whose: str
    last: int
    is_clear_in: Callable[[int], bool]

    def clear_years(self, year: int, enough: int) -> int | None:
        """Return how many years without conditions in a row there are with a year; None when it was out before.

        Only years after the last list count: the results of that year put the school there. A school that has had
        enough of them once is out, and nothing before asks any more.
        """
        clear = 0
        for past in range(self.last + 1, year):
            clear = clear + 1 if self.is_clear_in(past) else 0
            if clear == enough:
                return None
        return clear + 1 if self.is_clear_in(year) else 0


class Progress(NamedTuple):
    """How far a school has come. clear_years: years without conditions in a row.

    whose: names of the merged schools, when their lists alone are what it has to come out of.
    """

    clear_years: int = 0
    whose: tuple[str, ...] = ()


def progress_of(listings: Iterable[Listing], year: int, enough: int) -> Progress | None:
    """Return how far a school is on its way out of all lists that hold it before a year; None when none does."""
    counted = [(each.clear_years(year, enough), each.whose) for each in listings]
    held = [(clear, whose) for clear, whose in counted if clear is not None]
    if not held:
        return None
    least = min(clear for clear, _ in held)
    whose = tuple(whose for clear, whose in held if clear == least)
    return Progress(least, () if "" in whose else whose)
