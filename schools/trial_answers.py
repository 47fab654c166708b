"""Whom a rule that is only tried would put on the list: by its conditions, and by the exit rule. Writes nothing.

A trial answers by the counts of its run wherever the run holds them; what it does not hold is read as it is today.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple
from uuid import UUID

from schools.calculation import LAST_GRADE, LAST_GRADES, Calculation, calculate
from schools.choices import is_named
from schools.identification import (
    Case,
    Identification,
    Part,
    Procedure,
    Rules,
    SchoolFacts,
    Standing,
    Verdict,
    Work,
    judged,
)
from schools.models import IdentificationRun, School, Territory
from schools.quarter_reading import quarters_today
from schools.result_groups import Grid, grid_of, grids_of, held_before
from schools.run_reading import history_start
from schools.what_if import (
    Tally,
    fits_but_for_years,
    is_quick,
    looking_back,
    naming,
    works_of_grid,
    works_of_parts,
)

PORTION: Final = 100
FEW: Final = 2_000  # ids in one query
OF_EARLIER_LISTS: Final = (Standing.STAYS, Standing.HELD, Standing.LEAVES)  # the exit rule has its say of these
Names = dict[UUID, str]


class Answer(NamedTuple):
    """Schools on the list, id -> name. kept: of earlier lists, those that nothing but the exit rule keeps.

    is_of_run: answered by the counts of the run alone. unsettled: of the schools that the run names, those of which the
    rule says neither «yes» nor «no».
    """

    by_conditions: Names
    kept: Names
    is_of_run: bool
    unsettled: Mapping[UUID, Identification]

    @property
    def named(self) -> Names:
        return {**self.by_conditions, **self.kept}


def answer_of(run: IdentificationRun, stored: Rules, tried: Rules, before: Collection[UUID]) -> Answer:
    """Return whom a tried rule would put on the list of a run. stored: the rule of the run; before: whom it names.

    A rule of other works, or one that compares schools, is judged anew by the results of today; and so is a run of an
    earlier portal, which has not kept who was in a list when, and one over schools that others of a list were merged
    into. Raises NothingToIdentify.
    """
    if fits_but_for_years(stored, tried) and (kept := read_run(run, looking_back(tried, stored.years))):
        return answer_of_run(run, stored, tried, kept, before)
    return answer_of_today(calculate(territory=run.territory, year=run.year, rules=tried), before)


def answer_of_run(
    run: IdentificationRun, stored: Rules, tried: Rules, kept: "KeptByRun", before: Collection[UUID]
) -> Answer:
    is_of_run = tried.years <= stored.years
    candidates = kept.candidates
    named = names_in(candidates) if is_of_run else with_older_years(run, stored, tried, candidates)
    unnamed = {pk: school for pk, school in kept.listed.items() if pk not in named}
    outcomes = outcomes_of(unnamed, run, stored, tried) if unnamed else ()
    held = names_in({pk: unnamed[pk] for pk, found in outcomes if is_kept(found)})
    left = [pk for pk in before if pk not in named and pk not in held]
    unsettled = insufficient(outcomes_of(evidence_of(run, left), run, stored, tried)) if left else {}
    return Answer(named, held, is_of_run and not unnamed, unsettled)


def names_in(schools: "Mapping[UUID, Candidate | Listed]") -> Names:
    return {pk: school.name for pk, school in schools.items()}


# What a run has kept


class Candidate(NamedTuple):
    """A school that the conditions of a rule name by the works of the run."""

    name: str
    kind: str
    works: list[Tally]


class Listed(NamedTuple):
    """A school that was in a list before. years: of the results of these lists."""

    name: str
    kind: str
    years: frozenset[int]
    parts: tuple[Part, ...]


class KeptByRun(NamedTuple):
    candidates: dict[UUID, Candidate]
    listed: dict[UUID, Listed]


def read_run(run: IdentificationRun, rules: Rules) -> KeptByRun | None:
    """Return the schools that a rule names by the stored parts, and those of earlier lists; None when what the exit
    rule asks of these has not been kept.

    One query, read on the way: parts are long.
    """
    is_named = naming(rules, run.year)
    kept = KeptByRun({}, {})
    columns = ("school_id", "school__name", "school__kind", "standing", "facts", "parts")
    for pk, name, kind_today, standing, facts, parts in (
        run.verdicts.order_by().values_list(*columns).iterator(chunk_size=PORTION)
    ):
        works, kind = works_of_parts(parts), facts.get("kind", kind_today)
        if is_named(works, kind):
            kept.candidates[pk] = Candidate(name, kind, works)
        if standing in OF_EARLIER_LISTS:
            if "listed" not in facts or "inherited" in facts:  # a run keeps no works of schools merged since
                return None
            evidence = tuple(Part.from_json(part) for part in parts)
            kept.listed[pk] = Listed(name, kind, frozenset(facts["listed"]), evidence)
    return kept


# The conditions


def with_older_years(
    run: IdentificationRun, stored: Rules, rules: Rules, candidates: Mapping[UUID, Candidate]
) -> Names:
    """Return those of the candidates that a rule names with the years that the run did not store, as they are today."""
    first, last = run.year - rules.years + 1, run.year - stored.years
    schools = School.objects.in_territory(run.territory)
    if len(candidates) <= FEW:
        schools = schools.filter(pk__in=list(candidates))
    years = range(first, last + 1)
    older = grids_of(schools, years, rules, quarters_today(run.territory, years, rules))
    is_named = naming(rules, run.year)
    return {
        pk: school.name
        for pk, school in candidates.items()
        if is_named([*school.works, *works_of_grid(older.get(pk, {}))], school.kind)
    }


# The rule itself, school by school


def outcomes_of(
    schools: Mapping[UUID, Listed], run: IdentificationRun, stored: Rules, tried: Rules
) -> Iterator[tuple[UUID, Identification]]:
    """Yield what a tried rule says of schools of a run. Up to three queries.

    The years of the run are judged by its counts, older ones by the results of today.
    """
    start = history_start({pk: school.years for pk, school in schools.items() if school.years}, run.year)
    older_years = range(start - tried.years_read + 1, run.year - stored.years + 1)
    older = older_grids(schools, run.territory, older_years, tried) if older_years else {}
    asked = range(start - tried.years_of_condition + 1, run.year)
    held = held_before(School.objects.in_territory(run.territory), asked, tried) if asked else {}
    cases = [(pk, case_of(school, run.year, older.get(pk, {}), held)) for pk, school in schools.items()]
    return judged(cases, tried, run.year)


def evidence_of(run: IdentificationRun, schools: Collection[UUID]) -> dict[UUID, Listed]:
    """Return schools with what the run has kept of them; their earlier lists are no matter here. One query."""
    verdicts = run.verdicts.order_by()
    rows = verdicts.filter(school__in=list(schools)) if len(schools) <= FEW else verdicts
    columns = ("school_id", "school__name", "school__kind", "facts", "parts")
    wanted = frozenset(schools)
    return {
        pk: Listed(name, facts.get("kind", kind), frozenset(), tuple(Part.from_json(part) for part in parts))
        for pk, name, kind, facts, parts in rows.values_list(*columns).iterator(chunk_size=PORTION)
        if pk in wanted
    }


def insufficient(outcomes: Iterable[tuple[UUID, Identification]]) -> dict[UUID, Identification]:
    return {pk: found for pk, found in outcomes if found.verdict is Verdict.INSUFFICIENT_DATA}


def older_grids(listed: Collection[UUID], territory: Territory, years: range, rules: Rules) -> dict[UUID, Grid]:
    """Return the works of schools in years that the run has not stored, as they are today."""
    quarters = quarters_today(territory, years, rules)
    schools = School.objects.in_territory(territory)
    asked = schools.filter(pk__in=list(listed)) if len(listed) <= FEW else schools
    return grids_of(asked, years, rules, quarters)


def case_of(school: Listed, year: int, older: Grid, held: Mapping[int, Collection[Procedure]]) -> Case:
    """Return a school as the rule sees it: the parts of the run as works, those of years before beside them."""
    works: dict[int, Any] = {**older}
    for part in school.parts:
        if part.participants:
            work = Work(part.participants, part.low, part.source, part.markers)
            works.setdefault(part.year, {})[part.procedure] = work
    facts = SchoolFacts(
        kind=school.kind,
        last_grade=LAST_GRADES.get(school.kind, LAST_GRADE),
        expected={**held, year: {part.procedure for part in school.parts if part.year == year}},
        listed_years=school.years,
    )
    return Case(works, facts)


def is_kept(found: Identification) -> bool:
    return is_named(found.verdict, found.standing)


# All of it by the results of today


def answer_of_today(calculation: Calculation, before: Collection[UUID]) -> Answer:
    """Return whom the rule of a calculation puts on the list.

    Of a quick one only schools are judged that were listed before, or that the run names and the conditions do not.
    """
    named: Names = {}
    if is_quick(calculation.rules):
        named = named_quickly(calculation)
        asked = {*calculation.listed, *calculation.merged, *(pk for pk in before if pk not in named)}
        listed = tuple(school for school in calculation.schools if school.pk in asked)
        calculation = replace(calculation, schools=listed)
    kept: Names = {}
    unsettled: dict[UUID, Identification] = {}
    for school, found in calculation.outcomes:
        if found.verdict is Verdict.SHNOR:
            named[school.pk] = school.name
        elif is_kept(found):
            kept[school.pk] = school.name
        elif found.verdict is Verdict.INSUFFICIENT_DATA and school.pk in before:
            unsettled[school.pk] = found
    return Answer(named, kept, is_of_run=False, unsettled=unsettled)


def named_quickly(calculation: Calculation) -> Names:
    """Return the schools that the conditions name; the rule is a quick one."""
    rules = calculation.rules
    is_named = naming(rules, calculation.year)
    grids = (
        (school, grid_of(calculation.texts.get(school.pk, "[]"), rules, calculation.quarters))
        for school in calculation.schools
    )
    return {school.pk: school.name for school, grid in grids if is_named(works_of_grid(grid), school.kind)}
