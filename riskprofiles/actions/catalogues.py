"""Loading of the catalogues that the portal ships."""

import tomllib
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from riskprofiles.models import FactorCatalogue, RiskFactor
from riskprofiles.scoring import FactorRule, LevelBounds

FOLDER: Final = Path(__file__).resolve().parents[1] / "catalogues"
FACTOR_FIELDS: Final = ("number", "title", "scoring")


@transaction.atomic
def load_catalogues(*, by: User | None = None, folder: Path = FOLDER) -> list[FactorCatalogue]:
    """Bring the shipped files into the database and return their catalogues, old editions first.

    Safe to repeat: what is the same stays, what a profile used is never touched.
    Raises ValueError on bounds or weights that make no sense.
    """
    catalogues = []
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        check_content(content)
        catalogues.append(load_catalogue(content, by=by))
    return catalogues


def check_content(content: dict[str, Any]) -> None:
    LevelBounds.from_parameters(content["levels"])
    for factor in content["factors"]:
        FactorRule.from_parameters(factor.get("scoring", {}))


def load_catalogue(content: dict[str, Any], *, by: User | None) -> FactorCatalogue:
    fields = {
        "title": content["title"],
        "edition": content["edition"],
        "provenance": content["provenance"].strip(),
        "level_bounds": content["levels"],
    }
    catalogue, is_new = FactorCatalogue.objects.get_or_create(code=content["code"], defaults=fields)
    if catalogue.frozen or not (is_new or differs(catalogue, fields, content["factors"])):
        return catalogue
    for name, value in fields.items():
        setattr(catalogue, name, value)
    catalogue.save()
    catalogue.factors.all().delete()
    RiskFactor.objects.bulk_create(
        RiskFactor(catalogue=catalogue, code=factor["code"], **factor_fields(factor)) for factor in content["factors"]
    )
    record(AuditCode.RULE_SET_CHANGED, actor=by, obj=catalogue, factors=len(content["factors"]))
    return catalogue


def factor_fields(factor: dict[str, Any]) -> dict[str, Any]:
    return {"number": factor["number"], "title": factor["title"], "scoring": factor.get("scoring", {})}


def differs(catalogue: FactorCatalogue, fields: dict[str, Any], factors: list[dict[str, Any]]) -> bool:
    stored = {name: getattr(catalogue, name) for name in fields}
    stored_factors = {
        factor.code: {name: getattr(factor, name) for name in FACTOR_FIELDS} for factor in catalogue.factors.all()
    }
    return stored != fields or stored_factors != {f["code"]: factor_fields(f) for f in factors}
