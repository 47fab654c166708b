"""Results and rules as values, without a database."""

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from schools.identification import Procedure, Result, Rules

SCHOOLS = Path(__file__).parents[2] / "schools"
SVETLOBOR = Path(__file__).parents[2] / "config" / "demo" / "data" / "svetlobor_results.csv"


@cache
def ru_2025() -> dict[str, Any]:
    """Return the parameters of the shipped rule set."""
    with (SCHOOLS / "rule_sets" / "ru_2025.toml").open("rb") as file:
        parameters: dict[str, Any] = tomllib.load(file)["parameters"]
    return parameters


def make_rules(**changes: Any) -> Rules:
    """Return RU-2025 with some parameters changed."""
    return Rules.from_parameters({**ru_2025(), **changes})


def vpr(subject: str, grade: int, low: int, participants: int, year: int = 2026, **fields: Any) -> Result:
    return Result(
        kind="VPR",
        subject=subject,
        grade=grade,
        year=year,
        participants=participants,
        low=low,
        **fields,
    )


def procedure(kind: str = "VPR", subject: str = "RU", grade: int = 5) -> Procedure:
    return Procedure(kind=kind, subject=subject, grade=grade)


@cache
def svetlobor() -> dict[int, list[Result]]:
    """Return the results of the demo municipality: number of the school -> rows of 2025 and 2026."""
    table: dict[int, list[Result]] = {}
    with SVETLOBOR.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            table.setdefault(int(row["school_no"]), []).append(
                Result(
                    kind=row["procedure"],
                    subject=row["subject"],
                    grade=int(row["grade"]),
                    year=int(row["year"]),
                    participants=int(row["participants"]),
                    low=int(row["mark2"]),
                ),
            )
    return table
