"""The rule RU-2025 over 40 000 schools with five years of results, against the same rule as one SQL statement.

Results are made by the generator of the demo region. The statement stores nothing and gives no reasons: it tells the
verdict of each school and its numbers of procedures. All alternatives must say the same of every school.

Time is that of the clock on the wall, for the statement runs in another process on PostgreSQL. BENCH_DATABASE_URL says
which database; it is filled when it is empty, and used as it is otherwise.
"""

from collections.abc import Iterable
from random import Random
from typing import Any
from uuid import UUID

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
from schools.intake.vocabulary import default_period
from schools.models import AssessmentResult, IdentificationRun, School, Territory

SCHOOLS = 40_000
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
WORKS = (
    *(("VPR", subject, grade) for subject in ("RU", "MA") for grade in (4, 5, 6, 7, 8, 10)),
    *(("OGE", subject, 9) for subject in ("RU", "MA")),
    *(("EGE", subject, 11) for subject in ("RU", "MAB", "MAP")),
)  # of RU-2025
STATEMENT = """
WITH work AS (
    SELECT school_id, procedure, subject, grade,
        SUM(CASE WHEN year = 2026 THEN participants END) AS participants,
        SUM(CASE WHEN year = 2025 THEN participants END) AS participants_before,
        CASE WHEN COUNT(CASE WHEN year = 2026 THEN {low} END) = COUNT(CASE WHEN year = 2026 THEN 1 END)
            THEN SUM(CASE WHEN year = 2026 THEN {low} END) END AS low,
        CASE WHEN COUNT(CASE WHEN year = 2025 THEN {low} END) = COUNT(CASE WHEN year = 2025 THEN 1 END)
            THEN SUM(CASE WHEN year = 2025 THEN {low} END) END AS low_before
    FROM schools_assessmentresult
    WHERE year IN (2025, 2026) AND period IN ('spring', 'main')
      AND (procedure = 'VPR' AND subject IN ('RU', 'MA') AND grade IN (4, 5, 6, 7, 8, 10)
           OR procedure = 'OGE' AND subject IN ('RU', 'MA')
           OR procedure = 'EGE' AND subject IN ('RU', 'MAB', 'MAP'))
    GROUP BY school_id, procedure, subject, grade
), told AS (
    SELECT school_id,
        COUNT(CASE WHEN participants >= 1 THEN low END) AS counted,
        COUNT(CASE WHEN participants >= 1 AND 100 * low >= 30 * participants THEN 1 END) AS low,
        COUNT(CASE WHEN participants >= 1 AND 100 * low >= 30 * participants AND participants_before >= 1
            AND 100 * low_before >= 30 * participants_before THEN 1 END) AS repeated,
        COUNT(CASE WHEN participants >= 1 AND 100 * low >= 25 * participants
            AND 100 * low < 30 * participants THEN 1 END) AS risky
    FROM work WHERE participants IS NOT NULL GROUP BY school_id
), rule(procedure, subject, grade) AS (
    VALUES {works}
), held AS (
    SELECT grade FROM rule WHERE EXISTS (
        SELECT 1 FROM schools_assessmentresult result WHERE year = 2026 AND result.procedure = rule.procedure
            AND result.subject = rule.subject AND result.grade = rule.grade
    )
)
SELECT CAST(school.id AS CHAR(36)),
    CASE WHEN low >= 2 OR repeated >= 1 THEN 'SHNOR'
        WHEN risky >= 1 THEN 'RISK_GROUP'
        WHEN counted IS NULL OR counted = 0 THEN 'INSUFFICIENT_DATA'
        WHEN counted < 2 AND low - counted + (
            SELECT COUNT(*) FROM held WHERE grade <= CASE kind WHEN 'НОШ' THEN 4 WHEN 'ООШ' THEN 9 ELSE 11 END
        ) >= 2 THEN 'INSUFFICIENT_DATA'
        ELSE 'CLEAR' END,
    COALESCE(low, 0), COALESCE(counted, 0), COALESCE(repeated, 0)
FROM schools_school school LEFT JOIN told ON told.school_id = school.id
WHERE school.status = 'active'
""".format(
    low="COALESCE(CASE WHEN procedure = 'EGE' THEN below_min END, mark2)",
    works=", ".join(map(str, WORKS)),
)
Answer = dict[UUID, tuple[str, int, int, int]]  # school -> verdict, low, counted and repeated procedures


