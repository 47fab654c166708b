"""What a run asks the database about the schools of a territory, and of which years. Writes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.russian import short_date
from schools.choices import ReorganisationKind, SchoolStatus
from schools.cluster_reading import Clusters, read_clusters
from schools.errors import NothingToIdentify
from schools.identification import ClusterKey, Procedure, Quarters, Rules
from schools.lineage import Lineage, read_lineage
from schools.merged_schools import MergedSchool, merged_into
from schools.models import School, SchoolListItem, SchoolSuccession, Territory
from schools.quarter_reading import quarters_of_texts, quarters_today
from schools.result_groups import held_before, held_in, result_texts, results_for
from schools.social_reading import Conditions, conditions_beside


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The questions of a run. Each method asks anew: one query, or as many as it says.

    listed: school -> earlier years of results whose lists named it (`listed_years`). lineage: of the schools of the
    territory alone; every: of all schools.
    """

    territory: Territory
    year: int
    rules: Rules
    listed: Mapping[UUID, frozenset[int]]
    lineage: Lineage
    every: Lineage

    @cached_property
    def start(self) -> int:
        """Return the first year that the exit rule asks about."""
        return history_start(self.listed, self.year)

    @cached_property
    def first_read(self) -> int:
        """Return the first year that any school is judged by."""
        return self.start - self.rules.years_read + 1

    @cached_property
    def years(self) -> range:
        """Return the years to read of all schools: of a verdict, and of those since `start` when schools compare."""
        first = self.start if self.rules.compares_schools else self.year
        return range(first - self.rules.years_read + 1, self.year + 1)

    @cached_property
    def open_years(self) -> range:
        """Return the years in which a missing work may turn a verdict: of the year, and of each since `start`."""
        return range(self.start - self.rules.years_of_condition + 1, self.year + 1)

    def texts(self) -> dict[UUID, str]:
        """Return school -> its results of `years`. Queries: see `result_texts`."""
        return result_texts(schools_in(self.territory), self.years, self.rules, self.lineage)

    def older_texts(self, merged: Iterable[UUID]) -> dict[UUID, str]:
        """Return the results of the years before these, for schools that were in a list and may be out of it by now.

        merged: schools that others of a list were merged into.
        """
        older = range(self.first_read, self.years.start)
        schools = School.objects.filter(pk__in={*self.listed, *merged})
        return result_texts(schools, older, self.rules, self.lineage) if older else {}

    def held(self, texts: Mapping[UUID, str]) -> dict[int, frozenset[Procedure]]:
        """Return year -> procedures that any of these schools has written, of the open years. No query."""
        return {year: held_in(texts, year, self.rules) for year in self.open_years if year in self.years}

    def held_earlier(self) -> dict[int, frozenset[Procedure]]:
        """Return year -> procedures that any school has written, of the open years before those read of all schools."""
        earlier = range(self.open_years.start, self.years.start)
        return held_before(School.objects.in_territory(self.territory), earlier, self.rules) if earlier else {}

    def merged(self) -> dict[UUID, tuple[MergedSchool, ...]]:
        """Return heir -> the listed schools that were merged into it, with their works. Queries: see `merged_into`."""
        years = range(self.first_read, self.year + 1)
        return merged_into(self.lineage.listed, self.listed, years, self.rules, self.every)

    def quarters(self, texts: Mapping[UUID, str]) -> Quarters | None:
        """Return the quarters of the scores for a rule that looks at them: of what was read, when that is the region.

        texts: as read of `years`. Two or three queries otherwise.
        """
        if not self.rules.quarter_kinds:
            return None
        asked = range(min(self.first_read, self.years.start), self.years.stop)
        if self.territory.parent_id is None and asked == self.years:
            return quarters_of_texts(texts.values(), self.rules)
        return quarters_today(self.territory, asked, self.rules)

    def social(self) -> Conditions | None:
        """Return the conditions of the schools for a rule that looks at them, by the index that it names."""
        rules = self.rules
        compared = rules.relative_rule is not None and ClusterKey.SOCIAL in rules.relative_rule.cluster_by
        if rules.shnsu_rule is None and not compared:
            return None
        return conditions_beside(self.territory, self.year, rules.shnsu_rule.index if rules.shnsu_rule else "")

    def clusters(self) -> Clusters | None:
        """Return the clusters that the rule compares in, None when it asks for none. Raises NothingToIdentify."""
        relative = self.rules.relative_rule
        if relative is None or ClusterKey.ASSIGNED not in relative.cluster_by:
            return None
        clusters = read_clusters(relative.cluster_set, self.territory, self.year, self.lineage)
        if clusters is None:
            raise NothingToIdentify(
                f"{self.territory}: нет набора кластеров {relative.cluster_set} для результатов {self.year} года, "
                "а правило сравнивает школы по нему. Администратор региона вносит набор на странице «Кластеры региона»."
            )
        return clusters

    def reorganised(self) -> Iterator[str]:
        """Yield «СОШ № 3 (с 01.09.2026 — Гимназия № 6)» of each school that ended with works of the rule in the year.

        Not those that go on under another legal person: their results are judged there. One query while no school of
        the territory is reorganised, up to three otherwise.
        """
        ended = School.objects.in_territory(self.territory).filter(status=SchoolStatus.REORGANISED)
        rows = ended.order_by("name", "pk").values_list("pk", "name")
        names = {pk: name for pk, name in rows if pk not in self.lineage.heirs}
        unjudged = self.with_works(names) if names else frozenset()
        became = became_of(unjudged) if unjudged else {}
        yield from (f"{name}{became.get(school, '')}" for school, name in names.items() if school in unjudged)

    def with_works(self, schools: Iterable[UUID]) -> frozenset[UUID]:
        """Return the schools that have written a work of the rule in the year. One query."""
        written = results_for(School.objects.filter(pk__in=list(schools)), [self.year], self.rules).order_by()
        works = written.values_list("school_id", "procedure", "subject", "grade").distinct()
        return frozenset(row[0] for row in works if Procedure(*row[1:]) in self.rules.procedures)


