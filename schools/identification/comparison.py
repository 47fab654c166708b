"""A school against other schools: inside its cluster, or in a ranking of all. Exact: integers and fractions only.

Source: domain specification, 1.2. Whoever stands exactly at the border together with others is named only when all
of them fit under the cut: a tie never makes the list longer than the rule says.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, Self, TypeVar

from schools.identification.evidence import Part, PartState
from schools.identification.results import SchoolFacts
from schools.identification.rules import Rules
from schools.identification.spread import Score, Spread, common, is_behind
from schools.identification.terms import ClusterKey, CutKind, Measure, Procedure, RankingRule, RelativeRule
from schools.identification.work_places import WorkPlace, holds_by_works, places_by_work

Key = TypeVar("Key", bound=Hashable)


class Compared(StrEnum):
    """Why a school was compared or was not."""

    COMPARED = "COMPARED"
    FEW_SCHOOLS = "FEW_SCHOOLS"  # too few to say anything of the lowest of them
    NO_CLUSTER = "NO_CLUSTER"  # something that clusters are made by is not known of the school
    NO_RESULTS = "NO_RESULTS"


class Rank(NamedTuple):
    """A place among schools, 1 is the best. name: code of a procedure or of a group of them."""

    name: str
    place: int
    schools: int


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Where a school stands. schools: that were compared, itself too; tail: how many of them are not better.

    cluster: what they have in common. low, participants: in all counted works of the year. mean: share of the cluster,
    per cent; deviation: standard deviations above it; both for people to read. indicators, groups: of a ranking.
    works: places inside the cluster when works are compared one by one; then place and tail are of no use.
    """

    state: Compared
    holds: bool | None = None
    schools: int = 0
    place: int = 0
    tail: int = 0
    cluster: tuple[str, ...] = ()
    low: int = 0
    participants: int = 0
    mean: float | None = None
    deviation: float | None = None
    indicators: tuple[Rank, ...] = ()
    groups: tuple[Rank, ...] = ()
    works: tuple[WorkPlace, ...] = ()

    @property
    def rank(self) -> int:
        """Return the place of all works together, 1 is the best; the best one of equal schools."""
        return self.schools - self.tail + 1

    def to_json(self) -> dict[str, Any]:
        """Return plain values; of a rule that compares works together nothing is said of each."""
        stored = asdict(self)
        return stored if self.works else {name: value for name, value in stored.items() if name != "works"}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        ranks = {name: tuple(Rank(*rank) for rank in stored[name]) for name in ("indicators", "groups")}
        works = tuple(WorkPlace.from_json(work) for work in stored.get("works", ()))
        state, cluster = Compared(stored["state"]), tuple(stored["cluster"])
        return cls(**{**stored, **ranks, "works": works, "state": state, "cluster": cluster})


class Peer(NamedTuple):
    """What of a school is compared: the scores of its counted works, and its facts."""

    scores: Mapping[Procedure, Score]
    facts: SchoolFacts

    @property
    def total(self) -> Score:
        return sum(low for low, _ in self.scores.values()), sum(number for _, number in self.scores.values())


def scores_of(parts: Iterable[Part]) -> dict[Procedure, Score]:
    return {
        part.procedure: (part.low or 0, part.participants or 0)
        for part in parts
        if part.state is PartState.COUNTED and part.participants
    }


# Inside the cluster


def compare_in_clusters(schools: Mapping[Key, Peer], rule: RelativeRule, rules: Rules) -> dict[Key, Comparison]:
    """Return what each school is among those of its cluster."""
    compared: dict[Key, Comparison] = {}
    clusters: dict[tuple[str, ...], dict[Key, Peer]] = defaultdict(dict)
    for key, school in schools.items():
        cluster = cluster_of(school.facts, rule)
        if cluster is None:
            compared[key] = Comparison(state=Compared.NO_CLUSTER)
        elif not school.scores:
            compared[key] = Comparison(state=Compared.NO_RESULTS, cluster=cluster)
        else:
            clusters[cluster][key] = school
    for cluster, peers in clusters.items():
        if rule.measure is Measure.EACH_WORK:
            compared |= compare_by_works(cluster, peers, rule, rules)
        else:
            compared |= compare(cluster, {key: peer.total for key, peer in peers.items()}, rule)
    return compared


def compare_by_works(
    cluster: tuple[str, ...], peers: Mapping[Key, Peer], rule: RelativeRule, rules: Rules
) -> dict[Key, Comparison]:
    """Compare the schools of one cluster work by work; a school is behind when it is so in enough works."""
    places = places_by_work({key: peer.scores for key, peer in peers.items()}, rule)
    compared: dict[Key, Comparison] = {}
    for key, works in places.items():
        holds = holds_by_works(works, rule, rules)
        low, participants = peers[key].total
        compared[key] = Comparison(
            state=Compared.FEW_SCHOOLS if holds is None else Compared.COMPARED,
            holds=holds,
            schools=len(peers),
            cluster=cluster,
            low=low,
            participants=participants,
            works=works,
        )
    return compared


def cluster_of(facts: SchoolFacts, rule: RelativeRule) -> tuple[str, ...] | None:
    """Return what schools of the cluster have in common, None when something is not known of this one."""
    values = tuple(cluster_value(key, facts, rule) for key in rule.cluster_by)
    return values if all(values) else None


def cluster_value(key: ClusterKey, facts: SchoolFacts, rule: RelativeRule) -> str:
    match key:
        case ClusterKey.KIND:
            return facts.kind
        case ClusterKey.LOCALITY:
            return facts.locality
        case ClusterKey.SIZE:
            return "" if facts.students is None else size_class(facts.students, rule.size_bounds)
        case ClusterKey.SOCIAL:
            return {None: "", True: "ШНСУ", False: "не ШНСУ"}[facts.is_socially_difficult]
        case ClusterKey.ASSIGNED:
            return f"кластер «{facts.cluster}»" if facts.cluster else ""


