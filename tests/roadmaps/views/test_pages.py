"""The list, a new roadmap, the page of one: who sees what, and how many queries it takes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from riskprofiles.choices import ProfileState
from roadmaps.actions import flow, planning, reporting, versions
from roadmaps.choices import MeasureStatus, RevisionReason, RoadmapState
from roadmaps.models import Measure, Roadmap
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import (
    AT,
    advance,
    coordinator_of,
    keeper_of,
    make_measure,
    make_roadmap,
    make_running,
    measure_of,
    territory_of,
)
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/roadmaps/"


def body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_list_shows_own_roadmaps_and_nothing_of_others(sign_in: SignIn) -> None:
    territory = make_territory()
    own = make_running(school=make_school(territory=territory, name="МБОУ «Своя школа»"))
    make_running(school=make_school(name="МБОУ «Чужая школа»"))

    page = body(sign_in(coordinator_of(own)), LIST)

    assert "Своя школа" in page
    assert "Чужая школа" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count_does_not_grow(
    sign_in: SignIn, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    territory = make_territory()
    for _ in range(rows):
        make_running(school=make_school(territory=territory), measures=2)
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

    with django_assert_num_queries(8):
        body(client, LIST)


def test_list_tells_execution_with_both_counts(sign_in: SignIn) -> None:
    roadmap = make_running(measures=3)
    user = make_user()
    for measure in list(roadmap.measures.all())[:2]:
        reporting.report(measure=measure, status=MeasureStatus.DONE, done_on=date(2026, 1, 20), by=user, at=AT)

    page = body(sign_in(coordinator_of(roadmap)), LIST)

    assert "2 из 3 (66,7\u00a0%)" in page


def test_list_of_a_draft_tells_no_execution(sign_in: SignIn) -> None:
    roadmap = make_roadmap()

    page = body(sign_in(coordinator_of(roadmap)), LIST)

    assert "ещё не утверждена" in page
    assert "0 из 1" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=лесная", True),
        ("?q=Речная", False),
        ("?state=draft", True),
        ("?state=closed", False),
        ("?level=school", True),
    ],
)
def test_list_filters_by_the_query_string(sign_in: SignIn, query: str, *, found: bool) -> None:
    roadmap = make_roadmap(school=make_school(name="МБОУ «Лесная школа»"))

    assert ("Лесная школа" in body(sign_in(coordinator_of(roadmap)), LIST + query)) is found


def test_list_hides_drafts_of_changes_behind_the_version_in_force(sign_in: SignIn) -> None:
    running = make_running()
    versions.start_revision(roadmap=running, reason=RevisionReason.DATES, by=make_user(), at=AT)

    assert "1\u00a0карта" in body(sign_in(coordinator_of(running)), LIST)


def test_list_offers_a_roadmap_for_chosen_risks(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.APPROVED)

    page = body(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=profile.school)), LIST)

    assert "Риски выбраны, карты ещё нет" in page
    assert f"?owner={profile.school_id}" in page
    make_roadmap(profile=profile)
    page = body(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=profile.school)), LIST)
    assert "Риски выбраны" not in page


def test_school_whose_roadmap_is_under_way_waits_for_none(sign_in: SignIn) -> None:
    """The roadmap of a profile of last year is carried out; the new profile belongs to its next version."""
    profile = make_profile(state=ProfileState.APPROVED)
    running = make_running(school=profile.school)
    school_admin = make_user(role=Role.SCHOOL_ADMIN, school=profile.school)

    assert "Риски выбраны" not in body(sign_in(school_admin), LIST)
    Roadmap.objects.filter(pk=running.pk).update(state=RoadmapState.CLOSED)
    assert "Риски выбраны, карты ещё нет" in body(sign_in(school_admin), LIST)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.MENTOR, Role.CURATOR])
def test_list_offers_nothing_to_those_who_only_read(sign_in: SignIn, role: Role) -> None:
    territory = make_territory()
    make_profile(state=ProfileState.APPROVED, school=make_school(territory=territory))

    page = body(sign_in(make_user(role=role, territory=territory)), LIST)

    assert "Составить" not in page


def new_roadmap(keeps: object, /, **fields: str) -> dict[str, str]:
    defaults = {
        "owner": str(keeps),
        "kind": "roadmap",
        "year_label": "2027",
        "period_from": "2027-01-01",
        "period_to": "2027-12-31",
    }
    return {**defaults, **fields}


def test_create_begins_with_the_chosen_risks_of_the_school(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=profile.school))

    response = client.post(reverse("roadmaps:create"), new_roadmap(profile.school_id, goal="Снизить риски"))

    roadmap = Roadmap.objects.get()
    assert response.headers["Location"] == roadmap.get_absolute_url()
    assert (roadmap.profile, roadmap.title, roadmap.goal) == (profile, "Дорожная карта на 2027 год", "Снизить риски")
    assert roadmap.sections.count() == profile.factors.activated().count()


def test_create_for_a_territory(sign_in: SignIn) -> None:
    territory = make_territory()
    client = sign_in(make_user(role=Role.METHODIST, territory=territory))

    client.post(reverse("roadmaps:create"), new_roadmap(territory.pk))

    assert Roadmap.objects.get().territory == territory


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"period_to": "2026-01-01"}, "Карта не может закончиться раньше, чем началась."),
        ({"year_label": ""}, "Укажите год карты."),
        ({"owner": ""}, "Выберите школу или территорию."),
        ({"period_from": "вчера"}, "Введите дату в виде ДД.ММ.ГГГГ."),
    ],
)
def test_create_says_what_to_put_right(sign_in: SignIn, fields: dict[str, str], words: str) -> None:
    school = make_school()
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))

    response = client.post(reverse("roadmaps:create"), new_roadmap(school.pk, **fields))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Roadmap.objects.exists()


def test_create_for_a_foreign_school_is_refused(sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=make_school()))

    response = client.post(reverse("roadmaps:create"), new_roadmap(make_school().pk))

    assert response.status_code == 422
    assert not Roadmap.objects.exists()


def test_create_is_closed_to_observers(sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.OBSERVER, territory=make_territory()))

    assert client.get(reverse("roadmaps:create")).status_code == 403


@pytest.mark.parametrize("page", ["", "remarks/", "changes/"])
def test_foreign_roadmap_is_not_found(sign_in: SignIn, page: str) -> None:
    roadmap = make_roadmap()
    neighbour = make_user(role=Role.SCHOOL_ADMIN, school=make_school(territory=territory_of(roadmap)))

    assert sign_in(neighbour).get(roadmap.get_absolute_url() + page).status_code == 404


@pytest.mark.parametrize("measures", [3, 12])
def test_detail_query_count_does_not_grow(
    sign_in: SignIn, measures: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    roadmap = make_roadmap(profile=profile, measures=0)
    for n in range(measures):
        make_measure(section=roadmap.sections.all()[n % 2])
    client = sign_in(keeper_of(roadmap))

    with django_assert_num_queries(12):
        body(client, roadmap.get_absolute_url())


def test_detail_of_a_draft_is_a_table_of_fields_for_its_keeper(sign_in: SignIn) -> None:
    roadmap = make_roadmap()
    measure = measure_of(roadmap)

    page = body(sign_in(keeper_of(roadmap)), roadmap.get_absolute_url())

    assert f'id="title-{measure.pk}"' in page
    assert 'aria-label="Срок 1.1"' in page
    assert "На согласование" in page


def test_detail_says_who_keeps_the_roadmap_to_those_who_read(sign_in: SignIn) -> None:
    roadmap = make_roadmap(school=make_school(name="МБОУ «СОШ № 5»"))
    make_user(role=Role.SCHOOL_ADMIN, school=roadmap.school, last_name="Егорова", first_name="Мария", patronymic="А")
    observer = make_user(role=Role.OBSERVER, territory=territory_of(roadmap))

    page = body(sign_in(observer), roadmap.get_absolute_url())

    assert "ведёт Егорова\u00a0М.\u00a0А.. Вы можете её читать" in page
    assert "hx-post" not in page


def test_detail_lists_what_to_fix_with_links_to_the_cells(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=0)
    measure = make_measure(section=roadmap.sections.all()[0], indicator="")

    page = body(sign_in(keeper_of(roadmap)), roadmap.get_absolute_url())

    assert "исправьте 1\u00a0замечание" in page
    assert f'href="#indicator-{measure.pk}"' in page
    assert "Укажите показатель, по которому увидим результат" in page


def test_remarks_fragment_equals_the_one_of_the_page(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=0)
    make_measure(section=roadmap.sections.all()[0], indicator="")
    client = sign_in(keeper_of(roadmap))

    assert body(client, f"{roadmap.get_absolute_url()}remarks/").strip() in body(client, roadmap.get_absolute_url())


@pytest.mark.parametrize(
    ("show", "shown"),
    [("", "АБВГ"), ("overdue", "А"), ("soon", "Б"), ("no-indicator", "В"), ("to-confirm", ""), ("nonsense", "АБВГ")],
)
def test_detail_shows_the_chosen_view(sign_in: SignIn, show: str, shown: str, time_machine: object) -> None:
    time_machine.move_to("2026-11-24")  # type: ignore[attr-defined]
    roadmap = make_roadmap(measures=0)
    section = roadmap.sections.all()[0]
    rows: dict[str, dict[str, Any]] = {
        "А": {"term": "10.11.2026"},
        "Б": {"term": "04.12.2026"},
        "В": {"term": "30.12.2026"},
        "Г": {"term": "30.12.2026"},
    }
    keys = {letter: make_measure(section=section, **cells).pk for letter, cells in rows.items()}
    advance(roadmap, RoadmapState.IN_EXECUTION, by=make_user())
    Measure.objects.filter(pk=keys["В"]).update(indicator="")

    page = body(sign_in(keeper_of(roadmap)), f"{roadmap.get_absolute_url()}?show={show}")

    assert "".join(letter for letter, key in keys.items() if f'id="m-{key}"' in page) == shown


def test_page_and_list_agree_on_a_draft_with_terms_behind(sign_in: SignIn, time_machine: object) -> None:
    time_machine.move_to("2026-11-24")  # type: ignore[attr-defined]
    roadmap = make_roadmap(measures=0)
    make_measure(section=roadmap.sections.all()[0], term="10.11.2026")
    client = sign_in(keeper_of(roadmap))

    page, listed = (
        " ".join(BeautifulSoup(body(client, url), "html.parser").get_text(" ").split())
        for url in (roadmap.get_absolute_url(), reverse("roadmaps:list"))
    )

    assert "Просрочены 0" in page
    assert "просрочено на" not in page
    assert "ещё не утверждена 0" in listed


def test_detail_in_execution_tells_figures_and_has_no_fields(sign_in: SignIn) -> None:
    roadmap = make_running(measures=2)
    user = make_user()
    measure = measure_of(roadmap)
    reporting.report(measure=measure, status=MeasureStatus.DONE, done_on=date(2026, 1, 20), by=user, at=AT)

    page = body(sign_in(keeper_of(roadmap)), roadmap.get_absolute_url())

    assert "исполнено 1 из 2 (50,0\u00a0%)" in page
    assert "Отметить" in page
    assert f'id="title-{measure.pk}"' not in page


def test_detail_shows_terms_as_text_too(sign_in: SignIn) -> None:
    roadmap = make_running()

    page = body(sign_in(keeper_of(roadmap)), roadmap.get_absolute_url())

    assert "1.1 Провести диагностику дефицитов учителей: 15.03.2026" in page


def test_detail_of_a_returned_draft_shows_the_remark(sign_in: SignIn) -> None:
    roadmap = make_roadmap(state=RoadmapState.AGREEMENT)
    flow.give_back(roadmap=roadmap, remark="Уточните сроки", by=make_user(), at=AT)

    assert "Уточните сроки" in body(sign_in(keeper_of(roadmap)), roadmap.get_absolute_url())


def test_detail_tells_who_else_edits(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=0)
    colleague = make_user(last_name="Егорова")
    planning.add_measure(section=roadmap.sections.all()[0], by=colleague)

    assert "Егорова" in body(sign_in(keeper_of(roadmap)), roadmap.get_absolute_url())


def test_changes_show_what_a_version_did(sign_in: SignIn) -> None:
    running = make_running(measures=2)
    draft = versions.start_revision(roadmap=running, reason=RevisionReason.DATES, by=make_user(), at=AT)
    first, second = draft.measures.in_order()
    planning.exclude(measure=second, reason="Нет средств", by=make_user())
    planning.add_measure(section=first.section, by=make_user(), title="Новое мероприятие")
    client = sign_in(keeper_of(draft))

    page = body(client, reverse("roadmaps:changes", args=[draft.pk]))

    assert "2\u00a0изменения" in page
    assert "Причина: Нет средств" in page
    assert "Новое мероприятие" in page
    assert "Это первая версия" in body(client, reverse("roadmaps:changes", args=[running.pk]))


def test_detail_of_120_measures_opens(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=120)

    assert body(sign_in(keeper_of(roadmap)), roadmap.get_absolute_url()).count('data-col="title"') == 120


def test_list_shows_changes_that_wait_for_an_answer_and_archived_ones_on_demand(sign_in: SignIn) -> None:
    running = make_running()
    draft = versions.start_revision(roadmap=running, reason=RevisionReason.DATES, by=make_user(), at=AT)
    flow.send(roadmap=draft, by=make_user(), at=AT)
    client = sign_in(coordinator_of(running))

    assert "2\u00a0карты" in body(client, LIST)
    advance(Roadmap.objects.get(pk=draft.pk), RoadmapState.IN_EXECUTION, by=make_user())
    assert "1\u00a0карта" in body(client, LIST)
    assert "В архиве" in body(client, f"{LIST}?state=archived")


def test_detail_leads_to_the_draft_of_changes(sign_in: SignIn) -> None:
    running = make_running()
    draft = versions.start_revision(roadmap=running, reason=RevisionReason.DATES, by=make_user(), at=AT)

    page = body(sign_in(keeper_of(running)), running.get_absolute_url())

    assert f'Готовятся изменения: <a href="{draft.get_absolute_url()}">версия 2</a>' in page


def test_detail_of_a_territory_says_who_keeps_it(sign_in: SignIn) -> None:
    roadmap = make_roadmap(territory=make_territory())
    make_user(role=Role.METHODIST, territory=roadmap.territory, last_name="Егорова")
    observer = make_user(role=Role.OBSERVER, territory=roadmap.territory)

    assert "ведёт Егорова" in body(sign_in(observer), roadmap.get_absolute_url())
