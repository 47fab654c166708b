"""Reading of single cells: numbers as people write them, never as a machine guesses them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NoReturn

from schools.intake.cells import BadCell, CellValue
from schools.intake.headers import normalised
from schools.intake.rows import ProblemCode

PLAIN_NUMBER: Final = re.compile(r"^[+-]?[0-9]+([.,][0-9]+)?$")
GROUPED: Final = re.compile(r"^[+-]?[0-9]{1,3}([ \u00a0][0-9]{3})+([.,][0-9]+)?$")
LARGEST_COUNT: Final = 10_000_000  # the whole country writes two million
FULL_NUMBER_TAIL: Final = re.compile(r"\.0+$")


class ValueRefused(ValueError):  # noqa: N818  says what is wrong with a cell
    """A cell does not hold what the column needs. `found` and `expected` are phrases for the message."""

    def __init__(self, code: ProblemCode, *, found: str, expected: str) -> None:
        super().__init__(f"{found} / {expected}")
        self.code = code
        self.found = found
        self.expected = expected


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


def refuse(code: ProblemCode, value: CellValue, expected: str) -> NoReturn:
    if isinstance(value, BadCell):
        code = ProblemCode.BAD_CELL
    raise ValueRefused(code, found=shown(value), expected=expected)


def decimal_of(value: CellValue, expected: str = "число") -> Decimal | None:
    """Return an exact number, None for an empty cell. «1 234,5», «45,5 %» are numbers; «１２», «1E2», «н/д» are not."""
    if value is None:
        return None
    if isinstance(value, BadCell | bool | date):
        refuse(ProblemCode.NOT_A_NUMBER, value, expected)
    if isinstance(value, int | float):
        return Decimal(str(value))
    text = value.removesuffix("%").strip().replace("\u2212", "-")
    if not (PLAIN_NUMBER.match(text) or GROUPED.match(text)):
        refuse(ProblemCode.NOT_A_NUMBER, value, expected)
    return Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))


def count_of(value: CellValue, *, highest: int = LARGEST_COUNT) -> int | None:
    """Return a whole number from 0, None for an empty cell."""
    expected = "целое число"
    number = decimal_of(value, expected)
    if number is None:
        return None
    if number != number.to_integral_value():
        refuse(ProblemCode.NOT_WHOLE, value, expected)
    if not 0 <= number <= highest:
        refuse(ProblemCode.OUT_OF_RANGE, value, "целое число от 0" if number < 0 else f"число не больше {highest}")
    return int(number)


def required_count(value: CellValue, *, highest: int = LARGEST_COUNT) -> int:
    count = count_of(value, highest=highest)
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
    match = re.match(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})", value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
