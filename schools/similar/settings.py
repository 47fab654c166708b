"""What makes schools similar: features, their weights and spans, read from configuration and checked."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

PATH: Final = Path(__file__).with_name("default.toml")


class FeatureKind(StrEnum):
    RATIO = "ratio"  # how many times larger
    DIFFERENCE = "difference"
    SAME = "same"  # words: the same or not


class SettingsError(ValueError):
    """The configuration of similarity contradicts itself; the message names the place."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One input. span: ratio or difference that counts as wholly unlike; of no use to words."""

    code: str
    title: str
    kind: FeatureKind
    weight: float
    span: float = 1


@dataclass(frozen=True, kw_only=True)
class MentorLimits:
    """points_better: in percentage points of the share of low works."""

    shown: int
    farthest: float
    points_better: Decimal
    participants_min: int
    mentored_max: int


@dataclass(frozen=True, kw_only=True)
class Similarity:
    features: tuple[Feature, ...]
    known_weight_min: float
    nearest: int
    farthest: float
    small_group: int
    mentors: MentorLimits


@cache
def shipped_similarity() -> Similarity:
    """Return the configuration of the portal. Raises SettingsError."""
    return read_similarity(PATH)


def read_similarity(path: Path) -> Similarity:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    mentors = content["mentors"]
    similarity = Similarity(
        features=tuple(feature_from(entry) for entry in content["feature"]),
        known_weight_min=float(content["known_weight_min"]),
        nearest=content["nearest"],
        farthest=float(content["farthest"]),
        small_group=content["small_group"],
        mentors=MentorLimits(
            shown=mentors["shown"],
            farthest=float(mentors["farthest"]),
            points_better=Decimal(mentors["points_better"]),
            participants_min=mentors["participants_min"],
            mentored_max=mentors["mentored_max"],
        ),
    )
    if faults := list(faults_of(similarity)):
        raise SettingsError("; ".join(faults))
    return similarity


def feature_from(entry: Mapping[str, Any]) -> Feature:
    return Feature(
        code=entry["code"],
        title=entry["title"],
        kind=FeatureKind(entry["kind"]),
        weight=float(entry["weight"]),
        span=float(entry.get("span", 1)),
    )


def faults_of(similarity: Similarity) -> Iterator[str]:
    total = sum(feature.weight for feature in similarity.features)
    if abs(total - 1) > 1e-9:
        yield f"weights add up to {total:g}, not to 1"
    for feature in similarity.features:
        least = 1 if feature.kind is FeatureKind.RATIO else 0
        if feature.kind is not FeatureKind.SAME and feature.span <= least:
            yield f"{feature.code}: span {feature.span:g} is not above {least}"
    if not 0 < similarity.known_weight_min <= 1:
        yield "known_weight_min is not between 0 and 1"
