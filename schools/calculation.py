"""Reads the results of a territory and asks the rule about each school. Writes nothing."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schools.choices import Period, SchoolKind
from schools.errors import NothingToIdentify, RuleSetRefused
from schools.identification import (
    Identification,
    LowDefinition,
    Procedure,
    Result,
    Rules,
    RulesRefused,
    SchoolFacts,
    identify,
)
from schools.models import AssessmentResult, School, Territory

LAST_GRADES: Final[Mapping[str, int]] = {SchoolKind.PRIMARY: 4, SchoolKind.BASIC: 9}
LAST_GRADE: Final = 11
MAIN_PERIODS: Final = frozenset({Period.SPRING, Period.MAIN})
RETAKES: Final = frozenset({Period.RESERVE, Period.SEPTEMBER})  # the first attempt is counted
COLUMNS: Final = (
    "pk",
    "school",
    "year",
    "procedure",
    "subject",
    "grade",
    "period",
    "participants",
    "mark2",
    "below_min",
    "objectivity_markers",
)

Row = dict[str, Any]
OnSchool = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """What the rule says of every active school, and a fingerprint of the data it was told."""

    outcomes: tuple[tuple[School, Identification], ...]
    fingerprint: str


def calculate(
    *,
    territory: Territory,
    year: int,
    rules: Rules,
    on_school: OnSchool | None = None,
) -> Calculation:
    """Judge the active schools of a territory by the results of a year. Two queries.

    on_school(done, total) is called before each school. Raises NothingToIdentify.
    """
    schools = list(School.objects.in_territory(territory).active().order_by("name", "pk"))
    if not schools:
        raise NothingToIdentify(f"{territory}: нет действующих школ. Загрузите реестр школ.")
    rows = results_of(territory, year, rules)
    results = results_by_school(rows, rules)
    held = frozenset(result.procedure for each in results.values() for result in each if result.year == year)
    if not held:
        raise NothingToIdentify(f"{territory}: за {year} год нет результатов. Загрузите их в разделе «Импорт».")
    outcomes = []
    for number, school in enumerate(schools):
        if on_school:
            on_school(number, len(schools))
        facts = SchoolFacts(kind=school.kind, last_grade=LAST_GRADES.get(school.kind, LAST_GRADE), expected=held)
        outcomes.append((school, identify(results.get(school.pk, ()), rules, year, facts)))
    return Calculation(outcomes=tuple(outcomes), fingerprint=fingerprint_of(rows))


def read_rules(parameters: Mapping[str, Any]) -> Rules:
    """Return the rule of stored parameters. Raises RuleSetRefused, which a page can show."""
    try:
        return Rules.from_parameters(parameters)
    except RulesRefused as refused:
        raise RuleSetRefused(f"Правило не принято. {refused}") from refused


def results_of(territory: Territory, year: int, rules: Rules) -> list[Row]:
    """Return what the rule looks at: counts of its procedures and years, retakes left aside."""
    rows = (
        AssessmentResult.objects.in_territory(territory)
        .for_years(*range(year - rules.years + 1, year + 1))
        .filter(procedure__in={procedure.kind for procedure in rules.procedures})
        .exclude(period__in=RETAKES)
        .order_by("school", "year", "procedure", "subject", "grade", "period", "level")
    )
    return [dict(row) for row in rows.values(*COLUMNS)]


def results_by_school(rows: Iterable[Row], rules: Rules) -> dict[Any, list[Result]]:
    """Return school -> results: levels of a course together, the main period before the autumn one."""
    groups: dict[tuple[Any, int, Procedure], list[Row]] = defaultdict(list)
    for row in rows:
        procedure = Procedure(kind=row["procedure"], subject=row["subject"], grade=row["grade"])
        groups[row["school"], row["year"], procedure].append(row)
    results: dict[Any, list[Result]] = defaultdict(list)
    for (school, year, procedure), group in groups.items():
        main = [row for row in group if row["period"] in MAIN_PERIODS]
        definition = rules.low_definition.get(procedure.kind, LowDefinition.MARK_2)
        results[school].append(result_of(main or group, procedure, year, definition))
    return results


def result_of(group: list[Row], procedure: Procedure, year: int, definition: LowDefinition) -> Result:
    """Add up the rows of one work; one row without a count of low works leaves the whole without it."""
    lows = [low_of(row, definition) for row in group]
    return Result(
        kind=procedure.kind,
        subject=procedure.subject,
        grade=procedure.grade,
        year=year,
        participants=sum(row["participants"] for row in group),
        low=None if None in lows else sum(low or 0 for low in lows),
        markers=tuple(sorted({str(marker) for row in group for marker in row["objectivity_markers"]})),
        source=",".join(str(row["pk"]) for row in group),
    )


def low_of(row: Row, definition: LowDefinition) -> int | None:
    """Return the low works of a row: the mark «2», or the count below the minimum where the exam has one."""
    has_minimum = definition is LowDefinition.BELOW_MINIMUM and row["below_min"] is not None
    low: int | None = row["below_min"] if has_minimum else row["mark2"]
    return low


def fingerprint_of(rows: Iterable[Row]) -> str:
    """Return SHA-256 of the counts, so that two runs over the same data can be recognised."""
    text = json.dumps([list(row.values()) for row in rows], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
