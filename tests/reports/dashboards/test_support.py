"""Schools on support: what the table of «Сегодня» tells of each."""

from datetime import date
from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from monitoring.actions.cycles import move_cycle
from monitoring.choices import CycleState, Stage
from reports.dashboards.support import EMPTY_EXECUTION, SupportedSchool, low_shares, support_table
from riskprofiles.choices import ProfileState
from roadmaps.choices import MeasureStatus
from roadmaps.models import Measure
from schools.choices import SchoolStatus
from schools.models import School, Territory
from tests.factories.lists import make_list
from tests.factories.monitoring import make_cycle, make_open_cycle
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import make_roadmap, make_running
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


def listed_school(**fields: object) -> School:
    school = make_school(**fields)
    make_list([school])
    return school


def line(school: School) -> SupportedSchool:
    """Return the only line of the table of the school's municipality."""
    (found,) = support_table(coordinator(school.territory), TODAY)
    return found


def test_only_schools_of_published_lists_are_on_support() -> None:
    territory = make_territory()
    listed = make_school(territory=territory)
    make_school(territory=territory)
    make_list([listed])

    assert [row.school for row in support_table(coordinator(territory), TODAY)] == [listed]


def test_school_outside_the_list_stays_while_its_roadmap_or_a_collection_runs() -> None:
    territory = make_territory()
    listed, planned, asked, drafted = (make_school(territory=territory, name=name) for name in "АБВГ")
    make_list([listed])
    make_running(school=planned)
    make_open_cycle(schools=[asked])
    make_roadmap(school=drafted)

    rows = support_table(coordinator(territory), TODAY)

    assert [(row.school, row.is_listed) for row in rows] == [(listed, True), (planned, False), (asked, False)]


def test_school_that_is_no_more_is_on_support_no_longer() -> None:
    school = listed_school()
    School.objects.filter(pk=school.pk).update(status=SchoolStatus.REORGANISED)

    assert support_table(coordinator(school.territory), TODAY) == []


def test_schools_of_a_neighbour_are_not_shown() -> None:
    listed_school()

    assert support_table(coordinator(make_territory()), TODAY) == []


def test_school_of_last_years_list_is_left_out() -> None:
    territory = make_territory()
    old, new = (make_school(territory=territory) for _ in range(2))
    make_list([old], year=2025)
    make_list([new], year=2026)

    assert [row.school for row in support_table(coordinator(territory), TODAY)] == [new]


def test_schools_go_by_name() -> None:
    territory = make_territory()
    make_list([make_school(territory=territory, name=name) for name in ("Б", "А")])

    assert [row.school.name for row in support_table(coordinator(territory), TODAY)] == ["А", "Б"]


def test_school_with_nothing_yet_has_empty_columns() -> None:
    row = line(listed_school())

    assert (row.risks, row.high_risks, row.execution, row.submission) == (0, 0, EMPTY_EXECUTION, None)
    assert (row.pill, row.spark, row.last_share, row.change) == ("none", "", None, None)


def test_activated_risks_are_counted() -> None:
    school = listed_school()
    profile = make_profile(school=school, state=ProfileState.APPROVED)

    row = line(school)

    assert row.risks == profile.factors.activated().count() > 0
    assert row.high_risks == profile.factors.activated().filter(verified_level="high").count()


def test_risks_not_chosen_yet_are_not_counted() -> None:
    school = listed_school()
    make_profile(school=school, state=ProfileState.VERIFIED)

    assert line(school).risks == 0


def test_execution_is_that_of_the_roadmap_in_force() -> None:
    school = listed_school()
    roadmap = make_running(school=school, measures=2)
    first = roadmap.measures.in_order()[0]
    Measure.objects.filter(pk=first.pk).update(
        status=MeasureStatus.DONE,
        done_on=date(2026, 3, 1),
        evidence_kind="",
    )

    execution = line(school).execution

    assert (execution.done.numerator, execution.done.denominator, execution.overdue) == (1, 2, 1)


def test_draft_of_a_roadmap_is_not_carried_out() -> None:
    school = listed_school()
    make_roadmap(school=school)

    assert line(school).execution == EMPTY_EXECUTION


def test_submission_is_that_of_the_open_cycle() -> None:
    school = listed_school()
    cycle = make_open_cycle(schools=[school])

    row = line(school)

    assert row.submission == cycle.submissions.get()
    assert row.pill == "no"


