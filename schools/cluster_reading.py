"""Reads the clusters that a region has put its schools into. Writes nothing."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, Max, OuterRef

from schools.lineage import Lineage, read_lineage
from schools.models import AssessmentResult, ClusterMember, ClusterSet, Territory
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

    sizes: in the order of people; without: names of the schools that it gives no cluster. year: of the results that
    the schools are asked about, None when there are none yet.
    """

    sizes: tuple["ClusterSize", ...]
    without: tuple[str, ...]
    year: int | None


class ClusterSize(NamedTuple):
    """written: how many of the schools have results of the year; no more can be compared."""

    cluster: str
    schools: int
    written: int


def fill_of(cluster_set: ClusterSet, among: SchoolQuerySet, year: int | None = None) -> ClusterFill:
    """Return whom of the schools a version covers, and who of them has results. year: the newest one when not told.

    Four queries, one more for the newest year, and another one where schools were registered anew.
    """
    lineage = read_lineage()
    labels = inherited(dict(cluster_set.members.order_by().values_list("school_id", "cluster")), lineage)
    year = year or newest_year(among)
    rows = list(among.active().order_by("name", "pk").values_list("pk", "name"))
    written = with_results(among, year, lineage) if year else frozenset[UUID]()
    clusters = {pk: labels[pk] for pk, _ in rows if pk in labels}
    sizes = Counter(clusters.values())
    tested = Counter(clusters[pk] for pk in clusters.keys() & written)
    return ClusterFill(
        sizes=tuple(ClusterSize(name, sizes[name], tested[name]) for name in sorted(sizes, key=in_order)),
        without=tuple(name for pk, name in rows if pk not in labels),
        year=year,
    )


def newest_year(among: SchoolQuerySet) -> int | None:
    results = AssessmentResult.objects.filter(school__in=among.order_by().values("pk"))
    year: int | None = results.aggregate(newest=Max("year"))["newest"]
    return year


def with_results(among: SchoolQuerySet, year: int, lineage: Lineage) -> frozenset[UUID]:
    """Return the active schools with results of a year, of their own or of a former legal person."""
    of_year = AssessmentResult.objects.for_years(year).order_by()
    own = among.active().filter(Exists(of_year.filter(school=OuterRef("pk")))).order_by().values_list("pk", flat=True)
    former = of_year.filter(school__in=list(lineage.heirs)).values_list("school", flat=True) if lineage.heirs else ()
    return frozenset(own) | {lineage.now(person) for person in former}


def in_order(cluster: str) -> list[tuple[int, str]]:
    """Return what clusters are sorted by: «2» before «10», figures before letters."""
    parts = (part for part in DIGITS.split(cluster.casefold()) if part)
    return [(int(part), "") if part.isdecimal() else (1_000_000, part) for part in parts]
