"""Russian words, numbers and dates as officials write them. Pure: knows neither Django nor the clock.

Forms of a noun are given as "школа,школы,школ": with one, with two, with five.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
NO_DATA: Final = "нет данных"
DAYS: Final = "день,дня,дней"

MONTHS: Final = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
MONTHS_GENITIVE: Final = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MONTHS_SHORT: Final = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
WEEKDAYS: Final = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")

Number = int | float | Decimal | Fraction


# Agreement


def plural(n: Number, forms: str) -> str:
    """Return the form of a noun that goes with a number: 21 школа, 22 школы, 112 школ; 1,5 школы."""
    one, few, many = forms.split(",")
    if n != int(n):
        return few
    n = abs(int(n))
    if n % 10 == 1 and n % 100 != 11:
        return one
    if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14}:
        return few
    return many


def count(n: Number, forms: str) -> str:
    """Return a number with its noun: «1 846 школ»."""
    return f"{number(n)}{NBSP}{plural(n, forms)}"


def agree(n: Number, forms: str) -> str:
    """Return the form of a verb or a short participle that goes with a counted noun.

    forms: for 1 and 21, for the rest: agree(21, "сдана,сдано") is «сдана», agree(11, ...) is «сдано».
    """
    single, other = forms.split(",")
    return plural(n, f"{single},{other},{other}")


def adjective(n: Number, forms: str) -> str:
    """Return the form of an adjective beside a counted noun.

    forms: with 1, with the rest: adjective(2, "новая,новых") is «новых» (2 новых школы).
    """
    return agree(n, forms)


def listing(words: Sequence[str], conjunction: str = "и") -> str:
    """Join words: «Лесное, Заречье и Ключи»."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def capitalized(text: str) -> str:
    """Raise the first letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]


# Numbers


def exact(value: Number) -> Decimal:
    """Return a decimal as people see the number: 0.1 is 0,1 and not its binary neighbour."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return value if isinstance(value, Decimal) else Decimal(str(value))


def rounded(value: Number, digits: int) -> Decimal:
    """Round half away from zero, as people do; zero has no sign."""
    result = exact(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def number(value: Number | None, digits: int = 0) -> str:
    """Return «1 846», «−4,2», or «нет данных» for None."""
    if value is None:
        return NO_DATA
    shown = rounded(value, digits)
    text = f"{abs(shown):,f}".replace(",", NBSP).replace(".", ",")
    return MINUS + text if shown < 0 else text


def signed(value: Number | None, digits: int = 0) -> str:
    """Return a change with its sign: «+1,4», «−4,2», «0,0»."""
    if value is None:
        return NO_DATA
    return ("+" if rounded(value, digits) > 0 else "") + number(value, digits)


def share(part: Number | None, whole: Number | None, digits: int = 2) -> Decimal | None:
    """Return per cent of a whole, rounded; None without a part or with an empty whole."""
    if part is None or not whole:
        return None
    return rounded(100 * Fraction(exact(part)) / Fraction(exact(whole)), digits)


def percent(part: Number | None, whole: Number | None, digits: int = 2) -> str:
    """Return «38,50 %» of a whole, or «нет данных» without a part or with an empty whole."""
    value = share(part, whole, digits)
    return NO_DATA if value is None else f"{number(value, digits)}{NBSP}%"


def points(value: Number | None, digits: int = 1) -> str:
    """Return a difference of two shares in percentage points: «−4,2 п. п.»."""
    return NO_DATA if value is None else f"{signed(value, digits)}{NBSP}п.{NBSP}п."


def file_size(size: int) -> str:
    """Return bytes as «96 КБ» or «1,8 МБ»."""
    if size < 1024:
        return count(size, "байт,байта,байт")
    if size < 1024 * 1024:
        return f"{number(size / 1024)}{NBSP}КБ"
    return f"{number(size / 1024 / 1024, 1)}{NBSP}МБ"


# Dates


def long_date(day: date) -> str:
    """Return «29 декабря 2023 года»."""
    return f"{day_month(day)} {day.year}{NBSP}года"


def text_date(day: date) -> str:
    """Return «29 декабря 2023 г.»."""
    return f"{day_month(day)} {day.year}{NBSP}г."


def short_date(day: date) -> str:
    """Return «29.12.2023»."""
    return f"{day:%d.%m.%Y}"


def day_month(day: date) -> str:
    """Return «29 декабря»."""
    return f"{day.day}{NBSP}{MONTHS_GENITIVE[day.month - 1]}"


def period(first: date, last: date) -> str:
    """Return «2–18 марта 2026 г.», «16 ноября — 4 декабря 2026 г.»."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{text_date(last)}"
    start = day_month(first) if first.year == last.year else text_date(first)
    return f"{start}{NBSP}— {text_date(last)}"


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def due_words(due: date, today: date) -> str:
    """Return «просрочено на 4 дня», «сегодня», «завтра», «через 10 дней»."""
    left = (due - today).days
    if left < 0:
        return f"просрочено на{NBSP}{count(-left, DAYS)}"
    return {0: "сегодня", 1: "завтра"}.get(left, f"через{NBSP}{count(left, DAYS)}")


def near_date(day: date, today: date) -> str:
    """Return «сегодня», «вчера», «завтра» or the date."""
    near = {timedelta(): "сегодня", timedelta(days=-1): "вчера", timedelta(days=1): "завтра"}
    return near.get(day - today, short_date(day))


def near_moment(moment: datetime, now: datetime) -> str:
    """Return «сегодня, 10:42», «вчера, 16:08», «24.11.2026, 09:14»; both in the reader's time zone."""
    return f"{near_date(moment.date(), now.date())}, {moment:%H:%M}"


# Typography

OPENING: Final = re.compile(r"(^|[\s(«\[—–-])[\"“”„](?=\S)")
CLOSING: Final = re.compile(r"[\"“”„]")
UNBROKEN: Final = (
    (re.compile(r"№\s*(?=[\dA-Za-zА-Яа-яЁё])"), f"№{NBSP}"),
    (re.compile(r"(?<=\S) (?=№)"), NBSP),
    (re.compile(r"(?<=\d) ?(?=%)"), NBSP),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NBSP),
    (re.compile(r"(?<=\S) -(?= )"), f"{NBSP}—"),
    (re.compile(r" (?=—)"), NBSP),
    (re.compile(r"(?<=\b[А-ЯЁ]\.) ?(?=[А-ЯЁ]\.)"), NBSP),
    (re.compile(r"(?<=\b[А-ЯЁ]\.) ?(?=[А-ЯЁ][а-яё])"), NBSP),
    (re.compile(r"(?<=[а-яё]) (?=[А-ЯЁ]\.[\s\u00a0]?[А-ЯЁ]\.)"), NBSP),
    (re.compile(r"(?<=\d) (?=п\. ?п\.|г\.(?! ?[А-ЯЁ])|уч\.|(?:года?|класс|чел|человек|КБ|МБ|мин|дней)\b)"), NBSP),
    (re.compile(r"(\b(?:г|пгт|пос|им)\.) (?=[А-ЯЁ])"), rf"\1{NBSP}"),
    (re.compile(r"(?<=\bп\.) ?(?=п\.)"), NBSP),
)


def typo(text: str) -> str:
    """Return text as print sets it: «ёлочки», unbroken № and initials, dashes. For output only."""
    text = CLOSING.sub("»", OPENING.sub(r"\1«", OPENING.sub(r"\1«", text)))
    for pattern, replacement in UNBROKEN:
        text = pattern.sub(replacement, text)
    return text
