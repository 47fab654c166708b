"""Times that reports are asked for: calendar years and school years. Pure; «today» is an argument."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from accounts.russian import NBSP, period

SCHOOL_YEAR_STARTS: Final = 9  # September


@dataclass(frozen=True, kw_only=True)
class Period:
    """A named time, both days inclusive. code: what forms and addresses carry, «y2026», «s2025»."""

    code: str
    title: str
    start: date
    end: date


def calendar_year(year: int) -> Period:
    return Period(
        code=f"y{year}",
        title=f"{year}{NBSP}год",
        start=date(year, 1, 1),
        end=date(year, 12, 31),
    )


def school_year(year: int) -> Period:
    """Return the school year that starts in September of a year."""
    return Period(
        code=f"s{year}",
        title=f"{year}/{year + 1} учебный{NBSP}год",
        start=date(year, 9, 1),
        end=date(year + 1, 8, 31),
    )


def span(first: int, last: int) -> Period:
    """Return several calendar years."""
    return Period(
        code=f"y{first}-{last}",
        title=f"{first}–{last}{NBSP}годы",
        start=date(first, 1, 1),
        end=date(last, 12, 31),
    )


def title_of(start: date, end: date) -> str:
    """Return «2026 год», «2025/2026 учебный год», «2025–2026 годы» for whole years, else the dates."""
    named = (calendar_year(start.year), school_year(start.year), span(start.year, end.year))
    return next((each.title for each in named if (each.start, each.end) == (start, end)), period(start, end))


def spans_on(today: date) -> tuple[Period, ...]:
    """Return what is asked for of the dynamics: the last two, three and five years."""
    return tuple(span(today.year - years + 1, today.year) for years in (2, 3, 5))


def periods_on(today: date) -> tuple[Period, ...]:
    """Return what is usually asked for: this year and the last, this school year and the last."""
    start = today.year if today.month >= SCHOOL_YEAR_STARTS else today.year - 1
    return (
        calendar_year(today.year),
        school_year(start),
        calendar_year(today.year - 1),
        school_year(start - 1),
    )
