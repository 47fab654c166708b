"""Lists of schools with their orders. A published list never changes."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.db import PublicIdModel
from accounts.models import User
from schools.access import scope_of
from schools.choices import FROZEN_LIST_STATES, ListKind, ListState
from schools.models.identification import IdentificationRun, SchoolVerdict
from schools.models.registry import LegalAct, School, Territory


class SchoolListQuerySet(models.QuerySet["SchoolList"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).territories_q("territory__"))

    def published(self) -> Self:
        return self.filter(state=ListState.PUBLISHED)


class SchoolList(PublicIdModel):
    """Schools of a kind for a year of results, as an order fixed them.

    Source: domain specification, 1.6. `year` is the year of results; the roadmap that follows has its own period.
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
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("составлен")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("утверждён", null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField("опубликован", null=True, blank=True)

    objects = SchoolListQuerySet.as_manager()

    class Meta:
        verbose_name = "перечень"
        verbose_name_plural = "перечни"
        ordering: ClassVar[list[str]] = ["-year", "kind", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(state=ListState.PUBLISHED)
                | Q(basis_document__isnull=False, published_at__isnull=False, published_by__isnull=False),
                name="list_published_with_order",
                violation_error_message="Опубликовать перечень можно только с приказом.",
            ),
            models.UniqueConstraint(
                fields=["kind", "year", "territory"],
                condition=Q(state=ListState.PUBLISHED),
                name="list_published_once",
                violation_error_message="Перечень этого вида за этот год уже опубликован.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} по результатам {self.year} года"

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN_LIST_STATES


class SchoolListItemQuerySet(models.QuerySet["SchoolListItem"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).schools_q("school__"))


class SchoolListItem(models.Model):
    """A school in a list, with the reasons as they were when the list was made."""

    school_list = models.ForeignKey(SchoolList, on_delete=models.CASCADE, related_name="items")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="list_items")
    verdict = models.ForeignKey(SchoolVerdict, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
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
