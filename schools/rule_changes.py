"""A rule with some parameters changed: what follows along with them, and how the difference is told."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from schools.calculation import read_rules
from schools.identification import RiskGroupRule, Rules
from schools.rule_comparison import pairs

CENT: Final = Decimal("0.01")
LONG: Final = 80  # characters of a value that is too long to be quoted


def changed_rules(parameters: Mapping[str, Any], changes: Mapping[str, Any]) -> Rules:
    """Return the rule with the changes; the zone of the risk group follows the threshold that it reached up to.

    Raises RuleSetRefused.
    """
    before, after = read_rules(parameters), read_rules({**parameters, **changes})
    if "risk_group_rule" in changes:
        return after
    return replace(after, risk_group_rule=moved(before, after.share_threshold_pct))


def moved(before: Rules, threshold: Decimal) -> RiskGroupRule | None:
    """Return the risk group under a new threshold, per cent: between the two no school is lost.

    The lower edge stays while it is below the threshold; else the zone keeps its width, as far as there is room.
    """
    zone = before.risk_group_rule
    if zone is None or zone.share_max != before.share_threshold_pct:
        return zone
    if zone.share_min < threshold:
        return replace(zone, share_max=threshold)
    lower = max(threshold - (zone.share_max - zone.share_min), (threshold / 2).quantize(CENT, ROUND_DOWN))
    return replace(zone, share_min=lower, share_max=threshold)


def provenance_of_changed(name: str, provenance: str, before: Rules, after: Rules) -> str:
    """Return where the parameters of a version come from: what differs from the version `name`, then its own text."""
    changes = change_words(before, after)
    if not changes:
        return provenance
    own = f"Отличается от версии «{name}»: {'; '.join(changes)}. Остальные параметры — как в ней."
    text = provenance.strip()
    return f"{own} Следующий текст — о параметрах версии «{name}»:\n\n{text}" if text else own


def change_words(before: Rules, after: Rules) -> list[str]:
    """Return «доля низких результатов не менее — 45,5 % (было 30 %)» for each parameter that differs."""
    return [told(pair.title, pair.first, pair.second) for pair in pairs(before, after) if pair.differs]


def told(title: str, first: str, second: str) -> str:
    name = title[:1].lower() + title[1:]
    if max(len(first), len(second)) > LONG:
        return f"{name} — изменено"
    return f"{name} — {second} (было: {first})"
