"""Workbooks of the imports section: schools for the template, problems of a batch."""

import io
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Font

from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.importing.summary import problems_of
from schools.intake.rows import SchoolRef
from schools.intake.safe_cells import put
from schools.models import ImportBatch, School

TITLES: Final = ("Файл", "Лист", "Строка", "Столбец", "Код", "Что не так")
WIDTHS: Final = {"A": 34, "B": 30, "C": 9, "D": 24, "E": 22, "F": 100}


def import_schools_of(user: User) -> list[SchoolRef]:
    """Return the schools that a person imports results of, by name. One query."""
    scope = scope_of(user, Permission.IMPORT_RESULTS)
    schools = School.objects.filter(scope.schools_q()).active().order_by("name", "pk")
    return [
        SchoolRef(inn=school.inn, gia_code=school.gia_code, name=school.name, login=school.login) for school in schools
    ]


def problems_workbook(batch: ImportBatch) -> bytes:
    """Return every problem of every file of a batch, one in a row."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Замечания"
    for column, title in enumerate(TITLES, start=1):
        put(sheet, 1, column, title).font = Font(bold=True)
    lines = [(file.name, problem) for file in batch.files.order_by("name", "pk") for problem in problems_of(file)]
    for row, (name, problem) in enumerate(lines, start=2):
        line = (name, problem["sheet"], problem["row"] or None, problem["column"], problem["code"], problem["text"])
        for column, value in enumerate(line, start=1):
            put(sheet, row, column, value)
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
