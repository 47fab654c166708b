"""What must hold before a roadmap moves on. No Django in this file; the table itself is in `choices`."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.russian import count

PLACES = "замечание,замечания,замечаний"
MEASURES = "мероприятие,мероприятия,мероприятий"


@dataclass(frozen=True, kw_only=True)
class RoadmapFacts:
    """What decides whether a roadmap may move on."""

    is_revision: bool = False
    errors: int = 0  # remarks that must be put right, see `roadmaps.lints`
    unsettled: int = 0  # measures neither done, nor partly done, nor excluded
    period_is_over: bool = False


Condition = Callable[[RoadmapFacts], str]
"""Returns the Russian reason why not, "" when the condition holds."""


def always(_facts: RoadmapFacts) -> str:
    return ""


def nothing_to_fix(facts: RoadmapFacts) -> str:
    if not facts.errors:
        return ""
    return f"Чтобы отправить карту на согласование, исправьте {count(facts.errors, PLACES)}."


def is_first_version(facts: RoadmapFacts) -> str:
    return "Изменения возвращаются в черновик изменений." if facts.is_revision else ""


def is_revision(facts: RoadmapFacts) -> str:
    return "" if facts.is_revision else "Первая версия возвращается в черновик."


def may_close(facts: RoadmapFacts) -> str:
    if facts.period_is_over or not facts.unsettled:
        return ""
    return (
        f"Период карты не закончился, и {count(facts.unsettled, MEASURES)} без итога. "
        "Отметьте исполнение или дождитесь конца периода."
    )
