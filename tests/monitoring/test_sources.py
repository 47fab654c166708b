"""What the portal counts by itself for a cycle."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from monitoring.choices import MetricSource
from monitoring.sources import SOURCES, Share, latest_year
from roadmaps.choices import MeasureStatus
from roadmaps.models import Measure
from schools.choices import Procedure
from schools.models import School
from tests.factories.roadmaps import make_roadmap, make_running
from tests.factories.schools import make_result, make_school

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 9, 1)


def counted(source: MetricSource, school: School, as_of: date = AS_OF) -> Share | None:
    return SOURCES[source]([school.pk], as_of).get(school.pk)


def test_low_marks_add_up_over_obligatory_subjects_and_grades() -> None:
    school = make_school()
    make_result(school=school, subject="RU", grade=5, marks=(3, 10, 8, 4))
    make_result(school=school, subject="MA", grade=6, marks=(5, 10, 8, 2))
    make_result(school=school, subject="BI", grade=6, marks=(20, 0, 0, 0))

    assert counted(MetricSource.VPR_LOW, school) == Share(numerator=8, denominator=50)


def test_procedures_are_counted_apart() -> None:
    school = make_school()
    make_result(school=school, procedure="VPR", marks=(3, 10, 8, 4))
    make_result(school=school, procedure="OGE", grade=9, marks=(1, 10, 8, 1))

    assert counted(MetricSource.VPR_LOW, school) == Share(numerator=3, denominator=25)
    assert counted(MetricSource.OGE_LOW, school) == Share(numerator=1, denominator=20)


def test_only_the_latest_year_known_on_the_day_counts() -> None:
    school = make_school()
    make_result(school=school, year=2025, marks=(20, 0, 0, 0))
    make_result(school=school, year=2026, marks=(1, 9, 0, 0))

    assert counted(MetricSource.VPR_LOW, school) == Share(numerator=1, denominator=10)
    assert counted(MetricSource.VPR_LOW, school, date(2025, 12, 31)) == Share(numerator=20, denominator=20)


def test_school_without_results_has_no_share() -> None:
    assert counted(MetricSource.VPR_LOW, make_school()) is None


def test_year_without_results_is_none_of_the_years() -> None:
    assert latest_year([make_school().pk], Procedure.VPR, AS_OF) == 0


def test_confirmed_marks_are_out_of_those_compared_and_not_of_participants() -> None:
    school = make_school()
    make_result(school=school, marks=(5, 10, 8, 2), lowered=8, confirmed=15, raised=1)

    assert counted(MetricSource.JOURNAL_CONFIRMED, school) == Share(numerator=15, denominator=24)


def test_works_without_a_comparison_are_left_out() -> None:
    school = make_school()
    make_result(school=school, subject="RU", lowered=8, confirmed=15, raised=2)
    make_result(school=school, subject="MA")

    assert counted(MetricSource.JOURNAL_CONFIRMED, school) == Share(numerator=15, denominator=25)


def mark_first(school: School, **fields: object) -> None:
    measure = Measure.objects.filter(roadmap__school=school).in_order()[0]
    Measure.objects.filter(pk=measure.pk).update(**{"evidence_kind": "", **fields})


def test_done_measures_are_out_of_all_planned() -> None:
    school = make_school()
    make_running(school=school, measures=3)
    mark_first(school, status=MeasureStatus.DONE, done_on=date(2026, 3, 1))

    assert counted(MetricSource.ROADMAP_DONE, school) == Share(numerator=1, denominator=3)


def test_measure_done_after_the_day_does_not_count_yet() -> None:
    school = make_school()
    make_running(school=school, measures=3)
    mark_first(school, status=MeasureStatus.DONE, done_on=date(2026, 9, 2))

    assert counted(MetricSource.ROADMAP_DONE, school) == Share(numerator=0, denominator=3)


def test_excluded_measures_are_out_of_the_plan() -> None:
    school = make_school()
    make_running(school=school, measures=3)
    mark_first(school, status=MeasureStatus.CANCELLED, cancel_reason="Нет ставки")

    assert counted(MetricSource.ROADMAP_DONE, school) == Share(numerator=0, denominator=2)


def test_draft_of_a_roadmap_is_no_share() -> None:
    school = make_school()
    make_roadmap(school=school)

    assert counted(MetricSource.ROADMAP_DONE, school) is None


def test_other_schools_are_left_out() -> None:
    school, other = make_school(), make_school()
    make_result(school=other, marks=(20, 0, 0, 0))

    assert counted(MetricSource.VPR_LOW, school) is None


@pytest.mark.parametrize("source", list(SOURCES))
@pytest.mark.parametrize("schools", [1, 3])
def test_source_takes_the_same_queries_for_any_number_of_schools(
    source: MetricSource,
    schools: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = [make_school() for _ in range(schools)]
    for school in rows:
        make_result(school=school, lowered=8, confirmed=15, raised=2)

    with django_assert_num_queries(1 if source == MetricSource.ROADMAP_DONE else 2):
        SOURCES[source]([school.pk for school in rows], AS_OF)


def test_every_source_but_the_school_is_counted() -> None:
    assert set(SOURCES) == set(MetricSource) - {MetricSource.SCHOOL}
