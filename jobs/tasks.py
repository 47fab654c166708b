"""The one message of the portal: wake up, there is a job."""

import uuid
from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from jobs.runner import execute
from jobs.scheduler import tend_once


@shared_task(name="jobs.wake")
def wake(job_id: str) -> None:
    """Run a job if it is still to be run; a second message about it does nothing."""
    execute(job_id=uuid.UUID(job_id), with_heartbeat=True)


@worker_ready.connect
def look_for_work(**_: Any) -> None:
    """Take up what was left by a worker that died, and what waits while no scheduler runs."""
    tend_once()
