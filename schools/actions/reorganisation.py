"""Mergers, new legal entities and branches: who goes on where another one ended, from which day, by which act."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.actions.registry import lock, move, refuse_branches, refuse_day, refuse_gone, refuse_taken, stored, turn
from schools.choices import ReorganisationKind, SchoolKind, SchoolStatus
from schools.errors import ChangeRefused
from schools.models import LegalAct, School, SchoolPeriod, SchoolSuccession


@transaction.atomic
def merge_schools(
    *,
    predecessors: Sequence[School],
    successor: School,
    on: date,
    by: User,
    at: datetime,
    basis: LegalAct | None = None,
) -> School:
    """End schools from a day on: another one goes on in their place. Their results, lists and documents stay theirs.

    Raises ChangeRefused, PermissionDenied.
    """
    heir = lock(successor, by)
    refuse_gone(heir)
    for school in predecessors:
        if school.pk == heir.pk:
            raise ChangeRefused("Школа не бывает преемником самой себя. Выберите другую.", field="successor")
        ended = lock(school, by)
        if heir.parent_id == ended.pk:
            raise ChangeRefused(f"{heir} — филиал этой школы. Выберите другого преемника.", field="successor")
        kind = ReorganisationKind.BRANCH if ended.parent_id == heir.pk else ReorganisationKind.MERGER
        move(ended, SchoolStatus.REORGANISED, on=on, basis=basis, by=by, at=at)
        succeed(ended, heir, on=on, kind=kind, basis=basis, by=by, at=at)
    return heir


@transaction.atomic
def register_anew(
    *,
    school: School,
    inn: str,
    ogrn: str,
    on: date,
    by: User,
    at: datetime,
    basis: LegalAct | None = None,
) -> School:
    """End a school and let a new legal entity with its name, login and codes go on; return the new one.

    Raises ChangeRefused, PermissionDenied.
    """
    ended = lock(school, by)
    refuse_inn(inn)
    heir = School(
        territory=ended.territory,
        inn=inn,
        ogrn=ogrn,
        **{name: getattr(ended, name) for name in ("name", "full_name", "kind", "locality", "login", "gia_code")},
        **{name: getattr(ended, name) for name in ("students", "head_position", "head_name")},
    )
    move(ended, SchoolStatus.REORGANISED, on=on, basis=basis, by=by, at=at)
    open_school(heir, on=on, basis=basis, by=by, at=at)
    succeed(ended, heir, on=on, kind=ReorganisationKind.NEW_ENTITY, basis=basis, by=by, at=at)
    return heir


@transaction.atomic
def open_branch(
    *,
    parent: School,
    details: Mapping[str, Any],
    on: date,
    by: User,
    at: datetime,
    basis: LegalAct | None = None,
) -> School:
    """Split a branch with its own results off a school; return the branch. It has no ИНН of its own.

    details: name, full_name, locality, login, gia_code, students. Raises ChangeRefused, PermissionDenied.
    """
    head = lock(parent, by)
    refuse_head(head)
    refuse_day(on, at)
    branch = School(territory=head.territory, parent=head, kind=SchoolKind.BRANCH, inn="", **details)
    refuse_taken(branch, {})
    open_school(branch, on=on, basis=basis, by=by, at=at)
    succeed(head, branch, on=on, kind=ReorganisationKind.SPLIT, basis=basis, by=by, at=at)
    return branch


@transaction.atomic
def make_branch(
    *,
    school: School,
    parent: School,
    on: date,
    by: User,
    at: datetime,
    basis: LegalAct | None = None,
) -> School:
    """Let a school go on as a branch of another one from a day on; its card, results and people stay.

    A branch is handed over to another head in the same way. Raises ChangeRefused, PermissionDenied.
    """
    head, locked = lock(parent, by), lock(school, by)
    refuse_head(head)
    refuse_gone(locked)
    if head.pk in {locked.pk, locked.parent_id}:
        raise ChangeRefused("Выберите другую школу: эта уже головная или та же самая.", field="parent")
    refuse_branches(locked)
    turn(locked, {"parent_id": head.pk, "kind": SchoolKind.BRANCH}, on=on, basis=basis, by=by, at=at)
    record(AuditCode.SCHOOL_REORGANISED, actor=by, obj=locked, on=on.isoformat(), parent=str(head.pk))
    return locked


def open_school(
    school: School,
    *,
    on: date,
    basis: LegalAct | None,
    by: User,
    at: datetime,
) -> None:
    """Store a new school that was not there before a day."""
    school.save()
    first = SchoolPeriod.objects.get(school=school)
    first.valid_from, first.basis = on, stored(basis, by)
    first.recorded_by, first.recorded_at = by, at
    first.save()


def succeed(
    ended: School,
    heir: School,
    *,
    on: date,
    kind: ReorganisationKind,
    basis: LegalAct | None,
    by: User,
    at: datetime,
) -> None:
    SchoolSuccession.objects.create(
        predecessor=ended,
        successor=heir,
        date=on,
        kind=kind,
        basis=stored(basis, by),
        recorded_by=by,
        recorded_at=at,
    )
    record(AuditCode.SCHOOL_REORGANISED, actor=by, obj=ended, on=on.isoformat(), kind=kind.value, into=str(heir.pk))


def refuse_head(school: School) -> None:
    """Raise ChangeRefused for a school that cannot have branches."""
    refuse_gone(school)
    if school.parent_id:
        raise ChangeRefused(f"{school} — сама филиал, своих филиалов у неё не бывает.", field="parent")


def refuse_inn(inn: str) -> None:
    known = School.objects.filter(inn=inn).first()
    if known:
        raise ChangeRefused(f"ИНН {inn} уже есть в реестре. Если это та же школа, выберите её преемником.", field="inn")
