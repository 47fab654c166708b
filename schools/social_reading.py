"""Reads what schools told of their contingent and asks the social index about each. Writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from schools.errors import NothingToIndex, SocialRuleNotAccepted
from schools.models import School, SchoolSocialIndex, SchoolStatistic, SocialIndexRun, Territory
from schools.social import SocialIndex, SocialRule, SocialRuleRefused, SocialVerdict, Source, Value, social_index

OLDEST_CONTINGENT: Final = 1  # years before the asked October: the children of an older one have left; a setting
COLUMNS: Final = ("school", "form", "item", "section", "value", "whole", "file__name", "row")

Row = dict[str, Any]
OnSchool = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class SocialCalculation:
    """The index of every active school, and a fingerprint of the values it was told."""

    outcomes: tuple[tuple[School, SocialIndex], ...]
    fingerprint: str


def read_social_rule(parameters: Mapping[str, Any]) -> SocialRule:
    """Return the rule of stored parameters. Raises SocialRuleNotAccepted, which a page can show."""
    try:
        return SocialRule.from_parameters(parameters)
    except SocialRuleRefused as refused:
        raise SocialRuleNotAccepted(refused.problems) from refused


def social_calculation(
    *,
    territory: Territory,
    year: int,
    rule: SocialRule,
    on_school: OnSchool | None = None,
) -> SocialCalculation:
    """Judge the active schools of a territory by the contingent on 1 October of a year. Two queries.

    on_school(done, total) is called before each school. Raises NothingToIndex.
    """
    schools = list(School.objects.in_territory(territory).active().order_by("name", "pk"))
    rows = statistics_of(territory, year, rule)
    if not schools or not rows:
        raise NothingToIndex(
            f"{territory}: за {year} год школы не сдали сведений о контингенте. "
            "Загрузите формы SA-2 и SA-1 в разделе «Загрузки».",
        )
    values = values_by_school(rows, rule)
    outcomes = []
    for number, school in enumerate(schools):
        if on_school:
            on_school(number, len(schools))
        outcomes.append((school, social_index(values.get(school.pk, {}), rule)))
    return SocialCalculation(outcomes=tuple(outcomes), fingerprint=fingerprint_of(rows))


def statistics_of(territory: Territory, year: int, rule: SocialRule) -> list[Row]:
    """Return the values that the indicators of the rule are made of."""
    found = SchoolStatistic.objects.for_year(year).filter(
        school__in=School.objects.in_territory(territory).active(),
        form__in={source.form for source in rule.sources},
        item__in={source.item for source in rule.sources},
        value__isnull=False,
        whole__isnull=False,
    )
    return [dict(row) for row in found.order_by("school", "form", "item", "section").values(*COLUMNS)]


def values_by_school(rows: Iterable[Row], rule: SocialRule) -> dict[Any, dict[str, Value]]:
    """Return school -> code of an indicator -> what the school told: the first source of the indicator that it did."""
    told: dict[Any, dict[Source, Value]] = defaultdict(dict)
    for row in rows:
        source = Source(form=row["form"], item=row["item"], section=row["section"])
        words = f"{row['form']}, файл «{row['file__name']}», строка {row['row']}"
        told[row["school"]][source] = Value(part=row["value"], whole=row["whole"], source=words)
    return {school: values_of(found, rule) for school, found in told.items()}


def values_of(told: Mapping[Source, Value], rule: SocialRule) -> dict[str, Value]:
    known = {
        indicator.code: next((told[source] for source in indicator.sources if source in told), None)
        for indicator in rule.indicators
    }
    return {code: value for code, value in known.items() if value is not None}


def fingerprint_of(rows: Iterable[Row]) -> str:
    """Return SHA-256 of the values, so that two runs over the same data can be recognised."""
    text = json.dumps([[row[name] for name in COLUMNS[:6]] for row in rows], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """The conditions beside results. year: of the contingent, on its 1 October; None when there is none to be taken.

    hard: school -> whether its conditions are hard; a school not in it is not known.
    """

    year: int | None = None
    hard: Mapping[UUID, bool] = field(default_factory=dict)


def newest_run(territory: Territory, year: int, code: str = "") -> SocialIndexRun | None:
    """Return the run over the contingent of 1 October of a year, else of a year before that is not too old.

    code: of the rule of the index, "" for any.
    """
    runs = SocialIndexRun.objects.covering(territory).filter(year__range=(year - OLDEST_CONTINGENT, year))
    return (runs.filter(rule__code=code) if code else runs).newest_first().first()


def conditions_beside(territory: Territory, year: int, code: str = "") -> Conditions:
    """Return the conditions of the schools for the results of a year.

    The results are of the school year that began before them, and so is the contingent: of the October before.
    """
    run = newest_run(territory, year - 1, code)
    if run is None:
        return Conditions()
    rows = SchoolSocialIndex.objects.filter(run=run).exclude(verdict=SocialVerdict.INSUFFICIENT_DATA)
    told = rows.values_list("school", "verdict")
    return Conditions(year=run.year, hard={school: verdict == SocialVerdict.SHNSU for school, verdict in told})
