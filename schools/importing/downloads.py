"""Workbooks of the imports section: schools for the template, problems of a batch."""

from collections.abc import Mapping
from typing import Any, Final

from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.importing.problem_groups import RULES
from schools.importing.summary import problems_of
from schools.intake.rows import SchoolRef
from schools.models import ImportBatch, School
from schools.xlsx_stream import Look, written_book

TITLES: Final = ("Файл", "Лист", "Строка", "Столбец", "Замечание", "Что не так")
WIDTHS: Final = (34, 30, 9, 24, 40, 100)


def import_schools_of(user: User) -> list[SchoolRef]:
    """Return the schools that a person imports results of, by name. One query."""
    scope = scope_of(user, Permission.IMPORT_RESULTS)
    schools = School.objects.filter(scope.schools_q()).active().order_by("name", "pk")
    return [
        SchoolRef(inn=school.inn, gia_code=school.gia_code, name=school.name, login=school.login) for school in schools
    ]


def rule_of(code: str) -> str:
    """Return the rule that a remark is about; a refusal of a file stays the code that support asks for."""
    return RULES.get(code, code)


def problems_workbook(batch: ImportBatch) -> bytes:
    """Return every problem of every file of a batch, one in a row."""
    files = batch.files.order_by("name", "pk")
    lines = (problem_line(file.name, problem) for file in files for problem in problems_of(file))
    return written_book("Замечания", TITLES, lines, look=Look(widths=WIDTHS))


def problem_line(file: str, problem: Mapping[str, Any]) -> tuple[str | int | None, ...]:
    return file, problem["sheet"], problem["row"] or None, problem["column"], rule_of(problem["code"]), problem["text"]
