"""No workbook that the portal gives out holds a live formula made of what people typed."""

from datetime import date
from io import BytesIO
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports.document import Column, Paragraph, Table
from reports.document.writers.xlsx import render
from riskprofiles.answers import Answer
from riskprofiles.workbook import FormKey, FormRow, build_form
from schools.exports import run_workbook
from schools.exports_registry import registry_workbook
from schools.importing.annotation import marked_workbook
from schools.importing.batch_template import batch_templates
from schools.importing.downloads import problems_workbook
from schools.intake.rows import SchoolRef
from schools.intake.templates_out import registry_template, results_template
from schools.models import School
from tests.factories.documents import make_document
from tests.factories.imports import ImportGround
from tests.factories.lists import make_low_school, make_run
from tests.factories.workbooks import results_book, saved

STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "=cmd|'/C calc'!A0 ",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(A1)",
)
hostile_text = st.tuples(st.sampled_from(STARTS), st.text(max_size=40)).map("".join)
quick = settings(max_examples=20, deadline=None)


def formulas(data: bytes) -> list[str]:
    """Return the cells of a workbook that a spreadsheet would calculate."""
    book = load_workbook(BytesIO(data))
    return [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@given(texts=st.lists(hostile_text, min_size=1, max_size=4))
@quick
def test_templates_keep_names_as_texts(texts: list[str]) -> None:
    schools = [SchoolRef(name=text, login=text, inn=text, gia_code=text) for text in texts]
    lines = [dict.fromkeys(("name", "municipality", "kind", "locality", "inn"), text) for text in texts]

    assert formulas(results_template(schools)) == []
    assert formulas(registry_template(lines)) == []


@given(text=hostile_text)
@example(text="=\x1f")
@quick
def test_reports_keep_words_as_texts(text: str) -> None:
    table = Table(title=text, columns=(Column(text, 10), Column(text, 10)), rows=((text, text),), total=(text, text))
    document = make_document(Paragraph((text,)), table, title=text, heading=text, place=text)

    assert formulas(render(document)) == []


@given(text=hostile_text)
@quick
def test_forms_of_schools_keep_answers_as_texts(text: str) -> None:
    answer = Answer(factor="1", title=text, evidence=text, measures=text, dispute=text)
    key = FormKey(inn="1", school=text, year=2027, catalogue=text)

    assert formulas(build_form(key, [FormRow(code="R01", answer=answer)])) == []


@given(text=hostile_text)
@quick
def test_file_with_remarks_keeps_them_as_texts(text: str) -> None:
    problem: Any = {"code": text, "sheet": text, "row": 2, "column": text, "found": text, "expected": text}
    problem |= {"text": text, "severity": "error", "cell": "B2", "action": text}

    readable = "".join(letter for letter in text if letter.isprintable() and letter != '"')  # a CSV that is read at all

    assert formulas(marked_workbook(f'a;b\n1;"{readable}"\n'.encode("utf-8", "ignore"), [problem])) == []


# With rows of the database


@pytest.mark.django_db
@pytest.mark.parametrize("text", STARTS)
def test_remarks_of_a_batch_and_its_template_are_texts(text: str) -> None:
    ground = ImportGround()
    ground.first.name = f"{text}школа"
    ground.first.save()
    book = results_book({}, {"Логин": None, "Класс": 7})
    cell = book.worksheets[0]["C3"]
    cell.value, cell.data_type = f"{text}неизвестная", "s"
    batch = ground.applied({"=файл.xlsx": saved(book)}, only_good=True)

    assert formulas(problems_workbook(batch)) == []
    assert [formulas(data) for data in batch_templates(batch).values()] == [[]]


@pytest.mark.django_db
@pytest.mark.parametrize("text", STARTS)
def test_lists_of_schools_are_texts(text: str) -> None:
    school = make_low_school(name=f"{text}школа")
    run = make_run(territory=school.territory)

    assert formulas(run_workbook(run)) == []
    schools = School.objects.filter(pk=school.pk).select_related("territory").prefetch_related("periods")
    assert formulas(registry_workbook(schools, date(2026, 11, 25))) == []
