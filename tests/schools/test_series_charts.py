"""The series of a school beside its municipality."""

from fractions import Fraction

import pytest
from django.template import Context, Template
from pytest_django import DjangoAssertNumQueries

from schools.models import School
from schools.reference_values import FEWEST_SCHOOLS
from schools.series import series_of
from schools.series_charts import SeriesChart, YearPoint, series_charts
from tests.factories.schools import make_result, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


def charts(school: School) -> list[SeriesChart]:
    return series_charts(school, series_of(school))


def make_neighbours(school: School, number: int, low: int = 10, **fields: object) -> None:
    for _ in range(number):
        make_result(school=make_school(territory=school.territory), marks=(low, 40 - low, 0, 0), **fields)


def test_grades_of_a_series_are_added_up(school: School) -> None:
    make_result(school=school, grade=5, marks=(10, 30, 0, 0))
    make_result(school=school, grade=6, marks=(2, 18, 0, 0))
    make_result(school=school, grade=6, subject="BI", marks=(20, 0, 0, 0))

    (chart,) = charts(school)

    assert chart.title == "ВПР, русский язык"
    assert [point.own for point in chart.points] == [(12, 60)]
    assert chart.own == [20.0]


def test_years_stand_in_order_with_the_change_of_the_last_two(school: School) -> None:
    for year, low in ((2026, 10), (2024, 30), (2025, 20)):
        make_result(school=school, year=year, marks=(low, 40 - low, 0, 0))

    (chart,) = charts(school)

    assert (chart.years, chart.own, chart.change) == (["2024", "2025", "2026"], [75.0, 50.0, 25.0], Fraction(-25))


def test_change_is_over_the_grades_of_both_years(school: School) -> None:
    make_result(school=school, year=2025, grade=5, marks=(20, 20, 0, 0))
    make_result(school=school, year=2025, grade=4, marks=(0, 40, 0, 0))
    make_result(school=school, year=2026, grade=5, marks=(10, 30, 0, 0))
    make_result(school=school, year=2026, grade=6, marks=(40, 0, 0, 0))

    (chart,) = charts(school)

    assert [point.own for point in chart.points] == [(20, 80), (50, 80)]
    assert (chart.change, chart.grades_words) == (Fraction(-25), "по 5 классу, который писали в оба года")


def test_years_of_other_grades_have_no_change(school: School) -> None:
    make_result(school=school, year=2025, grade=5)
    make_result(school=school, year=2026, grade=6)

    (chart,) = charts(school)

    assert (chart.change, chart.grades_words) == (None, "")


def test_change_is_exact(school: School) -> None:
    make_result(school=school, year=2025, marks=(1, 2, 0, 0))
    make_result(school=school, year=2026, marks=(3, 4, 0, 0))

    (chart,) = charts(school)

    assert chart.change == 100 * (Fraction(3, 7) - Fraction(1, 3))


def test_year_without_the_work_is_no_zero(school: School) -> None:
    make_result(school=school, year=2025)
    make_result(school=school, year=2026)
    make_result(school=school, year=2026, procedure="OGE", grade=9, marks=(4, 16, 0, 0))

    oge = charts(school)[1]

    assert (oge.own, oge.change) == ([None, 20.0], None)


def test_work_without_low_counts_is_left_out(school: School) -> None:
    make_result(school=school, participants=30, mark2=None, mark3=None, mark4=None, mark5=None)

    assert charts(school) == []


def test_municipality_is_weighted_by_participants(school: School) -> None:
    make_result(school=school, marks=(0, 20, 0, 0))
    make_neighbours(school, 2, low=20)
    make_neighbours(make_school(), 3, low=40)

    (chart,) = charts(school)

    assert chart.points[0].municipality == (40, 100)
    assert chart.municipal == [40.0]


def test_municipality_of_two_schools_is_kept_back(school: School) -> None:
    make_result(school=school)
    make_neighbours(school, FEWEST_SCHOOLS - 2)

    assert charts(school)[0].municipal == [None]


def test_exam_without_marks_counts_below_its_minimum(school: School) -> None:
    make_result(school=school, procedure="OGE", grade=9, marks=(4, 16, 0, 0), below_min=5)

    assert charts(school)[0].points[0].own == (5, 20)


def test_newest_years_are_shown(school: School) -> None:
    for year in range(2018, 2027):
        make_result(school=school, year=year)

    assert charts(school)[0].years == ["2022", "2023", "2024", "2025", "2026"]


def test_card_writes_every_number_of_the_picture() -> None:
    chart = SeriesChart(
        title="ВПР, русский язык",
        points=[
            YearPoint(year=2025, own=None, municipality=(40, 100)),
            YearPoint(year=2026, own=(12, 60), municipality=None),
        ],
    )

    html = Template('{% include "schools/_series.html" %}').render(Context({"charts": [chart]}))

    text = html.replace("\u00a0", " ")
    assert "2025: нет данных, муниципалитет 40,0 % (40 из 100)" in text
    assert "2026: 12 из 60" in text


@pytest.mark.parametrize("works", [1, 5])
def test_charts_take_one_query(works: int, school: School, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for grade in range(4, 4 + works):
        make_result(school=school, grade=grade)
    series = series_of(school)

    with django_assert_num_queries(1):
        series_charts(school, series)


def test_charts_beside_each_other_have_one_scale(school: School) -> None:
    make_result(school=school, marks=(4, 36, 0, 0))
    make_result(school=school, subject="MA", marks=(21, 19, 0, 0))

    assert [chart.high for chart in charts(school)] == [60, 60]


def test_scale_of_nothing_is_not_empty(school: School) -> None:
    make_result(school=school, marks=(0, 40, 0, 0))

    assert charts(school)[0].high == 10
