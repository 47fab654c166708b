"""The conditions on a school itself. Source: domain specification, 1.4."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, Protocol

from schools.identification.counting import Parts, parts_of_year
from schools.identification.evidence import Part, PartState
from schools.identification.results import Case
from schools.identification.rules import Needed, Rules
from schools.identification.terms import Combine, MissingMode, Pooling, Procedure

COUNTED: Final = PartState.COUNTED
NO_PROCEDURES: Final[frozenset[Procedure]] = frozenset()
LEFT_OUT: Final = (PartState.SMALL_N, PartState.DROPPED, PartState.SET_ASIDE)


class OfWork(Protocol):
    """Whatever says which work it is of."""

    @property
    def procedure(self) -> Procedure: ...


class Conditions:
    """One school under the rule: its parts by year, and the conditions as questions.

    low: year -> the parts at the threshold; c1: enough of them in each of the years that the rule requires; repeated:
    procedures that are low year after year; counted: parts of the year that take part; silent_years: years before
    that the rule looks at and that have nothing counted; unusual: places of parts of the year that have more to say
    than their counts; unproven: low parts of the year of which nobody can say whether they are a repeat.
    """

    def __init__(self, case: Case, rules: Rules, year: int) -> None:
        self.case, self.rules, self.year = case, rules, year
        self.now = parts_of_year(case.works, rules, year, case.facts)
        self.years: dict[int, Parts] = {year: self.now}
        for earlier in range(year - 1, year - rules.years, -1):
            self.years[earlier] = parts_of_year(case.works, rules, earlier)
        counted = {each: counted_of(parts.values()) for each, parts in self.years.items()}
        self.low = {each: low_of_counted(parts) for each, parts in counted.items()}
        self.c1 = all(self.has_enough(year - back) for back in range(rules.years_required))
        self.repeated = self._repeated()
        self.counted = counted[year]
        self.counted_in = counted
        self.silent_years = [each for each, parts in counted.items() if each != year and not parts]
        self.unusual = unusual_places(self.now.values())

    def has_enough(self, year: int) -> bool:
        return count_units(self.low_once[year], self.rules) >= self.rules.min_procedures

    @cached_property
    def low_once(self) -> Mapping[int, list[Part]]:
        """Return year -> its low parts but those with works that a later year has counted: no work counts in two.

        Which works a year has counted depends on the participants alone: one more low work never takes a year away.
        """
        if self.rules.pool_small_schools is not Pooling.YEARS:
            return self.low
        taken: dict[Procedure, set[int]] = defaultdict(set)
        once: dict[int, list[Part]] = {}
        for year in sorted(self.years, reverse=True):
            own = [part for part in self.years[year].values() if part.state is COUNTED]
            own = [part for part in own if taken[part.procedure].isdisjoint(part.years)]
            for part in own:
                taken[part.procedure].update(part.years)
            once[year] = low_of_counted(own)
        return once

    def _repeated(self) -> frozenset[Procedure]:
        if not self.rules.repeat_same_procedure or not self.low[self.year]:
            return NO_PROCEDURES
        return frozenset([part.procedure for part in self.low[self.year] if self.is_repeated(part)])

    def is_repeated(self, part: Part) -> bool:
        """Answer whether a low part was low before. Pooled years are no repeat of each other: no work counts twice."""
        newer = part
        for older in self.before(part):
            if older is None or not is_low(older) or not set(newer.years).isdisjoint(older.years):
                return False
            newer = older
        return True

    def before(self, part: Part) -> Iterator[Part | None]:
        """Yield the same procedure in the years that condition 2 asks about, the newest first; None: no result."""
        for year in reversed(self.repeat_before):
            yield self.years[year].get(part.procedure)

    @property
    def repeat_before(self) -> range:
        """Return the years before in which condition 2 looks for the same low work."""
        return range(self.year - self.rules.repeat_years + 1, self.year)

    @cached_property
    def unproven(self) -> list[Part]:
        """Return the low parts of the year that may be a repeat: in no year before are they known to be no low ones.

        Nothing when the rule has no such condition, or when another part makes it hold.
        """
        if self.rules.repeat_asked is None or self.repeated:
            return []
        return [part for part in self.low[self.year] if self.may_have_been_low(part)]

    def may_have_been_low(self, part: Part) -> bool:
        """Answer whether no year before that condition 2 asks about is known to have a good result of the work."""
        return not any(older and is_good(older) for older in self.before(part))

    @property
    def unseen(self) -> list[Part]:
        """Return the works of the year whose low results are not known and that may be a repeat all the same.

        Those that were written, and those that did not come of which the year before has a result: of a work without
        any result, most likely the school has no such grade.
        """
        if not self.unusual or self.repeated or self.rules.repeat_asked is None:
            return []
        if self.rules.missing_mode is MissingMode.TREAT_AS_OK:
            return []
        parts = list(self.now.values())
        unknown = [parts[place] for place in self.unusual if parts[place].state is PartState.NO_DATA]
        known_of = (part for part in unknown if part.is_unmeasured or any(self.before(part)))
        return [part for part in known_of if self.may_have_been_low(part)]

    @cached_property
    def perhaps_repeated(self) -> list[Part]:
        """Return the works of which nobody knows whether they are low year after year."""
        return [*self.unproven, *self.unseen]

    @property
    def has_uncounted_before(self) -> bool:
        """Answer whether some result of the years before is not counted: of nearly all schools none is so."""
        return any(len(parts) > len(self.counted_in[year]) for year, parts in self.years.items() if year != self.year)

    @property
    def c2(self) -> bool:
        return bool(self.repeated)

    @property
    def holds(self) -> bool:
        match self.rules.combine:
            case Combine.ANY:
                return self.c1 or self.c2
            case Combine.ALL:
                return self.c1 and self.c2
            case Combine.C1_ONLY:
                return self.c1
            case Combine.C2_ONLY:
                return self.c2

    @cached_property
    def risky(self) -> list[Part]:
        """The procedures below the threshold whose share lies in the bounds of the risk group.

        Results that were set aside for their markers count here: they are hardly better than they look.
        """
        if self.rules.risk_bounds is None:
            return []
        least, above = self.rules.risk_bounds
        return [part for part in self.now.values() if is_risky(part, least, above)]

    @property
    def is_at_risk(self) -> bool:
        """Answer whether enough shares come near the threshold; where there is no threshold, none does."""
        rule = self.rules.risk_group_rule
        return rule is not None and self.rules.has_own_conditions and len(self.risky) >= rule.min_procedures

    @property
    def is_insufficient(self) -> bool:
        """Answer whether «no» would say more than the data do.

        The works of the year say too little by themselves, or results of the years before are missing that could
        turn it.
        """
        if self.is_open(self.year):
            return True
        return self.rules.missing_mode is MissingMode.NO_DATA and self.could_hold

    @property
    def could_hold(self) -> bool:
        """Answer whether the conditions would hold, were all that is not known of the years before low.

        Where either condition is enough, a repeat that cannot be checked is told and does not make data insufficient.
        """
        first = self.has_enough(self.year) and all(
            self.has_enough(year) or self.is_open(year) for year in self.required_before
        )
        second = self.c2 or bool(self.perhaps_repeated)
        match self.rules.combine:
            case Combine.ALL:
                return first and second
            case Combine.C2_ONLY:
                return second
            case _:
                return first and not self.c1

    @property
    def required_before(self) -> range:
        """Return the years before in which condition 1 must hold as well."""
        return range(self.year - self.rules.years_required + 1, self.year)

    def is_open(self, year: int) -> bool:
        """Answer whether what is counted in a year cannot tell condition 1.

        Fewer works are counted than the condition needs, and with those that are not known it could hold. With
        nothing counted nothing can be told, unless the rule takes a missing result for a good one (`missing_mode`).
        """
        counted = self.counted_in[year]
        if count_units(counted, self.rules) >= self.rules.min_procedures:
            return False
        if not counted and self.rules.missing_mode is MissingMode.NO_DATA:
            return True
        perhaps_low = [*self.low_once[year], *self.unknown_in(year)]
        return count_units(perhaps_low, self.rules) >= self.rules.min_procedures

    def unknown_in(self, year: int) -> Iterator[Part]:
        """Yield the works of a year that nobody knows to be good: left out, or missing though they were held.

        A missing one is known where the rule takes it for a good one.
        """
        parts = self.years[year]
        yield from (part for part in parts.values() if part.state in LEFT_OUT)
        if self.rules.missing_mode is MissingMode.TREAT_AS_OK:
            return
        for procedure in self.rules.procedures:
            part = parts.get(procedure) or Part(procedure, year, PartState.NO_DATA)
            if part.state is PartState.NO_DATA and self.case.facts.expects(procedure, year):
                yield part

    @property
    def open_years(self) -> list[int]:
        """Return the years with something counted, yet too little to tell condition 1; past ones where they decide."""
        asked = self.required_before if self.has_enough(self.year) else [self.year]
        return [year for year in asked if self.counted_in[year] and self.is_open(year)]


def is_good(part: Part) -> bool:
    """Answer whether a result is known to be no low one."""
    return part.state is COUNTED and not is_low(part)


def is_low(part: Part) -> bool:
    """Answer the same as `Part.is_low`, which is asked a million times in a run."""
    return part.state is COUNTED and part.low >= part.needed  # type: ignore[operator]  # counted parts have both


def counted_of(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.state is COUNTED]


def low_of_counted(parts: Iterable[Part]) -> list[Part]:
    """Return those at the threshold."""
    return [part for part in parts if part.low >= part.needed]  # type: ignore[operator]  # counted parts have both


def unusual_places(parts: Iterable[Part]) -> list[int]:
    """Return where parts stand of which more is to be said than their counts; most are ordinary."""
    return [
        place
        for place, (_, _, state, _, _, _, _, _, is_small, markers, pieces) in enumerate(parts)
        if state is not COUNTED or is_small or markers or pieces
    ]


def count_units(parts: Iterable[OfWork], rules: Rules) -> int:
    """Return how many procedures there are, or subjects of a kind of procedure when grades count as one.

    «ВПР РУ 5 и ВПР РУ 6» are one subject; ВПР РУ and ОГЭ РУ stay two, for they are different procedures.
    """
    parts = list(parts)
    if len(parts) < 2:
        return len(parts)
    if rules.count_subject_once:
        return len({part.procedure[:2] for part in parts})
    return len({part.procedure for part in parts})


def is_risky(part: Part, least: Needed, above: Needed) -> bool:
    """Answer whether a share lies in the bounds of the risk group. Counted parts have their counts."""
    if part.state is not COUNTED and part.state is not PartState.SET_ASIDE:
        return False
    low, participants = part.low or 0, part.participants or 0
    return least[participants] <= low < above[participants] and low < (part.needed or 0)
