"""The social index as a workbook: numbers as numbers, texts as texts, the matrix beside the schools."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from schools.actions.identification import run_identification
from schools.actions.rule_sets import load_rule_set
from schools.exports_social import social_workbook
from schools.models import IdentificationRun, SocialIndexRun, Territory
from schools.social_matrix import placed
from tests.factories.lists import make_low_school
from tests.factories.schools import make_result, make_school, make_territory, make_user
from tests.factories.social import AT, HARD, WORKED, make_run, tell

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ABOVE = 6  # four lines, an empty one, the head


@pytest.fixture
def territory() -> Territory:
    return make_territory(name="Округ")


def judged(territory: Territory) -> IdentificationRun:
    return run_identification(rule_set=load_rule_set(by=None), territory=territory, year=2026, by=None, at=AT)


def cells(run: SocialIndexRun, results: IdentificationRun | None) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(social_workbook(run, results, placed(run, results)))).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def by_head(head: list[Any], row: list[Any]) -> dict[str, Any]:
    return dict(zip(head, row, strict=True))


def test_every_indicator_stands_with_its_weight_r_and_the_index(territory: Territory) -> None:
    hard = make_low_school(territory=territory, name="Трудная", inn="0012345678")
    usual = make_school(territory=territory, name="Обычная")
    make_result(school=usual, marks=(0, 20, 10, 10))
    silent = make_school(territory=territory, name="Молчащая")
    results, run = judged(territory), make_run({hard: HARD, usual: WORKED, silent: {}})

    rows = cells(run, results)

    head, found = rows[ABOVE - 1], {row[1]: row for row in rows[ABOVE:]}
    first = by_head(head, found["Обычная"])
    shares = [value for name, value in first.items() if name.endswith(", %") and name != "Полнота данных, %"]
    weights = [name for name in head if "вес 0,25, границы 5–45" in str(name)]
    assert shares == [12, 31, 9, 3.5, 4, 6, 11]
    assert [first[name] for name in weights] == [0.825]
    assert (first["Индекс"], first["Вывод"]) == (43.5625, "Обычные условия")
    assert first["Результаты и условия"] == "Ни ШНОР, ни ШНСУ"
    other = by_head(head, found["Трудная"])
    assert (other["ИНН"], other["Индекс"], other["Результаты и условия"]) == ("0012345678", 22.375, "ШНОР и ШНСУ")
    unknown = by_head(head, found["Молчащая"])
    assert (unknown["Индекс"], unknown["Полнота данных, %"]) == (None, 0)
    assert str(unknown["Нет сведений"]).count(",") == 6


def test_verdict_that_hangs_on_what_is_missing_is_told_with_its_bounds(territory: Territory) -> None:
    unsure = make_school(territory=territory, name="Сомнительная")
    tell(unsure, WORKED, "foster")
    run = make_run({unsure: {}})

    head, row = cells(run, None)[-2:]

    told = by_head(head, row)
    assert (told["Индекс"], told["Не меньше"], told["Не больше"]) == (None, 38.5625, 48.5625)
    assert told["Вывод"] == (
        "Данных недостаточно. Вывод зависит от недостающего показателя: индекс от 38,6 до 48,6 при границе 40"
    )


def test_matrix_is_told_in_words_over_the_table(territory: Territory) -> None:
    schools = {make_low_school(territory=territory): HARD, make_low_school(territory=territory): WORKED}
    results, run = judged(territory), make_run(schools)

    line = str(cells(run, results)[3][0]).replace("\u00a0", " ")

    assert line.startswith("Результаты 2026 года и условия: ШНОР и ШНСУ – 1 школа; Только ШНОР – 1 школа; ")


def test_run_without_results_has_no_matrix(territory: Territory) -> None:
    run = make_run({make_school(territory=territory): HARD})

    rows = cells(run, None)

    assert not any("Результаты 20" in str(row[0]) for row in rows)
    assert rows[-1][-1] is None


def test_name_of_a_school_is_no_formula(territory: Territory) -> None:
    run = make_run({make_school(territory=territory, name='=HYPERLINK("http://x")'): HARD})

    sheet = load_workbook(BytesIO(social_workbook(run, None, placed(run, None)))).active
    assert sheet is not None
    cell = list(sheet.iter_rows())[-1][1]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


@pytest.mark.parametrize("schools", [1, 4])
def test_file_costs_one_query(
    territory: Territory, schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = make_run({make_school(territory=territory): HARD for _ in range(schools)})
    stored = SocialIndexRun.objects.for_page().get(pk=run.pk)
    counts = placed(stored, None)

    with django_assert_num_queries(1):
        social_workbook(stored, None, counts)


def test_download_leaves_an_event_and_is_closed_to_others(territory: Territory, sign_in: SignIn) -> None:
    run = make_run({make_school(territory=territory): HARD})
    own = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    stranger = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())
    url = reverse("identification:social_download", args=[run.pk])

    response = sign_in(own).get(url)

    assert unquote(response["Content-Disposition"]).startswith("attachment; filename*=utf-8''Социальные условия 2025 ")
    event = AuditEvent.objects.get(code=AuditCode.REPORT_DOWNLOADED)
    assert (event.actor, event.object_id, event.meta["workbook"]) == (own, str(run.pk), "social")
    assert sign_in(stranger).get(url).status_code == 404
