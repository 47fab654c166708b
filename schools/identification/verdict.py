"""The algorithm: what the rule says of a school, and of all schools together. Source: specification, 1.2 and 1.4."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from typing import Any, Generic, TypeVar

from schools.identification.comparison import Compared, Comparison, Peer, compare_in_clusters, rank_all, scores_of
from schools.identification.conditions import Conditions, count_units, counted_of, is_low, low_of_counted
from schools.identification.evidence import Part, PartState
from schools.identification.listings import Listing, Progress, progress_of
from schools.identification.reasons import Evidence, Ground, Reason, ReasonCode, reasons_of
from schools.identification.results import Case, Merged, Result, SchoolFacts, works_of
from schools.identification.rules import Rules
from schools.identification.terms import ObjectivityMode, Procedure, Use
from schools.identification.trend import Course, Trend, trend_of
from schools.identification.work_places import behind_of

Key = TypeVar("Key", bound=Hashable)


class Verdict(StrEnum):
    SHNOR = "SHNOR"
    RISK_GROUP = "RISK_GROUP"
    CLEAR = "CLEAR"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
    EXCLUDED = "EXCLUDED"  # the rule does not concern schools of this type
    MANUAL = "MANUAL"  # put into the list by a person; the rule itself never says so


class Flag(StrEnum):
    """What a person must know before deciding."""

    SMALL_N = "SMALL_N"  # some procedures were not counted
    SMALL_SAMPLE = "SMALL_SAMPLE"  # the verdict leans on a procedure with few participants
    POOLED = "POOLED"  # small works were added up
    MARKER = "MARKER"
    NO_DATA = "NO_DATA"
    LOW_UNKNOWN = "LOW_UNKNOWN"  # there are results, and nothing tells how many works in them are low
    PREVIOUS_YEAR = "PREVIOUS_YEAR"  # nothing to compare with
    REPEAT_UNKNOWN = "REPEAT_UNKNOWN"  # no repeat is found, and there may be one
    NOT_COMPARED = "NOT_COMPARED"  # the rule compares schools, this one could not be
    SHNSU = "SHNSU"  # difficult social conditions, by the index that the rule names


class Standing(StrEnum):
    """What becomes of a school that was in a list before."""

    ENTERS = "ENTERS"  # named now, in no list before
    STAYS = "STAYS"  # named again
    HELD = "HELD"  # not named, but too few years have passed without conditions
    LEAVES = "LEAVES"
    NONE = ""


@dataclass(frozen=True, kw_only=True)
class Identification:
    """A verdict with everything it was made of.

    parts: all years the rule looked at, the newest first. grounds: the reasons as they are stored. is_marked: it goes
    to the separate list of markers of bias; is_high: to the list of stably high results. clear_years: years without
    conditions in a row, for a school that was in a list.
    """

    verdict: Verdict
    year: int
    c1: bool
    c2: bool
    parts: tuple[Part, ...]
    grounds: tuple[Ground, ...]
    flags: tuple[Flag, ...]
    comparison: Comparison | None = None
    trend: Trend | None = None
    standing: Standing = Standing.NONE
    clear_years: int = 0
    is_marked: bool = False
    is_high: bool = False

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        evidence = Evidence(parts=self.parts, comparison=self.comparison, trend=self.trend)
        return tuple(reasons_of(self.grounds, evidence))

    @cached_property
    def current(self) -> tuple[Part, ...]:
        return tuple([part for part in self.parts if part.year == self.year])

    @cached_property
    def low(self) -> tuple[Part, ...]:
        """Return the procedures of the year that reach the threshold."""
        return tuple(low_of_counted(self.counted))

    @cached_property
    def counted(self) -> tuple[Part, ...]:
        return tuple([part for part in counted_of(self.parts) if part.year == self.year])

    @property
    def repeated(self) -> tuple[Part, ...]:
        return tuple([part for part in self.low if part.is_repeated])

    @property
    def worst(self) -> Part | None:
        """Return the counted procedure of the year with the highest share."""
        return max(self.counted, key=lambda part: part.share or 0, default=None)

    @property
    def details(self) -> dict[str, Any]:
        """Return what is stored besides parts and grounds; nothing for a rule that looks at one school and year."""
        stored = {
            "comparison": self.comparison and self.comparison.to_json(),
            "trend": self.trend and self.trend.to_json(),
            "clear_years": self.clear_years,
        }
        return {name: value for name, value in stored.items() if value}


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


class Judgement:
    """The conditions of a school together with what other schools, or the years, say of it."""

    def __init__(self, conditions: Conditions, comparison: Comparison | None) -> None:
        self.conditions, self.rules, self.comparison = conditions, conditions.rules, comparison
        trend_rule = self.rules.trend_rule
        self.trend = trend_of(conditions, trend_rule) if trend_rule else None
        self.verdict = self._verdict()

    def _verdict(self) -> Verdict:
        conditions = self.conditions
        if conditions.case.facts.kind in self.rules.exclude_types:
            return Verdict.EXCLUDED
        if self.trend:
            return self.verdict_of_trend(self.trend)
        if self.holds:
            return Verdict.SHNOR
        if conditions.is_at_risk:
            return Verdict.RISK_GROUP
        return Verdict.INSUFFICIENT_DATA if self.is_insufficient else Verdict.CLEAR

    def verdict_of_trend(self, trend: Trend) -> Verdict:
        if trend.course is Course.LOW:
            return Verdict.SHNOR
        if trend.course in {Course.RISK, Course.KNOWN_LOW} or self.conditions.is_at_risk:
            return Verdict.RISK_GROUP
        return Verdict.INSUFFICIENT_DATA if self.is_insufficient else Verdict.CLEAR

    @property
    def holds(self) -> bool:
        is_behind = self.comparison is not None and self.comparison.holds is True
        match self.rules.use:
            case None:
                return self.conditions.holds
            case Use.SOLE:
                return is_behind
            case Use.ANY:
                return is_behind or self.conditions.holds
            case Use.ALL:
                return is_behind and self.conditions.holds

    @property
    def is_compared(self) -> bool:
        return self.comparison is not None and self.comparison.state is Compared.COMPARED

    @property
    def is_clear(self) -> bool:
        """Answer whether the conditions are known not to hold; not knowing is not a year without them."""
        return self.verdict in {Verdict.CLEAR, Verdict.RISK_GROUP} and not self.is_insufficient

    @property
    def is_insufficient(self) -> bool:
        """Answer whether «no» would say more than the data do: of the school itself, or of it among others.

        Where years make the lists, the last one tells whether its results are low.
        """
        if self.trend:
            return self.conditions.is_open(self.conditions.year)
        if self.rules.use is Use.SOLE:
            return not self.is_compared
        if self.rules.use is Use.ALL and not self.is_compared:
            return self.conditions.holds or self.conditions.is_insufficient
        return self.conditions.is_insufficient


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


# Grounds


def grounds_of(
    judgement: Judgement, parts: tuple[Part, ...], standing: Standing, progress: Progress
) -> Iterator[Ground]:
    conditions = judgement.conditions
    if judgement.verdict is Verdict.EXCLUDED:
        yield [ReasonCode.EXCLUDED_TYPE, conditions.case.facts.kind]
    yield from standing_grounds(standing, progress, judgement.rules)
    if judgement.trend:
        yield [ReasonCode.TREND, str(judgement.trend.course)]
    if judgement.comparison:
        yield from comparison_grounds(judgement.comparison, judgement.rules)
    if conditions.low[conditions.year]:
        yield from condition_grounds(conditions, parts)
    if judgement.verdict is Verdict.RISK_GROUP:
        yield from ([ReasonCode.RISK, place_of(part, parts)] for part in conditions.risky)
    yield from uncounted_grounds(parts, conditions)
    yield from unknown_grounds(judgement, parts)


def standing_grounds(standing: Standing, progress: Progress, rules: Rules) -> Iterator[Ground]:
    """Yield how far a school that was in a list has come on its way out, and whose list it was when not its own."""
    codes = {Standing.HELD: ReasonCode.STAYS, Standing.LEAVES: ReasonCode.LEAVES}
    if code := codes.get(standing):
        inherited = [list(progress.whose)] if progress.whose else []
        yield [code, progress.clear_years, rules.exit_rule.years_clear, *inherited]


def unknown_grounds(judgement: Judgement, parts: tuple[Part, ...]) -> Iterator[Ground]:
    """Yield what years cannot tell: of condition 1, of low works that may be a repeat, of everything."""
    conditions = judgement.conditions
    yield from few_counted_grounds(judgement)
    perhaps = conditions.perhaps_repeated
    if perhaps and judgement.verdict is not Verdict.SHNOR and not conditions.silent_years:
        yield [ReasonCode.REPEAT_UNKNOWN, [place_of(part, parts) for part in perhaps]]
    yield from ([ReasonCode.PREVIOUS_YEAR, year] for year in conditions.silent_years)


def few_counted_grounds(judgement: Judgement) -> Iterator[Ground]:
    """Yield the years whose works are too few, where that is why the conditions are not known to fail."""
    conditions, rules = judgement.conditions, judgement.rules
    if judgement.verdict in {Verdict.SHNOR, Verdict.EXCLUDED} or not judgement.is_insufficient:
        return
    if rules.has_own_conditions:
        for year in conditions.open_years:
            yield [ReasonCode.FEW_COUNTED, year, count_units(conditions.counted_in[year], rules), rules.min_procedures]


def comparison_grounds(comparison: Comparison, rules: Rules) -> Iterator[Ground]:
    if comparison.holds is None:
        yield [ReasonCode.NOT_COMPARED]
    elif comparison.works and rules.relative_rule:
        behind = count_units(behind_of(comparison.works), rules)
        yield [ReasonCode.RELATIVE_COUNT, comparison.holds, behind, rules.relative_rule.min_procedures]
        yield from ([ReasonCode.RELATIVE_WORK, at] for at, work in enumerate(comparison.works) if work.is_behind)
    else:
        yield [ReasonCode.RANKING if comparison.groups else ReasonCode.RELATIVE, comparison.holds]


def condition_grounds(conditions: Conditions, parts: tuple[Part, ...]) -> Iterator[Ground]:
    """Yield the low procedures of the year, of all required years when the first condition holds; then the repeats."""
    back = conditions.rules.years_required if conditions.c1 else 1
    years = {conditions.year - each for each in range(back)}
    code = ReasonCode.C1 if conditions.c1 else ReasonCode.LOW
    yield from ([code, place] for place, part in enumerate(parts) if part.year in years and is_low(part))
    if conditions.repeated:
        repeated = {conditions.year, *conditions.repeat_before}
        for procedure in conditions.now:
            if procedure in conditions.repeated:
                yield [ReasonCode.C2, places_of(procedure, repeated, parts)]


def places_of(procedure: Procedure, years: set[int], parts: tuple[Part, ...]) -> list[int]:
    """Return the places of a procedure in some years, the earliest first."""
    found = [place for place, part in enumerate(parts) if part.procedure == procedure and part.year in years]
    return found[::-1]


def place_of(part: Part, parts: tuple[Part, ...]) -> int:
    return next(
        place for place, each in enumerate(parts) if each.procedure == part.procedure and each.year == part.year
    )


def uncounted_grounds(parts: tuple[Part, ...], conditions: Conditions) -> Iterator[Ground]:
    """Say which procedures of the year took no part in the verdict, which carry markers, which were added up."""
    small, absent = [], []
    yield from ([ReasonCode.MARKER, place] for place in leaned_on(conditions, parts) if parts[place].markers)
    for place in conditions.unusual:
        part = parts[place]
        if part.markers:
            yield [ReasonCode.MARKER, place]
        if part.state is PartState.SMALL_N:
            small.append(place)
        elif is_absent(part):
            absent.append(place)
        elif is_pooled(part):
            yield [ReasonCode.POOLED, place]
    if small:
        yield [ReasonCode.SMALL_N, conditions.rules.min_participants, small]
    if absent:
        yield [ReasonCode.NO_DATA, absent]
    yield from unmeasured_grounds(conditions, parts)


def unmeasured_grounds(conditions: Conditions, parts: Sequence[Part]) -> Iterator[Ground]:
    """Yield the works with results that do not tell the low ones, by year; those that lack scores apart."""
    by_scores = conditions.rules.quarter_kinds
    found: dict[tuple[int, bool], list[int]] = {}
    for place in unmeasured_places(conditions, parts):
        part = parts[place]
        found.setdefault((part.year, part.procedure.kind in by_scores), []).append(place)
    yield from ([ReasonCode.LOW_UNKNOWN, lacks_scores, places] for (_, lacks_scores), places in found.items())


def unmeasured_places(conditions: Conditions, parts: Sequence[Part]) -> list[int]:
    """Return the places of works of all years with results that do not tell the low ones."""
    older = range(len(conditions.now), len(parts)) if conditions.has_uncounted_before else ()
    return [place for place in (*conditions.unusual, *older) if parts[place].low is None and parts[place].participants]


def leaned_on(conditions: Conditions, parts: Sequence[Part]) -> list[int]:
    """Return the places of low parts of the years before that make a condition hold."""
    first = set(conditions.required_before) if conditions.c1 else set()
    if not first and not conditions.repeated:
        return []
    second = set(conditions.repeat_before)
    return [
        place
        for place, part in enumerate(parts)
        if is_low(part) and (part.year in first or (part.year in second and part.procedure in conditions.repeated))
    ]


def is_pooled(part: Part) -> bool:
    """Answer whether small works were added up in it; a retake of the same work is no pool."""
    return len({(piece.grade, piece.year) for piece in part.pieces}) > 1


def flags_of(judgement: Judgement, parts: Sequence[Part], grounds: Iterable[Ground]) -> tuple[Flag, ...]:
    """Return what is raised, in the order of the flags. Ordinary parts raise nothing."""
    conditions, rules = judgement.conditions, judgement.rules
    raised = flags_of_parts([parts[place] for place in [*conditions.unusual, *leaned_on(conditions, parts)]])
    if any(ground[0] is ReasonCode.LOW_UNKNOWN for ground in grounds):
        raised.append(Flag.LOW_UNKNOWN)
    if conditions.silent_years or conditions.unproven:
        raised.append(Flag.PREVIOUS_YEAR)
    if conditions.perhaps_repeated:
        raised.append(Flag.REPEAT_UNKNOWN)
    if rules.use is not None and not judgement.is_compared:
        raised.append(Flag.NOT_COMPARED)
    if rules.shnsu_rule and conditions.case.facts.is_socially_difficult:
        raised.append(Flag.SHNSU)
    return tuple(raised)


def flags_of_parts(parts: Sequence[Part]) -> list[Flag]:
    if not parts:
        return []
    states = {part.state for part in parts}
    raised = {
        Flag.SMALL_N: PartState.SMALL_N in states,
        Flag.SMALL_SAMPLE: any(part.is_small and is_low(part) for part in parts),
        Flag.POOLED: any(is_pooled(part) for part in parts if part.pieces),
        Flag.MARKER: any(part.markers for part in parts),
        Flag.NO_DATA: PartState.NO_DATA in states and any(is_absent(part) for part in parts),
    }
    return [flag for flag, is_raised in raised.items() if is_raised]


def is_absent(part: Part) -> bool:
    """Answer whether the school could have written a work and has no result of it."""
    return part.state is PartState.NO_DATA and not part.is_unmeasured


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
