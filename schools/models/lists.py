"""Lists of schools with their orders. A published list never changes: not by save, not by delete, not in bulk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.db import PublicIdModel
from accounts.models import User
from schools.access import scope_of
from schools.choices import FROZEN_LIST_STATES, ListKind, ListState
from schools.errors import FrozenRow
from schools.models.identification import IdentificationRun, SchoolVerdict
from schools.models.registry import LegalAct, School, Territory

FROZEN: Final = "Перечень опубликован и не меняется. Отмените его приказом и составьте новый."
CANCEL_FIELDS: Final = frozenset({"state", "cancel_document", "cancelled_by", "cancelled_at"})


class SchoolListQuerySet(models.QuerySet["SchoolList"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).territories_q("territory__"))

    def published(self) -> Self:
        return self.filter(state=ListState.PUBLISHED)

    def frozen(self) -> Self:
        return self.filter(state__in=FROZEN_LIST_STATES)

    def for_page(self) -> Self:
        return self.select_related("territory", "basis_document", "cancel_document", "run", "published_by")

    def update(self, **fields: Any) -> int:
        refuse_frozen(self.frozen())
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse_frozen(self.frozen())
        return super().delete()


class SchoolList(PublicIdModel):
    """Schools of a kind for a year of results, as an order fixed them.

    Source: domain specification, 1.6. `year` is the year of results; the roadmap that follows has its own period.
    `content_hash` seals the order and the items when the list is published.
    """

    kind = models.CharField("вид", max_length=16, choices=ListKind.choices)
    year = models.PositiveSmallIntegerField("по результатам года")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="school_lists")
    run = models.ForeignKey(
        IdentificationRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="school_lists",
        verbose_name="расчёт",
    )
    state = models.CharField("состояние", max_length=10, choices=ListState.choices, default=ListState.DRAFT)
    basis_document = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="school_lists",
        verbose_name="приказ",
    )
    cancel_document = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="приказ об отмене",
    )
    content_hash = models.CharField("контрольная сумма состава", max_length=64, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("составлен")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("утверждён", null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField("опубликован", null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField("отменён", null=True, blank=True)

    objects = SchoolListQuerySet.as_manager()

    class Meta:
        verbose_name = "перечень"
        verbose_name_plural = "перечни"
        ordering: ClassVar[list[str]] = ["-year", "kind", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(state=ListState.PUBLISHED)
                | (
                    Q(basis_document__isnull=False, published_at__isnull=False, published_by__isnull=False)
                    & ~Q(content_hash="")
                ),
                name="list_published_with_order",
                violation_error_message="Опубликовать перечень можно только с приказом.",
            ),
            models.UniqueConstraint(
                fields=["kind", "year", "territory"],
                condition=Q(state=ListState.PUBLISHED),
                name="list_published_once",
                violation_error_message="Перечень этого вида за этот год уже опубликован.",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="list_approved_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False, state=ListState.CANCELLED),
                name="list_cancelled_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} по результатам {self.year} года"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row. Raises FrozenRow when it is published, unless it is cancelled by this very change."""
        stored = type(self).objects.frozen().filter(pk=self.pk).first()
        if stored and not self._is_cancelling(stored):
            raise FrozenRow(FROZEN)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_frozen(type(self).objects.frozen().filter(pk=self.pk))
        return super().delete(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("identification:list", args=[self.pk])

    def compute_hash(self) -> str:
        """Return SHA-256 of the order, the subject of the list and its items. Queries."""
        items = self.items.order_by("school_id").values_list("school_id", "school_name", "reasons", "note")
        content = [self.kind, self.year, self.territory_id, self.basis_document_id, list(items)]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def is_intact(self) -> bool:
        """Answer whether the content is what was published. Queries."""
        return not self.content_hash or self.content_hash == self.compute_hash()

    def _is_cancelling(self, stored: SchoolList) -> bool:
        names = [field.attname for field in self._meta.concrete_fields if field.name not in CANCEL_FIELDS]
        is_same = all(getattr(self, name) == getattr(stored, name) for name in names)
        return stored.state == ListState.PUBLISHED and self.state == ListState.CANCELLED and is_same


def refuse_frozen(frozen: models.QuerySet[Any]) -> None:
    """Raise FrozenRow when there is any."""
    if frozen.exists():
        raise FrozenRow(FROZEN)


class SchoolListItemQuerySet(models.QuerySet["SchoolListItem"]):
    def visible_to(self, user: User) -> Self:
        """Return the items in the person's territories; of a single school only once the list is published."""
        scope = scope_of(user)
        in_territory = Q(school__territory__in=scope.territories) | Q(school__territory__parent__in=scope.territories)
        return self.filter(in_territory | Q(school__in=scope.schools, school_list__state=ListState.PUBLISHED))

    def published(self) -> Self:
        return self.filter(school_list__state=ListState.PUBLISHED)

    def frozen(self) -> Self:
        return self.filter(school_list__state__in=FROZEN_LIST_STATES)

    def update(self, **fields: Any) -> int:
        refuse_frozen(self.frozen())
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse_frozen(self.frozen())
        return super().delete()

    def bulk_create(self, objs: Iterable[SchoolListItem], *args: Any, **kwargs: Any) -> list[SchoolListItem]:
        items = list(objs)
        refuse_frozen(SchoolList.objects.frozen().filter(pk__in={item.school_list_id for item in items}))
        return super().bulk_create(items, *args, **kwargs)


class SchoolListItem(models.Model):
    """A school in a list, with the reasons as they were when the list was made."""

    school_list = models.ForeignKey(SchoolList, on_delete=models.CASCADE, related_name="items")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="list_items")
    verdict = models.ForeignKey(
        SchoolVerdict,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    school_name = models.CharField("название на дату перечня", max_length=200)
    reasons = models.JSONField("причины", default=list)
    included_by_decision = models.BooleanField("включена решением", default=False)
    note = models.TextField("примечание", blank=True)

    objects = SchoolListItemQuerySet.as_manager()

    class Meta:
        verbose_name = "школа в перечне"
        verbose_name_plural = "школы в перечне"
        ordering: ClassVar[list[str]] = ["school_list", "school_name", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["school_list", "school"], name="school_once_in_list"),
        ]

    def __str__(self) -> str:
        return self.school_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        refuse_frozen(SchoolList.objects.frozen().filter(pk=self.school_list_id))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_frozen(SchoolList.objects.frozen().filter(pk=self.school_list_id))
        return super().delete(*args, **kwargs)
