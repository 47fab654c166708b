"""What came in: a batch of files, what each file said, and what applying it changed."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.db import PublicIdModel
from accounts.models import User
from schools.access import scope_of
from schools.choices import BatchState, FileState, RowOutcome
from schools.models.registry import School, Territory


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).territories_q("territory__"))

    def with_totals(self) -> Self:
        """Add files_total, files_refused and the numbers of rows: rows_new, rows_changed, rows_same, rows_rejected."""
        totals = {
            f"rows_{outcome.value}": models.Count("files__rows", filter=Q(files__rows__outcome=outcome))
            for outcome in RowOutcome
        }
        refused = models.Count("files", filter=Q(files__state=FileState.REFUSED), distinct=True)
        return self.annotate(files_total=models.Count("files", distinct=True), files_refused=refused, **totals)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk")


class ImportBatch(PublicIdModel):
    """Files that one person gave at once; previewed, applied and undone together."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="import_batches")
    state = models.CharField("состояние", max_length=10, choices=BatchState.choices, default=BatchState.CHECKING)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="import_batches")
    created_at = models.DateTimeField("получена")
    applied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField("применена", null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField("отменена", null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка"
        verbose_name_plural = "загрузки"
        ordering: ClassVar[list[str]] = ["-created_at", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="import_applied_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__gte=models.F("applied_at"), undone_by__isnull=False),
                name="import_undone_after_applied",
            ),
        ]

    def __str__(self) -> str:
        return f"Загрузка {timezone.localtime(self.created_at):%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("imports:batch", args=(self.pk,))


class ImportFile(PublicIdModel):
    """One file of a batch. The bytes are kept unless the file holds data on pupils."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="files")
    name = models.CharField("имя файла", max_length=255)
    size = models.PositiveIntegerField("байт")
    sha256 = models.CharField("контрольная сумма", max_length=64, db_index=True)
    content = models.FileField("содержимое", upload_to="imports/%Y/%m/", blank=True)
    state = models.CharField("состояние", max_length=10, choices=FileState.choices, default=FileState.WAITING)
    layout = models.CharField("вид файла", max_length=40, blank=True)
    title = models.CharField("что в файле", max_length=250, blank=True)
    refusal_code = models.CharField("код отказа", max_length=12, blank=True)
    refusal = models.TextField("почему не принят", blank=True)
    problems = models.JSONField("замечания", default=list, blank=True)
    meta = models.JSONField("признаки файла", default=dict, blank=True)

    class Meta:
        verbose_name = "файл загрузки"
        verbose_name_plural = "файлы загрузки"
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One row of a file: what it says, what stands in the portal, and what applying will do or did."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField("лист", max_length=40, blank=True)
    number = models.PositiveIntegerField("строка")
    label = models.CharField("школа в файле", max_length=300, blank=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField("исход", max_length=8, choices=RowOutcome.choices)
    key = models.JSONField("ключ", default=dict)
    before = models.JSONField("было", null=True, blank=True)
    after = models.JSONField("будет", null=True, blank=True)

    class Meta:
        verbose_name = "строка загрузки"
        verbose_name_plural = "строки загрузки"
        ordering: ClassVar[list[str]] = ["file", "number", "pk"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["file", "outcome"], name="import_row_outcome")]

    def __str__(self) -> str:
        return f"{self.number}: {self.label}"


class SchoolAlias(models.Model):
    """A name under which files know a school, confirmed by a person."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="aliases")
    normalised_name = models.CharField("название без кавычек и сокращений", max_length=300)

    class Meta:
        verbose_name = "другое название школы"
        verbose_name_plural = "другие названия школ"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["normalised_name", "school"], name="school_alias_once"),
        ]

    def __str__(self) -> str:
        return self.normalised_name
