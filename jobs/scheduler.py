"""The clock of the jobs: one loop, run by `manage.py scheduler`, or by `manage.py up` in a thread of its own."""

import logging
import threading

from django.conf import settings
from django.db import connection

from jobs import actions

logger = logging.getLogger(__name__)


def tend_until(stop: threading.Event) -> None:
    """Tend the jobs every few seconds until told to stop. An outage of anything ends a round, not the loop."""
    while not stop.is_set():
        tend_once()
        stop.wait(settings.JOBS_TEND_SECONDS)


def tend_once() -> None:
    try:
        actions.tend()
    except Exception as error:  # noqa: BLE001  the database may be away; the next round finds out
        logger.warning("The scheduler lost a round: %s", error)
    finally:
        connection.close()
