"""A school leaves a published list by an order of its own, or comes back; the list itself stays what it was."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.russian import short_date
from schools.actions.acts import register_act
from schools.actions.lists import lock
from schools.choices import ListState
from schools.errors import ExclusionRefused
from schools.list_news import tell_annulled, tell_excluded
from schools.models import LegalAct, ListExclusion, SchoolListItem


@transaction.atomic
def exclude_from_list(
    *,
    item: SchoolListItem,
    excluded_on: date,
    order: LegalAct,
    note: str = "",
    by: User,
    at: datetime,
) -> ListExclusion:
    """Write down that a school left a published list on a day, by an order (not necessarily stored yet).

    The sealed items, their hash and the file of the list do not change. Raises ExclusionRefused: the list is not
    published, the school has left it before, or the day is earlier than the order of the list or still to come.
    """
    school_list = lock(item.school_list)
    held = SchoolListItem.objects.select_related("school_list__basis_document", "school").get(pk=item.pk)
    if school_list.state != ListState.PUBLISHED:
        raise ExclusionRefused("Исключить школу приказом можно только из опубликованного перечня.")
    if held.left:
        raise ExclusionRefused(f"{held.school_name} уже исключена с {short_date(held.left.excluded_on)}.")
    refuse_day(held, excluded_on, timezone.localdate(at))
    exclusion = ListExclusion.objects.create(
        item=held,
        excluded_on=excluded_on,
        basis_document=register_act(act=order, by=by),
        note=note,
        recorded_by=by,
        recorded_at=at,
    )
    record(
        AuditCode.LIST_ITEMS_CHANGED,
        actor=by,
        obj=school_list,
        excluded=str(held.school_id),
        excluded_on=excluded_on.isoformat(),
        order=str(exclusion.basis_document_id),
    )
    tell_excluded(exclusion, by=by, at=at)
    return exclusion


def refuse_day(item: SchoolListItem, day: date, today: date) -> None:
    if item.included_on and day < item.included_on:
        raise ExclusionRefused(
            f"Перечень утверждён приказом от {short_date(item.included_on)}: исключить школу раньше нельзя.",
            field="excluded_on",
        )
    if day > today:
        raise ExclusionRefused(
            "Дата исключения ещё не наступила. Запишите его, когда она наступит.", field="excluded_on"
        )


@transaction.atomic
def annul_exclusion(
    *,
    item: SchoolListItem,
    annulled_on: date,
    order: LegalAct,
    note: str,
    by: User,
    at: datetime,
) -> ListExclusion:
    """Write down that the exclusion of a school is void since a day, by a document (not necessarily stored yet).

    The exclusion stays in the history. Raises ExclusionRefused: the list is not published, the school has not left it,
    no reason is given, or the day is earlier than the exclusion or still to come.
    """
    school_list = lock(item.school_list)
    if school_list.state != ListState.PUBLISHED:
        raise ExclusionRefused("Отменить исключение можно только в опубликованном перечне.")
    exclusion = ListExclusion.objects.in_force().select_related("item__school_list", "item__school").filter(item=item)
    held = exclusion.first()
    if held is None:
        raise ExclusionRefused(f"{item.school_name} не исключена из перечня: отменять нечего.")
    refuse_return(held, annulled_on, note, timezone.localdate(at))
    held.annulled_on, held.annul_note = annulled_on, note
    held.annul_document = register_act(act=order, by=by)
    held.annulled_by, held.annulled_at = by, at
    held.save()
    record(
        AuditCode.LIST_ITEMS_CHANGED,
        actor=by,
        obj=school_list,
        exclusion_annulled=str(held.item.school_id),
        annulled_on=annulled_on.isoformat(),
        order=str(held.annul_document.pk),
    )
    tell_annulled(held, by=by, at=at)
    return held


def refuse_return(exclusion: ListExclusion, day: date, note: str, today: date) -> None:
    if not note.strip():
        raise ExclusionRefused("Напишите, почему исключение отменено.", field="note")
    if day < exclusion.excluded_on:
        raise ExclusionRefused(
            f"Школа исключена с {short_date(exclusion.excluded_on)}: отменить исключение раньше нельзя.",
            field="annulled_on",
        )
    if day > today:
        raise ExclusionRefused("Дата отмены ещё не наступила. Запишите её, когда она наступит.", field="annulled_on")
