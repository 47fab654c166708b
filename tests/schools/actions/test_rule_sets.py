"""Rule sets from files, and their versions."""

from pathlib import Path

import pytest

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from schools.actions.rule_drafts import draft_rule_set
from schools.actions.rule_sets import (
    DEFAULT_CODE,
    SHIPPED,
    SHIPPED_FILES,
    load_rule_set,
    load_rule_sets,
    new_version,
)
from schools.choices import RuleSetState
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


def test_procedures_are_told_as_the_methodology_names_them_and_the_rest_as_a_proposal() -> None:
    text = load_rule_set(by=None).provenance

    assert "названы ВПР 5 и 6 классов, ОГЭ и ЕГЭ" in text
    assert "ВПР 4, 7, 8 и 10 классов добавлены порталом: это предложение, а не официальный перечень" in text
    assert load_rule_set(by=None).justification == ""


def stored_before() -> IdentificationRuleSet:
    """Return version 1 as an earlier portal has stored it, used by a run."""
    rule_set = load_rule_set(by=None)
    rule_set.provenance, rule_set.frozen_at = "Перечень процедур построен по методике ФИОКО.", AT
    rule_set.save()
    return rule_set


def test_corrected_text_comes_as_the_next_version_and_the_used_one_stays() -> None:
    used = stored_before()

    corrected = load_rule_set(by=None)

    used.refresh_from_db()
    assert used.provenance == "Перечень процедур построен по методике ФИОКО."
    assert (corrected.version, corrected.state, corrected.parameters) == (2, RuleSetState.SUPPLIED, used.parameters)
    assert corrected.justification.startswith("Исправлено происхождение перечня процедур")
    assert load_rule_set(by=None) == corrected


def test_correction_takes_the_number_after_the_versions_of_the_region() -> None:
    used = stored_before()
    own = new_version(rule_set=used, changes={"min_participants": 10}, basis=None, by=make_user())

    assert (own.version, load_rule_set(by=None).version) == (2, 3)


def test_text_that_a_file_changes_without_a_word_is_a_new_version_all_the_same(tmp_path: Path) -> None:
    first = load_rule_set(path=SHIPPED_FILES["BRIEF-2Y"], by=None)
    path = tmp_path / "changed.toml"
    text = SHIPPED_FILES["BRIEF-2Y"].read_text(encoding="utf-8")
    path.write_text(text.replace("Низкие результаты два года подряд", "Два года подряд"), encoding="utf-8")

    second = load_rule_set(path=path, by=None)

    assert (second.version, second.title, second.parameters) == (2, "Два года подряд, BRIEF-2Y", first.parameters)
    assert (
        second.justification
        == "Уточнены тексты набора, поставляемого с порталом. Параметры прежние, выводы не меняются."
    )


def test_other_parameters_come_as_a_new_version_only_with_a_word_of_their_own(tmp_path: Path) -> None:
    stored_before()
    changed = changed_file(tmp_path, '"30.00"      #', '"35.00"      #')

    assert load_rule_set(path=changed, by=None).rules.share_threshold_pct == 35

    again = changed_file(tmp_path, '"30.00"      #', '"40.00"      #')
    with pytest.raises(RuleSetDiffers, match="«RU-2025, версия 2» уже есть, но с другими параметрами"):
        load_rule_set(path=again, by=None)


def test_set_that_a_person_has_made_under_a_code_of_the_portal_stays_beside_it() -> None:
    own = draft_rule_set(source=load_rule_set(by=None), code="BRIEF-2Y", by=make_user(), at=AT)

    supplied = load_rule_set(path=SHIPPED_FILES["BRIEF-2Y"], by=None)

    assert (own.version, supplied.version, supplied.justification) == (1, 2, "")


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
