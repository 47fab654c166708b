"""The algorithm: what the rule says of a school, and of all schools together. Source: specification, 1.2 and 1.4."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from schools.identification.comparison import Comparison, Peer, compare_in_clusters, rank_all, scores_of
from schools.identification.conditions import Conditions
from schools.identification.grounds import flags_of, grounds_of
from schools.identification.judgement import Judgement
from schools.identification.listings import Listing, Progress, progress_of
from schools.identification.outcome import Identification, Standing, Verdict
from schools.identification.results import Case, Merged, Result, SchoolFacts, works_of
from schools.identification.rules import Rules
from schools.identification.terms import ObjectivityMode
from schools.identification.trend import Course

Key = TypeVar("Key", bound=Hashable)


# One school


def identify(results: Iterable[Result], rules: Rules, year: int, school_facts: SchoolFacts) -> Identification:
    """Return what the rule says of one school and why.

    results: of this school, any years and procedures; what the rule does not count is left aside. A rule that compares
    schools needs `judge`: here the school is alone, so nothing is said of it.
    Raises ValueError when a procedure of a year comes twice.
    """
    ((_, identification),) = judged([(None, Case(works_of(results), school_facts))], rules, year)
    return identification


# All schools


def judge(cases: Mapping[Key, Case], rules: Rules, year: int) -> dict[Key, Identification]:
    """Return what the rule says of each school, and why. What one school gets never depends on their order."""
    return dict(judged(cases.items(), rules, year))


def judged(cases: Iterable[tuple[Key, Case]], rules: Rules, year: int) -> Iterator[tuple[Key, Identification]]:
    """Yield the same one by one. Cases are read through once, unless the rule compares schools with each other."""
    if rules.compares_schools:
        cases = list(cases)
    comparisons = compare_all(cases, rules, year)
    earlier = earlier_comparisons(cases, rules, year)
    for key, case in cases:
        conditions = Conditions(case, rules, year)
        judgement = Judgement(conditions, comparisons.get(key) if comparisons else None)
        compared = {past: each.get(key) for past, each in earlier.items()}
        yield key, identification_of(judgement, tuple(listings_of(judgement, compared)))


def compare_all(cases: Iterable[tuple[Key, Case]], rules: Rules, year: int) -> dict[Key, Comparison]:
    """Return where schools stand among others; nothing when the rule does not ask."""
    if not rules.compares_schools:
        return {}
    peers = {
        key: Peer(scores_of(Conditions(case, rules, year).now.values()), case.facts)
        for key, case in cases
        if case.facts.kind not in rules.exclude_types
    }
    if rules.relative_rule:
        return compare_in_clusters(peers, rules.relative_rule, rules)
    return rank_all(peers, rules.ranking_rule) if rules.ranking_rule else {}


def earlier_comparisons(cases: Iterable[tuple[Key, Case]], rules: Rules, year: int) -> dict[int, dict[Key, Comparison]]:
    """Return where schools stood in the years since the lists that the exit rule asks about; {} when it compares none.

    A school that was merged is no longer among them: nothing is known of it among others.
    """
    if not rules.compares_schools:
        return {}
    facts = (each.facts for _, case in cases for each in (case, *(merged.case for merged in case.merged)))
    listed = [last for each in facts if (last := each.last_listed(year)) is not None]
    years = range(min(listed) + 1, year) if listed else ()
    return {past: compare_all(cases, rules, past) for past in years}


# The way out of a list


def listings_of(judgement: Judgement, compared: Mapping[int, Comparison | None]) -> Iterator[Listing]:
    """Yield the last list of the school, and that of each school merged into it. compared: year before -> its place.

    Until a merger the years are judged by the works of the school that was in the list, then by those of the heir.
    """
    conditions, rules = judgement.conditions, judgement.rules
    case, year = conditions.case, conditions.year

    def is_own_clear(past: int) -> bool:
        return (judgement if past == year else judged_in(past, case, rules, compared.get(past))).is_clear

    def is_clear_with(merged: Merged, past: int) -> bool:
        return judged_in(past, merged.case, rules).is_clear if merged.is_apart(past) else is_own_clear(past)

    if (last := case.facts.last_listed(year)) is not None:
        yield Listing("", last, is_own_clear)
    for merged in case.merged:
        if (last := merged.case.facts.last_listed(year)) is not None:
            yield Listing(merged.name, last, partial(is_clear_with, merged))


def judged_in(year: int, case: Case, rules: Rules, comparison: Comparison | None = None) -> Judgement:
    """Return what the rule says of a year; without a comparison that it asks for nothing is known."""
    return Judgement(Conditions(case, rules, year), comparison)


def identification_of(judgement: Judgement, listings: Sequence[Listing]) -> Identification:
    """Put a verdict and its evidence together. listings: the last lists before, none for a school never listed."""
    conditions, verdict = judgement.conditions, judgement.verdict
    repeated = conditions.repeated
    now = list(conditions.now.values())
    if repeated:
        now = [part._replace(is_repeated=True) if part.procedure in repeated else part for part in now]
    older = [part for year, parts in conditions.years.items() if year != conditions.year for part in parts.values()]
    parts = (*now, *older)
    standing, progress = standing_of(judgement, listings)
    grounds = tuple(grounds_of(judgement, parts, standing, progress))
    trend = judgement.trend
    return Identification(
        verdict=verdict,
        year=conditions.year,
        c1=conditions.c1,
        c2=conditions.c2,
        parts=parts,
        grounds=grounds,
        flags=flags_of(judgement, parts, grounds),
        comparison=judgement.comparison,
        trend=trend,
        standing=standing,
        clear_years=progress.clear_years,
        is_marked=verdict is not Verdict.EXCLUDED and is_marked(conditions),
        is_high=trend is not None and trend.course is Course.HIGH and verdict is Verdict.CLEAR,
    )


def is_marked(conditions: Conditions) -> bool:
    """Answer whether results of the year go to the separate list of markers of bias."""
    if conditions.rules.objectivity_mode is not ObjectivityMode.SEPARATE_LIST:
        return False
    return any(part.markers for part in conditions.now.values())


def standing_of(judgement: Judgement, listings: Sequence[Listing]) -> tuple[Standing, Progress]:
    """Return what becomes of the school in the lists, and how far it has come on its way out of them."""
    verdict, enough = judgement.verdict, judgement.rules.exit_rule.years_clear
    if verdict is Verdict.EXCLUDED:
        return Standing.NONE, Progress()
    progress = progress_of(listings, judgement.conditions.year, enough)
    if progress is None:
        return (Standing.ENTERS if verdict is Verdict.SHNOR else Standing.NONE), Progress()
    if verdict is Verdict.SHNOR:
        return Standing.STAYS, Progress()
    return (Standing.LEAVES if progress.clear_years >= enough else Standing.HELD), progress


# Comparing two calculations


@dataclass(frozen=True, kw_only=True)
class Difference(Generic[Key]):
    entered: frozenset[Key]
    left: frozenset[Key]

    def __bool__(self) -> bool:
        return bool(self.entered or self.left)


def difference(before: Iterable[Key], after: Iterable[Key]) -> Difference[Key]:
    """Return which schools a new calculation adds to a list and which it takes away."""
    old, new = frozenset(before), frozenset(after)
    return Difference(entered=new - old, left=old - new)
