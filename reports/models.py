"""Reports: what was asked for, its built versions with their facts, and the files. A version never changes."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from reports.choices import ONE_SCHOOL_KINDS, SCHOOL_KINDS, FileFormat, ReportKind
from reports.errors import VersionFrozen
from reports.periods import title_of
from schools.access import scope_of
from schools.models import School, Territory

FROZEN = "Сформированная справка не меняется. Сформируйте новую версию."


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        scope = scope_of(user, Permission.VIEW_REPORTS)
        return self.filter(scope.territories_q("territory__") | Q(school__in=scope.schools))


class Report(PublicIdModel):
    """A question: a kind of report over a territory or one school, and a time. Its versions are the answers.

    created_by None: asked by a command.
    """

    kind = models.CharField("вид", max_length=3, choices=ReportKind.choices)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="reports", verbose_name="территория"
    )
    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="школа",
    )
    period_from = models.DateField("период с")
    period_to = models.DateField("период по")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    created_at = models.DateTimeField("запрошена")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "справка"
        verbose_name_plural = "справки"
        ordering: ClassVar[list[str]] = ["-created_at", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values),
                name="report_kind_known",
                violation_error_message="Такого вида справки нет.",
            ),
            models.CheckConstraint(
                condition=Q(period_from__lte=F("period_to")),
                name="report_period_order",
                violation_error_message="Период не может закончиться раньше, чем начался.",
            ),
            models.CheckConstraint(
                condition=Q(school__isnull=True) | Q(kind__in=sorted(SCHOOL_KINDS)),
                name="report_school_kind",
                violation_error_message="Справка этого вида составляется по территории.",
            ),
            models.CheckConstraint(
                condition=Q(school__isnull=False) | ~Q(kind__in=sorted(ONE_SCHOOL_KINDS)),
                name="report_one_school_kind",
                violation_error_message="Справка этого вида составляется по одной школе.",
            ),
            models.UniqueConstraint(
                fields=["kind", "territory", "period_from", "period_to"],
                condition=Q(school__isnull=True),
                name="report_question_once",
                violation_error_message="Такая справка уже есть. Сформируйте её новую версию.",
            ),
            models.UniqueConstraint(
                fields=["kind", "school", "period_from", "period_to"],
                condition=Q(school__isnull=False),
                name="report_question_once_for_school",
                violation_error_message="Такая справка уже есть. Сформируйте её новую версию.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.owner}, {self.period}"

    @property
    def period(self) -> str:
        """Return «2026 год», «2025/2026 учебный год», else the dates."""
        return title_of(self.period_from, self.period_to)

    @property
    def owner(self) -> School | Territory:
        return self.school or self.territory


class FrozenQuerySet(models.QuerySet[Any]):
    """Rows that are written once."""

    def update(self, **_fields: Any) -> NoReturn:
        raise VersionFrozen(FROZEN)

    def delete(self) -> NoReturn:
        raise VersionFrozen(FROZEN)


class FrozenModel(PublicIdModel):
    """A row that is inserted and read, never changed or deleted."""

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise VersionFrozen(FROZEN)
        super().save(**{**options, "force_insert": True})

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise VersionFrozen(FROZEN)


class ReportVersionQuerySet(FrozenQuerySet):
    def visible_to(self, user: User) -> Self:
        scope = scope_of(user, Permission.VIEW_REPORTS)
        return self.filter(scope.territories_q("report__territory__") | Q(report__school__in=scope.schools))

    def with_report(self) -> Self:
        return self.select_related("report__territory", "report__school", "built_by")

    def built_by(self, user: User) -> Self:
        return self.filter(built_by=user)

    def newest_first(self) -> Self:
        return self.order_by("-built_at", "-pk")


class ReportVersion(FrozenModel):
    """One built answer. The document is rebuilt from `facts` alone; the files are what people downloaded and signed.

    facts: `reports.facts.codec.to_json`; facts_sha256: of their canonical JSON. job: one version for a job, whatever
    happened to its workers.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("версия")
    title = models.CharField("название", max_length=500)
    as_of = models.DateField("данные на")
    facts = models.JSONField("факты")
    facts_sha256 = models.CharField("контрольная сумма фактов", max_length=64)
    figures = models.PositiveIntegerField("чисел с источником")
    pages = models.PositiveSmallIntegerField("страниц", null=True, blank=True)
    job = models.UUIDField("задание", unique=True, editable=False)
    built_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    built_at = models.DateTimeField("сформирована")

    objects = ReportVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "версия справки"
        verbose_name_plural = "версии справок"
        ordering: ClassVar[list[str]] = ["report", "-number", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="report_version_from_one"),
            models.CheckConstraint(condition=~Q(facts_sha256=""), name="report_version_facts_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, версия {self.number}" if self.number > 1 else self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.pk])


class ReportFile(FrozenModel):
    """A file of a version. sha256 is checked against the stored bytes before each download."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="files")
    format = models.CharField("формат", max_length=4, choices=FileFormat.choices)
    file = models.FileField("файл", max_length=250)
    size = models.PositiveIntegerField("байт")
    sha256 = models.CharField("контрольная сумма", max_length=64)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        verbose_name = "файл справки"
        verbose_name_plural = "файлы справок"
        ordering: ClassVar[list[str]] = ["version", "format", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["version", "format"], name="report_file_once_in_version"),
            models.CheckConstraint(condition=~Q(sha256=""), name="report_file_sealed"),
            models.CheckConstraint(condition=Q(size__gt=0), name="report_file_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_format_display()}"

    def get_absolute_url(self) -> str:
        return reverse("reports:download", args=[self.version_id, self.format])

    @property
    def download_name(self) -> str:
        """Return «R4 Исполнение дорожных карт 2026-11-24.pdf»."""
        report = self.version.report
        return f"{report.kind} {report.get_kind_display()} {self.version.built_at:%Y-%m-%d}.{self.format}"
