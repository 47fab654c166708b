"""States of a job and the ways between them."""

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "В очереди"
    RUNNING = "running", "Выполняется"
    READY = "ready", "Готово"
    FAILED = "failed", "Не выполнено"
    CANCELLED = "cancelled", "Отменено"


ACTIVE_STATES = (JobState.QUEUED, JobState.RUNNING)
FINISHED_STATES = (JobState.READY, JobState.FAILED, JobState.CANCELLED)

# from -> to. A change is a conditional UPDATE or is made under a row lock (jobs.lease, jobs.actions), so that
# of two processes one changes the row and the other finds it changed.
#   queued    -> running    a worker claims            -> cancelled  the person changes their mind
#   running   -> ready      finished, lease held       -> failed     refused, or three attempts gone
#   running   -> queued     lease expired, attempt left, or an unforeseen error
#   running   -> cancelled  the run noticed the wish to cancel
#   failed, cancelled -> queued  «Повторить»
TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.READY, JobState.FAILED, JobState.CANCELLED, JobState.QUEUED}),
    JobState.READY: frozenset(),
    JobState.FAILED: frozenset({JobState.QUEUED}),
    JobState.CANCELLED: frozenset({JobState.QUEUED}),
}
