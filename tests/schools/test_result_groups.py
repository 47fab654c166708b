"""Rows of the database as works of the rule: levels, retakes, scales, fingerprints."""

from typing import Any

import pytest

from schools.calculation import calculate
from schools.identification import Identification, Part, Procedure, Rules
from schools.models import AssessmentResult, School
from schools.result_groups import (
    grouped_works,
    held_before,
    held_in,
    result_texts,
    rows_of_text,
    single_works,
    works_of_rows,
)
from tests.factories.identification import make_rules, ru_2025
from tests.factories.schools import make_result, make_school

pytestmark = pytest.mark.django_db
UNMARKED = dict.fromkeys(("mark2", "mark3", "mark4", "mark5"))
KDR = {"insufficient": 4, "reduced": 6, "base": 8, "elevated": 2}
MARKS = (1, 10, 5, 4)


@pytest.fixture
def school() -> School:
    return make_school()


def rules_with(kind: str, subject: str, grade: int, definition: str, **changes: Any) -> Rules:
    """Return RU-2025 with one more work."""
    parameters = ru_2025()
    return make_rules(
        procedures=[*parameters["procedures"], {"kind": kind, "subject": subject, "grade": grade}],
        low_definition={**parameters["low_definition"], kind: definition},
        **changes,
    )


def texts_of(school: School, rules: Rules | None = None) -> dict[Any, str]:
    return result_texts(School.objects.filter(pk=school.pk), [2025, 2026], rules or make_rules())


def outcome(school: School, rules: Rules) -> Identification:
    calculation = calculate(territory=school.territory, year=2026, rules=rules)
    return dict(calculation.outcomes)[school]


def only_part(school: School, rules: Rules) -> Part:
    (part,) = outcome(school, rules).current
    return part


@pytest.mark.parametrize("attempt", ["FIRST", "FINAL"])
@pytest.mark.parametrize("period", ["autumn", "sept", "reserve"])
def test_work_that_is_no_state_exam_is_no_retake_in_september(school: School, period: str, attempt: str) -> None:
    make_result(school=school, period=period, marks=(6, 10, 3, 1))

    part = only_part(school, make_rules(attempt=attempt))

    assert (part.low, part.participants, part.pieces) == (6, 20, ())


@pytest.mark.parametrize(
    ("periods", "low"),
    [(("sept", "spring"), 2), (("sept", "autumn"), 2), (("reserve", "sept"), 2), (("reserve", "autumn", "spring"), 3)],
)
def test_of_a_work_written_in_several_periods_one_stands(school: School, periods: tuple[str, ...], low: int) -> None:
    for number, period in enumerate(periods, start=1):
        make_result(school=school, period=period, marks=(number, 10, 5, 0))

    assert only_part(school, make_rules()).low == low


def test_school_comes_as_one_text(school: School) -> None:
    row = make_result(school=school, marks=MARKS, objectivity_markers=["5РУ"])

    texts = texts_of(school)

    (cells,) = rows_of_text(texts[school.pk])
    assert cells == ["2026 VPR RU 5 spring", str(row.pk), ["5РУ"], 20, 1, None]


def test_counts_that_were_not_delivered_come_as_nothing(school: School) -> None:
    make_result(school=school, **UNMARKED)

    (cells,) = rows_of_text(texts_of(school)[school.pk])
    assert cells[4] is None


def test_work_without_markers_has_nothing_in_their_place(school: School) -> None:
    make_result(school=school, marks=MARKS, objectivity_markers=[])

    (cells,) = rows_of_text(texts_of(school)[school.pk])
    assert cells[2] is None


def test_held_are_the_works_of_the_rule_that_any_school_wrote_that_year(school: School) -> None:
    make_result(school=school, grade=5)
    make_result(school=school, grade=6, year=2025)
    make_result(school=school, subject="HI", grade=5)
    make_result(school=make_school(), grade=7)

    texts = {**texts_of(school), "empty": "[]"}

    assert held_in(texts, 2026, make_rules()) == {Procedure("VPR", "RU", 5)}
    assert held_in(texts, 2025, make_rules()) == {Procedure("VPR", "RU", 6)}
    assert held_in({}, 2026, make_rules()) == frozenset()


def test_held_before_are_the_same_without_reading_texts(school: School) -> None:
    make_result(school=school, grade=5)
    make_result(school=school, grade=6, year=2025)
    make_result(school=school, subject="HI", grade=5, year=2025)

    held = held_before(School.objects.all(), [2024, 2025], make_rules())

    assert held == {2025: {Procedure("VPR", "RU", 6)}}


def test_number_of_another_column_is_no_year_of_a_work(school: School) -> None:
    """The grade 10 begins like the grade 1, and 2 025 people write in 2026."""
    make_result(school=school, grade=10, marks=(0, 2025, 0, 0))

    assert held_in(texts_of(school), 2026, make_rules()) == {Procedure("VPR", "RU", 10)}
    assert held_in(texts_of(school), 2025, make_rules()) == frozenset()


def test_rule_that_needs_levels_reads_them(school: School) -> None:
    rules = rules_with("KDR", "CHG", 4, "LEVEL_INSUFFICIENT")
    levels = {"level_counts": KDR, "level_scale": "KDR4"}
    make_result(school=school, procedure="KDR", subject="CHG", grade=4, participants=20, **UNMARKED, **levels)

    (cells,) = rows_of_text(texts_of(school, rules)[school.pk])
    assert cells[6:] == [None, None, KDR, "KDR4"]


