"""A rule set in Russian: what it does, sentence by sentence, and every parameter with its value."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from accounts.russian import NBSP, count, listing, number
from schools.identification import (
    PARAMETERS,
    Attempt,
    ClusterKey,
    Combine,
    CutKind,
    Kind,
    LowDefinition,
    Measure,
    MissingMode,
    ObjectivityMode,
    Parameter,
    Pooling,
    RankingRule,
    RelativeRule,
    RiskGroupRule,
    Rules,
    Statistic,
    TrendRule,
    Use,
    procedure_name,
)
from schools.intake.level_scales import all_scales
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.rule_unused import unused

YEARS: Final = "год,года,лет"
YEARS_OF: Final = "года,лет,лет"
PROCEDURES: Final = "процедуре,процедурах,процедурах"
PARTICIPANTS: Final = "участника,участников,участников"
SCHOOLS: Final = "школы,школ,школ"
WORKS: Final = "работы,работ,работ"
IN_WORKS: Final = "работе,работах,работах"
NOT_CHECKED: Final = "не проверено"  # of a repeat: results of the years before are missing
BY_NAME: Final = {parameter.name: parameter for parameter in PARAMETERS}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A parameter and its value in words; by `name` two rule sets are set side by side. unused: why it says nothing."""

    name: str
    title: str
    value: str
    section: str
    unused: str = ""

    @property
    def note(self) -> str:
        return f"не применяется: {self.unused}" if self.unused else ""

    @property
    def told(self) -> str:
        """Return «30 %», «30 % (не применяется: решает сравнение школ)»."""
        return f"{self.value} ({self.note})" if self.unused else self.value


def facts_of(rules: Rules) -> list[Fact]:
    """Return every parameter of a rule, in the order in which they are declared."""
    silent = unused(rules)
    return [
        Fact(
            name=each.name,
            title=each.title,
            value=value_words(each, rules),
            section=str(each.section),
            unused=silent.get(each.name, ""),
        )
        for each in PARAMETERS
    ]


def parameter_facts(rules: Rules) -> list[tuple[str, str, str]]:
    """Return (parameter, value, why it says nothing) for ui/facts.html; the procedures are listed apart."""
    return [(fact.title, fact.value, fact.note) for fact in facts_of(rules) if fact.name != "procedures"]


def procedure_names(rules: Rules) -> list[str]:
    return [procedure_name(procedure) for procedure in rules.procedures]


# Values


def value_words(parameter: Parameter, rules: Rules) -> str:
    """Return the value of a parameter in words."""
    value = getattr(rules, parameter.name)
    if special := SPECIAL.get(parameter.name):
        return special(value)
    match parameter.kind:
        case Kind.PERCENT:
            return f"{number(value, 2)} %"
        case Kind.BOOLEAN:
            return yes_no(value)
        case Kind.CHOICE:
            return parameter.title_of(value)
        case Kind.LOW_DEFINITION:
            return "; ".join(f"{kind_name(kind)} — {parameter.title_of(each)}" for kind, each in value.items())
        case _:
            return str(value)


def yes_no(value: bool) -> str:
    return "да" if value else "нет"


def kind_name(kind: str) -> str:
    return PROCEDURE_NAMES.get(kind, kind)


def procedures_words(procedures: Any) -> str:
    """Return «ВПР: русский язык 4, 5; математика 4. ОГЭ: …»."""
    kinds: dict[str, dict[str, list[int]]] = {}
    for each in procedures:
        kinds.setdefault(each.kind, {}).setdefault(each.subject, []).append(each.grade)
    return ". ".join(
        f"{kind_name(kind)}: {'; '.join(subject_words(subject, grades) for subject, grades in subjects.items())}"
        for kind, subjects in kinds.items()
    )


def subject_words(subject: str, grades: list[int]) -> str:
    known = BY_CODE.get(subject)
    return f"{(known.name if known else subject).lower()} {', '.join(map(str, sorted(grades)))}"


def levels_words(levels: Mapping[str, tuple[str, ...]]) -> str:
    """Return «КДР: четыре уровня — недостаточный и пониженный»."""
    return "; ".join(levels_of_scale(code, low) for code, low in levels.items()) or "как в шкалах"


