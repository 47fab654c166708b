"""Reading of single cells: numbers as people write them, never as a machine guesses them."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, NoReturn

from schools.intake.cells import BadCell, CellValue
from schools.intake.headers import normalised
from schools.intake.rows import ProblemCode

PLAIN_NUMBER: Final = re.compile(r"^[+-]?[0-9]+([.,][0-9]+)?$")
GROUPED: Final = re.compile(r"^[+-]?[0-9]{1,3}([ \u00a0][0-9]{3})+([.,][0-9]+)?$")
MACHINE_NUMBER: Final = re.compile(r"^[+-]?[0-9.,_]*[0-9](e[+-]?[0-9]+|_[0-9_]+)$", re.IGNORECASE)
LARGEST_COUNT: Final = 10_000_000  # the whole country writes two million
LARGEST_SCORE: Final = 1000
FULL_NUMBER_TAIL: Final = re.compile(r"\.0+$")
DAY: Final = re.compile(r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$")
DAY_EXPECTED: Final = "дата ДД.ММ.ГГГГ"
EPOCH: Final = date(1899, 12, 30)  # day 0 of a workbook
SERIALS: Final = range(30_000, 80_000)  # 1982 to 2119: whole numbers that may be days
EMPTY_IF_NONE: Final = "Если значения нет, оставьте ячейку пустой."
NUMBER_NEEDED: Final = "Эта ячейка обязательна: впишите число."


class ValueRefused(ValueError):  # noqa: N818  says what is wrong with a cell
    """A cell does not hold what the column needs.

    found and expected: phrases for the message. advice: a sentence on what to do, may be empty.
    """

    def __init__(self, code: ProblemCode, *, found: str, expected: str, advice: str = "") -> None:
        super().__init__(f"{found} / {expected}")
        self.code = code
        self.found = found
        self.expected = expected
        self.advice = advice

    @property
    def of_obligatory(self) -> "ValueRefused":
        """Return the same about a cell that must not stay empty: nobody is told to leave it so."""
        advice = NUMBER_NEEDED if self.advice == EMPTY_IF_NONE else self.advice
        return ValueRefused(self.code, found=self.found, expected=self.expected, advice=advice)

    @property
    def what(self) -> str:
        """Return «ожидается целое число, получено «много».»."""
        if self.code == ProblemCode.BAD_CELL:
            return f"{self.found}. Ожидается {self.expected}."
        return f"ожидается {self.expected}, получено «{self.found}»."


def shown(value: CellValue) -> str:
    """Return a cell as the person sees it in the file."""
    if value is None:
        return "пустая ячейка"
    if isinstance(value, BadCell):
        return value.reason
    if isinstance(value, bool):
        return "ИСТИНА" if value else "ЛОЖЬ"
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value)[:60]


def refuse(code: ProblemCode, value: CellValue, expected: str, advice: str = "") -> NoReturn:
    if isinstance(value, BadCell):
        code, advice = ProblemCode.BAD_CELL, "Исправьте ячейку или впишите значение."
    raise ValueRefused(code, found=shown(value), expected=expected, advice=advice)


def number_advice(value: CellValue) -> str:
    """Return what to do with a cell that is no number: Python would take foreign digits and «1E2» for one."""
    if isinstance(value, date):
        return "В ячейке дата: выберите для неё числовой формат и наберите число."
    text = str(value)
    if any(sign.isdecimal() and not sign.isascii() for sign in text):
        return "В ячейке недопустимые цифры: наберите число цифрами 0–9."
    if MACHINE_NUMBER.match(text):
        return "Запишите число обычными цифрами, без степени и подчёркиваний."
    return EMPTY_IF_NONE


def grouped(number: int) -> str:
    """Return «10 000 000»."""
    return f"{number:,}".replace(",", "\u00a0")


def decimal_of(value: CellValue, expected: str = "число") -> Decimal | None:
    """Return an exact number, None for an empty cell. «1 234,5», «45,5 %» are numbers; «１２», «1E2», «н/д» are not."""
    if value is None:
        return None
    if isinstance(value, BadCell | bool | date):
        refuse(ProblemCode.NOT_A_NUMBER, value, expected, number_advice(value))
    if isinstance(value, int | float):
        return Decimal(str(value))
    text = value.removesuffix("%").strip().replace("\u2212", "-")
    if not (PLAIN_NUMBER.match(text) or GROUPED.match(text)):
        refuse(ProblemCode.NOT_A_NUMBER, value, expected, number_advice(value))
    return Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))


def count_of(value: CellValue, *, highest: int = LARGEST_COUNT) -> int | None:
    """Return a whole number from 0, None for an empty cell."""
    expected = "целое число"
    if isinstance(value, str) and value.endswith("%"):
        refuse(ProblemCode.NOT_WHOLE, value, expected, "В ячейке проценты: нужно число, формат ячейки — числовой.")
    number = decimal_of(value, expected)
    if number is None:
        return None
    if number != number.to_integral_value():
        refuse(ProblemCode.NOT_WHOLE, value, expected)
    refuse_outside(value, number, highest, "целое число от 0")
    return int(number)


def refuse_outside(value: CellValue, number: Decimal, highest: int, least: str) -> None:
    if number < 0:
        refuse(ProblemCode.OUT_OF_RANGE, value, least)
    if number > highest:
        too_large = f"Слишком большое число (не более {grouped(highest)}): проверьте ячейку."
        refuse(ProblemCode.OUT_OF_RANGE, value, f"число не больше {grouped(highest)}", too_large)


def score_of(value: CellValue) -> Decimal | None:
    """Return a score or a mean of scores, 0 … 1000, None for an empty cell."""
    number = decimal_of(value)
    if number is not None:
        refuse_outside(value, number, LARGEST_SCORE, "число от 0")
    return number


def required_count(value: CellValue, *, highest: int = LARGEST_COUNT) -> int:
    """Return a whole number from 0 of a cell that must not be empty."""
    try:
        count = count_of(value, highest=highest)
    except ValueRefused as refused:
        raise refused.of_obligatory from None
    if count is None:
        refuse(ProblemCode.EMPTY, value, "целое число")
    return count


def percent_of(value: CellValue) -> Decimal | None:
    """Return a share in percent as delivered, 0 … 100, None for an empty cell."""
    number = decimal_of(value)
    if number is not None and not 0 <= number <= 100:
        refuse(ProblemCode.OUT_OF_RANGE, value, "число от 0 до 100")
    return number


def text_of(value: CellValue) -> str:
    """Return a cell as text; a code that Excel made a number («123.0») loses only its tail."""
    if value is None or isinstance(value, BadCell | bool):
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d.%m.%Y}"
    return FULL_NUMBER_TAIL.sub("", str(value)) if isinstance(value, float) else str(value).strip()


def word_of(value: CellValue, words: Mapping[str, str], expected: str) -> str:
    """Return the meaning of a word from a vocabulary; an empty cell gives an empty string."""
    text = normalised(value)
    if not text:
        if isinstance(value, BadCell):
            refuse(ProblemCode.BAD_CELL, value, expected)
        return ""
    if text not in words:
        refuse(ProblemCode.UNKNOWN_VALUE, value, expected)
    return words[text]


def date_of(value: CellValue) -> date | None:
    """Return a date from a date cell or from «20.04.2026»; None when there is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = DAY.match(value.split(" ")[0]) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def day_of(value: CellValue, *, first: date = date.min, last: date = date.max) -> date | None:
    """Return a date of a table, None for an empty cell. first, last: the days that the table is about, inclusive."""
    if value is None:
        return None
    day = date_of(value)
    if day is None:
        refuse(ProblemCode.NOT_A_DATE, value, DAY_EXPECTED, day_advice(value))
    if not first <= day <= last:
        period = f"дата от {first:%d.%m.%Y} до {last:%d.%m.%Y}"
        refuse(ProblemCode.OUT_OF_RANGE, value, period, "Исправьте дату.")
    return day


def day_advice(value: CellValue) -> str:
    """Return what to do with a cell that is no date; a bare number may be a day that lost its format."""
    if isinstance(value, int | float) and int(value) in SERIALS:
        day = EPOCH + timedelta(days=int(value))
        return f"Ячейка не в формате даты (похоже на {day:%d.%m.%Y}): выберите для неё формат «Дата»."
    return "Запишите день, месяц и год числами, например 01.09.2025."
