"""Dynamics as a page shows it."""

import pytest

from schools.dynamics import View
from schools.dynamics_page import LINES_SHOWN, dynamics_context, slope_lines
from schools.models import School
from schools.series import series_of
from tests.factories.schools import make_result, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    """Return a school whose Russian got better in two grades and whose mathematics got worse in one."""
    school = make_school()
    for grade in (5, 6):
        make_result(school=school, grade=grade, year=2025, marks=(30, 20, 8, 2))
        make_result(school=school, grade=grade, year=2026, marks=(5, 30, 20, 5))
    make_result(school=school, subject="MA", year=2025, marks=(5, 30, 20, 5))
    make_result(school=school, subject="MA", year=2026, marks=(30, 20, 8, 2))
    return school


def test_context_has_both_views_with_their_sentence(school: School) -> None:
    context = dynamics_context(series_of(school), 2026)

    parallel, cohort = context["views"]
    assert (parallel.title, len(parallel.rows)) == ("Параллель", 3)
    assert "положительная: ВПР, русский язык (5 и 6" in parallel.sentence
    assert "отрицательная: ВПР, математика (5" in parallel.sentence
    assert cohort.title == "Когорта"
    assert [row.title for row in cohort.rows] == ["ВПР, русский язык, 6 класс"]
    assert context["trend_words"] == "Динамика разнонаправленная"
    assert context["years"] == [2026, 2025]


def test_picture_takes_the_largest_changes_first_and_colours_them(school: School) -> None:
    lines = slope_lines(series_of(school).changes(2026, View.PARALLEL))

    assert [(line.name, line.style) for line in lines] == [("МА-5", "s-bad"), ("РУ-5", "s-ok"), ("РУ-6", "s-ok")]
    assert (lines[1].before, lines[1].after) == (50.0, 100 / 12)
    assert lines[1].counts == "30 из 60 → 5 из 60"


def test_picture_has_a_bound_and_the_table_has_not() -> None:
    school = make_school()
    for grade in range(1, 12):
        for subject in ("RU", "MA"):
            for year in (2025, 2026):
                make_result(school=school, grade=grade, subject=subject, year=year)
    context = dynamics_context(series_of(school), 2026)

    assert len(context["slopes"]) == LINES_SHOWN
    assert len(context["views"][0].rows) == 22


def test_work_of_one_year_is_in_no_picture() -> None:
    school = make_school()
    make_result(school=school)

    context = dynamics_context(series_of(school), 2026)

    assert context["slopes"] == []
    assert [row.before for row in context["views"][0].rows] == [None]