def levels_of_scale(code: str, low: tuple[str, ...]) -> str:
    scale = all_scales()[code]
    return f"{scale.title} — {listing([level.title.lower() for level in scale.levels if level.code in low])}"


def risk_words(rule: RiskGroupRule | None) -> str:
    if rule is None:
        return "не выделяется"
    lower, upper = number(rule.share_min, 2), number(rule.share_max, 2)
    return f"от {lower} до {upper} %, процедур не менее {rule.min_procedures}"


def relative_words(rule: RelativeRule | None) -> str:
    if rule is None:
        return "не сравнивается"
    use = BY_NAME["relative_rule"].parts[-1].title_of(rule.use)
    works = f"; {works_words(rule)}" if rule.measure is Measure.EACH_WORK else ""
    return f"{cut_words(rule)} в группе ({cluster_words(rule)}), школ в ней не менее {rule.min_schools}{works}; {use}"


def works_words(rule: RelativeRule) -> str:
    return f"каждая работа отдельно, за границей не менее {count(rule.min_procedures, WORKS)}"


def cut_words(rule: RelativeRule) -> str:
    match rule.statistic:
        case Statistic.QUARTILE:
            return "худшая четверть"
        case Statistic.PERCENTILE:
            return f"худшие {trimmed(rule.cut)} %"
        case Statistic.ZSCORE:
            return f"на {trimmed(rule.cut)} стандартного отклонения и больше хуже среднего"


def cluster_words(rule: RelativeRule) -> str:
    """Return «вид школы, кластер региона по набору SPB-2026»."""
    titles = {key: BY_NAME["relative_rule"].parts[0].title_of(key) for key in rule.cluster_by}
    if ClusterKey.ASSIGNED in titles:
        titles[ClusterKey.ASSIGNED] += f" по набору {rule.cluster_set}"
    return ", ".join(titles.values())


def ranking_words(rule: RankingRule | None) -> str:
    if rule is None:
        return "не строится"
    use = BY_NAME["ranking_rule"].parts[-1].title_of(rule.use)
    return f"{last_words(rule)}; группы: {groups_words(rule)}; школ не менее {rule.min_schools}; {use}"


def last_words(rule: RankingRule) -> str:
    is_percent = rule.cut_kind is CutKind.PERCENT
    return f"последние {trimmed(rule.cut)} % школ" if is_percent else f"последние {int(rule.cut)} школ"


def groups_words(rule: RankingRule) -> str:
    return ", ".join(kind_name(group) for group in rule.groups)


def trend_words(rule: TrendRule | None) -> str:
    if rule is None:
        return "не составляются"
    return f"за {count(rule.years, YEARS)}; высокие — «4» и «5» не менее {trimmed(rule.high_share_pct)} % каждый год"


def trimmed(value: Any) -> str:
    """Return a decimal without the digits that say nothing: «30», «27,55»."""
    return number(value, 0 if value == int(value) else 2)


SPECIAL: Final[Mapping[str, Callable[[Any], str]]] = {
    "procedures": procedures_words,
    "low_levels": levels_words,
    "min_procedures": lambda value: f"не менее {value}",
    "years_required": lambda value: count(value, YEARS),
    "repeat_years": lambda value: count(value, YEARS),
    "small_n_warning": lambda value: f"меньше {value}",
    "exclude_types": lambda value: listing(sorted(value)) or "нет таких",
    "relative_rule": relative_words,
    "ranking_rule": ranking_words,
    "trend_rule": trend_words,
    "shnsu_rule": lambda value: "не учитывается" if value is None else value.index or "любой",
    "exit_rule": lambda value: f"{count(value.years_clear, YEARS)} без условий подряд",
    "risk_group_rule": risk_words,
}


# Sentences


def rule_sentences(rules: Rules) -> list[str]:
    """Return what the rule does, in sentences that need no table beside them."""
    return [
        main_sentence(rules),
        *low_sentences(rules),
        *small_sentences(rules),
        *data_sentences(rules),
        *outcome_sentences(rules),
    ]


