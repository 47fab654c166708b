"""Rule sets come from readable files and change by new versions."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.calculation import read_rules
from schools.errors import RuleSetDiffers
from schools.models import IdentificationRuleSet, LegalAct

SHIPPED: Final = Path(__file__).parents[1] / "rule_sets"
DEFAULT_CODE: Final = "RU-2025"


@transaction.atomic
def load_rule_set(*, path: Path = SHIPPED / "ru_2025.toml", by: User | None) -> IdentificationRuleSet:
    """Store a rule set of a file, or return the stored one when it is the same.

    Raises RuleSetRefused for wrong parameters, RuleSetDiffers when the version is taken by other ones.
    """
    with path.open("rb") as file:
        content = tomllib.load(file)
    parameters = read_rules(content["parameters"]).to_parameters()
    stored = IdentificationRuleSet.objects.filter(code=content["code"], version=content["version"]).first()
    if stored is None:
        return _store({**content, "parameters": parameters}, by=by)
    if stored.parameters != parameters:
        raise RuleSetDiffers(f"Набор правил «{stored}» уже есть, но с другими параметрами. Поднимите номер версии.")
    return stored


@transaction.atomic
def new_version(
    *,
    rule_set: IdentificationRuleSet,
    changes: Mapping[str, Any],
    basis: LegalAct | None,
    by: User,
) -> IdentificationRuleSet:
    """Copy a rule set under the next version with some parameters changed. Raises RuleSetRefused."""
    parameters = read_rules({**rule_set.parameters, **changes}).to_parameters()
    latest = IdentificationRuleSet.objects.filter(code=rule_set.code).order_by("-version")[0]
    return _store(
        {
            "code": rule_set.code,
            "version": latest.version + 1,
            "title": rule_set.title,
            "year": rule_set.year,
            "provenance": rule_set.provenance,
            "parameters": parameters,
            "basis_document": basis,
        },
        by=by,
    )


def _store(content: Mapping[str, Any], *, by: User | None) -> IdentificationRuleSet:
    rule_set = IdentificationRuleSet.objects.create(**content)
    record(AuditCode.RULE_SET_CHANGED, actor=by, obj=rule_set, version=rule_set.version)
    return rule_set
