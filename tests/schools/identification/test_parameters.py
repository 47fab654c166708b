"""The table of parameters and the rule say the same; nothing is declared twice or left without words."""

from dataclasses import fields
from typing import Any

import pytest

from schools.identification import PARAMETERS, Kind, Parameter, Rules, RulesRefused
from schools.identification.parameters import undeclared
from tests.factories.identification import make_rules

EVERY = [*PARAMETERS, *(part for parameter in PARAMETERS for part in parameter.parts)]


def test_every_field_of_a_rule_is_declared_and_nothing_else() -> None:
    assert list(undeclared(Rules)) == []
    assert len({parameter.name for parameter in PARAMETERS}) == len(PARAMETERS)


@pytest.mark.parametrize("parameter", [each for each in PARAMETERS if each.rule], ids=lambda each: each.name)
def test_parts_of_a_nested_rule_are_its_fields(parameter: Parameter) -> None:
    assert parameter.rule is not None
    assert [part.name for part in parameter.parts] == [field.name for field in fields(parameter.rule)]


@pytest.mark.parametrize("parameter", EVERY, ids=lambda each: each.name)
def test_every_parameter_has_a_title_and_every_choice_too(parameter: Parameter) -> None:
    assert parameter.title
    if parameter.choice:
        assert {parameter.title_of(member) for member in parameter.choice} == set((parameter.choices or {}).values())
    assert (parameter.kind is Kind.RULE) is bool(parameter.parts)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"relative_rule": {"statistic": "MEDIAN"}}, "relative_rule.statistic: указано 'MEDIAN'", id="word"
        ),
        pytest.param({"relative_rule": {"cluster_by": []}}, "relative_rule.cluster_by: указано []", id="no cluster"),
        pytest.param({"relative_rule": {"cluster_by": ["WEATHER"]}}, "список из: KIND, LOCALITY", id="odd cluster"),
        pytest.param({"relative_rule": {"cut": 0}}, "relative_rule.cut: указано 0", id="no cut"),
        pytest.param({"relative_rule": {"cut": 30}}, "четверть — это 25", id="quarter of thirty"),
        pytest.param({"relative_rule": {"statistic": "PERCENTILE", "cut": 100}}, "меньше 100 %", id="everybody"),
        pytest.param({"relative_rule": {"min_schools": 1}}, "целое число не меньше 2", id="alone"),
        pytest.param({"relative_rule": {"size_bounds": [300, 100]}}, "по возрастанию", id="falling sizes"),
        pytest.param({"relative_rule": {}, "ranking_rule": {}}, "оставьте одно из них", id="two comparisons"),
        pytest.param(
            {"trend_rule": {}, "relative_rule": {}}, "trend_rule: вместе с relative_rule", id="trend and others"
        ),
        pytest.param({"trend_rule": {"years": 1}}, "trend_rule.years: указано 1", id="a year is no trend"),
        pytest.param({"ranking_rule": {"groups": ["KDR"]}}, "KDR нет среди процедур", id="group without works"),
        pytest.param({"ranking_rule": {"groups": []}}, "непустой список строк", id="no groups"),
        pytest.param({"ranking_rule": {"cut_kind": "SCHOOLS", "cut": "2.5"}}, "целое число школ", id="half a school"),
        pytest.param({"pool_small_schools": "GRADES"}, "объединять нечего", id="nothing to pool"),
        pytest.param({"pool_small_schools": True, "min_participants": 10}, "NONE, GRADES, YEARS", id="an old switch"),
        pytest.param({"repeat_years": 1}, "repeat_years: указано 1", id="a repeat of one year"),
        pytest.param({"shnsu_rule": {"index": 5}}, "shnsu_rule.index: указано 5", id="index as a number"),
        pytest.param({"shnsu_rule": {"cut": 40}}, "shnsu_rule.cut: такого параметра нет", id="cut of another rule"),
        pytest.param({"exit_rule": None}, "exit_rule: указано None", id="no way out"),
        pytest.param({"low_levels": {"KDR9": ["poor"]}}, "шкалы KDR9 нет. Есть: FG5, KDR4", id="no such scale"),
        pytest.param({"low_levels": {"KDR4": ["poor"]}}, "уровня poor нет. Есть: insufficient, reduced", id="no level"),
        pytest.param({"low_levels": {"KDR4": []}}, "таблица «шкала — список уровней»", id="no levels"),
    ],
)
def test_wrong_variant_is_refused_with_what_is_allowed(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(RulesRefused) as refused:
        make_rules(**changes)

    assert problem in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"relative_rule": {"statistic": "ZSCORE", "cut": "1.5", "cluster_by": ["SIZE"]}}, id="relative"),
        pytest.param({"ranking_rule": {"cut": 5, "cut_kind": "SCHOOLS", "use": "ANY"}}, id="ranking"),
        pytest.param({"trend_rule": {"high_share_pct": "65.5"}}, id="trend"),
        pytest.param({"pool_small_schools": "YEARS", "min_participants": 10}, id="pooling"),
        pytest.param({"shnsu_rule": {"index": "ISB"}}, id="index"),
        pytest.param({"low_levels": {"KDR4": ["insufficient", "reduced"]}}, id="levels"),
        pytest.param({"attempt": "FINAL", "objectivity_mode": "SEPARATE_LIST", "repeat_years": 3}, id="data"),
    ],
)
def test_stored_variant_is_read_back_unchanged(changes: dict[str, Any]) -> None:
    rules = make_rules(**changes)

    assert Rules.from_parameters(rules.to_parameters()) == rules


def test_switch_of_pooling_as_it_was_stored_before_means_no_pooling() -> None:
    assert make_rules(pool_small_schools=False) == make_rules(pool_small_schools="NONE")


@pytest.mark.parametrize(
    ("changes", "years", "read"),
    [
        pytest.param({}, 2, 2, id="a repeat"),
        pytest.param({"repeat_same_procedure": False, "combine": "C1_ONLY"}, 1, 1, id="one year"),
        pytest.param({"years_required": 3}, 3, 3, id="three years"),
        pytest.param({"repeat_years": 4}, 4, 4, id="a repeat of four"),
        pytest.param({"trend_rule": {"years": 5}}, 5, 5, id="a trend"),
        pytest.param({"pool_small_schools": "YEARS", "min_participants": 10}, 2, 4, id="two more to pool"),
    ],
)
def test_rule_says_which_years_it_reads(changes: dict[str, Any], years: int, read: int) -> None:
    rules = make_rules(**changes)

    assert (rules.years, rules.years_read) == (years, read)
