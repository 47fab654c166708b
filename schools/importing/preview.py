"""Rows of a batch in words: which work, what was and what will be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from schools.choices import RowOutcome
from schools.importing.planning import REGISTRY_LAYOUT
from schools.importing.results import work_title
from schools.intake.rows import WorkKey
from schools.models import ImportRow

FIELD_TITLES: Final[Mapping[str, str]] = {
    "enrolled": "обучающихся",
    "participants": "участников",
    "mark2": "«2»",
    "mark3": "«3»",
    "mark4": "«4»",
    "mark5": "«5»",
    "below_min": "ниже минимума",
    "mean_score": "средний балл",
    "lowered": "понизили",
    "confirmed": "подтвердили",
    "raised": "повысили",
    "territory": "муниципалитет",
    "name": "название",
    "kind": "вид",
    "locality": "населённый пункт",
    "ogrn": "ОГРН",
    "login": "логин",
    "gia_code": "код ОО",
    "students": "обучающихся",
}


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of a row. before is empty for what is new."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RowPreview:
    place: str
    school: str
    work: str
    outcome: str
    outcome_title: str
    changes: tuple[FieldChange, ...]


def row_preview(row: ImportRow) -> RowPreview:
    """Return a row for the page; row.file and row.school come with the queryset."""
    is_registry = row.file.layout == REGISTRY_LAYOUT
    return RowPreview(
        place=f"{row.file.name}, строка {row.number}",
        school=row.school.name if row.school else row.label,
        work=f"ИНН {row.key.get('inn', '')}" if is_registry else work_title(WorkKey(**row.key)),
        outcome=row.outcome,
        outcome_title=RowOutcome(row.outcome).label,
        changes=field_changes(row),
    )


def field_changes(row: ImportRow) -> tuple[FieldChange, ...]:
    """Return the fields worth showing: all of a new row, the different ones of a changed row."""
    after, before = row.after or {}, row.before or {}
    return tuple(
        FieldChange(title=title, before=shown(before.get(name)), after=shown(after[name]))
        for name, title in FIELD_TITLES.items()
        if name in after and (row.outcome != RowOutcome.CHANGED or before.get(name) != after[name])
    )


def shown(value: Any) -> str:
    return "" if value is None else str(value).replace(".", ",") if isinstance(value, float) else str(value)
