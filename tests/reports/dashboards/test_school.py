"""The card of a school leads where its reader may go."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from tests.factories.lists import make_published_list, make_verdict
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("role", "is_led"),
    [
        pytest.param(Role.SCHOOL_ADMIN, True, id="may read the verdict"),
        pytest.param(Role.CURATOR, False, id="may not"),
    ],
)
def test_list_leads_to_its_reasons_for_those_who_may_read_them(role: Role, is_led: bool, sign_in: SignIn) -> None:
    verdict = make_verdict()
    make_published_list(verdict.run)
    client = sign_in(make_user(role=role, school=verdict.school))

    page = client.get(reverse("dashboards:school", args=[verdict.school_id])).content.decode()

    assert "перечн" in page
    assert ("Почему в перечне" in page) is is_led
    assert (client.get(reverse("identification:explain", args=[verdict.pk])).status_code == 200) is is_led
