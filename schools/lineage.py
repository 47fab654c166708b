"""Whom schools go on from: the one place that says whose results and whose years in lists are theirs.

A school registered anew is the same school under another legal person: results and lists of the former one are its own.
Of a school that was merged into it, or a branch that joined it, it inherits the years in lists and never results: that
school was taught apart, the works of two schools are not added into one. A part that was split off inherits nothing.

Source: domain specification, 9.2 (18): mergers of schools keep series.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeVar
from uuid import UUID

from accounts.russian import short_date
from schools.choices import ReorganisationKind
from schools.models import SchoolSuccession


class Written(Protocol):
    """A row of results."""

    @property
    def school_id(self) -> Any: ...


W = TypeVar("W", bound=Written)
Edges = Mapping[UUID, list[UUID]]  # successor -> predecessors


@dataclass(frozen=True)
class Lineage:
    """former: school -> itself under its former legal persons, the nearest first. listed: school -> those whose years
    in lists it inherits, the former ones too.
    """

    former: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    listed: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)

    def of(self, schools: Collection[UUID]) -> "Lineage":
        """Return that of some schools alone."""
        return Lineage(
            {school: former for school, former in self.former.items() if school in schools},
            {school: listed for school, listed in self.listed.items() if school in schools},
        )

    @cached_property
    def heirs(self) -> dict[UUID, UUID]:
        """Return former legal person -> the school as it is now: the one with the longest past."""
        by_past = sorted(self.former.items(), key=lambda pair: len(pair[1]))
        return {person: school for school, former in by_past for person in former}

    @cached_property
    def list_heirs(self) -> dict[UUID, list[UUID]]:
        """Return a school that ended -> those that inherit its years in lists."""
        found: dict[UUID, list[UUID]] = defaultdict(list)
        for school, ended in self.listed.items():
            for each in ended:
                found[each].append(school)
        return found

    def now(self, school: UUID) -> UUID:
        """Return the school that goes on under another legal person, else the school itself."""
        return self.heirs.get(school, school)

    def with_former(self, schools: Iterable[UUID]) -> list[UUID]:
        """Return schools and their former legal persons."""
        asked = list(schools)
        return [*asked, *(person for school in asked for person in self.former.get(school, ()))]


def read_lineage() -> Lineage:
    """Return the lineage of every school that goes on from another one. One query."""
    rows = SchoolSuccession.objects.exclude(kind=ReorganisationKind.SPLIT).order_by("-date", "pk")
    same, every = defaultdict[UUID, list[UUID]](list), defaultdict[UUID, list[UUID]](list)
    for predecessor, successor, kind in rows.values_list("predecessor_id", "successor_id", "kind"):
        every[successor].append(predecessor)
        if kind == ReorganisationKind.NEW_ENTITY:
            same[successor].append(predecessor)
    return Lineage({school: past(school, same) for school in same}, {school: past(school, every) for school in every})


def endings_of(schools: Collection[UUID]) -> dict[UUID, SchoolSuccession]:
    """Return a school that ended -> how and when another one went on in its place. One query, none for no schools."""
    if not schools:
        return {}
    rows = SchoolSuccession.objects.filter(predecessor__in=schools).exclude(kind=ReorganisationKind.SPLIT)
    return {row.predecessor_id: row for row in rows.select_related("predecessor").order_by("-date", "pk")}


def ending_words(row: SchoolSuccession) -> str:
    """Return «присоединена 01.09.2026», «прежнее юридическое лицо до 01.09.2026»."""
    day = short_date(row.date)
    return f"прежнее юридическое лицо до {day}" if row.kind == ReorganisationKind.NEW_ENTITY else f"присоединена {day}"


def past(school: UUID, edges: Edges) -> tuple[UUID, ...]:
    """Return all that a school goes on from, the nearest first, each once."""
    found, asked = dict[UUID, None](), [school]
    for each in asked:
        before = [one for one in edges.get(each, ()) if one not in found and one != school]
        found |= dict.fromkeys(before)
        asked += before
    return tuple(found)


def of_one_person(rows: Iterable[W], order: Collection[UUID]) -> list[W]:
    """Return of the rows of one work those of the first school in an order that has any: never two together."""
    by_school: dict[Any, list[W]] = defaultdict(list)
    for row in rows:
        by_school[row.school_id].append(row)
    return next((by_school[school] for school in order if school in by_school), [])
