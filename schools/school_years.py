"""The years of a school: in which lists it stood, by which orders, and what the rule said of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from schools.choices import LOW_RESULT_LISTS, ListState
from schools.lineage import ending_words, endings_of, read_lineage
from schools.models import School, SchoolListItem, SchoolVerdict


@dataclass(frozen=True, kw_only=True)
class InheritedItem:
    """A list that held a school which this one goes on from. whose: «СОШ № 3, присоединена 01.09.2026»."""

    item: SchoolListItem
    whose: str


@dataclass(frozen=True, kw_only=True)
class SchoolYear:
    """Results of one year. seen: the verdicts of its runs that the person may see, the newest run first.

    items: the lists of the school itself; inherited: those of its former legal persons and of schools merged into it.
    """

    year: int
    items: Sequence[SchoolListItem]
    seen: Sequence[SchoolVerdict]
    inherited: Sequence[InheritedItem] = ()

    @property
    def is_listed(self) -> bool:
        """Answer whether a published list of low results holds the school: no order has excluded it since."""
        published = [item for item in self.items if item.school_list.state == ListState.PUBLISHED]
        return any(item.school_list.kind in LOW_RESULT_LISTS and not item.left for item in published)

    @property
    def grounds(self) -> list[SchoolVerdict]:
        """Return the verdicts of the runs that the lists of the year rest on."""
        runs = {item.school_list.run_id for item in self.items}
        return [verdict for verdict in self.seen if verdict.run_id in runs]

    @property
    def newest_other(self) -> SchoolVerdict | None:
        """Return the verdict of the newest run when no list of the year rests on it."""
        newest = next(iter(self.seen), None)
        return None if newest in self.grounds else newest


def years_of(school: School, user: User) -> list[SchoolYear]:
    """Return the years of a school that a person may see, the newest first.

    Lists that are in force or were once, and the verdicts of all runs over a year that the person sees. Four queries,
    one more for a school that goes on from another one.
    """
    before = read_lineage().listed.get(school.pk, ())
    endings = endings_of(before)
    items: dict[int, list[SchoolListItem]] = defaultdict(list)
    inherited: dict[int, list[InheritedItem]] = defaultdict(list)
    for item in listed_items([school.pk, *before], user):
        year = item.school_list.year
        if item.school_id == school.pk:
            items[year].append(item)
        else:
            whose = f"{item.school_name}, {ending_words(endings[item.school_id])}"
            inherited[year].append(InheritedItem(item=item, whose=whose))
    verdicts: dict[int, list[SchoolVerdict]] = defaultdict(list)
    seen = SchoolVerdict.objects.visible_to(user).with_decision_told(user).filter(school=school)
    for verdict in seen.select_related("run__rule_set").defer("parts").order_by("-run__created_at", "pk"):
        verdicts[verdict.run.year].append(verdict)
    return [
        SchoolYear(year=year, items=items[year], seen=verdicts[year], inherited=inherited[year])
        for year in sorted({*items, *inherited, *verdicts}, reverse=True)
    ]


def listed_items(schools: Sequence[UUID], user: User) -> list[SchoolListItem]:
    """Return the schools in lists that are in force or were once, as far as the person sees them. Two queries."""
    seen = SchoolListItem.objects.visible_to(user)
    frozen = seen.filter(school__in=schools, school_list__published_at__isnull=False)
    acts = frozen.select_related("school_list__basis_document", "school_list__cancel_document").with_exclusions()
    return list(acts.order_by("-school_list__year", "school_list__kind", "pk"))
