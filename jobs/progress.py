"""What a run tells about itself, and how it proves that the job is still its own."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from jobs import lease
from jobs.errors import JobCancelled, LeaseLost
from jobs.models import Job

SECONDS_BETWEEN_WRITES = 0.5  # a run may tell of every row; the page asks once in three seconds


class Progress:
    """The hand of one run on its job."""

    def __init__(self, job: Job, owner: uuid.UUID) -> None:
        self.job = job
        self.owner = owner
        self.is_finished = False
        self._text = ""
        self._written_at = 0.0

    def step(self, text: str = "", *, done: int | None = None, total: int | None = None) -> None:
        """Show what is being done and renew the lease.

        text: Russian, «Строим таблицы»; empty keeps the one before.
        done, total: parts of the whole; None keeps what was told before.
        Raises JobCancelled when the person has asked for it, LeaseLost when another worker has the job.
        """
        if not self._is_worth_writing(text):
            return
        told = {"step": text[:300] or None, "progress_done": done, "progress_total": total}
        self._renew(**{field: value for field, value in told.items() if value is not None})
        self._check_cancel()

    def fence(self) -> None:
        """Lock the job's row in the caller's transaction and check that it is still this run's.

        Raises LeaseLost, JobCancelled.
        """
        self._renew()
        self._check_cancel()

    @contextmanager
    def finishing(self) -> Iterator[dict[str, Any]]:
        """Store the rows of the block and the end of the job in one transaction: both, or neither.

        Yields the result of the job to be filled in. Raises LeaseLost if another worker has the job now,
        JobCancelled if the person has cancelled it; nothing is stored then.
        """
        result: dict[str, Any] = {}
        with transaction.atomic():
            self.fence()
            yield result
            if not lease.finish(job_id=self.job.pk, owner=self.owner, result=result):
                raise LeaseLost
        self.is_finished = True

    def _is_worth_writing(self, text: str) -> bool:
        now = time.monotonic()
        is_new = bool(text) and text != self._text
        if is_new or now - self._written_at >= SECONDS_BETWEEN_WRITES:
            self._text, self._written_at = text or self._text, now
            return True
        return False

    def _renew(self, **fields: Any) -> None:
        if not lease.renew(job_id=self.job.pk, owner=self.owner, **fields):
            raise LeaseLost

    def _check_cancel(self) -> None:
        if Job.objects.filter(pk=self.job.pk).exclude(cancel_requested_at=None).exists():
            raise JobCancelled
