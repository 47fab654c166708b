"""What orders did to the lists of a period, as seen from the day of the data: nothing leaves a report in silence.

Source: domain specification, 1.6 (a list and its schools are in force by orders).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from accounts.russian import short_date
from reports.facts import queries
from reports.facts.frame import ReportSpec
from reports.facts.parts import Act, Circle, ListChange, ListTurn
from schools.models import LegalAct, ListExclusion, School, SchoolList, SchoolListItem

if TYPE_CHECKING:
    from datetime import date

    from schools.models.lists import SchoolListQuerySet

Names = Mapping[UUID, str]  # schools of a list: id -> name in the list


class Reported(NamedTuple):
    """What a report speaks of: schools, those of them that its lists hold, and these lists."""

    schools: Collection[UUID] = ()
    listed: Collection[UUID] = ()
    lists: Sequence[SchoolList] = ()

    def has_other(self, school_list: SchoolList) -> bool:
        """Answer whether it tells another list of the same kind and year."""
        kinds = {(one.kind, one.year) for one in self.lists if one.pk != school_list.pk}
        return (school_list.kind, school_list.year) in kinds


def list_changes(spec: ReportSpec, lists: Sequence[SchoolList], schools: Iterable[School]) -> tuple[ListChange, ...]:
    """Return the changes by year and kind of the lists, then who was excluded. Three queries.

    lists: those in force on the day of the data; schools: those that the report speaks of.
    """
    around = turned_lists(spec, lists)
    names = names_in(spec, [*lists, *(one for one, _ in around)])
    listed = {school for one in lists for school in names.get(one.pk, ())}
    reported = Reported({school.pk for school in schools}, listed, lists)
    annulled = [one for one, turn in around if turn is ListTurn.ANNULLED]  # schools had left some of these before
    silent = () if any(one.pk in names for one in lists) else lists
    return (
        *(list_change(one, ListTurn.NAMES_NOBODY) for one in silent),
        *(
            list_change(one, turn, reported, names.get(one.pk, {}))
            for one, turn in around
            if one.pk in names or is_own(one, spec)
        ),
        *exclusions(spec, [*lists, *annulled], reported),
    )


def turned_lists(spec: ReportSpec, lists: Iterable[SchoolList]) -> list[tuple[SchoolList, ListTurn]]:
    """Return the lists that came later or hold no more. One query.

    None older than those in force: they decide whom a report speaks of.
    """
    newest = max((one.year for one in lists), default=0)
    every = queries.lists_of_period(spec).with_days().filter(year__gte=newest, published_at__isnull=False)
    in_turn = sorted(every, key=lambda one: (one.year, one.kind, one.published_on))
    turns = ((one, turn_of(one.published_on, one.annulled_on, spec.as_of)) for one in in_turn)
    return [(one, turn) for one, turn in turns if turn]


def turn_of(published: date | None, annulled: date | None, day: date) -> ListTurn | None:
    """Return what a day does not see of a list; None for one that just stands, and for one that only came and went."""
    if published and published > day:
        return None if annulled else ListTurn.PUBLISHED_LATER
    if annulled is None:
        return None
    return ListTurn.ANNULLED if annulled <= day else ListTurn.ANNULLED_LATER


def annulled_later(school_list: SchoolList, spec: ReportSpec) -> ListChange | None:
    """Return that a list of the day of the data holds no more; None while it stands. school_list: with its days."""
    turn = turn_of(school_list.published_on, school_list.annulled_on, spec.as_of)
    return list_change(school_list, turn) if turn is ListTurn.ANNULLED_LATER else None


def why_none(lists: SchoolListQuerySet, day: date) -> str:
    """Return why none of some lists is in force on a day, and the next step; "" when none was ever published.

    The newest year first, and of a year the list that can be had before the one that is annulled. One query.
    """
    every = lists.with_days().filter(published_at__isnull=False).select_related("basis_document", "cancel_document")
    turned = [(one, turn_of(one.published_on, one.annulled_on, day)) for one in every.order_by("-cancelled_at", "pk")]
    found = [(one, turn) for one, turn in turned if turn in {ListTurn.PUBLISHED_LATER, ListTurn.ANNULLED}]
    if not found:
        return ""
    one, turn = min(found, key=lambda pair: (-pair[0].year, pair[1] is ListTurn.ANNULLED))
    if turn is ListTurn.ANNULLED:
        return (
            f"Перечень по результатам {one.year} года отменён: {one.cancel_document}. Опубликуйте новый перечень "
            "или укажите в поле «Данные на» день, когда действовал отменённый."
        )
    return (
        f"На {short_date(day)} перечень по результатам {one.year} года ещё не был опубликован: {one.basis_document}. "
        "Укажите в поле «Данные на» день не раньше даты приказа."
    )


def is_own(school_list: SchoolList, spec: ReportSpec) -> bool:
    """Answer whether a list matters to the report though it names no school of it."""
    return spec.school is None and school_list.territory_id == spec.territory.pk


def names_in(spec: ReportSpec, lists: Iterable[SchoolList]) -> dict[UUID, dict[UUID, str]]:
    """Return list -> schools of the report in it, without those that an order had excluded by the day. One query."""
    items = SchoolListItem.objects.kept(spec.as_of).filter(
        school_list__in=list(lists), school__in=queries.scope_schools(spec)
    )
    names: dict[UUID, dict[UUID, str]] = {}
    for item in items.order_by("school_name", "pk"):
        names.setdefault(item.school_list_id, {})[item.school_id] = item.school_name
    return names


NOTHING: Final = Reported()


def list_change(
    school_list: SchoolList, turn: ListTurn, reported: Reported = NOTHING, names: Names | None = None
) -> ListChange:
    """Return a change of a whole list. names: of its schools, told of an annulment alone."""
    told = names or {} if turn is ListTurn.ANNULLED else {}
    annulled_on = school_list.annulled_on if turn in {ListTurn.ANNULLED, ListTurn.ANNULLED_LATER} else None
    since = annulled_on or school_list.published_on
    assert since is not None  # noqa: S101  both days are of `with_days`, and only lists published once come here
    order = queries.act_of(school_list.cancel_document)
    return change(school_list, turn, order=order, since=since, names=told, reported=reported)


def exclusions(spec: ReportSpec, lists: Iterable[SchoolList], reported: Reported) -> Iterator[ListChange]:
    """Yield the schools of the report that orders had excluded by the day, by list and order. One query."""
    found = ListExclusion.objects.in_force(spec.as_of).filter(
        item__school_list__in=list(lists), item__school__in=queries.scope_schools(spec)
    )
    rows = found.select_related("basis_document", "item__school_list__basis_document").order_by(
        "item__school_list", "excluded_on", "basis_document", "item__school_name", "pk"
    )
    for (school_list, since, order), group in groupby(rows, key=order_of):
        names = {each.item.school_id: each.item.school_name for each in group}
        yield change(
            school_list, ListTurn.EXCLUDED, order=queries.act_of(order), since=since, names=names, reported=reported
        )


def order_of(exclusion: ListExclusion) -> tuple[SchoolList, date, LegalAct]:
    return exclusion.item.school_list, exclusion.excluded_on, exclusion.basis_document


def change(
    school_list: SchoolList, turn: ListTurn, *, order: Act | None, since: date, names: Names, reported: Reported
) -> ListChange:
    kept = {school: name for school, name in names.items() if school in reported.schools}
    return ListChange(
        turn=turn,
        kind=school_list.get_kind_display(),
        year=school_list.year,
        basis=queries.act_of(school_list.basis_document),
        order=order,
        since=since,
        left=tuple(name for school, name in names.items() if school not in kept),
        kept=tuple(kept.values()),
        planned=tuple(name for school, name in kept.items() if school not in reported.listed),
        has_other=reported.has_other(school_list),
    )


def circle_of(spec: ReportSpec, lists: Sequence[SchoolList], schools: Iterable[School]) -> Circle:
    """Return which schools the report adds up. One query."""
    listed = set(queries.held_items(spec, lists).values_list("school_id", flat=True))
    if not listed:
        return Circle.PLANNED
    return Circle.LISTED if all(school.pk in listed for school in schools) else Circle.BOTH
