import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from jobs.choices import JobState
from jobs.models import Job
from jobs.runner import execute
from tests.factories.jobs import make_abandoned_job, make_job
from tests.factories.schools import make_user
from tests.jobs import kinds  # noqa: F401  the kind of a test job is told by its module

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
LIST = reverse("jobs:list")
POLL = 'hx-trigger="every 3s"'


def status_url(job: Job) -> str:
    return reverse("jobs:status", args=(job.pk,))


def fragment(client: Client, job: Job) -> str:
    return client.get(status_url(job), headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize(
    ("state", "event"),
    [(JobState.READY, "job-ended"), (JobState.FAILED, "job-ended"), (JobState.RUNNING, None), (JobState.QUEUED, None)],
)
def test_row_of_a_job_that_has_ended_tells_the_page(sign_in: SignIn, state: JobState, event: str | None) -> None:
    person = make_user()
    job = make_job(requested_by=person, state=state)

    response = sign_in(person).get(status_url(job), headers={"HX-Request": "true"})

    assert event is None or list(json.loads(response.headers["HX-Trigger"])) == [event]
    assert ("HX-Trigger" in response.headers) is (event is not None)


def without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def test_list_shows_own_jobs_newest_first_and_nobody_elses(sign_in: SignIn) -> None:
    person = make_user()
    old = make_job(requested_by=person, title="Справка за 2025 год", created_at=timezone.now() - timedelta(days=1))
    new = make_job(requested_by=person, title="Справка за 2026 год")
    make_job(requested_by=make_user(), title="Чужая справка")

    html = sign_in(person).get(LIST).content.decode()

    assert html.index(str(new.pk)) < html.index(str(old.pk))
    assert "Чужая" not in html


def test_empty_list_says_where_jobs_come_from(sign_in: SignIn) -> None:
    assert "Заданий ещё не было" in sign_in(make_user()).get(LIST).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_number_of_queries_for_any_number_of_jobs(
    sign_in: SignIn,
    django_assert_max_num_queries: Any,
    rows: int,
) -> None:
    person = make_user()
    for _ in range(rows):
        make_job(requested_by=person)
    client = sign_in(person)

    with django_assert_max_num_queries(7):
        client.get(LIST)


def test_list_has_pages(sign_in: SignIn) -> None:
    person = make_user()
    for _ in range(21):
        make_job(requested_by=person)

    html = sign_in(person).get(LIST, {"page": 2}).content.decode()

    assert html.count('id="job-') == 1


@pytest.mark.parametrize("name", ["status", "cancel", "retry"])
def test_job_of_another_person_is_not_found(sign_in: SignIn, name: str) -> None:
    job = make_job(requested_by=make_user(), title="Чужая справка")
    url = reverse(f"jobs:{name}", args=(job.pk,))
    client = sign_in(make_user())

    response = client.get(url) if name == "status" else client.post(url)

    assert response.status_code == 404
    assert "Чужая" not in response.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(LIST).status_code == 302
    assert client.get(status_url(make_job())).status_code == 302


@pytest.mark.parametrize("state", JobState.values)
def test_fragment_equals_the_row_of_the_page(sign_in: SignIn, state: str) -> None:
    person = make_user()
    job = make_job(requested_by=person, state=state)
    client = sign_in(person)

    page = client.get(LIST).content.decode()
    row = re.search(rf'<li id="job-{job.pk}".*?</li>', page, re.DOTALL)

    assert row
    assert without_tokens(row[0]) == without_tokens(fragment(client, job)).split("\n", 1)[1].strip()


@pytest.mark.parametrize(
    ("state", "polls"),
    [("queued", True), ("running", True), ("ready", False), ("failed", False), ("cancelled", False)],
)
def test_fragment_polls_itself_while_there_is_something_to_wait_for(
    sign_in: SignIn,
    state: str,
    polls: bool,
) -> None:
    person = make_user()
    html = fragment(sign_in(person), make_job(requested_by=person, state=state))

    assert (POLL in html) is polls


def test_running_job_shows_its_step_share_attempt_and_silence(sign_in: SignIn) -> None:
    person = make_user()
    job = make_job(
        requested_by=person,
        state=JobState.RUNNING,
        step="Строим графики",
        progress_done=4,
        progress_total=6,
        attempts=2,
        heartbeat_at=timezone.now() - timedelta(seconds=31),
    )

    html = fragment(sign_in(person), job)

    for words in ("Строим", "66 %", "<progress", "Попытка 2 из 3", "назад", "Страницу можно закрыть", "Отменить"):
        assert words in html.replace("\u00a0", " ")


def test_failed_job_says_why_and_offers_to_repeat(sign_in: SignIn) -> None:
    person = make_user()
    html = fragment(sign_in(person), make_job(requested_by=person, state=JobState.FAILED))

    assert "не утверждён" in html
    assert "Повторить" in html


def test_ready_job_leads_to_its_result(sign_in: SignIn) -> None:
    person = make_user()
    job = make_job(requested_by=person, parameters={"text": "14 страниц"})
    execute(job_id=job.pk)

    html = fragment(sign_in(person), job).replace("\u00a0", " ")

    assert 'href="/jobs/"' in html
    assert "14 страниц" in html


def test_job_that_waits_long_asks_not_to_repeat(sign_in: SignIn) -> None:
    person = make_user()
    job = make_job(requested_by=person, created_at=timezone.now() - timedelta(seconds=30))

    assert "повторять его не нужно" in fragment(sign_in(person), job).replace("\u00a0", " ")


def test_status_without_htmx_is_a_page(sign_in: SignIn) -> None:
    person = make_user()

    html = sign_in(person).get(status_url(make_job(requested_by=person))).content.decode()

    assert "<html" in html
    assert "Все мои задания" in html


def test_poll_brings_back_the_job_of_a_dead_worker_without_a_scheduler(sign_in: SignIn) -> None:
    person = make_user()
    job = make_abandoned_job(requested_by=person)

    html = fragment(sign_in(person), job)

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert "начнётся заново" in html.replace("\u00a0", " ")


def test_cancel_button_cancels_and_answers_with_the_row(sign_in: SignIn) -> None:
    person = make_user()
    job = make_job(requested_by=person)

    response = sign_in(person).post(reverse("jobs:cancel", args=(job.pk,)), headers={"HX-Request": "true"})

    assert "Отменено" in response.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_cancel_without_htmx_returns_to_the_list(sign_in: SignIn) -> None:
    person = make_user()
    job = make_job(requested_by=person)

    response = sign_in(person).post(reverse("jobs:cancel", args=(job.pk,)))

    assert (response.status_code, response.headers["Location"]) == (302, LIST)


def test_cancel_of_an_ended_job_says_so_and_changes_nothing(sign_in: SignIn) -> None:
    person = make_user()
    job = make_job(requested_by=person, state=JobState.READY)

    response = sign_in(person).post(reverse("jobs:cancel", args=(job.pk,)), follow=True)

    assert "уже закончено" in response.content.decode().replace("\u00a0", " ")


def test_retry_queues_the_job_again(sign_in: SignIn) -> None:
    person = make_user()
    job = make_job(requested_by=person, state=JobState.FAILED)

    response = sign_in(person).post(reverse("jobs:retry", args=(job.pk,)), headers={"HX-Request": "true"})

    assert POLL in response.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_retry_of_a_job_on_its_way_says_so(sign_in: SignIn) -> None:
    person = make_user()
    job = make_job(requested_by=person)

    response = sign_in(person).post(reverse("jobs:retry", args=(job.pk,)), follow=True)

    assert "Повторить можно только" in response.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["cancel", "retry"])
def test_change_by_a_link_is_refused(sign_in: SignIn, name: str) -> None:
    person = make_user()
    job = make_job(requested_by=person)

    assert sign_in(person).get(reverse(f"jobs:{name}", args=(job.pk,))).status_code == 405