def test_planned_cycle_shows_no_submission() -> None:
    school = listed_school()
    make_cycle(schools=[school])

    assert line(school).submission is None


def test_latest_of_two_open_cycles_is_shown() -> None:
    school = listed_school()
    for stage, day in ((Stage.ENTRY, date(2026, 1, 10)), (Stage.INTERIM, date(2026, 5, 10))):
        latest = make_open_cycle(schools=[school], stage=stage, as_of_date=day)

    row = line(school)

    assert row.submission is not None
    assert row.submission.cycle == latest


def test_closed_cycle_is_forgotten() -> None:
    school = listed_school()
    cycle = make_open_cycle(schools=[school])
    for state in (CycleState.CHECKING, CycleState.ANALYSIS):
        cycle = move_cycle(cycle=cycle, to=state, by=cycle.created_by)

    assert line(school).submission is None


def test_shares_are_of_mathematics_over_all_grades_by_counts() -> None:
    school = listed_school()
    for grade in (5, 6):
        make_result(school=school, subject="MA", grade=grade, year=2025, marks=(5, 5, 5, 5))
    make_result(school=school, subject="MA", grade=5, marks=(1, 5, 3, 1))
    make_result(school=school, subject="MA", grade=6, marks=(5, 20, 10, 5))
    make_result(school=school, subject="RU", grade=5, marks=(40, 0, 0, 0))

    row = line(school)

    assert row.shares.years == [(2025, 10, 40), (2026, 6, 50)]
    assert row.counts == "2025: 10 из 40 → 2026: 6 из 50"
    assert (row.last_share, row.change, row.spark) == (Fraction(12), Fraction(-13), "25.0,12.0")


def test_grade_that_was_not_written_the_year_before_makes_no_change() -> None:
    school = listed_school()
    make_result(school=school, subject="MA", grade=5, year=2025, marks=(10, 10, 10, 10))
    make_result(school=school, subject="MA", grade=5, marks=(1, 5, 3, 1))
    for grade in (7, 8):
        make_result(school=school, subject="MA", grade=grade, marks=(20, 10, 5, 5))

    row = line(school)

    assert row.counts == "2025: 10 из 40 → 2026: 1 из 10, без 7 и 8 классов"
    assert row.change == Fraction(-15)


def test_year_with_other_grades_is_not_drawn_beside_the_last() -> None:
    school = listed_school()
    make_result(school=school, subject="MA", grade=4, year=2025, marks=(10, 10, 10, 10))
    make_result(school=school, subject="MA", grade=5, marks=(1, 5, 3, 1))

    row = line(school)

    assert (row.spark, row.change, row.counts) == ("10.0", None, "2026: 1 из 10")


def test_change_is_exact_and_not_the_difference_of_rounded_shares() -> None:
    school = listed_school()
    make_result(school=school, subject="MA", grade=5, year=2025, participants=10000, marks=(1004, 8996, 0, 0))
    make_result(school=school, subject="MA", grade=5, participants=10000, marks=(1455, 8545, 0, 0))

    row = line(school)

    assert (row.change, row.spark) == (Fraction(451, 100), "10.0,14.6")


def test_one_year_of_results_has_no_change() -> None:
    school = listed_school()
    make_result(school=school, subject="MA", marks=(1, 5, 3, 1))

    row = line(school)

    assert (row.last_share, row.change) == (Fraction(10), None)


def test_results_without_marks_are_no_share() -> None:
    school = make_school()
    result = make_result(school=school, subject="MA")
    type(result).objects.filter(pk=result.pk).update(mark2=None, mark3=None, mark4=None, mark5=None)

    assert low_shares([school.pk]) == {}


@pytest.mark.parametrize("schools", [1, 3])
def test_table_takes_the_same_queries_for_any_number_of_schools(
    schools: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    territory = make_territory()
    rows = [make_school(territory=territory) for _ in range(schools)]
    make_list(rows)
    for school in rows:
        make_profile(school=school, state=ProfileState.APPROVED)
        make_running(school=school)
        make_result(school=school, subject="MA")
    make_open_cycle(schools=rows)
    user = User.objects.get(pk=coordinator(territory).pk)

    with django_assert_num_queries(8):
        assert len(support_table(user, TODAY)) == schools
