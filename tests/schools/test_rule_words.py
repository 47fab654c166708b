"""The rule in Russian: every parameter, and the sentences that say what it does."""

from typing import Any

import pytest

from accounts.russian import NBSP
from schools.identification import PARAMETERS
from schools.rule_comparison import pairs
from schools.rule_words import facts_of, numbered_conditions, parameter_facts, procedure_names, rule_sentences
from tests.factories.identification import make_rules

C1_ONLY = {"repeat_same_procedure": False, "combine": "C1_ONLY"}


def sentences(**changes: Any) -> list[str]:
    return [sentence.replace(NBSP, " ") for sentence in rule_sentences(make_rules(**changes))]


def first(**changes: Any) -> str:
    return sentences(**changes)[0]


def value(name: str, **changes: Any) -> str:
    (fact,) = [fact for fact in facts_of(make_rules(**changes)) if fact.name == name]
    return fact.value.replace(NBSP, " ")


QUARTER = {"low_definition": {"VPR": "LOWER_QUARTILE", "OGE": "MARK_2", "EGE": "MARK_2"}}


def test_lower_quarter_is_named_and_explained() -> None:
    told = sentences(**QUARTER)

    expected = "ВПР — в нижней четверти первичных баллов; ОГЭ — отметка «2»; ЕГЭ — отметка «2»"
    assert value("low_definition", **QUARTER) == expected
    assert f"Низкий результат: {expected}." in told
    (meaning,) = [sentence for sentence in told if "граница своя у каждой работы и года" in sentence]
    assert "бывает и больше четверти участников" in meaning
    assert not any("четверть" in sentence for sentence in sentences())


# The table


def test_every_parameter_is_said_in_words() -> None:
    facts = {title: value for title, value, _ in parameter_facts(make_rules())}

    assert facts["Доля низких результатов не менее"] == "30,00 %"
    assert facts["Соединение условий"] == "достаточно одного"
    assert facts["Группа риска"] == "от 25,00 до 30,00 %, процедур не менее 1"
    assert facts["Правило не распространяется на виды"] == "нет таких"
    assert facts["Низкий результат"] == "ВПР — отметка «2»; ОГЭ — отметка «2»; ЕГЭ — ниже минимального балла"


def test_switched_parameters_read_otherwise() -> None:
    rules = make_rules(combine="ALL", exclude_types=["О(С)ОШ", "НОШ"], risk_group_rule=None, years_required=2)

    facts = {title: value for title, value, _ in parameter_facts(rules)}

    assert facts["Соединение условий"] == "нужны оба"
    assert facts["Правило не распространяется на виды"] == "НОШ и О(С)ОШ"
    assert facts["Группа риска"] == "не выделяется"


def test_facts_stand_in_the_order_of_the_declaration_so_two_rules_can_be_set_side_by_side() -> None:
    names = [fact.name for fact in facts_of(make_rules())]

    assert names == [parameter.name for parameter in PARAMETERS]
    assert names == [fact.name for fact in facts_of(make_rules(trend_rule={}, combine="C1_ONLY"))]


SOLE = {"relative_rule": {"cluster_by": ["KIND"], "use": "SOLE"}}
BY_COMPARISON = "решает сравнение школ"


@pytest.mark.parametrize(
    ("changes", "unused"),
    [
        pytest.param(
            SOLE,
            {
                "share_threshold_pct": BY_COMPARISON,
                "min_procedures": BY_COMPARISON,
                "years_required": BY_COMPARISON,
                "repeat_same_procedure": BY_COMPARISON,
                "repeat_years": BY_COMPARISON,
                "combine": BY_COMPARISON,
                "count_subject_once": BY_COMPARISON,
                "missing_mode": BY_COMPARISON,
                "risk_group_rule": BY_COMPARISON,
            },
            id="other schools",
        ),
        pytest.param({"relative_rule": {"cluster_by": ["KIND"], "use": "ANY"}}, {}, id="other schools besides"),
        pytest.param(
            {"trend_rule": {}},
            dict.fromkeys(
                ("years_required", "repeat_same_procedure", "repeat_years", "combine"),
                "решают перечни за несколько лет",
            ),
            id="three lists",
        ),
        pytest.param(
            {"combine": "C1_ONLY"},
            dict.fromkeys(("repeat_same_procedure", "repeat_years"), "решает только условие 1"),
            id="condition 1",
        ),
        pytest.param(
            {"combine": "C2_ONLY"},
            dict.fromkeys(("min_procedures", "years_required", "count_subject_once"), "решает только условие 2"),
            id="condition 2",
        ),
        pytest.param(
            {"procedures": [{"kind": "VPR", "subject": "RU", "grade": 5}]},
            {"attempt": "государственных экзаменов в правиле нет"},
            id="no exams",
        ),
    ],
)
def test_parameter_that_another_one_silences_says_why(changes: dict[str, Any], unused: dict[str, str]) -> None:
    facts = facts_of(make_rules(**changes))

    told = {fact.name: fact.unused for fact in facts if fact.unused}
    assert told.pop("low_levels") == "низкие результаты названы не уровнями"
    assert told == unused


