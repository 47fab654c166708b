"""Reading of one cell of a form by what its item is: a count, a share, an index, a date, an address."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from schools.intake.cells import BadCell, CellValue
from schools.intake.rows import ProblemCode
from schools.intake.values import ValueRefused, count_of, date_of, decimal_of, refuse, text_of, word_of
from schools.statistics import Item, ItemKind

Value = Decimal | str
CENT: Final = Decimal("0.01")
LARGEST: Final = Decimal(10_000_000)
LONGEST_TEXT: Final = 500
YES_NO: Final = {"да": "1", "нет": "0", "1": "1", "0": "0"}
URL: Final = re.compile(r"^https?://[^\s/]+\.[^\s]+$", re.IGNORECASE)


def value_of(cell: CellValue, item: Item) -> Value | None:
    """Return what a cell says, None for an empty one. Raises ValueRefused with what the item expects."""
    if cell is None:
        return None
    if isinstance(cell, BadCell):
        refuse(ProblemCode.BAD_CELL, cell, expected(item))
    try:
        return READERS[item.kind](cell, item)
    except ValueRefused as refused:
        raise (refused.of_obligatory if item.required else refused) from None


def expected(item: Item) -> str:
    """Return the phrase for messages and for the notes of a template: «целое число», «число от 1 до 5»."""
    if item.kind == ItemKind.COUNT and item.highest is None:
        return "целое число"
    if item.kind.is_number:
        what = "целое число" if item.kind == ItemKind.COUNT else "число"
        return f"{what} от {item.lowest:f} до {item.highest:f}" if item.highest is not None else f"{what} от 0"
    return WORDS[item.kind]


WORDS: Final[Mapping[ItemKind, str]] = {
    ItemKind.FLAG: "да или нет",
    ItemKind.TEXT: f"текст до {LONGEST_TEXT} знаков",
    ItemKind.URL: "адрес страницы, например https://school.example.ru",
    ItemKind.DATE: "дата, например 01.10.2026",
}


def read_count(cell: CellValue, item: Item) -> Decimal | None:
    count = count_of(cell)
    return None if count is None else in_range(Decimal(count), cell, item)


def read_number(cell: CellValue, item: Item) -> Decimal | None:
    number = decimal_of(cell, expected(item))
    return None if number is None else in_range(number, cell, item)


def in_range(number: Decimal, cell: CellValue, item: Item) -> Decimal:
    highest = LARGEST if item.highest is None else item.highest
    if not item.lowest <= number <= highest:
        refuse(ProblemCode.OUT_OF_RANGE, cell, expected(item))
    return number.quantize(CENT)


def read_flag(cell: CellValue, item: Item) -> Decimal | None:
    word = word_of("да" if cell is True else "нет" if cell is False else cell, YES_NO, expected(item))
    return Decimal(word).quantize(CENT) if word else None


def read_text(cell: CellValue, item: Item) -> str | None:
    text = text_of(cell)
    if len(text) > LONGEST_TEXT:
        refuse(ProblemCode.OUT_OF_RANGE, cell, expected(item))
    return text or None


def read_url(cell: CellValue, item: Item) -> str | None:
    text = read_text(cell, item)
    if text and not URL.match(text):
        refuse(ProblemCode.UNKNOWN_VALUE, cell, expected(item))
    return text


def read_date(cell: CellValue, item: Item) -> str | None:
    day = date_of(cell)
    if day is None and text_of(cell):
        refuse(ProblemCode.UNKNOWN_VALUE, cell, expected(item))
    return day.isoformat() if day else None


READERS: Final[Mapping[ItemKind, Callable[[CellValue, Item], Value | None]]] = {
    ItemKind.COUNT: read_count,
    ItemKind.DECIMAL: read_number,
    ItemKind.PERCENT: read_number,
    ItemKind.INDEX: read_number,
    ItemKind.FLAG: read_flag,
    ItemKind.TEXT: read_text,
    ItemKind.URL: read_url,
    ItemKind.DATE: read_date,
}


def shown_value(item: Item, value: Decimal | None, text: str) -> str | float | date | None:
    """Return a stored value as a template shows it, so that reading it gives the same."""
    if item.kind == ItemKind.FLAG:
        return None if value is None else "да" if value else "нет"
    if item.kind == ItemKind.DATE:
        return date.fromisoformat(text) if text else None
    if item.kind.is_number:
        return None if value is None else int(value) if value == value.to_integral_value() else float(value)
    return text or None
