"""The grounds of a verdict as they are stored, codes with places of parts, and the flags that go with it."""

from collections.abc import Iterable, Iterator, Sequence

from schools.identification.comparison import Comparison
from schools.identification.conditions import Conditions, count_units, is_low
from schools.identification.evidence import Part, PartState
from schools.identification.judgement import Judgement
from schools.identification.listings import Progress
from schools.identification.outcome import Flag, Standing, Verdict
from schools.identification.reasons import Ground, ReasonCode
from schools.identification.rules import Rules
from schools.identification.terms import Procedure
from schools.identification.work_places import behind_of


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
