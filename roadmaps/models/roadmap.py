"""A version of a roadmap and its sections."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.db import PublicIdModel
from accounts.models import User
from riskprofiles.models import ProfileFactor, RiskProfile
from roadmaps.choices import (
    AGREED_STATES,
    EDITABLE_STATES,
    OPEN_VERSION_STATES,
    ORDERED_STATES,
    STATE_LOOKS,
    RevisionReason,
    RoadmapKind,
    RoadmapLevel,
    RoadmapState,
)
from schools.access import scope_of
from schools.models import LegalAct, School, Territory


class RoadmapQuerySet(models.QuerySet["Roadmap"]):
    def visible_to(self, user: User) -> Self:
        """Return the roadmaps of the person's schools and of the bodies of their territories."""
        scope = scope_of(user)
        return self.filter(scope.schools_q("school__") | scope.territories_q("territory__"))

    def in_force(self) -> Self:
        """Return the approved versions that are carried out."""
        return self.filter(state=RoadmapState.IN_EXECUTION)

    def approved_on(self, day: date) -> Self:
        """Return the versions that an order had fixed by a day and no newer one had replaced by it.

        By the days of the orders, whenever they were written down here. A version that was closed or put away since
        counts: no order took it back.
        """
        fixed = Q(state__in=ORDERED_STATES, approval_act__date__lte=day)
        newer = Roadmap.objects.filter(fixed, chain=OuterRef("chain"), version_number__gt=OuterRef("version_number"))
        return self.filter(fixed, ~Exists(newer))

    def under_way(self) -> Self:
        """Return the versions from the first draft to the end of execution."""
        return self.exclude(state__in=[RoadmapState.CLOSED, RoadmapState.ARCHIVED])

    def for_period(self, first: date, last: date) -> Self:
        """Return the roadmaps whose period touches the given days, both inclusive."""
        return self.filter(period_from__lte=last, period_to__gte=first)

    def of_level(self, level: RoadmapLevel) -> Self:
        return self.filter(level=level)

    def newest_versions(self) -> Self:
        """Leave out archived versions and drafts of changes: the page of the version in force leads to both."""
        return self.exclude(state__in=[RoadmapState.ARCHIVED, RoadmapState.REVISION_DRAFT])

    def with_owner(self) -> Self:
        return self.select_related("school__territory__parent", "territory__parent", "approval_act")

    def versions_of(self, roadmap: Roadmap) -> Self:
        """Return the versions of a roadmap, the newest first."""
        chain = self.filter(chain=roadmap.chain).select_related("created_by", "approval_act")
        return chain.order_by("-version_number", "pk")


