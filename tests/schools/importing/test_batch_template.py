"""A batch as templates of what stands in the portal now, and when there is none to give."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from schools.importing.batch_template import (
    RESULTS_NAME,
    MadeByJob,
    NoTemplate,
    archived,
    batch_templates,
    refuse_endless,
    register,
)
from schools.importing.templates import MOST_LINES
from schools.models import AssessmentResult
from tests.factories.imports import MARKS, ImportGround, marks_of
from tests.factories.schools import make_result


def test_archive_holds_every_book_as_it_is() -> None:
    books = {"Результаты загрузки.xlsx": b"PK one", "Реестр школ загрузки.xlsx": b"PK two"}

    with zipfile.ZipFile(io.BytesIO(archived(books))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == books


@pytest.mark.parametrize(
    ("most", "refusal", "way_out"),
    [
        pytest.param(MOST_LINES, MadeByJob, "нажмите «Подготовить шаблон»", id="page"),
        pytest.param(60_000, NoTemplate, "Скачайте шаблон муниципалитета или школы", id="job"),
    ],
)
def test_books_that_would_be_endless_are_refused_with_the_way_out(
    most: int, refusal: type[NoTemplate], way_out: str
) -> None:
    refuse_endless(most, most)

    with pytest.raises(refusal, match=way_out):
        refuse_endless(most + 1, most)


def test_table_is_told_of_in_one_way_alone() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        register("results", lambda _: [])


@pytest.mark.django_db
def test_template_has_the_works_of_the_batch_alone() -> None:
    ground = ImportGround()
    make_result(school=ground.first, procedure="KDR")
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    AssessmentResult.objects.filter(procedure="VPR").update(mark2=2, mark3=1)

    books = batch_templates(batch)

    sheet = load_workbook(io.BytesIO(books[RESULTS_NAME]))["Результаты"]
    head = [cell.value for cell in sheet[1]]
    [line] = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
    told = dict(zip(head, line, strict=True))
    assert (told["Процедура"], told["«2»"], told["«3»"]) == ("ВПР", 2, 1)


@pytest.mark.django_db
def test_batch_whose_rows_are_gone_has_no_template() -> None:
    ground = ImportGround()
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    AssessmentResult.objects.all().delete()

    with pytest.raises(NoTemplate, match="для которых есть шаблон"):
        batch_templates(batch)
