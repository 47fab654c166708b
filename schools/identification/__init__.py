"""The rule that says which schools have low results, and why. Pure: no Django, no database, no clock.

Source: domain specification, 1.1-1.4. The front door of the package; nothing else of it is imported from outside.
"""

from schools.identification.comparison import Compared, Comparison, Rank
from schools.identification.conditions import count_units
from schools.identification.evidence import Part, PartState, Piece, stored_counts, stored_text, wilson_interval
from schools.identification.low import Counts, after_retake, high_of, low_levels, low_of
from schools.identification.lower_quarter import (
    Quarter,
    Quarters,
    ScoredWork,
    low_in_quarter,
    quarters_from,
    quarters_of,
    stored_quarters,
)
from schools.identification.names import procedure_code, procedure_name
from schools.identification.outcome import Flag, Identification, Standing, Verdict
from schools.identification.parameters import PARAMETERS, Kind, Parameter, Section
from schools.identification.reasons import NOTES, Evidence, Reason, ReasonCode, not_compared_words, reasons_of
from schools.identification.results import Case, Merged, Result, SchoolFacts, Work, Works, works_of
from schools.identification.rules import Rules, RulesRefused
from schools.identification.terms import (
    LEVEL_DEFINITIONS,
    POOLED_GRADE,
    Attempt,
    ClusterKey,
    Combine,
    CutKind,
    ExitRule,
    LowDefinition,
    Measure,
    MissingMode,
    ObjectivityMode,
    Pooling,
    Procedure,
    RankingRule,
    RelativeRule,
    RiskGroupRule,
    SocialRule,
    Statistic,
    TrendRule,
    Use,
)
from schools.identification.trend import Course, Trend
from schools.identification.used_facts import FACT_FIELDS, Fact, facts_read, used_facts
from schools.identification.verdict import Difference, difference, identify, judge, judged
from schools.identification.work_places import WorkPlace

__all__ = [
    "FACT_FIELDS",
    "LEVEL_DEFINITIONS",
    "NOTES",
    "PARAMETERS",
    "POOLED_GRADE",
    "Attempt",
    "Case",
    "ClusterKey",
    "Combine",
    "Compared",
    "Comparison",
    "Counts",
    "Course",
    "CutKind",
    "Difference",
    "Evidence",
    "ExitRule",
    "Fact",
    "Flag",
    "Identification",
    "Kind",
    "LowDefinition",
    "Measure",
    "Merged",
    "MissingMode",
    "ObjectivityMode",
    "Parameter",
    "Part",
    "PartState",
    "Piece",
    "Pooling",
    "Procedure",
    "Quarter",
    "Quarters",
    "Rank",
    "RankingRule",
    "Reason",
    "ReasonCode",
    "RelativeRule",
    "Result",
    "RiskGroupRule",
    "Rules",
    "RulesRefused",
    "SchoolFacts",
    "ScoredWork",
    "Section",
    "SocialRule",
    "Standing",
    "Statistic",
    "Trend",
    "TrendRule",
    "Use",
    "Verdict",
    "Work",
    "WorkPlace",
    "Works",
    "after_retake",
    "count_units",
    "difference",
    "facts_read",
    "high_of",
    "identify",
    "judge",
    "judged",
    "low_in_quarter",
    "low_levels",
    "low_of",
    "not_compared_words",
    "procedure_code",
    "procedure_name",
    "quarters_from",
    "quarters_of",
    "reasons_of",
    "stored_counts",
    "stored_quarters",
    "stored_text",
    "used_facts",
    "wilson_interval",
    "works_of",
]
