import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jobs import lease
from jobs.choices import JobState
from jobs.models import Job
from tests.factories.jobs import make_abandoned_job, make_job
from tests.jobs import kinds

pytestmark = pytest.mark.django_db


def claim(job: Job) -> tuple[Job | None, uuid.UUID]:
    owner = uuid.uuid4()
    return lease.claim(job_id=job.pk, owner=owner, at=timezone.now()), owner


def test_claim_gives_the_job_to_the_first_and_nothing_to_the_second() -> None:
    job = make_job()

    first, owner = claim(job)
    second, _ = claim(job)

    assert first is not None
    assert (first.state, first.attempts, first.lease_owner) == (JobState.RUNNING, 1, owner)
    assert second is None


def test_claim_takes_an_abandoned_job_and_counts_the_attempt() -> None:
    job = make_abandoned_job(step="Строим таблицы", progress_done=2, progress_total=3)

    taken, _ = claim(job)

    assert taken is not None
    assert (taken.attempts, taken.step, taken.progress_done) == (2, "", 0)


def test_claim_leaves_a_cancelled_job() -> None:
    assert claim(make_job(state=JobState.CANCELLED))[0] is None


def test_claim_of_a_job_that_is_gone_gives_nothing() -> None:
    assert claim(Job())[0] is None


def test_renew_extends_the_lease_and_stores_the_step() -> None:
    job = make_job()
    _, owner = claim(job)
    Job.objects.update(lease_until=timezone.now())

    assert lease.renew(job_id=job.pk, owner=owner, step="Строим таблицы")
    job.refresh_from_db()

    assert job.step == "Строим таблицы"
    assert job.lease_until is not None
    assert job.lease_until > timezone.now() + timedelta(seconds=50)


def test_old_owner_can_neither_renew_nor_end_the_job() -> None:
    job = make_job()
    _, old = claim(job)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    _, new = claim(job)

    assert not lease.renew(job_id=job.pk, owner=old)
    assert not lease.finish(job_id=job.pk, owner=old, result={})
    assert not lease.fail(job_id=job.pk, owner=old, code="x", text="Поздно")
    assert not lease.give_up(job_id=job.pk, owner=old)
    assert not lease.give_back(job_id=job.pk, owner=old, code="x")
    job.refresh_from_db()
    assert (job.state, job.lease_owner) == (JobState.RUNNING, new)


def test_finish_stores_the_result_and_frees_the_lease() -> None:
    job = make_job()
    _, owner = claim(job)

    assert lease.finish(job_id=job.pk, owner=owner, result={"url": "/reports/1/"})
    job.refresh_from_db()

    assert (job.state, job.result_url, job.lease_owner) == (JobState.READY, "/reports/1/", None)
    assert job.finished_at is not None


def test_give_back_queues_the_job_while_attempts_are_left() -> None:
    job = make_job(dispatched_at=timezone.now())
    _, owner = claim(job)

    assert lease.give_back(job_id=job.pk, owner=owner, code="ValueError")
    job.refresh_from_db()

    assert (job.state, job.attempts, job.error_code) == (JobState.QUEUED, 1, "ValueError")
    assert job.dispatched_at is None


def test_give_back_after_the_third_attempt_fails_the_job_with_a_number_for_support() -> None:
    job = make_job(attempts=2)
    _, owner = claim(job)

    lease.give_back(job_id=job.pk, owner=owner, code="ValueError")
    job.refresh_from_db()

    assert job.state == JobState.FAILED
    assert "после трёх попыток" in job.error_text
    assert str(job.pk)[:8] in job.error_text


def test_give_back_of_a_job_that_was_to_be_cancelled_cancels_it() -> None:
    job = make_job()
    _, owner = claim(job)
    Job.objects.update(cancel_requested_at=timezone.now())

    lease.give_back(job_id=job.pk, owner=owner, code="ValueError")
    job.refresh_from_db()

    assert job.state == JobState.CANCELLED


def test_end_tells_the_kind_and_survives_an_unknown_one() -> None:
    kinds.ended.clear()
    lease.end(make_job(kind="tests.refuse", title="Справка"), JobState.CANCELLED)
    lease.end(make_job(kind="gone.kind"), JobState.CANCELLED)

    assert kinds.ended == [("Справка", "cancelled")]


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_at_once_one_claims() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("a database in memory has one connection; tests/jobs/test_up.py races real processes")
    job = make_job()
    start = threading.Barrier(8)
    taken: list[Job | None] = []

    def work() -> None:
        start.wait()
        try:
            taken.append(claim(job)[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 8
    assert len([job for job in taken if job]) == 1
    job.refresh_from_db()
    assert job.attempts == 1
