"""Execution of roadmaps: rows into `roadmaps.execution`."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from roadmaps.execution import Execution, ExecutionStatus, MeasureFacts, by_key, execution
from roadmaps.models import Measure


def facts_of(measure: Measure) -> MeasureFacts:
    return MeasureFacts(status=ExecutionStatus(measure.status), due=measure.due_date, done_on=measure.done_on)


def execution_of(measures: Iterable[Measure], today: date) -> Execution:
    return execution((facts_of(measure) for measure in measures), today)


def executions(roadmaps: Collection[UUID], today: date) -> dict[UUID, Execution]:
    """Return the execution of each approved roadmap that has measures; one query."""
    rows = Measure.objects.fixed_by_order().filter(roadmap__in=roadmaps).order_by("roadmap", "pk")
    values = rows.values_list("roadmap", "status", "due_date", "done_on")
    return by_key(
        (
            (roadmap, MeasureFacts(status=ExecutionStatus(status), due=due, done_on=done_on))
            for roadmap, status, due, done_on in values
        ),
        today,
    )