@pytest.mark.parametrize(
    ("definition", "low"),
    [("LEVEL_INSUFFICIENT", 4), ("LEVEL_INSUFFICIENT_OR_LOW", 10), ("LEVELS_OF_SCALE", 4)],
)
def test_levels_of_a_work_are_counted_as_the_rule_defines(school: School, definition: str, low: int) -> None:
    levels = {"level_counts": KDR, "level_scale": "KDR4"}
    make_result(school=school, procedure="KDR", subject="CHG", grade=4, participants=20, **UNMARKED, **levels)

    part = only_part(school, rules_with("KDR", "CHG", 4, definition))

    assert (part.low, part.participants) == (low, 20)


@pytest.mark.parametrize(
    ("kind", "subject", "grade"),
    [("NIKO", "RU", 6), ("GVE9", "RU", 9), ("RDR", "MA", 7)],
)
def test_other_works_count_by_marks(school: School, kind: str, subject: str, grade: int) -> None:
    period = "main" if kind == "GVE9" else "spring"
    make_result(school=school, procedure=kind, subject=subject, grade=grade, period=period, marks=(6, 8, 4, 2))

    assert only_part(school, rules_with(kind, subject, grade, "MARK_2")).is_low is True


def test_levels_of_a_course_without_a_count_leave_the_whole_without_it(school: School) -> None:
    make_result(school=school, subject="MA", grade=8, level="base", marks=(5, 10, 5, 0))
    make_result(school=school, subject="MA", grade=8, level="advanced", **UNMARKED)

    assert only_part(school, make_rules()).low is None


def test_rows_of_a_work_are_named_by_number_in_whatever_order_they_come(school: School) -> None:
    make_result(school=school, subject="MA", grade=8, level="base", marks=(5, 10, 5, 0), objectivity_markers=["8МА"])
    make_result(school=school, subject="MA", grade=8, level="advanced", marks=(1, 10, 5, 0))
    rows = rows_of_text(texts_of(school)[school.pk])

    works = works_of_rows(rows, make_rules())

    assert works == works_of_rows(rows[::-1], make_rules())
    assert works[2026][Procedure("VPR", "MA", 8)].source == ",".join(sorted((row[1] for row in rows), key=int))


# Retakes


def write_exam(school: School, period: str, marks: tuple[int, int, int, int]) -> AssessmentResult:
    return make_result(school=school, procedure="OGE", grade=9, period=period, marks=marks)


@pytest.mark.parametrize(
    ("attempt", "low", "pieces"),
    [pytest.param("FIRST", 6, 0, id="before retakes"), pytest.param("FINAL", 2, 3, id="after both of them")],
)
def test_retakes_count_when_the_rule_says_so(school: School, attempt: str, low: int, pieces: int) -> None:
    """6 of 20 failed; 5 wrote again in the reserve days, 3 failed; these wrote in September, 1 failed."""
    write_exam(school, "main", (6, 10, 4, 0))
    write_exam(school, "reserve", (3, 2, 0, 0))
    write_exam(school, "sept", (1, 2, 0, 0))

    part = only_part(school, make_rules(attempt=attempt))

    assert (part.low, part.participants, len(part.pieces)) == (low, 20, pieces)


def test_retake_without_a_main_period_is_a_result_of_its_own(school: School) -> None:
    write_exam(school, "sept", (1, 2, 0, 0))
    make_result(school=school, marks=MARKS)

    found = {part.code: part.low for part in outcome(school, make_rules(attempt="FINAL")).counted}
    assert found == {"ВПР-РУ-5": 1, "ОГЭ-РУ": 1}
    assert [part.code for part in outcome(school, make_rules()).counted] == ["ВПР-РУ-5"]


def test_retake_names_all_its_rows(school: School) -> None:
    rows = [write_exam(school, "main", (6, 10, 4, 0)), write_exam(school, "sept", (1, 5, 0, 0))]

    part = only_part(school, make_rules(attempt="FINAL"))

    assert part.source == ",".join(str(row.pk) for row in rows)


# The fast way and the slow one


def test_works_of_one_row_each_are_the_same_either_way(school: School) -> None:
    for grade in (5, 6, 7):
        make_result(school=school, grade=grade, marks=(grade, 10, 5, 4))
        make_result(school=school, grade=grade, year=2025, marks=(1, 10, 5, grade))
    rows = rows_of_text(texts_of(school)[school.pk])

    assert single_works(rows, make_rules()) == grouped_works(rows, make_rules())
    assert grouped_works(rows, make_rules())[2026][Procedure("VPR", "RU", 7)].low == 7


def test_two_rows_of_a_work_are_not_taken_the_fast_way(school: School) -> None:
    make_result(school=school, period="spring", marks=MARKS)
    make_result(school=school, period="autumn", marks=(9, 1, 0, 0))
    rows = rows_of_text(texts_of(school)[school.pk])

    assert single_works(rows, make_rules()) is None
    assert grouped_works(rows, make_rules())[2026][Procedure("VPR", "RU", 5)].low == 1


def test_results_of_other_schools_are_not_read(school: School) -> None:
    make_result(school=school, marks=MARKS)
    make_result(school=make_school(), marks=MARKS)

    assert list(texts_of(school)) == [school.pk]