def size_class(students: int, bounds: tuple[int, ...]) -> str:
    """Return «до 100», «101–300», «более 600» обучающихся."""
    place = bisect_left(bounds, students)
    if not bounds:
        return "любой размер"
    if place == len(bounds):
        return f"более {bounds[-1]}"
    return f"{bounds[place - 1] + 1}–{bounds[place]}" if place else f"до {bounds[0]}"


def compare(cluster: tuple[str, ...], scores: Mapping[Key, Score], rule: RelativeRule) -> dict[Key, Comparison]:
    """Compare the schools of one cluster."""
    values = common(scores)
    ordered = sorted(values.values())
    spread = Spread.of(ordered)
    is_enough = len(ordered) >= rule.min_schools
    mean = 100 * sum(low / number for low, number in scores.values()) / len(scores)
    return {
        key: Comparison(
            state=Compared.COMPARED if is_enough else Compared.FEW_SCHOOLS,
            holds=is_behind(value, ordered, spread, rule) if is_enough else None,
            schools=len(ordered),
            place=bisect_left(ordered, value) + 1,
            tail=len(ordered) - bisect_left(ordered, value),
            cluster=cluster,
            low=scores[key][0],
            participants=scores[key][1],
            mean=round(mean, 4),
            deviation=spread.deviation(value),
        )
        for key, value in values.items()
    }


# In a ranking


def rank_all(schools: Mapping[Key, Peer], rule: RankingRule) -> dict[Key, Comparison]:
    """Return the places of each school by every indicator, by groups of indicators and in total."""
    indicators = ranked_indicators(schools, rule)
    means = {group: means_of(found) for group, found in indicators.items()}
    groups = {group: places(scores, group) for group, scores in means.items()}
    totals = mean_positions(means.values())
    ordered = sorted(totals.values())
    ranked: dict[Key, Comparison] = {}
    for key, school in schools.items():
        if key not in totals:
            ranked[key] = Comparison(state=Compared.NO_RESULTS)
            continue
        ranked[key] = replace(
            in_total(totals[key], ordered, school.total, rule),
            indicators=tuple(found[key].rank for group in indicators.values() for found in group if key in found),
            groups=tuple(ranks[key] for ranks in groups.values() if key in ranks),
        )
    return ranked


def in_total(position: Fraction, ordered: Sequence[Fraction], score: Score, rule: RankingRule) -> Comparison:
    """Return the place of a school among all that are ranked. The best school is never behind, nor one without «2»."""
    low, participants = score
    schools, better = len(ordered), bisect_left(ordered, position)
    is_enough = schools >= rule.min_schools
    is_behind = low > 0 and position > 0 and is_last(schools - better, schools, rule)
    return Comparison(
        state=Compared.COMPARED if is_enough else Compared.FEW_SCHOOLS,
        holds=is_behind if is_enough else None,
        schools=schools,
        place=better + 1,
        tail=schools - better,
        low=low,
        participants=participants,
    )


def places(scores: Mapping[Key, Fraction], name: str) -> dict[Key, Rank]:
    ordered = sorted(scores.values())
    return {key: Rank(name, bisect_left(ordered, score) + 1, len(ordered)) for key, score in scores.items()}


class Position(NamedTuple):
    """A place as a fraction: 0 the best, 1 the worst; schools with the same share have the same one."""

    share: Fraction
    rank: Rank


def ranked_indicators(
    schools: Mapping[Key, Peer],
    rule: RankingRule,
) -> dict[str, list[dict[Key, Position]]]:
    """Return group -> its indicators, each a full ranking of the schools that have it."""
    by_procedure: dict[Procedure, dict[Key, Score]] = defaultdict(dict)
    for key, school in schools.items():
        for procedure, score in school.scores.items():
            by_procedure[procedure][key] = score
    return {
        group: [
            positions(by_procedure[procedure], procedure)
            for procedure in sorted(by_procedure)
            if procedure.kind == group
        ]
        for group in rule.groups
    }


def positions(scores: Mapping[Key, Score], procedure: Procedure) -> dict[Key, Position]:
    """Rank schools by one work; a single school has no place."""
    if len(scores) < 2:
        return {}
    values = common(scores)
    ordered = sorted(values.values())
    name = f"{procedure.kind}-{procedure.subject}-{procedure.grade}"
    found: dict[Key, Position] = {}
    for key, value in values.items():
        better = bisect_left(ordered, value)
        alike = bisect_right(ordered, value) - better - 1
        share = Fraction(2 * better + alike, 2 * (len(ordered) - 1))
        found[key] = Position(share, Rank(name, better + 1, len(ordered)))
    return found


def means_of(indicators: Iterable[Mapping[Key, Position]]) -> dict[Key, Fraction]:
    return mean_positions([{key: position.share for key, position in found.items()} for found in indicators])


def mean_positions(rankings: Iterable[Mapping[Key, Fraction]]) -> dict[Key, Fraction]:
    """Return the mean position of each school over the rankings that have it."""
    gathered: dict[Key, list[Fraction]] = defaultdict(list)
    for ranking in rankings:
        for key, position in ranking.items():
            gathered[key].append(position)
    return {key: sum(found, Fraction(0)) / len(found) for key, found in gathered.items()}


def is_last(tail: int, schools: int, rule: RankingRule) -> bool:
    if rule.cut_kind is CutKind.SCHOOLS:
        return tail <= rule.cut
    return 100 * tail <= Fraction(rule.cut) * schools
