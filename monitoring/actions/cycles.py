"""What a coordinator does with a cycle: plan, open, remind, move on."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import User
from monitoring.choices import CYCLE_TRANSITIONS, CycleState, MetricSource, Stage
from monitoring.errors import CycleBegun, NoSchools
from monitoring.models import Metric, MetricSet, MonitoringCycle, Reading, Submission
from monitoring.sources import SOURCES, Share
from schools.models import LegalAct, School, Territory


@transaction.atomic
def plan_cycle(
    *,
    stage: Stage,
    territory: Territory,
    year: int,
    metric_set: MetricSet,
    schools: Collection[School],
    as_of_date: date,
    opens_on: date,
    deadline: date,
    basis_order: LegalAct,
    by: User,
    at: datetime,
) -> MonitoringCycle:
    """Make a cycle with an empty submission for each school. Raises NoSchools."""
    if not schools:
        raise NoSchools
    cycle = MonitoringCycle.objects.create(
        stage=stage,
        territory=territory,
        year=year,
        metric_set=metric_set,
        as_of_date=as_of_date,
        opens_on=opens_on,
        deadline=deadline,
        basis_order=basis_order,
        created_by=by,
        created_at=at,
    )
    Submission.objects.bulk_create(Submission(cycle=cycle, school=school) for school in schools)
    record(AuditCode.CYCLE_OPENED, actor=by, obj=cycle, state=cycle.state, schools=len(schools))
    return cycle


@transaction.atomic
def move_cycle(*, cycle: MonitoringCycle, to: CycleState, by: User) -> MonitoringCycle:
    """Bring a cycle to its next state; opening the collection counts what the portal counts by itself.

    Raises TransitionRefused.
    """
    cycle = MonitoringCycle.objects.select_for_update().get(pk=cycle.pk)
    allowed = CYCLE_TRANSITIONS[CycleState(cycle.state)]
    if to not in allowed:
        raise TransitionRefused.by_table(
            str(cycle),
            current=cycle.get_state_display(),
            wanted=to.label,
            allowed=[state.label for state in CycleState if state in allowed],
        )
    previous, cycle.state = cycle.state, to
    cycle.save(update_fields=["state"])
    if to == CycleState.COLLECTING:
        fill_counted_readings(cycle)
    record(AuditCode.CYCLE_CHANGED, actor=by, obj=cycle, before=previous, after=str(to))
    return cycle


@transaction.atomic
def drop_cycle(*, cycle: MonitoringCycle, by: User) -> None:
    """Delete a cycle that no school has been asked about, a slip of planning. Raises CycleBegun."""
    cycle = MonitoringCycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.state != CycleState.PLANNED:
        raise CycleBegun
    record(AuditCode.CYCLE_CHANGED, actor=by, obj=cycle, before=cycle.state, after="deleted")
    cycle.delete()


def fill_counted_readings(cycle: MonitoringCycle) -> None:
    """Write the readings that the portal counts, for the submissions that schools may still edit, and empty others."""
    submissions = {submission.school_id: submission for submission in cycle.submissions.all() if submission.is_editable}
    for metric in cycle.metric_set.metrics.all():
        shares = counted_shares(metric, list(submissions), cycle.as_of_date)
        for school, submission in submissions.items():
            write_counted_reading(submission, metric, shares.get(school))


def counted_shares(metric: Metric, schools: list[UUID], as_of: date) -> dict[UUID, Share]:
    source = SOURCES.get(MetricSource(metric.source))
    return dict(source(schools, as_of)) if source else {}


def write_counted_reading(submission: Submission, metric: Metric, share: Share | None) -> None:
    """Set a counted reading; a share of nothing is «no data» with the reason, not zero."""
    reading, _ = Reading.objects.get_or_create(submission=submission, metric=metric)
    if not metric.is_counted:
        return
    has_share = share is not None and share.denominator > 0
    reading.numerator = share.numerator if share and has_share else None
    reading.denominator = share.denominator if share and has_share else None
    reading.absence_reason = "" if has_share else "В портале нет данных для расчёта"
    reading.save()


@transaction.atomic
def remind(*, cycle: MonitoringCycle, by: User, at: datetime) -> int:
    """Note a reminder to the schools that have not handed in; return how many there are.

    Schools see it on «Сегодня» with the date.
    """
    waiting = cycle.submissions.missing().count()
    if waiting:
        cycle.reminded_at = at
        cycle.save(update_fields=["reminded_at"])
        record(AuditCode.REMINDER_SENT, actor=by, obj=cycle, schools=waiting)
    return waiting
