"""Who hears that a list is published or annulled."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import Notice, User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.lists import cancel_list
from schools.choices import ListKind
from schools.list_news import tell_published
from schools.models import School
from tests.factories.lists import AT, make_list, make_low_school, make_order, make_published_list, make_run
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def school() -> School:
    return make_low_school(territory=make_territory(), name="Низкая")


@pytest.fixture
def director(school: School) -> User:
    return make_user(role=Role.SCHOOL_ADMIN, school=school)


def words(response: Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(selector)
    return " ".join(found.get_text(" ").replace(NBSP, " ").split()) if found else ""


def test_school_hears_of_publication_with_a_link_to_its_reason(school: School, director: User) -> None:
    make_user(role=Role.SCHOOL_ADMIN, school=make_school(territory=school.territory))
    make_user(role=Role.CURATOR, school=school)  # a curator may not open the explanation

    published = make_published_list(make_run(territory=school.territory))

    notice = Notice.objects.get()
    assert (notice.user, notice.created_at) == (director, AT)
    assert notice.title == "Низкая: включена в перечень «Муниципальный перечень ШНОР по результатам 2026 года»"
    assert notice.text.startswith("Приказ управления образования от 15.10.2026")
    assert notice.url == reverse("identification:explain", args=[published.items.get().verdict_id])


def test_school_hears_of_annulment(school: School, director: User) -> None:
    published = make_published_list(make_run(territory=school.territory))
    order = make_order(school.territory, "500")

    cancel_list(school_list=published, order=order, by=make_user(), at=AT)

    newest = director.notices.newest_first()[0]
    assert newest.title.startswith("Низкая: отменён перечень «Муниципальный")
    assert {each.url for each in director.notices.all()} == {published.items.get().why_url}
    assert "№\u00a0500" in newest.text


def test_news_of_a_cancelled_list_lead_nowhere_that_is_closed(school: School, director: User, sign_in: SignIn) -> None:
    published = make_published_list(make_run(territory=school.territory))

    cancel_list(school_list=published, order=make_order(school.territory, "500"), by=make_user(), at=AT)

    client = sign_in(director)
    assert [client.get(notice.url).status_code for notice in director.notices.newest_first()] == [200, 200]


def test_cancelled_draft_is_no_news(school: School, director: User) -> None:
    draft = make_list([school], state="draft")  # type: ignore[arg-type]

    cancel_list(school_list=draft, order=None, by=make_user(), at=AT)

    assert not director.notices.exists()


def test_list_without_a_run_leads_to_the_page_of_the_school(school: School, director: User) -> None:
    tell_published(make_list([school], kind=ListKind.MENTOR_SCHOOLS), by=make_user(), at=AT)

    notice = director.notices.get()
    assert notice.url == school.get_absolute_url()
    assert "Посмотрите, почему" not in notice.text


@pytest.mark.parametrize("schools", [1, 3])
def test_news_cost_the_same_for_any_number_of_schools(
    schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    territory = make_territory()
    listed = [make_school(territory=territory) for _ in range(schools)]
    for each in listed:
        make_user(role=Role.SCHOOL_ADMIN, school=each)
    school_list, person = make_list(listed, territory=territory), make_user()

    with django_assert_num_queries(3):
        assert tell_published(school_list, by=person, at=AT) == schools


def test_news_stand_on_today_and_at_the_bell_until_read(sign_in: SignIn, school: School, director: User) -> None:
    make_published_list(make_run(territory=school.territory))
    client = sign_in(director)

    assert "Новое для вас" in words(client.get("/"))
    assert "новых уведомлений: 1" in words(client.get("/"), "header")
    text = words(client.post(reverse("jobs:read_notices"), follow=True))

    assert "Низкая: включена в перечень" in text
    assert "Новое для вас" not in words(client.get("/"))
