"""Reads the results of a territory and asks the rule about each school. Writes nothing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.russian import short_date
from schools.bulk import Json, few_collections, packed
from schools.choices import ReorganisationKind, SchoolKind, SchoolStatus
from schools.cluster_reading import Clusters, read_clusters
from schools.errors import NothingToIdentify, RuleSetRefused
from schools.fingerprints import fingerprint_of
from schools.identification import (
    FACT_FIELDS,
    Case,
    ClusterKey,
    Fact,
    Identification,
    Merged,
    Procedure,
    Quarters,
    Rules,
    RulesRefused,
    SchoolFacts,
    facts_read,
    judged,
    stored_quarters,
    used_facts,
)
from schools.lineage import Lineage, read_lineage
from schools.merged_schools import MergedSchool, merged_into
from schools.models import School, SchoolListItem, SchoolSuccession, Territory
from schools.quarter_reading import quarters_of_texts, quarters_today
from schools.result_groups import held_before, held_in, result_texts, results_for, rows_of_school, works_of_rows
from schools.social_reading import Conditions, conditions_beside

LAST_GRADES: Final[Mapping[str, int]] = {SchoolKind.PRIMARY: 4, SchoolKind.BASIC: 9}
LAST_GRADE: Final = 11
SCHOOL_COLUMNS: Final = ("name", "kind", "locality", "students", "territory")  # pages that judge need no more

OnSchool = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """The schools of a territory with their results, ready to be judged.

    texts: school -> its results as `result_groups` reads them; older: the same of years that only schools listed
    before are asked about. listed: school -> years of published lists; also of schools that were merged into others,
    merged: heir -> these, with their own results. held: year -> procedures of the rule that any
    school has written, for the years in which a missing work is asked about; held_earlier: the same of older years.
    social: the conditions of the schools; None when the rule does not ask for them. clusters: the version of the set
    that the rule names, None when it names none.
    reorganised: schools with results of the year about which nothing is said, as sentences: they ended, and those that
    they were merged into do not inherit results. quarters: of the scores over the region; None for a rule that looks at
    no scores.
    """

    schools: tuple[School, ...]
    rules: Rules
    year: int
    texts: Mapping[UUID, str]
    older: Mapping[UUID, str]
    listed: Mapping[UUID, frozenset[int]]
    held: Mapping[int, frozenset[Procedure]]
    held_earlier: Mapping[int, frozenset[Procedure]]
    merged: Mapping[UUID, tuple[MergedSchool, ...]] = field(default_factory=dict)
    social: Conditions | None = None
    clusters: Clusters | None = None
    reorganised: tuple[str, ...] = ()
    quarters: Quarters | None = None
    on_school: OnSchool | None = None

    @cached_property
    def facts(self) -> dict[UUID, Json]:
        """Return school -> what the rule takes of it besides results, as it is stored; equal schools share a text."""
        texts = FactTexts(facts_read(self.rules))
        return {school.pk: texts.of(facts) for school, facts in zip(self.schools, self.school_facts, strict=True)}

    @cached_property
    def school_facts(self) -> tuple[SchoolFacts, ...]:
        """Return the facts of the schools, in their order."""
        return tuple(facts_of(school, self) for school in self.schools)

    @cached_property
    def fingerprint(self) -> str:
        """Return what tells runs over the same data: results of all years that were read, and facts of schools.

        Schools of the region that are not judged take part by the quarters of the scores alone.
        """
        older = {school: joined(self.texts.get(school), text) for school, text in self.older.items()}
        held = {f"held {year}": str(sorted(works)) for year, works in self.held_earlier.items()}
        region = {} if self.quarters is None else {"region": packed(stored_quarters(self.quarters))}
        merged = {each.school.pk: each for every in self.merged.values() for each in every}
        apart = {school: each.text for school, each in merged.items()}
        ends = {school: f"{each.last_year}" for school, each in merged.items()}
        return fingerprint_of({**self.texts, **older, **apart, **held, **region}, {**self.facts, **ends})

    @cached_property
    def expected(self) -> dict[int, frozenset[Procedure]]:
        """Return year -> procedures that a school with the grade should have a result of."""
        return {**self.held, **self.held_earlier}

    @property
    def outcomes(self) -> Iterator[tuple[School, Identification]]:
        """Judge the schools, one after another: what they are judged by is never all in memory at once."""
        return judged(Cases(self), self.rules, self.year)


@dataclass(frozen=True)
class Cases:
    """The schools as the rule sees them, made anew at each reading."""

    calculation: Calculation

    def __iter__(self) -> Iterator[tuple[School, Case]]:
        of = self.calculation
        for number, (school, facts) in enumerate(zip(of.schools, of.school_facts, strict=True)):
            if of.on_school:
                of.on_school(number, len(of.schools))
            rows = rows_of_school(of.texts.get(school.pk, "[]"), of.quarters)
            if of.older and school.pk in of.older:
                rows += rows_of_school(of.older[school.pk], of.quarters)
            merged = tuple(merged_of(each, of) for each in of.merged.get(school.pk, ()))
            yield school, Case(works_of_rows(rows, of.rules), facts, merged)


def merged_of(merged: MergedSchool, calculation: Calculation) -> Merged:
    works = works_of_rows(rows_of_school(merged.text, calculation.quarters), calculation.rules)
    case = Case(works, facts_of(merged.school, calculation))
    return Merged(name=merged.name, case=case, last_year=merged.last_year)


class FactTexts(dict[tuple[object, ...], Json]):
    """The texts of facts: few schools differ in what a rule reads."""

    def __init__(self, read: Sequence[Fact]) -> None:
        super().__init__()
        self.read = read

    def of(self, facts: SchoolFacts) -> Json:
        key = tuple([getattr(facts, FACT_FIELDS[fact]) for fact in self.read])
        return self.get(key) or self.setdefault(key, packed(used_facts(facts, self.read)))


def joined(text: str | None, older: str) -> str:
    """Return the rows of two texts as one."""
    return f"{text[:-1]},{older[1:]}" if text else older


def facts_of(school: School, calculation: Calculation) -> SchoolFacts:
    return SchoolFacts(
        kind=school.kind,
        last_grade=LAST_GRADES.get(school.kind, LAST_GRADE),
        expected=calculation.expected,
        locality=school.locality,
        students=school.students,
        listed_years=calculation.listed.get(school.pk, frozenset()),
        inherited_years=frozenset(
            year for each in calculation.merged.get(school.pk, ()) for year in calculation.listed[each.school.pk]
        ),
        is_socially_difficult=calculation.social.hard.get(school.pk) if calculation.social else None,
        cluster=calculation.clusters.labels.get(school.pk) if calculation.clusters else None,
    )


@few_collections()
def calculate(
    *,
    territory: Territory,
    year: int,
    rules: Rules,
    on_school: OnSchool | None = None,
) -> Calculation:
    """Read what the rule needs of the active schools of a territory.

    Five queries, two more for schools listed before, two for such that were merged, one for clusters of the region;
    two more to each reading of results when schools were registered anew, up to two for those that ended with results
    of the year; two or three for a rule that looks at scores and judges less than the region.

    on_school(done, total) is called before each school is judged. Raises NothingToIdentify.
    """
    active = School.objects.in_territory(territory).active()
    schools = tuple(active.only(*SCHOOL_COLUMNS).order_by("name", "pk"))
    if not schools:
        raise NothingToIdentify(f"{territory}: нет действующих школ. Загрузите реестр школ.")
    every = read_lineage()
    lineage = every.of({school.pk for school in schools})
    listed = listed_years(active, year, lineage, every)
    start = history_start(listed, year)
    years = years_of(rules, year, start)
    texts = result_texts(active, years, rules, lineage)
    held = {asked: held_in(texts, asked, rules) for asked in asked_years(rules, year, start) if asked in years}
    if not held[year]:
        raise NothingToIdentify(f"{territory}: за {year} год нет результатов. Загрузите их в разделе «Загрузки».")
    since = range(start - rules.years_read + 1, year + 1)
    merged = merged_into(lineage.listed, listed, since, rules, every)
    return Calculation(
        schools=schools,
        rules=rules,
        year=year,
        texts=texts,
        older=older_texts({*listed, *merged}, years, start, rules, lineage),
        listed=listed,
        merged=merged,
        held=held,
        held_earlier=held_earlier(territory, years, start, rules),
        social=social_of(territory, year, rules),
        clusters=clusters_of(territory, year, rules, lineage),
        reorganised=tuple(reorganised_with_results(territory, year, rules, lineage)),
        quarters=quarters_asked(territory, years, start, texts, rules),
        on_school=on_school,
    )


def social_of(territory: Territory, year: int, rules: Rules) -> Conditions | None:
    """Return the conditions of the schools for a rule that looks at them, by the index that it names."""
    compared = rules.relative_rule is not None and ClusterKey.SOCIAL in rules.relative_rule.cluster_by
    if rules.shnsu_rule is None and not compared:
        return None
    return conditions_beside(territory, year, rules.shnsu_rule.index if rules.shnsu_rule else "")


def clusters_of(territory: Territory, year: int, rules: Rules, lineage: Lineage) -> Clusters | None:
    """Return the clusters that a rule compares schools in, None when it asks for none. Raises NothingToIdentify."""
    relative = rules.relative_rule
    if relative is None or ClusterKey.ASSIGNED not in relative.cluster_by:
        return None
    clusters = read_clusters(relative.cluster_set, territory, year, lineage)
    if clusters is None:
        raise NothingToIdentify(
            f"{territory}: нет набора кластеров {relative.cluster_set} для результатов {year} года, а правило "
            "сравнивает школы по нему. Администратор региона вносит набор на странице «Кластеры региона»."
        )
    return clusters


def read_rules(parameters: Mapping[str, Any]) -> Rules:
    """Return the rule of stored parameters. Raises RuleSetRefused, which a page can show."""
    try:
        return Rules.from_parameters(parameters)
    except RulesRefused as refused:
        raise RuleSetRefused(f"Правило не принято. {refused}") from refused


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


def history_start(listed: Mapping[UUID, frozenset[int]], year: int) -> int:
    """Return the first year that the exit rule asks about: the one after a last list; the year itself without lists."""
    return min((max(years) + 1 for years in listed.values()), default=year)


def years_of(rules: Rules, year: int, start: int) -> range:
    """Return the years to read of all schools: those of a verdict, and of those since `start` when schools compare."""
    first = start if rules.compares_schools else year
    return range(first - rules.years_read + 1, year + 1)


def asked_years(rules: Rules, year: int, start: int) -> range:
    """Return the years in which a missing work may turn a verdict: of the year, and of each since `start`."""
    return range(start - rules.years_of_condition + 1, year + 1)


def held_earlier(territory: Territory, years: range, start: int, rules: Rules) -> dict[int, frozenset[Procedure]]:
    """Return year -> procedures that any school has written, of the asked years before those read of all schools."""
    earlier = range(asked_years(rules, years[-1], start).start, years.start)
    return held_before(School.objects.in_territory(territory), earlier, rules) if earlier else {}


def older_texts(listed: Iterable[UUID], years: range, start: int, rules: Rules, lineage: Lineage) -> dict[UUID, str]:
    """Return the results of the years before these, for schools that were in a list and may be out of it by now."""
    older = range(start - rules.years_read + 1, years.start)
    return result_texts(School.objects.filter(pk__in=list(listed)), older, rules, lineage) if older else {}


def quarters_asked(
    territory: Territory, years: range, start: int, texts: Mapping[UUID, str], rules: Rules
) -> Quarters | None:
    """Return the quarters of the scores for a rule that looks at them: of what was read, when that is the region."""
    if not rules.quarter_kinds:
        return None
    asked = range(min(start - rules.years_read + 1, years.start), years.stop)
    if territory.parent_id is None and asked == years:
        return quarters_of_texts(texts.values(), rules)
    return quarters_today(territory, asked, rules)


def reorganised_with_results(territory: Territory, year: int, rules: Rules, lineage: Lineage) -> Iterator[str]:
    """Yield «СОШ № 3 (с 01.09.2026 — Гимназия № 6)» of each school that ended with works of the rule in a year.

    Not those that go on under another legal person: their results are judged there. lineage: of the judged schools.
    One query while no school of the territory is reorganised.
    """
    ended = School.objects.in_territory(territory).filter(status=SchoolStatus.REORGANISED).order_by("name", "pk")
    names = {pk: name for pk, name in ended.values_list("pk", "name") if pk not in lineage.heirs}
    if not names:
        return
    written = results_for(School.objects.filter(pk__in=list(names)), [year], rules).order_by()
    works = written.values_list("school_id", "procedure", "subject", "grade").distinct()
    unjudged = {row[0] for row in works if Procedure(*row[1:]) in rules.procedures}
    became = became_of(unjudged) if unjudged else {}
    yield from (f"{name}{became.get(school, '')}" for school, name in names.items() if school in unjudged)


def became_of(schools: Collection[UUID]) -> dict[UUID, str]:
    """Return school -> « (с 01.09.2026 — Гимназия № 6)», of those that one other school goes on from. One query."""
    gone = SchoolSuccession.objects.filter(predecessor__in=schools).exclude(kind=ReorganisationKind.SPLIT)
    return {
        row.predecessor_id: f" (с {short_date(row.date)} — {row.successor})" for row in gone.select_related("successor")
    }
