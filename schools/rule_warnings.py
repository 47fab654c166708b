"""What is unusual about a rule: it may be stored and applied, but hardly does what was meant."""

from decimal import Decimal
from typing import Final

from accounts.russian import count, listing, number
from schools.choices import SchoolKind
from schools.identification import Combine, Measure, Rules
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.models import IdentificationRuleSet
from schools.rule_comparison import KINDS, in_order, place

MANY_YEARS: Final = 5  # more years of one work are hardly ever kept
TWICE_A_QUARTER: Final = 50  # per cent: below that the threshold is of how the region is made, not of the school
MANY_PARTICIPANTS: Final = 500  # more pupils of one grade than large schools have
YEARS: Final = "год,года,лет"
PROCEDURES: Final = "процедура,процедуры,процедур"
WORKS: Final = "работе,работах,работах"
PARTICIPANTS: Final = "участника,участников,участников"


def rule_warnings(rules: Rules) -> list[str]:
    """Return Russian sentences with what to do; empty for an ordinary rule. A warning never stops anyone."""
    return [*risk_warnings(rules), *reach_warnings(rules), *comparison_warnings(rules), *quarter_warnings(rules)]


def risk_warnings(rules: Rules) -> list[str]:
    """Return whether the zone of the risk group leaves a gap below the threshold, or lies above it."""
    zone = rules.risk_group_rule
    if zone is None or not rules.has_own_conditions:
        return []
    threshold, upper = rules.share_threshold_pct, zone.share_max
    found = []
    if upper < threshold:
        found.append(
            f"Группа риска кончается на {percent(upper)}, а порог {percent(threshold)}: школы между ними не попадут ни "
            f"в перечень, ни в группу риска. Поднимите верхнюю границу группы риска до {percent(threshold)}."
        )
    if zone.share_min >= threshold:
        found.append(
            f"Группа риска начинается с {percent(zone.share_min)}, а порог {percent(threshold)}: в неё не попадёт "
            "никто. Опустите её нижнюю границу ниже порога."
        )
    return found


def reach_warnings(rules: Rules) -> list[str]:
    """Return which parameters let hardly any school be judged."""
    works = counted_works(rules)
    found = {
        "Исключены все виды школ: правило не назовёт ни одной. Оставьте хотя бы один вид.": excludes_everybody(rules),
        f"Нужно {count(rules.min_procedures, PROCEDURES)} за порогом, а правило считает {count(works, PROCEDURES)}: "
        "условие 1 невыполнимо. Уменьшите число или добавьте процедуры.": asks_for_low_works(rules)
        and rules.min_procedures > works,
        f"Условие 1 проверяется за {count(rules.years_required, YEARS)} подряд: столько лет результатов обычно нет. "
        f"Укажите не больше {MANY_YEARS}.": rules.years_required > MANY_YEARS,
        f"Повтор проверяется за {count(rules.repeat_years, YEARS)} подряд: столько лет результатов обычно нет. "
        f"Укажите не больше {MANY_YEARS}.": rules.repeat_same_procedure and rules.repeat_years > MANY_YEARS,
        f"Учитываются только работы, где не меньше {count(rules.min_participants, PARTICIPANTS)}: таких почти не "
        "бывает. Проверьте число участников.": rules.min_participants > MANY_PARTICIPANTS,
    }
    return [sentence for sentence, holds in found.items() if holds]


def comparison_warnings(rules: Rules) -> list[str]:
    """Return whether a comparison work by work needs more works than the rule has."""
    relative, works = rules.relative_rule, counted_works(rules)
    if relative is None or relative.measure is not Measure.EACH_WORK or relative.min_procedures <= works:
        return []
    needed, counted = count(relative.min_procedures, WORKS), count(works, PROCEDURES)
    words = f"Отставать от похожих школ нужно в {needed}, а правило считает {counted}: условие невыполнимо."
    return [f"{words} Уменьшите число или добавьте процедуры."]


def quarter_warnings(rules: Rules) -> list[str]:
    """Return whether a threshold stands beside low works of which a region has a quarter whatever its schools do."""
    threshold = rules.share_threshold_pct
    if not rules.quarter_kinds or not rules.has_own_conditions or threshold >= TWICE_A_QUARTER:
        return []
    in_turn = sorted(rules.quarter_kinds, key=lambda kind: place(kind, KINDS))
    kinds = listing([PROCEDURE_NAMES.get(kind, kind) for kind in in_turn])
    always = f"{kinds}: в нижней четверти баллов всегда не меньше четверти участников региона"
    reached = f"порог {percent(threshold)} многие школы достигают уже поэтому"
    advice = "включите «Среди похожих школ», где «решает только оно», или поднимите порог"
    return [f"{always}, и {reached}. Сравнивайте школы между собой: {advice}."]


def counted_works(rules: Rules) -> int:
    return len({each[:2] for each in rules.procedures} if rules.count_subject_once else rules.procedures)


def asks_for_low_works(rules: Rules) -> bool:
    """Answer whether condition 1 takes part in the verdict."""
    return rules.has_own_conditions and rules.combine is not Combine.C2_ONLY


def excludes_everybody(rules: Rules) -> bool:
    return set(SchoolKind.values) <= rules.exclude_types


def stale_provenance(rule_set: IdentificationRuleSet, provenance: str, rules: Rules) -> list[str]:
    """Return whether the text on the parameters is still that of the version that this one differs from."""
    source = rule_set.based_on
    if source is None or told_alike(provenance) != told_alike(source.provenance) or not provenance.strip():
        return []
    if in_order(source.rules) == in_order(rules):
        return []
    name = f"«Происхождение параметров» — текст версии «{source}»"
    return [f"{name}, а параметры уже другие. Допишите, откуда взяты новые значения."]


def told_alike(text: str) -> str:
    return " ".join(text.split())


def percent(value: Decimal) -> str:
    return f"{number(value, 0 if value == int(value) else 2)} %"
