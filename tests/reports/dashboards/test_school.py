"""The card of a school."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from reports.dashboards.school import results_context
from riskprofiles.choices import ProfileState
from roadmaps.models import Measure
from schools.choices import ListState
from schools.models import School
from tests.factories.lists import make_list
from tests.factories.monitoring import make_open_cycle
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import make_roadmap, make_running
from tests.factories.schools import make_actor, make_result, make_school, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _in_june() -> object:
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        yield


def url(school: School) -> str:
    return reverse("dashboards:school", args=[school.pk])


def coordinator(school: School) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)


def card(client: Client, school: School, part: str = "main") -> str:
    """Return the words of a part of the page."""
    response = client.get(url(school))
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    return " ".join(" ".join(one.get_text(" ", strip=True) for one in page.select(part)).replace("\u00a0", " ").split())


@pytest.mark.parametrize("role", list(Role))
def test_card_opens_to_every_role_of_the_place(role: Role, sign_in: SignIn) -> None:
    school = make_school()

    assert school.name in card(sign_in(make_actor(role, school)), school)


@pytest.mark.parametrize("role", list(Role))
def test_card_of_a_foreign_school_is_not_found(role: Role, sign_in: SignIn) -> None:
    client = sign_in(make_actor(role, make_school()))

    assert client.get(url(make_school())).status_code == 404


def test_neighbour_school_of_the_same_municipality_is_not_found(sign_in: SignIn) -> None:
    own = make_school()
    neighbour = make_school(territory=own.territory)

    assert sign_in(make_user(role=Role.SCHOOL_ADMIN, school=own)).get(url(neighbour)).status_code == 404


def test_empty_card_says_what_is_not_there_yet(sign_in: SignIn) -> None:
    school = make_school()

    text = card(sign_in(coordinator(school)), school)

    for words in (
        "Результатов школы ещё нет",
        "Рисковый профиль ещё не заведён.",
        "Дорожной карты ещё нет.",
        "Ни в одном опубликованном перечне.",
        "Школа ещё не участвовала в циклах.",
    ):
        assert words in text
    assert "На сопровождении" not in text


def test_facts_of_the_registry_are_told(sign_in: SignIn) -> None:
    school = make_school(head_name="И.О. Лапина", students=164, full_name="Полное название школы")

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-facts]")

    for words in ("Директор И.О. Лапина", "Обучающихся 164", f"ИНН {school.inn}", "Полное название школы"):
        assert words in text


def test_people_of_the_school_are_named(sign_in: SignIn) -> None:
    school = make_school()
    curator = make_user(role=Role.CURATOR, school=school)
    make_user(role=Role.MENTOR, school=school, position="директор гимназии № 6")

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-facts]")

    assert f"Куратор {curator}".replace("\u00a0", " ") in text
    assert "Школа-наставник директор гимназии № 6" in text


def test_results_of_two_years_are_compared_with_their_counts(sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, year=2025, marks=(14, 26, 15, 5))
    make_result(school=school, year=2026, marks=(38, 20, 7, 2))

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-results]")

    assert "Доля «2»: 2026 год к предыдущему" in text
    assert "ВПР, русский язык, 5 класс" in text
    assert "14 из 60" in text
    assert "38 из 67" in text
    assert "Отрицательная статистически значимо" in text


def test_work_of_one_year_has_no_dynamics(sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, year=2026)

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-results]")

    assert "нет результата" in text
    assert "3 из 25 — Нет результата 2025 года" in text.replace("\u00a0", " ")
    assert "Мало" not in text


def test_work_of_few_children_names_them(sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, year=2025, marks=(1, 5, 0, 0))
    make_result(school=school, year=2026, marks=(2, 6, 0, 0))

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-results]")

    assert "Мало участников: 6 и 8" in text.replace("\u00a0", " ")


def test_work_without_a_count_of_low_results_says_so(sign_in: SignIn) -> None:
    school = make_school()
    nothing = dict.fromkeys(("mark2", "mark3", "mark4", "mark5"))
    for year in (2025, 2026):
        make_result(school=school, year=year, procedure="KDR", grade=4, participants=30, **nothing)

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-results]")

    assert "Не рассчитывается" in text
    assert "низких нет в файле, участников 30" in text
    assert "Мало участников" not in text


def test_results_before_last_year_are_left_out() -> None:
    school = make_school()
    for year in (2023, 2026):
        make_result(school=school, year=year)

    context = results_context(school)

    assert context["year"] == 2026
    assert [row.before for row in context["changes"]] == [None]


def test_school_without_results_has_no_year() -> None:
    assert results_context(make_school()) == {"year": None, "changes": [], "charts": []}


def test_verdict_over_the_works_stands_in_the_head(sign_in: SignIn) -> None:
    school = make_school()
    for grade in (5, 6):
        make_result(school=school, grade=grade, year=2025, marks=(30, 20, 8, 2))
        make_result(school=school, grade=grade, year=2026, marks=(5, 30, 20, 5))

    assert "Динамика положительная" in card(sign_in(coordinator(school)), school, ".page-head")


def test_published_list_puts_the_school_on_support(sign_in: SignIn) -> None:
    school = make_school()
    make_list([school])

    client = sign_in(coordinator(school))

    assert "На сопровождении, перечень 2026 года" in card(client, school, ".page-head")
    assert "от 01.10.2026 № 100" in card(client, school, "[aria-labelledby=t-lists]")


def test_school_of_an_older_list_alone_is_on_no_support_as_on_today(sign_in: SignIn) -> None:
    older = make_school()
    make_list([older], year=2025)
    make_list([make_school(territory=older.territory)], year=2026)
    client = sign_in(coordinator(older))

    assert "На сопровождении" not in card(client, older, ".page-head")
    assert "Результаты 2025 года" in card(client, older, "[aria-labelledby=t-lists]")
    today = BeautifulSoup(client.get("/").content, "html.parser").get_text(" ")
    assert "Школы на сопровождении 1 из 2" in " ".join(today.replace(" ", " ").split())


def test_draft_of_a_list_is_told_to_nobody(sign_in: SignIn) -> None:
    school = make_school()
    make_list([school], state=ListState.DRAFT)

    assert "Ни в одном опубликованном перечне." in card(sign_in(coordinator(school)), school)


def test_activated_risks_are_named(sign_in: SignIn) -> None:
    school = make_school()
    profile = make_profile(school=school, state=ProfileState.APPROVED)

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-risk]")

    for factor in profile.factors.activated():
        assert factor.title in text


def test_profile_on_its_way_tells_its_state(sign_in: SignIn) -> None:
    school = make_school()
    profile = make_profile(school=school, state=ProfileState.SCHOOL_REVIEW)

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-risk]")

    assert f"{profile.get_state_display()}. Риски для работы ещё не выбраны." in text


def test_roadmap_tells_what_is_done_and_late(sign_in: SignIn) -> None:
    school = make_school()
    roadmap = make_running(school=school, measures=2)
    Measure.objects.filter(roadmap=roadmap).update(due_date=date(2026, 7, 1))
    late = roadmap.measures.in_order()[0]
    Measure.objects.filter(pk=late.pk).update(due_date=date(2026, 5, 1))

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-rm]")

    assert "0 из 2 мероприятий" in text
    assert f"{late.number} {late.title}" in text


def test_draft_of_a_roadmap_is_not_carried_out(sign_in: SignIn) -> None:
    school = make_school()
    make_roadmap(school=school)

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-rm]")

    assert "Карта ещё не исполняется." in text


def test_readings_of_cycles_are_listed(sign_in: SignIn) -> None:
    school = make_school()
    make_open_cycle(schools=[school])

    text = card(sign_in(coordinator(school)), school, "[aria-labelledby=t-mon]")

    assert text == "Мониторинг Промежуточный мониторинг 2026 года Не начата"


def test_mentor_is_told_nothing_of_the_risks(sign_in: SignIn) -> None:
    """A mentor looks at schools and roadmaps alone; links to closed sections lead to a refusal, not to data."""
    school = make_school()
    profile = make_profile(school=school, state=ProfileState.APPROVED)
    client = sign_in(make_user(role=Role.MENTOR, school=school))

    assert client.get(profile.get_absolute_url()).status_code == 403


@pytest.mark.parametrize("works", [1, 3])
def test_card_takes_the_same_queries_for_any_number_of_works(
    works: int,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    school = make_school()
    make_list([school])
    make_profile(school=school, state=ProfileState.APPROVED)
    make_running(school=school, measures=works)
    for grade in range(5, 5 + works):
        make_result(school=school, grade=grade)
    make_open_cycle(schools=[school])
    client = sign_in(coordinator(school))

    with django_assert_num_queries(25):
        client.get(url(school))
