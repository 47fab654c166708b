"""The account of the operator's commands."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Permission, Role
from schools.access import may
from schools.actions.service import SERVICE_LOGIN, service_account
from tests.factories.schools import make_region, make_school

pytestmark = pytest.mark.django_db


def test_account_is_made_once() -> None:
    region = make_region()

    first, second = service_account(region), service_account(region)

    assert first == second
    assert User.objects.filter(username=SERVICE_LOGIN).count() == 1
    assert first.memberships.count() == 1


def test_nobody_signs_in_with_it(client: Client) -> None:
    account = service_account(make_region())

    assert not account.is_active
    assert not account.has_usable_password()
    assert not client.login(username=SERVICE_LOGIN, password="")


def test_account_acts_in_every_region_it_was_asked_for() -> None:
    first, second = make_school(), make_school()
    for school in (first, second):
        region = school.territory.parent
        assert region is not None
        account = service_account(region)

    assert account.roles == {Role.REGIONAL_ADMIN}
    assert may(account, Permission.IMPORT_RESULTS, first)
    assert may(account, Permission.IMPORT_RESULTS, second)
