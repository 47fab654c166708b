"""Which works put a school on the list, out of the stored parts of its verdict: no database."""

from typing import Any

import pytest

from reports.facts.r8 import Ground, grounds_of
from schools.identification import Part, PartState, Piece, Procedure

RUSSIAN, MATHS = (Procedure(kind="VPR", subject=subject, grade=5) for subject in ("RU", "MA"))


def part(procedure: Procedure = RUSSIAN, year: int = 2026, **fields: Any) -> Part:
    """Return a work that is low: 12 of 40 where 12 are needed."""
    low = Part(procedure=procedure, year=year, state=PartState.COUNTED, participants=40, low=12, needed=12)
    return low._replace(**fields)


def found(*parts: Part, first: int | None = 2026) -> list[tuple[int, int, str]]:
    return [(each.condition, each.year, each.procedure) for each in grounds_of(parts, 2026, first=first)]


def test_low_work_of_the_year_is_a_ground_of_the_first_condition() -> None:
    (ground,) = grounds_of([part()], 2026, first=2026)

    assert ground == Ground(condition=1, procedure=part().name, year=2026, low=12, participants=40)


@pytest.mark.parametrize(
    "harmless",
    [
        pytest.param({"low": 11}, id="under the threshold"),
        pytest.param({"state": PartState.SMALL_N}, id="too few participants"),
        pytest.param({"state": PartState.DROPPED}, id="biased"),
        pytest.param({"state": PartState.NO_DATA, "low": None, "participants": None, "needed": None}, id="no data"),
    ],
)
def test_work_that_does_not_count_is_no_ground(harmless: dict[str, Any]) -> None:
    assert found(part(**harmless)) == []


def test_low_works_are_no_grounds_where_the_condition_does_not_hold() -> None:
    assert found(part(), part(MATHS), first=None) == []


def test_last_year_is_a_ground_only_when_the_rule_asks_for_it() -> None:
    both = (part(year=2025), part())

    assert [year for _, year, _ in found(*both)] == [2026]
    assert [year for _, year, _ in found(*both, first=2025)] == [2025, 2026]


def test_repeated_work_is_a_ground_of_the_second_condition_in_both_years() -> None:
    repeated = (part(MATHS, 2025, low=20), part(MATHS, is_repeated=True))

    grounds = list(grounds_of(repeated, 2026, first=None))

    assert [(ground.condition, ground.year, ground.low) for ground in grounds] == [(2, 2025, 20), (2, 2026, 12)]


def test_work_may_be_a_ground_of_both_conditions() -> None:
    repeated = (part(MATHS, 2025), part(MATHS, is_repeated=True))

    assert [condition for condition, *_ in found(*repeated)] == [1, 2, 2]


def test_years_stand_in_their_order_whatever_that_of_the_parts() -> None:
    mixed = (part(MATHS), part(year=2025), part(), part(MATHS, 2025))

    assert [year for _, year, _ in found(*mixed, first=2025)] == [2025, 2025, 2026, 2026]


def test_school_without_parts_has_no_grounds() -> None:
    assert found() == []


def test_repeat_of_three_years_is_a_ground_in_each_of_them() -> None:
    years = (part(year=2024), part(year=2025), part(is_repeated=True))

    grounds = list(grounds_of(years, 2026, first=None, repeat=3))

    assert [(each.condition, each.year) for each in grounds] == [(2, 2024), (2, 2025), (2, 2026)]


def test_pooled_grades_repeat_though_they_were_other_grades() -> None:
    pool = Procedure("VPR", "RU", 0)
    before = part(pool, 2025, pieces=(Piece(5, 2025, "", 20, 6), Piece(6, 2025, "", 20, 6)))
    now = part(pool, is_repeated=True, pieces=(Piece(6, 2026, "", 20, 6), Piece(7, 2026, "", 20, 6)))

    names = [each.procedure for each in grounds_of((before, now), 2026, first=None)]

    assert names == ["ВПР, русский язык, 5 и 6 классы вместе", "ВПР, русский язык, 6 и 7 классы вместе"]
