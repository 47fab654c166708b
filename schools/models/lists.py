"""Lists of schools with their orders. A published list never changes: not by save, not by delete, not in bulk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar, Final, Self
from uuid import UUID

from django.db import models
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.choices import FROZEN_LIST_STATES, LOW_RESULT_LISTS, ListKind, ListState
from schools.errors import FrozenRow
from schools.identification import NOTES
from schools.list_kinds import EXPLAINED, HAS_REASONS
from schools.models.identification import IdentificationRun, SchoolVerdict
from schools.models.list_exclusions import ListExclusion
from schools.models.registry import LegalAct, School, Territory
from schools.models.social import SchoolSocialIndex, SocialIndexRun

FROZEN: Final = "Перечень опубликован и не меняется. Отмените его приказом и составьте новый."
CANCEL_FIELDS: Final = frozenset({"state", "cancel_document", "cancelled_by", "cancelled_at"})


class SchoolListQuerySet(models.QuerySet["SchoolList"]):
    def visible_to(self, user: User) -> Self:
        """Return the lists of the territories where a role of the person may look at the identification."""
        return self.filter(scope_of(user, Permission.VIEW_IDENTIFICATION).territories_q("territory__"))

    def published(self) -> Self:
        return self.filter(state=ListState.PUBLISHED)

    def frozen(self) -> Self:
        return self.filter(state__in=FROZEN_LIST_STATES)

    def standing_before(self, school_list: SchoolList) -> Self:
        """Return the published list of the kind, year and territory: while it stands, another one cannot."""
        same = self.filter(kind=school_list.kind, year=school_list.year, territory=school_list.territory_id)
        return same.published().exclude(pk=school_list.pk)

    def annulled(self) -> Self:
        """Return the lists that were published and then cancelled by an order."""
        return self.filter(state=ListState.CANCELLED, published_at__isnull=False)

    def with_days(self) -> Self:
        """Annotate `published_on` and `annulled_on`: since which days the list is in force, and is no more.

        The day of the order where there is one, whenever it was written down here; else the day when the portal
        published or cancelled the list. published_on: None for a draft; annulled_on: None while it stands.
        """
        published = Coalesce(F("basis_document__date"), TruncDate("published_at"))
        annulled = Coalesce(F("cancel_document__date"), TruncDate("cancelled_at"))
        return self.annotate(
            published_on=Case(When(published_at__isnull=False, then=published), output_field=DateField()),
            annulled_on=Case(When(state=ListState.CANCELLED, then=annulled), output_field=DateField()),
        )

    def in_force(self, day: date) -> Self:
        """Return the lists published on or before a day and not annulled on or before it.

        Whatever became of them since. By the days of `with_days`, which are annotated.
        """
        stands = Q(annulled_on__isnull=True) | Q(annulled_on__gt=day)
        return self.with_days().filter(stands, published_on__lte=day)

    def explaining(self) -> Self:
        """Return the lists whose schools are told why on the page of their verdict."""
        return self.filter(kind__in=EXPLAINED)

    def for_page(self) -> Self:
        run = ("run__rule_set__basis_document", "run__cluster_set__basis_document", "run__territory")
        social = ("social_run__rule__basis_document", "social_run__territory")
        return self.select_related("territory", "basis_document", "cancel_document", "published_by", *run, *social)

    def about_run(self, run: IdentificationRun, persons: Collection[UUID]) -> Self:
        """Return the lists of a run, of its territory and year, and those published with a school.

        persons: the school and its former legal persons, none to ask about no school. named_school: whether it is a
        published list of low results that names the school; holds_school: and no order has excluded it since.
        """
        items = SchoolListItem.objects.published().of_low_results().filter(school__in=persons)
        of_year = Q(territory=run.territory_id, year=run.year, state=ListState.PUBLISHED)
        naming, holding = items.values("school_list"), items.in_force().values("school_list")
        return (
            self.filter(Q(run=run) | of_year | Q(pk__in=naming))
            .annotate(named_school=Q(pk__in=naming), holds_school=Q(pk__in=holding))
            .order_by("-created_at", "pk")
        )

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

    named_school: bool  # annotated by `about_run`
    holds_school: bool  # the same
    published_on: date | None  # annotated by `with_days`
    annulled_on: date | None  # the same
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
    social_run = models.ForeignKey(
        SocialIndexRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="school_lists",
        verbose_name="расчёт индекса социальных условий",
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
    sealed = models.JSONField("реквизиты на дату публикации", default=dict, blank=True)  # schools/sealing.py
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
            models.CheckConstraint(
                condition=Q(social_run__isnull=True) | Q(run__isnull=True, kind=ListKind.SHNSU),
                name="list_of_social_run_is_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        if self.social_run_id:
            return f"{self.get_kind_display()} по контингенту на 1 октября {self.year} года"
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

    @property
    def source(self) -> IdentificationRun | SocialIndexRun | None:
        """Return the run that the schools come from; None for a list that came by a document."""
        return self.run or self.social_run

    @property
    def is_counted(self) -> bool:
        """Answer whether the schools follow from a run, so that nobody types them in."""
        return bool(self.run_id or self.social_run_id)

    @property
    def is_of_low_results(self) -> bool:
        return self.kind in LOW_RESULT_LISTS

    @property
    def is_amendable(self) -> bool:
        """Answer whether a person may depart from the run school by school: no decisions stand behind the kind."""
        return self.is_counted and not self.is_of_low_results

    @property
    def has_reasons(self) -> bool:
        """Answer whether its schools are told why they are in it: a list from a document has no reasons."""
        return self.is_counted and self.kind in HAS_REASONS

    def compute_hash(self) -> str:
        """Return SHA-256 of the order, the subject of the list, its items and what was sealed with them. Queries."""
        items = self.items.order_by("school_id").values_list("school_id", "school_name", "reasons", "note")
        content = [self.kind, self.year, self.territory_id, self.basis_document_id, list(items)]
        content += [self.sealed] if self.sealed else []
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
        """Return the items in territories where the person may look at the identification; of other schools that the
        person sees once the list is published, annulled ones as well.
        """
        looked_at = scope_of(user, Permission.VIEW_IDENTIFICATION).territories
        in_territory = Q(school__territory__in=looked_at) | Q(school__territory__parent__in=looked_at)
        published = Q(school_list__published_at__isnull=False)
        return self.filter(in_territory | (published & scope_of(user).schools_q("school__")))

    def published(self, day: date | None = None) -> Self:
        """Return items of the lists in force on a day; as the portal has it now when it is None."""
        if day is None:
            return self.filter(school_list__state=ListState.PUBLISHED)
        return self.filter(school_list__in=SchoolList.objects.in_force(day).order_by().values("pk"))

    def in_force(self, day: date | None = None) -> Self:
        """Return items of the lists in force on a day whose schools no order had excluded by it."""
        return self.published(day).kept(day)

    def kept(self, day: date | None = None) -> Self:
        """Leave out the schools that an order had excluded by a day, of lists in any state."""
        return self.filter(~Exists(ListExclusion.objects.in_force(day).filter(item=OuterRef("pk"))))

    def of_low_results(self) -> Self:
        return self.filter(school_list__kind__in=LOW_RESULT_LISTS)

    def in_newest(self, kinds: Collection[ListKind]) -> Self:
        """Return the items in force of the newest published lists of some kinds, the newest year of each territory."""
        newer = SchoolList.objects.published().filter(
            kind__in=kinds,
            territory=OuterRef("school_list__territory"),
            year__gt=OuterRef("school_list__year"),
        )
        return self.in_force().filter(~Exists(newer), school_list__kind__in=kinds)

    def frozen(self) -> Self:
        return self.filter(school_list__state__in=FROZEN_LIST_STATES)

    def update(self, **fields: Any) -> int:
        refuse_frozen(self.frozen())
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse_frozen(self.frozen())
        return super().delete()

    def with_exclusions(self) -> Self:
        """Read with each item how it left its published list and came back. One query more."""
        exclusions = ListExclusion.objects.select_related("basis_document", "annul_document", "annulled_by")
        return self.prefetch_related(models.Prefetch("exclusions", exclusions))

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
    social_index = models.ForeignKey(
        SchoolSocialIndex,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="индекс социальных условий",
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

    @property
    def grounds(self) -> list[dict[str, str]]:
        """Return the reasons that put the school on the list."""
        return [reason for reason in self.reasons if reason["code"] not in NOTES]

    @property
    def notes(self) -> list[dict[str, str]]:
        """Return what else the calculation says of the school: works not counted, years without results."""
        return [reason for reason in self.reasons if reason["code"] in NOTES]

    @property
    def included_on(self) -> date | None:
        """Return the date of the order of the list; None until it is published."""
        order = self.school_list.basis_document
        return order.date if order else None

    @property
    def left(self) -> ListExclusion | None:
        """Return how the school left the published list, None while it is in it. A query unless read with it.

        An annulled exclusion is history: the school is in the list again.
        """
        return next((each for each in self.exclusions.all() if not each.is_annulled), None)

    @property
    def why_url(self) -> str:
        """Return the page that says why the school is in the list; "" when the reasons of the item say it alone.

        A verdict is shown by the lists that it decides: what marks a school says nothing of its verdict.
        """
        if self.social_index_id:
            return reverse("identification:social_school", args=[self.social_index_id])
        if self.verdict_id and self.school_list.kind in EXPLAINED:
            return reverse("identification:explain", args=[self.verdict_id])
        return ""
