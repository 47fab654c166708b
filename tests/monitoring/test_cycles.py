"""Cycles: planning, opening, moving on, reminding, and what the portal counts by itself."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import AuditEvent
from monitoring.actions.cycles import drop_cycle, move_cycle, plan_cycle, remind
from monitoring.catalogue import load_metric_set
from monitoring.choices import CycleState, Stage
from monitoring.errors import CycleBegun, NoSchools
from monitoring.models import Metric, MetricSet, MonitoringCycle, Submission
from tests.factories.monitoring import fill, make_cycle, make_open_cycle
from tests.factories.schools import make_act, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def test_load_metric_set_twice_makes_one_set_of_ten() -> None:
    assert load_metric_set() == load_metric_set()
    assert Metric.objects.count() == 10


def test_plan_cycle_gives_every_school_an_empty_submission() -> None:
    territory = make_territory()
    schools = [make_school(territory=territory), make_school(territory=territory)]

    cycle = make_cycle(schools=schools)

    assert [s.state for s in cycle.submissions.all()] == ["not_started", "not_started"]
    assert AuditEvent.objects.get(code=AuditCode.CYCLE_OPENED).meta["schools"] == 2


def test_plan_cycle_without_schools_is_refused() -> None:
    territory = make_territory()

    with pytest.raises(NoSchools):
        plan_cycle(
            stage=Stage.ENTRY,
            territory=territory,
            year=2026,
            metric_set=load_metric_set(),
            schools=[],
            as_of_date=date(2026, 1, 1),
            opens_on=date(2026, 1, 1),
            deadline=date(2026, 1, 2),
            basis_order=make_act(territory=territory),
            by=make_user(),
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    assert not MonitoringCycle.objects.exists()


def test_opening_counts_low_marks_of_the_latest_year() -> None:
    school = make_school()
    make_result(school=school, year=2025, marks=(9, 0, 0, 1))
    make_result(school=school, year=2026, marks=(3, 5, 1, 1))
    make_result(school=school, year=2026, subject="MA", marks=(1, 8, 1, 0))

    cycle = make_open_cycle(schools=[school])

    reading = cycle.submissions.get().readings.get(metric__code="B1")
    assert (reading.numerator, reading.denominator) == (4, 20)


def test_opening_counts_confirmed_marks_out_of_all_compared() -> None:
    school = make_school()
    make_result(school=school, lowered=3, confirmed=6, raised=1)

    reading = make_open_cycle(schools=[school]).submissions.get().readings.get(metric__code="B5")

    assert (reading.numerator, reading.denominator) == (6, 10)


def test_opening_without_data_says_why_and_not_zero() -> None:
    reading = make_open_cycle().submissions.get().readings.get(metric__code="B1")

    assert reading.numerator is None
    assert reading.absence_reason == "В портале нет данных для расчёта"


def test_results_after_the_date_of_the_cycle_do_not_count() -> None:
    school = make_school()
    make_result(school=school, year=2027)

    reading = make_open_cycle(schools=[school]).submissions.get().readings.get(metric__code="B1")

    assert reading.numerator is None


def test_move_cycle_out_of_order_is_refused_with_what_is_allowed() -> None:
    cycle = make_cycle()

    with pytest.raises(TransitionRefused, match="«Сбор данных»"):
        move_cycle(cycle=cycle, to=CycleState.CLOSED, by=cycle.created_by)


def test_move_cycle_walks_to_the_end() -> None:
    cycle = make_open_cycle()

    for state in (CycleState.CHECKING, CycleState.ANALYSIS, CycleState.REPORTED, CycleState.CLOSED):
        cycle = move_cycle(cycle=cycle, to=state, by=cycle.created_by)

    assert cycle.state == CycleState.CLOSED


def test_reopening_keeps_what_schools_typed() -> None:
    cycle = make_open_cycle()
    fill(cycle.submissions.get())

    cycle = move_cycle(cycle=cycle, to=CycleState.CHECKING, by=cycle.created_by)
    move_cycle(cycle=cycle, to=CycleState.COLLECTING, by=cycle.created_by)

    assert cycle.submissions.get().readings.get(metric__code="C1").numerator == 5


def test_remind_counts_the_schools_that_have_not_handed_in() -> None:
    cycle = make_open_cycle()
    at = datetime(2026, 2, 18, 12, tzinfo=UTC)

    assert remind(cycle=cycle, by=cycle.created_by, at=at) == 1
    cycle.refresh_from_db()
    assert cycle.reminded_at == at


def test_remind_when_nobody_waits_changes_nothing() -> None:
    cycle = make_cycle()

    assert remind(cycle=cycle, by=cycle.created_by, at=datetime(2026, 2, 18, tzinfo=UTC)) == 0
    assert not AuditEvent.objects.filter(code=AuditCode.REMINDER_SENT).exists()


def test_database_refuses_a_deadline_before_the_opening() -> None:
    with pytest.raises(IntegrityError, match="cycle_dates_order"), transaction.atomic():
        make_cycle(deadline=date(2026, 1, 1))


def test_database_refuses_the_same_stage_twice_a_year() -> None:
    cycle = make_cycle()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_cycle(territory=cycle.territory)


def test_database_refuses_two_submissions_of_a_school() -> None:
    submission = make_cycle().submissions.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(cycle=submission.cycle, school=submission.school)


def test_database_refuses_a_target_above_hundred() -> None:
    metric = load_metric_set().metrics.first()
    assert metric

    with pytest.raises(IntegrityError, match="metric_target_range"), transaction.atomic():
        Metric.objects.filter(pk=metric.pk).update(target=101)


def test_metric_set_version_is_unique() -> None:
    first = load_metric_set()

    with pytest.raises(IntegrityError), transaction.atomic():
        MetricSet.objects.create(code=first.code, version=first.version, title="Ещё раз")


def test_cycle_that_was_only_planned_is_deleted_with_a_trace() -> None:
    cycle = make_cycle()

    drop_cycle(cycle=cycle, by=make_user())

    assert not MonitoringCycle.objects.exists()
    assert not Submission.objects.exists()
    event = AuditEvent.objects.get(code=AuditCode.CYCLE_CHANGED)
    assert (event.object_id, event.meta["after"]) == (str(cycle.pk), "deleted")


def test_cycle_that_schools_were_asked_about_stays() -> None:
    cycle = make_open_cycle()

    with pytest.raises(CycleBegun, match="не удаляют"):
        drop_cycle(cycle=cycle, by=make_user())

    assert MonitoringCycle.objects.get() == cycle
