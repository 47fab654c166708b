"""Who left a published list since, as a workbook of its own.

A second file and not a sheet of the first: the list that an order approved must come out byte for byte the same on any
later day, so nothing that happened after it may stand in its file. The note names the list and its order instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from accounts.russian import short_date
from schools.list_file import LOOK
from schools.models import ListExclusion, SchoolList
from schools.xlsx_stream import Cell, written_book

COLUMNS: Final = (
    ("№ п/п", 7),
    ("Школа", 42),
    ("ИНН", 13),
    ("Включена", 13),
    ("Исключена с", 13),
    ("Документ об исключении", 60),
    ("Почему", 50),
    ("Исключение отменено с", 13),
    ("Документ об отмене", 60),
    ("Почему отменено", 50),
)


def exclusions_workbook(school_list: SchoolList) -> bytes:
    """Return the exclusions by their date as XLSX; only the head when nobody has left. One query."""
    titles, widths = [title for title, _ in COLUMNS], [width for _, width in COLUMNS]
    above = [
        f"Исключены из перечня: {school_list}. {school_list.territory}",
        f"Перечень утверждён документом: {school_list.basis_document or 'не указан'}. Его состав не меняется",
    ]
    look = replace(LOOK, widths=widths, above=above)
    return written_book("Исключения", titles, rows_of(school_list), look=look)


def rows_of(school_list: SchoolList) -> Iterator[Sequence[Cell]]:
    found = ListExclusion.objects.filter(item__school_list=school_list).select_related(
        "item__school", "basis_document", "annul_document"
    )
    order = school_list.basis_document
    included = short_date(order.date) if order else ""
    for number, each in enumerate(found.order_by("excluded_on", "item__school_name", "pk"), start=1):
        yield [
            number,
            each.item.school_name,
            each.item.school.inn,
            included,
            short_date(each.excluded_on),
            str(each.basis_document),
            each.note,
            short_date(each.annulled_on) if each.annulled_on else "",
            str(each.annul_document or ""),
            each.annul_note,
        ]
