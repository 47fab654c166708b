"""Words of a rule: the values that its parameters may take, and the rules nested in it.

Source: domain specification, 1.2 and 1.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class Procedure(NamedTuple):
    """A work that is counted by itself: codes of kind and subject, grade of the programme.

    grade 0: the small grades of a subject, pooled.
    """

    kind: str
    subject: str
    grade: int


POOLED_GRADE: Final = 0


class Combine(StrEnum):
    """How the two conditions make a verdict. Whether officially «and» or «or» is not established: a parameter."""

    ANY = "ANY"
    ALL = "ALL"
    C1_ONLY = "C1_ONLY"
    C2_ONLY = "C2_ONLY"


class Attempt(StrEnum):
    FIRST = "FIRST"
    FINAL = "FINAL"  # those who passed at a retake are low no more


class ObjectivityMode(StrEnum):
    """What a marker of biased results does to its procedure."""

    IGNORE = "IGNORE"
    FLAG = "FLAG"
    DROP_PROCEDURE = "DROP_PROCEDURE"
    SEPARATE_LIST = "SEPARATE_LIST"  # a marked result speaks for inclusion, never against it


class MissingMode(StrEnum):
    """What a work without a result says of a school; that nobody wrote it is the same as that it did not come.

    NO_DATA: nothing. With nothing counted, or too little for the conditions that the rule sets, the data are
    insufficient. TREAT_AS_OK: that it is not low.
    """

    NO_DATA = "NO_DATA"
    TREAT_AS_OK = "TREAT_AS_OK"


class Pooling(StrEnum):
    """What is added up when a work has fewer participants than the rule asks for."""

    NONE = "NONE"
    GRADES = "GRADES"  # the small grades of one subject and year
    YEARS = "YEARS"  # the same work of this and up to two earlier years


POOLED_YEARS: Final = 3


class LowDefinition(StrEnum):
    """Which works of a procedure are low. Source: domain specification, 1.3.2."""

    MARK_2 = "MARK_2"
    BELOW_MINIMUM = "BELOW_MINIMUM"
    LEVEL_INSUFFICIENT = "LEVEL_INSUFFICIENT"  # the lowest level of the scale
    LEVEL_INSUFFICIENT_OR_LOW = "LEVEL_INSUFFICIENT_OR_LOW"  # the two lowest ones
    LEVELS_OF_SCALE = "LEVELS_OF_SCALE"  # those that `low_levels` or the scale itself calls low
    LOWER_QUARTILE = "LOWER_QUARTILE"  # no better than a quarter of the participants of the region


LEVEL_DEFINITIONS: Final = frozenset(
    {LowDefinition.LEVEL_INSUFFICIENT, LowDefinition.LEVEL_INSUFFICIENT_OR_LOW, LowDefinition.LEVELS_OF_SCALE},
)


class Use(StrEnum):
    """How a condition on the whole region joins the conditions on the school itself."""

    SOLE = "SOLE"
    ANY = "ANY"
    ALL = "ALL"


class ClusterKey(StrEnum):
    """What schools of one cluster have in common."""

    KIND = "KIND"
    LOCALITY = "LOCALITY"
    SIZE = "SIZE"
    SOCIAL = "SOCIAL"
    ASSIGNED = "ASSIGNED"  # the cluster that the region has put the school into, in a set of its own


class Statistic(StrEnum):
    """How far down in its cluster a school must be."""

    QUARTILE = "QUARTILE"
    PERCENTILE = "PERCENTILE"
    ZSCORE = "ZSCORE"


class Measure(StrEnum):
    """What of a school is compared inside its cluster."""

    TOTAL = "TOTAL"  # all its counted works of the year together
    EACH_WORK = "EACH_WORK"  # every work by itself, then enough of them


class CutKind(StrEnum):
    PERCENT = "PERCENT"
    SCHOOLS = "SCHOOLS"


@dataclass(frozen=True, kw_only=True)
class RiskGroupRule:
    """Early warning: shares from `share_min` (included) to `share_max` (not included), per cent."""

    share_min: Decimal = Decimal(25)
    share_max: Decimal = Decimal(30)
    min_procedures: int = 1


@dataclass(frozen=True, kw_only=True)
class ExitRule:
    """Years without conditions in a row before a school leaves the lists."""

    years_clear: int = 2


@dataclass(frozen=True, kw_only=True)
class RelativeRule:
    """A school compared with schools like it, by the share of low works: of all its counted works, or of each.

    cut: for QUARTILE and PERCENTILE the worst part of the cluster, per cent; for ZSCORE standard deviations above the
    mean share of the cluster. min_schools: a smaller cluster says nothing; work by work, those that have the work.
    size_bounds: pupils, the last of each size. min_procedures: works in the cut, for EACH_WORK only. cluster_set: code
    of the set of the region, for ASSIGNED only.
    """

    cluster_by: tuple[ClusterKey, ...] = (ClusterKey.KIND, ClusterKey.LOCALITY)
    cluster_set: str = ""
    statistic: Statistic = Statistic.QUARTILE
    cut: Decimal = Decimal(25)
    min_schools: int = 8
    size_bounds: tuple[int, ...] = (100, 300, 600)
    measure: Measure = Measure.TOTAL
    min_procedures: int = 2
    use: Use = Use.SOLE


@dataclass(frozen=True, kw_only=True)
class RankingRule:
    """All schools ranked by every indicator, by groups of indicators and in total; the last ones are named.

    groups: kinds of procedures, each an own group of indicators. cut: per cent of the ranked schools, or schools.
    """

    groups: tuple[str, ...] = ("EGE", "OGE", "VPR")
    cut_kind: CutKind = CutKind.PERCENT
    cut: Decimal = Decimal(10)
    min_schools: int = 8
    use: Use = Use.SOLE


@dataclass(frozen=True, kw_only=True)
class TrendRule:
    """Three lists over several years: low in every year, stably high in every year, and the risk group between.

    high_share_pct: «4» and «5» of all counted works of a year, at least, per cent.
    """

    years: int = 3
    high_share_pct: Decimal = Decimal(60)


@dataclass(frozen=True, kw_only=True)
class SocialRule:
    """Which index of social conditions goes with the verdicts. index: code of the index; empty means any."""

    index: str = ""


NO_LEVELS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
