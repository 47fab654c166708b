"""The choice of kinds on the page of a run, the button of a social run, and what their lists show."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from schools.actions.lists import approve_list, draft_list
from schools.choices import ListKind
from schools.models import IdentificationRun, SchoolList, Territory
from tests.factories import social
from tests.factories.lists import (
    AT,
    include_everyone,
    make_draft,
    make_high_school,
    make_list,
    make_low_school,
    make_marked_school,
    make_near_school,
    make_published_list,
    make_run,
    make_run_of_kinds,
    publish_kind,
)
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


@pytest.fixture
def browser(sign_in: SignIn, coordinator: User) -> Client:
    return sign_in(coordinator)


@pytest.fixture
def run(territory: Territory) -> IdentificationRun:
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    return make_run(territory=territory)


def page_of(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def text_of(page: BeautifulSoup, selector: str = "main") -> str:
    found = " ".join(each.get_text(" ") for each in page.select(selector))
    return " ".join(found.replace("\u00a0", " ").split())


def entries(page: BeautifulSoup) -> list[str]:
    found = [each.get_text(" ") for each in page.select(".page-head .dropdown-menu .dropdown-item")]
    return [" ".join(each.replace("\u00a0", " ").split()) for each in found]


def test_run_offers_the_kinds_that_have_schools(browser: Client, run: IdentificationRun) -> None:
    page = page_of(browser, run.get_absolute_url())

    assert entries(page) == ["Перечень ШНОР: 0 школ", "Группа риска: 1 школа"]
    first, second = page.select(".page-head .dropdown-menu button")
    assert (first.has_attr("disabled"), second.has_attr("disabled")) == (True, False)
    assert text_of(page, "#why-not") == "ШНОР: сначала примите решение по 1 школе"


def test_run_offers_every_kind_of_its_rule(browser: Client, territory: Territory) -> None:
    make_marked_school(territory=territory)
    make_high_school(territory=territory)
    make_near_school(territory=territory)

    offered = entries(page_of(browser, make_run_of_kinds(territory=territory).get_absolute_url()))

    assert offered[1:] == [
        "Группа риска: 1 школа",
        "Школы с признаками необъективных результатов: 1 школа",
        "Школы со стабильно высокими результатами: 1 школа",
    ]


def test_run_without_other_kinds_keeps_its_plain_button(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)

    page = page_of(browser, make_run(territory=territory).get_absolute_url())

    assert entries(page) == []
    assert page.select_one("button[aria-describedby=why-not]") is not None


def test_list_of_low_results_and_the_others_stand_side_by_side(
    browser: Client, run: IdentificationRun, coordinator: User
) -> None:
    own = make_draft(run, coordinator)
    risk = draft_list(run=run, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)

    page = page_of(browser, run.get_absolute_url())

    assert page.select_one(f'.page-head a.btn-primary[href="{own.get_absolute_url()}"]') is not None
    assert entries(page) == ["Группа риска: черновик"]
    assert page.select_one(f'.dropdown-item[href="{risk.get_absolute_url()}"]') is not None


def test_kinds_with_a_published_list_are_not_offered_again(
    browser: Client, run: IdentificationRun, coordinator: User
) -> None:
    """What would be refused is no button: the page of another run leads to the list that stands."""
    own = make_published_list(run, coordinator)
    risk = publish_kind(run, ListKind.RISK_GROUP, coordinator)

    page = page_of(browser, make_run(territory=run.territory).get_absolute_url())

    assert entries(page) == ["Перечень ШНОР: уже опубликован", "Группа риска: уже опубликован"]
    links = [each["href"] for each in page.select(".page-head a.dropdown-item")]
    assert links == [own.get_absolute_url(), risk.get_absolute_url()]
    assert page.select(".page-head .dropdown-menu button") == []
    assert text_of(page, "#why-not") == "ШНОР: новый составляют, когда прежний отменён приказом"


def test_plain_button_gives_way_to_the_published_list(browser: Client, territory: Territory, coordinator: User) -> None:
    make_low_school(territory=territory)
    own = make_published_list(make_run(territory=territory), coordinator)

    page = page_of(browser, make_run(territory=territory).get_absolute_url())

    assert page.select(f'.page-head a[href="{own.get_absolute_url()}"]')
    assert page.select(".page-head form") == []


def test_draft_beside_a_published_list_says_what_comes_first(
    browser: Client, territory: Territory, coordinator: User
) -> None:
    low = make_low_school(territory=territory)
    run = make_run(territory=territory)
    approved = approve_list(school_list=make_draft(run, coordinator), by=coordinator, at=AT)
    standing = make_list([low])

    page = page_of(browser, approved.get_absolute_url())

    assert page.select_one(f'.note-warn a[href="{standing.get_absolute_url()}"]') is not None
    assert "сначала отмените его приказом" in text_of(page, ".note-warn")
    assert page.select_one("#t-publish") is None


def test_observer_is_offered_nothing_to_draft(run: IdentificationRun, sign_in: SignIn, coordinator: User) -> None:
    client = sign_in(make_user(role=Role.OBSERVER, territory=run.territory))
    before = entries(page_of(client, run.get_absolute_url()))
    draft_list(run=run, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)

    page = page_of(client, run.get_absolute_url())

    assert (before, entries(page)) == ([], ["Группа риска: черновик"])
    assert page.select_one(".page-head form") is None


def test_chosen_kind_is_drafted(browser: Client, run: IdentificationRun) -> None:
    response = browser.post(reverse("identification:draft", args=[run.pk]), {"kind": "risk_group"}, follow=True)

    text = text_of(BeautifulSoup(response.content, "html.parser"))
    assert SchoolList.objects.get().kind == ListKind.RISK_GROUP
    assert "Группа риска по результатам 2026 года Черновик" in text
    assert "Решение о включении не требуется." in text
    assert "Близкая" in text
    assert "примите решение" not in text


def test_without_a_kind_the_list_of_low_results_is_drafted(
    browser: Client, run: IdentificationRun, coordinator: User
) -> None:
    include_everyone(run, coordinator)

    browser.post(reverse("identification:draft", args=[run.pk]))

    assert SchoolList.objects.get().kind == ListKind.MUNICIPAL


@pytest.mark.parametrize("kind", ["shnsu", "federal", "no_such", "x" * 5000, "\x00", "risk_group'--", "high_results"])
def test_kind_that_cannot_be_drafted_is_told_and_stores_nothing(
    browser: Client, run: IdentificationRun, kind: str
) -> None:
    response = browser.post(reverse("identification:draft", args=[run.pk]), {"kind": kind}, follow=True)

    text = text_of(BeautifulSoup(response.content, "html.parser"), "body")
    assert response.status_code == 200
    assert "Такого перечня нет. Выберите вид из предложенных." in text or "ни одна школа" in text
    assert not SchoolList.objects.exists()


def test_new_run_is_not_compared_with_another_kind_of_list(browser: Client, run: IdentificationRun) -> None:
    publish_kind(run, ListKind.RISK_GROUP)

    text = text_of(page_of(browser, make_run(territory=run.territory).get_absolute_url()))

    assert "Опубликованный перечень не меняется." not in text


def test_school_reads_why_it_is_in_the_risk_group(run: IdentificationRun, sign_in: SignIn) -> None:
    school = run.verdicts.get(school__name="Близкая").school
    published = publish_kind(run, ListKind.RISK_GROUP)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))

    why = published.items.get().why_url
    assert f'href="{why}"' in client.get(school.get_absolute_url()).content.decode()
    assert "группа риска" in text_of(page_of(client, why))
    assert "Перечень утверждён приказом" in text_of(page_of(client, why))


def test_school_reads_the_signs_on_its_own_page(territory: Territory, sign_in: SignIn) -> None:
    school = make_marked_school(territory=territory)
    publish_kind(make_run_of_kinds(territory=territory), ListKind.BIAS_MARKERS)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))

    text = text_of(page_of(client, school.get_absolute_url()))

    assert "Школы с признаками необъективных результатов" in text
    assert "признаки необъективности результатов" in text


# A social run


def test_social_run_drafts_its_list(browser: Client, territory: Territory) -> None:
    run = social.make_run({make_school(territory=territory, name="Трудная"): social.HARD})
    before = text_of(page_of(browser, run.get_absolute_url()), ".page-head")

    response = browser.post(reverse("identification:social_draft", args=[run.pk]), follow=True)

    text = text_of(BeautifulSoup(response.content, "html.parser"))
    assert "Составить перечень ШНСУ: 1 школа" in before
    assert "Перечень ШНСУ по контингенту на 1 октября 2025 года Черновик" in text
    assert "Трудная" in text
    assert "не официальная методика" in text
    assert "Перечень ШНСУ: черновик" in text_of(page_of(browser, run.get_absolute_url()), ".page-head")


def test_social_run_leads_to_the_list_that_stands(browser: Client, territory: Territory) -> None:
    school = make_school(territory=territory, name="Трудная")
    run = social.make_run({school: social.HARD})
    standing = make_list([school], kind=ListKind.SHNSU, year=run.year)

    page = page_of(browser, run.get_absolute_url())

    assert page.select_one(f'.page-head a[href="{standing.get_absolute_url()}"]') is not None
    assert page.select(".page-head form") == []


def test_social_run_without_hard_schools_has_no_button(browser: Client, territory: Territory) -> None:
    run = social.make_run({make_school(territory=territory): social.WORKED})

    assert "Составить перечень" not in text_of(page_of(browser, run.get_absolute_url()))
    response = browser.post(reverse("identification:social_draft", args=[run.pk]), follow=True)

    assert "не попадает ни одна школа" in text_of(BeautifulSoup(response.content, "html.parser"), "body")
    assert not SchoolList.objects.exists()


def test_others_draft_no_social_list(territory: Territory, sign_in: SignIn) -> None:
    run = social.make_run({make_school(territory=territory): social.HARD})
    url = reverse("identification:social_draft", args=[run.pk])

    stranger = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))
    assert stranger.post(url).status_code == 404
    observer = sign_in(make_user(role=Role.OBSERVER, territory=territory))
    assert observer.post(url).status_code == 403
    assert not SchoolList.objects.exists()


SOCIAL_LIST_QUERIES = 10


@pytest.mark.parametrize("schools", [1, 4])
def test_social_list_takes_the_same_queries(
    browser: Client, territory: Territory, schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = social.make_run({make_school(territory=territory): social.HARD for _ in range(schools)})
    browser.post(reverse("identification:social_draft", args=[run.pk]))
    url = SchoolList.objects.get().get_absolute_url()

    with django_assert_num_queries(SOCIAL_LIST_QUERIES):
        browser.get(url)
