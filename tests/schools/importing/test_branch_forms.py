"""A branch without an ИНН of its own gets forms, and what it fills in comes back to it alone."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from schools.importing.states import outcome_counts
from schools.models import ImportRow, School, SchoolStatistic
from tests.factories.forms import filled, read, template_of
from tests.factories.imports import ImportGround
from tests.factories.schools import make_result, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


@pytest.fixture
def branches(ground: ImportGround) -> list[School]:
    """Return two branches of one school."""
    names = ("Филиал в с. Верхнем", "Филиал в с. Нижнем")
    return [make_school(territory=ground.territory, parent=ground.first, inn="", login="", name=name) for name in names]


@pytest.mark.parametrize("form", ["SA-1", "SA-2", "SA-4", "SA-5"])
def test_hidden_sheet_of_every_form_names_the_branch(form: str, branches: list[School]) -> None:
    book = load_workbook(BytesIO(template_of(form, school=branches[0])))

    said = {str(row[0].value): row[1].value or "" for row in book["meta"].iter_rows()}
    assert (said["form"], said["inn"], said["school"]) == (form, "", str(branches[0].pk))


def test_form_read_back_still_knows_its_branch(branches: list[School]) -> None:
    parsed = read(filled(template_of("SA-1", school=branches[0]), {("1.1", "Значение"): 200}))

    assert parsed.meta["school"] == str(branches[0].pk)
    assert {record.school.name for record in parsed.records if record.school} == {branches[0].name}


def test_form_of_a_branch_fills_the_branch_alone(ground: ImportGround, branches: list[School]) -> None:
    data = filled(template_of("SA-1", school=branches[1]), {("1.1", "Значение"): 200})

    ground.applied({"SA-1.xlsx": data})

    assert {statistic.school for statistic in SchoolStatistic.objects.select_related("school")} == {branches[1]}


def test_form_of_a_branch_comes_back_unchanged(ground: ImportGround, branches: list[School]) -> None:
    ground.applied({"SA-1.xlsx": filled(template_of("SA-1", school=branches[0]), {("1.1", "Значение"): 200})})

    batch = ground.checked({"ещё раз.xlsx": template_of("SA-1", school=branches[0])})

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 1, "rejected": 0}


def test_results_of_branches_are_told_apart(ground: ImportGround, branches: list[School]) -> None:
    for school in (ground.first, *branches):
        make_result(school=school, procedure="KDR")

    batch = ground.checked({"Результаты.xlsx": template_of("results", schools=[ground.first, *branches])})

    assert outcome_counts(batch)["same"] == 3
    rows = ImportRow.objects.filter(file__batch=batch).values_list("school", flat=True)
    assert set(rows) == {ground.first.pk, *(branch.pk for branch in branches)}
