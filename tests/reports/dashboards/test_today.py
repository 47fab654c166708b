"""«Сегодня»: figures, tasks and news of the person's own place."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.permissions import Role
from reports.dashboards.today import FEED_SIZE, feed
from riskprofiles.choices import ProfileState
from roadmaps.choices import MeasureStatus
from roadmaps.models import Measure
from schools.models import School, Territory
from tests.factories.lists import make_list
from tests.factories.monitoring import make_open_cycle, make_submission
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import make_running
from tests.factories.schools import make_actor, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WEDNESDAY = datetime(2026, 2, 11, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_wednesday() -> object:
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


def page_of(client: Client) -> BeautifulSoup:
    response = client.get("/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(page: BeautifulSoup, selector: str) -> str:
    return " ".join(" ".join(part.get_text(" ", strip=True) for part in page.select(selector)).split())


def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


def listed_school(territory: Territory | None = None) -> School:
    school = make_school(territory=territory or make_territory())
    make_list([school])
    return school


def test_page_without_a_session_leads_to_sign_in(client: Client) -> None:
    assert client.get("/").status_code == 302


def test_heading_tells_the_day(sign_in: SignIn) -> None:
    page = page_of(sign_in(coordinator(make_territory())))

    assert words(page, "h1").replace("\u00a0", " ") == "Сегодня, 11 февраля"
    assert "Среда." in words(page, ".page-head")


@pytest.mark.parametrize("role", [*Role, None])
def test_page_opens_to_every_role_and_to_a_person_without_one(role: Role | None, sign_in: SignIn) -> None:
    school = make_school()
    user = make_actor(role, school) if role else make_user()

    assert "Задач нет" in words(page_of(sign_in(user)), "main")


def test_neighbours_see_nothing(sign_in: SignIn) -> None:
    school = listed_school()
    make_open_cycle(schools=[school])
    make_running(school=school)

    text = page_of(sign_in(coordinator(make_territory()))).get_text()

    assert school.name not in text
    assert "Школы на сопровождении" in text  # the tile with nobody
    assert "Промежуточный мониторинг" not in text


def test_tasks_stand_in_groups(sign_in: SignIn) -> None:
    submission = make_submission()

    page = page_of(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=submission.school)))

    assert "Позже" in words(page, "[aria-labelledby=t-tasks]")
    assert "Сдать показатели мониторинга" in words(page, "[aria-labelledby=t-tasks]")


def test_tiles_count_the_schools_on_support_out_of_all(sign_in: SignIn) -> None:
    territory = make_territory()
    listed_school(territory)
    make_school(territory=territory)
    make_school(territory=territory, status="closed")

    page = page_of(sign_in(coordinator(territory)))

    assert "Школы на сопровождении 1 из 2" in words(page, "main")


def test_person_of_a_school_sees_no_count_of_schools(sign_in: SignIn) -> None:
    school = listed_school()

    page = page_of(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school)))

    assert "1 из 1" not in words(page, "main")


def test_late_measures_are_counted_with_their_schools(sign_in: SignIn) -> None:
    school = listed_school()
    roadmap = make_running(school=school, measures=2)
    Measure.objects.filter(roadmap=roadmap).update(due_date=datetime(2026, 2, 1, tzinfo=UTC).date())

    text = words(page_of(sign_in(coordinator(school.territory))), "main").replace("\u00a0", " ")

    assert "Просрочены 2" in text
    assert "в 1 школе" in text


def test_done_measures_are_told_with_their_share(sign_in: SignIn) -> None:
    school = listed_school()
    roadmap = make_running(school=school, measures=4)
    first = roadmap.measures.in_order()[0]
    Measure.objects.filter(pk=first.pk).update(status=MeasureStatus.DONE, done_on=WEDNESDAY.date(), evidence_kind="")

    text = words(page_of(sign_in(coordinator(school.territory))), "main").replace("\u00a0", " ")

    assert "Мероприятия исполнены 1 из 4 · 25 %" in text


def test_figures_count_what_runs_after_the_list_was_annulled(sign_in: SignIn) -> None:
    school = make_school()
    roadmap = make_running(school=school, measures=2)
    Measure.objects.filter(roadmap=roadmap).update(due_date=datetime(2026, 2, 1, tzinfo=UTC).date())
    make_open_cycle(schools=[school])

    page = page_of(sign_in(coordinator(school.territory)))

    figures = words(page, ".tiles").replace("\u00a0", " ")
    assert "Школы на сопровождении 0 из 1 и ещё 1 школа с работой вне перечня" in figures
    assert "Мероприятия исполнены 0 из 2" in figures
    assert "Просрочены 2 в 1 школе" in figures
    assert "Показатели мониторинга сданы 0 из 1 школы" in figures
    assert "в действующем перечне нет" in words(page, "[aria-labelledby=t-schools]")


def test_excluded_school_sees_what_it_still_has_to_do(sign_in: SignIn) -> None:
    school = make_school()
    make_running(school=school, measures=2)
    make_open_cycle(schools=[school])

    figures = words(page_of(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))), ".tiles")

    assert "Мероприятия исполнены 0 из 2" in figures
    assert "Показатели мониторинга сданы 0 из" in figures


def test_nothing_to_count_is_not_told_as_zero(sign_in: SignIn) -> None:
    school = listed_school()

    figures = words(page_of(sign_in(coordinator(school.territory))), ".tiles")

    assert "Мероприятия исполнены нет утверждённых карт" in figures
    assert "Просрочены нет утверждённых карт" in figures
    assert "Показатели мониторинга сданы нет открытого сбора" in figures


def test_open_cycle_names_the_schools_that_have_not_handed_in(sign_in: SignIn) -> None:
    submission = make_submission()

    page = page_of(sign_in(coordinator(submission.school.territory)))

    card = words(page, "[aria-labelledby=t-cycle]").replace("\u00a0", " ")
    assert "Не сдала 1 школа" in card
    assert submission.school.name in card


def test_school_does_not_read_of_other_schools_in_the_cycle(sign_in: SignIn) -> None:
    territory = make_territory()
    own, other = (make_school(territory=territory, name=name) for name in ("МБОУ «Своя»", "МБОУ «Чужая»"))
    make_open_cycle(schools=[own, other])

    text = page_of(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=own))).get_text()

    assert "МБОУ «Своя»" in text
    assert "МБОУ «Чужая»" not in text


@pytest.mark.parametrize("role", [Role.SCHOOL_ADMIN, Role.OBSERVER])
def test_button_of_reports_is_for_those_who_build_them(role: Role, sign_in: SignIn) -> None:
    school = make_school()

    assert "Сформировать справку" not in words(page_of(sign_in(make_actor(role, school))), ".page-head")
    assert "Сформировать справку" in words(page_of(sign_in(coordinator(school.territory))), ".page-head")


# News


def test_news_are_of_colleagues_and_not_of_neighbours() -> None:
    territory = make_territory()
    reader, colleague, neighbour = coordinator(territory), coordinator(territory), coordinator(make_territory())
    for actor in (colleague, neighbour):
        record(AuditCode.LIST_PUBLISHED, actor=actor, obj=territory)

    assert [event.actor for event in feed(reader)] == [colleague]


def test_coordinator_reads_what_schools_of_the_territory_did() -> None:
    school = make_school()
    admin = make_user(role=Role.SCHOOL_ADMIN, school=school)
    record(AuditCode.SUBMISSION_SENT, actor=admin, obj=school)

    assert [event.actor for event in feed(coordinator(school.territory))] == [admin]


def test_school_does_not_read_what_its_territory_did() -> None:
    school = make_school()
    record(AuditCode.LIST_PUBLISHED, actor=coordinator(school.territory), obj=school)

    assert feed(make_user(role=Role.SCHOOL_ADMIN, school=school)) == []


@pytest.mark.parametrize("code", [AuditCode.LOGIN, AuditCode.SUBMISSION_SAVED, AuditCode.REPORT_DOWNLOADED])
def test_every_day_events_are_no_news(code: AuditCode) -> None:
    user = coordinator(make_territory())
    record(code, actor=user, obj=user)

    assert feed(user) == []


def test_person_with_two_memberships_is_told_once() -> None:
    territory = make_territory()
    user = coordinator(territory)
    user.memberships.create(role=Role.METHODIST, territory=territory)
    record(AuditCode.LIST_PUBLISHED, actor=user, obj=territory)

    assert len(feed(User.objects.get(pk=user.pk))) == 1


def test_only_the_last_news_are_shown() -> None:
    user = coordinator(make_territory())
    for number in range(FEED_SIZE + 2):
        record(AuditCode.LIST_PUBLISHED, actor=user, number=number)

    assert [event.meta["number"] for event in feed(user)] == list(range(FEED_SIZE + 1, 1, -1))


@pytest.mark.parametrize("schools", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_schools(
    schools: int,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    territory = make_territory()
    rows = [make_school(territory=territory) for _ in range(schools)]
    make_list(rows)
    for school in rows:
        make_profile(school=school, state=ProfileState.VERIFIED)
        make_running(school=school)
        make_result(school=school, subject="MA")
    make_open_cycle(schools=rows)
    client = sign_in(coordinator(territory))

    with django_assert_num_queries(27):
        client.get("/")
