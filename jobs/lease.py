"""Who has a job: claim, renew, and the ends that only the holder of the lease may write.

The lease is time: silence longer than JOBS_LEASE_SECONDS gives the job to somebody else. The owner is the
fence: a run that was thought dead and comes back finds another owner in the row, and its end changes nothing.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jobs.choices import JobState
from jobs.errors import UnknownKind
from jobs.models import Job
from jobs.registry import kind_named

NO_LEASE: Mapping[str, None] = {"lease_owner": None, "lease_until": None}
OUT_OF_ATTEMPTS = (
    "Не удалось выполнить после трёх попыток. Повторите позже, а если не поможет, "
    "сообщите администратору номер задания: {number}."
)


def claim(*, job_id: uuid.UUID, owner: uuid.UUID, at: datetime) -> Job | None:
    """Give the job to `owner`; None when there is nothing to take: a second message, a faster worker."""
    taken = (
        Job.objects.claimable(at)
        .filter(pk=job_id)
        .update(
            state=JobState.RUNNING,
            attempts=F("attempts") + 1,
            lease_owner=owner,
            lease_until=at + timedelta(seconds=settings.JOBS_LEASE_SECONDS),
            heartbeat_at=at,
            started_at=at,
            step="",
            progress_done=0,
            progress_total=0,
        )
    )
    return Job.objects.select_related("requested_by").get(pk=job_id) if taken else None


def renew(*, job_id: uuid.UUID, owner: uuid.UUID, **fields: Any) -> bool:
    """Extend the lease and store `fields`; return False when the owner no longer holds it."""
    at = timezone.now()
    until = at + timedelta(seconds=settings.JOBS_LEASE_SECONDS)
    owned = Job.objects.owned_by(job_id=job_id, owner=owner)
    return bool(owned.update(lease_until=until, heartbeat_at=at, **fields))


def finish(*, job_id: uuid.UUID, owner: uuid.UUID, result: Mapping[str, Any]) -> bool:
    """End the job well; return False when the owner no longer holds it."""
    owned = Job.objects.owned_by(job_id=job_id, owner=owner)
    ended = owned.update(
        state=JobState.READY,
        result=dict(result),
        finished_at=timezone.now(),
        error_code="",
        error_text="",
        **NO_LEASE,
    )
    return bool(ended)


@transaction.atomic
def fail(*, job_id: uuid.UUID, owner: uuid.UUID, code: str, text: str) -> bool:
    """End the job without success; return False when the owner no longer holds it."""
    job = _held(job_id, owner)
    if job:
        end(job, JobState.FAILED, code=code, text=text)
    return job is not None


@transaction.atomic
def give_up(*, job_id: uuid.UUID, owner: uuid.UUID) -> bool:
    """End the job as cancelled; return False when the owner no longer holds it."""
    job = _held(job_id, owner)
    if job:
        end(job, JobState.CANCELLED)
    return job is not None


@transaction.atomic
def give_back(*, job_id: uuid.UUID, owner: uuid.UUID, code: str) -> bool:
    """Let the job be tried again, or fail it when its attempts are gone.

    code: what happened, for support. Returns False when the owner no longer holds the job.
    """
    job = _held(job_id, owner)
    if job:
        put_back(job, code=code)
    return job is not None


def put_back(job: Job, *, code: str) -> None:
    """Decide what becomes of a running job whose run is over without an end. The caller locks the row."""
    if job.cancel_requested_at:
        end(job, JobState.CANCELLED)
    elif job.attempts >= job.max_attempts:
        end(job, JobState.FAILED, code=code, text=OUT_OF_ATTEMPTS.format(number=str(job.pk)[:8]))
    else:
        job.change_state(JobState.QUEUED)
        job.error_code, job.dispatched_at = code[:60], None
        job.lease_owner = job.lease_until = None
        job.save()


def end(job: Job, state: JobState, *, code: str = "", text: str = "") -> None:
    """Write a failed or cancelled end and tell the kind. The row is locked by the caller."""
    job.change_state(state)
    job.error_code, job.error_text = code[:60], text
    job.lease_owner = job.lease_until = None
    job.finished_at = timezone.now()
    job.save()
    _tell_kind(job)


def _tell_kind(job: Job) -> None:
    try:
        kind = kind_named(job.kind)
    except UnknownKind:  # the app that had registered it is gone; its job can still be ended
        return
    if kind.on_end:
        kind.on_end(job)


def _held(job_id: uuid.UUID, owner: uuid.UUID) -> Job | None:
    return Job.objects.owned_by(job_id=job_id, owner=owner).select_for_update().first()
