"""Similar schools by inputs alone, and who of the better ones could mentor. Pure: no Django, no database, no clock."""

from schools.similar.distance import (
    Candidate,
    Difference,
    Inputs,
    Neighbour,
    Outcome,
    as_input,
    differences,
    distance_of,
    may_mentor,
    mentors,
    neighbours,
    pooled,
)
from schools.similar.settings import (
    Feature,
    FeatureKind,
    MentorLimits,
    SettingsError,
    Similarity,
    read_similarity,
    shipped_similarity,
)

__all__ = [
    "Candidate",
    "Difference",
    "Feature",
    "FeatureKind",
    "Inputs",
    "MentorLimits",
    "Neighbour",
    "Outcome",
    "SettingsError",
    "Similarity",
    "as_input",
    "differences",
    "distance_of",
    "may_mentor",
    "mentors",
    "neighbours",
    "pooled",
    "read_similarity",
    "shipped_similarity",
]
