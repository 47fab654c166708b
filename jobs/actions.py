"""What people and the clock do to jobs."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from jobs import broker, lease
from jobs.choices import JobState
from jobs.errors import NotCancellable, NotRetryable
from jobs.models import Job
from jobs.registry import kind_named

MESSAGES_IN_A_ROUND = 100


@transaction.atomic
def enqueue(
    *,
    kind: str,
    params: Mapping[str, Any] | None = None,
    by: User | None,
    title: str | None = None,
    dedupe: str | None = None,
) -> Job:
    """Return the waiting or running job of this person with the same parameters, or queue a new one.

    params: JSON values, ids rather than objects. dedupe: what makes two jobs the same, if not all parameters.
    The row belongs to the caller's transaction; the message goes out after its commit. With the broker down
    the row just stays queued, the dispatcher sends it later. Raises UnknownKind.
    """
    known = kind_named(kind)
    job = Job(
        kind=kind,
        title=(title or known.title)[:300],
        parameters=dict(params or {}),
        parameters_hash=fingerprint(params if dedupe is None else dedupe),
        requested_by=by,
    )
    return _twin(job) or _insert(job)


def fingerprint(value: Any) -> str:
    """Return SHA-256 of the canonical JSON of a value."""
    text = json.dumps(value or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _twin(job: Job) -> Job | None:
    same = Job.objects.active().filter(
        kind=job.kind,
        parameters_hash=job.parameters_hash,
        requested_by=job.requested_by,
        cancel_requested_at=None,
    )
    return same.exclude(pk=job.pk).first()


def _insert(job: Job) -> Job:
    """Store a new or repeated job. When a twin was quicker, return the twin."""
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        twin = _twin(job)
        if twin is None:  # not the twin was in the way, or it has just ended: nothing to hide
            raise
        return twin
    transaction.on_commit(partial(deliver, job), robust=True)
    return job


def deliver(job: Job) -> bool:
    """Send the message about a queued job; False when the broker is out of reach."""
    sent = broker.wake(job_id=job.pk, kind=job.kind)
    if sent:
        Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(dispatched_at=timezone.now())
    return sent


@transaction.atomic
def cancel(*, job: Job, by: User) -> Job:
    """Cancel a queued job at once; ask the worker of a running one, which stops at its next step.

    Raises NotCancellable when the job has already ended.
    """
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if not locked.is_active:
        raise NotCancellable("Задание уже закончено, отменять нечего.")
    locked.cancel_requested_at = locked.cancel_requested_at or timezone.now()
    if locked.state == JobState.QUEUED:
        lease.end(locked, JobState.CANCELLED)
    else:
        locked.save(update_fields=["cancel_requested_at"])
    record(AuditCode.JOB_CANCELLED, actor=by, obj=locked, kind=locked.kind)
    return locked


@transaction.atomic
def retry(*, job: Job, by: User) -> Job:
    """Queue a failed or cancelled job again, with all its attempts; return its twin if one is on the way.

    Raises NotRetryable when the job waits, runs or has succeeded.
    """
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if not locked.is_retryable:
        raise NotRetryable("Повторить можно только задание, которое не выполнено или отменено.")
    locked.change_state(JobState.QUEUED)
    locked.requested_by = by
    locked.attempts, locked.progress_done, locked.progress_total = 0, 0, 0
    locked.step = locked.error_code = locked.error_text = ""
    locked.cancel_requested_at = locked.finished_at = locked.dispatched_at = None
    return _twin(locked) or _insert(locked)


def tend(*, at: datetime | None = None) -> None:
    """One round of the scheduler. Harmless when two do it at once."""
    now = at or timezone.now()
    reap_expired(at=now)
    dispatch_waiting(at=now)


def nudge(*, job: Job) -> None:
    """Do for one job what the scheduler should have done."""
    at = timezone.now()
    reap_expired(at=at)
    waiting = Job.objects.undelivered(at).filter(pk=job.pk).first()
    if waiting:
        deliver(waiting)


def reap_expired(*, at: datetime) -> int:
    """Take the jobs of silent workers back: to the queue, or to the end when the attempts are gone.

    Returns how many were taken.
    """
    if not Job.objects.stuck(at).exists():  # no write transaction for nothing every few seconds
        return 0
    with transaction.atomic():
        stuck = list(Job.objects.stuck(at).select_for_update(skip_locked=True))
        for job in stuck:
            lease.put_back(job, code="worker_lost")
    return len(stuck)


def dispatch_waiting(*, at: datetime) -> int:
    """Send the messages that were never sent or may be lost, oldest job first. Returns how many went out."""
    sent = 0
    for job in Job.objects.undelivered(at).order_by("created_at", "pk")[:MESSAGES_IN_A_ROUND]:
        if not deliver(job):
            break
        sent += 1
    return sent