class Ground:
    """A region with its schools and results."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        if not School.objects.exists():
            fill()
        self.region = Territory.objects.get(level=TerritoryLevel.REGION)
        self.rule_set = load_rule_set(by=None)
        self.rows: Iterable[tuple[Any, ...]] = ()
        self.answer: Answer = {}

    def statement(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(STATEMENT)
            self.rows = cursor.fetchall()

    def run(self) -> None:
        """Read, judge, and store a run with every reason; it is deleted outside of the measurement."""
        prepared = prepare(calculate(territory=self.region, year=YEAR, rules=self.rule_set.rules))
        run = store_run(prepared, rule_set=self.rule_set, territory=self.region, year=YEAR, by=None, at=timezone.now())
        self.rows = run.verdicts.values_list(
            "school_id", "verdict", "low_procedures", "counted_procedures", "repeated_procedures"
        )

    def judge(self) -> None:
        calculation = calculate(territory=self.region, year=YEAR, rules=self.rule_set.rules)
        self.rows = [
            (school.pk, str(found.verdict), len(found.low), len(found.counted), len(found.repeated))
            for school, found in calculation.outcomes
        ]

    def check(self) -> None:
        """Stop when an alternative says something else of any school: then they do not answer the same question."""
        answer = {UUID(str(school)): tuple(told) for school, *told in self.rows}
        self.answer = self.answer or answer
        if wrong := {school for school in self.answer | answer if self.answer.get(school) != answer.get(school)}:
            raise RuntimeError(f"{len(wrong)} schools are judged differently")
        IdentificationRun.objects.all().delete()


@transaction.atomic
def fill() -> None:
    """Make the region. Deterministic: the same schools and results each time."""
    random = Random(1)
    made = make_schools(schools=SCHOOLS, municipalities=60, random=random)
    districts = make_districts(made)
    schools = {school.inn: school_of(school, districts) for school in made}
    School.objects.bulk_create(schools.values(), batch_size=2_000)
    results = make_results(schools=made, years=YEARS, random=random)
    bulk.insert(AssessmentResult, fields=WRITTEN, rows=(row_of(result, schools[result.inn]) for result in results))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_districts(made: list[MadeSchool]) -> dict[str, Territory]:
    region = Territory.objects.create(code="99", name="Область", level=TerritoryLevel.REGION)
    return {
        code: Territory.objects.create(code=code, name=code, level=TerritoryLevel.MUNICIPALITY, parent=region)
        for code in dict.fromkeys(school.municipality_code for school in made)
    }


def school_of(made: MadeSchool, districts: dict[str, Territory]) -> School:
    return School(
        territory=districts[made.municipality_code],
        inn=made.inn,
        name=made.name,
        name_folded=made.name.casefold(),
        kind=made.kind,
        locality=made.locality,
        students=made.students,
    )


def row_of(result: MadeResult, school: School) -> tuple[Any, ...]:
    counts = (sum(result.marks), *result.marks)
    work = (result.procedure, result.year, default_period(result.procedure), result.subject, result.grade, "none")
    return (school.pk, *work, *counts, {}, False, [], "", {}, [])


def benchmark() -> Benchmark:
    ground = Ground()
    results = AssessmentResult.objects.count()
    return Benchmark(
        title=f"RU-2025, {SCHOOLS} schools, {results} results of {len(YEARS)} years, {connection.vendor}",
        alternatives={
            "SQL: one statement, no reasons, nothing stored": ground.statement,
            "portal: read, judge, store with reasons": ground.run,
            "portal: read and judge, nothing stored": ground.judge,
        },
        rounds=3,
        clock=clock_seconds,
        between=ground.check,
    )
