"""The results of a territory and what the rule says of each school. Writes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from schools.bulk import Json, few_collections, packed
from schools.choices import SchoolKind
from schools.cluster_reading import Clusters
from schools.errors import NothingToIdentify, RuleSetRefused
from schools.fingerprints import fingerprint_of
from schools.identification import (
    FACT_FIELDS,
    Case,
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
from schools.merged_schools import MergedSchool
from schools.models import School, Territory
from schools.result_groups import rows_of_school, works_of_rows
from schools.run_reading import asked_of, schools_in
from schools.social_reading import Conditions

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
    schools = tuple(schools_in(territory).only(*SCHOOL_COLUMNS).order_by("name", "pk"))
    if not schools:
        raise NothingToIdentify(f"{territory}: нет действующих школ. Загрузите реестр школ.")
    asked = asked_of(territory, year, rules, schools)
    texts = asked.texts()
    held = asked.held(texts)
    if not held[year]:
        raise NothingToIdentify(f"{territory}: за {year} год нет результатов. Загрузите их в разделе «Загрузки».")
    merged = asked.merged()
    return Calculation(
        schools=schools,
        rules=rules,
        year=year,
        texts=texts,
        older=asked.older_texts(merged),
        listed=asked.listed,
        merged=merged,
        held=held,
        held_earlier=asked.held_earlier(),
        social=asked.social(),
        clusters=asked.clusters(),
        reorganised=tuple(asked.reorganised()),
        quarters=asked.quarters(texts),
        on_school=on_school,
    )


def read_rules(parameters: Mapping[str, Any]) -> Rules:
    """Return the rule of stored parameters. Raises RuleSetRefused, which a page can show."""
    try:
        return Rules.from_parameters(parameters)
    except RulesRefused as refused:
        raise RuleSetRefused(f"Правило не принято. {refused}") from refused
