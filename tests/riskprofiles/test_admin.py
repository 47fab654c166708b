"""The administrator edits catalogues until a profile uses them, and never a profile past its pages."""

import pytest
from django.contrib.admin.sites import site
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from riskprofiles.models import FactorCatalogue, RiskProfile
from tests.factories.riskprofiles import make_catalogue, make_profile
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> User:
    return make_user(is_staff=True, is_superuser=True)


def rights(root: User, row: FactorCatalogue | RiskProfile) -> list[bool]:
    request = RequestFactory().get("/admin/")
    request.user = root
    model_admin = site.get_model_admin(type(row))
    return [
        model_admin.has_change_permission(request, row),
        model_admin.has_delete_permission(request, row),
    ]


def test_new_catalogue_can_be_edited_and_a_used_one_cannot(root: User) -> None:
    free, used = make_catalogue("2020"), make_profile(edition="2021").catalogue

    assert rights(root, free) == [True, True]
    assert rights(root, used) == [False, False]


def test_profile_is_only_looked_at(root: User) -> None:
    assert rights(root, make_profile()) == [False, False]


@pytest.mark.parametrize("model", ["factorcatalogue", "riskprofile"])
def test_lists_and_pages_open(model: str, root: User, client: Client) -> None:
    profile = make_profile()
    client.force_login(root)
    row = profile.catalogue if model == "factorcatalogue" else profile

    assert client.get(reverse(f"admin:riskprofiles_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:riskprofiles_{model}_change", args=[row.pk])).status_code == 200


def test_profile_is_not_made_by_hand(root: User, client: Client) -> None:
    client.force_login(root)

    assert client.get(reverse("admin:riskprofiles_riskprofile_add")).status_code == 403
