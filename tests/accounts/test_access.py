"""The table of rights is whole and its printed copy is true."""

from io import StringIO
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.access import PUBLIC, SIGNED_IN, DeclaredView, access, public, signed_in
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.http import AuthenticatedHttpRequest
from accounts.management.commands.access_matrix import access_table
from accounts.models import AuditEvent, User
from accounts.permissions import PERMISSION_TITLES, ROLE_PERMISSIONS, Permission, Role, roles_with
from tests.factories.schools import make_school, make_territory, make_user


def view(request: AuthenticatedHttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def request_of(user: User) -> AuthenticatedHttpRequest:
    request = cast("AuthenticatedHttpRequest", RequestFactory().get("/"))
    request.user = user
    return request


def test_every_role_and_permission_is_in_the_tables() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set(PERMISSION_TITLES) == set(Permission)


def test_every_permission_is_held_by_somebody() -> None:
    assert [permission for permission in Permission if not roles_with(permission)] == []


def test_observer_only_looks() -> None:
    assert {p for p in ROLE_PERMISSIONS[Role.OBSERVER] if not p.startswith("view_")} == set()


def test_methodist_publishes_nothing() -> None:
    rights = ROLE_PERMISSIONS[Role.METHODIST]

    assert not rights & {Permission.PUBLISH_LIST, Permission.APPROVE_ROADMAP, Permission.DECIDE_IDENTIFICATION}


def test_printed_table_is_the_one_in_the_docs() -> None:
    printed = Path(settings.BASE_DIR, "docs", "access.md").read_text(encoding="utf-8")

    assert access_table() in printed


def test_decorators_declare_who_may_open() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def declared(view: object) -> Permission | str:
        return cast("DeclaredView", view).access

    assert declared(access(Permission.VIEW_SCHOOLS)(view)) == Permission.VIEW_SCHOOLS
    assert declared(signed_in(page)) == SIGNED_IN
    assert declared(public(page)) == PUBLIC


@pytest.mark.django_db
def test_access_refuses_a_role_without_the_permission() -> None:
    observer = make_user(role=Role.OBSERVER, territory=make_territory())

    with pytest.raises(PermissionDenied):
        access(Permission.IMPORT_RESULTS)(view)(request_of(observer))


@pytest.mark.django_db
def test_access_refuses_a_person_without_roles() -> None:
    with pytest.raises(PermissionDenied):
        access(Permission.VIEW_SCHOOLS)(view)(request_of(make_user()))


@pytest.mark.django_db
def test_person_with_two_roles_has_the_rights_of_both() -> None:
    territory = make_territory()
    user = make_user(role=Role.OBSERVER, territory=territory)
    user.memberships.create(role=Role.SCHOOL_ADMIN, school=make_school(territory=territory))

    assert user.roles == {Role.OBSERVER, Role.SCHOOL_ADMIN}
    assert user.may(Permission.FILL_SUBMISSION)


@pytest.mark.django_db
def test_sign_in_page_opens_without_a_session(client: Client) -> None:
    assert client.get("/login/").status_code == 200


@pytest.mark.django_db
def test_page_without_a_session_leads_to_sign_in(client: Client) -> None:
    response = client.get("/schools/")

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/schools/")


@pytest.mark.django_db
def test_fragment_without_a_session_is_401(client: Client) -> None:
    response = client.get("/schools/", headers={"HX-Request": "true"})

    assert response.status_code == 401


@pytest.mark.django_db
def test_preferences_are_kept_and_shown(client: Client) -> None:
    user = make_user()
    client.force_login(user)

    saved = client.post("/preferences/", {"size": "150"})
    refused = client.post("/preferences/", {"size": "900"})

    user.refresh_from_db()
    assert (saved.status_code, refused.status_code) == (204, 422)
    assert user.preferences == {"size": "150"}


@pytest.mark.django_db
def test_audit_verify_tells_the_number_of_events() -> None:
    record(AuditCode.RULE_SET_CHANGED, actor=None)
    out = StringIO()

    call_command("audit_verify", "--json", stdout=out)

    assert out.getvalue().strip() == '{"status": "ok", "events": 1}'


@pytest.mark.django_db
def test_audit_verify_names_the_first_broken_event() -> None:
    event = AuditEvent.objects.create(code=AuditCode.RULE_SET_CHANGED, hash="f" * 64)

    with pytest.raises(CommandError, match=f"ошибкой: {event.pk}"):
        call_command("audit_verify")


def test_signature_name_has_no_space_between_initials() -> None:
    user = User(last_name="Лапина", first_name="Нина", patronymic="Семёновна")

    assert user.signature_name == "Н.С.\u00a0Лапина"
    assert user.short_name == "Лапина\u00a0Н.\u00a0С."
