"""A published list as a file: made of what was sealed with it, so that it comes out the same on any later day."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils import timezone

from accounts.russian import short_date
from schools.choices import ListKind, ListState
from schools.list_kinds import BY_VERDICT, made_of
from schools.models import SchoolList
from schools.quarter_words import quarter_lines
from schools.reason_legend import legend_lines
from schools.rule_basis import rule_told, run_told
from schools.xlsx_stream import Cell, Look, written_book

COLUMNS: Final = (
    ("№ п/п", 7),
    ("Школа", 42),
    ("ИНН", 13),
    ("Вид", 20),
    ("Муниципалитет", 30),
    ("Основания", 70),
    ("Включена решением", 12),
    ("Примечание", 50),
)
LOOK: Final = Look(
    widths=[width for _, width in COLUMNS],
    frozen_columns=2,
    is_wrapped=True,
    has_filter=True,
    is_printed_across=True,
)


def sealed_content(school_list: SchoolList) -> dict[str, Any]:
    """Return what a list says of its order, rule and schools on the day of publication. Three queries.

    Names of territories, documents and codes of schools may be mended later; the published list keeps its own.
    """
    schools = {
        str(item.school_id): {
            "inn": item.school.inn,
            "kind": item.school.get_kind_display(),
            "municipality": item.school.territory.name,
        }
        for item in school_list.items.select_related("school__territory")
    }
    published = timezone.localtime(school_list.published_at) if school_list.published_at else None
    return {
        "title": str(school_list),
        "territory": school_list.territory.name,
        "order": str(school_list.basis_document or ""),
        "published_on": short_date(published) if published else "",
        "rule": rule_of(school_list),
        "made_of": made_of(school_list.kind, is_counted=school_list.is_counted),
        "legend": legend_of(school_list),
        "schools": schools,
        **({"amended": told} if (told := amended_words(school_list)) else {}),
    }


def amended_words(school_list: SchoolList) -> list[str]:
    """Return what people changed in the schools that a run named, with their reasons. One query."""
    return [f"{each}. {each.reason}" for each in school_list.amendments.select_related("school")]


def rule_of(school_list: SchoolList) -> str:
    """Return the rule that a list was made by and what it rests on; "" for one that came by a document."""
    if school_list.social_run:
        return f"{school_list.social_run.rule}. {rule_told(school_list.social_run.rule)}"
    return f"{school_list.run.rule_set}. {run_told(school_list.run)}" if school_list.run else ""


def legend_of(school_list: SchoolList) -> list[str]:
    """Return what the codes of the reasons mean and what low results are; nothing where the reasons are words."""
    if school_list.run is None:
        return []
    by_verdict = BY_VERDICT.get(ListKind(school_list.kind))
    codes = legend_lines(school_list.run.rules, by_verdict.codes if by_verdict else None)
    return [*codes, *quarter_lines(school_list.run)]


def list_workbook(school_list: SchoolList) -> bytes:
    """Return the list as XLSX. Of a published list always the same bytes. One query, three for a draft."""
    sealed = school_list.sealed or sealed_content(school_list)
    titles = [title for title, _ in COLUMNS]
    look = replace(LOOK, above=[*lines_above(sealed), *cancelled_words(school_list)])
    return written_book("Перечень", titles, rows_of(school_list, sealed), look=look)


def cancelled_words(school_list: SchoolList) -> list[str]:
    """Return that the list holds no more; nothing of one in force, whose bytes stay as they were."""
    if school_list.state != ListState.CANCELLED:
        return []
    return [f"Перечень отменён: {school_list.cancel_document}" if school_list.cancel_document else "Перечень отменён"]


def lines_above(sealed: dict[str, Any]) -> list[str]:
    """Return what the list is, the order that it rests on, and the rule that it was made by."""
    lines = [f"{sealed['title']}. {sealed['territory']}"]
    if sealed["order"]:
        lines.append(f"Документ: {sealed['order']}. Опубликован {sealed['published_on']}")
    if sealed["rule"]:
        lines.append(f"Правило: {sealed['rule']}")
    if composition := sealed.get("made_of"):  # lists published before do not hold it
        lines.append(f"Состав: {composition}")
    lines += sealed.get("legend", ())  # the same
    lines += [f"Изменено решением: {words}" for words in sealed.get("amended", ())]
    return lines


def rows_of(school_list: SchoolList, sealed: dict[str, Any]) -> Iterator[Sequence[Cell]]:
    items = school_list.items.order_by("school_name", "school_id")
    for number, item in enumerate(items.iterator(chunk_size=500), start=1):
        school = sealed["schools"].get(str(item.school_id), {})
        yield [
            number,
            item.school_name,
            school.get("inn", ""),
            school.get("kind", ""),
            school.get("municipality", ""),
            "\n".join(reason["printed"] for reason in item.reasons),
            "да" if item.included_by_decision else "",
            item.note,
        ]
