"""What follows a changed threshold, and how a version tells its difference."""

from decimal import Decimal
from typing import Any

import pytest

from schools.errors import RuleSetRefused
from schools.identification import RiskGroupRule
from schools.rule_changes import change_words, changed_rules, provenance_of_changed
from tests.factories.identification import make_rules, ru_2025


@pytest.mark.parametrize(
    ("threshold", "lower", "upper"),
    [
        pytest.param("45.5", "25", "45.5", id="raised: no gap below the threshold"),
        pytest.param("30", "25", "30", id="the same"),
        pytest.param("27.55", "25", "27.55", id="lowered inside the zone"),
        pytest.param("25", "20", "25", id="lowered to its lower edge: the width is kept"),
        pytest.param("10", "5", "10", id="lowered below it"),
        pytest.param("3", "1.5", "3", id="no room for the width"),
    ],
)
def test_risk_group_follows_the_threshold(threshold: str, lower: str, upper: str) -> None:
    zone = changed_rules(ru_2025(), {"share_threshold_pct": threshold}).risk_group_rule

    assert zone == RiskGroupRule(share_min=Decimal(lower), share_max=Decimal(upper))


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        pytest.param({"share_min": "20", "share_max": "28"}, {}, id="a zone that did not reach the threshold"),
        pytest.param(None, {}, id="no risk group"),
        pytest.param({}, {"risk_group_rule": {"share_min": "10", "share_max": "15"}}, id="asked for itself"),
    ],
)
def test_other_risk_groups_stay_as_they_are_said(own: dict[str, Any] | None, asked: dict[str, Any]) -> None:
    stored = {**make_rules().to_parameters(), **({"risk_group_rule": own} if own != {} else {})}
    expected = make_rules(**{"risk_group_rule": own, **asked}).risk_group_rule

    assert changed_rules(stored, {"share_threshold_pct": "45", **asked}).risk_group_rule == expected


def test_contradiction_is_refused() -> None:
    with pytest.raises(RuleSetRefused, match="combine"):
        changed_rules(ru_2025(), {"combine": "ALL", "repeat_same_procedure": False})


def test_changes_are_told_with_both_values() -> None:
    after = changed_rules(ru_2025(), {"share_threshold_pct": "45.5", "min_procedures": 3})

    assert change_words(make_rules(), after) == [
        "доля низких результатов не менее — 45,50 % (было: 30,00 %)",
        "условие 1: процедур за порогом — не менее 3 (было: не менее 2)",
        "группа риска — от 25,00 до 45,50 %, процедур не менее 1 (было: от 25,00 до 30,00 %, процедур не менее 1)",
    ]


def test_long_values_are_not_quoted() -> None:
    rules = make_rules()
    fewer = [each._asdict() for each in rules.procedures[1:]]

    (told,) = change_words(rules, changed_rules(rules.to_parameters(), {"procedures": fewer}))

    assert told == "оценочные процедуры — изменено"


def test_provenance_says_whose_text_follows() -> None:
    rules = make_rules()
    after = changed_rules(ru_2025(), {"min_participants": 10})

    told = provenance_of_changed("RU-2025, версия 1", " Не менее 30 %.\n", rules, after)

    assert told == (
        "Отличается от версии «RU-2025, версия 1»: участников не менее — 10 (было: 1). Остальные параметры — как в "
        "ней. Следующий текст — о параметрах версии «RU-2025, версия 1»:\n\nНе менее 30 %."
    )
    assert provenance_of_changed("RU-2025, версия 1", "", rules, after).endswith("Остальные параметры — как в ней.")
    assert provenance_of_changed("RU-2025, версия 1", "Текст", rules, rules) == "Текст"
