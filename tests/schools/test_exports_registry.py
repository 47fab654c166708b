"""The registry as a workbook: opened and read."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pytest_django import DjangoAssertNumQueries

from schools.exports_registry import COLUMNS, registry_workbook
from schools.models import School
from schools.models.registry import SchoolQuerySet
from tests.factories.registry import NEW, OLD, make_renamed
from tests.factories.schools import make_school

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


def schools() -> SchoolQuerySet:
    return School.objects.select_related("territory").with_periods().order_by("name", "pk")


def sheet() -> Worksheet:
    return load_workbook(BytesIO(registry_workbook(schools(), TODAY))).worksheets[0]


def test_row_tells_what_the_registry_knows() -> None:
    school = make_renamed(gia_code="001005", ogrn="1022400000000")

    row = [cell.value for cell in sheet()[4]]

    assert row == [
        1,
        NEW,
        None,
        "средняя школа",
        "действует",
        school.territory.name,
        "город",
        school.inn,
        "1022400000000",
        school.login,
        "001005",
        500,
        OLD,
    ]


def test_head_names_the_day_and_the_columns() -> None:
    page = sheet()

    assert page["A1"].value == "Реестр школ на 02.11.2026"
    assert [cell.value for cell in page[3]] == [title for title, _ in COLUMNS]
    assert (page.freeze_panes, page.auto_filter.ref) == ("C4", "A3:M3")


def test_name_that_looks_like_a_formula_stays_a_text() -> None:
    make_school(name="=HYPERLINK(1)")

    assert (sheet()["B4"].value, sheet()["B4"].data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.parametrize("number", [1, 3])
def test_workbook_takes_two_queries_for_any_number(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make_school()

    with django_assert_num_queries(2):
        registry_workbook(schools(), TODAY)
