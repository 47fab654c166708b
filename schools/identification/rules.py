"""A rule set as a value: every parameter of the published rule, checked when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any, Final, Self

from schools.identification.reading import Reader


class Combine(StrEnum):
    """How the two conditions make a verdict. Whether officially «and» or «or» is not established: a parameter."""

    ANY = "ANY"
    ALL = "ALL"
    C1_ONLY = "C1_ONLY"
    C2_ONLY = "C2_ONLY"


class Attempt(StrEnum):
    FIRST = "FIRST"
    FINAL = "FINAL"


class ObjectivityMode(StrEnum):
    """What a marker of biased results does to its procedure."""

    IGNORE = "IGNORE"
    FLAG = "FLAG"
    DROP_PROCEDURE = "DROP_PROCEDURE"
    SEPARATE_LIST = "SEPARATE_LIST"


class MissingMode(StrEnum):
    NO_DATA = "NO_DATA"
    TREAT_AS_OK = "TREAT_AS_OK"


class LowDefinition(StrEnum):
    """Which works of a procedure are low. Source: domain specification, 1.3.2."""

    MARK_2 = "MARK_2"
    BELOW_MINIMUM = "BELOW_MINIMUM"
    LEVEL_INSUFFICIENT = "LEVEL_INSUFFICIENT"
    LEVEL_INSUFFICIENT_OR_LOW = "LEVEL_INSUFFICIENT_OR_LOW"


LEVEL_DEFINITIONS: Final = frozenset(
    {LowDefinition.LEVEL_INSUFFICIENT, LowDefinition.LEVEL_INSUFFICIENT_OR_LOW},
)


class RulesRefused(ValueError):  # noqa: N818  an answer to the author of the rule, not a fault of the program
    """The parameters are wrong or not supported. `problems` are Russian sentences, one for a parameter."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True, order=True)
class Procedure:
    """A work that is counted by itself: codes of kind and subject, grade of the programme."""

    kind: str
    subject: str
    grade: int


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
class Rules:
    """All parameters of an identification rule.

    Source: domain specification, 1.3. `from_parameters` checks; a value whose behaviour is not built is refused
    there and not silently ignored.
    """

    procedures: tuple[Procedure, ...]
    low_definition: Mapping[str, LowDefinition]
    share_threshold_pct: Decimal = Decimal(30)
    min_procedures: int = 2
    years_required: int = 1
    repeat_same_procedure: bool = True
    combine: Combine = Combine.ANY
    count_subject_once: bool = False
    min_participants: int = 1
    small_n_warning: int = 10
    pool_small_schools: bool = False
    exclude_types: frozenset[str] = frozenset()
    exclude_adapted_programmes: bool = True
    attempt: Attempt = Attempt.FIRST
    objectivity_mode: ObjectivityMode = ObjectivityMode.FLAG
    missing_mode: MissingMode = MissingMode.NO_DATA
    relative_rule: Mapping[str, Any] | None = None
    shnsu_rule: Mapping[str, Any] | None = None
    exit_rule: ExitRule = field(default_factory=ExitRule)
    risk_group_rule: RiskGroupRule | None = field(default_factory=RiskGroupRule)

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """Read a rule set as stored: JSON or TOML values under the names of the fields; absent ones have defaults.

        Raises RulesRefused, naming every wrong, unknown or unsupported parameter.
        """
        reader = Reader(parameters, known={each.name for each in fields(cls)})
        values = _read(reader)
        if reader.problems:
            raise RulesRefused(reader.problems)
        rules = cls(**values)
        if problems := [*_contradictions(rules), *_unsupported(rules)]:
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
        """Return how many years of results the rule looks at."""
        return max(self.years_required, 2 if self.repeat_same_procedure else 1)


def least_count(percent: Decimal, whole: int) -> int:
    """Return the least count whose share of the whole is at least `percent`. Exact, nothing is rounded."""
    return ceil(Fraction(percent) * whole / 100)


def _read(reader: Reader) -> dict[str, Any]:
    """Return the values of the parameters that are present; problems gather in the reader."""
    reader.procedures("procedures", Procedure)
    reader.mapping_of("low_definition", LowDefinition)
    reader.percent("share_threshold_pct")
    for name, least in (("min_procedures", 1), ("years_required", 1), ("min_participants", 1), ("small_n_warning", 0)):
        reader.integer(name, least=least)
    for name in ("repeat_same_procedure", "count_subject_once", "pool_small_schools", "exclude_adapted_programmes"):
        reader.boolean(name)
    reader.member("combine", Combine)
    reader.member("attempt", Attempt)
    reader.member("objectivity_mode", ObjectivityMode)
    reader.member("missing_mode", MissingMode)
    reader.strings("exclude_types")
    reader.optional_table("relative_rule")
    reader.optional_table("shnsu_rule")
    if (table := reader.part("exit_rule", known={"years_clear"})) is not None:
        table.integer("years_clear", least=1)
        reader.accept("exit_rule", table, ExitRule)
    if (table := reader.part("risk_group_rule", known={"share_min", "share_max", "min_procedures"})) is not None:
        table.percent("share_min")
        table.percent("share_max")
        table.integer("min_procedures", least=1)
        reader.accept("risk_group_rule", table, RiskGroupRule)
    return reader.values


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
    return problems


def _unsupported(rules: Rules) -> list[str]:
    """Return a sentence for every parameter whose behaviour is not built."""
    asked = {
        "pool_small_schools: объединение параллелей малых школ не поддерживается, укажите false.": (
            rules.pool_small_schools
        ),
        "attempt: учёт пересдач (FINAL) не поддерживается, укажите FIRST.": rules.attempt is Attempt.FINAL,
        "objectivity_mode: отдельный перечень (SEPARATE_LIST) не поддерживается, укажите IGNORE, FLAG "
        "или DROP_PROCEDURE.": rules.objectivity_mode is ObjectivityMode.SEPARATE_LIST,
        "relative_rule: правило относительно кластера не поддерживается, уберите его.": rules.relative_rule is not None,
        "shnsu_rule: индекс социальных условий не поддерживается, уберите его.": rules.shnsu_rule is not None,
        "low_definition: уровни КДР и функциональной грамотности не поддерживаются, укажите MARK_2 "
        "или BELOW_MINIMUM.": any(each in LEVEL_DEFINITIONS for each in rules.low_definition.values()),
    }
    return [sentence for sentence, is_asked in asked.items() if is_asked]


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; decimals as text, for they are exact."""
    if isinstance(value, Procedure | RiskGroupRule | ExitRule):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum | Decimal):
        return str(value)
    return value
