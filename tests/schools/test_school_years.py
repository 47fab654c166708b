"""A school through the years."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from schools.actions.lists import cancel_list
from schools.actions.reorganisation import merge_schools, register_anew
from schools.choices import ListKind
from schools.models import IdentificationRun, School, SchoolSuccession
from schools.school_years import SchoolYear, years_of
from tests.factories.lists import AT, make_list, make_low_school, make_order, make_published_list, make_run
from tests.factories.schools import make_inn, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def school() -> School:
    return make_low_school(territory=make_territory())


@pytest.fixture
def coordinator(school: School) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)


def later_run(school: School, days: int = 1) -> IdentificationRun:
    run = make_run(territory=school.territory)
    IdentificationRun.objects.filter(pk=run.pk).update(created_at=AT + timedelta(days=days))
    return run


def test_verdict_beside_a_list_is_that_of_its_run_and_a_later_run_is_told_apart(
    school: School, coordinator: User
) -> None:
    listed = make_published_list(make_run(territory=school.territory)).run
    later_run(school)
    newest = later_run(school, days=2)

    (only,) = years_of(school, coordinator)

    assert [verdict.run for verdict in only.grounds] == [listed]
    assert only.newest_other
    assert only.newest_other.run == newest


def test_run_of_the_list_is_told_once_when_it_is_the_newest(school: School, coordinator: User) -> None:
    make_run(territory=school.territory)
    run = later_run(school)
    make_published_list(run)

    (only,) = years_of(school, coordinator)

    assert ([verdict.run for verdict in only.grounds], only.newest_other) == ([run], None)


def test_list_from_a_document_rests_on_no_run(school: School, coordinator: User) -> None:
    make_list([school])
    run = make_run(territory=school.territory)

    (only,) = years_of(school, coordinator)

    assert only.grounds == []
    assert only.newest_other
    assert only.newest_other.run == run


def test_years_hold_lists_and_the_newest_verdict(school: School, coordinator: User) -> None:
    make_list([school], year=2025)
    make_list([school], kind=ListKind.FEDERAL)
    make_run(territory=school.territory)
    newest = later_run(school)

    first, second = years_of(school, coordinator)

    assert [(first.year, first.is_listed), (second.year, second.is_listed)] == [(2026, True), (2025, True)]
    assert first.newest_other
    assert first.newest_other.run == newest
    assert second.seen == []


def test_list_of_strong_schools_is_no_support(school: School, coordinator: User) -> None:
    make_list([school], kind=ListKind.MENTOR_SCHOOLS, year=2024)

    (only,) = years_of(school, coordinator)

    assert (only.year, len(only.items), only.is_listed) == (2024, 1, False)


def test_annulled_list_stays_in_the_history_and_a_draft_is_not_in_it(school: School, coordinator: User) -> None:
    published = make_published_list(make_run(territory=school.territory))
    cancel_list(school_list=published, order=make_order(school.territory, "9"), by=coordinator, at=AT)
    make_list([school], state="draft", year=2023)  # type: ignore[arg-type]

    (only,) = years_of(school, coordinator)

    assert (only.items[0].school_list.state, only.is_listed) == ("cancelled", False)


def test_school_itself_sees_what_is_published(school: School) -> None:
    director = make_user(role=Role.SCHOOL_ADMIN, school=school)
    make_run(territory=school.territory)
    assert years_of(school, director) == []

    make_published_list(make_run(territory=school.territory))

    (only,) = years_of(school, User.objects.get(pk=director.pk))
    assert (only.is_listed, len(only.grounds)) == (True, 1)


@pytest.mark.parametrize("years", [1, 3])
def test_history_takes_four_queries(
    school: School, coordinator: User, years: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for year in range(2026 - years, 2026):
        make_list([school], year=year)
    assert coordinator.active_memberships

    with django_assert_num_queries(4):
        assert len(years_of(school, coordinator)) == years


def text_of_years(years: list[SchoolYear]) -> str:
    html = render_to_string("schools/_years.html", {"years": years, "may_explain": True})
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").replace("\u00a0", " ").split())


def anew(school: School, by: User, number: int = 777) -> School:
    inn = make_inn(5_000_000 + number)
    return register_anew(school=school, inn=inn, ogrn="", on=SEPTEMBER, by=by, at=AT)


def test_years_hold_the_lists_of_the_former_legal_person(school: School, coordinator: User) -> None:
    make_list([school], year=2025)
    make_list([school], year=2024, kind=ListKind.FEDERAL)
    heir = anew(school, coordinator)

    years = years_of(heir, coordinator)

    assert [(each.year, len(each.items), [line.whose for line in each.inherited]) for each in years] == [
        (2025, 0, [f"{school.name}, прежнее юридическое лицо до 01.09.2026"]),
        (2024, 0, [f"{school.name}, прежнее юридическое лицо до 01.09.2026"]),
    ]
    assert "В перечнях не было" not in text_of_years(years)


def test_year_tells_its_own_list_from_that_of_a_merged_school(school: School, coordinator: User) -> None:
    merged = make_low_school(territory=school.territory, name="СОШ № 3")
    make_list([school, merged], year=2025)
    merge_schools(predecessors=[merged], successor=school, on=SEPTEMBER, by=coordinator, at=AT)

    (only,) = years_of(school, coordinator)

    assert [item.school for item in only.items] == [school]
    assert [(line.item.school, line.whose) for line in only.inherited] == [(merged, "СОШ № 3, присоединена 01.09.2026")]
    assert only.is_listed
    assert text_of_years([only]).count("СОШ № 3, присоединена 01.09.2026") == 1


def test_lists_of_a_former_school_are_seen_by_those_who_may_see_that_school(school: School, coordinator: User) -> None:
    make_list([school], year=2025)
    far = make_school(name="Гимназия № 6")
    reorganiser = make_user(role=Role.REGIONAL_ADMIN, territory=far.territory)
    SchoolSuccession.objects.create(
        predecessor=school, successor=far, date=SEPTEMBER, kind="merger", recorded_by=reorganiser, recorded_at=AT
    )
    keeper = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=far.territory)

    assert years_of(far, keeper) == []
    assert [len(each.inherited) for each in years_of(far, coordinator)] == [1]


@pytest.mark.parametrize("number", [1, 3])
def test_history_of_an_heir_takes_one_query_more(
    school: School, coordinator: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        merged = make_school(territory=school.territory)
        make_list([merged], year=2025, territory=make_territory())
        merge_schools(predecessors=[merged], successor=school, on=SEPTEMBER, by=coordinator, at=AT)
    assert coordinator.active_memberships

    with django_assert_num_queries(5):
        (only,) = years_of(school, coordinator)

    assert len(only.inherited) == number


def test_card_tells_the_verdict_of_the_list_and_then_the_other_run(school: School, coordinator: User) -> None:
    make_published_list(make_run(territory=school.territory))
    later_run(school)

    html = render_to_string("schools/_years.html", {"years": years_of(school, coordinator), "may_explain": True})
    text = " ".join(BeautifulSoup(html, "html.parser").get_text().replace("\u00a0", " ").split())

    assert "Вывод правила в расчёте перечня: низкие результаты (RU-2025, версия 1, рассчитано" in text
    assert "решение: включена Другой расчёт, перечень составлен не по нему: низкие результаты" in text
