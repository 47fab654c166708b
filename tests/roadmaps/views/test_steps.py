"""The way through agreement over HTTP, as its people."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from roadmaps.choices import RevisionReason, RoadmapState
from roadmaps.models import Roadmap
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.roadmaps import coordinator_of, keeper_of, make_measure, make_roadmap, make_running, territory_of
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ORDER = {
    "act-kind": "order",
    "act-issuer_genitive": "отдела образования",
    "act-date": "2026-01-25",
    "act-number": "124",
    "act-title": "Об утверждении дорожной карты",
}


def post(client: Client, roadmap: Roadmap, name: str, **data: str) -> str:
    response = client.post(reverse(f"roadmaps:{name}", args=[roadmap.pk]), data, follow=True)
    roadmap.refresh_from_db()
    return response.content.decode()


def test_roadmap_goes_from_draft_to_execution_by_its_people(sign_in: SignIn) -> None:
    roadmap = make_roadmap()
    keeper, coordinator = keeper_of(roadmap), coordinator_of(roadmap)

    assert "Карта направлена на согласование" in post(sign_in(keeper), roadmap, "send")
    client = sign_in(coordinator)
    assert "Карта согласована" in post(client, roadmap, "agree")
    assert "раньше, чем карта согласована" in post(client, roadmap, "approve", **ORDER)
    sure = {**ORDER, "act-date_is_right": "on"}
    assert "Карта утверждена: приказ отдела образования от 25.01.2026" in post(client, roadmap, "approve", **sure)
    assert "Исполнение началось" in post(client, roadmap, "start")
    assert "Период карты не закончился" in post(client, roadmap, "close")
    assert roadmap.state == RoadmapState.IN_EXECUTION


def test_send_of_an_unfinished_plan_says_what_is_missing(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=0)
    make_measure(section=roadmap.sections.all()[0], responsible="")

    page = post(sign_in(keeper_of(roadmap)), roadmap, "send")

    assert "Чтобы отправить карту на согласование, исправьте 1\u00a0замечание." in page
    assert roadmap.state == RoadmapState.DRAFT


def test_return_needs_a_remark(sign_in: SignIn) -> None:
    roadmap = make_roadmap(state=RoadmapState.AGREEMENT)
    client = sign_in(coordinator_of(roadmap))

    assert "без замечания карту не возвращают" in post(client, roadmap, "return")
    assert "Карта возвращена с замечанием" in post(client, roadmap, "return", reason="Уточните сроки")
    assert roadmap.remark == "Уточните сроки"


def test_approve_without_requisites_shows_the_form_again(sign_in: SignIn) -> None:
    roadmap = make_roadmap(state=RoadmapState.AGREED)
    client = sign_in(coordinator_of(roadmap))
    url = reverse("roadmaps:approve", args=[roadmap.pk])

    assert client.get(url).status_code == 200
    response = client.post(url, {**ORDER, "act-number": ""})

    assert response.status_code == 422
    assert "Укажите номер документа." in response.content.decode()


def test_approve_of_a_draft_is_refused_with_what_is_allowed(sign_in: SignIn) -> None:
    roadmap = make_roadmap()

    page = post(sign_in(coordinator_of(roadmap)), roadmap, "approve", **ORDER)

    assert "Карту в состоянии «Черновик» нельзя утвердить. Можно: отправить на согласование." in page


def test_revise_makes_the_next_version(sign_in: SignIn) -> None:
    running = make_running()
    client = sign_in(keeper_of(running))

    assert "Выберите причину изменений." in post(client, running, "revise", reason="x")
    page = post(client, running, "revise", reason=RevisionReason.DATES, note="Сдвиг сроков")

    assert "Черновик изменений создан" in page
    assert running.revisions.get().revision_note == "Сдвиг сроков"
    assert "Черновик изменений этой карты уже есть" in post(client, running, "revise", reason=RevisionReason.DATES)


@pytest.mark.parametrize("name", ["agree", "return", "approve", "start", "close"])
@pytest.mark.parametrize("role", [Role.SCHOOL_ADMIN, Role.METHODIST, Role.CURATOR, Role.OBSERVER])
def test_steps_of_the_coordinator_are_closed_to_others(sign_in: SignIn, name: str, role: Role) -> None:
    roadmap = make_roadmap()
    scope = {"school": roadmap.school} if role == Role.SCHOOL_ADMIN else {"territory": territory_of(roadmap)}
    client = sign_in(make_user(role=role, **scope))

    assert client.post(reverse(f"roadmaps:{name}", args=[roadmap.pk])).status_code == 403


@pytest.mark.parametrize("name", ["send", "agree", "return", "approve", "start", "close", "revise", "undo"])
def test_steps_of_a_foreign_roadmap_are_not_found(sign_in: SignIn, name: str) -> None:
    roadmap = make_roadmap()
    stranger = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())

    assert sign_in(stranger).post(reverse(f"roadmaps:{name}", args=[roadmap.pk])).status_code == 404


def test_coordinator_of_one_place_does_not_approve_where_they_only_keep_a_school(sign_in: SignIn) -> None:
    roadmap = make_roadmap(school=make_school(), state=RoadmapState.AGREEMENT)
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())
    person.memberships.create(role=Role.SCHOOL_ADMIN, school=roadmap.school)

    assert sign_in(person).post(reverse("roadmaps:agree", args=[roadmap.pk])).status_code == 403


def test_unsent_draft_is_deleted_from_its_page(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=1)
    client = sign_in(keeper_of(roadmap))
    address = reverse("roadmaps:delete", args=[roadmap.pk])
    assert address in client.get(roadmap.get_absolute_url()).content.decode()

    response = client.post(address)

    assert response.headers["Location"] == reverse("roadmaps:list")
    assert not Roadmap.objects.exists()


def test_running_roadmap_offers_no_deletion_and_refuses_it(sign_in: SignIn) -> None:
    roadmap = make_running()
    client = sign_in(keeper_of(roadmap))
    address = reverse("roadmaps:delete", args=[roadmap.pk])
    assert address not in client.get(roadmap.get_absolute_url()).content.decode()

    client.post(address)

    assert Roadmap.objects.exists()


def test_order_stored_meanwhile_under_another_title_is_told_at_its_field(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    roadmap = make_roadmap(state=RoadmapState.AGREED)
    store_meanwhile(monkeypatch, roadmap.owner, ORDER)
    sure = {**ORDER, "act-date_is_right": "on"}

    response = sign_in(coordinator_of(roadmap)).post(reverse("roadmaps:approve", args=[roadmap.pk]), sure)

    roadmap.refresh_from_db()
    assert_told_at_title(response, ORDER["act-title"])
    assert roadmap.state == RoadmapState.AGREED
