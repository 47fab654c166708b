"""Single cells of the forms by what their item is. No database."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from schools.intake.cells import BadCell
from schools.intake.rows import ProblemCode
from schools.intake.statistic_values import expected, shown_value, value_of
from schools.intake.values import ValueRefused
from schools.statistics import Item, ItemKind


def item(kind: ItemKind, **fields: Any) -> Item:
    return Item(code="x", number="1", group="Г", title="Показатель", unit="шт.", kind=kind, **fields)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (ItemKind.COUNT, None, None),
        (ItemKind.COUNT, 3, Decimal("3.00")),
        (ItemKind.DECIMAL, "1,25", Decimal("1.25")),
        (ItemKind.FLAG, True, Decimal("1.00")),
        (ItemKind.FLAG, False, Decimal("0.00")),
        (ItemKind.FLAG, " ", None),
        (ItemKind.TEXT, "Опросник", "Опросник"),
        (ItemKind.DATE, datetime(2026, 9, 28, 10), "2026-09-28"),
        (ItemKind.DATE, "28.09.2026", "2026-09-28"),
    ],
)
def test_cell_is_read_by_the_kind_of_its_item(kind: ItemKind, cell: Any, value: object) -> None:
    assert value_of(cell, item(kind)) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        (ItemKind.COUNT, BadCell("#DIV/0!", "ошибка формулы #DIV/0!"), ProblemCode.BAD_CELL),
        (ItemKind.DECIMAL, 10_000_001, ProblemCode.OUT_OF_RANGE),
        (ItemKind.TEXT, "я" * 501, ProblemCode.OUT_OF_RANGE),
        (ItemKind.URL, "ftp://example.ru", ProblemCode.UNKNOWN_VALUE),
        (ItemKind.DATE, "осень", ProblemCode.UNKNOWN_VALUE),
    ],
)
def test_cell_that_does_not_fit_is_refused(kind: ItemKind, cell: Any, code: ProblemCode) -> None:
    with pytest.raises(ValueRefused) as refused:
        value_of(cell, item(kind))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (item(ItemKind.COUNT), "целое число"),
        (item(ItemKind.COUNT, lowest=Decimal(1), highest=Decimal(3)), "целое число от 1 до 3"),
        (item(ItemKind.DECIMAL), "число от 0"),
        (item(ItemKind.INDEX, lowest=Decimal(1), highest=Decimal(5)), "число от 1 до 5"),
        (item(ItemKind.FLAG), "да или нет"),
    ],
)
def test_what_is_expected_is_told_in_words(given: Item, words: str) -> None:
    assert expected(given) == words


@pytest.mark.parametrize(
    ("kind", "value", "text", "shown"),
    [
        (ItemKind.COUNT, Decimal("3.00"), "", 3),
        (ItemKind.DECIMAL, Decimal("1.50"), "", 1.5),
        (ItemKind.COUNT, None, "", None),
        (ItemKind.FLAG, Decimal(0), "", "нет"),
        (ItemKind.FLAG, None, "", None),
        (ItemKind.DATE, None, "2026-09-28", date(2026, 9, 28)),
        (ItemKind.DATE, None, "", None),
        (ItemKind.URL, None, "https://s.example.ru", "https://s.example.ru"),
        (ItemKind.TEXT, None, "", None),
    ],
)
def test_stored_value_is_shown_as_people_write_it(
    kind: ItemKind, value: Decimal | None, text: str, shown: object
) -> None:
    assert shown_value(item(kind), value, text) == shown
