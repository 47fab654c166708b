"""Rule sets come from readable files and change by new versions."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.actions.acts import register_act
from schools.actions.versions import newest_held
from schools.calculation import read_rules
from schools.errors import RuleSetDiffers
from schools.models import IdentificationRuleSet, LegalAct
from schools.rule_changes import changed_rules, provenance_of_changed

SHIPPED: Final = Path(__file__).parents[1] / "rule_sets"
DEFAULT_CODE: Final = "RU-2025"
SHIPPED_FILES: Final[Mapping[str, Path]] = {
    DEFAULT_CODE: SHIPPED / "ru_2025.toml",
    "RU-500P-2020": SHIPPED / "ru_500p_2020.toml",
    "BRIEF-2Y": SHIPPED / "brief_2y.toml",
    "REG-QUARTILE": SHIPPED / "reg_quartile.toml",
}


def load_rule_sets(*, by: User | None) -> list[IdentificationRuleSet]:
    """Store every shipped rule set that is not there yet."""
    return [load_rule_set(path=path, by=by) for path in SHIPPED_FILES.values()]


TEXTS_ALONE: Final = "Уточнены тексты набора, поставляемого с порталом. Параметры прежние, выводы не меняются."


@transaction.atomic
def load_rule_set(*, path: Path = SHIPPED_FILES[DEFAULT_CODE], by: User | None) -> IdentificationRuleSet:
    """Store a rule set of a file, or return the stored one when it is the same.

    A file that has changed since makes the next version and says why: what is stored stays, runs may rest on it.
    Raises RuleSetRefused for wrong parameters, RuleSetDiffers when the file does not say why they are others.
    """
    with path.open("rb") as file:
        content = tomllib.load(file)
    correction = content.pop("correction", "").strip()
    content["parameters"] = read_rules(content["parameters"]).to_parameters()
    versions = IdentificationRuleSet.objects.of_code(content["code"])
    newest = newest_held(versions)
    supplied = list(versions.filter(based_on=None))
    if same := next((each for each in supplied if says_the_same(each, content)), None):
        return same
    if newest:
        content["version"] = newest.version + 1
    if supplied:
        content["justification"] = justified(content, correction, supplied)
    return _store(content, by=by)


def says_the_same(stored: IdentificationRuleSet, content: Mapping[str, Any]) -> bool:
    texts = all(getattr(stored, name) == content[name] for name in ("title", "year", "provenance"))
    return texts and has_parameters(stored, content)


def has_parameters(stored: IdentificationRuleSet, content: Mapping[str, Any]) -> bool:
    """Answer whether the parameters are those of a file; what was stored before one was there has its default."""
    return bool(stored.rules.to_parameters() == content["parameters"])


def justified(content: Mapping[str, Any], correction: str, supplied: Sequence[IdentificationRuleSet]) -> str:
    """Return why a file makes a new version. correction: what it says of it itself; supplied: its versions before.

    Raises RuleSetDiffers for other parameters without a word, or with that of a version before.
    """
    if correction and all(each.justification != correction for each in supplied):
        return correction
    if has_parameters(supplied[0], content):
        return TEXTS_ALONE
    raise RuleSetDiffers(
        f"Набор правил «{supplied[0]}» уже есть, но с другими параметрами. "
        "Напишите в файле набора, что и почему изменено: correction."
    )


@transaction.atomic
def new_version(
    *,
    rule_set: IdentificationRuleSet,
    changes: Mapping[str, Any],
    basis: LegalAct | None,
    justification: str = "",
    by: User,
) -> IdentificationRuleSet:
    """Copy a rule set under the next version with some parameters changed. Raises RuleSetRefused.

    The risk group follows the threshold. basis: not necessarily stored yet. justification: why it differs from the
    version before.
    """
    rules = changed_rules(rule_set.parameters, changes)
    newest = newest_held(IdentificationRuleSet.objects.of_code(rule_set.code)) or rule_set
    return _store(
        {
            "code": rule_set.code,
            "version": newest.version + 1,
            "title": rule_set.title,
            "year": rule_set.year,
            "provenance": provenance_of_changed(str(rule_set), rule_set.provenance, rule_set.rules, rules),
            "justification": justification.strip(),
            "based_on": rule_set,
            "edited_by": by,
            "parameters": rules.to_parameters(),
            "basis_document": register_act(act=basis, by=by) if basis else None,
        },
        by=by,
    )


def _store(content: Mapping[str, Any], *, by: User | None) -> IdentificationRuleSet:
    rule_set = IdentificationRuleSet.objects.create(**content)
    record(AuditCode.RULE_SET_CHANGED, actor=by, obj=rule_set, version=rule_set.version)
    return rule_set
