"""Rule sets, runs and verdicts. A run is never overwritten: a re-run is a new row."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.db import PublicIdModel
from accounts.models import User
from schools.access import scope_of
from schools.choices import (
    OPEN_DECISIONS,
    VERDICT_CHOICES,
    VERDICT_TITLES,
    Decision,
    DecisionReason,
    ListState,
)
from schools.errors import FrozenRow
from schools.identification import Part, Rules, Verdict
from schools.models.registry import LegalAct, School, Territory


class IdentificationRuleSet(PublicIdModel):
    """A published rule with all its parameters; frozen once a published list used it, changed by a copy.

    Source: domain specification, 1.3. `parameters` are read by `Rules.from_parameters`.
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
            models.UniqueConstraint(
                fields=["code", "version"],
                name="rule_set_version_unique",
                violation_error_message="Такая версия набора правил уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}, версия {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row. Raises FrozenRow when a published list used it."""
        if type(self).objects.filter(pk=self.pk, frozen_at__isnull=False).exists():
            raise FrozenRow(f"Правило «{self}» неизменно: по нему опубликован перечень. Создайте новую версию.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("identification:rule_set", args=[self.pk])

    @property
    def rules(self) -> Rules:
        """Return the value object. Raises RulesRefused when the parameters are wrong."""
        return Rules.from_parameters(self.parameters)


class IdentificationRunQuerySet(models.QuerySet["IdentificationRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).territories_q("territory__"))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk")

    def for_page(self) -> Self:
        return self.select_related("territory", "rule_set__basis_document", "created_by")


class IdentificationRun(PublicIdModel):
    """One calculation over a territory and a year, with the rule and the data as they were."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="identification_runs")
    rule_set = models.ForeignKey(IdentificationRuleSet, on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField("год результатов")
    parameters = models.JSONField("параметры правила на момент расчёта", default=dict)
    data_fingerprint = models.CharField("отпечаток данных", max_length=64, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("рассчитан")

    objects = IdentificationRunQuerySet.as_manager()

    class Meta:
        verbose_name = "расчёт"
        verbose_name_plural = "расчёты"
        ordering: ClassVar[list[str]] = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"Выявление по результатам {self.year} года: {self.territory}"

    def get_absolute_url(self) -> str:
        return reverse("identification:run", args=[self.pk])

    @property
    def rules(self) -> Rules:
        return Rules.from_parameters(self.parameters)


class SchoolVerdictQuerySet(models.QuerySet["SchoolVerdict"]):
    def visible_to(self, user: User) -> Self:
        """Return the verdicts of the person's territories; of a single school only once a list is published."""
        scope = scope_of(user)
        in_territory = Q(school__territory__in=scope.territories) | Q(school__territory__parent__in=scope.territories)
        published = IdentificationRun.objects.filter(school_lists__state=ListState.PUBLISHED).values("pk")
        return self.filter(in_territory | Q(school__in=scope.schools, run__in=published))

    def listed(self) -> Self:
        """Return the schools that the rule names, and those that a decision put in."""
        return self.filter(Q(verdict=Verdict.SHNOR) | Q(decision=Decision.INCLUDED))

    def near(self) -> Self:
        """Return the schools close to the threshold: the risk group, or one low procedure that is not enough."""
        close = Q(verdict=Verdict.RISK_GROUP) | Q(low_procedures__gte=1)
        return self.unlisted().exclude(verdict=Verdict.EXCLUDED).filter(close)

    def rest(self) -> Self:
        quiet = ~Q(verdict=Verdict.RISK_GROUP) & Q(low_procedures=0)
        return self.unlisted().filter(Q(verdict=Verdict.EXCLUDED) | quiet)

    def unlisted(self) -> Self:
        return self.exclude(verdict=Verdict.SHNOR).exclude(decision=Decision.INCLUDED)

    def included(self) -> Self:
        return self.filter(decision=Decision.INCLUDED)

    def undecided(self) -> Self:
        """Return the schools that the rule names and nobody has included or excluded."""
        return self.filter(verdict=Verdict.SHNOR, decision__in=OPEN_DECISIONS)

    def for_page(self) -> Self:
        return self.select_related("school", "decided_by").order_by("-low_procedures", "school__name", "pk")


class SchoolVerdict(PublicIdModel):
    """What the rule says of a school, with every part; and what the coordinator decided.

    `verdict` is the rule's and never overwritten. parts: `Part.to_json`; reasons: [{code, reference, text}];
    flags: codes of `identification.Flag`.
    """

    run = models.ForeignKey(IdentificationRun, on_delete=models.CASCADE, related_name="verdicts")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField("вывод", max_length=20, choices=VERDICT_CHOICES)
    c1 = models.BooleanField("условие 1")
    c2 = models.BooleanField("условие 2")
    low_procedures = models.PositiveSmallIntegerField("процедур ниже порога", default=0)
    counted_procedures = models.PositiveSmallIntegerField("учтено процедур", default=0)
    repeated_procedures = models.PositiveSmallIntegerField("повторились два года подряд", default=0)
    parts = models.JSONField("части вывода", default=list)
    reasons = models.JSONField("причины", default=list)
    flags = models.JSONField("на что обратить внимание", default=list)
    decision = models.CharField("решение", max_length=10, choices=Decision.choices, default=Decision.WAITING)
    decision_code = models.CharField("причина", max_length=40, blank=True, choices=DecisionReason.choices)
    decision_text = models.TextField("обоснование", blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("решено", null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["parts", "reasons", "flags"])

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
            models.CheckConstraint(
                condition=~Q(decision=Decision.INCLUDED) | Q(verdict=Verdict.SHNOR) | ~Q(decision_text=""),
                name="verdict_manual_with_reason",
                violation_error_message="Включить школу вопреки расчёту можно только с обоснованием.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {VERDICT_TITLES[self.shown_verdict]}"

    def get_absolute_url(self) -> str:
        return reverse("identification:explain", args=[self.pk])

    @property
    def shown_verdict(self) -> Verdict:
        """Return MANUAL when a decision put the school into the list against the rule."""
        return Verdict.MANUAL if self.is_manual else Verdict(self.verdict)

    @property
    def is_manual(self) -> bool:
        return self.decision == Decision.INCLUDED and self.verdict != Verdict.SHNOR

    @property
    def decision_stamp(self) -> str:
        """Return what tells one decision from another: a page sends it back to be told of a newer one."""
        return self.decided_at.isoformat() if self.decided_at else ""

    @property
    def is_named_by_rule(self) -> bool:
        return self.verdict == Verdict.SHNOR

    @property
    def evidence(self) -> list[Part]:
        """Return the parts as values, the current year first."""
        return [Part.from_json(part) for part in self.parts]
