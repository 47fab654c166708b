"""The one message of the portal: wake up, there is a job."""

import uuid

from celery import shared_task

from jobs.runner import execute


@shared_task(name="jobs.wake")
def wake(job_id: str) -> None:
    """Run a job if it is still to be run; a second message about it does nothing."""
    execute(job_id=uuid.UUID(job_id), with_heartbeat=True)
