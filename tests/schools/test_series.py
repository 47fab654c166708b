"""Series of a school out of its rows of results."""

import pytest
from pytest_django import DjangoAssertNumQueries

from schools.comparability import Cause
from schools.dynamics import Count, Trend, View, Work
from schools.models import School
from schools.series import series_of
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
def test_series_take_one_query(works: int, school: School, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for grade in range(1, works + 1):
        make_result(school=school, grade=grade)

    with django_assert_num_queries(1):
        series = series_of(school)
        series.changes(2026, View.PARALLEL)
