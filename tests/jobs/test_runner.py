import errno
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from accounts.errors import ActionRefused
from jobs import lease, registry
from jobs.choices import JobState
from jobs.errors import JobCancelled, LeaseLost
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobResult
from jobs.runner import Heartbeat, execute
from jobs.tasks import wake
from tests.factories.jobs import make_job
from tests.factories.schools import make_user
from tests.jobs import kinds

pytestmark = pytest.mark.django_db


def run(job: Job) -> Job:
    execute(job_id=job.pk)
    return Job.objects.get(pk=job.pk)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a decorator that registers a kind for one test and gives a queued job of it."""
    monkeypatch.setattr(registry, "registered", dict(registry.registered))

    def register(work: registry.Run) -> Job:
        registry.job_kind("tests.once", title="Разовое")(work)
        return make_job(kind="tests.once")

    return register


def test_run_ends_ready_with_its_result() -> None:
    job = run(make_job(parameters={"text": "да"}))

    assert (job.state, job.result["text"], job.result_url) == (JobState.READY, "да", "/jobs/")
    assert (job.step, job.progress_done, job.progress_total) == ("Повторяем", 1, 2)


def test_second_message_about_a_job_does_nothing() -> None:
    job = run(make_job())

    assert run(job).attempts == 1


def test_message_about_a_job_that_is_gone_does_nothing() -> None:
    wake(str(uuid.uuid4()))

    assert not Job.objects.exists()


def test_refusal_fails_the_job_at_once_with_its_reason() -> None:
    kinds.ended.clear()

    job = run(make_job(kind="tests.refuse", title="Справка"))

    assert (job.state, job.attempts, job.error_code) == (JobState.FAILED, 1, "profile_draft")
    assert job.error_text == "Профиль не утверждён. Сначала утвердите профиль."
    assert kinds.ended == [("Справка", "failed")]


def test_unforeseen_error_is_tried_three_times() -> None:
    job = make_job(kind="tests.break")

    states = [run(job).state for _ in range(4)]

    assert states == ["queued", "queued", "failed", "failed"]
    job.refresh_from_db()
    assert (job.attempts, job.error_code) == (3, "ValueError")


def test_unknown_kind_ends_failed_and_not_in_the_worker() -> None:
    job = make_job(kind="gone.kind", attempts=2)

    assert run(job).error_code == "UnknownKind"


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        pytest.param(SoftTimeLimitExceeded(), "timeout", "слишком долго", id="too-slow"),
        pytest.param(OSError(errno.ENOSPC, "full"), "disk_full", "место", id="disk-full"),
        pytest.param(ActionRefused("Профиль утверждён."), "refused", "Профиль утверждён.", id="action-refused"),
    ],
)
def test_error_that_a_second_attempt_would_repeat_fails_the_job(
    kind: Any,
    error: Exception,
    code: str,
    word: str,
) -> None:
    @kind
    def job(_job: Job, _progress: Progress) -> JobResult:
        raise error

    ended = run(job)

    assert (ended.state, ended.error_code) == (JobState.FAILED, code)
    assert word in ended.error_text


def test_rights_are_checked_again_when_the_job_starts() -> None:
    job = run(make_job(kind="tests.allowed", requested_by=make_user()))

    assert (job.state, job.error_code) == (JobState.FAILED, "forbidden")


def test_job_of_the_system_needs_no_right() -> None:
    assert run(make_job(kind="tests.allowed")).state == JobState.READY


def test_job_of_a_blocked_person_is_not_run() -> None:
    job = run(make_job(requested_by=make_user(is_active=False)))

    assert (job.state, job.error_code) == (JobState.FAILED, "forbidden")


def test_cancel_stops_the_run_at_its_next_step(kind: Any) -> None:
    @kind
    def job(running: Job, progress: Progress) -> JobResult:
        Job.objects.filter(pk=running.pk).update(cancel_requested_at=timezone.now())
        progress.step("Дальше")
        raise AssertionError("the run went on")

    assert run(job).state == JobState.CANCELLED


def test_run_that_lost_its_lease_changes_nothing(kind: Any) -> None:
    another = uuid.uuid4()

    @kind
    def job(running: Job, progress: Progress) -> JobResult:
        Job.objects.filter(pk=running.pk).update(lease_owner=another)
        return {"text": "поздно"}

    ended = run(job)

    assert (ended.state, ended.lease_owner, ended.result) == (JobState.RUNNING, another, {})


def test_finishing_stores_rows_and_end_together() -> None:
    job = run(make_job(kind="tests.store"))

    assert (job.state, job.title, job.result) == (JobState.READY, "Сохранено", {"text": "одна строка"})


def test_finishing_without_the_lease_stores_nothing(kind: Any) -> None:
    @kind
    def job(running: Job, progress: Progress) -> JobResult:
        Job.objects.filter(pk=running.pk).update(lease_owner=uuid.uuid4())
        return kinds.store(running, progress)

    assert run(job).title != "Сохранено"


def test_finishing_stores_nothing_when_its_lease_is_lost_inside(kind: Any) -> None:
    @kind
    def job(running: Job, progress: Progress) -> JobResult:
        with progress.finishing():
            Job.objects.filter(pk=running.pk).update(title="Сохранено", lease_owner=uuid.uuid4())
        return None

    assert run(job).title != "Сохранено"


def test_error_after_finishing_does_not_undo_the_end(kind: Any) -> None:
    @kind
    def job(running: Job, progress: Progress) -> JobResult:
        kinds.store(running, progress)
        raise ValueError

    assert run(job).state == JobState.READY


def progress_of(job: Job) -> Progress:
    owner = uuid.uuid4()
    claimed = lease.claim(job_id=job.pk, owner=owner, at=timezone.now())
    assert claimed is not None
    return Progress(claimed, owner)


def test_step_writes_a_new_text_at_once_and_counts_now_and_then() -> None:
    progress = progress_of(make_job())

    progress.step("Читаем", done=0, total=100)
    progress.step(done=1)
    progress.step("Пишем", done=50)

    job = Job.objects.get()
    assert (job.step, job.progress_done, job.progress_total) == ("Пишем", 50, 100)


def test_steps_of_every_row_cost_no_query_each(django_assert_num_queries: Any) -> None:
    progress = progress_of(make_job())
    progress.step("Читаем")

    with django_assert_num_queries(0):
        for row in range(100):
            progress.step("Читаем", done=row)


def test_step_raises_when_the_job_is_another_workers() -> None:
    progress = progress_of(make_job())
    Job.objects.update(lease_owner=uuid.uuid4())

    with pytest.raises(LeaseLost):
        progress.step("Пишем")


def test_fence_raises_when_the_person_has_cancelled() -> None:
    progress = progress_of(make_job())
    Job.objects.update(cancel_requested_at=timezone.now())

    with pytest.raises(JobCancelled):
        progress.fence()


@pytest.mark.django_db(transaction=True)
def test_heartbeat_renews_the_lease_of_a_silent_run(settings: Any) -> None:
    settings.JOBS_HEARTBEAT_SECONDS = 0.05
    progress = progress_of(make_job())
    Job.objects.update(lease_until=timezone.now() + timedelta(seconds=1))

    with Heartbeat(progress):
        time.sleep(0.5)

    until = Job.objects.get().lease_until
    assert until is not None
    assert until > timezone.now() + timedelta(seconds=30)
