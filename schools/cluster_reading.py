"""Reads the clusters that a region has put its schools into. Writes nothing."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from schools.lineage import Lineage, read_lineage
from schools.models import ClusterMember, ClusterSet, Territory
from schools.models.registry import SchoolQuerySet

DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """A version of a set as a rule reads it. pk, edition: of the version; labels: school -> cluster."""

    pk: UUID
    edition: int
    labels: Mapping[UUID, str]


def read_clusters(code: str, territory: Territory, year: int, lineage: Lineage) -> Clusters | None:
    """Return the clusters that results of a year are compared in, None without such a set. One query.

    A set is never without schools: it is stored as a whole.
    """
    version = ClusterSet.objects.for_results(code, territory, year).values("pk")[:1]
    members = ClusterMember.objects.filter(cluster_set__in=version).order_by()
    rows = list(members.values_list("school_id", "cluster", "cluster_set_id", "cluster_set__edition"))
    if not rows:
        return None
    _, _, pk, edition = rows[0]
    return Clusters(pk=pk, edition=edition, labels=inherited({row[0]: row[1] for row in rows}, lineage))


def inherited(labels: Mapping[UUID, str], lineage: Lineage) -> dict[UUID, str]:
    """Return clusters by the schools of now: a school registered anew is in that of its former legal person.

    Its own cluster goes before an inherited one.
    """
    return {lineage.now(school): cluster for school, cluster in labels.items()} | dict(labels)


@dataclass(frozen=True, kw_only=True)
class ClusterFill:
    """How a version covers active schools.

    sizes: (cluster, schools), in the order of people; without: names of the schools that it gives no cluster.
    """

    sizes: tuple[tuple[str, int], ...]
    without: tuple[str, ...]


def fill_of(cluster_set: ClusterSet, among: SchoolQuerySet) -> ClusterFill:
    """Return whom of the schools a version covers. Three queries."""
    labels = inherited(dict(cluster_set.members.order_by().values_list("school_id", "cluster")), read_lineage())
    rows = list(among.active().order_by("name", "pk").values_list("pk", "name"))
    sizes = Counter(labels[pk] for pk, _ in rows if pk in labels)
    return ClusterFill(
        sizes=tuple(sorted(sizes.items(), key=lambda pair: in_order(pair[0]))),
        without=tuple(name for pk, name in rows if pk not in labels),
    )


def in_order(cluster: str) -> list[tuple[int, str]]:
    """Return what clusters are sorted by: «2» before «10», figures before letters."""
    parts = (part for part in DIGITS.split(cluster.casefold()) if part)
    return [(int(part), "") if part.isdecimal() else (1_000_000, part) for part in parts]
