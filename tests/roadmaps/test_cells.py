from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from roadmaps.cells import CELLS
from roadmaps.errors import CellRefused
from roadmaps.models import Measure, Roadmap

ROADMAP = Roadmap(period_from=date(2026, 1, 1), period_to=date(2026, 12, 31))


def measure(**fields: Any) -> Measure:
    return Measure(roadmap=ROADMAP, **fields)


@pytest.mark.parametrize(
    ("cell", "text", "columns"),
    [
        ("title", "  Закрепить\r\nнаставников ", {"title": "Закрепить\nнаставников"}),
        ("responsible", " Громова  И. В. ", {"responsible": "Громова И. В."}),
        ("term", "15.12", {"date_from": None, "due_date": date(2026, 12, 15), "timing": ""}),
        ("start", "01.02.2026", {"date_from": date(2026, 2, 1)}),
        ("start", "", {"date_from": None}),
        ("amount", "200 000,50 руб.", {"amount": Decimal("200000.50")}),
        ("amount", "", {"amount": None}),
        ("evidence_kind", "Приказ", {"evidence_kind": "order"}),
        ("evidence_kind", "photo", {"evidence_kind": "photo"}),
        ("evidence_kind", "", {"evidence_kind": ""}),
    ],
)
def test_parse_gives_columns(cell: str, text: str, columns: dict[str, Any]) -> None:
    assert CELLS[cell].parse(text, measure()) == columns


@pytest.mark.parametrize(
    ("cell", "text", "words"),
    [
        ("title", "x" * 2001, "Не больше 2000 знаков. Сейчас 2001."),
        ("unit", "x\x00", "недопустимый знак"),
        ("term", "как-нибудь", "Срок «как-нибудь» не распознан."),
        ("start", "31.12.2026", "Начало 31.12.2026 позже срока 15.12.2026."),
        ("amount", "много", "Введите сумму в рублях, например 200 000. Сейчас «много»."),
        ("amount", "-5", "Введите сумму в рублях"),
        ("evidence_kind", "слово", "Выберите вид документа: приказ,"),
    ],
)
def test_parse_refuses_with_what_to_type(cell: str, text: str, words: str) -> None:
    with pytest.raises(CellRefused) as refusal:
        CELLS[cell].parse(text, measure(due_date=date(2026, 12, 15)))

    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("title", "Закрепить наставников"),
        ("term", "15.12.2026"),
        ("term", "ежеквартально"),
        ("start", "01.02.2026"),
        ("start", ""),
        ("amount", "200 000"),
        ("amount", "1 250,50"),
        ("amount", ""),
        ("evidence_kind", "приказ"),
        ("evidence_kind", ""),
    ],
)
def test_show_gives_back_what_was_typed(cell: str, text: str) -> None:
    row = measure()
    for column, value in CELLS[cell].parse(text, row).items():
        setattr(row, column, value)

    assert CELLS[cell].show(row) == text
