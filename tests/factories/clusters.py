"""Cluster sets of a region, made through the actions."""

from collections.abc import Mapping
from typing import Any

from schools.actions.clusters import ClusterContent, new_cluster_set
from schools.models import ClusterSet, School, Territory
from tests.factories.lists import AT
from tests.factories.schools import make_user

CODE = "SPB-2026"


def cluster_content(members: Mapping[School, str], **fields: Any) -> ClusterContent:
    defaults: dict[str, Any] = {
        "title": "Кластеры РСОКО",
        "year": 2026,
        "provenance": "Рассчитаны оператором РСОКО методом k-средних.",
    }
    keys = {school.pk: cluster for school, cluster in members.items()}
    return ClusterContent(members=keys, **{**defaults, **fields})


def make_cluster_set(
    territory: Territory, members: Mapping[School, str], *, code: str = CODE, **fields: Any
) -> ClusterSet:
    """Return the first version of a set, for results since 2026."""
    person = fields.pop("by", None) or make_user()
    content = cluster_content(members, **fields)
    return new_cluster_set(territory=territory, code=code, content=content, by=person, at=AT)
