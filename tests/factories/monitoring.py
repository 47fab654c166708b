"""Metric sets, cycles and submissions."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from monitoring.actions.cycles import move_cycle, plan_cycle
from monitoring.catalogue import load_metric_set
from monitoring.choices import CycleState, Stage
from monitoring.models import MonitoringCycle, Reading, Submission
from schools.models import School
from tests.factories.schools import make_act, make_school, make_territory, make_user

AT = datetime(2026, 2, 2, 9, tzinfo=UTC)


def make_cycle(*, schools: list[School] | None = None, by: User | None = None, **fields: Any) -> MonitoringCycle:
    """Return a planned cycle of a municipality with its schools (one by default)."""
    territory = fields.pop("territory", None) or (schools[0].territory if schools else make_territory())
    defaults: dict[str, Any] = {
        "stage": Stage.INTERIM,
        "year": 2026,
        "metric_set": load_metric_set(),
        "as_of_date": date(2026, 2, 16),
        "opens_on": date(2026, 2, 2),
        "deadline": date(2026, 2, 20),
        "basis_order": make_act(territory=territory),
        "at": AT,
    }
    return plan_cycle(
        **{**defaults, **fields},
        territory=territory,
        schools=schools or [make_school(territory=territory)],
        by=by or make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory),
    )


def make_open_cycle(**fields: Any) -> MonitoringCycle:
    cycle = make_cycle(**fields)
    return move_cycle(cycle=cycle, to=CycleState.COLLECTING, by=cycle.created_by)


def make_submission(**fields: Any) -> Submission:
    """Return the only submission of an open cycle."""
    return make_open_cycle(**fields).submissions.get()


def fill(submission: Submission, *, numerator: int = 5, denominator: int = 10) -> None:
    """Put the same share into every reading that the school gives."""
    Reading.objects.filter(submission=submission, metric__source="school").update(
        numerator=numerator,
        denominator=denominator,
    )
