from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts.context import SECTIONS, is_current, navigation
from accounts.permissions import Role
from tests.factories.jobs import make_job
from tests.factories.schools import make_school, make_territory, make_user


def request_of(user: Any, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    return request


def titles(user: Any) -> list[str]:
    return [item.title for item in navigation(request_of(user))["nav"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sections"),
    [
        (Role.MUNICIPAL_COORDINATOR, [section.title for section in SECTIONS if section.path != "self-assessment/"]),
        (Role.MENTOR, ["Сегодня", "Школы", "Дорожные карты"]),
        (Role.CURATOR, ["Сегодня", "Школы", "Рисковые профили", "Дорожные карты", "Мониторинг"]),
    ],
)
def test_sections_are_those_the_role_may_open(role: Role, sections: list[str]) -> None:
    assert titles(make_user(role=role, territory=make_territory())) == sections


@pytest.mark.django_db
def test_person_without_a_role_has_only_home() -> None:
    assert titles(make_user(role=None)) == ["Сегодня"]


def test_nobody_signed_in_has_no_sections() -> None:
    context = navigation(request_of(AnonymousUser()))
    assert list(context["nav"]) == []
    assert str(context["scope_title"]) == ""
    assert context["bell"].total == 0
    assert dict(context["a11y"]) == {}


def test_request_that_failed_before_the_session_has_no_sections() -> None:
    assert list(navigation(RequestFactory().get("/"))["nav"]) == []


@pytest.mark.parametrize(
    ("path", "url", "current"),
    [
        ("/", "/", True),
        ("/schools/", "/", False),
        ("/schools/", "/schools/", True),
        ("/schools/5/edit/", "/schools/", True),
        ("/reports/", "/schools/", False),
    ],
)
def test_section_of_the_page_is_current(path: str, url: str, current: bool) -> None:
    assert is_current(path, url) is current


@pytest.mark.django_db
def test_context_asks_nothing_until_it_is_shown(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = make_user()
    with django_assert_num_queries(0):
        navigation(request_of(user))


@pytest.mark.django_db
def test_place_of_the_person_is_named_once() -> None:
    territory = make_territory()
    user = make_user(role=Role.METHODIST, territory=territory)
    assert str(navigation(request_of(user))["scope_title"]) == str(territory)


@pytest.mark.django_db
def test_further_places_are_counted() -> None:
    user = make_user(role=Role.METHODIST, territory=make_territory())
    user.memberships.create(role=Role.CURATOR, school=make_school())
    assert str(navigation(request_of(user))["scope_title"]).endswith(" и ещё 1")


@pytest.mark.django_db
def test_only_running_jobs_of_the_person_are_counted() -> None:
    user = make_user()
    make_job(requested_by=user)
    make_job(requested_by=make_user())
    assert navigation(request_of(user))["bell"].jobs == 1


@pytest.mark.django_db
def test_page_is_rendered_in_the_chosen_look(client: Client) -> None:
    user = make_user(preferences={"size": "150", "contrast": "wb"})
    client.force_login(user)
    html = client.get("/jobs/").content.decode()
    assert '<html lang="ru" data-size="150" data-contrast="wb">' in html
