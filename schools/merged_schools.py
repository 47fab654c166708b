"""Schools of lists that were merged into others: of the years before that, their own works have their say."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from accounts.russian import short_date
from schools.identification import Rules
from schools.lineage import Lineage, endings_of
from schools.models import School, SchoolSuccession
from schools.result_groups import result_texts

NEW_SCHOOL_YEAR: Final = (9, 1)  # month and day


@dataclass(frozen=True, kw_only=True)
class MergedSchool:
    """A school that was merged. text: its results, as `result_groups` reads them; last_year: see `Merged`."""

    school: School
    ended_on: date
    last_year: int
    text: str

    @property
    def name(self) -> str:
        """Return «СОШ № 3 (с 01.09.2026)»."""
        return f"{self.school} (с {short_date(self.ended_on)})"


def merged_into(
    heirs: Collection[UUID], listed: Collection[UUID], years: range, rules: Rules, lineage: Lineage
) -> dict[UUID, tuple[MergedSchool, ...]]:
    """Return heir -> the listed schools that were merged into it. lineage: of all schools.

    Two queries where there are any; two more when one of them was registered anew before.
    """
    found = {heir: roots for heir in heirs if (roots := listed_roots(heir, listed, lineage))}
    if not found:
        return {}
    every = {root for roots in found.values() for root in roots}
    endings = endings_of({ended for heir in found for ended in lineage.listed[heir]})
    texts = result_texts(School.objects.filter(pk__in=every), years, rules, lineage.of(every))
    return {
        heir: tuple(merged_school(root, heir, endings, lineage, texts.get(root, "[]")) for root in roots)
        for heir, roots in found.items()
    }


def listed_roots(heir: UUID, listed: Collection[UUID], lineage: Lineage) -> tuple[UUID, ...]:
    """Return the listed schools that a school goes on from and never was itself, each under its last legal person."""
    ended = (lineage.now(each) for each in lineage.listed.get(heir, ()))
    return tuple(dict.fromkeys(root for root in ended if root != heir and root in listed))


def merged_school(
    root: UUID, heir: UUID, endings: Mapping[UUID, SchoolSuccession], lineage: Lineage, text: str
) -> MergedSchool:
    """Return a merged school. One that came by another merged one was apart from the heir until that ended as well.

    Of the years in between it has no works: nothing is known of them.
    """
    *_, last = way_to(root, heir, endings, lineage)
    return MergedSchool(
        school=endings[root].predecessor,
        ended_on=endings[root].date,
        last_year=last_year_before(last.date),
        text=text,
    )


def way_to(
    root: UUID, heir: UUID, endings: Mapping[UUID, SchoolSuccession], lineage: Lineage
) -> Iterator[SchoolSuccession]:
    """Yield how a school came to an heir, merger by merger."""
    school = root
    while school != heir and school in endings:
        yield endings[school]
        school = lineage.now(endings[school].successor_id)


def last_year_before(day: date) -> int:
    """Return the last year of results whose school year was over by a day: 2026 for 01.09.2026, 2025 for 31.08.2026."""
    return day.year if (day.month, day.day) >= NEW_SCHOOL_YEAR else day.year - 1
