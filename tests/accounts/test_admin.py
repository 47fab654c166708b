"""The administrator's site: people and roles are made there, every write leaves an event, records only read."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from schools.models import Membership
from tests.factories.schools import make_school, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(sign_in: Callable[[User], Client]) -> Client:
    return sign_in(make_user(is_staff=True, is_superuser=True))


LISTS = [
    pattern.name
    for resolver in admin.site.urls[0]
    for pattern in getattr(resolver, "url_patterns", [])
    if str(pattern.name).endswith("_changelist")
]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_the_site_opens(name: str, administrator: Client) -> None:
    assert administrator.get(reverse(f"admin:{name}")).status_code == 200


def test_role_given_on_the_site_leaves_an_event(administrator: Client) -> None:
    user, school = make_user(), make_school()
    post = {"user": user.pk, "role": Role.CURATOR, "school": school.pk}

    response = administrator.post(reverse("admin:schools_membership_add"), post)

    assert response.status_code == 302
    assert Membership.objects.get(user=user).school == school
    assert AuditEvent.objects.get(code=AuditCode.ADMIN_WRITE).meta == {"act": "added"}


def test_change_on_the_site_names_the_fields_and_no_values(administrator: Client) -> None:
    user = make_user(username="anna")
    post = {"username": "anna", "last_name": "Новая", "first_name": "Анна", "is_active": "on"}

    administrator.post(reverse("admin:accounts_user_change", args=[user.pk]), post)

    meta = AuditEvent.objects.get(code=AuditCode.ADMIN_WRITE).meta
    assert meta["act"] == "changed"
    assert "Новая" not in str(meta)


def test_role_in_a_territory_and_a_school_at_once_is_refused_in_words(administrator: Client) -> None:
    school = make_school()
    post = {"user": make_user().pk, "role": Role.CURATOR, "school": school.pk, "territory": school.territory_id}

    response = administrator.post(reverse("admin:schools_membership_add"), post)

    assert "Роль назначается либо в территории, либо в школе." in response.content.decode()


def test_audit_event_cannot_be_changed_on_the_site(administrator: Client) -> None:
    event = AuditEvent.objects.order_by("pk").first() or AuditEvent.objects.create(code="AUTH-01", hash="1" * 64)

    page = administrator.get(reverse("admin:accounts_auditevent_change", args=[event.pk]))

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()


def test_account_cannot_be_deleted_on_the_site(administrator: Client) -> None:
    response = administrator.post(reverse("admin:accounts_user_delete", args=[make_user().pk]), {"post": "yes"})

    assert response.status_code == 403
