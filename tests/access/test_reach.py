"""A right of one place does not reach another: who fills for one school may only mentor or curate a second."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from monitoring.models import MonitoringCycle, Reading, Submission
from riskprofiles.models import ProfileFactor, RiskProfile
from schools.models import School, SchoolVerdict
from tests.factories.lists import make_list, make_low_school, make_published_list, make_run
from tests.factories.monitoring import make_open_cycle
from tests.factories.riskprofiles import make_profile
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def own() -> School:
    return make_school()


@pytest.fixture
def mentored() -> School:
    return make_school()


@pytest.fixture
def person(own: School, mentored: School) -> User:
    """Return the head of one school who mentors another."""
    user = make_user(role=Role.SCHOOL_ADMIN, school=own)
    user.memberships.create(role=Role.MENTOR, school=mentored)
    return user


def test_monitoring_of_a_mentored_school_stays_closed(person: User, own: School, mentored: School) -> None:
    mine = make_open_cycle(schools=[own])
    make_open_cycle(schools=[mentored])

    assert list(MonitoringCycle.objects.visible_to(person)) == [mine]
    assert [row.school for row in Submission.objects.visible_to(person)] == [own]
    assert {row.submission.school for row in Reading.objects.visible_to(person)} == {own}


def test_profile_of_a_mentored_school_stays_closed(person: User, own: School, mentored: School) -> None:
    mine = make_profile(school=own)
    make_profile(school=mentored)

    assert list(RiskProfile.objects.visible_to(person)) == [mine]
    assert {factor.profile for factor in ProfileFactor.objects.visible_to(person)} == {mine}


def test_form_of_a_mentored_school_is_not_found(person: User, mentored: School, sign_in: SignIn) -> None:
    submission = make_open_cycle(schools=[mentored]).submissions.get()

    assert sign_in(person).get(reverse("monitoring:submission", args=[submission.pk])).status_code == 404


def test_task_of_a_mentored_school_is_nobody_elses(person: User, mentored: School, sign_in: SignIn) -> None:
    make_open_cycle(schools=[mentored])

    page = sign_in(person).get(reverse("monitoring:cycles")).content.decode()

    assert "Вам нужно сдать" not in page


def test_curator_reads_no_verdict_on_a_school_though_the_own_one_is_read() -> None:
    territory = make_territory()
    own, curated = make_low_school(territory=territory), make_low_school(territory=territory)
    head = make_user(role=Role.SCHOOL_ADMIN, school=own)
    head.memberships.create(role=Role.CURATOR, school=curated)

    make_published_list(make_run(territory=territory))

    assert [verdict.school for verdict in SchoolVerdict.objects.visible_to(head)] == [own]


def test_mentor_sees_no_link_that_is_closed(mentored: School, sign_in: SignIn) -> None:
    make_list([mentored])
    make_profile(school=mentored)
    make_open_cycle(schools=[mentored])
    client = sign_in(make_user(role=Role.MENTOR, school=mentored))

    for path in ("/", reverse("dashboards:school", args=[mentored.pk])):
        links = {part.split('"')[0] for part in client.get(path).content.decode().split('href="/')[1:]}
        closed = {link for link in links if link.startswith(("monitoring/", "risk-profiles/", "identification/"))}
        assert closed == set(), path


def test_home_of_a_mentor_has_no_figures_of_monitoring(mentored: School, sign_in: SignIn) -> None:
    make_list([mentored])

    page = sign_in(make_user(role=Role.MENTOR, school=mentored)).get("/").content.decode()

    assert "Мероприятия исполнены" in page
    assert "Показатели мониторинга сданы" not in page
    assert "Риски в работе" not in page


def test_card_of_a_mentored_school_says_nothing_of_what_is_closed(mentored: School, sign_in: SignIn) -> None:
    make_profile(school=mentored)

    page = sign_in(make_user(role=Role.MENTOR, school=mentored)).get(reverse("dashboards:school", args=[mentored.pk]))

    text = page.content.decode()
    assert "Дорожной карты ещё нет" in text
    assert "Риски в работе" not in text
    assert "Рисковый профиль ещё не заведён" not in text
    assert 'id="t-mon"' not in text
