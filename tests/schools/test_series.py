"""Series of a school out of its rows of results."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from schools.comparability import Cause
from schools.dynamics import Change, Compared, Count, Trend, View, Work
from schools.models import AssessmentResult, School
from schools.series import series_of
from schools.territory_series import territory_series
from tests.factories.schools import make_result, make_school

pytestmark = pytest.mark.django_db
RU5 = Work(procedure="VPR", grade=5, subject="RU")
OGE = Work(procedure="OGE", grade=9, subject="RU")


@pytest.fixture
def school() -> School:
    return make_school()


def test_school_without_results_has_no_years(school: School) -> None:
    series = series_of(school)

    assert (series.years, series.newest, series.counts) == ([], None, {})


def test_years_stand_newest_first_and_other_schools_are_left_out(school: School) -> None:
    for year in (2024, 2026, 2025):
        make_result(school=school, year=year)
    make_result(year=2020)

    assert series_of(school).years == [2026, 2025, 2024]


def test_levels_of_a_course_are_added_up(school: School) -> None:
    make_result(school=school, level="base", marks=(3, 7, 0, 0))
    make_result(school=school, level="advanced", marks=(1, 9, 0, 0))

    assert series_of(school).counts[2026, RU5] == Count(low=4, participants=20)


def test_one_level_without_a_count_leaves_the_work_without_it(school: School) -> None:
    make_result(school=school, level="base", marks=(3, 7, 0, 0))
    make_result(school=school, level="advanced", participants=10, mark2=None, mark3=None, mark4=None, mark5=None)

    assert series_of(school).counts[2026, RU5] == Count(low=None, participants=20)


def test_retakes_are_left_aside_and_autumn_stands_in_for_a_missing_spring(school: School) -> None:
    make_result(school=school, period="spring", marks=(3, 7, 0, 0))
    make_result(school=school, period="autumn", marks=(9, 1, 0, 0))
    make_result(school=school, period="sept", marks=(10, 0, 0, 0))
    make_result(school=school, period="autumn", grade=6, marks=(2, 8, 0, 0))
    counts = series_of(school).counts

    assert counts[2026, RU5].low == 3
    assert counts[2026, Work(procedure="VPR", grade=6, subject="RU")].low == 2


def test_scale_of_the_exam_that_changed_is_told(school: School) -> None:
    for year in (2024, 2025):
        make_result(school=school, procedure="OGE", grade=9, year=year, max_primary=33 if year == 2024 else 37)

    (change,) = series_of(school).changes(2025, View.PARALLEL)

    assert [remark.cause for remark in change.remarks] == [Cause.SCALE]
    assert change.trend is Trend.STABLE


def test_other_level_is_told_in_both_views(school: School) -> None:
    make_result(school=school, year=2025, grade=5, level="base", marks=(10, 10, 10, 10))
    make_result(school=school, year=2026, grade=6, level="advanced", marks=(10, 10, 10, 10))

    (change,) = series_of(school).changes(2026, View.COHORT)

    assert [remark.cause for remark in change.remarks] == [Cause.LEVEL]
    assert change.points == 0


def test_autumn_of_2020_gives_no_level(school: School) -> None:
    for year in (2019, 2020):
        make_result(school=school, year=year, marks=(10, 10, 10, 10))

    (change,) = series_of(school).changes(2020, View.PARALLEL)

    assert change.trend is Trend.NOT_COMPARABLE


def test_scale_of_the_configuration_stands_in_for_the_file(school: School) -> None:
    make_result(school=school, procedure="OGE", grade=9, year=2024)

    nature = series_of(school).nature(2024, OGE)

    assert (nature.maximum, nature.borders) == (33, (15, 23, 29))


@pytest.mark.parametrize("works", [1, 8])
def test_series_take_two_queries(works: int, school: School, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for grade in range(1, works + 1):
        make_result(school=school, grade=grade)

    with django_assert_num_queries(2):
        series = series_of(school)
        series.changes(2026, View.PARALLEL)


# Levels


KDR = {"procedure": "KDR", "subject": "CG", "grade": 4, "level_scale": "KDR4", "participants": 30}
NO_MARKS = dict.fromkeys(("mark2", "mark3", "mark4", "mark5"))


def make_levels(school: School, *, year: int = 2026, **fields: Any) -> AssessmentResult:
    """Store a work by the four levels of КДР: `insufficient` of 30 on the lowest."""
    low = fields.pop("insufficient", 2)
    levels = {"insufficient": low, "reduced": 10, "base": 20 - low, "elevated": 0}
    return make_result(**{**KDR, **NO_MARKS, "level_counts": levels, "school": school, "year": year, **fields})


def change_of(school: School) -> Change:
    (change,) = series_of(school).changes(2026, View.PARALLEL)
    return change


def test_work_by_levels_has_dynamics_by_the_low_ones(school: School) -> None:
    make_levels(school, year=2025, insufficient=2)
    make_levels(school, insufficient=15)

    change = change_of(school)

    assert (change.before, change.after) == (Count(low=2, participants=30), Count(low=15, participants=30))
    assert (change.trend, change.is_significant, change.points) == (Trend.DECLINING, True, Fraction(130, 3))


def test_low_levels_are_those_that_the_scale_calls_so(school: School) -> None:
    levels = {"insufficient": 3, "poor": 4, "medium": 10, "elevated": 3, "high": 0}
    make_levels(school, procedure="FG", level_scale="FG5", level_counts=levels, participants=20)

    assert list(series_of(school).counts.values()) == [Count(low=7, participants=20)]


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param({}, id="no levels"),
        pytest.param({"insufficient": None, "reduced": 10, "base": 20, "elevated": 0}, id="the low one is missing"),
    ],
)
def test_work_without_low_levels_is_not_calculated_and_no_matter_of_few_participants(
    school: School, levels: dict[str, int | None]
) -> None:
    make_levels(school, year=2025)
    make_levels(school, level_counts=levels)

    change = change_of(school)

    assert (change.trend, change.is_significant) == (Trend.NOT_CALCULATED, None)


@pytest.mark.parametrize("below_min", [None, 15])
def test_marks_and_levels_are_not_compared(school: School, below_min: int | None) -> None:
    """An import keeps the count on low levels below the minimum as well."""
    make_result(school=school, year=2025, **{**KDR, "level_scale": ""}, marks=(3, 10, 10, 7))
    make_levels(school, insufficient=15, below_min=below_min)
    of_territory = territory_series(School.objects.in_territory(school.territory), (2025, 2026))

    change = change_of(school)

    assert change.trend is Trend.NOT_COMPARABLE
    assert [(remark.cause, remark.text) for remark in change.remarks] == [
        (
            Cause.MEASURE,
            "Низкие результаты считаются по-разному: было – отметки, стало – уровни «КДР: четыре уровня»",
        )
    ]
    assert of_territory.changes(2026, View.PARALLEL) == [replace(change, schools=Compared(both=1))]


def test_territory_adds_up_levels_as_a_school_does(school: School) -> None:
    other = make_school(territory=school.territory)
    for each in (school, other):
        make_levels(each, year=2025, insufficient=2)
        make_levels(each, insufficient=15)
    make_levels(make_school(territory=school.territory), level_counts={})

    series = territory_series(School.objects.in_territory(school.territory), (2025, 2026))

    (change,) = series.changes(2026, View.PARALLEL)
    assert (change.before, change.after) == (Count(low=4, participants=60), Count(low=30, participants=60))
    assert (change.trend, change.remarks) == (Trend.DECLINING, ())
