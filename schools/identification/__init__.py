"""The rule that says which schools have low results, and why. Pure: no Django, no database, no clock.

Source: domain specification, 1.1-1.4. The front door of the package; nothing else of it is imported from outside.
"""

from schools.identification.evidence import Part, PartState, wilson_interval
from schools.identification.names import procedure_code, procedure_name
from schools.identification.reasons import Reason, ReasonCode
from schools.identification.rules import (
    Attempt,
    Combine,
    ExitRule,
    LowDefinition,
    MissingMode,
    ObjectivityMode,
    Procedure,
    RiskGroupRule,
    Rules,
    RulesRefused,
)
from schools.identification.verdict import (
    Difference,
    Flag,
    Identification,
    Result,
    SchoolFacts,
    Verdict,
    difference,
    identify,
)

__all__ = [
    "Attempt",
    "Combine",
    "Difference",
    "ExitRule",
    "Flag",
    "Identification",
    "LowDefinition",
    "MissingMode",
    "ObjectivityMode",
    "Part",
    "PartState",
    "Procedure",
    "Reason",
    "ReasonCode",
    "Result",
    "RiskGroupRule",
    "Rules",
    "RulesRefused",
    "SchoolFacts",
    "Verdict",
    "difference",
    "identify",
    "procedure_code",
    "procedure_name",
    "wilson_interval",
]
