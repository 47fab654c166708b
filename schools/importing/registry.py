"""The registry of schools: planned changes of schools by ИНН, territories that are missing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import ProtectedError
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from schools.choices import TerritoryLevel
from schools.importing.ledger import Ledger, State
from schools.intake.identifiers import REGION_LOGIN
from schools.intake.rows import SchoolRow
from schools.intake.territory_names import genitive, prepositional, region_of
from schools.models import School, Territory

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


def region_for(row: SchoolRow) -> tuple[str, str]:
    """Return code and name of the region of a municipality: «reg24» of «reg24_m031»."""
    match = REGION_LOGIN.match(row.territory.code.split("_")[0])
    code = match[0].casefold() if match else ""
    return code, region_of(row.territory.name) or f"Регион {code.removeprefix('reg')}"


def ensure_region(row: SchoolRow) -> Territory | None:
    """Return the region of a row of the registry, made if it is missing; None when the code names none."""
    code, name = region_for(row)
    if not code:
        return None
    existing = Territory.objects.filter(code=code).first()
    return existing or make_territory(code=code, name=name, level=TerritoryLevel.REGION, parent=None)


def make_territory(*, code: str, name: str, level: TerritoryLevel, parent: Territory | None) -> Territory:
    """Store a territory with the cases that documents need, formed by rule; an administrator may correct them."""
    is_region = level == TerritoryLevel.REGION
    authority = "Министерство образования" if is_region else "Управление образования"
    return Territory.objects.create(
        level=level,
        parent=parent,
        code=code,
        name=name,
        name_genitive=genitive(name),
        name_prepositional=prepositional(name),
        authority=f"{authority} {genitive(name)}",
        authority_genitive=f"{genitive(authority.lower())} {genitive(name)}",
    )


def write_schools(
    states: Mapping[str, State],
    names: Mapping[str, str],
    region: Territory,
    *,
    by: User,
    at: datetime,
) -> list[str]:
    """Create and change schools with their history; return the codes of territories that had to be made.

    names: code of a municipality -> its name in the file.
    """
    codes = {state["territory"] for state in states.values()}
    territories = {territory.code: territory for territory in Territory.objects.filter(code__in=codes)}
    made = sorted(codes - territories.keys())
    for code in made:
        territories[code] = make_territory(
            code=code,
            name=names[code],
            level=TerritoryLevel.MUNICIPALITY,
            parent=region,
        )
    known = {school.inn: school for school in School.objects.filter(inn__in=states)}
    fresh = [school_of(School(inn=inn), state, territories) for inn, state in states.items() if inn not in known]
    changed = [school_of(school, states[inn], territories) for inn, school in known.items()]
    bulk_create_with_history(fresh, School, batch_size=500, default_user=by, default_date=at)
    update_schools(changed, by=by, at=at)
    return made


def update_schools(schools: list[School], *, by: User, at: datetime) -> None:
    if schools:
        fields = ["territory", "name_folded", *SCHOOL_FIELDS]
        bulk_update_with_history(schools, School, fields, batch_size=500, default_user=by, default_date=at)


def school_of(school: School, state: State, territories: Mapping[str, Territory]) -> School:
    school.territory = territories[state["territory"]]
    for name in SCHOOL_FIELDS:
        if name in state:
            setattr(school, name, state[name])
    school.name_folded = school.name.casefold()  # save() is not called for sets
    return school


def restore_schools(states: Mapping[str, State], *, by: User, at: datetime) -> None:
    codes = {state["territory"] for state in states.values()}
    territories = {territory.code: territory for territory in Territory.objects.filter(code__in=codes)}
    known = School.objects.filter(inn__in=states)
    update_schools([school_of(school, states[school.inn], territories) for school in known], by=by, at=at)


def delete_schools(inns: Iterable[str]) -> list[str]:
    """Delete schools that nothing rests on; return the names of those that something does."""
    standing = []
    for school in School.objects.filter(inn__in=set(inns)):
        try:
            school.delete()
        except ProtectedError:
            standing.append(school.name)
    return standing


def delete_empty_territories(codes: Iterable[str]) -> None:
    for territory in Territory.objects.filter(code__in=list(codes), schools=None):
        try:
            territory.delete()
        except ProtectedError:
            continue
