"""Rows of a template of results are about its school and its period."""

import pytest

from schools.importing.template_rows import TemplateRows
from schools.intake.rows import ParsedFile, ProblemCode, ResultRow, SchoolRef, WorkKey
from schools.models import School

OWN = School(inn="0000100037", name="МБОУ «СОШ № 1»")
OTHER = School(inn="0000100051", name="МБОУ «СОШ № 2»")
BRANCH = School(inn="", name="Филиал")


def row(year: int, period: str = "spring") -> ResultRow:
    work = WorkKey(procedure="MUNICIPAL", year=year, period=period, subject="RU", grade=4)
    return ResultRow(sheet="Результаты", row=2, school=SchoolRef(), work=work)


def rows_of(**said: str) -> TemplateRows:
    meta = {"form": "results", "version": "2", **said}
    return TemplateRows.of(ParsedFile(layout="portal_results", title="", meta=meta))


@pytest.mark.parametrize(
    ("said", "given", "school", "words"),
    [
        ({"inn": OWN.inn}, row(2026), OWN, ""),
        ({"inn": OWN.inn}, row(2026), OTHER, "строка о школе «МБОУ «СОШ № 2»» в шаблоне другой школы."),
        ({"school": str(BRANCH.pk)}, row(2026), BRANCH, ""),
        ({"school": str(BRANCH.pk)}, row(2026), OWN, "в шаблоне другой школы."),
        ({"territory": "reg99_m001"}, row(2026), OTHER, ""),
        ({"period": "2026"}, row(2026, "autumn"), OWN, ""),
        ({"period": "2026"}, row(2025), OWN, "строка за 2025 год в шаблоне за 2026 год."),
        ({"form": "SA-5", "period": "2026"}, row(2026, "autumn"), OWN, ""),
        ({"form": "SA-5", "period": "2026"}, row(2026, "sept"), OWN, ""),
        ({"form": "SA-5", "period": "2026"}, row(2027), OWN, ""),
        ({"form": "SA-5", "period": "2026"}, row(2026), OWN, "за 2026 год в шаблоне за 2026/2027 учебный год."),
        ({"form": "SA-5", "period": "2026"}, row(2027, "autumn"), OWN, "за 2027 год в шаблоне за 2026/2027"),
    ],
)
def test_row_fits_its_template(said: dict[str, str], given: ResultRow, school: School, words: str) -> None:
    problem = rows_of(**said).stranger(given, school)

    assert (problem is None) == (not words)
    if problem:
        assert (problem.code, problem.is_error, problem.row) == (ProblemCode.OTHER_TEMPLATE, True, 2)
        assert words in problem.text_ru


def test_file_without_the_hidden_sheet_is_about_anything() -> None:
    assert TemplateRows.of(ParsedFile(layout="marks", title="")).stranger(row(2026), OTHER) is None
