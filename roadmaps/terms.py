"""When a measure is due, as people write it in one cell. Pure: no Django, no clock.

«15.12.2026», «15.12», «01.02.2026–15.03.2026», «март 2026», «март», «II квартал», «в течение года», «ежеквартально».
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from accounts.russian import MONTHS, MONTHS_GENITIVE, capitalized, short_date

DATE: Final = re.compile(r"(\d{1,2})[.,/](\d{1,2})(?:[.,/](\d{4}|\d{2}))?")
RANGE_DASH: Final = re.compile(r"\s*(?:–|—|-|\bпо\b|\bдо\b)\s*")
MONTH: Final = re.compile(r"([а-яё]+)(?:\s+(\d{4}))?(?:\s+г(?:\.|ода)?)?", re.IGNORECASE)
QUARTER: Final = re.compile(
    r"(iv|iii|ii|i|[1-4])(?:-й)?\s+(?:кв\.|квартал)(?:\s+(\d{4}))?(?:\s+г(?:\.|ода)?)?", re.IGNORECASE
)
QUARTERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
WHOLE_PERIOD: Final = re.compile(r"в течение .*(?:года|периода)|весь период|постоянно", re.IGNORECASE)
RECURRENT: Final = re.compile(
    r"еже(?:дневно|недельно|месячно|квартально|годно|четвертно)|по (?:отдельному )?(?:плану|графику)", re.IGNORECASE
)
EXPECTED: Final = "Введите дату, например 15.12.2026, месяц, квартал или «в течение года»."
LONGEST: Final = 100
FAR_YEARS: Final = 10


class TermUnreadable(ValueError):  # noqa: N818  an answer to a person
    """The words name no term; the message is Russian and says what to type."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """first None: only the last day is known. words "": the dates say it all."""

    first: date | None
    last: date | None
    words: str = ""

    @property
    def is_whole_period(self) -> bool:
        return is_whole_period(self.words)


def is_whole_period(words: str) -> bool:
    """Answer whether a term is «в течение года» and alike: it sets no real date."""
    return bool(WHOLE_PERIOD.search(words))


def term_text(term: Term) -> str:
    """Return what stands in the cell: the words, the last day, or a range when it begins the same year."""
    if term.words:
        return term.words
    return short_date(term.last) if term.last else ""


def parse_term(text: str, *, period: tuple[date, date], first: date | None = None) -> Term:
    """Read a term. period: the roadmap's, it gives the year that is left out and the dates of recurrent terms.

    first: the beginning known before; kept when a single date is typed. Raises TermUnreadable.
    """
    text = " ".join(text.split())
    if not text:
        return Term(first=None, last=None)
    if len(text) > LONGEST:
        raise TermUnreadable(f"Срок длиннее {LONGEST} знаков. {EXPECTED}")
    if WHOLE_PERIOD.search(text) or RECURRENT.search(text):
        return Term(first=period[0], last=period[1], words=text)
    for read in (parse_quarter, parse_month, parse_dates):
        term = read(text, period)
        if term is not None:
            break
    else:
        raise TermUnreadable(f"Срок «{text}» не распознан. {EXPECTED}")
    if term.first is None and first and term.last and first <= term.last:
        return Term(first=first, last=term.last)
    return term


def parse_quarter(text: str, period: tuple[date, date]) -> Term | None:
    match = QUARTER.fullmatch(text)
    if not match:
        return None
    month = 3 * QUARTERS[match[1].lower()]
    year = read_year(match[2], month, period)
    return Term(first=date(year, month - 2, 1), last=last_day(year, month), words=text)


def parse_month(text: str, period: tuple[date, date]) -> Term | None:
    match = MONTH.fullmatch(text)
    name = match[1].lower() if match else ""
    if not match or name not in MONTHS + MONTHS_GENITIVE:
        return None
    month = (MONTHS.index(name) if name in MONTHS else MONTHS_GENITIVE.index(name)) + 1
    year = read_year(match[2], month, period)
    return Term(first=date(year, month, 1), last=last_day(year, month), words=capitalized(text))


def parse_dates(text: str, period: tuple[date, date]) -> Term | None:
    parts = [part for part in RANGE_DASH.split(text.removeprefix("до ").removeprefix("с ")) if part]
    matches = [DATE.fullmatch(part) for part in parts]
    if len(parts) not in {1, 2} or not all(matches):
        return None
    days = [parse_day(match, period) for match in matches if match]
    if days[0] > days[-1]:
        raise TermUnreadable(
            f"Начало {short_date(days[0])} позже окончания {short_date(days[-1])}. Поменяйте их местами."
        )
    return Term(first=days[0] if len(days) == 2 else None, last=days[-1])


def parse_day(match: re.Match[str], period: tuple[date, date]) -> date:
    day, month = int(match[1]), int(match[2])
    if not 1 <= month <= 12:
        raise TermUnreadable(f"Месяца {month} нет. {EXPECTED}")
    year = read_year(match[3], month, period)
    try:
        return date(year, month, day)
    except ValueError:
        raise TermUnreadable(f"Даты «{match[0]}» нет в календаре. {EXPECTED}") from None


def read_year(typed: str | None, month: int, period: tuple[date, date]) -> int:
    """Return the typed year, «26» for 2026; without one, that of the period.

    Raises TermUnreadable for a year that no plan means: a slip of the finger would stretch the calendar of terms.
    """
    if typed is None:
        return year_of(month, period)
    year = int(typed) + (2000 if len(typed) == 2 else 0)
    if not period[0].year - FAR_YEARS <= year <= period[1].year + FAR_YEARS:
        raise TermUnreadable(f"Год {typed} далеко от периода карты. {EXPECTED}")
    return year


def year_of(month: int, period: tuple[date, date]) -> int:
    """Return the year of a month without one: the first in which it touches the period."""
    first, last = period
    for year in range(first.year, last.year + 1):
        if (first.year, first.month) <= (year, month) <= (last.year, last.month):
            return year
    return first.year


def last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
