"""A rule set in Russian, parameter by parameter."""

from typing import Final

from accounts.russian import count, listing, number
from schools.identification import (
    Combine,
    LowDefinition,
    MissingMode,
    ObjectivityMode,
    RiskGroupRule,
    Rules,
    procedure_name,
)
from schools.intake.vocabulary import PROCEDURE_NAMES

YEARS: Final = "год,года,лет"
COMBINE: Final = {
    Combine.ANY: "достаточно одного",
    Combine.ALL: "нужны оба",
    Combine.C1_ONLY: "только условие 1",
    Combine.C2_ONLY: "только условие 2",
}
OBJECTIVITY: Final = {
    ObjectivityMode.IGNORE: "не учитываются",
    ObjectivityMode.FLAG: "процедура учитывается, школа отмечается",
    ObjectivityMode.DROP_PROCEDURE: "процедура не учитывается",
}
MISSING: Final = {
    MissingMode.NO_DATA: "не считается хорошим результатом",
    MissingMode.TREAT_AS_OK: "считается хорошим результатом",
}
LOW: Final = {LowDefinition.MARK_2: "отметка «2»", LowDefinition.BELOW_MINIMUM: "ниже минимального балла"}


def parameter_facts(rules: Rules) -> list[tuple[str, str]]:
    """Return (parameter, value) pairs for ui/facts.html."""
    return [
        ("Доля низких результатов не менее", f"{number(rules.share_threshold_pct, 2)} %"),
        ("Условие 1: процедур ниже порога", f"не менее {rules.min_procedures}"),
        ("Условие 1 выполняется подряд", count(rules.years_required, YEARS)),
        ("Условие 2: та же процедура год назад", yes_no(rules.repeat_same_procedure)),
        ("Соединение условий", COMBINE[rules.combine]),
        ("Параллели предмета — одна процедура", yes_no(rules.count_subject_once)),
        ("Участников не менее", str(rules.min_participants)),
        ("Предупреждать о малой выборке", f"меньше {rules.small_n_warning}"),
        ("Объединять параллели малых школ", yes_no(rules.pool_small_schools)),
        ("Правило не распространяется на виды", listing(sorted(rules.exclude_types)) or "нет таких"),
        ("Обучающиеся по адаптированным программам", "не входят" if rules.exclude_adapted_programmes else "входят"),
        ("ОГЭ и ЕГЭ", "до пересдач"),
        ("Признаки необъективности", OBJECTIVITY[rules.objectivity_mode]),
        ("Нет результата", MISSING[rules.missing_mode]),
        ("Группа риска", risk_words(rules.risk_group_rule)),
        ("Выход из перечня", f"{count(rules.exit_rule.years_clear, YEARS)} без условий подряд"),
        ("Низкий результат", low_words(rules)),
    ]


def procedure_names(rules: Rules) -> list[str]:
    return [procedure_name(procedure) for procedure in rules.procedures]


def yes_no(value: bool) -> str:
    return "да" if value else "нет"


def risk_words(rule: RiskGroupRule | None) -> str:
    if rule is None:
        return "не выделяется"
    lower, upper = number(rule.share_min, 2), number(rule.share_max, 2)
    return f"от {lower} до {upper} %, процедур не менее {rule.min_procedures}"


def low_words(rules: Rules) -> str:
    """Return «ВПР — отметка «2»; …»."""
    return "; ".join(
        f"{PROCEDURE_NAMES.get(kind, kind)} — {LOW[definition]}" for kind, definition in rules.low_definition.items()
    )
