"""Taking back what was decided on several schools at once, as long as nobody has decided anew."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.russian import count
from schools.actions.identification import DECISION_FIELDS, lock_run, locked_verdicts, settle
from schools.choices import Decision
from schools.errors import NothingToTakeBack
from schools.models import IdentificationRun, SchoolVerdict

UNDO_TIME: Final = timedelta(minutes=10)
COLUMNS: Final = ("decision", "decision_code", "decision_text", "decision_document_id", "decided_by_id", "decided_at")


class TakenBack(NamedTuple):
    """How many schools stand again as before the decision, and how many have been decided on anew since."""

    number: int
    changed_since: int


@transaction.atomic
def take_back(*, run: IdentificationRun, decided_at: datetime, by: User, at: datetime) -> TakenBack:
    """Put the schools that the person decided on together at a moment back as they were, within ten minutes.

    A decision that was changed since stays. Raises DecisionsClosed, NothingToTakeBack.
    """
    run = lock_run(run.pk)
    if not timedelta() <= at - decided_at <= UNDO_TIME:
        minutes = count(UNDO_TIME // timedelta(minutes=1), "минуты,минут,минут")
        raise NothingToTakeBack(f"Прошло больше {minutes}. Решение отменяют на карточке школы.")
    decided = set(records_of(run, decided_at=decided_at, decided_by=by).values_list("id", flat=True))
    standing = [
        each for each in locked_verdicts(decided) if (each.decided_at, each.decided_by_id) == (decided_at, by.pk)
    ]
    if not standing:
        raise NothingToTakeBack("Отменять нечего: решения по этим школам с тех пор изменены.")
    before = records_before(run, standing, decided_at)
    for verdict in standing:
        put_back(verdict, before.get(verdict.pk), by=by)
    settle(run)
    return TakenBack(len(standing), len(decided) - len(standing))


def records_of(run: IdentificationRun, **fields: Any) -> Any:
    """Return what the history keeps of the decisions of a run."""
    return SchoolVerdict.history.filter(run_id=run.pk, **fields)


def records_before(
    run: IdentificationRun, verdicts: Iterable[SchoolVerdict], decided_at: datetime
) -> dict[UUID, SchoolVerdict]:
    """Return the last record of each verdict before a decision; none for one that nobody had decided on. One query."""
    records = records_of(run, id__in=[each.pk for each in verdicts]).exclude(decided_at=decided_at)
    return {each.id: each for each in records.order_by("history_date", "history_id")}


def put_back(verdict: SchoolVerdict, before: SchoolVerdict | None, *, by: User) -> None:
    """Store the decision that stood before; that nobody had decided when there is none."""
    former = before or SchoolVerdict()
    for column in COLUMNS:
        setattr(verdict, column, getattr(former, column))
    verdict.save(update_fields=DECISION_FIELDS)
    record(
        AuditCode.SCHOOL_DECIDED,
        actor=by,
        obj=verdict,
        decision=str(Decision(verdict.decision)),
        verdict=verdict.verdict,
        reason=verdict.decision_code,
        change="undo",
    )
