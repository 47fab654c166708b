import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.roadmaps import make_running

pytestmark = pytest.mark.django_db


def test_admin_shows_roadmaps_and_changes_nothing(client: Client) -> None:
    roadmap = make_running()
    client.force_login(User.objects.create_superuser("root"))
    url = reverse("admin:roadmaps_roadmap_change", args=[roadmap.pk])

    assert "Провести диагностику" in client.get(url).content.decode()
    assert client.get(reverse("admin:roadmaps_roadmap_changelist")).status_code == 200
    assert client.get(reverse("admin:roadmaps_evidence_changelist")).status_code == 200
    assert client.post(url, {"title": "Другое"}).status_code == 403
    assert client.get(reverse("admin:roadmaps_roadmap_add")).status_code == 403
