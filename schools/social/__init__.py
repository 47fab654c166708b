"""The index of social conditions (ШНСУ). Pure: no Django, no database, no clock. Nothing else is imported from outside.

Source: domain specification, 1.5. Weights, bounds and the cut are a proposal of the portal, not an official method.
"""

from schools.social.index import (
    Quadrant,
    SocialIndex,
    SocialPart,
    SocialVerdict,
    Value,
    index_digits,
    listed_missing,
    quadrant_of,
    social_index,
)
from schools.social.rule import (
    Direction,
    Indicator,
    Problem,
    SocialRule,
    SocialRuleRefused,
    Source,
    place_of,
)

__all__ = [
    "Direction",
    "Indicator",
    "Problem",
    "Quadrant",
    "SocialIndex",
    "SocialPart",
    "SocialRule",
    "SocialRuleRefused",
    "SocialVerdict",
    "Source",
    "Value",
    "index_digits",
    "listed_missing",
    "place_of",
    "quadrant_of",
    "social_index",
]
