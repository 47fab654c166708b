"""A rule set as a value: every parameter of the published rule, checked when it is read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import Any, Self

from schools.identification.parameters import read_parameters
from schools.identification.terms import (
    NO_LEVELS,
    POOLED_YEARS,
    Attempt,
    ClusterKey,
    Combine,
    CutKind,
    ExitRule,
    LowDefinition,
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
from schools.intake.level_scales import all_scales


class RulesRefused(ValueError):  # noqa: N818  an answer to the author of the rule, not a fault of the program
    """The parameters are wrong. `problems` are Russian sentences, one for a parameter."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All parameters of an identification rule. Source: domain specification, 1.3. `from_parameters` checks."""

    procedures: tuple[Procedure, ...]
    low_definition: Mapping[str, LowDefinition]
    low_levels: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_LEVELS)
    share_threshold_pct: Decimal = Decimal(30)
    min_procedures: int = 2
    years_required: int = 1
    repeat_same_procedure: bool = True
    repeat_years: int = 2
    combine: Combine = Combine.ANY
    count_subject_once: bool = False
    min_participants: int = 1
    small_n_warning: int = 10
    pool_small_schools: Pooling = Pooling.NONE
    exclude_types: frozenset[str] = frozenset()
    exclude_adapted_programmes: bool = True
    attempt: Attempt = Attempt.FIRST
    objectivity_mode: ObjectivityMode = ObjectivityMode.FLAG
    missing_mode: MissingMode = MissingMode.NO_DATA
    relative_rule: RelativeRule | None = None
    ranking_rule: RankingRule | None = None
    trend_rule: TrendRule | None = None
    shnsu_rule: SocialRule | None = None
    exit_rule: ExitRule = field(default_factory=ExitRule)
    risk_group_rule: RiskGroupRule | None = field(default_factory=RiskGroupRule)

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """Read a rule set as stored: JSON or TOML values under the names of the fields; absent ones have defaults.

        Raises RulesRefused, naming every wrong or unknown parameter.
        """
        reader = read_parameters(parameters)
        if reader.problems:
            raise RulesRefused(reader.problems)
        rules = cls(**reader.values)
        if problems := _contradictions(rules):
            raise RulesRefused(problems)
        return rules

    def to_parameters(self) -> dict[str, Any]:
        """Return the parameters as JSON values, all of them, defaults too."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    def least_low(self, participants: int) -> int:
        """Return how many low works make a procedure low: the least integer with 100 * low >= threshold * n."""
        return least_count(self.share_threshold_pct, participants)

    @property
    def years(self) -> int:
        """Return how many years of results the conditions look at; those that are pooled stand behind them."""
        repeat = self.repeat_years if self.repeat_same_procedure else 1
        return max(self.years_required, repeat, self.trend_rule.years if self.trend_rule else 1)

    @property
    def years_of_condition(self) -> int:
        """Return in how many years condition 1 is asked for."""
        return self.trend_rule.years if self.trend_rule else self.years_required

    @property
    def years_read(self) -> int:
        """Return how many years of results must be known for a verdict."""
        return self.years + (POOLED_YEARS - 1 if self.pool_small_schools is Pooling.YEARS else 0)

    @property
    def compares_schools(self) -> bool:
        """Answer whether a verdict depends on the results of other schools."""
        return self.relative_rule is not None or self.ranking_rule is not None

    @property
    def use(self) -> Use | None:
        """Return how a condition on other schools joins, None when the rule has none."""
        rule = self.relative_rule or self.ranking_rule
        return rule.use if rule else None

    @property
    def has_own_conditions(self) -> bool:
        """Answer whether the threshold of one work takes part in the verdict: not when only a comparison decides."""
        return self.use is not Use.SOLE

    @property
    def repeat_asked(self) -> int | None:
        """Return how many years running condition 2 looks at, None when the rule has no such condition."""
        is_asked = self.repeat_same_procedure and self.trend_rule is None and self.has_own_conditions
        return self.repeat_years if is_asked else None

    @cached_property
    def quarter_kinds(self) -> frozenset[str]:
        """Return the kinds of its works that are low by the primary scores of the whole region."""
        kinds = {procedure.kind for procedure in self.procedures}
        return frozenset(kind for kind in kinds if self.low_definition.get(kind) is LowDefinition.LOWER_QUARTILE)

    @cached_property
    def needed(self) -> "Needed":
        """Return participants -> `least_low`, each number worked out once."""
        return Needed(self.share_threshold_pct)

    @cached_property
    def risk_bounds(self) -> "tuple[Needed, Needed] | None":
        """Return participants -> the least count of the risk group, and the least one above it."""
        rule = self.risk_group_rule
        return (Needed(rule.share_min), Needed(rule.share_max)) if rule else None


class Needed(dict[int, int]):
    """Participants -> the least count whose share of them is at least `percent`."""

    def __init__(self, percent: Decimal) -> None:
        super().__init__()
        self.percent = percent

    def __missing__(self, participants: int) -> int:
        needed = self[participants] = least_count(self.percent, participants)
        return needed


def least_count(percent: Decimal, whole: int) -> int:
    """Return the least count whose share of the whole is at least `percent`. Exact, nothing is rounded."""
    return ceil(Fraction(percent) * whole / 100)


def _contradictions(rules: Rules) -> list[str]:
    problems = []
    if undefined := sorted({each.kind for each in rules.procedures} - set(rules.low_definition)):
        problems.append(f"low_definition: не сказано, что считать низким результатом для {', '.join(undefined)}.")
    if not rules.repeat_same_procedure and rules.combine in {Combine.ALL, Combine.C2_ONLY}:
        problems.append(
            f"combine: {rules.combine} опирается на повтор процедуры, а repeat_same_procedure выключен. "
            "Включите повтор или укажите C1_ONLY.",
        )
    risk = rules.risk_group_rule
    if risk and risk.share_min >= risk.share_max:
        problems.append("risk_group_rule: share_min должно быть меньше share_max.")
    if rules.pool_small_schools is not Pooling.NONE and rules.min_participants == 1:
        problems.append(
            "pool_small_schools: объединять нечего, пока min_participants равно 1. Укажите, с какого числа "
            "участников работа учитывается.",
        )
    return [*problems, *_wrong_levels(rules), *_wrong_comparisons(rules)]


def _wrong_levels(rules: Rules) -> list[str]:
    problems = []
    for code, levels in rules.low_levels.items():
        scale = all_scales().get(code)
        if scale is None:
            problems.append(f"low_levels: шкалы {code} нет. Есть: {', '.join(sorted(all_scales()))}.")
        elif unknown := sorted(set(levels) - scale.codes):
            known = ", ".join(level.code for level in scale.levels)
            problems.append(f"low_levels.{code}: уровня {', '.join(unknown)} нет. Есть: {known}.")
    return problems


def _wrong_comparisons(rules: Rules) -> list[str]:
    """Return what is wrong with the rules that compare schools, or years, with each other."""
    problems: list[str] = []
    if rules.relative_rule:
        problems += _wrong_relative(rules.relative_rule)
    if rules.relative_rule and rules.ranking_rule:
        problems.append("ranking_rule: вместе с relative_rule не применяется, оставьте одно из них.")
    if rules.ranking_rule:
        problems += _wrong_ranking(rules.ranking_rule, {each.kind for each in rules.procedures})
    if rules.trend_rule and rules.compares_schools:
        problems.append("trend_rule: вместе с relative_rule и ranking_rule не применяется, оставьте одно из них.")
    return problems


def _wrong_relative(rule: RelativeRule) -> Iterator[str]:
    if rule.statistic is Statistic.QUARTILE and rule.cut != 25:
        yield "relative_rule.cut: четверть — это 25. Для другой границы нужны «худшие проценты кластера» (PERCENTILE)."
    if rule.statistic is Statistic.PERCENTILE and rule.cut >= 100:
        yield "relative_rule.cut: доля худших школ должна быть меньше 100 %."
    yield from _wrong_cluster_set(rule)


def _wrong_cluster_set(rule: RelativeRule) -> Iterator[str]:
    is_asked = ClusterKey.ASSIGNED in rule.cluster_by
    if is_asked and not rule.cluster_set:
        yield "relative_rule.cluster_set: выбран ASSIGNED, а набор не указан. Укажите набор или снимите ASSIGNED."
    if rule.cluster_set and not is_asked:
        yield "relative_rule.cluster_set: набор указан, а ASSIGNED не выбран. Отметьте ASSIGNED или уберите набор."


def _wrong_ranking(rule: RankingRule, kinds: Collection[str]) -> Iterator[str]:
    if foreign := sorted(set(rule.groups) - set(kinds)):
        yield f"ranking_rule.groups: {', '.join(foreign)} нет среди процедур правила."
    if rule.cut_kind is CutKind.SCHOOLS and rule.cut != int(rule.cut):
        yield "ranking_rule.cut: нужно целое число школ."


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; decimals as text, for they are exact."""
    if isinstance(value, Procedure):
        return value._asdict()
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | tuple):
        return [_plain(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    return str(value) if isinstance(value, StrEnum | Decimal) else value
