"""Territories, schools, legal acts, results, imports, identification and lists."""

from schools.models.clusters import ClusterMember, ClusterSet
from schools.models.identification import IdentificationRuleSet, IdentificationRun, SchoolVerdict
from schools.models.imports import ImportBatch, ImportFile, ImportRow, SchoolAlias
from schools.models.list_amendments import ListAmendment
from schools.models.list_exclusions import ListExclusion
from schools.models.lists import SchoolList, SchoolListItem
from schools.models.periods import SchoolPeriod, SchoolSuccession
from schools.models.registry import LegalAct, Membership, School, Territory
from schools.models.results import AssessmentResult, Benchmark, WorkDetail
from schools.models.social import SchoolSocialIndex, SocialIndexRule, SocialIndexRun
from schools.models.statistics import SchoolStatistic

__all__ = [
    "AssessmentResult",
    "Benchmark",
    "ClusterMember",
    "ClusterSet",
    "IdentificationRuleSet",
    "IdentificationRun",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "LegalAct",
    "ListAmendment",
    "ListExclusion",
    "Membership",
    "School",
    "SchoolAlias",
    "SchoolList",
    "SchoolListItem",
    "SchoolPeriod",
    "SchoolSocialIndex",
    "SchoolStatistic",
    "SchoolSuccession",
    "SchoolVerdict",
    "SocialIndexRule",
    "SocialIndexRun",
    "Territory",
    "WorkDetail",
]
