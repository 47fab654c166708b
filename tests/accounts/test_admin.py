"""The administrator's site: people and roles are made there, every write leaves an event, records only read."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from schools.models import LegalAct, Membership
from tests.factories.lists import make_list
from tests.factories.monitoring import make_open_cycle
from tests.factories.schools import make_school, make_territory, make_user

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
    post = {"user": make_user().pk, "role": Role.OBSERVER, "school": school.pk, "territory": school.territory_id}

    response = administrator.post(reverse("admin:schools_membership_add"), post)

    assert "Роль назначается либо в территории, либо в школе." in response.content.decode()


@pytest.mark.parametrize(
    ("role", "where", "refusal"),
    [
        pytest.param(Role.SCHOOL_ADMIN, "territory", "назначается в школе", id="school role in a territory"),
        pytest.param(Role.REGIONAL_ADMIN, "school", "назначается в территории", id="region led from a school"),
        pytest.param(Role.REGIONAL_ADMIN, "territory", "назначается в регионе", id="region led from a municipality"),
        pytest.param(Role.METHODIST, "territory", "", id="methodist of a municipality"),
        pytest.param(Role.OBSERVER, "school", "", id="observer of a school"),
    ],
)
def test_role_is_given_only_where_it_makes_sense(administrator: Client, role: Role, where: str, refusal: str) -> None:
    school, user = make_school(), make_user()
    place = {"school": school.pk, "territory": school.territory_id}[where]

    response = administrator.post(
        reverse("admin:schools_membership_add"), {"user": user.pk, "role": role, where: place}
    )

    assert Membership.objects.filter(user=user).exists() is not bool(refusal)
    assert refusal in response.content.decode()


def test_document_that_something_rests_on_is_only_looked_at(administrator: Client) -> None:
    used = make_list([make_school()], year=2025).basis_document
    free = LegalAct.objects.create(territory=make_territory(), date=date(2026, 9, 1), number="5")
    post = {"kind": "order", "issuer_genitive": "управления", "date": "2026-09-01", "number": "999"}

    assert used
    answers = [
        administrator.post(
            reverse("admin:schools_legalact_change", args=[act.pk]), {**post, "territory": act.territory_id}
        )
        for act in (used, free)
    ]

    assert [answer.status_code for answer in answers] == [403, 302]
    assert set(LegalAct.objects.filter(number="999")) == {free}


def test_metrics_that_a_cycle_has_used_are_only_looked_at(administrator: Client) -> None:
    cycle = make_open_cycle()
    url = reverse("admin:monitoring_metricset_change", args=[cycle.metric_set_id])

    assert 'name="_save"' not in administrator.get(url).content.decode()
    assert administrator.post(url, {"title": "Другое"}).status_code == 403


def test_name_of_a_school_changes_on_its_card_and_not_on_the_site(administrator: Client) -> None:
    school = make_school(name="Прежняя")

    page = administrator.get(reverse("admin:schools_school_change", args=[school.pk])).content.decode()

    assert 'name="name"' not in page
    assert 'name="students"' in page


def test_audit_event_cannot_be_changed_on_the_site(administrator: Client) -> None:
    event = AuditEvent.objects.order_by("pk").first() or AuditEvent.objects.create(code="AUTH-01", hash="1" * 64)

    page = administrator.get(reverse("admin:accounts_auditevent_change", args=[event.pk]))

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()


def test_account_cannot_be_deleted_on_the_site(administrator: Client) -> None:
    response = administrator.post(reverse("admin:accounts_user_delete", args=[make_user().pk]), {"post": "yes"})

    assert response.status_code == 403
