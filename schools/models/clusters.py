"""Cluster sets of a region: which cluster it has put each school into. A version that a run has used never changes."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.models.registry import School, Territory
from schools.models.versions import EditedVersion

CLUSTER_LENGTH: Final = 60


class ClusterSetQuerySet(models.QuerySet["ClusterSet"]):
    def visible_to(self, user: User) -> Self:
        """Return the sets of the person's territories and of the regions that they lie in: runs there go by them."""
        scope = scope_of(user, Permission.VIEW_IDENTIFICATION)
        above = Territory.objects.filter(pk__in=scope.territories).values("parent")
        return self.filter(scope.territories_q("territory__") | Q(territory__in=above))

    def managed_by(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.MANAGE_RULES).territories_q("territory__"))

    def covering(self, territory: Territory) -> Self:
        """Return the sets of a territory itself or of its region."""
        return self.filter(Q(territory=territory) | Q(territory=territory.parent_id))

    def versions_of(self, cluster_set: ClusterSet) -> Self:
        """Return the versions of a set, the newest first."""
        return self.filter(territory=cluster_set.territory_id, code=cluster_set.code).order_by("-version", "pk")

    def applied_first(self) -> Self:
        """Put first the version that results of a year are compared by: the latest that has begun, then the newest."""
        return self.order_by("-year", "-version", "pk")

    def for_results(self, code: str, territory: Territory, year: int) -> Self:
        """Return the versions that have begun by the results of a year, the one that applies first."""
        return self.covering(territory).filter(code=code, year__lte=year).applied_first()

    def for_page(self) -> Self:
        return self.select_related("territory", "basis_document", "edited_by", "based_on")

    def with_sizes(self) -> Self:
        """Annotate `school_count` and `cluster_count`."""
        clusters = Count("members__cluster", distinct=True)
        return self.annotate(school_count=Count("members"), cluster_count=clusters)


class ClusterSet(EditedVersion):
    """A version of the clusters of a region, made elsewhere: by an order, by its РСОКО, by k-means.

    Source: domain specification, 1.2 and 1.3 (`relative_rule.cluster_set`). year: of the results that it is for, and of
    later ones until another version begins. based_on: the version that was copied.
    """

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="cluster_sets")
    year = models.PositiveSmallIntegerField("с результатов года")
    provenance = models.TextField("происхождение кластеров")
    based_on = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="сделан из",
    )
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField("изменён")

    objects = ClusterSetQuerySet.as_manager()

    class Meta:
        verbose_name = "набор кластеров"
        verbose_name_plural = "наборы кластеров"
        ordering: ClassVar[list[str]] = ["code", "-version", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["territory", "code", "version"],
                name="cluster_set_version_unique",
                violation_error_message="Такая версия набора кластеров уже есть.",
            ),
        ]

    @property
    def frozen_words(self) -> str:
        return f"Набор кластеров «{self}» неизменен: по нему проведён расчёт. Создайте новую версию."

    def get_absolute_url(self) -> str:
        return reverse("identification:cluster_set", args=[self.pk])


class ClusterMemberQuerySet(models.QuerySet["ClusterMember"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_IDENTIFICATION).schools_q("school__"))


class ClusterMember(PublicIdModel):
    """The cluster of a school in a version of a set. cluster: as the region calls it, «А», «3», «городские»."""

    cluster_set = models.ForeignKey(
        ClusterSet,
        on_delete=models.CASCADE,
        related_name="members",
        db_index=False,  # the key begins with it
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    cluster = models.CharField("кластер", max_length=CLUSTER_LENGTH)

    objects = ClusterMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "школа кластера"
        verbose_name_plural = "школы кластеров"
        ordering: ClassVar[list[str]] = ["cluster_set", "cluster", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["cluster_set", "school"],
                name="cluster_member_once_in_set",
                violation_error_message="У школы в наборе один кластер.",
            ),
            models.CheckConstraint(
                condition=~Q(cluster=""),
                name="cluster_member_has_a_cluster",
                violation_error_message="Укажите кластер школы.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.cluster}"
