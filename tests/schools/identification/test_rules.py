"""Parameters: all stored, wrong ones refused with the way out, contradictions named."""

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from schools.identification import (
    Attempt,
    Combine,
    ExitRule,
    LowDefinition,
    MissingMode,
    ObjectivityMode,
    RiskGroupRule,
    Rules,
    RulesRefused,
)
from tests.factories.identification import SCHOOLS, make_rules, procedure, ru_2025

VPR_RU_5 = {"kind": "VPR", "subject": "RU", "grade": 5}
MINIMAL: dict[str, Any] = {
    "procedures": [VPR_RU_5],
    "low_definition": {"VPR": "MARK_2"},
}


def test_shipped_rule_set_holds_the_published_parameters() -> None:
    rules = make_rules()

    assert rules.share_threshold_pct == 30
    assert (rules.min_procedures, rules.years_required, rules.repeat_same_procedure) == (2, 1, True)
    assert (rules.combine, rules.min_participants, rules.small_n_warning) == (Combine.ANY, 1, 10)
    assert len(rules.procedures) == 17


def test_shipped_rule_set_names_every_parameter_that_has_a_value() -> None:
    unset = {"relative_rule", "ranking_rule", "trend_rule", "shnsu_rule", "low_levels", "repeat_years"}

    assert set(ru_2025()) == set(Rules.from_parameters(ru_2025()).to_parameters()) - unset


def test_shipped_rule_set_has_a_code_a_title_and_a_provenance() -> None:
    with (SCHOOLS / "rule_sets" / "ru_2025.toml").open("rb") as file:
        head = tomllib.load(file)

    assert (head["code"], head["year"]) == ("RU-2025", 2025)
    assert head["provenance"].startswith("\n") is False
    assert "30 %" in head["provenance"]


def test_absent_parameters_have_the_published_defaults() -> None:
    rules = Rules.from_parameters(MINIMAL)

    assert rules == Rules(procedures=(procedure(),), low_definition={"VPR": LowDefinition.MARK_2})
    assert (rules.attempt, rules.objectivity_mode) == (Attempt.FIRST, ObjectivityMode.FLAG)
    assert (rules.missing_mode, rules.exit_rule) == (MissingMode.NO_DATA, ExitRule(years_clear=2))
    assert rules.risk_group_rule == RiskGroupRule(share_min=Decimal(25), share_max=Decimal(30), min_procedures=1)


def test_stored_parameters_are_read_back_unchanged() -> None:
    rules = make_rules(share_threshold_pct="27.55", exclude_types=["НОШ"], combine="ALL")

    assert Rules.from_parameters(rules.to_parameters()) == rules
    assert rules.to_parameters()["share_threshold_pct"] == "27.55"


def test_risk_group_can_be_switched_off() -> None:
    assert make_rules(risk_group_rule=None).risk_group_rule is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"share_threshold_pct": 0}, "share_threshold_pct: указано 0, нужно число больше 0", id="zero"),
        pytest.param({"share_threshold_pct": "100.01"}, "до 100", id="above hundred"),
        pytest.param({"share_threshold_pct": "29.995"}, "не более двух знаков", id="three digits"),
        pytest.param({"share_threshold_pct": "много"}, "указано 'много'", id="word"),
        pytest.param({"share_threshold_pct": "Infinity"}, "указано 'Infinity'", id="infinity"),
        pytest.param({"min_procedures": 0}, "целое число не меньше 1", id="no procedures"),
        pytest.param({"min_procedures": True}, "min_procedures: указано True", id="boolean as a number"),
        pytest.param({"min_participants": 0}, "min_participants: указано 0", id="nobody wrote"),
        pytest.param({"years_required": "2"}, "years_required: указано '2'", id="text as a number"),
        pytest.param({"repeat_same_procedure": 1}, "true или false", id="number as a boolean"),
        pytest.param({"combine": "OR"}, "одно из: ANY, ALL, C1_ONLY, C2_ONLY", id="unknown combination"),
        pytest.param({"exclude_types": "НОШ"}, "список строк", id="string for a list"),
        pytest.param({"procedures": []}, "непустой список процедур", id="empty universe"),
        pytest.param({"procedures": [{"kind": "VPR"}]}, "{kind, subject, grade}", id="half a procedure"),
        pytest.param({"procedures": [VPR_RU_5, VPR_RU_5]}, "без повторов", id="procedure twice"),
        pytest.param({"low_definition": {}}, "таблица «процедура — определение»", id="nothing is low"),
        pytest.param({"low_definition": {"VPR": "MARK_3"}}, "указано MARK_3", id="unknown definition"),
        pytest.param({"low_definition": {"OGE": "MARK_2"}}, "для EGE, VPR", id="procedure without a definition"),
        pytest.param({"threshold": 30}, "threshold: такого параметра нет", id="unknown name"),
        pytest.param({"exit_rule": 2}, "exit_rule: указано 2, нужно таблица", id="number for a table"),
        pytest.param({"exit_rule": {"years": 2}}, "exit_rule.years: такого параметра нет", id="unknown nested name"),
        pytest.param({"risk_group_rule": {"share_min": 30}}, "share_min должно быть меньше", id="empty risk group"),
        pytest.param(
            {"relative_rule": {"cluster_by": ["KIND", "ASSIGNED"]}},
            "relative_rule.cluster_set: выбран ASSIGNED, а набор не указан",
            id="clusters of the region without a set",
        ),
        pytest.param(
            {"relative_rule": {"cluster_by": ["KIND"], "cluster_set": "SPB"}},
            "relative_rule.cluster_set: набор указан, а ASSIGNED не выбран",
            id="set that nobody asks for",
        ),
        pytest.param(
            {"relative_rule": {"cluster_by": ["ASSIGNED"], "cluster_set": 7}}, "нужно строка", id="set as a number"
        ),
        pytest.param({"relative_rule": "quartile"}, "relative_rule: указано 'quartile'", id="word for a table"),
        pytest.param(
            {"repeat_same_procedure": False, "combine": "ALL"},
            "опирается на повтор процедуры",
            id="repeat asked and switched off",
        ),
    ],
)
def test_wrong_parameter_is_refused_with_what_is_allowed(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(RulesRefused) as refused:
        make_rules(**changes)

    assert problem in str(refused.value)


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(RulesRefused) as refused:
        make_rules(min_procedures=0, combine="OR", share_threshold_pct=-1)

    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("participants", "least"),
    [
        pytest.param(40, 12, id="exactly thirty per cent is low"),
        pytest.param(17, 6, id="5 of 17 is 29.41"),
        pytest.param(14, 5, id="4 of 14 is 28.57"),
        pytest.param(1000, 300, id="299 of 1000 is below"),
        pytest.param(1, 1, id="one participant"),
    ],
)
def test_least_low_is_the_first_count_at_the_threshold(participants: int, least: int) -> None:
    assert make_rules().least_low(participants) == least


def test_least_low_keeps_hundredths_of_the_threshold() -> None:
    assert make_rules(share_threshold_pct="30.01").least_low(10_000) == 3001
    assert make_rules(share_threshold_pct="30.01").least_low(40) == 13
