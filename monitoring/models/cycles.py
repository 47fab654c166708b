"""Metric sets, cycles, submissions of schools, readings with numerator and denominator."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, F, Q
from simple_history.models import HistoricalRecords

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from monitoring.choices import (
    EDITABLE_SUBMISSION_STATES,
    HANDED_IN_STATES,
    OPEN_CYCLE_STATES,
    CycleState,
    Direction,
    MetricGroup,
    MetricSource,
    Stage,
    SubmissionState,
)
from schools.access import scope_of
from schools.models import LegalAct, School, Territory


class MetricSet(PublicIdModel):
    """A version of the catalogue of metrics; a cycle keeps the one it began with."""

    code = models.CharField("код", max_length=40)
    version = models.PositiveSmallIntegerField("версия")
    title = models.CharField("название", max_length=250)
    provenance = models.TextField("происхождение", blank=True)

    class Meta:
        verbose_name = "набор показателей"
        verbose_name_plural = "наборы показателей"
        ordering: ClassVar[list[str]] = ["code", "-version", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["code", "version"], name="metric_set_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, версия {self.version}"


class Metric(models.Model):
    """A share with what is counted and out of what. Source: domain specification, 5.2 and 5.3."""

    metric_set = models.ForeignKey(MetricSet, on_delete=models.CASCADE, related_name="metrics")
    code = models.CharField("код", max_length=8)
    position = models.PositiveSmallIntegerField("порядок")
    group = models.CharField("группа", max_length=8, choices=MetricGroup.choices)
    title = models.CharField("показатель", max_length=250)
    numerator_title = models.CharField("что считаем", max_length=150)
    denominator_title = models.CharField("из скольких", max_length=150)
    source = models.CharField("источник", max_length=20, choices=MetricSource.choices)
    direction = models.CharField("направление", max_length=4, choices=Direction.choices)
    target = models.DecimalField("цель, %", max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "показатель"
        verbose_name_plural = "показатели"
        ordering: ClassVar[list[str]] = ["metric_set", "position", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["metric_set", "code"], name="metric_code_unique_in_set"),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0, target__lte=100),
                name="metric_target_range",
                violation_error_message="Цель — число от 0 до 100 %.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_counted(self) -> bool:
        """Answer whether the portal counts it and the school only looks."""
        return self.source != MetricSource.SCHOOL


class MonitoringCycleQuerySet(models.QuerySet["MonitoringCycle"]):
    def visible_to(self, user: User) -> Self:
        """Return the cycles of the territories, and of the schools, where a role of the person may look at them."""
        scope = scope_of(user, Permission.VIEW_MONITORING)
        return self.filter(
            scope.territories_q("territory__") | Q(submissions__school__in=scope.schools),
        ).distinct()

    def with_progress(self) -> Self:
        """Annotate `schools_count` and `handed_in_count`."""
        handed_in = Q(submissions__state__in=HANDED_IN_STATES)
        return self.annotate(
            schools_count=Count("submissions", distinct=True),
            handed_in_count=Count("submissions", filter=handed_in, distinct=True),
        )

    def opened(self) -> Self:
        return self.filter(state__in=OPEN_CYCLE_STATES)

    def for_page(self) -> Self:
        return self.select_related("territory__parent", "basis_order")


class MonitoringCycle(PublicIdModel):
    """One stage of monitoring in a territory. Source: domain specification, 5.1.

    `as_of_date` is what the figures are true for; the deadline is when schools hand in, inclusive.
    """

    stage = models.CharField("вид", max_length=8, choices=Stage.choices)
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        related_name="monitoring_cycles",
        verbose_name="территория",
    )
    year = models.PositiveSmallIntegerField("год")
    metric_set = models.ForeignKey(
        MetricSet,
        on_delete=models.PROTECT,
        related_name="cycles",
        verbose_name="показатели",
    )
    as_of_date = models.DateField("данные на дату")
    basis_order = models.ForeignKey(LegalAct, on_delete=models.PROTECT, related_name="+", verbose_name="приказ")
    opens_on = models.DateField("сбор с")
    deadline = models.DateField("сбор до")
    state = models.CharField("состояние", max_length=10, choices=CycleState.choices, default=CycleState.PLANNED)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("создан")
    reminded_at = models.DateTimeField("напоминание", null=True, blank=True)

    objects = MonitoringCycleQuerySet.as_manager()

    class Meta:
        verbose_name = "цикл мониторинга"
        verbose_name_plural = "циклы мониторинга"
        ordering: ClassVar[list[str]] = ["-as_of_date", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("deadline")),
                name="cycle_dates_order",
                violation_error_message="Сбор не может закончиться раньше, чем начался.",
            ),
            models.UniqueConstraint(
                fields=["territory", "year", "stage"],
                name="cycle_stage_once_a_year",
                violation_error_message="Такой этап в этом году уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} мониторинг {self.year} года"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CYCLE_STATES


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_MONITORING).schools_q("school__"))

    def handed_in(self) -> Self:
        return self.filter(state__in=HANDED_IN_STATES)

    def in_open_cycles(self) -> Self:
        """Return those of cycles that are collecting or being checked."""
        return self.filter(cycle__state__in=OPEN_CYCLE_STATES)

    def missing(self) -> Self:
        """Return what schools of open cycles have yet to hand in."""
        return self.filter(state__in=EDITABLE_SUBMISSION_STATES, cycle__state=CycleState.COLLECTING)

    def for_page(self) -> Self:
        return self.select_related("cycle__basis_order", "school__territory")


class Submission(PublicIdModel):
    """What one school hands in for a cycle."""

    cycle = models.ForeignKey(MonitoringCycle, on_delete=models.CASCADE, related_name="submissions")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(
        "состояние",
        max_length=12,
        choices=SubmissionState.choices,
        default=SubmissionState.NOT_STARTED,
    )
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField("сдана", null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField("принята", null=True, blank=True)
    remark = models.TextField("замечание", blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "показатели школы"
        verbose_name_plural = "показатели школ"
        ordering: ClassVar[list[str]] = ["cycle", "school__name", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["cycle", "school"], name="submission_once_in_cycle"),
            models.CheckConstraint(
                condition=~Q(state__in=[SubmissionState.SUBMITTED, SubmissionState.ACCEPTED])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="submission_submitted_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.ACCEPTED)
                | Q(
                    accepted_at__isnull=False,  # said apart: a comparison with nothing is no refusal for a database
                    accepted_by__isnull=False,
                    accepted_at__gte=F("submitted_at"),
                ),
                name="submission_accepted_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.RETURNED) | ~Q(remark=""),
                name="submission_returned_with_remark",
                violation_error_message="Вернуть показатели можно только с замечанием.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.school}"

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_SUBMISSION_STATES


class ReadingQuerySet(models.QuerySet["Reading"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_MONITORING).schools_q("submission__school__"))

    def for_page(self) -> Self:
        return self.select_related("metric", "submission__school__territory")


class Reading(models.Model):
    """The value of a metric: a numerator out of a denominator. None is «not filled in», never zero."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="readings")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="readings")
    numerator = models.PositiveIntegerField("числитель", null=True, blank=True)
    denominator = models.PositiveIntegerField("знаменатель", null=True, blank=True)
    absence_reason = models.CharField("почему нет значения", max_length=250, blank=True)
    comment = models.CharField("примечание", max_length=500, blank=True)
    version = models.PositiveIntegerField("версия", default=1)
    history = HistoricalRecords()

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "значение показателя"
        verbose_name_plural = "значения показателей"
        ordering: ClassVar[list[str]] = ["submission", "metric__position", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["submission", "metric"], name="reading_once_in_submission"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) | Q(denominator__isnull=True) | Q(numerator__lte=F("denominator")),
                name="reading_part_of_whole",
                violation_error_message="Доля не бывает больше 100 %. Проверьте оба числа.",
            ),
            models.CheckConstraint(
                condition=Q(absence_reason="") | Q(numerator__isnull=True, denominator__isnull=True),
                name="reading_absent_or_present",
                violation_error_message="Укажите либо числа, либо причину, по которой их нет.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric.code}: {self.numerator} из {self.denominator}"

    @property
    def is_filled(self) -> bool:
        """Answer whether the school gave both numbers or said why it cannot."""
        return bool(self.absence_reason) or (self.numerator is not None and self.denominator is not None)
