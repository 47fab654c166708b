"""What every request passes through."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory

from accounts.audit import origin, record
from accounts.choices import AuditCode, Outcome
from accounts.middleware import HtmxLoginMiddleware, NotAllowedPageMiddleware, RequestContextMiddleware
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from tests.factories.schools import make_region, make_territory, make_user

SignIn = Callable[[User], Client]
PASSWORD = "соль-и-перец-12"


def pass_through(middleware: type, answer: Callable[[HttpRequest], HttpResponse], **headers: str) -> HttpResponse:
    response: HttpResponse = middleware(answer)(RequestFactory().get("/schools/", headers=headers))
    return response


def test_answer_carries_the_id_of_the_request() -> None:
    response = pass_through(RequestContextMiddleware, lambda _request: HttpResponse())

    assert uuid.UUID(response["X-Request-Id"])


def test_every_request_has_an_id_of_its_own() -> None:
    ids = {pass_through(RequestContextMiddleware, lambda _request: HttpResponse())["X-Request-Id"] for _ in range(2)}

    assert len(ids) == 2


def test_origin_is_known_during_the_request_and_forgotten_after() -> None:
    seen = []

    def answer(_request: HttpRequest) -> HttpResponse:
        seen.append(origin.get())
        return HttpResponse()

    response = pass_through(RequestContextMiddleware, answer)

    assert (seen[0].request_id, seen[0].address) == (response["X-Request-Id"], "127.0.0.1")
    assert origin.get().request_id == ""


def test_origin_is_forgotten_after_a_fault_too() -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pass_through(RequestContextMiddleware, answer)

    assert origin.get().request_id == ""


@pytest.mark.django_db
def test_event_of_a_command_has_no_request() -> None:
    event = record(AuditCode.RULE_SET_CHANGED, actor=None)

    assert (event.request_id, event.address) == ("", None)


@pytest.mark.parametrize(
    ("place", "headers", "status"),
    [
        pytest.param("/login/?next=/schools/", {"HX-Request": "true"}, 401, id="a fragment of an ended session"),
        pytest.param("/login/?next=/schools/", {}, 302, id="a page of an ended session"),
        pytest.param("/schools/", {"HX-Request": "true"}, 302, id="a fragment led elsewhere"),
    ],
)
def test_fragment_is_never_answered_with_the_sign_in_page(place: str, headers: dict[str, str], status: int) -> None:
    response = pass_through(HtmxLoginMiddleware, lambda _request: HttpResponseRedirect(place), **headers)

    assert response.status_code == status


def test_ended_session_is_told_in_words() -> None:
    response = pass_through(
        HtmxLoginMiddleware,
        lambda _request: HttpResponseRedirect("/login/"),
        **{"HX-Request": "true"},
    )

    assert response.content.decode() == "Сессия закончилась. Войдите снова."


# Sign-in leaves its traces


def events(code: AuditCode) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(code=code))


def knock(client: Client, username: str, password: str) -> HttpResponse:
    response: HttpResponse = client.post("/login/", {"username": username, "password": password})  # type: ignore[assignment]
    return response


@pytest.mark.django_db
def test_sign_in_is_recorded_with_its_address(client: Client) -> None:
    user = make_user(role=Role.METHODIST, territory=make_territory(), password=PASSWORD)

    response = knock(client, user.username, PASSWORD)

    (event,) = events(AuditCode.LOGIN)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert (event.actor, event.address, event.request_id) == (user, "127.0.0.1", response["X-Request-Id"])


@pytest.mark.django_db
def test_sign_out_is_recorded(sign_in: SignIn) -> None:
    user = make_user()

    sign_in(user).post("/logout/")

    assert [event.actor for event in events(AuditCode.LOGOUT)] == [user]


@pytest.mark.django_db
def test_failed_sign_in_names_the_account_and_no_password(client: Client) -> None:
    user = make_user(password=PASSWORD)

    knock(client, user.username, "не-тот-пароль")

    (event,) = events(AuditCode.LOGIN_FAILED)
    assert (event.actor, event.object_id, event.outcome) == (None, str(user.pk), Outcome.REFUSED)
    assert "пароль" not in str(event.meta)


@pytest.mark.django_db
def test_failed_sign_in_of_nobody_is_recorded_too(client: Client) -> None:
    knock(client, "nobody", "пароль")

    assert [event.object_id for event in events(AuditCode.LOGIN_FAILED)] == [""]


@pytest.mark.django_db
def test_switched_off_account_does_not_sign_in(client: Client) -> None:
    user = make_user(password=PASSWORD, is_active=False)

    assert knock(client, user.username, PASSWORD).status_code == 200
    assert events(AuditCode.LOGIN) == []


@pytest.mark.django_db
def test_wrong_password_is_told_without_saying_which_part_is_wrong(client: Client) -> None:
    user = make_user(password=PASSWORD)

    known, unknown = (knock(client, name, "нет").content.decode() for name in (user.username, "nobody"))

    assert known.count("alert") == unknown.count("alert")


@pytest.mark.django_db
def test_many_failures_lock_the_account_even_for_the_right_password(client: Client, settings: Any) -> None:
    settings.AXES_ENABLED = True
    user = make_user(password=PASSWORD)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        knock(client, user.username, "не-тот-пароль")

    response = knock(client, user.username, PASSWORD)

    assert response.status_code in {403, 429}
    assert events(AuditCode.LOCKED_OUT)
    assert events(AuditCode.LOGIN) == []


@pytest.mark.django_db
def test_signed_in_person_is_led_past_the_sign_in_page(sign_in: SignIn) -> None:
    response = sign_in(make_user()).get("/login/")

    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.django_db
def test_sign_in_leads_to_no_foreign_site(client: Client) -> None:
    user = make_user(password=PASSWORD)

    response = client.post("/login/?next=https://evil.example/", {"username": user.username, "password": PASSWORD})

    assert response["Location"] == "/"


@pytest.mark.django_db
def test_signing_out_by_a_link_is_refused(sign_in: SignIn) -> None:
    assert sign_in(make_user()).get("/logout/").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/identification/rules/load/", "/identification/"),
        ("/preferences/", "/"),
    ],
)
def test_address_of_a_form_opened_as_a_page_says_where_to_go(sign_in: SignIn, path: str, link: str) -> None:
    client = sign_in(make_user(role=Role.REGIONAL_ADMIN, territory=make_region()))

    response = client.get(path)

    page = BeautifulSoup(response.content, "html.parser")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert page.h1.get_text() == "Этот адрес не открывается"  # type: ignore[union-attr]
    assert page.select_one(".error-page a")["href"] == link  # type: ignore[index]


def test_other_answers_pass_as_they_are() -> None:
    response = pass_through(NotAllowedPageMiddleware, lambda _request: HttpResponse("нет", status=404))

    assert (response.status_code, response.content.decode()) == (404, "нет")
