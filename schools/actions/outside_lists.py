"""Lists that no run made: the federal one, the participants of a project, mentor schools, typed in with their order."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.actions.lists import lock
from schools.choices import ListKind, ListState
from schools.errors import WrongListState
from schools.models import School, SchoolList, SchoolListItem, Territory


@transaction.atomic
def open_list(*, kind: ListKind, year: int, territory: Territory, by: User, at: datetime) -> SchoolList:
    """Begin the draft of a list whose schools come from a document and not from a run."""
    school_list = SchoolList.objects.create(kind=kind, year=year, territory=territory, created_by=by, created_at=at)
    record(AuditCode.LIST_CREATED, actor=by, obj=school_list, schools=0)
    return school_list


@transaction.atomic
def add_schools(*, school_list: SchoolList, schools: Collection[UUID], note: str, by: User) -> int:
    """Put schools of the territory into a draft, those that are in it already left alone; return how many are new.

    note: printed beside each of them. Raises WrongListState.
    """
    locked = open_draft(school_list)
    held = set(locked.items.values_list("school_id", flat=True))
    found = School.objects.in_territory(locked.territory).filter(pk__in=set(schools) - held).order_by("name", "pk")
    items = [SchoolListItem(school_list=locked, school=each, school_name=each.name, note=note) for each in found]
    SchoolListItem.objects.bulk_create(items)
    if items:
        record(AuditCode.LIST_ITEMS_CHANGED, actor=by, obj=locked, added=len(items))
    return len(items)


@transaction.atomic
def remove_school(*, school_list: SchoolList, school: UUID, by: User) -> None:
    """Take a school out of a draft; one that is not in it is no matter. Raises WrongListState."""
    locked = open_draft(school_list)
    removed, _ = locked.items.filter(school=school).delete()
    if removed:
        record(AuditCode.LIST_ITEMS_CHANGED, actor=by, obj=locked, removed=removed)


def open_draft(school_list: SchoolList) -> SchoolList:
    """Return the list held for change. Raises WrongListState for one that a run fills or that is past its draft."""
    locked = lock(school_list)
    if locked.is_counted:
        raise WrongListState("Состав этого перечня следует из расчёта и решений. Меняйте решения, а не перечень.")
    if locked.state != ListState.DRAFT:
        raise WrongListState("Перечень уже не черновик, состав не меняется. Верните его в черновик.")
    return locked
