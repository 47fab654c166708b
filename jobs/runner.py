"""One run of one job, from claim to end."""

import errno
import logging
import threading
import uuid
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Self

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from accounts.errors import ActionRefused
from jobs import lease
from jobs.errors import JobCancelled, JobFailed, LeaseLost
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobKind, kind_named

logger = logging.getLogger(__name__)

TIMED_OUT = "Задание выполнялось слишком долго и остановлено. Сузьте отбор: меньше школ или короче период."
DISK_FULL = "На сервере закончилось место. Сообщите администратору и повторите, когда он его освободит."
FORBIDDEN = "Права на это действие у вас больше нет. Обратитесь к администратору региона."


class Heartbeat(AbstractContextManager["Heartbeat"]):
    """Renews the lease from a second thread while the run is in a long computation."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="job-heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _beat(self) -> None:
        while not self._stop.wait(settings.JOBS_HEARTBEAT_SECONDS):
            if not self._renew():
                return

    def _renew(self) -> bool:
        try:
            return lease.renew(job_id=self._progress.job.pk, owner=self._progress.owner)
        except DatabaseError as error:  # the row may be locked by this very run; the next beat will do
            logger.info("Heartbeat missed: %s", error)
            return True
        finally:
            connection.close()


def execute(*, job_id: uuid.UUID, with_heartbeat: bool = False) -> None:
    """Run a job if it can be claimed. Whatever the run raises ends in the row, not in the caller."""
    owner = uuid.uuid4()
    job = lease.claim(job_id=job_id, owner=owner, at=timezone.now())
    if job is None:
        logger.info("Job %s is not to be run: done, taken or gone", job_id)
        return
    progress = Progress(job, owner)
    try:
        with Heartbeat(progress) if with_heartbeat else nullcontext():
            _run(job, progress)
    except LeaseLost:
        logger.warning("Job lost its lease, its work is dropped: %s", job.facts)
    except JobCancelled:
        lease.give_up(job_id=job_id, owner=owner)
    except Exception as error:  # noqa: BLE001  the job's end, not the worker's
        _end_after(error, progress)


def _run(job: Job, progress: Progress) -> None:
    kind = kind_named(job.kind)
    _check_rights(job, kind)
    result = kind.run(job, progress)
    if progress.is_finished:
        return
    if not lease.finish(job_id=job.pk, owner=progress.owner, result=result or {}):
        raise LeaseLost


def _check_rights(job: Job, kind: JobKind) -> None:
    """Raise JobFailed when the person has lost the right between the click and now."""
    person = job.requested_by
    if person is None:
        return
    if not person.is_active or (kind.permission and not person.may(kind.permission)):
        raise JobFailed(FORBIDDEN, code="forbidden")


def _end_after(error: Exception, progress: Progress) -> None:
    if not connection.in_atomic_block:
        close_old_connections()  # the error may be that of a broken connection
    job_id, owner = progress.job.pk, progress.owner
    refusal = _refusal(error)
    if refusal:
        lease.fail(job_id=job_id, owner=owner, code=refusal.code, text=refusal.message)
        return
    logger.error("Job failed: %s", progress.job.facts, exc_info=error)
    lease.give_back(job_id=job_id, owner=owner, code=type(error).__name__)


def _refusal(error: Exception) -> JobFailed | None:
    """Return what to tell when a second attempt would end the same, else None."""
    if isinstance(error, JobFailed):
        return error
    if isinstance(error, ActionRefused):
        return JobFailed(error.text)
    if isinstance(error, SoftTimeLimitExceeded):
        return JobFailed(TIMED_OUT, code="timeout")
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return JobFailed(DISK_FULL, code="disk_full")
    return None
