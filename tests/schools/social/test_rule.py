"""The rule of the social index, without a database."""

from decimal import Decimal
from typing import Any

import pytest

from schools.social import Direction, SocialRule, SocialRuleRefused, Source
from schools.statistics import catalogue_of
from tests.factories.social import make_social_rule, shipped_parameters


def refused(**changes: Any) -> list[str]:
    with pytest.raises(SocialRuleRefused) as refusal:
        make_social_rule(**changes)
    return refusal.value.problems


def changed_first(**fields: Any) -> dict[str, Any]:
    first, *rest = shipped_parameters()["indicators"]
    return {"indicators": [{**first, **fields}, *rest]}


def test_shipped_rule_is_the_one_of_the_method() -> None:
    rule = make_social_rule()

    assert [(str(each.weight), str(each.low), str(each.high)) for each in rule.indicators] == [
        ("0.25", "5", "45"),
        ("0.15", "10", "40"),
        ("0.15", "0", "20"),
        ("0.15", "0", "8"),
        ("0.10", "0", "8"),
        ("0.10", "0", "40"),
        ("0.10", "0", "20"),
    ]
    assert [each.direction for each in rule.indicators] == [Direction.EASIER, *[Direction.HARDER] * 6]
    assert (rule.cut, rule.completeness_min) == (Decimal(40), Decimal("0.8"))


def test_stored_rule_reads_back_the_same() -> None:
    rule = make_social_rule()

    assert SocialRule.from_parameters(rule.to_parameters()) == rule


def test_every_source_of_the_shipped_rule_is_a_share_in_a_form() -> None:
    for source in make_social_rule().sources:
        catalogue = catalogue_of(source.form)
        assert catalogue.item(source.item).whole
        assert catalogue.item(source.item).is_asked_in(source.section)
        assert catalogue.section(source.section)


def test_second_source_stands_in() -> None:
    language = next(each for each in make_social_rule().indicators if each.code == "second_language")

    assert language.sources[1] == Source(form="SA-1", item="pupils_second_language")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"indicators": []}, "нет ни одного показателя"),
        (changed_first(weight="0.20"), "Сумма весов должна быть 1, сейчас 0,95."),
        (changed_first(weight="0"), "вес должен быть больше 0"),
        (changed_first(weight="много"), "вес: ожидается число, найдено «много»"),
        (changed_first(weight="NaN"), "вес: ожидается число, найдено «NaN»"),
        (changed_first(low="45"), "нижняя меньше верхней"),
        (changed_first(high="120"), "от 0 до 100"),
        (changed_first(sources=[]), "не сказано, откуда брать значение"),
        (changed_first(direction="UP"), "найдено «UP»"),
        (changed_first(code="single_parent"), "«single_parent» назван дважды"),
        ({"cut": "0"}, "Порог индекса"),
        ({"cut": "101"}, "Порог индекса"),
        ({"completeness_min": "0"}, "Полнота данных"),
        ({"completeness_min": "1.2"}, "Полнота данных"),
    ],
)
def test_wrong_rule_is_refused_by_what_is_wrong(changes: dict[str, Any], words: str) -> None:
    assert any(words in problem for problem in refused(**changes))


def test_every_problem_is_told_at_once() -> None:
    problems = refused(**changed_first(low="50", sources=[]), cut="0")

    assert len(problems) == 3
