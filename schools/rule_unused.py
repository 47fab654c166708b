"""Which parameters of a rule say nothing in it: another one decides. A value that stands there is not applied."""

from collections.abc import Iterator
from typing import Final

from schools.identification import Combine, LowDefinition, Measure, Rules
from schools.intake.vocabulary import STATE_EXAMS

OF_REPEAT: Final = ("repeat_same_procedure", "repeat_years")
OF_CONDITIONS: Final = ("share_threshold_pct", "min_procedures", "years_required", *OF_REPEAT, "combine")


def unused(rules: Rules) -> dict[str, str]:
    """Return parameter -> why it is not applied, of those that are not; the reason that goes furthest first."""
    found: dict[str, str] = {}
    for name, why in (*decided_elsewhere(rules), *decided_by_conditions(rules), *without_matter(rules)):
        found.setdefault(name, why)
    return found


def decided_elsewhere(rules: Rules) -> Iterator[tuple[str, str]]:
    """Yield what the conditions ask for where they have no say: years make the lists, or other schools do."""
    if rules.trend_rule:
        yield from ((name, "решают перечни за несколько лет") for name in ("years_required", *OF_REPEAT, "combine"))
        return
    if rules.has_own_conditions:
        return
    why = "решает рейтинг школ" if rules.ranking_rule else "решает сравнение школ"
    yield from ((name, why) for name in (*OF_CONDITIONS, "missing_mode", "risk_group_rule"))
    if not (rules.relative_rule and rules.relative_rule.measure is Measure.EACH_WORK):
        yield "count_subject_once", why


def decided_by_conditions(rules: Rules) -> Iterator[tuple[str, str]]:
    """Yield what only one of the two conditions asks for, where the other one decides."""
    if rules.combine is Combine.C1_ONLY:
        yield from ((name, "решает только условие 1") for name in OF_REPEAT)
    elif not rules.repeat_same_procedure:
        yield from ((name, "условия 2 в правиле нет") for name in ("repeat_years", "combine"))
    elif rules.combine is Combine.C2_ONLY:
        names = ("min_procedures", "years_required", "count_subject_once")
        yield from ((name, "решает только условие 2") for name in names)


def without_matter(rules: Rules) -> Iterator[tuple[str, str]]:
    """Yield what is said of works or levels that the rule never meets."""
    if LowDefinition.LEVELS_OF_SCALE not in rules.low_definition.values():
        yield "low_levels", "низкие результаты названы не уровнями"
    if STATE_EXAMS.isdisjoint(procedure.kind for procedure in rules.procedures):
        yield "attempt", "государственных экзаменов в правиле нет"
