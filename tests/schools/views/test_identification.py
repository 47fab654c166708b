"""Pages of runs."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from jobs.models import Job
from schools.models import AssessmentResult, IdentificationRuleSet, IdentificationRun, Territory
from tests.factories.lists import (
    make_low_school,
    make_near_school,
    make_published_list,
    make_quiet_school,
    make_run,
)
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
INDEX = reverse("identification:index")
RUNS = reverse("identification:runs")
RUN_LIST_QUERIES = 12
RUN_QUERIES = 14


def text_of(response: HttpResponse | Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(selector)
    return " ".join(found.get_text(" ").replace(NBSP, " ").split()) if found else ""


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


@pytest.fixture
def browser(sign_in: SignIn, coordinator: User) -> Client:
    """The coordinator of the territory, signed in."""
    return sign_in(coordinator)


@pytest.fixture
def run(territory: Territory) -> IdentificationRun:
    """A run over a low, a near and a quiet school."""
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    make_quiet_school(territory=territory, name="Обычная")
    return make_run(territory=territory)


# Index and list of runs


def test_index_without_runs_offers_the_first_step(browser: Client) -> None:
    text = text_of(browser.get(INDEX))

    assert "Расчётов ещё не было" in text
    assert "Загрузить результаты" in text


def test_index_shows_the_newest_run(browser: Client, run: IdentificationRun) -> None:
    text = text_of(browser.get(INDEX))

    assert "Школы с низкими образовательными результатами (ШНОР)" in text
    assert "RU-2025, версия 1" in text
    assert str(run.territory) in text


def test_others_see_nothing_of_a_run(run: IdentificationRun, sign_in: SignIn) -> None:
    neighbour = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())
    client = sign_in(neighbour)

    assert "Низкая" not in text_of(client.get(INDEX))
    assert str(run.territory) not in text_of(client.get(RUNS))
    for name in ("run", "download"):
        assert client.get(reverse(f"identification:{name}", args=[run.pk])).status_code == 404


def test_school_sees_no_run_and_nothing_before_publication(run: IdentificationRun, sign_in: SignIn) -> None:
    director = make_user(role=Role.SCHOOL_ADMIN, school=run.verdicts.listed().get().school)
    client = sign_in(director)

    assert "Опубликованных перечней ещё нет" in text_of(client.get(INDEX))
    assert client.get(run.get_absolute_url()).status_code == 404


def test_school_sees_its_own_verdict_after_publication(run: IdentificationRun, sign_in: SignIn) -> None:
    make_published_list(run)
    director = make_user(role=Role.SCHOOL_ADMIN, school=run.verdicts.listed().get().school)

    text = text_of(sign_in(director).get(INDEX))

    assert "Низкие результаты" in text
    assert "Обычная" not in text


def test_curator_may_not_look(run: IdentificationRun, sign_in: SignIn) -> None:
    curator = make_user(role=Role.CURATOR, school=run.verdicts.listed().get().school)

    assert sign_in(curator).get(INDEX).status_code == 403


def test_list_of_runs_shows_runs_and_lists(browser: Client, run: IdentificationRun) -> None:
    published = make_published_list(run)

    text = text_of(browser.get(RUNS))

    assert str(published) in text
    assert "от 15.10.2026 № 418" in text


@pytest.mark.parametrize("runs", [1, 3])
def test_list_of_runs_has_the_same_queries(
    browser: Client,
    territory: Territory,
    runs: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_low_school(territory=territory)
    for _ in range(runs):
        make_run(territory=territory)

    with django_assert_num_queries(RUN_LIST_QUERIES):
        browser.get(RUNS)


# Start


def test_start_queues_a_job(browser: Client, run: IdentificationRun, coordinator: User) -> None:
    data = {"territory": run.territory.pk, "year": 2026, "rule_set": run.rule_set.pk}

    response = browser.post(reverse("identification:start"), data)

    job = Job.objects.get()
    assert response.status_code == 302
    assert (job.kind, job.requested_by) == ("identification.run", coordinator)
    assert job.parameters == {
        "rule_set": str(run.rule_set.pk),
        "territory": str(run.territory.pk),
        "year": 2026,
    }
    assert job.title in text_of(browser.get(RUNS))


def test_start_on_an_empty_portal_takes_the_shipped_rule(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)

    browser.post(reverse("identification:start"), {"territory": territory.pk, "year": 2026})

    assert IdentificationRuleSet.objects.get().code == "RU-2025"
    assert Job.objects.get().parameters["year"] == 2026


def test_start_refuses_a_year_without_results_and_a_foreign_territory(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    foreign = make_low_school().territory

    response = browser.post(reverse("identification:start"), {"territory": foreign.pk, "year": 2024})

    assert response.status_code == 422
    assert "За этот год результатов нет" in text_of(response)
    assert "Выберите территорию из списка" in text_of(response)
    assert not Job.objects.exists()


def test_methodist_may_look_and_not_start(run: IdentificationRun, sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.METHODIST, territory=run.territory))

    assert "Провести расчёт" not in text_of(client.get(RUNS))
    assert client.post(reverse("identification:start"), {}).status_code == 403
    assert client.get(run.get_absolute_url()).status_code == 200


# A run


def test_run_counts_three_segments(browser: Client, run: IdentificationRun) -> None:
    segments = text_of(browser.get(run.get_absolute_url()), "main .seg")

    assert segments == "Попали в список 1 Близко к порогу 1 Остальные 1"


@pytest.mark.parametrize(
    ("segment", "school"),
    [("listed", "Низкая"), ("near", "Близкая"), ("rest", "Обычная"), ("nonsense", "Низкая")],
)
def test_segment_shows_its_schools(browser: Client, run: IdentificationRun, segment: str, school: str) -> None:
    response = browser.get(run.get_absolute_url(), {"segment": segment})

    table = text_of(response, "tbody")
    assert school in table
    assert all(other not in table for other in {"Низкая", "Близкая", "Обычная"} - {school})


def test_row_shows_dots_worst_result_and_decision(browser: Client, run: IdentificationRun) -> None:
    row = BeautifulSoup(browser.get(run.get_absolute_url()).content, "html.parser").select_one("tbody tr")

    assert row is not None
    assert len(row.select(".dots i.x")) == 2
    text = " ".join(row.get_text(" ").replace(NBSP, " ").split())
    assert "2 из 2" in text
    assert "50,00 % ВПР, русский язык, 5 класс" in text
    assert "Ждёт решения" in text


def test_card_explains_the_first_school(browser: Client, run: IdentificationRun) -> None:
    text = text_of(browser.get(run.get_absolute_url()), "#why-school")

    assert text.startswith("Почему в списке: Низкая")
    assert "2 процедуры с долей низких результатов не менее 30 %: нужно не менее 2" in text
    assert "20 из 40" in text
    assert "за порогом: 9 чел." in text


def test_card_explains_the_asked_school(browser: Client, run: IdentificationRun) -> None:
    quiet = run.verdicts.get(school__name="Обычная")

    text = text_of(browser.get(run.get_absolute_url(), {"school": str(quiet.school_id)}), "#why-school")

    assert text.startswith("Почему не в списке: Обычная")
    assert "до порога: 10 чел." in text


@pytest.mark.parametrize("school", ["", "1", "' or 1=1", "00000000-0000-0000-0000-000000000000", "-" * 36])
def test_unknown_school_is_no_error(browser: Client, run: IdentificationRun, school: str) -> None:
    assert browser.get(run.get_absolute_url(), {"school": school}).status_code == 200


def test_school_is_found_by_name(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory, name="МБОУ «Ключевская СОШ»")
    make_low_school(territory=territory, name="МБОУ «Лесновская СОШ»")
    run = make_run(territory=territory)

    table = text_of(browser.get(run.get_absolute_url(), {"q": "ключевская"}), "tbody")

    assert "Ключевская" in table
    assert "Лесновская" not in table


def test_button_says_what_is_missing(browser: Client, run: IdentificationRun) -> None:
    page = BeautifulSoup(browser.get(run.get_absolute_url()).content, "html.parser")

    button = page.select_one("button[aria-describedby=why-not]")
    assert button is not None
    assert button.has_attr("disabled")
    assert text_of(browser.get(run.get_absolute_url()), "#why-not") == "Сначала примите решение по 1 школе"


def test_new_run_says_how_it_differs_from_the_published_list(browser: Client, run: IdentificationRun) -> None:
    make_published_list(run)
    make_result(school=run.verdicts.get(school__name="Близкая").school, subject="MA", marks=(20, 10, 8, 2))
    make_result(school=run.verdicts.get(school__name="Близкая").school, grade=6, marks=(20, 10, 8, 2))

    text = text_of(browser.get(make_run(territory=run.territory).get_absolute_url()), ".note-warn")

    assert "Опубликованный перечень не меняется." in text
    assert "вошли бы: Близкая" in text
    assert "Не вошли бы" not in text


def test_people_who_may_not_decide_see_no_form(run: IdentificationRun, sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.OBSERVER, territory=run.territory))

    page = BeautifulSoup(client.get(run.get_absolute_url()).content, "html.parser")

    assert page.select_one("#dec-form") is None
    assert page.select_one("input[data-row]") is None
    assert "Составить перечень" not in page.get_text()


@pytest.mark.parametrize("schools", [1, 3])
def test_run_has_the_same_queries(
    browser: Client,
    territory: Territory,
    schools: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(schools):
        make_low_school(territory=territory)
    run = make_run(territory=territory)

    with django_assert_num_queries(RUN_QUERIES):
        browser.get(run.get_absolute_url())


def test_region_sees_the_runs_of_its_municipalities(sign_in: SignIn) -> None:
    region = make_region()
    territory = make_territory(parent=region)
    make_low_school(territory=territory, name="Низкая")
    run = make_run(territory=territory)

    client = sign_in(make_user(role=Role.REGIONAL_COORDINATOR, territory=region))

    assert "Низкая" in text_of(client.get(run.get_absolute_url()))


# Trial


TRIAL = {"share_threshold_pct": "55", "min_procedures": "2", "years_required": "1", "min_participants": "1"}
TO_TRIAL = {"HX-Request": "true", "HX-Target": "trial"}


def test_trial_says_who_leaves_and_stores_nothing(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL)

    assert text_of(response, "#trial") == "При пороге 55 % не попадут: Низкая. Проба не меняет список."
    assert IdentificationRun.objects.count() == 1
    assert run.verdicts.listed().count() == 1


def test_trial_says_who_enters(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, "share_threshold_pct": "25", "min_procedures": "1"})

    assert "При пороге 25 % добавятся: Близкая." in text_of(response, "#trial")


def test_trial_takes_a_decimal_comma(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, "share_threshold_pct": "25,5"}, headers=TO_TRIAL)

    assert response.status_code == 200
    assert "При пороге 25,50 %" in text_of(response, "#trial").replace("\u00a0", " ")


def test_trial_with_the_same_thresholds_changes_nothing(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, "share_threshold_pct": "30.00"}, headers=TO_TRIAL)

    assert "состав тот же" in text_of(response, "#trial")


def test_trial_fragment_equals_the_one_of_the_page(browser: Client, run: IdentificationRun) -> None:
    fragment = browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL)
    page = browser.get(run.get_absolute_url(), TRIAL)

    assert text_of(fragment, "#trial") == text_of(page, "#trial")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"share_threshold_pct": "много"}, "Введите число от 1 до 100.", id="word"),
        pytest.param({"share_threshold_pct": "101"}, "Доля «2» не менее, %: Введите число от 1 до 100.", id="too much"),
        pytest.param({"share_threshold_pct": ""}, "Доля «2» не менее, %: Введите число от 1 до 100.", id="empty"),
        pytest.param({"share_threshold_pct": "30,555"}, "Не больше двух знаков после запятой.", id="digits"),
        pytest.param({"min_procedures": "x"}, "Процедур ниже порога: Введите число от 1 до 50.", id="procedures"),
        pytest.param({"min_participants": "0"}, "Участников не менее: Введите число от 1 до 1000.", id="nobody"),
        pytest.param({"years_required": "9"}, "За сколько лет: Выберите от 1 до 3 лет.", id="years"),
    ],
)
def test_wrong_thresholds_are_refused_in_place(
    browser: Client,
    run: IdentificationRun,
    changes: dict[str, str],
    message: str,
) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, **changes}, headers=TO_TRIAL)

    assert response.status_code == 422
    assert message in text_of(response, "#trial")


def test_trial_that_cannot_be_counted_says_why(browser: Client, run: IdentificationRun) -> None:
    AssessmentResult.objects.filter(year=2026).delete()

    response = browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL)

    assert "за 2026 год нет результатов" in text_of(response, "#trial")


# File and rule


def test_workbook_is_downloaded(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(reverse("identification:download", args=[run.pk]))

    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert sheet["B5"].value == "Низкая"
    assert response["Content-Disposition"].startswith('attachment; filename="vyyavlenie-2026-')


def test_rule_set_shows_parameters_provenance_and_versions(browser: Client, run: IdentificationRun) -> None:
    text = text_of(browser.get(run.rule_set.get_absolute_url()))

    assert "Доля низких результатов не менее 30,00 %" in text
    assert "Откуда параметры" in text
    assert "ЕГЭ, математика профильная, 11 класс" in text


def test_school_without_results_is_shown_as_such(browser: Client, run: IdentificationRun) -> None:
    make_school(territory=run.territory, name="Молчащая")
    again = make_run(territory=run.territory)

    table = text_of(browser.get(again.get_absolute_url(), {"segment": "rest"}), "tbody")

    assert "Данных недостаточно" in table
    assert "нет данных" in table
