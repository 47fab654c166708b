"""The form of a school in a real browser: whatever the pace of typing, every number gets to the server."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import Role
from monitoring.catalogue import load_metric_set
from monitoring.models import Metric, Reading, Submission
from tests.browser import Person, launch_chromium
from tests.factories.monitoring import make_submission
from tests.factories.schools import make_user

pytestmark = [pytest.mark.browser, pytest.mark.engine_neutral, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def submission() -> Submission:
    """Return the form of a school that gives all ten metrics itself."""
    metric_set = load_metric_set()
    Metric.objects.update(source="school")
    return make_submission(metric_set=metric_set)


@pytest.fixture
def school(browser: Browser, live_server: LiveServer, submission: Submission) -> Person:
    person = Person(browser, live_server, make_user(role=Role.SCHOOL_ADMIN, school=submission.school))
    person.open(reverse("monitoring:submission", args=[submission.pk]))
    return person


def shares(submission: Submission) -> list[tuple[int | None, int | None, str]]:
    readings = Reading.objects.filter(submission=submission).order_by("metric__position")
    return list(readings.values_list("numerator", "denominator", "absence_reason"))


def test_rows_typed_without_a_pause_are_all_saved_and_handed_in(school: Person, submission: Submission) -> None:
    wanted = [(n, n + 20, "") for n in range(1, 11)]

    school.cell("numerator").focus()
    for numerator, denominator, reason in wanted:
        school.type_on(str(numerator), str(denominator), reason)
    with school.page.expect_navigation():
        school.page.get_by_role("button", name="Проверить и сдать").click()

    assert shares(submission) == wanted
    assert school.page.locator(".page-head .st").first.inner_text() == "На проверке"
    assert school.problems == []


def test_correcting_the_other_number_takes_the_error_away(school: Person, submission: Submission) -> None:
    school.type_in("denominator", "10")
    school.type_in("numerator", "12")
    expect(school.page.get_by_text("Доля не бывает больше 100 %")).to_be_visible()

    school.type_in("denominator", "15")
    expect(school.state).to_contain_text("Сохранено")

    expect(school.page.locator("[data-unsaved]")).to_have_count(0)
    assert shares(submission)[0] == (12, 15, "")
