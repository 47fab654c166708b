"""Rule sets, runs and verdicts. A run is never overwritten: a re-run is a new row."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.db import PublicIdModel
from accounts.models import User
from schools.access import scope_of
from schools.choices import Decision, RunState
from schools.models.registry import LegalAct, School, Territory


class IdentificationRuleSet(PublicIdModel):
    """A published rule with all its parameters; frozen once a published list used it, changed by a copy.

    Source: domain specification, 1.3. `parameters` is read by `schools.identification.Rules.from_parameters`.
    """

    code = models.CharField("код", max_length=40)
    version = models.PositiveSmallIntegerField("версия", default=1)
    title = models.CharField("название", max_length=250)
    year = models.PositiveSmallIntegerField("год")
    basis_document = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="основание",
    )
    provenance = models.TextField("происхождение параметров", blank=True)
    parameters = models.JSONField("параметры")
    frozen_at = models.DateTimeField("заморожен", null=True, blank=True)

    class Meta:
        verbose_name = "набор правил"
        verbose_name_plural = "наборы правил"
        ordering: ClassVar[list[str]] = ["-year", "code", "-version", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_set_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, версия {self.version}"


class IdentificationRunQuerySet(models.QuerySet["IdentificationRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).territories_q("territory__"))


class IdentificationRun(PublicIdModel):
    """One calculation over a territory and a year, with the rule and the data as they were."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="identification_runs")
    rule_set = models.ForeignKey(IdentificationRuleSet, on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField("год результатов")
    state = models.CharField("состояние", max_length=6, choices=RunState.choices, default=RunState.QUEUED)
    parameters = models.JSONField("параметры правила на момент расчёта", default=dict)
    data_fingerprint = models.CharField("отпечаток данных", max_length=64, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("заказан")
    finished_at = models.DateTimeField("рассчитан", null=True, blank=True)

    objects = IdentificationRunQuerySet.as_manager()

    class Meta:
        verbose_name = "расчёт"
        verbose_name_plural = "расчёты"
        ordering: ClassVar[list[str]] = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"Выявление по результатам {self.year} года: {self.territory}"


class SchoolVerdictQuerySet(models.QuerySet["SchoolVerdict"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).schools_q("school__"))


class SchoolVerdict(PublicIdModel):
    """What the rule says of a school, with every part; and what the coordinator decided."""

    run = models.ForeignKey(IdentificationRun, on_delete=models.CASCADE, related_name="verdicts")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField("вывод", max_length=20)  # schools.identification.Verdict
    c1 = models.BooleanField("условие 1")
    c2 = models.BooleanField("условие 2")
    low_procedures = models.PositiveSmallIntegerField("процедур ниже порога", default=0)
    counted_procedures = models.PositiveSmallIntegerField("учтено процедур", default=0)
    parts = models.JSONField("части вывода", default=dict)
    reasons = models.JSONField("причины", default=list)
    decision = models.CharField("решение", max_length=10, choices=Decision.choices, default=Decision.WAITING)
    decision_code = models.CharField("код причины", max_length=40, blank=True)
    decision_text = models.TextField("обоснование", blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("решено", null=True, blank=True)

    objects = SchoolVerdictQuerySet.as_manager()

    class Meta:
        verbose_name = "вывод по школе"
        verbose_name_plural = "выводы по школам"
        ordering: ClassVar[list[str]] = ["-low_procedures", "school__name", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["run", "school"], name="verdict_once_in_run"),
            models.CheckConstraint(
                condition=Q(decision=Decision.WAITING, decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision=Decision.WAITING) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="verdict_decided_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.EXCLUDED) | ~Q(decision_text=""),
                name="verdict_excluded_with_reason",
                violation_error_message="Исключить школу можно только с обоснованием.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.verdict}"
