"""Cluster sets: stored as whole tables, edited until a run has used them, corrected by a new version after that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.actions.acts import register_act
from schools.actions.versions import newest_held, refuse_moved_on
from schools.errors import ClusterSetRefused, DraftMovedOn, FrozenRow, RuleSetMovedOn
from schools.models import ClusterMember, ClusterSet, LegalAct, Territory

BATCH: Final = 500
EDITED: Final = ("title", "year", "provenance", "basis_document", "edition", "edited_by", "edited_at")


@dataclass(frozen=True, kw_only=True)
class ClusterContent:
    """What a version holds. members: school -> cluster, all of them; basis: not necessarily stored yet."""

    title: str
    year: int
    provenance: str
    members: Mapping[UUID, str]
    basis: LegalAct | None = None


@transaction.atomic
def new_cluster_set(*, territory: Territory, code: str, content: ClusterContent, by: User, at: datetime) -> ClusterSet:
    """Store the first version of a set. Raises ClusterSetRefused when the territory has one of this code."""
    cluster_set, is_new = ClusterSet.objects.get_or_create(
        territory=territory, code=code, version=1, defaults=stored(content, by=by, at=at)
    )
    if not is_new:
        raise ClusterSetRefused(f"Набор кластеров {code} уже есть. Укажите другой код или создайте его новую версию.")
    return filled(cluster_set, content, by=by)


@transaction.atomic
def new_cluster_version(
    *, cluster_set: ClusterSet, content: ClusterContent, seen: int, by: User, at: datetime
) -> ClusterSet:
    """Store a correction as the next version; the one that it starts from stays as it is.

    seen: the newest version when the person began. Raises DraftMovedOn when there is a newer one.
    """
    newest = newest_held(ClusterSet.objects.versions_of(cluster_set)) or cluster_set
    if newest.version != seen:
        raise DraftMovedOn(f"Пока вы редактировали, создана {newest.version}-я версия этого набора.")
    version = ClusterSet.objects.create(
        territory_id=cluster_set.territory_id,
        code=cluster_set.code,
        version=newest.version + 1,
        based_on=cluster_set,
        **stored(content, by=by, at=at),
    )
    return filled(version, content, by=by)


@transaction.atomic
def edit_cluster_set(
    *, cluster_set: ClusterSet, content: ClusterContent, seen: int, by: User, at: datetime
) -> ClusterSet:
    """Store what a version that no run has used holds now. seen: the edition that the person changed.

    Raises FrozenRow, DraftMovedOn when there is a newer edition.
    """
    locked = locked_set(cluster_set)
    refuse_moved_on(locked, seen=seen, by=by)
    for name, value in stored(content, by=by, at=at).items():
        setattr(locked, name, value)
    locked.edition += 1
    locked.save(update_fields=EDITED)
    locked.members.all().delete()
    return filled(locked, content, by=by)


@transaction.atomic
def delete_cluster_set(*, cluster_set: ClusterSet, by: User) -> None:
    """Remove a version that nothing rests on. Raises FrozenRow, ClusterSetRefused."""
    locked = locked_set(cluster_set)
    if locked.copies.exists():
        raise ClusterSetRefused(f"Из версии «{locked}» сделаны другие. Сначала удалите их.")
    record(AuditCode.CLUSTER_SET_CHANGED, actor=by, obj=locked, version=locked.version, deleted=True)
    locked.delete()


@transaction.atomic
def use_cluster_set(*, pk: UUID, edition: int, at: datetime) -> ClusterSet:
    """Freeze a version for the run that used it. Raises RuleSetMovedOn when the run has read another edition."""
    locked = ClusterSet.objects.select_for_update().filter(pk=pk, edition=edition).first()
    if locked is None:
        raise RuleSetMovedOn("Кластеры региона изменили, пока шёл расчёт. Проведите расчёт ещё раз.")
    if locked.frozen_at is None:
        locked.frozen_at = at
        locked.save(update_fields=["frozen_at"])
    return locked


def stored(content: ClusterContent, *, by: User, at: datetime) -> dict[str, Any]:
    """Return the columns of a version."""
    return {
        "title": content.title,
        "year": content.year,
        "provenance": content.provenance.strip(),
        "basis_document": register_act(act=content.basis, by=by) if content.basis else None,
        "edited_by": by,
        "edited_at": at,
    }


def filled(cluster_set: ClusterSet, content: ClusterContent, *, by: User) -> ClusterSet:
    """Store the schools of a version, and the event of the change."""
    members = [
        ClusterMember(cluster_set=cluster_set, school_id=school, cluster=cluster)
        for school, cluster in content.members.items()
    ]
    ClusterMember.objects.bulk_create(members, batch_size=BATCH)
    record(
        AuditCode.CLUSTER_SET_CHANGED,
        actor=by,
        obj=cluster_set,
        version=cluster_set.version,
        edition=cluster_set.edition,
        schools=len(members),
        clusters=len(set(content.members.values())),
    )
    return cluster_set


def locked_set(cluster_set: ClusterSet) -> ClusterSet:
    """Hold a version that may change. Raises FrozenRow."""
    locked = ClusterSet.objects.select_for_update().filter(pk=cluster_set.pk).first()
    if locked is None:
        raise FrozenRow(f"Версия «{cluster_set}» удалена. Создайте новую.")
    if locked.frozen_at:
        raise FrozenRow(f"Версия «{locked}» не меняется: по ней проведён расчёт. Сохраните новую версию.")
    return locked
