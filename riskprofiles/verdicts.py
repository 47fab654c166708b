"""What level a curator's judgement leaves on a factor. No Django in this file.

Source: domain specification, 3.5.
"""

from riskprofiles.review import Judgement
from riskprofiles.scoring import RiskLevel


class VerdictFault(ValueError):  # noqa: N818  carries the Russian text of a refusal
    """A verdict that cannot be given; the message says what to do instead."""


def judged_level(
    verdict: Judgement,
    *,
    proposed: RiskLevel | None,
    chosen: RiskLevel | None,
    reason: str,
) -> RiskLevel:
    """Return the verified level that a verdict gives.

    proposed: the calculated level or the school's, None without both. chosen: what the curator picked, None if nothing.
    Raises VerdictFault.
    """
    if verdict != Judgement.CONFIRMED and not reason.strip():
        raise VerdictFault("Напишите обоснование: школа должна понять, почему так решено.")
    if verdict == Judgement.REJECTED:
        return RiskLevel.NONE
    if verdict == Judgement.CONFIRMED:
        return confirmed_level(proposed)
    if chosen is None:
        raise VerdictFault("Выберите значимость риска.")
    if verdict == Judgement.ADDED:
        return added_level(proposed, chosen)
    if chosen == proposed:
        raise VerdictFault("Значимость та же, что и была. Подтвердите риск или выберите другую значимость.")
    return chosen


def confirmed_level(proposed: RiskLevel | None) -> RiskLevel:
    if proposed is None:
        raise VerdictFault(
            "Подтверждать нечего: нет ни расчёта, ни оценки школы. Добавьте риск с обоснованием или отклоните его.",
        )
    return proposed


def added_level(proposed: RiskLevel | None, chosen: RiskLevel) -> RiskLevel:
    if proposed not in {None, RiskLevel.NONE}:
        raise VerdictFault("Этот риск уже отмечен. Подтвердите его или измените значимость.")
    if chosen == RiskLevel.NONE:
        raise VerdictFault("Добавить можно риск высокой, средней или низкой значимости.")
    return chosen
