"""Workbooks of runs and lists: who took one is an event, and nobody else gets it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from schools.models import SchoolList
from tests.factories.lists import make_low_school, make_published_list, make_run
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def published() -> SchoolList:
    territory = make_territory()
    make_low_school(territory=territory)
    return make_published_list(make_run(territory=territory))


def files_of(school_list: SchoolList) -> dict[str, tuple[str, str]]:
    """Return workbook -> its address and the id of what it tells of."""
    run = str(school_list.run_id)
    return {
        "run": (reverse("identification:download", args=[run]), run),
        "list": (reverse("identification:list_download", args=[school_list.pk]), str(school_list.pk)),
        "exclusions": (reverse("identification:exclusions_download", args=[school_list.pk]), str(school_list.pk)),
        "comparison": (reverse("identification:compare_download", args=[run, run]), run),
    }


@pytest.mark.parametrize("workbook", ["run", "list", "exclusions", "comparison"])
def test_download_leaves_an_event_and_is_closed_to_others(
    workbook: str, published: SchoolList, sign_in: SignIn
) -> None:
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=published.territory)
    stranger = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())
    url, object_id = files_of(published)[workbook]

    assert sign_in(stranger).get(url).status_code == 404
    assert sign_in(person).get(url).status_code == 200

    event = AuditEvent.objects.get(code=AuditCode.REPORT_DOWNLOADED)
    assert (event.actor, event.object_id, event.meta["workbook"]) == (person, object_id, workbook)
