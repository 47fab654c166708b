"""Rules and runs of the social index."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.russian import rounded
from schools.actions.versions import newest_held
from schools.errors import RuleSetDiffers
from schools.models import LegalAct, School, SchoolSocialIndex, SocialIndexRule, SocialIndexRun, Territory
from schools.social import SocialIndex, SocialVerdict
from schools.social_reading import SocialCalculation, read_social_rule, social_calculation

SHIPPED: Final = Path(__file__).parents[1] / "social" / "isbsh_d.toml"
BATCH: Final = 500
DIGITS: Final = 4


@transaction.atomic
def load_social_rule(*, path: Path = SHIPPED, by: User | None) -> SocialIndexRule:
    """Store the rule of a file, or return the stored one when it is the same.

    Other texts make the next version: what is stored stays, runs may rest on it. Raises SocialRuleNotAccepted for wrong
    parameters, RuleSetDiffers when the version is taken by other ones.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content["provenance"] = content["provenance"].strip()
    content["parameters"] = read_social_rule(content["parameters"]).to_parameters()
    versions = SocialIndexRule.objects.filter(code=content["code"])
    newest = newest_held(versions)
    stored = {each.version: each for each in versions}
    if same := next((each for each in stored.values() if says_the_same(each, content)), None):
        return same
    taken = stored.get(content["version"])
    if taken and taken.parameters != content["parameters"]:
        raise RuleSetDiffers(f"Правило «{taken}» уже есть, но с другими параметрами. Поднимите номер версии.")
    version = newest.version + 1 if newest and taken else content["version"]
    return store_rule({**content, "version": version}, by=by)


def says_the_same(stored: SocialIndexRule, content: Mapping[str, Any]) -> bool:
    return all(getattr(stored, name) == content[name] for name in ("title", "provenance", "parameters"))


@transaction.atomic
def new_social_version(
    *,
    rule: SocialIndexRule,
    parameters: Mapping[str, Any],
    provenance: str,
    basis: LegalAct | None = None,
    by: User,
) -> SocialIndexRule:
    """Store changed parameters under the next version, with what they rest on. Raises SocialRuleNotAccepted."""
    checked = read_social_rule(parameters).to_parameters()
    newest = newest_held(SocialIndexRule.objects.filter(code=rule.code)) or rule
    content = {
        "code": rule.code,
        "version": newest.version + 1,
        "title": rule.title,
        "provenance": provenance,
        "parameters": checked,
        "basis_document": basis,
    }
    return store_rule(content, by=by)


def store_rule(content: Mapping[str, Any], *, by: User | None) -> SocialIndexRule:
    rule = SocialIndexRule.objects.create(**content)
    record(AuditCode.SOCIAL_RULE_CHANGED, actor=by, obj=rule, version=rule.version)
    return rule


@transaction.atomic
def run_social_index(
    *,
    rule: SocialIndexRule,
    territory: Territory,
    year: int,
    by: User | None,
    at: datetime,
) -> SocialIndexRun:
    """Judge the conditions of the schools of a territory and store every index. Raises NothingToIndex."""
    calculation = social_calculation(territory=territory, year=year, rule=read_social_rule(rule.parameters))
    return store_social_run(calculation, rule=rule, territory=territory, year=year, by=by, at=at)


@transaction.atomic
def store_social_run(
    calculation: SocialCalculation,
    *,
    rule: SocialIndexRule,
    territory: Territory,
    year: int,
    by: User | None,
    at: datetime,
) -> SocialIndexRun:
    """Store a calculation as a new run; runs before it stay as they are."""
    run = SocialIndexRun.objects.create(
        territory=territory,
        rule=rule,
        year=year,
        parameters=rule.parameters,
        data_fingerprint=calculation.fingerprint,
        created_by=by,
        created_at=at,
    )
    indices = [school_index(run, school, index) for school, index in calculation.outcomes]
    SchoolSocialIndex.objects.bulk_create(indices, batch_size=BATCH)
    record(
        AuditCode.SOCIAL_INDEX_RUN,
        actor=by,
        obj=run,
        rule=str(rule),
        year=year,
        schools=len(indices),
        hard=sum(index.is_hard for index in indices),
        unknown=sum(index.verdict == SocialVerdict.INSUFFICIENT_DATA for index in indices),
    )
    return run


def school_index(run: SocialIndexRun, school: School, index: SocialIndex) -> SchoolSocialIndex:
    return SchoolSocialIndex(
        run=run,
        school=school,
        verdict=index.verdict,
        index=None if index.index is None else stored(index.index),
        completeness=stored(index.completeness),
        lowest=stored(index.lowest),
        highest=stored(index.highest),
        parts=[part.to_json() for part in index.parts],
    )


def stored(number: Fraction) -> Decimal:
    """Return a number as the database keeps it; the verdict is made of the exact one before."""
    return rounded(number, DIGITS)
