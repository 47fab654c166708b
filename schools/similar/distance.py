"""How far two schools are from each other by their inputs, and which are the nearest. Results take no part.

A mean of differences by feature, each 0..1, weighted; what is not known of either school is left out and the weights of
the rest are brought to 1. With too little known there is no distance at all.
"""

import heapq
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import log
from typing import Generic, TypeVar

from schools.similar.settings import Feature, FeatureKind, MentorLimits, Similarity

Key = TypeVar("Key", bound=Hashable)
Inputs = Mapping[str, float | str | None]  # code of a feature -> value, None for not known


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One feature of a pair. value: 0 alike, 1 wholly unlike, None not known of one of them."""

    feature: Feature
    own: float | str | None
    other: float | str | None
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Neighbour(Generic[Key]):
    """A school at its distance, 0..1, with the weight of what was known of the pair."""

    key: Key
    distance: float
    known_weight: float


def differences(own: Inputs, other: Inputs, features: Iterable[Feature]) -> list[Difference]:
    """Return every feature of a pair: the evidence of its distance."""
    return [
        Difference(
            feature=feature,
            own=own.get(feature.code),
            other=other.get(feature.code),
            value=difference_of(own.get(feature.code), other.get(feature.code), feature),
        )
        for feature in features
    ]


def difference_of(own: float | str | None, other: float | str | None, feature: Feature) -> float | None:
    if own is None or other is None:
        return None
    if feature.kind is FeatureKind.SAME:
        return float(own != other)
    first, second = float(own), float(other)
    if feature.kind is FeatureKind.DIFFERENCE:
        return min(abs(first - second) / feature.span, 1.0)
    if first <= 0 or second <= 0:
        return None  # no ratio to nothing
    return min(abs(log(first) - log(second)) / log(feature.span), 1.0)


def distance_of(own: Inputs, other: Inputs, similarity: Similarity) -> tuple[float, float] | None:
    """Return distance and known weight of a pair; None when too little is known of it."""
    total = known = 0.0
    for feature in similarity.features:
        value = difference_of(own.get(feature.code), other.get(feature.code), feature)
        if value is not None:
            total += feature.weight * value
            known += feature.weight
    return None if known < similarity.known_weight_min - 1e-9 else (total / known, known)


def neighbours(
    own: Inputs,
    others: Mapping[Key, Inputs],
    similarity: Similarity,
    *,
    amount: int,
    farthest: float,
) -> list[Neighbour[Key]]:
    """Return the nearest schools within a distance, the nearest first. One pass over the others.

    Equal distances stand in the order of the others.
    """
    found = (
        (pair[0], place, Neighbour(key=key, distance=pair[0], known_weight=pair[1]))
        for place, (key, inputs) in enumerate(others.items())
        if (pair := distance_of(own, inputs, similarity)) and pair[0] <= farthest
    )
    return [neighbour for _, _, neighbour in heapq.nsmallest(amount, found, key=lambda entry: entry[:2])]


# Mentors


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Low works and participants over the compared works of a year."""

    low: int
    participants: int

    @property
    def percent(self) -> Fraction | None:
        return Fraction(100 * self.low, self.participants) if self.participants else None


@dataclass(frozen=True, kw_only=True)
class Candidate(Generic[Key]):
    """A school that could mentor. is_near: of the same municipality; mentored: schools that it mentors already."""

    key: Key
    distance: float
    outcome: Outcome
    is_near: bool
    mentored: int = 0
    is_listed: bool = False  # in a list of mentor schools
    is_barred: bool = False  # in a list of low results, or of results that are hardly objective

    def better_by(self, own: Outcome) -> Fraction | None:
        """Return by how many percentage points its share of low works is smaller."""
        if own.percent is None or self.outcome.percent is None:
            return None
        return own.percent - self.outcome.percent


def mentors(own: Outcome, candidates: Iterable[Candidate[Key]], limits: MentorLimits) -> list[Candidate[Key]]:
    """Return who could mentor: better results, inputs alike, not overloaded; the listed, the near, the alike first.

    Better than a very low school is not good: whom a list of low results holds needs help itself.
    Results decide only here, never in what is similar.
    """
    fit = [each for each in candidates if may_mentor(each, own, limits)]
    fit.sort(key=lambda each: (not each.is_listed, not each.is_near, each.distance))
    return fit[: limits.shown]


def may_mentor(candidate: Candidate[Key], own: Outcome, limits: MentorLimits) -> bool:
    better = candidate.better_by(own)
    return (
        better is not None
        and not candidate.is_barred
        and better >= Fraction(limits.points_better)
        and candidate.outcome.participants >= limits.participants_min
        and candidate.distance <= limits.farthest
        and candidate.mentored < limits.mentored_max
    )


def pooled(outcomes: Iterable[Outcome]) -> Outcome:
    """Return a group as one: counts added up, never shares averaged."""
    every: Sequence[Outcome] = list(outcomes)
    return Outcome(low=sum(each.low for each in every), participants=sum(each.participants for each in every))


def as_input(value: Decimal | int | None) -> float | None:
    return None if value is None else float(value)