def test_unused_parameter_is_marked_in_the_table_and_beside_another_rule() -> None:
    sole = make_rules(**SOLE)

    (threshold,) = [fact for fact in parameter_facts(sole) if fact[0] == "Доля низких результатов не менее"]
    (pair,) = [each for each in pairs(make_rules(), sole) if each.title == "Доля низких результатов не менее"]

    assert threshold == ("Доля низких результатов не менее", "30,00 %", f"не применяется: {BY_COMPARISON}")
    assert (pair.first, pair.second) == ("30,00 %", f"30,00 % (не применяется: {BY_COMPARISON})")


def test_no_value_is_left_in_the_words_of_the_program() -> None:
    variants: list[dict[str, Any]] = [
        {},
        {"relative_rule": {}, "shnsu_rule": {}},
        {"ranking_rule": {"use": "ALL"}, "pool_small_schools": "YEARS", "min_participants": 10},
        {"trend_rule": {}, "low_levels": {"KDR4": ["insufficient"]}, "attempt": "FINAL"},
    ]
    shown = [fact.value for changes in variants for fact in facts_of(make_rules(**changes))]

    assert not [text for text in shown if text.isupper() or text in {"True", "False", "None"} or "{" in text]


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        pytest.param(
            "procedures",
            {"procedures": [{"kind": "VPR", "subject": "RU", "grade": 5}], **C1_ONLY},
            "ВПР: русский язык 5",
            id="one work",
        ),
        pytest.param("low_levels", {}, "как в шкалах", id="levels of the scales"),
        pytest.param(
            "low_levels",
            {"low_levels": {"KDR4": ["insufficient", "reduced"]}},
            "КДР: четыре уровня — недостаточный и пониженный",
            id="levels of the rule",
        ),
        pytest.param("pool_small_schools", {}, "не объединяются", id="no pooling"),
        pytest.param("attempt", {"attempt": "FINAL"}, "с учётом пересдач", id="retakes"),
        pytest.param("relative_rule", {}, "не сравнивается", id="no comparison"),
        pytest.param(
            "relative_rule",
            {"relative_rule": {}},
            "худшая четверть в группе (вид школы, тип населённого пункта), школ в ней не менее 8; решает только оно",
            id="quarter",
        ),
        pytest.param(
            "relative_rule",
            {"relative_rule": {"statistic": "PERCENTILE", "cut": "12.5", "cluster_by": ["SIZE"], "use": "ANY"}},
            "худшие 12,50 % в группе (число обучающихся), школ в ней не менее 8; "
            "достаточно его или условий самой школы",
            id="percentile",
        ),
        pytest.param(
            "relative_rule",
            {
                "relative_rule": {
                    "statistic": "ZSCORE",
                    "cut": "1.5",
                    "cluster_by": ["SOCIAL"],
                    "measure": "TOTAL",
                    "min_procedures": 3,
                    "use": "ALL",
                }
            },
            "на 1,50 стандартного отклонения и больше хуже среднего в группе (социальные условия), "
            "школ в ней не менее 8; нужны и оно, и условия самой школы",
            id="deviations",
        ),
        pytest.param(
            "relative_rule",
            {"relative_rule": {"cluster_by": ["KIND"], "measure": "EACH_WORK", "min_procedures": 1}},
            "худшая четверть в группе (вид школы), школ в ней не менее 8; каждая работа отдельно, за границей не менее "
            "1 работы; решает только оно",
            id="work by work",
        ),
        pytest.param(
            "relative_rule",
            {"relative_rule": {"cluster_by": ["ASSIGNED", "KIND"], "cluster_set": "SPB-2026"}},
            "худшая четверть в группе (кластер региона по набору SPB-2026, вид школы), школ в ней не менее 8; "
            "решает только оно",
            id="clusters of the region",
        ),
        pytest.param("ranking_rule", {}, "не строится", id="no ranking"),
        pytest.param(
            "ranking_rule",
            {"ranking_rule": {"cut_kind": "SCHOOLS", "cut": 5}},
            "последние 5 школ; группы: ЕГЭ, ОГЭ, ВПР; школ не менее 8; решает только оно",
            id="last schools",
        ),
        pytest.param("trend_rule", {}, "не составляются", id="no lists over years"),
        pytest.param(
            "trend_rule",
            {"trend_rule": {}},
            "за 3 года; высокие — «4» и «5» не менее 60 % каждый год",
            id="three lists",
        ),
        pytest.param("shnsu_rule", {"shnsu_rule": {"index": "ISB"}}, "ISB", id="index by its code"),
        pytest.param("shnsu_rule", {"shnsu_rule": {}}, "любой", id="any index"),
        pytest.param("exit_rule", {"exit_rule": {"years_clear": 5}}, "5 лет без условий подряд", id="way out"),
    ],
)
def test_value_of_a_parameter_reads_as_people_say_it(name: str, changes: dict[str, Any], expected: str) -> None:
    assert value(name, **changes) == expected


