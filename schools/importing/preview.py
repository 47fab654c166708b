"""Rows of a batch in words: which work, what was and what will be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils import timezone

from schools.choices import RowOutcome
from schools.importing.targets import target_of
from schools.models import ImportFile, ImportRow

SOURCES: Final = ("marks_file_id", "journal_file_id", "file_id")
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


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
    stood: str = ""  # where the values that will change came from


def row_previews(rows: Sequence[ImportRow]) -> list[RowPreview]:
    """Return rows for the page; row.file and row.school come with the queryset. One query more for changed rows."""
    sources = {source for row in rows if row.outcome == RowOutcome.CHANGED for source in sources_of(row)}
    files = ImportFile.objects.filter(pk__in=sources).select_related("batch") if sources else []
    told = {str(file.pk): f"«{file.name}», {timezone.localtime(file.batch.created_at):%d.%m.%Y}" for file in files}
    return [row_preview(row, told) for row in rows]


def sources_of(row: ImportRow) -> list[str]:
    """Return the ids of the files that the values of a row came from before."""
    before, after = row.before or {}, row.after or {}
    return [before[name] for name in SOURCES if before.get(name) and name in after]


def row_preview(row: ImportRow, told: Mapping[str, str] = NOTHING) -> RowPreview:
    """Return a row for the page. told: id of a file -> its name and day."""
    stood = [told[source] for source in sources_of(row) if source in told]
    words = target_of(row.target).words(row)
    return RowPreview(
        place=f"{row.file.name}, строка {row.number}",
        school=row.school.name if row.school else row.label,
        work=words.about,
        outcome=row.outcome,
        outcome_title=RowOutcome(row.outcome).label,
        changes=field_changes(row, words.titles),
        stood=", ".join(dict.fromkeys(stood)) if row.outcome == RowOutcome.CHANGED else "",
    )


def field_changes(row: ImportRow, titles: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """Return the fields worth showing: all of a new row, the different ones of a changed row."""
    after, before = row.after or {}, row.before or {}
    return tuple(
        FieldChange(title=title, before=shown(before.get(name), titles), after=shown(after[name], titles))
        for name, title in titles.items()
        if name in after and (row.outcome != RowOutcome.CHANGED or before.get(name) != after[name])
    )


EXACT: Final = re.compile(r"-?\d+\.\d{2}")
DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def shown(value: Any, titles: Mapping[str, str]) -> str:
    """Return a value as a person reads it: «12,5», «410», «20.04.2026», «2; 5; 1», «1: 45,5; 2: 30».

    titles: also those of the parts of a value, where its keys are codes.
    """
    if isinstance(value, dict):
        return "; ".join(f"{titles.get(name, name)}: {shown(value[name], titles)}" for name in ordered(value, titles))
    if isinstance(value, list):
        return "; ".join(shown(part, titles) for part in value)
    if isinstance(value, str) and EXACT.fullmatch(value):  # an exact number, as states keep it: «200.00», «1.50»
        return value.rstrip("0").rstrip(".").replace(".", ",")
    if isinstance(value, str) and (day := DAY.fullmatch(value)):  # as states keep a date
        return f"{day[3]}.{day[2]}.{day[1]}"
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return "" if value is None else str(value)


def ordered(value: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
    """Return the keys of a value in the order of their titles; a database may keep them in another."""
    named = [name for name in titles if name in value]
    return [*named, *(name for name in value if name not in titles)]
