"""The places of a school inside its cluster work by work: each work is an indicator with its own ranking.

Exact: integers and fractions only. Schools with the same share have the same place, the best one of them; the rule of
ties is that of `spread`. Source: domain specification, 1.2.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, Self, TypeVar

from schools.identification.conditions import count_units
from schools.identification.rules import Rules
from schools.identification.spread import Score, Spread, common, is_behind
from schools.identification.terms import Procedure, RelativeRule

Key = TypeVar("Key", bound=Hashable)
Scores = Mapping[Procedure, Score]


class WorkPlace(NamedTuple):
    """One work of a school among the schools of its cluster that have written it.

    place: 1 is the best; tail: schools that are not better, itself too. is_behind None: too few schools to say. mean:
    share of the cluster in hundredths of a per cent, rounded; deviation: hundredths of standard deviations above it,
    digits beyond cut off, None when all are alike. Both are for people to read, the rule looks at neither.
    """

    procedure: Procedure
    low: int
    participants: int
    schools: int
    place: int
    tail: int
    is_behind: bool | None
    mean: int
    deviation: int | None

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        procedure, *rest = stored
        return cls(Procedure(*procedure), *rest)


def places_by_work(schools: Mapping[Key, Scores], rule: RelativeRule) -> dict[Key, tuple[WorkPlace, ...]]:
    """Return the places of each school of a cluster, in the order of its works."""
    by_work: dict[Procedure, dict[Key, Score]] = defaultdict(dict)
    for key, scores in schools.items():
        for procedure, score in scores.items():
            by_work[procedure][key] = score
    ranked = {procedure: places_in(procedure, scores, rule) for procedure, scores in by_work.items()}
    return {key: tuple(ranked[procedure][key] for procedure in scores) for key, scores in schools.items()}


def places_in(procedure: Procedure, scores: Mapping[Key, Score], rule: RelativeRule) -> dict[Key, WorkPlace]:
    """Rank the schools of a cluster by one work."""
    values = common(scores)
    ordered = sorted(values.values())
    spread = Spread.of(ordered)
    is_enough = len(ordered) >= rule.min_schools
    mean = hundredths_of_mean(scores)
    return {
        key: WorkPlace(
            procedure=procedure,
            low=scores[key][0],
            participants=scores[key][1],
            schools=len(ordered),
            place=bisect_left(ordered, value) + 1,
            tail=len(ordered) - bisect_left(ordered, value),
            is_behind=is_behind(value, ordered, spread, rule) if is_enough else None,
            mean=mean,
            deviation=spread.hundredths(value),
        )
        for key, value in values.items()
    }


def hundredths_of_mean(scores: Mapping[Key, Score]) -> int:
    """Return the mean share in hundredths of a per cent, a half rounded up."""
    mean = 10_000 * sum(Fraction(*score) for score in scores.values()) / len(scores)
    return int(mean + Fraction(1, 2))


def holds_by_works(works: Sequence[WorkPlace], rule: RelativeRule, rules: Rules) -> bool | None:
    """Answer whether a school is behind in enough works, counted as condition 1 counts them.

    None: works were left out because too few schools have them, and what is left could never be enough.
    """
    compared = [work for work in works if work.is_behind is not None]
    if len(compared) < len(works) and count_units(compared, rules) < rule.min_procedures:
        return None
    return count_units(behind_of(works), rules) >= rule.min_procedures


def behind_of(works: Sequence[WorkPlace]) -> list[WorkPlace]:
    return [work for work in works if work.is_behind]
