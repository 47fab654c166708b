"""Kinds of files the portal knows: one module each, declared by columns. A new kind is a new module in this list."""

from typing import Final

from schools.intake.cells import Book
from schools.intake.headers import Column, masked, titles_of
from schools.intake.layouts import (
    federal_journal,
    federal_marks,
    federal_outcomes,
    federal_pupils,
    federal_scores,
    federal_task_groups,
    federal_tasks,
    flat_results,
    portal_events,
    portal_results,
    portal_schools,
    refused,
    region_bias,
    region_marks,
    region_scores,
    sa1_context,
    sa2_contingent,
    sa4_staff,
    self_diagnosis,
    survey_answers,
)
from schools.intake.layouts.base import RECOGNISED_FROM, Layout
from schools.intake.refusals import Code, LayoutRefusal

LAYOUTS: Final[tuple[Layout, ...]] = (
    federal_pupils.LAYOUT,  # first: a book with single pupils is one of those, whatever else is in it
    federal_marks.LAYOUT,
    federal_journal.LAYOUT,
    federal_scores.LAYOUT,
    federal_tasks.LAYOUT,
    federal_task_groups.LAYOUT,
    federal_outcomes.LAYOUT,
    portal_results.LAYOUT,
    portal_schools.LAYOUT,
    flat_results.LAYOUT,
    region_marks.LAYOUT,
    region_scores.LAYOUT,
    region_bias.LAYOUT,
    sa1_context.LAYOUT,
    sa2_contingent.LAYOUT,
    sa4_staff.LAYOUT,
    portal_events.LAYOUT,
    survey_answers.LAYOUT,
    self_diagnosis.LAYOUT,
)

# What the portal takes, in words short enough to be read; the whole list is in docs/uploads.md.
KINDS: Final = (
    "выгрузка ФИС ОКО с названием отчёта в ячейке A1; шаблон портала (лист «Результаты», «Школы», «Мероприятия» или "
    "«Данные»); таблица региона или CSV с заголовками столбцов; ответы на анкету"
)


def keeps_bytes(code: str) -> bool:
    """Answer whether a file of a layout may be stored as it is."""
    return all(layout.keeps_bytes for layout in LAYOUTS if layout.code == code)


def signs() -> tuple[str, ...]:
    """Return the words by which a file on single persons is suspected before it is read."""
    return (*refused.SIGNS, *(sign for layout in LAYOUTS for sign in layout.signs))


def recognise(book: Book) -> Layout:
    """Return the layout whose title or header the cells show. Raises LayoutRefusal for files that are not results."""
    refused.check(book)
    best = max(LAYOUTS, key=lambda layout: layout.affinity(book))
    if best.affinity(book) < RECOGNISED_FROM:
        raise unknown(book)
    return best


def unknown(book: Book) -> LayoutRefusal:
    filled = [sheet for sheet in book.visible if sheet.rows]
    titles = titles_of(filled[0].rows[0])[:8] if filled else []
    place = f"листов с данными {len(filled)}, " if len(filled) > 1 else ""
    return LayoutRefusal(
        Code.UNKNOWN_LAYOUT,
        "Вид файла не распознан.",
        found=(f"{place}первая строка {masked(titles, known_columns())}" if filled else "нет видимых листов с данными")
        + hidden(book),
        expected=KINDS + alike(book),
        action="Выберите выгрузку федеральной системы или скачайте шаблон портала.",
    )


def known_columns() -> list[Column]:
    """Return the columns of the tables that are told by their titles: these words of a file are no data."""
    tables = (flat_results, portal_events, portal_results, portal_schools, region_bias, region_marks, federal_marks)
    return [column for table in tables for column in table.COLUMNS]


def alike(book: Book) -> str:
    """Return the layout that a book is nearest to, where it has something of one."""
    best = max(LAYOUTS, key=lambda layout: layout.affinity(book))
    return f". Больше всего похоже на «{best.title}» ({best.hint})" if best.affinity(book) > 0 else ""


def hidden(book: Book) -> str:
    number = sum(sheet.is_hidden and bool(sheet.rows) for sheet in book.sheets)
    return f", скрытых листов не загружено: {number}" if number else ""
