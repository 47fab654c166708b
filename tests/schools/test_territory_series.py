"""Schools of a territory together: sums of a year, and changes over the same schools."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.permissions import Role
from schools.actions.reorganisation import merge_schools, register_anew
from schools.dynamics import Change, Compared, Count, Trend, View, Work
from schools.models import School, Territory
from schools.territory_series import TerritorySeries, territory_series
from tests.factories.schools import make_inn, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
RU5 = Work(procedure="VPR", grade=5, subject="RU")
SEPTEMBER = date(2025, 9, 1)
RECORDED = datetime(2025, 9, 2, 9, tzinfo=UTC)


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def write(school: School, year: int, low: int, *, whole: int = 20, grade: int = 5, **fields: object) -> None:
    make_result(school=school, year=year, grade=grade, marks=(low, whole - low, 0, 0), **fields)


def read(territory: Territory, *years: int) -> TerritorySeries:
    return territory_series(School.objects.in_territory(territory), years or (2025, 2026))


def change_of(territory: Territory, view: View = View.PARALLEL) -> Change:
    (change,) = read(territory).changes(2026, view)
    return change


def test_schools_of_one_year_alone_make_no_change(territory: Territory) -> None:
    """By hand: 15 schools have 4 low of 20 in both years, 20 %; five weak ones, 16 of 20, wrote in 2025 alone.

    All who wrote: (15 · 4 + 5 · 16) / 400 = 35 % against 20 %, a fall of 15 points that nobody's work has made.
    """
    for _ in range(15):
        school = make_school(territory=territory)
        write(school, 2025, 4)
        write(school, 2026, 4)
    for _ in range(5):
        write(make_school(territory=territory), 2025, 16)

    series, change = read(territory), change_of(territory)

    assert series.counts == {
        (2025, RU5): Count(low=140, participants=400),
        (2026, RU5): Count(low=60, participants=300),
    }
    assert change.before == change.after == Count(low=60, participants=300)
    assert (change.points, change.trend, change.is_significant) == (Fraction(0), Trend.STABLE, False)
    assert change.schools == Compared(both=15, only_before=5, only_after=0)


def test_schools_that_came_later_are_counted_apart(territory: Territory) -> None:
    stays = make_school(territory=territory)
    write(stays, 2025, 10)
    write(stays, 2026, 4)
    write(make_school(territory=territory), 2026, 20)

    change = change_of(territory)

    assert (change.points, change.trend) == (Fraction(-30), Trend.IMPROVING)
    assert change.schools == Compared(both=1, only_before=0, only_after=1)


def test_work_that_no_school_has_in_both_years_has_no_change(territory: Territory) -> None:
    write(make_school(territory=territory), 2025, 10)
    write(make_school(territory=territory), 2026, 4)

    change = change_of(territory)

    assert (change.before, change.after, change.points) == (None, None, None)
    assert change.trend is Trend.NOT_WRITTEN
    assert change.schools == Compared(both=0, only_before=1, only_after=1)


def test_same_children_are_compared_where_a_school_has_both_works(territory: Territory) -> None:
    both, younger, older = (make_school(territory=territory) for _ in range(3))
    write(both, 2025, 10, grade=5)
    write(both, 2026, 4, grade=6)
    write(younger, 2025, 20, grade=5)
    write(older, 2026, 20, grade=6)

    found = {change.work.grade: change for change in read(territory).changes(2026, View.COHORT)}

    assert (found[6].before, found[6].after) == (Count(low=10, participants=20), Count(low=4, participants=20))
    assert found[6].schools == Compared(both=1, only_before=1, only_after=1)


def test_work_without_a_count_of_low_works_is_not_compared(territory: Territory) -> None:
    told, silent = (make_school(territory=territory) for _ in range(2))
    write(told, 2025, 4)
    write(told, 2026, 4)
    write(silent, 2025, 16)
    make_result(school=silent, year=2026, participants=20, **dict.fromkeys(("mark2", "mark3", "mark4", "mark5")))

    change = change_of(territory)

    assert change.after == Count(low=4, participants=20)
    assert change.schools == Compared(both=1, only_before=1, only_after=0)


def test_each_school_is_taken_by_its_own_main_period(territory: Territory) -> None:
    """A school that wrote in autumn alone counts beside those of the spring, as on its own page; once, not twice."""
    spring, autumn = (make_school(territory=territory) for _ in range(2))
    for year in (2025, 2026):
        write(spring, year, 4)
        write(spring, year, 20, period="autumn")
        write(autumn, year, 6, period="autumn")

    assert change_of(territory).after == Count(low=10, participants=40)


# Reorganised schools


def test_school_registered_anew_is_the_same_school(territory: Territory) -> None:
    school = make_school(territory=territory)
    write(school, 2025, 10)
    keeper = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    heir = register_anew(school=school, inn=make_inn(5_000_777), ogrn="", on=SEPTEMBER, by=keeper, at=RECORDED)
    write(heir, 2026, 4)

    change = change_of(territory)

    assert (change.before, change.after) == (Count(low=10, participants=20), Count(low=4, participants=20))
    assert change.schools == Compared(both=1)


def test_work_told_by_both_legal_persons_is_counted_once(territory: Territory) -> None:
    school = make_school(territory=territory)
    keeper = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    write(school, 2025, 10)
    write(school, 2026, 20)
    heir = register_anew(school=school, inn=make_inn(5_000_777), ogrn="", on=SEPTEMBER, by=keeper, at=RECORDED)
    write(heir, 2026, 4)

    assert read(territory).counts[2026, RU5] == change_of(territory).after == Count(low=4, participants=20)


def test_merged_school_stays_apart_from_the_one_it_joined(territory: Territory) -> None:
    joined, heir = (make_school(territory=territory) for _ in range(2))
    write(joined, 2025, 20)
    write(heir, 2025, 4)
    keeper = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    merge_schools(predecessors=[joined], successor=heir, on=SEPTEMBER, by=keeper, at=RECORDED)
    write(heir, 2026, 4)

    change = change_of(territory)

    assert (change.before, change.points) == (Count(low=4, participants=20), Fraction(0))
    assert change.schools == Compared(both=1, only_before=1)


# Reading


def test_only_years_that_follow_each_other_make_pairs(territory: Territory) -> None:
    school = make_school(territory=territory)
    for year in (2023, 2024, 2026):
        write(school, year, 4)

    series = read(territory, 2023, 2024, 2026)

    assert sorted(series.pairs) == [(2024, View.COHORT), (2024, View.PARALLEL)]
    assert series.changes(2026, View.PARALLEL) == []


@pytest.mark.parametrize("schools", [1, 5])
def test_territory_takes_two_queries(
    schools: int, territory: Territory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(schools):
        school = make_school(territory=territory)
        write(school, 2025, 4)
        write(school, 2026, 4)

    with django_assert_num_queries(2):
        read(territory)
