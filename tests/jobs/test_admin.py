import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from jobs.choices import JobState
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db

CHANGELIST = "admin:jobs_job_changelist"


@pytest.fixture
def support(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("support"))
    return client


def test_support_finds_a_job_by_the_number_that_its_person_was_told(support: Client) -> None:
    told = make_job(state=JobState.FAILED, title="Справка за 2026 год")
    make_job(title="Другая справка")

    html = support.get(reverse(CHANGELIST), {"q": str(told.pk)[:8]}).content.decode()

    assert "Справка за 2026 год" in html
    assert "Другая справка" not in html


@pytest.mark.parametrize("page", ["add", "delete"])
def test_support_changes_nothing(support: Client, page: str) -> None:
    arguments = () if page == "add" else (make_job().pk,)

    response = support.post(reverse(f"admin:jobs_job_{page}", args=arguments), {"post": "yes"})

    assert response.status_code == 403
