"""What must hold before a risk profile moves on. No Django in this file; the table itself is in `choices`."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.russian import count

FACTORS = "фактор,фактора,факторов"


@dataclass(frozen=True, kw_only=True)
class ProfileFacts:
    """The counts that decide whether a profile may move on."""

    factors: int = 0
    judged: int = 0
    can_be_activated: int = 0  # verified as a risk
    activated: int = 0
    self_diagnosis_is_checked: bool = False
    respondents: int = 0


Condition = Callable[[ProfileFacts], str]
"""Returns the Russian reason why not, "" when the condition holds."""


def always(_facts: ProfileFacts) -> str:
    return ""


def self_diagnosis_checked(facts: ProfileFacts) -> str:
    if facts.self_diagnosis_is_checked:
        return ""
    return "Самодиагностика не сдана. Заполните её, проверьте и сдайте."


def every_factor_judged(facts: ProfileFacts) -> str:
    left = facts.factors - facts.judged
    return "" if left <= 0 else f"Сначала дайте заключение: осталось {count(left, FACTORS)}."


def activated_or_nothing_to_activate(facts: ProfileFacts) -> str:
    if facts.activated or not facts.can_be_activated:
        return ""
    return "Школа ещё не выбрала риски, с которыми будет работать. Напомните ей выбрать их."


def surveys_exist(facts: ProfileFacts) -> str:
    return "" if facts.respondents else "По профилю нет анкетирования."
