"""The rule RU-2025 over 40 000 schools with five years of results, against the same rule as one SQL statement.

Results are made by the generator of the demo region for 4 000 schools and given to ten schools each, for making them
takes longer than judging them. The statement stores nothing and gives no reasons: it only counts the schools that the
rule names. All alternatives must name the same number.

Time is that of the clock on the wall, for the statement runs in another process on PostgreSQL. BENCH_DATABASE_URL says
which database; it is filled when it is empty, and used as it is otherwise.
"""

import uuid
from collections.abc import Iterator
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.harness import Benchmark, clock_seconds
from config.demo.generator import MadeResult, MadeSchool, make_results, make_schools
from schools import bulk
from schools.actions.identification import prepare, store_run
from schools.actions.rule_sets import load_rule_set
from schools.calculation import calculate
from schools.choices import TerritoryLevel
from schools.identification import Verdict
from schools.intake.vocabulary import default_period
from schools.models import AssessmentResult, IdentificationRun, School, Territory

MADE = 4_000
COPIES = 10
YEARS = (2022, 2023, 2024, 2025, 2026)
YEAR = YEARS[-1]
WRITTEN = (
    "school_id",
    "procedure",
    "year",
    "period",
    "subject",
    "grade",
    "level",
    "participants",
    "mark2",
    "mark3",
    "mark4",
    "mark5",
    "delivered_percents",
    "counts_derived",
    "score_hist",
    "level_scale",
    "level_counts",
    "objectivity_markers",
)
STATEMENT = """
WITH low AS (
    SELECT result.school_id, result.year, result.procedure, result.subject, result.grade
    FROM schools_assessmentresult result
    JOIN schools_school school ON school.id = result.school_id
    WHERE result.year IN (2025, 2026) AND school.status = 'active'
      AND result.period IN ('spring', 'main') AND result.participants >= 1
      AND (result.procedure = 'VPR' AND result.subject IN ('RU', 'MA') AND result.grade IN (4, 5, 6, 7, 8, 10)
           OR result.procedure = 'OGE' AND result.subject IN ('RU', 'MA')
           OR result.procedure = 'EGE' AND result.subject IN ('RU', 'MAB', 'MAP'))
    GROUP BY result.school_id, result.year, result.procedure, result.subject, result.grade
    HAVING 100 * SUM(COALESCE(CASE WHEN result.procedure = 'EGE' THEN result.below_min END, result.mark2))
        >= 30 * SUM(result.participants)
), c1 AS (
    SELECT school_id FROM low WHERE year = 2026 GROUP BY school_id HAVING COUNT(*) >= 2
), c2 AS (
    SELECT now.school_id FROM low now
    JOIN low before ON before.school_id = now.school_id AND before.year = 2025 AND before.procedure = now.procedure
        AND before.subject = now.subject AND before.grade = now.grade
    WHERE now.year = 2026
)
SELECT COUNT(*) FROM (SELECT school_id FROM c1 UNION SELECT school_id FROM c2) named
"""


class Ground:
    """A region with its schools and results."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        if not School.objects.exists():
            fill()
        self.region = Territory.objects.get(level=TerritoryLevel.REGION)
        self.rule_set = load_rule_set(by=None)
        self.named: int | None = None

    def statement(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(STATEMENT)
            self.expect(cursor.fetchone()[0])

    def run(self) -> None:
        """Read, judge, and store a run with every reason; it is deleted outside of the measurement."""
        prepared = prepare(calculate(territory=self.region, year=YEAR, rules=self.rule_set.rules))
        run = store_run(prepared, rule_set=self.rule_set, territory=self.region, year=YEAR, by=None, at=timezone.now())
        self.expect(run.verdicts.filter(verdict=Verdict.SHNOR).count())

    def judge(self) -> None:
        calculation = calculate(territory=self.region, year=YEAR, rules=self.rule_set.rules)
        self.expect(sum(outcome.verdict is Verdict.SHNOR for _, outcome in calculation.outcomes))

    def clear(self) -> None:
        IdentificationRun.objects.all().delete()

    def expect(self, named: int) -> None:
        """Stop when alternatives differ: then they do not answer the same question."""
        self.named = self.named or named
        if named != self.named:
            raise RuntimeError(f"{named} schools are named instead of {self.named}")


@transaction.atomic
def fill() -> None:
    """Make the region. Deterministic: the same schools and results each time."""
    random = Random(1)
    made = make_schools(schools=MADE, municipalities=60, random=random)
    districts = make_districts(made)
    copies: dict[str, list[uuid.UUID]] = {school.inn: [] for school in made}
    schools = [school_of(each, copy, districts, copies) for copy in range(COPIES) for each in made]
    School.objects.bulk_create(schools, batch_size=2_000)
    results = make_results(schools=made, years=YEARS, random=random)
    bulk.insert(AssessmentResult, fields=WRITTEN, rows=rows_of(results, copies))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_districts(made: list[MadeSchool]) -> dict[str, Territory]:
    region = Territory.objects.create(code="99", name="Область", level=TerritoryLevel.REGION)
    return {
        code: Territory.objects.create(code=code, name=code, level=TerritoryLevel.MUNICIPALITY, parent=region)
        for code in dict.fromkeys(school.municipality_code for school in made)
    }


def school_of(
    made: MadeSchool,
    copy: int,
    districts: dict[str, Territory],
    copies: dict[str, list[uuid.UUID]],
) -> School:
    number = copy * MADE + int(made.gia_code)
    school = School(
        territory=districts[made.municipality_code],
        inn=f"{number:010d}",
        name=f"{made.name} ({copy})",
        name_folded=made.name.casefold(),
        kind=made.kind,
        locality=made.locality,
        students=made.students,
    )
    copies[made.inn].append(school.pk)
    return school


def rows_of(results: Iterator[MadeResult], copies: dict[str, list[uuid.UUID]]) -> Iterator[tuple[Any, ...]]:
    for result in results:
        counts = (sum(result.marks), *result.marks)
        period = default_period(result.procedure)
        work = (result.procedure, result.year, period, result.subject, result.grade, "none")
        for school in copies[result.inn]:
            yield (school, *work, *counts, {}, False, [], "", {}, [])


def benchmark() -> Benchmark:
    ground = Ground()
    results = AssessmentResult.objects.count()
    return Benchmark(
        title=f"RU-2025, {MADE * COPIES} schools, {results} results of {len(YEARS)} years, {connection.vendor}",
        alternatives={
            "SQL: one statement, no reasons, nothing stored": ground.statement,
            "portal: read, judge, store with reasons": ground.run,
            "portal: read and judge, nothing stored": ground.judge,
        },
        rounds=3,
        clock=clock_seconds,
        between=ground.clear,
    )