def main_sentence(rules: Rules) -> str:
    """Return «Школа попадает в перечень, если …»."""
    if rules.trend_rule:
        return (
            f"Школа попадает в перечень, если в каждом из {count(rules.trend_rule.years, YEARS_OF)} "
            f"{first_condition(rules, is_alone=True)}."
        )
    own, other = own_conditions(rules), other_condition(rules)
    rule = rules.relative_rule or rules.ranking_rule
    if rule is None or other is None:
        return f"Школа попадает в перечень, если {own}."
    joined = {Use.SOLE: other, Use.ANY: f"{own}; или {other}", Use.ALL: f"{own}; и при этом {other}"}
    return f"Школа попадает в перечень, если {joined[rule.use]}."


def own_conditions(rules: Rules) -> str:
    """Return the conditions on the school itself, joined as the rule joins them."""
    first, second = first_condition(rules), second_condition(rules)
    if not rules.repeat_same_procedure:
        return first
    return {
        Combine.ANY: f"{first}, или {second}",
        Combine.ALL: f"{first}, и при этом {second}",
        Combine.C1_ONLY: first,
        Combine.C2_ONLY: second,
    }[rules.combine]


def first_condition(rules: Rules, *, is_alone: bool = False) -> str:
    forms = "предмете,предметах,предметах" if rules.count_subject_once else PROCEDURES
    where = count(rules.min_procedures, forms)
    text = f"не менее чем в {where} доля низких результатов {threshold_words(rules)} или больше"
    if is_alone or rules.years_required == 1:
        return text
    return f"{text}, и так {count(rules.years_required, YEARS)} подряд"


def second_condition(rules: Rules) -> str:
    years = years_running(rules.repeat_years)
    return f"доля низких результатов в одной и той же процедуре {years} {threshold_words(rules)} или больше"


def years_running(years: int) -> str:
    return "два года подряд" if years == 2 else f"{count(years, YEARS)} подряд"


def numbered_conditions(rules: Rules) -> str:
    """Return the conditions under the numbers that the reasons of a school give them, and how they are joined."""
    if rules.trend_rule or not rules.has_own_conditions:
        return main_sentence(rules)
    other = other_condition(rules)
    first = f"Условие 1 – {first_condition(rules)}"
    if rules.repeat_asked:
        own = f"{first}; условие 2 – {second_condition(rules)}. {COMBINE_WORDS[rules.combine]}."
    else:
        own = f"{first}."
    joined = {
        None: "",
        Use.ANY: f" Достаточно и условия о других школах: {other}.",
        Use.ALL: f" Обязательно и условие о других школах: {other}.",
    }
    return f"{own}{joined[rules.use]}"


COMBINE_WORDS: Final = {
    Combine.ANY: "Достаточно одного из двух условий",
    Combine.ALL: "Нужны оба условия",
    Combine.C1_ONLY: "Решает только первое условие",
    Combine.C2_ONLY: "Решает только второе условие",
}


def threshold_words(rules: Rules) -> str:
    return f"{trimmed(rules.share_threshold_pct)}{NBSP}%"


def other_condition(rules: Rules) -> str | None:
    """Return the condition on other schools, None when the rule has none."""
    if relative := rules.relative_rule:
        return relative_condition(relative, rules)
    if ranking := rules.ranking_rule:
        return (
            f"она входит в {last_words(ranking)} рейтинга, где каждая работа — показатель, а {groups_words(ranking)} — "
            f"группы показателей с равным весом"
        )
    return None


def relative_condition(relative: RelativeRule, rules: Rules) -> str:
    where = {
        Statistic.QUARTILE: "входит в худшую четверть похожих школ",
        Statistic.PERCENTILE: f"входит в худшие {trimmed(relative.cut)}{NBSP}% похожих школ",
        Statistic.ZSCORE: f"хуже среднего по похожим школам на {trimmed(relative.cut)} стандартного отклонения",
    }[relative.statistic]
    group = f"(общие: {cluster_words(relative)}; в группе не менее {count(relative.min_schools, SCHOOLS)})"
    if relative.measure is Measure.TOTAL:
        return f"по доле низких результатов во всех учтённых работах она {where} {group}"
    forms = "предмете,предметах,предметах" if rules.count_subject_once else IN_WORKS
    works = f"не менее чем в {count(relative.min_procedures, forms)} (каждая работа сравнивается отдельно)"
    return f"она {works} по доле низких результатов {where} {group}"


