"""Rule sets come from readable files and change by new versions."""

import tomllib
from collections.abc import Mapping
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


@transaction.atomic
def load_rule_set(*, path: Path = SHIPPED_FILES[DEFAULT_CODE], by: User | None) -> IdentificationRuleSet:
    """Store a rule set of a file, or return the stored one when it is the same.

    Raises RuleSetRefused for wrong parameters, RuleSetDiffers when the version is taken by other ones.
    """
    with path.open("rb") as file:
        content = tomllib.load(file)
    parameters = read_rules(content["parameters"]).to_parameters()
    stored = IdentificationRuleSet.objects.filter(code=content["code"], version=content["version"]).first()
    if stored is None:
        return _store({**content, "parameters": parameters}, by=by)
    if stored.rules.to_parameters() != parameters:  # stored before a parameter was there, it has the default
        raise RuleSetDiffers(f"Набор правил «{stored}» уже есть, но с другими параметрами. Поднимите номер версии.")
    return stored


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
