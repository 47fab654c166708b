"""Documents, tables and figures without a database."""

from datetime import date
from typing import Any

from reports.document import (
    Align,
    Column,
    Document,
    Figure,
    Paragraph,
    Signature,
    Source,
    SourceKind,
    Table,
)

SOURCE = Source(
    kind=SourceKind.ROADMAP,
    label="Дорожная карта МБОУ «СОШ № 5»",
    url="/roadmaps/1/",
    as_of=date(2026, 11, 24),
)


def make_count(value: int | None = 3, forms: str = "") -> Figure:
    return Figure.count(value, SOURCE, forms)


def make_share(numerator: int | None = 5, denominator: int | None = 13, digits: int = 1) -> Figure:
    return Figure.share(numerator, denominator, SOURCE, digits)


def make_table(rows: int = 3, **fields: Any) -> Table:
    """Return a table «№, Школа, Пунктов, Исполнено %» with a total."""
    columns = (
        Column("№", 4, Align.RIGHT),
        Column("Школа", 30),
        Column("Пунктов", 10, Align.RIGHT),
        Column("Исполнено", 10, Align.RIGHT, "%"),
    )
    body = tuple(
        (str(number), f"МБОУ «СОШ № {number}»", make_count(1000 + number), make_share(number, 1000 + number))
        for number in range(1, rows + 1)
    )
    defaults = {
        "title": "Исполнение дорожных карт",
        "columns": columns,
        "rows": body,
        "total": ("", "Итого", make_count(1846), make_share(713, 1846)),
    }
    return Table(**{**defaults, **fields})


def make_document(*blocks: Any, **fields: Any) -> Document:
    defaults = {
        "code": "R4",
        "title": "Информация об исполнении плана за 2026 год",
        "organisation": ("Управление образования Светлоборского муниципального округа",),
        "kind_title": "Информация",
        "heading": "об исполнении плана мероприятий за 2026 год",
        "place": "г. Светлый Бор",
        "date": date(2026, 11, 24),
        "blocks": blocks or (Paragraph(("Мониторинг проведён.",)),),
        "signature": Signature("Начальник управления", "И.К. Воронов"),
    }
    return Document(**{**defaults, **fields})