def low_sentences(rules: Rules) -> Iterator[str]:
    parameter = BY_NAME["low_definition"]
    used = {procedure.kind for procedure in rules.procedures}
    defined = [
        f"{kind_name(kind)} — {parameter.title_of(each)}" for kind, each in rules.low_definition.items() if kind in used
    ]
    yield f"Низкий результат: {'; '.join(defined)}."
    if LowDefinition.LEVELS_OF_SCALE in rules.low_definition.values() and rules.low_levels:
        yield f"Низкие уровни: {levels_words(rules.low_levels)}."
    if rules.quarter_kinds:
        yield (
            "Нижняя четверть – первичные баллы, не выше которых написала работу хотя бы четверть участников региона: "
            "граница своя у каждой работы и года, считается по распределениям баллов всех действующих школ региона и "
            "хранится с расчётом. Баллы целые, поэтому в ней бывает и больше четверти участников. Если распределения "
            "баллов у школы нет, её низкие результаты не известны."
        )


def small_sentences(rules: Rules) -> Iterator[str]:
    if rules.min_participants > 1:
        yield f"Работа, в которой меньше {count(rules.min_participants, PARTICIPANTS)}, сама по себе не учитывается."
    if rules.pool_small_schools is Pooling.GRADES:
        yield "Такие работы по одному предмету складываются вместе по всем параллелям, если вместе участников хватает."
    if rules.pool_small_schools is Pooling.YEARS:
        yield (
            "Такая работа складывается с той же работой прошлого и позапрошлого года, пока участников не хватит; "
            "за прошлые годы сложенное второй раз не считается."
        )


def data_sentences(rules: Rules) -> Iterator[str]:
    if rules.exclude_types:
        yield f"Правило не распространяется на виды: {listing(sorted(rules.exclude_types))}."
    if rules.attempt is Attempt.FINAL:
        yield "Учитываются пересдачи: тот, кто пересдал, низкого результата больше не имеет."
    if rules.objectivity_mode is not ObjectivityMode.FLAG:
        yield OBJECTIVITY[rules.objectivity_mode]
    if rules.missing_mode is MissingMode.TREAT_AS_OK:
        yield "Если результата нет, он считается хорошим."


OBJECTIVITY: Final = {
    ObjectivityMode.IGNORE: "Признаки необъективности результатов не учитываются.",
    ObjectivityMode.DROP_PROCEDURE: "Работа с признаками необъективности результатов не учитывается.",
    ObjectivityMode.SEPARATE_LIST: (
        "Школы с признаками необъективности результатов входят в отдельный перечень; такой результат может "
        "говорить только за включение школы, но не против него."
    ),
}


def outcome_sentences(rules: Rules) -> Iterator[str]:
    if trend := rules.trend_rule:
        yield (
            "В группу риска входит школа, у которой это выполнено в последнем году, но не в каждом; и та, у которой за "
            "другие годы учтённых результатов нет."
        )
        yield (
            f"Стабильно высокие результаты: {count(trend.years, YEARS)} подряд ни одной процедуры за порогом "
            f"и не менее {trimmed(trend.high_share_pct)}{NBSP}% отметок «4» и «5»."
        )
    if not rules.has_own_conditions:
        yield "Группы риска нет: она стоит у порога, а здесь решает только сравнение школ."
    elif risk := rules.risk_group_rule:
        yield (
            f"Группа риска: доля от {trimmed(risk.share_min)} до {trimmed(risk.share_max)}{NBSP}% "
            f"не менее чем в {count(risk.min_procedures, PROCEDURES)}."
        )
    if rules.shnsu_rule:
        yield "Школы в неблагоприятных социальных условиях отмечаются; на вывод это не влияет."
    yield f"Школа выходит из перечня, когда условия не выполнены {count(rules.exit_rule.years_clear, YEARS)} подряд."
