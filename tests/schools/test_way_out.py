"""Which works alone have named a school: the same answer as the rule gives when one of them is no longer low."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.identification import Part, Result, Rules, SchoolFacts, Verdict, identify
from schools.way_out import deciding_works
from tests.factories.identification import make_rules, vpr
from tests.schools.test_what_if import KINDS, YEAR, quick_rules, school_results


def decided_by(results: list[Result], rules: Rules, kind: str = "СОШ") -> list[str]:
    parts = identify(results, rules, YEAR, SchoolFacts(kind=kind)).parts
    return sorted(f"{procedure.subject}-{procedure.grade} {year}" for procedure, year in decide(parts, rules, kind))


def decide(parts: tuple[Part, ...], rules: Rules, kind: str) -> frozenset[Any]:
    return deciding_works(parts, rules, YEAR, kind)


@pytest.mark.parametrize(
    ("works", "changes", "deciding"),
    [
        pytest.param([("RU", 5, 26), ("MA", 5, 31)], {}, ["MA-5 2026", "RU-5 2026"], id="two works, both are needed"),
        pytest.param([("RU", grade, 31) for grade in (4, 5, 6, 7, 8)], {}, [], id="five works, four remain"),
        pytest.param(
            [("RU", 5, 31), ("RU", 6, 31), ("MA", 5, 31)],
            {"count_subject_once": True},
            ["MA-5 2026"],
            id="another grade of the subject remains",
        ),
        pytest.param([("RU", 5, 31), ("MA", 5, 31)], {"min_procedures": 1}, [], id="one is enough, and one remains"),
        pytest.param(
            [("RU", 5, 31), ("MA", 5, 31)],
            {"pool_small_schools": "GRADES", "min_participants": 10},
            [],
            id="a rule that looks at more is not asked",
        ),
    ],
)
def test_works_decide(works: list[tuple[str, int, int]], changes: dict[str, Any], deciding: list[str]) -> None:
    results = [vpr(subject, grade, low, 65) for subject, grade, low in works]

    assert decided_by(results, make_rules(**changes)) == deciding


def test_work_of_the_year_before_decides_where_only_the_repeat_names() -> None:
    results = [vpr("RU", 5, 20, 40), vpr("RU", 5, 12, 40, 2025)]

    assert decided_by(results, make_rules()) == ["RU-5 2025", "RU-5 2026"]


@given(results=school_results(), rules=quick_rules(), kind=st.sampled_from(KINDS))
def test_promise_is_kept_by_the_rule(results: list[Result], rules: Rules, kind: str) -> None:
    judged = identify(results, rules, YEAR, SchoolFacts(kind=kind))
    if judged.verdict is not Verdict.SHNOR:
        return

    kept = {
        (part.procedure, part.year)
        for part in judged.parts
        if part.is_low and verdict_without(part, results, rules, kind) is not Verdict.SHNOR
    }

    assert decide(judged.parts, rules, kind) == kept


def verdict_without(part: Part, results: list[Result], rules: Rules, kind: str) -> Verdict:
    """Return the verdict when the work of a part has so many low results as keep it below the threshold."""
    assert part.needed is not None
    changed = [
        replace(each, low=part.needed - 1)
        if (each.kind, each.subject, each.grade, each.year) == (*part.procedure, part.year)
        else each
        for each in results
    ]
    return identify(changed, rules, YEAR, SchoolFacts(kind=kind)).verdict
