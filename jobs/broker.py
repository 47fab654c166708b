"""Sending the wake-up call, within the patience of a page."""

import logging
import time
import uuid

from celery import current_app

from jobs.errors import UnknownKind
from jobs.registry import DEFAULT_SECONDS, kind_named

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5  # after a failure; else every page of an outage would wait for the same silence
SECONDS_TO_GIVE_UP = 30  # between the polite stop of a run and the hard one


class _Outage:
    """When this process last failed to reach the broker."""

    until = 0.0


def wake(*, job_id: uuid.UUID, kind: str) -> bool:
    """Ask a worker to look at a job; False when the broker cannot be reached. Never raises."""
    if time.monotonic() < _Outage.until:
        return False
    seconds = _seconds(kind)
    try:
        current_app.send_task(
            "jobs.wake",
            args=[str(job_id)],
            soft_time_limit=seconds,
            time_limit=seconds + SECONDS_TO_GIVE_UP,
            ignore_result=True,
            retry=False,
        )
    except Exception as error:  # noqa: BLE001  whatever the cause, the row is saved and the dispatcher will come
        _Outage.until = time.monotonic() + PAUSE_SECONDS
        logger.warning("Broker is out of reach, job %s waits for the dispatcher: %s", job_id, error)
        return False
    return True


def forget_outage() -> None:
    """Try the broker again at once."""
    _Outage.until = 0.0


def _seconds(kind: str) -> int:
    try:
        return kind_named(kind).seconds
    except UnknownKind:
        return DEFAULT_SECONDS
