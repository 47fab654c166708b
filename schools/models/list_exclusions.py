"""How a school leaves a published list by an order of its own, and comes back: written once, beside what is sealed."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from schools.errors import FrozenRow
from schools.models.registry import LegalAct

WRITTEN_ONCE: Final = "Исключение из перечня записано с приказом: оно не меняется и не удаляется."
ANNUL_FIELDS: Final = frozenset({"annulled_on", "annul_document", "annul_note", "annulled_by", "annulled_at"})


class ListExclusionQuerySet(models.QuerySet["ListExclusion"]):
    def in_force(self, day: date | None = None) -> Self:
        """Return the exclusions that nobody has annulled; by a day, those that were so on it.

        An order that excludes since an earlier day, or annuls since one, says so from its own date on.
        """
        if day is None:
            return self.filter(annulled_at__isnull=True)
        stands = Q(annulled_on__isnull=True) | Q(annulled_on__gt=day) | Q(annul_document__date__gt=day)
        return self.filter(stands, excluded_on__lte=day, basis_document__date__lte=day)

    def update(self, **_fields: Any) -> int:
        raise FrozenRow(WRITTEN_ONCE)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FrozenRow(WRITTEN_ONCE)


class ListExclusion(models.Model):
    """A school leaves a published list by an order of its own; what was published stays as it is.

    Source: domain specification, 1.6 (excluded_on, exclusion_basis). Kept beside the item and outside of the seal.
    Written once. A mistaken one is annulled, also by a document: both stay in the history.
    """

    item = models.ForeignKey("SchoolListItem", on_delete=models.PROTECT, related_name="exclusions")
    excluded_on = models.DateField("исключена с")
    basis_document = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="документ об исключении",
    )
    note = models.TextField("почему", blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("записано")
    annulled_on = models.DateField("исключение отменено с", null=True, blank=True)
    annul_document = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="документ об отмене исключения",
    )
    annul_note = models.TextField("почему отменено", blank=True)
    annulled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    annulled_at = models.DateTimeField("отмена записана", null=True, blank=True)

    objects = ListExclusionQuerySet.as_manager()

    class Meta:
        verbose_name = "исключение из опубликованного перечня"
        verbose_name_plural = "исключения из опубликованных перечней"
        ordering: ClassVar[list[str]] = ["excluded_on", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(annulled_at__isnull=True),
                name="list_exclusion_once_in_force",
                violation_error_message="Школа уже исключена из этого перечня.",
            ),
            models.CheckConstraint(
                condition=Q(
                    annulled_on__isnull=True,
                    annul_document__isnull=True,
                    annul_note="",
                    annulled_by__isnull=True,
                    annulled_at__isnull=True,
                )
                | (
                    Q(
                        annulled_on__isnull=False,
                        annul_document__isnull=False,
                        annulled_by__isnull=False,
                        annulled_at__isnull=False,
                    )
                    & ~Q(annul_note="")
                ),
                name="list_exclusion_annulled_by_document",
                violation_error_message="Исключение отменяют документом и с причиной.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: исключена из перечня"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row. Raises FrozenRow for a change, unless it is annulled by this very change."""
        stored = type(self).objects.filter(pk=self.pk).first()
        if stored and not self._is_annulling(stored):
            raise FrozenRow(WRITTEN_ONCE)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenRow(WRITTEN_ONCE)

    @property
    def is_annulled(self) -> bool:
        return self.annulled_at is not None

    def _is_annulling(self, stored: ListExclusion) -> bool:
        names = [field.attname for field in self._meta.concrete_fields if field.name not in ANNUL_FIELDS]
        is_same = all(getattr(self, name) == getattr(stored, name) for name in names)
        return self.is_annulled and not stored.is_annulled and is_same
