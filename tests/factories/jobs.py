"""Jobs in any state that the database allows."""

import uuid
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from jobs.choices import ACTIVE_STATES, JobState
from jobs.models import Job

numbers = count(1)


def make_job(**fields: Any) -> Job:
    number = next(numbers)
    state = fields.get("state", JobState.QUEUED)
    defaults: dict[str, Any] = {
        "kind": "tests.echo",
        "title": f"Задание {number}",
        "parameters_hash": f"{number:064d}",
    }
    if state == JobState.RUNNING:
        lease = timezone.now() + timedelta(seconds=60)
        defaults |= {"lease_owner": uuid.uuid4(), "lease_until": lease, "attempts": 1}
        defaults |= {"heartbeat_at": timezone.now(), "started_at": timezone.now()}
    if state not in ACTIVE_STATES:
        defaults["finished_at"] = timezone.now()
    if state == JobState.FAILED:
        defaults["error_text"] = "Профиль 2027 года не утверждён."
    return Job.objects.create(**{**defaults, **fields})


def make_abandoned_job(**fields: Any) -> Job:
    """Return a running job whose worker has been silent for longer than the lease."""
    return make_job(state=JobState.RUNNING, lease_until=timezone.now() - timedelta(seconds=1), **fields)
