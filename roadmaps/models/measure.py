"""A measure of a roadmap: plan, execution, confirmation."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any, ClassVar, Final, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.db import PublicIdModel
from accounts.models import User
from riskprofiles.models import ProfileFactor
from roadmaps.choices import (
    DONE_STATUSES,
    ORDERED_STATES,
    OUT_OF_PLAN_STATUSES,
    RUNNING_STATUSES,
    STATUS_LOOKS,
    Confirmation,
    EvidenceKind,
    MeasureStatus,
    RoadmapState,
)
from roadmaps.models.roadmap import Roadmap, Section
from schools.access import scope_of

SOON_DAYS: Final = 14


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User) -> Self:
        scope = scope_of(user)
        return self.filter(scope.schools_q("roadmap__school__") | scope.territories_q("roadmap__territory__"))

    def for_page(self) -> Self:
        return self.select_related(
            "section__factor",
            "roadmap__school__territory",
            "roadmap__territory",
            "roadmap__approval_act",
        )

    def in_force(self) -> Self:
        """Return the measures of approved roadmaps that are carried out."""
        return self.filter(roadmap__state=RoadmapState.IN_EXECUTION)

    def fixed_by_order(self) -> Self:
        """Return the measures of versions that an order fixed: of others none is carried out, and none is late."""
        return self.filter(roadmap__state__in=ORDERED_STATES)

    def planned(self) -> Self:
        """Return all but the excluded ones: the denominator of execution."""
        return self.exclude(status__in=OUT_OF_PLAN_STATUSES)

    def done(self) -> Self:
        return self.filter(status__in=DONE_STATUSES)

    def overdue(self, today: date) -> Self:
        """Return the measures of approved versions with a term before today that are not closed."""
        return self.fixed_by_order().filter(status__in=RUNNING_STATUSES, due_date__lt=today)

    def due_soon(self, today: date) -> Self:
        """Return the open measures of approved versions with a term within two weeks, today included."""
        return self.fixed_by_order().filter(
            status__in=RUNNING_STATUSES,
            due_date__gte=today,
            due_date__lte=today + timedelta(days=SOON_DAYS),
        )

    def to_confirm(self) -> Self:
        """Return what the curator or the methodist has to answer."""
        return self.filter(confirmation=Confirmation.SUBMITTED)

    def returned(self) -> Self:
        return self.filter(confirmation=Confirmation.RETURNED)

    def in_order(self) -> Self:
        return self.order_by("section__position", "position", "pk")


class Measure(PublicIdModel):
    """One line of a roadmap. `stable_id` is the same in all versions; `version` is the lock of the editable table.

    Source: domain specification, 4.2. `number` is given by the portal: number of the section, number in it.
    """

    Status = MeasureStatus
    _history_user: User | None  # read by django-simple-history
    _change_reason: str | None

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="measures")
    stable_id = models.UUIDField("мероприятие без версий", default=uuid.uuid4, editable=False)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="measures", verbose_name="раздел")
    position = models.PositiveSmallIntegerField("порядок в разделе")
    number = models.CharField("№", max_length=10, blank=True)
    factors = models.ManyToManyField(
        ProfileFactor,
        blank=True,
        related_name="measures",
        verbose_name="факторы риска",
    )
    objective = models.TextField("задача", blank=True)
    title = models.TextField("мероприятие", blank=True)
    date_from = models.DateField("начало", null=True, blank=True)
    due_date = models.DateField("срок", null=True, blank=True)
    timing = models.CharField("срок словами", max_length=100, blank=True)
    responsible = models.CharField("ответственный", max_length=500, blank=True)
    participants = models.CharField("соисполнители и участники", max_length=500, blank=True)
    indicator = models.TextField("показатель", blank=True)
    baseline = models.CharField("исходное значение", max_length=100, blank=True)
    target = models.CharField("целевое значение", max_length=100, blank=True)
    unit = models.CharField("единица", max_length=40, blank=True)
    expected_result = models.TextField("ожидаемый результат", blank=True)
    evidence_kind = models.CharField("подтверждающий документ", max_length=16, choices=EvidenceKind.choices, blank=True)
    resources = models.CharField("ресурсы", max_length=500, blank=True)
    amount = models.DecimalField("сумма, руб.", max_digits=12, decimal_places=2, null=True, blank=True)

    status = models.CharField(
        "статус",
        max_length=16,
        choices=MeasureStatus.choices,
        default=MeasureStatus.NOT_STARTED,
    )
    done_on = models.DateField("исполнено", null=True, blank=True)
    progress = models.PositiveSmallIntegerField(
        "готовность, %",
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    actual_result = models.TextField("фактический результат", blank=True)
    cancel_reason = models.TextField("причина исключения", blank=True)
    evidence_count = models.PositiveSmallIntegerField("подтверждений", default=0, editable=False)

    confirmation = models.CharField(
        "подтверждение",
        max_length=10,
        choices=Confirmation.choices,
        default=Confirmation.NONE,
        blank=True,
    )
    confirmation_comment = models.TextField("замечание к исполнению", blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("подтверждено", null=True, blank=True)

    version = models.PositiveIntegerField("версия строки", default=1, editable=False)
    history = HistoricalRecords()

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "мероприятие"
        verbose_name_plural = "мероприятия"
        ordering: ClassVar[list[str]] = ["roadmap", "section__position", "position", "pk"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["status", "due_date"], name="measure_status_due")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["roadmap", "stable_id"], name="measure_once_in_version"),
            models.CheckConstraint(
                condition=Q(date_from__isnull=True) | Q(due_date__isnull=True) | Q(date_from__lte=F("due_date")),
                name="measure_dates_order",
                violation_error_message="Мероприятие не может закончиться раньше, чем началось.",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=100),
                name="measure_progress_range",
                violation_error_message="Готовность — число от 0 до 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="measure_amount_not_negative",
                violation_error_message="Сумма не бывает меньше нуля.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(DONE_STATUSES)) | Q(done_on__isnull=False),
                name="measure_done_when",
                violation_error_message="Укажите дату исполнения.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(DONE_STATUSES)) | Q(evidence_kind="") | Q(evidence_count__gt=0),
                name="measure_done_with_evidence",
                violation_error_message="Приложите подтверждение: без него мероприятие не считается исполненным.",
            ),
            models.CheckConstraint(
                condition=~Q(status=MeasureStatus.CANCELLED) | ~Q(cancel_reason=""),
                name="measure_cancelled_with_reason",
                violation_error_message="Напишите, почему мероприятие исключено.",
            ),
            models.CheckConstraint(
                condition=~Q(confirmation=Confirmation.RETURNED) | ~Q(confirmation_comment=""),
                name="measure_returned_with_comment",
                violation_error_message="Вернуть исполнение можно только с замечанием.",
            ),
            models.CheckConstraint(
                condition=~Q(confirmation=Confirmation.CONFIRMED)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="measure_confirmed_who_and_when",
                violation_error_message="Подтверждённое исполнение хранит, кто и когда его подтвердил.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip() or "Новое мероприятие"

    def get_absolute_url(self) -> str:
        return reverse("roadmaps:measure", args=[self.pk])

    def save_by(self, user: User, *, reason: str = "") -> None:
        """Save as the next version of the row, in the name of a person."""
        if not self._state.adding:
            self.version += 1
        self._history_user = user
        self._change_reason = reason or None
        self.save()

    @property
    def is_done(self) -> bool:
        return self.status in DONE_STATUSES

    @property
    def is_excluded(self) -> bool:
        return self.status in OUT_OF_PLAN_STATUSES

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING_STATUSES

    @property
    def is_awaited(self) -> bool:
        """Answer whether somebody has to carry it out by its term: not before an order has fixed the plan."""
        return self.is_running and self.roadmap.is_approved

    def is_overdue(self, today: date) -> bool:
        return self.is_awaited and self.due_date is not None and self.due_date < today

    def is_due_soon(self, today: date) -> bool:
        return self.is_awaited and self.due_date is not None and 0 <= (self.due_date - today).days <= SOON_DAYS

    def look(self, today: date) -> str:
        """Return the status pill of the interface on a day."""
        if self.is_overdue(today):
            return "late"
        if self.confirmation == Confirmation.SUBMITTED:
            return "check"
        if self.is_due_soon(today) and self.status != MeasureStatus.POSTPONED:
            return "soon"
        return STATUS_LOOKS[MeasureStatus(self.status)]

    @property
    def evidence_missing(self) -> bool:
        """Answer whether a document must be attached before the measure counts as done."""
        return bool(self.evidence_kind) and not self.evidence_count
