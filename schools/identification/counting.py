"""Which works of a year are counted: small ones, marked ones, pooled ones. Source: specification, 1.3 and 1.4."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from schools.identification.evidence import Part, PartState, Piece
from schools.identification.results import SchoolFacts, Work, Works
from schools.identification.rules import Rules
from schools.identification.terms import POOLED_GRADE, POOLED_YEARS, ObjectivityMode, Pooling, Procedure

Parts = dict[Procedure, Part]
NO_WORKS: Mapping[Procedure, Work] = {}


def parts_of_year(works: Works, rules: Rules, year: int, facts: SchoolFacts | None = None) -> Parts:
    """Return procedure -> part, in the order of the rule. facts: to show the works that the school has missed."""
    here = works.get(year, NO_WORKS)
    parts: Parts = {}
    for procedure in rules.procedures:
        work = here.get(procedure)
        if work is not None:
            parts[procedure] = part_of(procedure, year, work, rules)
        elif facts is not None and facts.expects(procedure, year):
            parts[procedure] = Part(procedure, year, PartState.NO_DATA)
    if rules.pool_small_schools is Pooling.NONE:
        return parts
    pooled = pooled_grades if rules.pool_small_schools is Pooling.GRADES else pooled_years
    return {**parts, **dict(pooled(parts, works, rules, year))}


def part_of(procedure: Procedure, year: int, work: Work, rules: Rules) -> Part:
    participants, low, source, markers, _, pieces = work
    if low is None or not participants:  # nobody wrote: the same as a work that did not come
        return Part(procedure, year, PartState.NO_DATA, participants or None)
    needed = rules.needed[participants]
    state = COUNTED if participants >= rules.min_participants else SMALL_N
    if markers:
        markers = () if rules.objectivity_mode is ObjectivityMode.IGNORE else markers
        state = state_of_marked(state, rules, is_low=low >= needed)
    is_small = participants < rules.small_n_warning
    values = (procedure, year, state, participants, low, needed, source, False, is_small, markers, pieces)
    return new_tuple(Part, values)


COUNTED: Final = PartState.COUNTED  # an attribute of an enumeration is looked for at each reading
SMALL_N: Final = PartState.SMALL_N
new_tuple: Final = tuple.__new__  # a named tuple without its checks, a million times in a run


def state_of_marked(state: PartState, rules: Rules, *, is_low: bool) -> PartState:
    """Say what becomes of a result with a marker of bias: one that is low stays evidence in a separate list too."""
    if state is PartState.SMALL_N:
        return state
    if rules.objectivity_mode is ObjectivityMode.DROP_PROCEDURE:
        return PartState.DROPPED
    if rules.objectivity_mode is ObjectivityMode.SEPARATE_LIST and not is_low:
        return PartState.SET_ASIDE
    return state


# Pooling


def pooled_grades(parts: Parts, _: Works, rules: Rules, year: int) -> Iterator[tuple[Procedure, Part]]:
    """Yield the small grades of each subject as one part, when together they are enough; and what they become."""
    groups: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for procedure, part in parts.items():
        if part.state is PartState.SMALL_N and may_be_pooled(part.markers, rules):
            groups[procedure.kind, procedure.subject].append(part)
    for (kind, subject), group in groups.items():
        whole = added_up(Procedure(kind, subject, POOLED_GRADE), year, group, rules)
        if len(group) > 1 and whole.state is not PartState.SMALL_N:
            yield from ((part.procedure, part._replace(state=PartState.POOLED)) for part in group)
            yield whole.procedure, whole


def pooled_years(parts: Parts, works: Works, rules: Rules, year: int) -> Iterator[tuple[Procedure, Part]]:
    """Yield the small works together with those of the years before, the nearest first, until they are enough."""
    for procedure, part in parts.items():
        if part.state is not PartState.SMALL_N or not may_be_pooled(part.markers, rules):
            continue
        group = [part]
        for earlier in range(year - 1, year - POOLED_YEARS, -1):
            work = works.get(earlier, NO_WORKS).get(procedure)
            if work is None or work.low is None or not may_be_pooled(work.markers, rules):
                continue
            group.append(part_of(procedure, earlier, work, rules))
            whole = added_up(procedure, year, group, rules)
            if whole.state is not PartState.SMALL_N:
                yield procedure, whole
                break


def may_be_pooled(markers: Sequence[str], rules: Rules) -> bool:
    """Answer whether a small work may be added to others: not one whose good marks must not speak for the school."""
    return not markers or rules.objectivity_mode in {ObjectivityMode.IGNORE, ObjectivityMode.FLAG}


def added_up(procedure: Procedure, year: int, group: Sequence[Part], rules: Rules) -> Part:
    """Return works as one part that remembers its pieces."""
    pieces = tuple(piece for part in group for piece in pieces_of(part))
    whole = Work(
        participants=sum(part.participants or 0 for part in group),
        low=sum(part.low or 0 for part in group),
        source=",".join(part.source for part in group if part.source),
        markers=tuple(sorted({marker for part in group for marker in part.markers})),
        pieces=pieces,
    )
    return part_of(procedure, year, whole, rules)


def pieces_of(part: Part) -> tuple[Piece, ...]:
    return part.pieces or (Piece(part.procedure.grade, part.year, "", part.participants or 0, part.low or 0),)