def test_procedures_are_named() -> None:
    names = procedure_names(make_rules())

    assert (names[0], names[-1]) == ("ВПР, русский язык, 4 класс", "ЕГЭ, математика профильная, 11 класс")


# The sentences

FIRST = "не менее чем в 2 процедурах доля низких результатов 30 % или больше"
SECOND = "доля низких результатов в одной и той же процедуре два года подряд 30 % или больше"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, f"{FIRST}, или {SECOND}.", id="either"),
        pytest.param({"combine": "ALL"}, f"{FIRST}, и при этом {SECOND}.", id="both"),
        pytest.param({"combine": "C2_ONLY"}, f"{SECOND}.", id="only the repeat"),
        pytest.param(C1_ONLY, f"{FIRST}.", id="only the number"),
        pytest.param({**C1_ONLY, "years_required": 2}, f"{FIRST}, и так 2 года подряд.", id="two years"),
        pytest.param(
            {**C1_ONLY, "count_subject_once": True, "min_procedures": 1, "share_threshold_pct": "27.55"},
            "не менее чем в 1 предмете доля низких результатов 27,55 % или больше.",
            id="subjects",
        ),
        pytest.param(
            {"combine": "C2_ONLY", "repeat_years": 3},
            "доля низких результатов в одной и той же процедуре 3 года подряд 30 % или больше.",
            id="three years",
        ),
        pytest.param({"trend_rule": {}}, f"в каждом из 3 лет {FIRST}.", id="trend"),
        pytest.param(
            {"relative_rule": {"cluster_by": ["KIND"]}},
            "по доле низких результатов во всех учтённых работах она входит в худшую четверть похожих школ "
            "(общие: вид школы; в группе не менее 8 школ).",
            id="quarter",
        ),
        pytest.param(
            {"relative_rule": {"cluster_by": ["ASSIGNED"], "cluster_set": "SPB-2026"}},
            "по доле низких результатов во всех учтённых работах она входит в худшую четверть похожих школ "
            "(общие: кластер региона по набору SPB-2026; в группе не менее 8 школ).",
            id="quarter of a cluster of the region",
        ),
        pytest.param(
            {"relative_rule": {"statistic": "ZSCORE", "cut": 1, "cluster_by": ["KIND"], "use": "ANY"}, **C1_ONLY},
            f"{FIRST}; или по доле низких результатов во всех учтённых работах она хуже среднего по похожим школам "
            "на 1 стандартного отклонения (общие: вид школы; в группе не менее 8 школ).",
            id="deviations or",
        ),
        pytest.param(
            {"relative_rule": {"cluster_by": ["KIND"], "measure": "EACH_WORK"}},
            "она не менее чем в 2 работах (каждая работа сравнивается отдельно) по доле низких результатов входит "
            "в худшую четверть похожих школ (общие: вид школы; в группе не менее 8 школ).",
            id="quarter work by work",
        ),
        pytest.param(
            {"relative_rule": {"cluster_by": ["KIND"], "measure": "EACH_WORK"}, "count_subject_once": True},
            "она не менее чем в 2 предметах (каждая работа сравнивается отдельно) по доле низких результатов "
            "входит в худшую четверть похожих школ (общие: вид школы; в группе не менее 8 школ).",
            id="quarter of subjects",
        ),
        pytest.param(
            {"ranking_rule": {"groups": ["VPR", "OGE"], "use": "ALL"}, **C1_ONLY},
            f"{FIRST}; и при этом она входит в последние 10 % школ рейтинга, где каждая работа — показатель, "
            "а ВПР, ОГЭ — группы показателей с равным весом.",
            id="ranking and",
        ),
    ],
)
def test_first_sentence_says_who_gets_into_the_list(changes: dict[str, Any], expected: str) -> None:
    assert first(**changes) == f"Школа попадает в перечень, если {expected}"


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        pytest.param({"min_participants": 10}, "меньше 10 участников, сама по себе не учитывается", id="small"),
        pytest.param({"min_participants": 10, "pool_small_schools": "GRADES"}, "по всем параллелям", id="grades"),
        pytest.param({"min_participants": 10, "pool_small_schools": "YEARS"}, "позапрошлого года", id="years"),
        pytest.param({"exclude_types": ["НОШ"]}, "не распространяется на виды: НОШ.", id="kinds"),
        pytest.param({"attempt": "FINAL"}, "Учитываются пересдачи", id="retakes"),
        pytest.param({"objectivity_mode": "IGNORE"}, "Признаки необъективности результатов не учит", id="ignored"),
        pytest.param({"objectivity_mode": "DROP_PROCEDURE"}, "Работа с признаками необъективности", id="dropped"),
        pytest.param({"objectivity_mode": "SEPARATE_LIST"}, "в отдельный перечень", id="separate list"),
        pytest.param({"missing_mode": "TREAT_AS_OK"}, "Если результата нет, он считается хорошим.", id="missing"),
        pytest.param({"trend_rule": {}}, "Стабильно высокие результаты: 3 года подряд", id="high"),
        pytest.param({"shnsu_rule": {}}, "на вывод это не влияет", id="social"),
        pytest.param({}, "доля от 25 до 30 % не менее чем в 1 процедуре", id="risk group"),
        pytest.param({}, "Школа выходит из перечня, когда условия не выполнены 2 года подряд.", id="way out"),
    ],
)
def test_each_switched_parameter_has_its_sentence(changes: dict[str, Any], part: str) -> None:
    assert part in " ".join(sentences(**changes))