class Roadmap(PublicIdModel):
    """One version of a plan of a school or of a territory. Versions of one plan share `chain`.

    Source: domain specification, 4.1–4.4. An approved version never changes its plan: `start_revision` copies it.
    """

    State = RoadmapState

    chain = models.UUIDField("карта без версий", default=uuid.uuid4, editable=False)
    level = models.CharField("уровень", max_length=10, choices=RoadmapLevel.choices)
    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roadmaps",
        verbose_name="школа",
    )
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roadmaps",
        verbose_name="территория",
    )
    profile = models.ForeignKey(
        RiskProfile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roadmaps",
        verbose_name="рисковый профиль",
    )
    kind = models.CharField("вид", max_length=20, choices=RoadmapKind.choices, default=RoadmapKind.ROADMAP)
    title = models.CharField("название", max_length=300)
    goal = models.TextField("цель", blank=True)
    year_label = models.CharField("год", max_length=40, help_text="Например: 2026 или 2026/27 учебный год")
    period_from = models.DateField("начало")
    period_to = models.DateField("окончание")
    state = models.CharField("состояние", max_length=16, choices=RoadmapState.choices, default=RoadmapState.DRAFT)
    remark = models.TextField("замечание при возврате", blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("создана")
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField("направлена", null=True, blank=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField("согласована", null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("утверждена", null=True, blank=True)
    approval_act = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roadmaps",
        verbose_name="приказ",
    )
    closed_at = models.DateTimeField("завершена", null=True, blank=True)
    version_number = models.PositiveSmallIntegerField("версия", default=1, validators=[MinValueValidator(1)])
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name="изменяет версию",
    )
    revision_reason = models.CharField("причина изменений", max_length=16, choices=RevisionReason.choices, blank=True)
    revision_note = models.TextField("пояснение к изменениям", blank=True)
    history = HistoricalRecords()

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        verbose_name = "дорожная карта"
        verbose_name_plural = "дорожные карты"
        ordering: ClassVar[list[str]] = ["-period_from", "level", "title", "-version_number", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(level=RoadmapLevel.SCHOOL, school__isnull=False, territory__isnull=True)
                | (~Q(level=RoadmapLevel.SCHOOL) & Q(school__isnull=True, territory__isnull=False)),
                name="roadmap_of_school_or_territory",
                violation_error_message="Карта школы ведётся для школы, карта территории — для территории.",
            ),
            models.CheckConstraint(
                condition=Q(period_from__lte=F("period_to")),
                name="roadmap_period_order",
                violation_error_message="Карта не может закончиться раньше, чем началась.",
            ),
            models.CheckConstraint(
                condition=Q(profile__isnull=True) | Q(level=RoadmapLevel.SCHOOL),
                name="roadmap_profile_of_school",
                violation_error_message="Рисковый профиль есть только у карты школы.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(AGREED_STATES)) | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="roadmap_agreed_who_and_when",
                violation_error_message="Согласованная карта хранит, кто и когда её согласовал.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ORDERED_STATES))
                | Q(approval_act__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
                name="roadmap_approved_with_order",
                violation_error_message="Утвердить карту можно только приказом.",
            ),
            models.CheckConstraint(
                condition=Q(version_number=1, previous__isnull=True, revision_reason="")
                | (Q(version_number__gt=1, previous__isnull=False) & ~Q(revision_reason="")),
                name="roadmap_revision_with_reason",
                violation_error_message="У новой версии карты есть прежняя версия и причина изменений.",
            ),
            models.UniqueConstraint(
                fields=["chain", "version_number"],
                name="roadmap_version_once",
                violation_error_message="Такая версия карты уже есть.",
            ),
            models.UniqueConstraint(
                fields=["chain"],
                condition=Q(state__in=sorted(OPEN_VERSION_STATES)),
                name="roadmap_one_open_version",
                violation_error_message="Черновик этой карты уже есть.",
            ),
            models.UniqueConstraint(
                fields=["chain"],
                condition=Q(state=RoadmapState.IN_EXECUTION),
                name="roadmap_one_version_in_force",
                violation_error_message="Одна версия этой карты уже исполняется.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.owner}"

    def get_absolute_url(self) -> str:
        return reverse("roadmaps:detail", args=[self.pk])

    @property
    def owner(self) -> School | Territory:
        """Return whose plan it is; select it along with the roadmap."""
        owner = self.school or self.territory
        assert owner is not None  # noqa: S101  held by the constraint roadmap_of_school_or_territory
        return owner

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES

    @property
    def is_open(self) -> bool:
        """Answer whether the version is on its way to an order."""
        return self.state in OPEN_VERSION_STATES

    @property
    def is_in_execution(self) -> bool:
        return self.state == RoadmapState.IN_EXECUTION

    @property
    def is_approved(self) -> bool:
        """Answer whether an order fixed this version; only such a version has execution."""
        return self.state in ORDERED_STATES

    @property
    def is_revision(self) -> bool:
        return self.version_number > 1

    @property
    def look(self) -> str:
        """Return the status pill of the interface."""
        return STATE_LOOKS[RoadmapState(self.state)]


class SectionQuerySet(models.QuerySet["Section"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(roadmap__in=Roadmap.objects.visible_to(user))

    def for_page(self) -> Self:
        return self.select_related("factor__factor", "roadmap__school__territory", "roadmap__territory")


class Section(PublicIdModel):
    """A part of a roadmap: an activated risk factor of the school, or a direction of work."""

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="sections")
    stable_id = models.UUIDField("раздел без версий", default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField("порядок")
    title = models.CharField("направление", max_length=250)
    objective = models.TextField("цель", blank=True)
    factor = models.ForeignKey(
        ProfileFactor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        verbose_name="фактор риска",
    )

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = "раздел карты"
        verbose_name_plural = "разделы карты"
        ordering: ClassVar[list[str]] = ["roadmap", "position", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["roadmap", "stable_id"], name="section_once_in_version"),
            models.UniqueConstraint(
                fields=["roadmap", "factor"],
                name="section_factor_once",
                violation_error_message="Раздел этого фактора риска в карте уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
