import socket
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from jobs import actions
from jobs.choices import JobState
from jobs.errors import JobFailed, NotCancellable, NotRetryable, UnknownKind
from jobs.models import Job
from jobs.runner import execute
from tests.factories.jobs import make_abandoned_job, make_job
from tests.factories.schools import make_user
from tests.jobs import kinds

pytestmark = pytest.mark.django_db

CommitHooks = Any


def enqueue(**changes: Any) -> Job:
    return actions.enqueue(**{"kind": "tests.echo", "params": {"text": "да"}, "by": None, **changes})


def test_enqueue_stores_a_queued_job_and_sends_its_message_after_commit(
    django_capture_on_commit_callbacks: CommitHooks,
) -> None:
    person = make_user()

    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(by=person)
        assert Job.objects.get().dispatched_at is None

    job.refresh_from_db()
    assert (job.state, job.requested_by, job.title) == (JobState.QUEUED, person, "Эхо")
    assert job.parameters == {"text": "да"}
    assert job.dispatched_at is not None


def test_enqueue_keeps_a_given_title() -> None:
    assert enqueue(title="Справка за 2026 год").title == "Справка за 2026 год"


def test_twenty_clicks_are_one_job() -> None:
    person = make_user()

    jobs = {enqueue(by=person) for _ in range(20)}

    assert len(jobs) == 1
    assert Job.objects.count() == 1


def test_enqueue_makes_new_jobs_for_other_parameters_person_and_after_the_end() -> None:
    person = make_user()
    first = enqueue(by=person)
    enqueue(by=person, params={"text": "нет"})
    enqueue(by=make_user())
    execute(job_id=first.pk)
    enqueue(by=person)

    assert Job.objects.count() == 4


def test_enqueue_after_a_cancel_does_not_get_the_dying_job() -> None:
    person = make_user()
    dying = make_job(state=JobState.RUNNING, requested_by=person, parameters_hash=actions.fingerprint({"text": "да"}))
    actions.cancel(job=dying, by=person)

    assert enqueue(by=person) != dying


def test_dedupe_key_makes_jobs_the_same_whatever_their_parameters() -> None:
    first = enqueue(params={"at": 1}, dedupe="школа 5")

    assert enqueue(params={"at": 2}, dedupe="школа 5") == first


def test_fingerprint_ignores_the_order_of_keys() -> None:
    assert actions.fingerprint({"a": 1, "b": 2}) == actions.fingerprint({"b": 2, "a": 1})
    assert actions.fingerprint({"a": 1}) != actions.fingerprint({"a": 2})


def test_enqueue_of_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UnknownKind, match=r"gone\.kind.*tests\.echo"):
        enqueue(kind="gone.kind")


def test_enqueue_rolled_back_with_its_caller_leaves_nothing() -> None:
    def import_and_fail() -> None:
        with transaction.atomic():
            enqueue()
            raise JobFailed("Файл повреждён.")

    with pytest.raises(JobFailed):
        import_and_fail()

    assert not Job.objects.exists()


def closed_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_with_the_broker_refusing_enqueue_answers_fast_and_the_job_waits(
    broker_at: Callable[[str], None],
    django_capture_on_commit_callbacks: CommitHooks,
) -> None:
    broker_at(f"redis://127.0.0.1:{closed_port()}/0")
    started = time.monotonic()

    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue()

    assert time.monotonic() - started < 3
    job.refresh_from_db()
    assert (job.state, job.dispatched_at) == (JobState.QUEUED, None)


def test_with_the_broker_silent_enqueue_answers_fast_and_the_next_one_at_once(
    broker_at: Callable[[str], None],
    django_capture_on_commit_callbacks: CommitHooks,
) -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        broker_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        started = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            enqueue()
        first = time.monotonic() - started
        with django_capture_on_commit_callbacks(execute=True):
            enqueue(params={"text": "нет"})
        second = time.monotonic() - started - first

    assert first < 3
    assert second < 0.5


