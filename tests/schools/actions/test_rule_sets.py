"""Rule sets from files, and their versions."""

from pathlib import Path

import pytest

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from schools.actions.rule_sets import (
    DEFAULT_CODE,
    SHIPPED,
    SHIPPED_FILES,
    load_rule_set,
    load_rule_sets,
    new_version,
)
from schools.errors import FrozenRow, RuleSetDiffers, RuleSetRefused
from schools.identification import Combine, Rules
from schools.models import IdentificationRuleSet
from tests.factories.lists import AT
from tests.factories.schools import make_act, make_user

pytestmark = pytest.mark.django_db


def changed_file(folder: Path, old: str, new: str) -> Path:
    text = (SHIPPED / "ru_2025.toml").read_text(encoding="utf-8")
    path = folder / "changed.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_shipped_rule_set_is_stored_with_its_provenance() -> None:
    rule_set = load_rule_set(by=None)

    assert (rule_set.code, rule_set.version, rule_set.year) == ("RU-2025", 1, 2025)
    assert "актов проверок" in rule_set.provenance
    assert rule_set.rules.share_threshold_pct == 30
    assert AuditEvent.objects.get(code=AuditCode.RULE_SET_CHANGED).object_id == str(rule_set.pk)


def test_loading_twice_stores_once() -> None:
    assert load_rule_set(by=None) == load_rule_set(by=None)
    assert IdentificationRuleSet.objects.count() == 1


def test_changed_file_under_the_same_version_is_refused(tmp_path: Path) -> None:
    load_rule_set(by=None)

    with pytest.raises(RuleSetDiffers, match="Поднимите номер версии"):
        load_rule_set(path=changed_file(tmp_path, '"30.00"      #', '"35.00"      #'), by=None)


def test_file_with_a_wrong_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleSetRefused, match="pool_small_schools"):
        load_rule_set(path=changed_file(tmp_path, "pool_small_schools = false", "pool_small_schools = true"), by=None)

    assert not IdentificationRuleSet.objects.exists()


def test_rule_set_stored_before_a_parameter_was_there_is_the_same() -> None:
    stored = load_rule_set(by=None)
    newer = {"repeat_years", "low_levels", "ranking_rule", "trend_rule"}
    stored.parameters = {name: value for name, value in stored.parameters.items() if name not in newer}
    stored.parameters["pool_small_schools"] = False
    stored.save()

    assert load_rule_set(by=None) == stored


@pytest.mark.parametrize("code", sorted(SHIPPED_FILES))
def test_shipped_rule_set_is_loaded_under_its_code_and_says_what_is_a_proposal(code: str) -> None:
    rule_set = load_rule_set(path=SHIPPED_FILES[code], by=None)

    assert rule_set.code == code
    assert "предлож" in rule_set.provenance.lower()
    assert rule_set.rules == Rules.from_parameters(rule_set.parameters)


def test_every_shipped_file_is_known() -> None:
    assert set(SHIPPED.glob("*.toml")) == set(SHIPPED_FILES.values())


def test_default_rule_set_stands_first_among_the_shipped() -> None:
    load_rule_sets(by=None)
    load_rule_sets(by=None)

    codes = [rule_set.code for rule_set in IdentificationRuleSet.objects.all()]
    assert codes == [DEFAULT_CODE, "REG-QUARTILE", "BRIEF-2Y", "RU-500P-2020"]


def test_presets_differ_in_what_they_ask_for() -> None:
    rules = {each.code: each.rules for each in load_rule_sets(by=None)}

    assert (rules["RU-500P-2020"].combine, rules["RU-500P-2020"].years) == (Combine.C1_ONLY, 1)
    assert (rules["BRIEF-2Y"].combine, rules["BRIEF-2Y"].years_required) == (Combine.C1_ONLY, 2)
    assert {each.kind for each in rules["BRIEF-2Y"].procedures} == {"VPR", "NIKO", "OGE", "EGE"}
    assert rules["REG-QUARTILE"].compares_schools is True


def test_new_version_copies_and_changes() -> None:
    first, order = load_rule_set(by=None), make_act()

    second = new_version(rule_set=first, changes={"min_participants": 10}, basis=order, by=make_user())

    assert (second.code, second.version, second.basis_document) == ("RU-2025", 2, order)
    assert second.rules.min_participants == 10
    assert first.rules.min_participants == 1


def test_new_version_of_an_older_one_takes_the_next_number() -> None:
    first = load_rule_set(by=None)
    new_version(rule_set=first, changes={}, basis=None, by=make_user())

    assert new_version(rule_set=first, changes={}, basis=None, by=make_user()).version == 3


def test_frozen_rule_set_cannot_be_changed() -> None:
    rule_set = load_rule_set(by=None)
    rule_set.frozen_at = AT
    rule_set.save()
    rule_set.parameters = {**rule_set.parameters, "min_participants": 10}

    with pytest.raises(FrozenRow, match="Создайте новую версию"):
        rule_set.save()
