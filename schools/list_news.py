"""Who hears of a list: the people of its schools, at the bell and on «Сегодня»."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from accounts.models import Notice, User
from accounts.notices import tell
from accounts.permissions import Permission, roles_with
from accounts.russian import short_date
from schools.choices import ListState
from schools.list_kinds import HAS_REASONS
from schools.models import ListExclusion, Membership, SchoolList, SchoolListItem

HEARERS: Final = roles_with(Permission.VIEW_IDENTIFICATION)
NAME_CHARS: Final = 120


def tell_published(school_list: SchoolList, *, by: User, at: datetime) -> int:
    """Tell the schools of a list that it is published; return how many people hear of it."""
    order = school_list.basis_document
    why = " Посмотрите, почему." if school_list.kind in HAS_REASONS else ""
    text = f"{str(order)[:1].upper()}{str(order)[1:]}.{why}" if order else ""
    return tell_schools(school_list, "включена в перечень", text, by=by, at=at)


def tell_cancelled(school_list: SchoolList, *, by: User, at: datetime) -> int:
    """Tell the schools of a list that it holds no more. News of social conditions lead to the schools now."""
    order = school_list.cancel_document
    text = f"Основание: {order}." if order else ""
    for item in school_list.items.select_related("school", "school_list"):
        if item.social_index_id:
            Notice.objects.filter(url=item.why_url).update(url=item.school.get_absolute_url())
    return tell_schools(school_list, "отменён перечень", text, by=by, at=at)


def tell_excluded(exclusion: ListExclusion, *, by: User, at: datetime) -> int:
    """Tell one school that it left a published list."""
    item = exclusion.item
    text = f"С {short_date(exclusion.excluded_on)}. Основание: {exclusion.basis_document}."
    what = f"исключена из перечня «{item.school_list}»"
    return tell_people({item.school_id: item}, what, text, by=by, at=at)


def tell_annulled(exclusion: ListExclusion, *, by: User, at: datetime) -> int:
    """Tell one school that it is in a published list again."""
    item = exclusion.item
    since = f" с {short_date(exclusion.annulled_on)}" if exclusion.annulled_on else ""
    text = f"Исключение отменено{since}. Основание: {exclusion.annul_document}."
    what = f"снова в перечне «{item.school_list}»"
    return tell_people({item.school_id: item}, what, text, by=by, at=at)


def tell_schools(school_list: SchoolList, what: str, text: str, *, by: User, at: datetime) -> int:
    """Write the news for the people of the schools of a list; return how many. Two queries, and one to store."""
    items = {item.school_id: item for item in school_list.items.select_related("school")}
    return tell_people(items, f"{what} «{school_list}»", text, by=by, at=at)


def tell_people(items: Mapping[UUID, SchoolListItem], what: str, text: str, *, by: User, at: datetime) -> int:
    people = Membership.objects.filter(school__in=list(items), role__in=HEARERS, user__is_active=True)
    heard = people.exclude(user=by).values_list("school", "user").distinct().order_by("school", "user")
    return tell(
        Notice(
            user_id=user,
            title=f"{items[school].school_name[:NAME_CHARS]}: {what}"[:250],
            text=text[:500],
            url=url_of(items[school]),
            created_at=at,
        )
        for school, user in heard
    )


def url_of(item: SchoolListItem) -> str:
    """Return the explanation of a school; its own page when the list has none.

    The page of a verdict stays open when the list is annulled, and says so; that of social conditions does not.
    """
    is_open = item.school_list.state == ListState.PUBLISHED or not item.social_index_id
    return (item.why_url if is_open else "") or item.school.get_absolute_url()
