"""Kinds of files the portal knows: one module each, declared by columns. A new kind is a new module in this list."""

from typing import Final

from schools.intake.cells import Book
from schools.intake.headers import listed, titles_of
from schools.intake.layouts import (
    federal_journal,
    federal_marks,
    flat_results,
    portal_results,
    portal_schools,
    refused,
)
from schools.intake.layouts.base import Layout
from schools.intake.refusals import Code, LayoutRefusal

LAYOUTS: Final[tuple[Layout, ...]] = (
    federal_marks.LAYOUT,
    federal_journal.LAYOUT,
    portal_results.LAYOUT,
    portal_schools.LAYOUT,
    flat_results.LAYOUT,
)
RECOGNISED_FROM: Final = 0.6  # share of the required titles; the rest is named in the refusal


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
    sheets = [sheet.name for sheet in filled if sheet.name]
    place = f"листы {listed(sheets)}, " if sheets else ""
    return LayoutRefusal(
        Code.UNKNOWN_LAYOUT,
        "Вид файла не распознан.",
        found=f"{place}первая строка {listed(titles)}" if filled else "нет видимых листов с данными",
        expected="; ".join(f"«{layout.title}» ({layout.hint})" for layout in LAYOUTS),
        action="Выберите выгрузку федеральной системы или скачайте шаблон портала.",
    )