def schools_in(territory: Territory) -> QuerySet[School]:
    """Return the schools that a run judges: the active ones."""
    return School.objects.in_territory(territory).active()


def asked_of(territory: Territory, year: int, rules: Rules, schools: Iterable[School]) -> Asked:
    """Return what a run asks about the schools of a territory. Two queries."""
    every = read_lineage()
    lineage = every.of({school.pk for school in schools})
    return Asked(
        territory=territory,
        year=year,
        rules=rules,
        listed=listed_years(schools_in(territory), year, lineage, every),
        lineage=lineage,
        every=every,
    )


def listed_years(schools: QuerySet[School], year: int, lineage: Lineage, every: Lineage) -> dict[UUID, frozenset[int]]:
    """Return school -> earlier years of results whose published lists of low results named it.

    Of these schools and of those that they go on from, each under its last legal person. Also one that an order has
    excluded since: it was in the list, and the exit rule asks no more. lineage: of these schools alone; every: of all.
    """
    ended = list(lineage.list_heirs)
    of_schools = Q(school__in=schools.order_by().values("pk"))
    named = SchoolListItem.objects.published().of_low_results().filter(school_list__year__lt=year)
    items = named.filter(of_schools | Q(school__in=ended) if ended else of_schools)
    years: dict[UUID, set[int]] = defaultdict(set)
    for school, listed in items.order_by().values_list("school", "school_list__year"):
        years[every.now(school)].add(listed)
    return {school: frozenset(found) for school, found in years.items()}


def history_start(listed: Mapping[UUID, Collection[int]], year: int) -> int:
    """Return the first year that the exit rule asks about: the one after a last list; the year itself without lists."""
    return min((max(years) + 1 for years in listed.values()), default=year)


def became_of(schools: Collection[UUID]) -> dict[UUID, str]:
    """Return school -> « (с 01.09.2026 — Гимназия № 6)», of those that one other school goes on from. One query."""
    gone = SchoolSuccession.objects.filter(predecessor__in=schools).exclude(kind=ReorganisationKind.SPLIT)
    return {
        row.predecessor_id: f" (с {short_date(row.date)} — {row.successor})" for row in gone.select_related("successor")
    }
