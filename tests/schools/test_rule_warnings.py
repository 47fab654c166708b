"""Rules that hardly do what was meant are told, ordinary ones are not."""

from typing import Any

import pytest

from accounts.russian import NBSP
from schools.actions.rule_sets import SHIPPED_FILES, load_rule_set
from schools.choices import SchoolKind
from schools.models import IdentificationRuleSet
from schools.rule_warnings import rule_warnings, stale_provenance
from tests.factories.identification import make_rules

SOLE = {"relative_rule": {"use": "SOLE"}}
NO_QUARTERS = {"VPR": "MARK_2", "OGE": "MARK_2", "EGE": "BELOW_MINIMUM"}
QUARTERS = {**NO_QUARTERS, "VPR": "LOWER_QUARTILE", "OGE": "LOWER_QUARTILE"}


@pytest.mark.django_db
@pytest.mark.parametrize("code", SHIPPED_FILES)
def test_shipped_rules_are_ordinary(code: str) -> None:
    assert rule_warnings(load_rule_set(path=SHIPPED_FILES[code], by=None).rules) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"share_threshold_pct": "45.5"}, "кончается на 30 %, а порог 45,50 %", id="gap"),
        pytest.param({"share_threshold_pct": "20"}, "начинается с 25 %, а порог 20 %", id="zone above the threshold"),
        pytest.param({"exclude_types": list(SchoolKind.values)}, "Исключены все виды школ", id="nobody is left"),
        pytest.param({"min_procedures": 99}, "Нужно 99 процедур за порогом", id="more than there are"),
        pytest.param(
            {"relative_rule": {"measure": "EACH_WORK", "min_procedures": 99}},
            "нужно в 99 работах, а правило считает",
            id="more compared works than there are",
        ),
        pytest.param({"years_required": 99}, "за 99 лет подряд", id="years"),
        pytest.param({"repeat_years": 6}, "Повтор проверяется за 6 лет", id="years of the repeat"),
        pytest.param({"min_participants": 99_999}, "не меньше 99 999 участников", id="participants"),
        pytest.param({"low_definition": QUARTERS}, "ВПР и ОГЭ: в нижней четверти баллов всегда", id="quarter"),
        pytest.param(
            {"low_definition": QUARTERS, "relative_rule": {"use": "ALL"}},
            "порог 30 % многие школы достигают уже поэтому",
            id="quarter and a comparison that does not decide alone",
        ),
    ],
)
def test_impossible_rule_is_told(changes: dict[str, Any], words: str) -> None:
    (warning,) = rule_warnings(make_rules(**changes))

    assert words in warning.replace(NBSP, " ")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"min_procedures": 99, "combine": "C2_ONLY"}, id="only the repeat decides"),
        pytest.param({"min_procedures": 99, **SOLE}, id="only the comparison decides"),
        pytest.param({"relative_rule": {"min_procedures": 99}}, id="works are compared together"),
        pytest.param({"share_threshold_pct": "50", "risk_group_rule": None}, id="no risk group"),
        pytest.param({"exclude_types": list(SchoolKind.values)[1:]}, id="one kind is left"),
        pytest.param({"years_required": 5, "min_participants": 500}, id="at the limits"),
        pytest.param({"low_definition": QUARTERS, **SOLE}, id="quarter where only the comparison decides"),
        pytest.param(
            {"low_definition": QUARTERS, "share_threshold_pct": "50", "risk_group_rule": None}, id="twice a quarter"
        ),
        pytest.param({"low_definition": {**NO_QUARTERS, "KDR": "LOWER_QUARTILE"}}, id="quarter of works not counted"),
    ],
)
def test_unused_or_possible_parameters_are_no_matter(changes: dict[str, Any]) -> None:
    assert rule_warnings(make_rules(**changes)) == []


def test_one_work_of_a_subject_leaves_as_many_as_there_are_subjects() -> None:
    subjects = len({each[:2] for each in make_rules().procedures})  # русский ВПР и русский ОГЭ — two

    assert rule_warnings(make_rules(min_procedures=subjects, count_subject_once=True)) == []
    assert len(rule_warnings(make_rules(min_procedures=subjects + 1, count_subject_once=True))) == 1


def test_comparison_alone_leaves_the_threshold_without_a_say() -> None:
    assert not make_rules(**SOLE).has_own_conditions
    assert make_rules(relative_rule={"use": "ANY"}).has_own_conditions
    assert make_rules().has_own_conditions


def test_text_of_another_version_is_told() -> None:
    source = IdentificationRuleSet(
        code="A", version=1, provenance="Не менее 30 %.\n", parameters=make_rules().to_parameters()
    )
    copy = IdentificationRuleSet(code="A", version=2, based_on=source)
    changed = make_rules(share_threshold_pct="31", risk_group_rule=None)

    (warning,) = stale_provenance(copy, "Не менее  30 %.", changed)
    assert "текст версии «A, версия 1»" in warning
    assert stale_provenance(copy, "Не менее 31 %, решение совета.", changed) == []
    assert stale_provenance(copy, "Не менее 30 %.", source.rules) == []
    assert stale_provenance(source, "Не менее 30 %.", changed) == []
