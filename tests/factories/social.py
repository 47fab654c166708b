"""Contingent of schools and the rule of the social index."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final

from schools.actions.social import load_social_rule, run_social_index
from schools.choices import BatchState, FileState
from schools.models import ImportBatch, ImportFile, School, SchoolStatistic, SocialIndexRun, Territory
from schools.social import SocialRule, Value
from tests.factories.schools import make_user

SHIPPED: Final = Path(__file__).parents[2] / "schools" / "social" / "isbsh_d.toml"
WORKED: Final[Mapping[str, tuple[str, str]]] = {  # indicator -> (out of 200, 200): the worked example of the method
    "parents_higher": ("24", "200"),
    "single_parent": ("62", "200"),
    "unemployed": ("18", "200"),
    "registered": ("7", "200"),
    "foster": ("8", "200"),
    "second_language": ("12", "200"),
    "special_needs": ("22", "200"),
}
HARD: Final[Mapping[str, tuple[str, str]]] = {
    **WORKED,
    "single_parent": ("80", "200"),
    "unemployed": ("40", "200"),
    "registered": ("16", "200"),
}
AT: Final = datetime(2026, 10, 20, 9, tzinfo=UTC)
files = count(1)


@cache
def shipped_parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["parameters"]
    return parameters


def make_social_rule(**changes: Any) -> SocialRule:
    """Return the shipped rule with some parameters changed."""
    return SocialRule.from_parameters({**shipped_parameters(), **changes})


def told(values: Mapping[str, tuple[str, str]] = WORKED, *without: str) -> dict[str, Value]:
    """Return what a school told, some indicators left out."""
    return {
        code: Value(part=Decimal(part), whole=Decimal(whole))
        for code, (part, whole) in values.items()
        if code not in without
    }


def make_file(school: School) -> ImportFile:
    """Return an applied file that values can come from."""
    number = next(files)
    batch = ImportBatch.objects.create(
        territory=school.territory,
        created_by=make_user(),
        created_at=AT,
        state=BatchState.CHECKED,
    )
    return ImportFile.objects.create(
        batch=batch, name=f"SA-2-{number}.xlsx", sha256=f"{number:064d}", size=1, state=FileState.RECOGNISED
    )


def tell(
    school: School, values: Mapping[str, tuple[str, str]] = WORKED, *without: str, year: int = 2025
) -> list[SchoolStatistic]:
    """Store the values of the shipped indicators for a school and a year, some left out."""
    file = make_file(school)
    places = {each["code"]: each["sources"][0] for each in shipped_parameters()["indicators"]}
    return SchoolStatistic.objects.bulk_create(
        SchoolStatistic(
            school=school,
            form=places[code]["form"],
            year=year,
            item=places[code]["item"],
            section=places[code].get("section", ""),
            value=Decimal(part),
            whole=Decimal(whole),
            file=file,
            row=row,
        )
        for row, (code, (part, whole)) in enumerate(values.items(), start=5)
        if code not in without
    )


def make_run(
    schools: Mapping[School, Mapping[str, tuple[str, str]]], *, territory: Territory | None = None, year: int = 2025
) -> SocialIndexRun:
    """Store what each school tells (nothing for an empty mapping) and return the run over their territory."""
    for school, values in schools.items():
        if values:
            tell(school, values, year=year)
    place = territory or next(iter(schools)).territory
    return run_social_index(rule=load_social_rule(by=None), territory=place, year=year, by=None, at=AT)
