"""How a person departs from what a run says of a list that rests on no decision, until the list is published."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from schools.choices import FROZEN_LIST_STATES
from schools.models.lists import SchoolList, refuse_frozen
from schools.models.registry import School


class ListAmendmentQuerySet(models.QuerySet["ListAmendment"]):
    def frozen(self) -> Self:
        return self.filter(school_list__state__in=FROZEN_LIST_STATES)

    def update(self, **fields: Any) -> int:
        refuse_frozen(self.frozen())
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse_frozen(self.frozen())
        return super().delete()


class ListAmendment(models.Model):
    """A person departs from what a run says: takes a school out of the draft of its list, or puts one into it.

    For the kinds that rest on no decision; lists of low results have their decisions. Kept when the run is asked again.
    """

    school_list = models.ForeignKey(SchoolList, on_delete=models.CASCADE, related_name="amendments")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    is_added = models.BooleanField("добавлена, иначе убрана")
    reason = models.TextField("почему")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("записано")

    objects = ListAmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = "изменение состава перечня решением"
        verbose_name_plural = "изменения состава перечней решением"
        ordering: ClassVar[list[str]] = ["school_list", "recorded_at", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["school_list", "school"], name="list_amended_once_for_school"),
            models.CheckConstraint(condition=~Q(reason=""), name="list_amended_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {'добавлена' if self.is_added else 'убрана'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        refuse_frozen(SchoolList.objects.frozen().filter(pk=self.school_list_id))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_frozen(SchoolList.objects.frozen().filter(pk=self.school_list_id))
        return super().delete(*args, **kwargs)
