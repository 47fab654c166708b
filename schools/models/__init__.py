"""Territories, schools, legal acts, results, imports, identification and lists."""

from schools.models.identification import IdentificationRuleSet, IdentificationRun, SchoolVerdict
from schools.models.imports import ImportBatch, ImportFile, ImportRow, SchoolAlias
from schools.models.lists import SchoolList, SchoolListItem
from schools.models.registry import LegalAct, Membership, School, Territory
from schools.models.results import AssessmentResult, Benchmark

__all__ = [
    "AssessmentResult",
    "Benchmark",
    "IdentificationRuleSet",
    "IdentificationRun",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "LegalAct",
    "Membership",
    "School",
    "SchoolAlias",
    "SchoolList",
    "SchoolListItem",
    "SchoolVerdict",
    "Territory",
]
