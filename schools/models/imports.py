"""What came in: a batch of files, what each file said, and what applying it changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.db import PlainJson, PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.choices import RESULTS_TARGET, BatchState, FileState, RowOutcome
from schools.models.registry import School, Territory


def named_like(words: Sequence[str]) -> Q:
    """Return the condition on names of files; SQLite folds the case of Latin letters only."""
    condition = Q()
    for word in words:
        spellings = {word, word.casefold(), word.capitalize(), word.upper()}
        condition &= reduce(or_, (Q(name__icontains=one) for one in sorted(spellings)))
    return condition


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> Self:
        """Return the loads of the person's territories, and those of the schools where they hand in forms."""
        own_schools = scope_of(user, Permission.UPLOAD_OWN_DATA).schools
        return self.filter(scope_of(user).territories_q("territory__") | Q(school__in=own_schools))

    def with_file(self, text: str) -> Self:
        """Return the batches with a file whose name has every word of a text, or whose checksum begins with it."""
        words = text.split()
        files = ImportFile.objects.filter(sha256__startswith=text.strip().casefold())
        if words:
            files = files | ImportFile.objects.filter(named_like(words))
        return self.filter(pk__in=files.values("batch"))

    def for_page(self) -> Self:
        return self.select_related("territory__parent", "created_by", "applied_by", "undone_by", "explained_by")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk")


class ImportBatch(PublicIdModel):
    """Files that one person gave at once; previewed, applied and undone together."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="import_batches")
    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_batches",
        verbose_name="школа",
        help_text="Загрузка администрации школы о себе; у загрузок территории пусто",
    )
    state = models.CharField("состояние", max_length=10, choices=BatchState.choices, default=BatchState.CHECKING)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="import_batches")
    created_at = models.DateTimeField("получена")
    applied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField("применена", null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField("отменена", null=True, blank=True)
    explanation = models.TextField("пояснение к предупреждениям", blank=True)
    explained_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    explained_at = models.DateTimeField("пояснена", null=True, blank=True)

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
                | Q(
                    undone_at__isnull=False,  # said apart: a comparison with nothing is no refusal for a database
                    undone_by__isnull=False,
                    applied_at__isnull=False,
                    undone_at__gte=models.F("applied_at"),
                ),
                name="import_undone_after_applied",
            ),
            models.CheckConstraint(
                condition=Q(explained_at__isnull=True, explained_by__isnull=True, explanation="")
                | (Q(explained_at__isnull=False, explained_by__isnull=False) & ~Q(explanation="")),
                name="import_explained_who_when_and_how",
                violation_error_message="Пояснение к предупреждениям хранится с автором и временем.",
            ),
        ]

    def __str__(self) -> str:
        """Return «Загрузка 12.09.2026 10:15, № 3F2A»: the number tells apart loads of the same minute.

        It is the beginning of the address, so that no title asks how many loads there are.
        """
        return f"Загрузка {timezone.localtime(self.created_at):%d.%m.%Y %H:%M}, № {self.pk.hex[:4].upper()}"

    def get_absolute_url(self) -> str:
        return reverse("imports:batch", args=(self.pk,))


class ImportFileQuerySet(models.QuerySet["ImportFile"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(batch__in=ImportBatch.objects.visible_to(user))

    def for_page(self) -> Self:
        return self.select_related("batch__territory__parent")


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
    problems = models.JSONField("замечания", default=list, blank=True, encoder=PlainJson)
    meta = models.JSONField("признаки файла", default=dict, blank=True, encoder=PlainJson)
    corrections = models.JSONField("исправленные ячейки", default=dict, blank=True)  # sheet -> cell «C7» -> value
    aggregate = models.JSONField(  # instead of content where a file holds single pupils
        "итоги вместо содержимого",
        null=True,
        blank=True,
    )

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        verbose_name = "файл загрузки"
        verbose_name_plural = "файлы загрузки"
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One row of a file: what it says, what stands in the portal, and what applying will do or did."""

    file = models.ForeignKey(  # the index of files and outcomes finds rows of a file too
        ImportFile,
        on_delete=models.CASCADE,
        related_name="rows",
        db_index=False,
    )
    sheet = models.CharField("лист", max_length=40, blank=True)
    number = models.PositiveIntegerField("строка")
    label = models.CharField("школа в файле", max_length=300, blank=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    target = models.CharField("куда записывается", max_length=16, default=RESULTS_TARGET)
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


class SchoolAliasQuerySet(models.QuerySet["SchoolAlias"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).schools_q("school__"))

    def for_page(self) -> Self:
        return self.select_related("school__territory__parent", "confirmed_by")

    def newest_first(self) -> Self:
        return self.order_by(models.F("confirmed_at").desc(nulls_last=True), "normalised_name", "pk")


class SchoolAlias(models.Model):
    """A spelling under which files know a school (`schools.intake.matching.spelling`), confirmed by a person."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="aliases")
    normalised_name = models.CharField("название без кавычек и сокращений", max_length=300)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("подтверждено", null=True, blank=True)

    objects = SchoolAliasQuerySet.as_manager()

    class Meta:
        verbose_name = "другое название школы"
        verbose_name_plural = "другие названия школ"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["normalised_name", "school"], name="school_alias_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="school_alias_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.normalised_name
