"""Single schools in and out of the draft of a counted list by a person, with the reason; the run stays what it was.

Lists of low results are not for this: there each school has a decision. Lists from a document: `outside_lists`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.actions.lists import lock, refill
from schools.choices import ListState
from schools.errors import WrongListState
from schools.models import ListAmendment, School, SchoolList


@transaction.atomic
def take_out(*, school_list: SchoolList, school: UUID, reason: str, by: User, at: datetime) -> None:
    """Take a school out of a draft. Raises WrongListState, also for a school that is not in it."""
    locked = open_draft(school_list)
    if not locked.items.filter(school=school).exists():
        raise WrongListState("Этой школы в черновике нет: обновите страницу.")
    added = locked.amendments.filter(school=school, is_added=True)
    if added.exists():  # put in by hand before: it goes as it came
        added.delete()
    else:
        amend(locked, school, is_added=False, reason=reason, by=by, at=at)
    refilled(locked, by, removed=str(school), reason=reason)


@transaction.atomic
def put_in(*, school_list: SchoolList, school: UUID, reason: str, by: User, at: datetime) -> None:
    """Put a school of the territory into a draft. Raises WrongListState, also for one that is in it already."""
    locked = open_draft(school_list)
    if not School.objects.in_territory(locked.territory).filter(pk=school).exists():
        raise WrongListState("Школы нет на территории перечня. Найдите её поиском.")
    if locked.items.filter(school=school).exists():
        raise WrongListState("Школа уже в перечне.")
    taken = locked.amendments.filter(school=school, is_added=False)
    if taken.exists():
        taken.delete()
    else:
        amend(locked, school, is_added=True, reason=reason, by=by, at=at)
    refilled(locked, by, added=str(school), reason=reason)


@transaction.atomic
def undo_amendment(*, school_list: SchoolList, school: UUID, by: User) -> None:
    """Let the run say again whether a school is in the draft; one not amended is no matter. Raises WrongListState."""
    locked = open_draft(school_list)
    removed, _ = locked.amendments.filter(school=school).delete()
    if removed:
        refilled(locked, by, as_counted=str(school))


def amend(school_list: SchoolList, school: UUID, *, is_added: bool, reason: str, by: User, at: datetime) -> None:
    ListAmendment.objects.create(
        school_list=school_list, school_id=school, is_added=is_added, reason=reason, recorded_by=by, recorded_at=at
    )


def refilled(school_list: SchoolList, by: User, **event: Any) -> None:
    refill(school_list)
    record(AuditCode.LIST_ITEMS_CHANGED, actor=by, obj=school_list, **event)


def open_draft(school_list: SchoolList) -> SchoolList:
    """Return the list held for change. Raises WrongListState for other lists and states."""
    locked = lock(school_list)
    if not locked.is_amendable:
        raise WrongListState("Состав этого перечня меняют решения по школам или сам документ, а не отдельные школы.")
    if locked.state != ListState.DRAFT:
        raise WrongListState("Перечень уже не черновик, состав не меняется. Верните его в черновик.")
    return locked
