"""Three opinions on a risk factor (calculation, school, curator), and which factors a school may work on.

Pure: no Django, no database. Source: domain specification, 3.5.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from accounts.russian import agree, count
from riskprofiles.scoring import RiskLevel

Key = TypeVar("Key", bound=Hashable)
FACTORS: Final = "фактор,фактора,факторов"
ORDER: Final = (RiskLevel.NONE, RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH)


class Judgement(StrEnum):
    """What the curator said of a factor."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    REJECTED = "rejected"
    ADDED = "added"


class Agreement(StrEnum):
    """How the school's own mark stands to the calculation."""

    AGREES = "agrees"
    SCHOOL_HIGHER = "school_higher"
    SCHOOL_LOWER = "school_lower"
    SCHOOL_ONLY = "school_only"  # nothing was calculated
    CALCULATED_ONLY = "calculated_only"  # the school has marked nothing
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class FactorReview:
    """The opinions on one factor, kept apart; None means none was given."""

    title: str
    calculated: RiskLevel | None = None
    is_relevant: bool | None = None  # «актуален» in the self-diagnosis
    marked: RiskLevel | None = None
    judgement: Judgement | None = None
    verified: RiskLevel | None = None

    @property
    def school_level(self) -> RiskLevel | None:
        """Return what the school holds it for; «не актуален» is no risk, relevant without a level is no level."""
        return RiskLevel.NONE if self.is_relevant is False else self.marked

    @property
    def agreement(self) -> Agreement:
        school, calculated = self.school_level, self.calculated
        if school is None:
            return Agreement.UNKNOWN if calculated is None else Agreement.CALCULATED_ONLY
        if calculated is None:
            return Agreement.SCHOOL_ONLY
        if school is calculated:
            return Agreement.AGREES
        higher = ORDER.index(school) > ORDER.index(calculated)
        return Agreement.SCHOOL_HIGHER if higher else Agreement.SCHOOL_LOWER

    @property
    def refusal(self) -> str:
        """Return why the school may not choose this factor, "" when it may."""
        if self.judgement is None:
            return f"«{self.title}»: куратор ещё не дал заключение."
        if self.judgement is Judgement.REJECTED:
            return f"«{self.title}»: куратор отклонил этот фактор."
        if self.verified in {None, RiskLevel.NONE}:
            return f"«{self.title}»: риск не выявлен."
        return ""


@dataclass(frozen=True, kw_only=True)
class ActivationRules:
    """How many factors schools usually work on in a year; other numbers are a warning, never a refusal."""

    usual_least: int = 3
    usual_most: int = 5

    def __post_init__(self) -> None:
        if not 0 < self.usual_least <= self.usual_most:
            raise ValueError(f"Обычное число факторов: от {self.usual_least} до {self.usual_most}, так не бывает.")


@dataclass(frozen=True, kw_only=True)
class Activation(Generic[Key]):
    """What came of a choice: allowed only without problems. Texts are Russian sentences."""

    chosen: tuple[Key, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        return not self.problems


def activation(
    factors: Mapping[Key, FactorReview],
    chosen: Iterable[Key],
    rules: ActivationRules | None = None,
) -> Activation[Key]:
    """Check which factors a school wants to work on this year.

    factors: all of the profile. Raises KeyError for a chosen factor that the profile does not have.
    """
    wanted = tuple(dict.fromkeys(chosen))
    refusals = (factors[key].refusal for key in wanted)
    possible = sum(not factor.refusal for factor in factors.values())
    problems = [refusal for refusal in refusals if refusal]
    if possible and not wanted:
        problems.append("Выберите хотя бы один фактор, с которым школа будет работать в этом году.")
    return Activation(
        chosen=wanted,
        problems=tuple(problems),
        warnings=tuple(_warnings(factors, wanted, possible, rules or ActivationRules())),
    )


def _warnings(
    factors: Mapping[Key, FactorReview],
    wanted: tuple[Key, ...],
    possible: int,
    rules: ActivationRules,
) -> list[str]:
    usual = f"обычно школа выбирает от {rules.usual_least} до {rules.usual_most}"
    warnings = []
    if wanted and len(wanted) < min(rules.usual_least, possible):
        verb = agree(len(wanted), "Выбран,Выбрано")
        warnings.append(f"{verb} {count(len(wanted), FACTORS)}, {usual}.")
    if len(wanted) > rules.usual_most:
        verb = agree(len(wanted), "Выбран,Выбрано")
        warnings.append(f"{verb} {count(len(wanted), FACTORS)}, {usual}. Проверьте, хватит ли сил на все.")
    left = [
        f"«{factor.title}»"
        for key, factor in factors.items()
        if key not in wanted and not factor.refusal and factor.verified is RiskLevel.HIGH
    ]
    if wanted and left:
        warnings.append(f"Не выбраны факторы высокой значимости: {', '.join(left)}.")
    return warnings
