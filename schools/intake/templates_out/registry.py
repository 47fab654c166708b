"""The template of the registry of schools."""

from collections.abc import Sequence
from typing import Final

from schools.intake.layouts.portal_schools import COLUMNS, KINDS, LOCALITIES, SHEET, VERSION
from schools.intake.template_meta import REGISTRY, TemplateMeta
from schools.intake.templates_out.book import (
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
    "Как заполнить реестр школ",
    "Одна строка — одна школа. ИНН проверяется по контрольной цифре, по нему школа узнаётся при следующей загрузке.",
    "Код муниципалитета — как в федеральной системе, например reg24_m031. Нового муниципалитета заводить не надо.",
    "Действует с — с какого дня школа так называется и имеет эти коды. Пустая ячейка значит день загрузки.",
    "Прежние название и коды портал сохранит: файлы прошлых лет он сопоставляет по ним.",
    "Вид и населённый пункт выберите из списка в ячейке.",
)
ANYONES: Final = TemplateMeta(form=REGISTRY, version=VERSION)


def registry_template(lines: Sequence[Line] = (), meta: TemplateMeta = ANYONES) -> bytes:
    """Return the template of the registry. lines: schools that the portal has, by column."""
    book, sheet = first_sheet(SHEET)
    open_table(sheet, COLUMNS, lines)
    lists = {
        "kind": list(dict.fromkeys(KINDS.values())),
        "locality": list(dict.fromkeys(LOCALITIES.values())),
    }
    add_lists(book, sheet, COLUMNS, lists)
    add_whole_numbers(sheet, COLUMNS, frozenset({"students"}))
    add_dates(sheet, COLUMNS, frozenset({"valid_from"}))
    set_page(sheet, 1)
    return finish(book, HELP, meta)
