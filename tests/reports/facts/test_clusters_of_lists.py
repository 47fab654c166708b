"""A list by clusters of the region: its reports, its page and its files name the version that the run has used."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.permissions import Role
from accounts.russian import NBSP
from reports.facts import r8, r8s
from schools.exports import run_workbook
from schools.list_file import list_workbook
from schools.models import School, SchoolList, Territory
from tests.factories.clusters import CODE, make_cluster_set
from tests.factories.facts import make_spec
from tests.factories.lists import make_published_list, make_run_under
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

TOLD = "Кластеры региона: Кластеры РСОКО (SPB-2026, версия 1). Документ-основание: не указан. Происхождение кластеров: "


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def worst(territory: Territory) -> School:
    """The worse of two schools of a cluster."""
    schools = [make_school(territory=territory, name=name) for name in ("Лучшая", "Худшая")]
    for low, school in zip((4, 12), schools, strict=True):
        make_result(school=school, marks=(low, 40 - low, 0, 0))
    make_cluster_set(territory, dict.fromkeys(schools, "А"))
    return schools[1]


@pytest.fixture
def published(territory: Territory, worst: School) -> SchoolList:
    relative = {"cluster_by": ["ASSIGNED"], "cluster_set": CODE, "min_schools": 2, "statistic": "PERCENTILE", "cut": 50}
    school_list = make_published_list(make_run_under(territory=territory, relative_rule=relative))
    assert school_list.items.get().school == worst
    return school_list


def text_of(content: bytes) -> str:
    sheet: Any = load_workbook(BytesIO(content)).active
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


def test_reports_name_the_clusters(published: SchoolList, territory: Territory, worst: School) -> None:
    list_facts = r8.collect(make_spec(territory, kind="R8"))
    grounds = r8s.collect(make_spec(territory, kind="R8S", school=worst)).grounds

    assert TOLD in list_facts.rule_told
    assert grounds
    assert TOLD in grounds.rule_told
    assert published.run
    assert published.run.cluster_set


def test_files_and_the_page_name_the_clusters(published: SchoolList, client: Client, territory: Territory) -> None:
    assert published.run
    client.force_login(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

    page = client.get(published.get_absolute_url()).content.decode().replace(NBSP, " ")

    assert TOLD in text_of(list_workbook(published))
    assert TOLD in text_of(run_workbook(published.run))
    assert "Кластеры РСОКО (SPB-2026, версия 1)" in page
