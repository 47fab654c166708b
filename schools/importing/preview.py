"""Rows of a batch in words: which work, what was and what will be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils import timezone

from schools.choices import RowOutcome
from schools.importing.targets import target_of
from schools.models import ImportFile, ImportRow, Territory

SOURCES: Final = ("marks_file_id", "journal_file_id", "file_id")
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
Spelled = Mapping[str, Mapping[str, str]]  # field -> code -> what a person reads
NO_CODES: Final[Spelled] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of a row. before is empty for what is new."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RowPreview:
    """A row for the page. place: where it stands in its file; municipality: of its school, "" where it is not known."""

    place: str
    school: str
    municipality: str
    work: str
    outcome: str
    outcome_title: str
    changes: tuple[FieldChange, ...]
    stood: str = ""  # where the values that will change came from


def row_previews(rows: Sequence[ImportRow]) -> list[RowPreview]:
    """Return rows for the page; row.file and row.school come with the queryset.

    One query more for changed rows, and one for rows that name municipalities by their codes.
    """
    sources = {source for row in rows if row.outcome == RowOutcome.CHANGED for source in sources_of(row)}
    files = ImportFile.objects.filter(pk__in=sources).select_related("batch") if sources else []
    told = {str(file.pk): f"«{file.name}», {timezone.localtime(file.batch.created_at):%d.%m.%Y}" for file in files}
    states = [state for row in rows for state in (row.before, row.after) if state]
    places = names_by_code(state["territory"] for state in states if state.get("territory"))
    return [row_preview(row, told, places) for row in rows]


def names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """Return code -> name of municipalities that the portal knows. No query without codes."""
    asked = set(codes)
    return dict(Territory.objects.filter(code__in=asked).values_list("code", "name")) if asked else {}


def sources_of(row: ImportRow) -> list[str]:
    """Return the ids of the files that the values of a row came from before."""
    before, after = row.before or {}, row.after or {}
    return [before[name] for name in SOURCES if before.get(name) and name in after]


def row_preview(row: ImportRow, told: Mapping[str, str] = NOTHING, places: Mapping[str, str] = NOTHING) -> RowPreview:
    """Return a row for the page. told: id of a file -> its name and day; places: code -> name of a municipality."""
    stood = [told[source] for source in sources_of(row) if source in told]
    words = target_of(row.target).words(row)
    spelled, code = with_places(words.spelled, places), (row.after or {}).get("territory", "")
    return RowPreview(
        place=f"{row.file.name}, строка {row.number}",
        school=row.school.name if row.school else row.label,
        municipality=row.school.territory.name if row.school else spelled["territory"].get(code, ""),
        work=words.about,
        outcome=row.outcome,
        outcome_title=RowOutcome(row.outcome).label,
        changes=field_changes(row, words.titles, spelled),
        stood=", ".join(dict.fromkeys(stood)) if row.outcome == RowOutcome.CHANGED else "",
    )


def with_places(spelled: Spelled, places: Mapping[str, str]) -> Spelled:
    """Return the words for codes; a municipality is called as in the portal, one still to be made as in the file."""
    return {**spelled, "territory": {**spelled.get("territory", {}), **places}}


def field_changes(row: ImportRow, titles: Mapping[str, str], spelled: Spelled = NO_CODES) -> tuple[FieldChange, ...]:
    """Return the fields worth showing: all of a new row, the different ones of a changed row."""
    after, before = row.after or {}, row.before or {}

    def words(name: str, value: Any) -> str:
        codes = spelled.get(name, NOTHING)
        return codes[value] if isinstance(value, str) and value in codes else shown(value, titles)

    return tuple(
        FieldChange(title=title, before=words(name, before.get(name)), after=words(name, after[name]))
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
