"""The rule RU-2025 over 600 schools with two years of 15 works: exact fractions, no database."""

import tomllib
from pathlib import Path

from benchmarks.harness import Benchmark
from schools.identification import Result, Rules, SchoolFacts, identify

SCHOOLS = 600
YEAR = 2026
RULES = Path(__file__).resolve().parents[1] / "schools" / "rule_sets" / "ru_2025.toml"


def rules() -> Rules:
    return Rules.from_parameters(tomllib.loads(RULES.read_text(encoding="utf-8"))["parameters"])


def results_of(number: int, rule: Rules) -> list[Result]:
    """Return results that put about a third of the schools on the list."""
    return [
        Result(
            kind=procedure.kind,
            subject=procedure.subject,
            grade=procedure.grade,
            year=year,
            participants=40 + number % 30,
            low=(number * 7 + place * 5 + year) % 17,
        )
        for year in (YEAR - 1, YEAR)
        for place, procedure in enumerate(rule.procedures)
    ]


def benchmark() -> Benchmark:
    rule = rules()
    region = [results_of(number, rule) for number in range(SCHOOLS)]

    def verdicts() -> int:
        return sum(identify(results, rule, YEAR, SchoolFacts()).c1 for results in region)

    return Benchmark(title=f"Verdicts with reasons for {SCHOOLS} schools", alternatives={"identify": verdicts})
