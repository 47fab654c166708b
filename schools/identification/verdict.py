"""The algorithm. Source: domain specification, 1.4."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from schools.identification.evidence import Part, PartState
from schools.identification.reasons import (
    Reason,
    ReasonCode,
    excluded_reason,
    previous_year_reason,
    repeat_reason,
    share_reason,
    uncounted_reasons,
)
from schools.identification.rules import (
    Combine,
    MissingMode,
    ObjectivityMode,
    Procedure,
    RiskGroupRule,
    Rules,
    least_count,
)

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
    MARKER = "MARKER"
    NO_DATA = "NO_DATA"
    PREVIOUS_YEAR = "PREVIOUS_YEAR"  # nothing to compare with


@dataclass(frozen=True, kw_only=True)
class Result:
    """Counts of a school in one work. low None: not delivered, the same as no result."""

    kind: str
    subject: str
    grade: int
    year: int
    participants: int
    low: int | None
    markers: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if self.low is not None and not 0 <= self.low <= self.participants:
            raise ValueError(f"{self.low} low works of {self.participants} participants")

    @property
    def procedure(self) -> Procedure:
        return Procedure(kind=self.kind, subject=self.subject, grade=self.grade)


@dataclass(frozen=True, kw_only=True)
class SchoolFacts:
    """What the rule must know of a school besides its results."""

    kind: str = ""
    last_grade: int = 11  # an ООШ has no ЕГЭ to be missed
    expected: Collection[Procedure] | None = None  # procedures held this year; None means all of the rule

    def expects(self, procedure: Procedure) -> bool:
        return procedure.grade <= self.last_grade and (self.expected is None or procedure in self.expected)


@dataclass(frozen=True, kw_only=True)
class Identification:
    """A verdict with everything it was made of. parts: all years the rule looked at, the newest first."""

    verdict: Verdict
    year: int
    c1: bool
    c2: bool
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    flags: tuple[Flag, ...]

    @property
    def current(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.year == self.year)

    @property
    def low(self) -> tuple[Part, ...]:
        """Return the procedures of the year that reach the threshold."""
        return tuple(part for part in self.current if part.is_low)

    @property
    def counted(self) -> tuple[Part, ...]:
        return tuple(part for part in self.current if part.state is PartState.COUNTED)

    @property
    def repeated(self) -> tuple[Part, ...]:
        return tuple(part for part in self.current if part.is_repeated)

    @property
    def worst(self) -> Part | None:
        """Return the counted procedure of the year with the highest share."""
        return max(self.counted, key=lambda part: part.share or 0, default=None)


def identify(results: Iterable[Result], rules: Rules, year: int, school_facts: SchoolFacts) -> Identification:
    """Return what the rule says of one school and why.

    results: of this school, any years and procedures; what the rule does not count is left aside.
    Raises ValueError when a procedure of a year comes twice.
    """
    case = _Case(
        rules=rules,
        year=year,
        facts=school_facts,
        years=_parts_by_year(results, rules, year, school_facts),
    )
    now = [replace(part, is_repeated=key in case.repeated) for key, part in case.now.items()]
    older = [part for each, parts in case.years.items() if each != year for part in parts.values()]
    return Identification(
        verdict=case.verdict,
        year=year,
        c1=case.c1,
        c2=case.c2,
        parts=(*now, *older),
        reasons=tuple(_reasons(case)),
        flags=tuple(_flags(case)),
    )


# Parts


Parts = Mapping[Procedure, Part]


def _parts_by_year(
    results: Iterable[Result],
    rules: Rules,
    year: int,
    school_facts: SchoolFacts,
) -> dict[int, Parts]:
    """Return year -> procedure -> part, the newest year first; procedures without data only in the newest."""
    known: dict[tuple[int, Procedure], Result] = {}
    for result in results:
        if (key := (result.year, result.procedure)) in known:
            raise ValueError(f"{result.procedure} of {result.year} comes twice")
        known[key] = result
    return {
        each: {
            procedure: _part(known.get((each, procedure)), procedure, each, rules)
            for procedure in rules.procedures
            if (each, procedure) in known or (each == year and school_facts.expects(procedure))
        }
        for each in range(year, year - rules.years, -1)
    }


def _part(result: Result | None, procedure: Procedure, year: int, rules: Rules) -> Part:
    if result is None or result.low is None:
        return Part(procedure=procedure, year=year, state=PartState.NO_DATA)
    markers = () if rules.objectivity_mode is ObjectivityMode.IGNORE else result.markers
    state = PartState.COUNTED
    if result.participants < rules.min_participants:
        state = PartState.SMALL_N
    elif markers and rules.objectivity_mode is ObjectivityMode.DROP_PROCEDURE:
        state = PartState.DROPPED
    return Part(
        procedure=procedure,
        year=year,
        state=state,
        participants=result.participants,
        low=result.low,
        needed=rules.least_low(result.participants),
        is_small=result.participants < rules.small_n_warning,
        markers=markers,
        source=result.source,
    )


# Conditions


@dataclass(frozen=True, kw_only=True)
class _Case:
    """One school under the rule: its parts by year, and the conditions as questions."""

    rules: Rules
    year: int
    facts: SchoolFacts
    years: Mapping[int, Parts]

    @property
    def now(self) -> Parts:
        return self.years[self.year]

    @property
    def before(self) -> Parts:
        return self.years.get(self.year - 1, {})

    @cached_property
    def c1(self) -> bool:
        """Enough low procedures in the year, and in each of the years that the rule requires."""
        return all(_count_low(parts, self.rules) >= self.rules.min_procedures for parts in self.required)

    @property
    def required(self) -> list[Parts]:
        return [self.years[self.year - back] for back in range(self.rules.years_required)]

    @cached_property
    def repeated(self) -> frozenset[Procedure]:
        """The procedures that are low in the year and in the year before."""
        if not self.rules.repeat_same_procedure:
            return frozenset()
        return frozenset(key for key, part in self.now.items() if part.is_low and _is_low(self.before.get(key)))

    @property
    def c2(self) -> bool:
        return bool(self.repeated)

    @property
    def holds(self) -> bool:
        return {
            Combine.ANY: self.c1 or self.c2,
            Combine.ALL: self.c1 and self.c2,
            Combine.C1_ONLY: self.c1,
            Combine.C2_ONLY: self.c2,
        }[self.rules.combine]

    @cached_property
    def risky(self) -> list[Part]:
        """The counted procedures below the threshold whose share lies in the bounds of the risk group."""
        return [part for part in self.counted if _is_risky(part, self.rules.risk_group_rule)]

    @property
    def counted(self) -> list[Part]:
        return [part for part in self.now.values() if part.state is PartState.COUNTED]

    @property
    def is_before_silent(self) -> bool:
        """Answer whether the rule looks at the year before and nothing was counted then."""
        return self.rules.years > 1 and not any(part.state is PartState.COUNTED for part in self.before.values())

    @property
    def is_insufficient(self) -> bool:
        """Answer whether «no» would say more than the data do.

        No counted procedure at all; or too few of them because small or biased ones were left out; or the rule
        needs the year before, something is low now, and nothing was counted then. A missing result is not a good
        one unless the rule says so (`missing_mode`).
        """
        left_out = any(part.state in {PartState.SMALL_N, PartState.DROPPED} for part in self.now.values())
        if left_out and len(_units(self.counted, self.rules)) < self.rules.min_procedures:
            return True
        if self.rules.missing_mode is MissingMode.TREAT_AS_OK:
            return False
        needs_before = self.rules.years_required > 1 or self.rules.combine in {Combine.ALL, Combine.C2_ONLY}
        is_low = any(part.is_low for part in self.counted)
        return not self.counted or (needs_before and is_low and self.is_before_silent)

    @cached_property
    def verdict(self) -> Verdict:
        if self.facts.kind in self.rules.exclude_types:
            return Verdict.EXCLUDED
        if self.holds:
            return Verdict.SHNOR
        if self.rules.risk_group_rule and len(self.risky) >= self.rules.risk_group_rule.min_procedures:
            return Verdict.RISK_GROUP
        return Verdict.INSUFFICIENT_DATA if self.is_insufficient else Verdict.CLEAR


def _count_low(parts: Parts, rules: Rules) -> int:
    return len(_units([part for part in parts.values() if part.is_low], rules))


def _units(parts: Iterable[Part], rules: Rules) -> set[Procedure | tuple[str, str]]:
    """Return what is counted: procedures, or subjects of a kind of procedure when grades count as one.

    «ВПР РУ 5 и ВПР РУ 6» are one subject; ВПР РУ and ОГЭ РУ stay two, for they are different procedures.
    """
    if rules.count_subject_once:
        return {(part.procedure.kind, part.procedure.subject) for part in parts}
    return {part.procedure for part in parts}


def _is_low(part: Part | None) -> bool:
    return part is not None and part.is_low


def _is_risky(part: Part, rule: RiskGroupRule | None) -> bool:
    if rule is None or part.is_low or part.low is None or not part.participants:
        return False
    lower = least_count(rule.share_min, part.participants)
    upper = least_count(rule.share_max, part.participants)
    return lower <= part.low < upper


# Words


def _reasons(case: _Case) -> Iterator[Reason]:
    if case.verdict is Verdict.EXCLUDED:
        yield excluded_reason(case.facts.kind)
    code, years = (ReasonCode.C1, case.required) if case.c1 else (ReasonCode.LOW, [case.now])
    yield from (share_reason(code, part) for parts in years for part in parts.values() if part.is_low)
    yield from (repeat_reason(case.before[key], part) for key, part in case.now.items() if key in case.repeated)
    if case.verdict is Verdict.RISK_GROUP:
        yield from (share_reason(ReasonCode.RISK, part) for part in case.risky)
    yield from uncounted_reasons(case.now.values(), case.rules.min_participants)
    if case.is_before_silent:
        yield previous_year_reason(case.year - 1)


def _flags(case: _Case) -> list[Flag]:
    now = case.now.values()
    raised = {
        Flag.SMALL_N: any(part.state is PartState.SMALL_N for part in now),
        Flag.SMALL_SAMPLE: any(part.is_low and part.is_small for part in now),
        Flag.MARKER: any(part.markers for part in now),
        Flag.NO_DATA: any(part.state is PartState.NO_DATA for part in now),
        Flag.PREVIOUS_YEAR: case.is_before_silent,
    }
    return [flag for flag, is_raised in raised.items() if is_raised]


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
