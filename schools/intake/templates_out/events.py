"""The template of methodical events."""

from collections.abc import Sequence
from typing import Final

from schools.intake.event_words import EVENT_KINDS, EVENT_MODES, period_bounds
from schools.intake.layouts.portal_events import COLUMNS, PARTICIPANTS, SHEET
from schools.intake.rows import SchoolRef
from schools.intake.safe_cells import put
from schools.intake.template_meta import TemplateMeta
from schools.intake.templates_out.book import (
    LISTS_SHEET,
    TEXT_FORMAT,
    Line,
    add_dates,
    add_lists,
    add_whole_numbers,
    finish,
    first_sheet,
    open_table,
    set_page,
)

HELP: Final = (
    "Как заполнить мероприятия",
    "Одна строка — одно мероприятие. Вид и формат выберите из списка в ячейке.",
    "Дата — день или первый день; у мероприятия в несколько дней заполните и «Дату окончания».",
    f"Школы перечислите через точку с запятой: ИНН, логин или краткое наименование (лист «{LISTS_SHEET}»).",
    "Факторы риска — коды через точку с запятой, например R02; R08.",
    "Участников укажите числами по категориям, без фамилий. «Всего участников» равно их сумме.",
    "«Уникальных участников» — сколько разных людей; заполняйте, если считали.",
    "«Материалы» — адрес страницы, начинается с https://.",
    "Вид, тема и дата вместе узнают мероприятие: изменённая строка с теми же тремя обновит его.",
)


def events_template(schools: Sequence[SchoolRef], lines: Sequence[Line], meta: TemplateMeta) -> bytes:
    """Return the template of events. lines: events that the portal has, by column; schools: to choose from."""
    book, sheet = first_sheet(SHEET)
    open_table(sheet, COLUMNS, lines)
    add_lists(book, sheet, COLUMNS, {"kind": list(EVENT_KINDS.values()), "mode": list(EVENT_MODES.values())})
    listed = book[LISTS_SHEET]
    for row, school in enumerate(schools, start=2):
        put(listed, row, 4, school.inn).number_format = TEXT_FORMAT
        put(listed, row, 5, school.name)
    put(listed, 1, 4, "ИНН школы")
    put(listed, 1, 5, "Школа")
    listed.column_dimensions["D"].width, listed.column_dimensions["E"].width = 16, 50
    add_whole_numbers(sheet, COLUMNS, frozenset({*PARTICIPANTS, "total", "unique_people"}))
    add_dates(sheet, COLUMNS, frozenset({"starts_on", "ends_on"}))
    set_page(sheet, 1)
    return finish(book, (*HELP, *period_line(meta)), meta)


def period_line(meta: TemplateMeta) -> tuple[str, ...]:
    bounds = period_bounds(meta.period)
    if bounds is None:
        return ()
    return (
        f"Отчётный период: с {bounds[0]:%d.%m.%Y} по {bounds[1]:%d.%m.%Y}. Дату вне его портал попросит проверить.",
    )
