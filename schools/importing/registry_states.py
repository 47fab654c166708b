"""Schools as the registry and its rows tell them: plain states by ИНН."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from schools.importing.ledger import Ledger, State
from schools.intake.rows import SchoolRow
from schools.models import School

SCHOOL_FIELDS: Final = ("name", "kind", "locality", "ogrn", "login", "gia_code", "students")


def registry_ledger(inns: Iterable[str]) -> Ledger[str]:
    """Return the known schools with these ИНН as they stand. One query."""
    rows = School.objects.filter(inn__in=set(inns)).values("inn", "territory__code", *SCHOOL_FIELDS)
    return Ledger({row["inn"]: registry_state(row) for row in rows})


def registry_state(row: Mapping[str, Any]) -> State:
    return {"territory": row["territory__code"], **{name: row[name] for name in SCHOOL_FIELDS}}


def delivered_school(row: SchoolRow) -> State:
    """Return the fields that a row of the registry fills; what it leaves empty stays as it is."""
    values: State = {"territory": row.territory.code, **{name: getattr(row, name) for name in SCHOOL_FIELDS}}
    return {name: value for name, value in values.items() if value not in {"", None}}
