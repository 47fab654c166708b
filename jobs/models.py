"""A background job: the row is the truth, the message broker only wakes a worker."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jobs.choices import ACTIVE_STATES, TRANSITIONS, JobState

if TYPE_CHECKING:
    from accounts.models import User

MAX_ATTEMPTS = 3
PATIENCE_SECONDS = 10


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: "User") -> Self:
        """Return the person's own jobs: what somebody asked for is nobody else's business."""
        return self.filter(requested_by=user)

    def active(self) -> Self:
        return self.filter(state__in=ACTIVE_STATES)

    def active_or_failed(self) -> Self:
        """Return the jobs on the way, and those that ended without success and may be tried again."""
        return self.filter(state__in=[*ACTIVE_STATES, JobState.FAILED])

    def of_kinds(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def about(self, parameter: str, key: uuid.UUID) -> Self:
        """Return the jobs whose parameter of this name is this key."""
        return self.filter(**{f"parameters__{parameter}": str(key)})

    def not_ready(self) -> Self:
        """Return the jobs on the way, and those that failed or were cancelled."""
        return self.exclude(state=JobState.READY)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def claimable(self, at: datetime) -> Self:
        """Return jobs that a worker may take: queued, or under an expired lease; with an attempt left."""
        abandoned = Q(state=JobState.RUNNING, lease_until__lt=at)
        free = Q(state=JobState.QUEUED) | abandoned
        return self.filter(free, attempts__lt=F("max_attempts"), cancel_requested_at=None)

    def stuck(self, at: datetime) -> Self:
        """Return running jobs whose worker has been silent for longer than the lease."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=at)

    def undelivered(self, at: datetime) -> Self:
        """Return queued jobs whose message was never sent, or so long ago that it may be lost."""
        silent_since = at - timedelta(seconds=settings.JOBS_RESEND_SECONDS)
        unsent = Q(dispatched_at=None) | Q(dispatched_at__lt=silent_since)
        return self.filter(unsent, state=JobState.QUEUED)

    def owned_by(self, *, job_id: uuid.UUID, owner: uuid.UUID) -> Self:
        """Return the row if this run still holds its lease, else nothing (the fence)."""
        return self.filter(pk=job_id, lease_owner=owner, state=JobState.RUNNING)


class Job(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("вид", max_length=60)
    title = models.CharField("название", max_length=300)
    parameters = models.JSONField("параметры", default=dict)
    parameters_hash = models.CharField("отпечаток параметров", max_length=64)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name="кто запросил",
    )
    state = models.CharField("состояние", max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    max_attempts = models.PositiveSmallIntegerField("попыток не более", default=MAX_ATTEMPTS)
    lease_owner = models.UUIDField("кем взято", null=True, blank=True, editable=False)
    lease_until = models.DateTimeField("взято до", null=True, blank=True)
    heartbeat_at = models.DateTimeField("последний отклик", null=True, blank=True)
    progress_done = models.PositiveIntegerField("сделано", default=0)
    progress_total = models.PositiveIntegerField("всего", default=0)
    step = models.CharField("шаг", max_length=300, blank=True)
    error_code = models.CharField("код ошибки", max_length=60, blank=True)
    error_text = models.TextField("причина", blank=True)
    result = models.JSONField("итог", default=dict, blank=True)
    created_at = models.DateTimeField("создано", default=timezone.now)
    dispatched_at = models.DateTimeField("сообщение отправлено", null=True, blank=True)
    started_at = models.DateTimeField("начато", null=True, blank=True)
    cancel_requested_at = models.DateTimeField("запрошена отмена", null=True, blank=True)
    finished_at = models.DateTimeField("закончено", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "фоновое задание"
        verbose_name_plural = "фоновые задания"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("requested_by", "-created_at"), name="job_own_newest"),
            models.Index(fields=("state", "lease_until"), name="job_state_lease"),
        )
        constraints = (
            # Twenty clicks are one job. A job that is being cancelled does not stand in the way of a new one.
            models.UniqueConstraint(
                fields=("kind", "parameters_hash", "requested_by"),
                condition=Q(state__in=ACTIVE_STATES, cancel_requested_at=None),
                name="job_one_active_for_person",
                violation_error_message="Такое задание уже в очереди.",
            ),
            models.UniqueConstraint(
                fields=("kind", "parameters_hash"),
                condition=Q(state__in=ACTIVE_STATES, cancel_requested_at=None, requested_by=None),
                name="job_one_active_for_system",
                violation_error_message="Такое задание уже в очереди.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=JobState.values),
                name="job_state_known",
                violation_error_message="Неизвестное состояние задания.",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | Q(lease_owner__isnull=False, lease_until__isnull=False),
                name="job_running_has_lease",
                violation_error_message="Выполняемое задание должно быть кем-то взято.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ACTIVE_STATES, finished_at=None)
                | (~Q(state__in=ACTIVE_STATES) & Q(finished_at__isnull=False)),
                name="job_finished_has_time",
                violation_error_message="У законченного задания должно быть время окончания.",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FAILED) | ~Q(error_text=""),
                name="job_failed_has_reason",
                violation_error_message="У невыполненного задания должна быть причина.",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("max_attempts")),
                name="job_attempts_within_limit",
                violation_error_message="Попыток больше, чем разрешено.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("jobs:status", args=(self.pk,))

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def is_cancelling(self) -> bool:
        return self.is_active and self.cancel_requested_at is not None

    @property
    def is_retryable(self) -> bool:
        return self.state in {JobState.FAILED, JobState.CANCELLED}

    @property
    def is_waiting_long(self) -> bool:
        """Answer whether a queued job has waited so long that a word about it is due."""
        waiting_since = timezone.now() - timedelta(seconds=PATIENCE_SECONDS)
        return self.state == JobState.QUEUED and self.created_at < waiting_since

    @property
    def percent(self) -> int:
        return min(100, 100 * self.progress_done // self.progress_total) if self.progress_total else 0

    @property
    def silent_seconds(self) -> int:
        """Return how long the worker has not been heard of."""
        return max(0, int((timezone.now() - self.heartbeat_at).total_seconds())) if self.heartbeat_at else 0

    @property
    def result_url(self) -> str:
        """Return where the result is, or an empty string; a run sets it as result["url"]."""
        url = self.result.get("url", "")
        return url if isinstance(url, str) else ""

    def is_overdue(self, at: datetime) -> bool:
        """Answer whether the scheduler should long have taken care of the job."""
        if self.state == JobState.RUNNING:
            return self.lease_until is not None and self.lease_until < at
        silent_since = at - timedelta(seconds=settings.JOBS_RESEND_SECONDS)
        return self.state == JobState.QUEUED and (self.dispatched_at or self.created_at) < silent_since

    def change_state(self, target: JobState) -> None:
        """Set the state. Raises ValueError when the table of transitions does not lead there."""
        allowed = TRANSITIONS[JobState(self.state)]
        if target not in allowed:
            raise ValueError(f"Job {self.pk}: {self.state} -> {target}; allowed: {sorted(allowed)}")
        self.state = target

    @property
    def facts(self) -> dict[str, Any]:
        """Return what a log line about the job needs."""
        return {"job": str(self.pk), "kind": self.kind, "attempt": self.attempts}
