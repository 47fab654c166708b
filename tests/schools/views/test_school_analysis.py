"""The pages of a school: its results through the years, its conditions and similar schools."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from schools.models import School, Territory
from tests.factories.schools import make_actor, make_result, make_school, make_territory, make_user
from tests.factories.social import HARD, WORKED, make_run
from tests.schools.similar.test_reading import make_rural, tell_context

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGES = ("schools:results", "schools:conditions")


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def coordinator(school: School) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)


def words(client: Client, school: School, page: str = "results", part: str = "main", query: str = "") -> str:
    response = client.get(f"{reverse(f'schools:{page}', args=[school.pk])}{query}")
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(" ".join(one.get_text(" ", strip=True) for one in soup.select(part)).replace("\u00a0", " ").split())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", list(Role))
def test_pages_open_to_every_role_of_the_place(page: str, role: Role, sign_in: SignIn) -> None:
    school = make_school()

    assert sign_in(make_actor(role, school)).get(reverse(page, args=[school.pk])).status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", list(Role))
def test_pages_of_a_foreign_school_are_not_found(page: str, role: Role, sign_in: SignIn) -> None:
    client = sign_in(make_actor(role, make_school()))

    assert client.get(reverse(page, args=[make_school().pk])).status_code == 404


@pytest.mark.parametrize("page", ["results", "conditions"])
def test_tabs_lead_to_the_other_pages(page: str, sign_in: SignIn) -> None:
    school = make_school()
    response = sign_in(coordinator(school)).get(reverse(f"schools:{page}", args=[school.pk]))
    tabs = BeautifulSoup(response.content, "html.parser").select(".nav-tabs a")

    assert [tab.get_text() for tab in tabs] == ["Обзор", "Результаты", "Условия и похожие школы"]
    assert [tab.get("aria-current") for tab in tabs].count("page") == 1


def test_head_of_every_tab_says_the_same(sign_in: SignIn) -> None:
    school = make_school(students=0)
    client = sign_in(coordinator(school))
    names = ("dashboards:school", "schools:results", "schools:conditions")
    pages = [client.get(reverse(name, args=[school.pk])) for name in names]

    heads = [BeautifulSoup(page.content, "html.parser").select_one(".page-head p.mute") for page in pages]

    told = {" ".join(head.get_text().split()) for head in heads if head}
    assert len(told) == 1
    assert school.get_locality_display() in told.pop()


# Results


def two_years(
    school: School, before: tuple[int, ...] = (30, 20, 8, 2), after: tuple[int, ...] = (5, 30, 20, 5)
) -> None:
    for grade in (5, 6):
        make_result(school=school, grade=grade, year=2025, marks=(30, 20, 8, 2))
        make_result(school=school, grade=grade, year=2026, marks=(5, 30, 20, 5))


def test_results_stand_by_parallel_and_by_cohort(sign_in: SignIn) -> None:
    school = make_school()
    two_years(school)
    client = sign_in(coordinator(school))

    parallel = words(client, school, part="[aria-labelledby=t-parallel]")
    cohort = words(client, school, part="[aria-labelledby=t-cohort]")

    assert "Параллель: 2026 год к 2025" in parallel
    assert "30 из 60" in parallel
    assert "Положительная статистически значимо" in parallel
    assert "динамика положительная: ВПР, русский язык (5 и 6 классы)" in parallel
    assert "те же дети, другая работа" in cohort
    assert "ВПР, русский язык, 6 класс" in cohort
    assert "ВПР, русский язык, 5 класс" not in cohort  # their grade 4 wrote nothing
    assert "Динамика положительная" in words(client, school, part=".page-head")


def test_picture_repeats_numbers_of_the_table(sign_in: SignIn) -> None:
    school = make_school()
    two_years(school)
    response = sign_in(coordinator(school)).get(reverse("schools:results", args=[school.pk]))
    picture = BeautifulSoup(response.content, "html.parser").select_one("[aria-labelledby=t-slope] svg")

    assert picture is not None
    counts = "50 → 8,3 (30 из 60 → 5 из 60)"
    assert picture["aria-label"] == f"Доля «2», параллель к параллели: РУ-5: {counts}; РУ-6: {counts}"


def test_earlier_year_can_be_chosen_and_a_strange_one_is_the_newest(sign_in: SignIn) -> None:
    school = make_school()
    two_years(school)
    make_result(school=school, year=2024)
    client = sign_in(coordinator(school))

    assert "Параллель: 2025 год к 2024" in words(client, school, query="?year=2025")
    for strange in ("1999", "x", "", "٢٠٢٥", "9" * 40):
        assert "Параллель: 2026 год к 2025" in words(client, school, query=f"?year={strange}")


def test_years_that_cannot_be_compared_say_why(sign_in: SignIn) -> None:
    school = make_school()
    for year in (2019, 2020):
        make_result(school=school, year=year, marks=(10, 10, 10, 10))

    text = words(sign_in(coordinator(school)), school, part="[aria-labelledby=t-parallel]")

    assert "Несопоставимо В 2020 году ВПР писали в сентябре – октябре" in text


def test_school_without_results_says_so(sign_in: SignIn) -> None:
    school = make_school()

    assert "Результатов школы ещё нет" in words(sign_in(coordinator(school)), school)


def test_work_without_low_counts_shows_its_participants(sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, participants=30, mark2=None, mark3=None, mark4=None, mark5=None)

    assert "участников 30" in words(sign_in(coordinator(school)), school)


def test_signs_are_told_with_threshold_and_caution(sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, marks=(0, 20, 20, 5), lowered=1, confirmed=44, raised=0, objectivity_markers=["5РУ"])

    text = words(sign_in(coordinator(school)), school, part="[aria-labelledby=t-signs]")

    assert "признаки, требуют дополнительного анализа" in text
    assert "Признаки из файла региона: 5РУ" in text
    assert "Журнал подтвердили 44 из 45, отметок «2» нет" in text
    assert "Порог: подтвердили не менее 95 %" in text
    assert "а не вывод о школе" in text
    assert "необъективн" not in text


@pytest.mark.parametrize("role", [Role.MENTOR, Role.CURATOR])
def test_signs_are_not_for_those_outside_identification(role: Role, sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, objectivity_markers=["5РУ"])

    text = words(sign_in(make_user(role=role, school=school)), school)

    assert "5РУ" not in text
    assert "внимательнее" not in text


@pytest.mark.parametrize("works", [1, 5])
def test_results_take_the_same_queries_for_any_number_of_works(
    works: int, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    school = make_school()
    for grade in range(4, 4 + works):
        make_result(school=school, grade=grade)
    client = sign_in(coordinator(school))

    with django_assert_num_queries(8):
        client.get(reverse("schools:results", args=[school.pk]))


# Conditions


def rural_group(territory: Territory) -> tuple[School, School]:
    """Return a school and a better one among four like them."""
    school, better = make_rural(territory, low=20, name="Наша ООШ"), make_rural(territory, low=2, name="Лучшая ООШ")
    for each in (school, better, make_rural(territory, low=10), make_rural(territory, low=15)):
        tell_context(each)
    return school, better


def test_group_stands_beside_the_school(territory: Territory, sign_in: SignIn) -> None:
    school, better = rural_group(territory)

    text = words(sign_in(coordinator(school)), school, "conditions", "[aria-labelledby=t-group]")

    assert "50,0 % (20 из 40 работ)" in text
    assert "22,5 % (27 из 120 работ)" in text
    assert "+27,5 п. п." in text
    assert better.name in text
    assert "результаты в сходство не входят" in text


def test_mentor_is_offered_with_reasons(territory: Territory, sign_in: SignIn) -> None:
    school, better = rural_group(territory)

    text = words(sign_in(coordinator(school)), school, "conditions", "[aria-labelledby=t-mentors]")

    assert better.name in text
    assert "меньше на 45,0 п. п." in text
    assert "тот же муниципалитет" in text


def test_head_of_a_school_reads_no_name_and_no_number_of_another(territory: Territory, sign_in: SignIn) -> None:
    school, better = rural_group(territory)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))

    text = words(client, school, "conditions")

    assert better.name not in text
    assert "2 из 40" not in text
    assert text.count("другая школа муниципалитета") == 3
    assert "школа вне вашей территории" not in text
    assert "22,5 % (27 из 120 работ)" in text
    assert "Кандидаты есть. Другие школы видит муниципальный координатор" in text


def test_coordinator_reads_no_name_of_another_municipality(territory: Territory, sign_in: SignIn) -> None:
    school, _ = rural_group(territory)
    foreign = make_rural(make_territory(parent=territory.parent), low=1, name="Чужая ООШ")
    tell_context(foreign)

    text = words(sign_in(coordinator(school)), school, "conditions")

    assert foreign.name not in text
    assert "1 из 40" not in text
    assert "(27 из 120 работ)" in text


def test_index_of_the_school_leads_to_its_evidence(territory: Territory, sign_in: SignIn) -> None:
    school = make_rural(territory)
    index = make_run({school: WORKED}).indices.get()
    response = sign_in(coordinator(school)).get(reverse("schools:conditions", args=[school.pk]))
    section = BeautifulSoup(response.content, "html.parser").select_one("[aria-labelledby=t-social]")

    assert section is not None
    assert "43,6" in section.get_text()
    assert section.a is not None
    assert section.a["href"] == index.get_absolute_url()


def test_newest_index_is_shown_and_kept_from_a_mentor(territory: Territory, sign_in: SignIn) -> None:
    school = make_rural(territory)
    make_run({school: WORKED}, year=2024)
    make_run({school: HARD}, year=2025)

    assert "Сложные социальные условия" in words(sign_in(coordinator(school)), school, "conditions")
    mentor = make_user(role=Role.MENTOR, school=school)
    assert "Социальные условия" not in words(sign_in(mentor), school, "conditions", "[aria-labelledby=t-social]")


def test_region_without_forms_says_what_to_do(territory: Territory, sign_in: SignIn) -> None:
    school = make_rural(territory)

    text = words(sign_in(coordinator(school)), school, "conditions")

    assert "школы сообщают их в формах SA-1 и SA-2" in text
    assert "Индекс ещё не рассчитан" in text
    assert "Сравнили с" not in text
    assert "Других действующих школ в регионе: 0" in text


def test_school_without_forms_is_told_to_fill_them(territory: Territory, sign_in: SignIn) -> None:
    school = make_rural(territory)

    text = words(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school)), school, "conditions")

    assert "заполните формы SA-1 и SA-2" in text


def test_index_without_data_is_said_in_words(territory: Territory, sign_in: SignIn) -> None:
    school = make_rural(territory)
    make_run({school: {"parents_higher": ("24", "200")}})

    text = words(sign_in(coordinator(school)), school, "conditions", "[aria-labelledby=t-social]")

    assert "не рассчитан: сведений мало" in text
    assert "из 100" not in text


@pytest.mark.parametrize("schools", [3, 9])
def test_conditions_take_the_same_queries_for_any_number_of_schools(
    schools: int, territory: Territory, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    every = [make_rural(territory, low=4 * number) for number in range(schools)]
    for each in every:
        tell_context(each)
    make_run(dict.fromkeys(every, WORKED))
    client = sign_in(coordinator(every[-1]))

    with django_assert_num_queries(19):
        client.get(reverse("schools:conditions", args=[every[-1].pk]))


@pytest.mark.parametrize(
    ("role", "is_offered"), [(Role.MUNICIPAL_COORDINATOR, True), (Role.METHODIST, True), (Role.OBSERVER, False)]
)
def test_results_lead_to_the_report_on_their_years(role: Role, is_offered: bool, sign_in: SignIn) -> None:
    school = make_school()
    for year in range(2020, 2027):
        make_result(school=school, year=year)
    client = sign_in(make_user(role=role, territory=school.territory))

    page = client.get(reverse("schools:results", args=[school.pk])).content.decode()

    asked = f"kind=R9&amp;scope=school%3A{school.pk}&amp;period=own&amp;period_from=2022-01-01&amp;period_to=2026-12-31"
    assert (asked in page) is is_offered