def test_what_is_switched_off_is_not_spoken_of() -> None:
    text = " ".join(sentences(risk_group_rule=None))

    assert "Группа риска" not in text
    assert "пересдач" not in text
    assert "необъективн" not in text


def test_levels_that_the_rule_calls_low_are_named() -> None:
    definition = {"VPR": "MARK_2", "OGE": "MARK_2", "EGE": "BELOW_MINIMUM", "KDR": "LEVELS_OF_SCALE"}
    text = " ".join(sentences(low_definition=definition, low_levels={"KDR4": ["insufficient", "reduced"]}))

    assert "Низкие уровни: КДР: четыре уровня — недостаточный и пониженный." in text


# The conditions under their numbers


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, f"Условие 1 – {FIRST}; условие 2 – {SECOND}. Достаточно одного из двух условий.", id="either"),
        pytest.param({"combine": "ALL"}, f"Условие 1 – {FIRST}; условие 2 – {SECOND}. Нужны оба условия.", id="both"),
        pytest.param(
            {"combine": "C1_ONLY"},
            f"Условие 1 – {FIRST}; условие 2 – {SECOND}. Решает только первое условие.",
            id="the first",
        ),
        pytest.param(
            {**C1_ONLY, "years_required": 2}, f"Условие 1 – {FIRST}, и так 2 года подряд.", id="no repeat, two years"
        ),
        pytest.param({"trend_rule": {}}, f"Школа попадает в перечень, если в каждом из 3 лет {FIRST}.", id="trend"),
        pytest.param(
            {"ranking_rule": {"groups": ["VPR", "OGE"], "use": "ALL"}, **C1_ONLY},
            f"Условие 1 – {FIRST}. Обязательно и условие о других школах: она входит в последние 10 % школ рейтинга, "
            "где каждая работа — показатель, а ВПР, ОГЭ — группы показателей с равным весом.",
            id="ranking and",
        ),
    ],
)
def test_conditions_are_told_under_the_numbers_that_reasons_give_them(changes: dict[str, Any], expected: str) -> None:
    assert numbered_conditions(make_rules(**changes)).replace(NBSP, " ") == expected


def test_comparison_that_decides_alone_has_no_number() -> None:
    told = numbered_conditions(make_rules(relative_rule={"cluster_by": ["KIND"]}))

    assert told.startswith("Школа попадает в перечень, если по доле")
    assert "словие" not in told
