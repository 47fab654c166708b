"""Two rules side by side, and what a rule rests on."""

from dataclasses import replace
from decimal import Decimal

import pytest

from schools.actions.rule_sets import load_rule_set
from schools.identification import PARAMETERS, LowDefinition, Measure, Procedure, RelativeRule
from schools.rule_basis import rule_told
from schools.rule_comparison import in_order, pairs, requisites, sentences
from tests.factories.schools import make_act

pytestmark = pytest.mark.django_db


def test_pairs_hold_every_parameter_and_mark_those_that_differ() -> None:
    rules = load_rule_set(by=None).rules

    found = pairs(rules, replace(rules, share_threshold_pct=Decimal(35), min_participants=10))

    assert len(found) == len(PARAMETERS)
    assert [(pair.title, pair.first, pair.second) for pair in found if pair.differs] == [
        ("Доля низких результатов не менее", "30,00 %", "35,00 %"),
        ("Участников не менее", "1", "10"),
    ]


def test_comparison_work_by_work_differs_in_the_parameter_and_in_the_words() -> None:
    rules = load_rule_set(by=None).rules
    total, works = (replace(rules, relative_rule=RelativeRule(measure=each)) for each in Measure)

    grades, pair = [pair for pair in pairs(total, works) if pair.differs]

    assert (grades.first, grades.second) == ("нет (не применяется: решает сравнение школ)", "нет")
    assert pair.title == "Среди похожих школ"
    assert "каждая работа отдельно, за границей не менее 2" in pair.second
    assert [each.is_own for each in sentences(works, total)].count(True) == 1


def test_lower_quarter_is_a_difference_in_words() -> None:
    rules = load_rule_set(by=None).rules
    scored = replace(rules, low_definition={**rules.low_definition, "VPR": LowDefinition.LOWER_QUARTILE})

    (pair,) = [pair for pair in pairs(rules, scored) if pair.differs]

    assert (pair.title, pair.second.split(";")[0]) == ("Низкий результат", "ВПР — в нижней четверти первичных баллов")
    assert any("граница своя у каждой работы" in each.text for each in sentences(scored, rules) if each.is_own)


def test_order_of_works_is_no_difference() -> None:
    rules = load_rule_set(by=None).rules
    turned = replace(
        rules,
        procedures=rules.procedures[::-1],
        low_definition=dict(reversed(list(rules.low_definition.items()))),
    )

    assert not any(pair.differs for pair in pairs(rules, turned))
    assert not any(each.is_own for each in sentences(rules, turned))


def test_unknown_kinds_and_subjects_stand_last() -> None:
    works = (Procedure("ABC", "RU", 1), Procedure("VPR", "ZZ", 4), Procedure("VPR", "RU", 4))

    ordered = in_order(replace(load_rule_set(by=None).rules, procedures=works))

    assert ordered.procedures == works[::-1]


def test_requisites_say_what_is_not_given() -> None:
    rule_set = load_rule_set(by=None)
    rule_set.provenance = " "

    told = {pair.title: pair.first for pair in requisites(rule_set, rule_set)}

    assert told["Документ-основание"] == "не указан"
    assert told["Происхождение параметров"] == told["Обоснование изменений"] == "не указано"
    assert told["Год"] == "2025"


def test_sentences_are_marked_where_the_other_rule_says_something_else() -> None:
    rules = load_rule_set(by=None).rules

    marked = sentences(replace(rules, share_threshold_pct=Decimal(35), min_participants=10), rules)

    assert [each.is_own for each in marked] == [True, False, True, False, False]
    assert "меньше 10\u00a0участников" in marked[2].text


def test_rule_tells_its_document_and_provenance() -> None:
    rule_set = load_rule_set(by=None)
    rule_set.basis_document, rule_set.provenance = make_act(number="15"), "Из приказа\n"

    assert rule_told(rule_set).endswith("№\u00a015. Происхождение параметров: Из приказа.")
    rule_set.basis_document, rule_set.provenance = None, "Из приказа."
    assert rule_told(rule_set) == "Документ-основание: не указан. Происхождение параметров: Из приказа."
