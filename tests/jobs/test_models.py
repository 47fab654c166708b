import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobs.choices import ACTIVE_STATES, FINISHED_STATES, TRANSITIONS, JobState
from jobs.models import Job
from tests.factories.jobs import make_abandoned_job, make_job
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db


def test_visible_to_shows_own_jobs_only() -> None:
    person, colleague = make_user(), make_user()
    own = make_job(requested_by=person)
    make_job(requested_by=colleague)
    make_job(requested_by=None)

    assert list(Job.objects.visible_to(person)) == [own]


def test_claimable_has_queued_and_abandoned_jobs_with_attempts_left() -> None:
    queued, abandoned = make_job(), make_abandoned_job(attempts=2)
    make_job(state=JobState.RUNNING)
    make_abandoned_job(attempts=3)
    make_job(attempts=3)
    make_job(cancel_requested_at=timezone.now())
    for state in FINISHED_STATES:
        make_job(state=state)

    assert set(Job.objects.claimable(timezone.now())) == {queued, abandoned}


def test_stuck_has_running_jobs_with_expired_lease_only() -> None:
    abandoned = make_abandoned_job()
    make_job()
    make_job(state=JobState.RUNNING)

    assert list(Job.objects.stuck(timezone.now())) == [abandoned]


def test_undelivered_has_jobs_never_sent_and_sent_long_ago() -> None:
    now = timezone.now()
    unsent = make_job()
    lost = make_job(dispatched_at=now - timedelta(seconds=61))
    make_job(dispatched_at=now - timedelta(seconds=59))
    make_job(state=JobState.RUNNING)

    assert set(Job.objects.undelivered(now)) == {unsent, lost}


SAME: dict[str, Any] = {"kind": "tests.echo", "parameters_hash": "a" * 64}


def test_database_refuses_second_active_job_of_person_with_same_parameters() -> None:
    person = make_user()
    make_job(**SAME, requested_by=person)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_job(**SAME, requested_by=person, state=JobState.RUNNING)


def test_database_refuses_second_active_job_of_the_system_with_same_parameters() -> None:
    make_job(**SAME)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_job(**SAME)


def test_database_allows_same_parameters_to_another_person_and_after_the_end() -> None:
    person = make_user()
    make_job(**SAME, requested_by=person)
    make_job(**SAME, requested_by=make_user())
    make_job(**SAME, requested_by=person, state=JobState.READY)
    make_job(**SAME, requested_by=person, cancel_requested_at=timezone.now())

    assert Job.objects.count() == 4


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"state": "lost"}, id="unknown-state"),
        pytest.param({"state": JobState.RUNNING, "lease_owner": None}, id="running-without-owner"),
        pytest.param({"state": JobState.RUNNING, "lease_until": None}, id="running-without-term"),
        pytest.param({"state": JobState.READY, "finished_at": None}, id="ready-without-time"),
        pytest.param({"state": JobState.QUEUED, "finished_at": timezone.now()}, id="queued-with-end"),
        pytest.param({"state": JobState.FAILED, "error_text": ""}, id="failed-without-reason"),
        pytest.param({"attempts": 4}, id="too-many-attempts"),
    ],
)
def test_database_refuses(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_job(**fields)


def test_every_state_has_a_row_in_the_table_of_transitions() -> None:
    assert set(TRANSITIONS) == set(JobState)
    assert set(ACTIVE_STATES) | set(FINISHED_STATES) == set(JobState)


def test_change_state_refuses_what_the_table_does_not_lead_to() -> None:
    job = make_job(state=JobState.READY)

    with pytest.raises(ValueError, match="ready -> queued"):
        job.change_state(JobState.QUEUED)


def test_owned_by_has_nothing_for_another_owner() -> None:
    owner = uuid.uuid4()
    job = make_job(state=JobState.RUNNING, lease_owner=owner)

    assert list(Job.objects.owned_by(job_id=job.pk, owner=owner)) == [job]
    assert not Job.objects.owned_by(job_id=job.pk, owner=uuid.uuid4())


@pytest.mark.parametrize(
    ("done", "total", "percent"),
    [(0, 0, 0), (1, 3, 33), (3, 3, 100), (5, 3, 100)],
)
def test_percent(done: int, total: int, percent: int) -> None:
    assert Job(progress_done=done, progress_total=total).percent == percent


def test_overdue_is_what_the_scheduler_should_have_taken_care_of() -> None:
    now = timezone.now()
    minute_ago = now - timedelta(seconds=61)

    assert make_abandoned_job().is_overdue(now)
    assert make_job(created_at=minute_ago).is_overdue(now)
    assert make_job(created_at=minute_ago, dispatched_at=minute_ago).is_overdue(now)
    assert not make_job(created_at=minute_ago, dispatched_at=now).is_overdue(now)
    assert not make_job(state=JobState.RUNNING).is_overdue(now)
    assert not make_job(state=JobState.READY).is_overdue(now)


def test_result_url_ignores_what_is_no_address() -> None:
    assert Job(result={"url": "/reports/1/"}).result_url == "/reports/1/"
    assert Job(result={"url": 5}).result_url == ""
    assert Job().result_url == ""


def test_silent_seconds_count_from_the_last_heartbeat() -> None:
    assert Job().silent_seconds == 0
    assert Job(heartbeat_at=timezone.now() - timedelta(seconds=30)).silent_seconds == 30


def test_job_names_its_title_and_state() -> None:
    assert str(make_job(title="Справка")) == "Справка (В очереди)"
