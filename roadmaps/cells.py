"""The cells of the editable table: what each is called, how a typed text becomes columns, and how columns read.

One cell may cover several columns: «Срок» is the beginning, the last day and the words of a term.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from accounts.russian import short_date
from roadmaps.choices import EvidenceKind
from roadmaps.errors import CellRefused
from roadmaps.terms import Term, TermUnreadable, parse_term, term_text

if TYPE_CHECKING:
    from roadmaps.models import Measure

Columns = dict[str, Any]
MONEY: Final = re.compile(r"\d{1,10}(?:\.\d{1,2})?")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell: `parse` reads a text for a measure (raises CellRefused), `show` gives the text that stands in it."""

    name: str
    title: str
    columns: tuple[str, ...]
    parse: Callable[[str, Measure], Columns]
    show: Callable[[Any], str]  # a measure or a row of its history: both have the columns


def text_cell(name: str, title: str, *, longest: int = 2000, lines: bool = False) -> Cell:
    """Return a cell of words; `lines` keeps the breaks between lines."""

    def parse(text: str, _measure: Measure) -> Columns:
        clean = text.strip().replace("\r\n", "\n") if lines else " ".join(text.split())
        if "\x00" in clean:
            raise CellRefused("В тексте есть недопустимый знак. Вставьте текст заново.")
        if len(clean) > longest:
            raise CellRefused(f"Не больше {longest} знаков. Сейчас {len(clean)}.")
        return {name: clean}

    return Cell(name=name, title=title, columns=(name,), parse=parse, show=lambda row: str(getattr(row, name)))


def typed_term(text: str, measure: Measure, *, first: date | None = None) -> Term:
    roadmap = measure.roadmap
    try:
        return parse_term(text, period=(roadmap.period_from, roadmap.period_to), first=first)
    except TermUnreadable as refusal:
        raise CellRefused(str(refusal)) from None


def read_term(text: str, measure: Measure) -> Columns:
    term = typed_term(text, measure, first=measure.date_from)
    return {"date_from": term.first, "due_date": term.last, "timing": term.words}


def show_term(row: Any) -> str:
    return term_text(Term(first=row.date_from, last=row.due_date, words=row.timing))


def read_start(text: str, measure: Measure) -> Columns:
    """Read the beginning, «март» is its first day; the last day stays."""
    term = typed_term(text, measure)
    start = term.first or term.last
    if start and measure.due_date and start > measure.due_date:
        raise CellRefused(f"Начало {short_date(start)} позже срока {short_date(measure.due_date)}.")
    return {"date_from": start}


def show_start(row: Any) -> str:
    return short_date(row.date_from) if row.date_from else ""


def read_amount(text: str, _measure: Measure) -> Columns:
    clean = re.sub(r"\s|руб\.?|₽", "", text).replace(",", ".")
    if not clean:
        return {"amount": None}
    if not MONEY.fullmatch(clean):
        raise CellRefused(f"Введите сумму в рублях, например 200 000. Сейчас «{text.strip()}».")
    return {"amount": Decimal(clean)}


def show_amount(row: Any) -> str:
    if row.amount is None:
        return ""
    return f"{row.amount:,.2f}".replace(",", " ").replace(".", ",").removesuffix(",00")


def read_evidence_kind(text: str, _measure: Measure) -> Columns:
    wanted = text.strip().lower()
    if not wanted:
        return {"evidence_kind": ""}
    for kind in EvidenceKind:
        if wanted in {kind.value, kind.label}:
            return {"evidence_kind": kind.value}
    raise CellRefused(f"Выберите вид документа: {', '.join(EvidenceKind.labels)}. Сейчас «{text.strip()}».")


def show_evidence_kind(row: Any) -> str:
    return str(EvidenceKind(row.evidence_kind).label) if row.evidence_kind else ""


CELLS: Final[Mapping[str, Cell]] = {
    cell.name: cell
    for cell in (
        text_cell("title", "Мероприятие", lines=True),
        text_cell("indicator", "Показатель", lines=True),
        Cell(
            name="term",
            title="Срок",
            columns=("date_from", "due_date", "timing"),
            parse=read_term,
            show=show_term,
        ),
        text_cell("responsible", "Ответственный", longest=500),
        text_cell("objective", "Задача", lines=True),
        Cell(name="start", title="Начало", columns=("date_from",), parse=read_start, show=show_start),
        text_cell("participants", "Соисполнители и участники", longest=500),
        text_cell("baseline", "Исходное значение", longest=100),
        text_cell("target", "Целевое значение", longest=100),
        text_cell("unit", "Единица", longest=40),
        text_cell("expected_result", "Ожидаемый результат", lines=True),
        Cell(
            name="evidence_kind",
            title="Подтверждающий документ",
            columns=("evidence_kind",),
            parse=read_evidence_kind,
            show=show_evidence_kind,
        ),
        text_cell("resources", "Ресурсы", longest=500),
        Cell(name="amount", title="Сумма, руб.", columns=("amount",), parse=read_amount, show=show_amount),
    )
}
PLAN_COLUMNS: Final = tuple(dict.fromkeys(column for cell in CELLS.values() for column in cell.columns))
