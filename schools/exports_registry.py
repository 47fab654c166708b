"""The registry of schools as a workbook: what is seen on the page, on one sheet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from accounts.russian import short_date
from schools.history_page import former_names
from schools.models.registry import SchoolQuerySet
from schools.xlsx_stream import Look, written_book

COLUMNS: Final = (
    ("№ п/п", 7),
    ("Краткое наименование", 42),
    ("Полное наименование", 60),
    ("Вид", 20),
    ("Состояние", 16),
    ("Муниципалитет", 34),
    ("Населённый пункт", 16),
    ("ИНН", 13),
    ("ОГРН", 16),
    ("Логин ФИС ОКО", 14),
    ("Код ОО", 10),
    ("Обучающихся", 13),
    ("Прежние названия", 60),
)
LOOK: Final = Look(widths=[width for _, width in COLUMNS], frozen_columns=2, is_wrapped=True, has_filter=True)


def registry_workbook(schools: SchoolQuerySet, today: date) -> bytes:
    """Return an XLSX file with the schools in their order. schools: with territories and periods. Two queries."""
    titles = [title for title, _ in COLUMNS]
    look = replace(LOOK, above=(f"Реестр школ на {short_date(today)}",))
    return written_book("Школы", titles, rows(schools), look=look)


def rows(schools: SchoolQuerySet) -> Iterator[list[str | int | None]]:
    """Yield the cells of each school; codes stay text, so that no zero is lost."""
    for number, school in enumerate(schools, start=1):
        yield [
            number,
            school.name,
            school.full_name,
            school.get_kind_display(),
            school.get_status_display(),
            school.territory.name,
            school.get_locality_display(),
            school.inn,
            school.ogrn,
            school.login,
            school.gia_code,
            school.students,
            "\n".join(former_names(list(school.periods.all()))),
        ]