def test_dispatcher_sends_what_an_outage_has_left(broker_at: Callable[[str], None]) -> None:
    job = make_job()
    lost = make_job(dispatched_at=timezone.now() - timedelta(minutes=5))
    broker_at("memory://")

    assert actions.dispatch_waiting(at=timezone.now()) == 2
    job.refresh_from_db()
    assert job.dispatched_at is not None
    lost.refresh_from_db()
    assert lost.dispatched_at is not None
    assert lost.dispatched_at > timezone.now() - timedelta(seconds=10)


def test_dispatcher_stops_at_the_first_refusal(broker_at: Callable[[str], None]) -> None:
    make_job()
    make_job()
    broker_at(f"redis://127.0.0.1:{closed_port()}/0")

    assert actions.dispatch_waiting(at=timezone.now()) == 0
    assert Job.objects.filter(dispatched_at=None).count() == 2


def test_reaper_queues_the_job_of_a_silent_worker() -> None:
    job = make_abandoned_job(dispatched_at=timezone.now())
    alive = make_job(state=JobState.RUNNING)

    assert actions.reap_expired(at=timezone.now()) == 1
    job.refresh_from_db()
    alive.refresh_from_db()
    assert (job.state, job.error_code, job.dispatched_at) == (JobState.QUEUED, "worker_lost", None)
    assert alive.state == JobState.RUNNING


def test_reaper_fails_the_job_after_three_attempts() -> None:
    kinds.ended.clear()
    job = make_abandoned_job(kind="tests.refuse", title="Справка", attempts=3)

    actions.reap_expired(at=timezone.now())

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "после трёх попыток" in job.error_text
    assert kinds.ended == [("Справка", "failed")]


def test_reaper_cancels_what_its_dead_worker_was_to_cancel() -> None:
    job = make_abandoned_job(cancel_requested_at=timezone.now())

    actions.reap_expired(at=timezone.now())

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_two_rounds_of_the_scheduler_do_no_more_than_one() -> None:
    job = make_abandoned_job()

    actions.tend()
    actions.tend()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)


def test_cancel_of_a_queued_job_ends_it_at_once_and_is_audited() -> None:
    person = make_user()
    job = make_job(requested_by=person)

    cancelled = actions.cancel(job=job, by=person)

    assert cancelled.state == JobState.CANCELLED
    event = AuditEvent.objects.get()
    assert (event.code, event.actor, event.object_id) == (AuditCode.JOB_CANCELLED, person, str(job.pk))


def test_cancel_of_a_running_job_asks_its_worker() -> None:
    person = make_user()
    job = make_job(state=JobState.RUNNING, requested_by=person)

    asked = actions.cancel(job=job, by=person)

    assert (asked.state, asked.is_cancelling) == (JobState.RUNNING, True)


@pytest.mark.parametrize("state", [JobState.READY, JobState.FAILED, JobState.CANCELLED])
def test_cancel_refuses_an_ended_job(state: JobState) -> None:
    with pytest.raises(NotCancellable, match="уже закончено"):
        actions.cancel(job=make_job(state=state), by=make_user())


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_retry_queues_the_job_with_all_its_attempts(state: JobState) -> None:
    person = make_user()
    job = make_job(state=state, attempts=3, requested_by=person, cancel_requested_at=timezone.now())

    again = actions.retry(job=job, by=person)

    again.refresh_from_db()
    assert again == job
    assert (again.state, again.attempts, again.error_text) == (JobState.QUEUED, 0, "")
    assert again.cancel_requested_at is None


def test_retry_returns_the_twin_that_is_already_on_the_way() -> None:
    person = make_user()
    same: dict[str, Any] = {"parameters_hash": "a" * 64, "requested_by": person}
    failed = make_job(state=JobState.FAILED, **same)
    twin = make_job(**same)

    assert actions.retry(job=failed, by=person) == twin
    failed.refresh_from_db()
    assert failed.state == JobState.FAILED


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.READY])
def test_retry_refuses_what_is_not_over_or_has_succeeded(state: JobState) -> None:
    with pytest.raises(NotRetryable):
        actions.retry(job=make_job(state=state), by=make_user())


def test_nudge_sends_one_overdue_job() -> None:
    job = make_abandoned_job(id=uuid.uuid4())

    actions.nudge(job=job)

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert job.dispatched_at is not None
