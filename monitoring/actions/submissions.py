"""What a school does with its readings, and what the coordinator answers."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import User
from monitoring.choices import SUBMISSION_TRANSITIONS, CycleState, SubmissionState
from monitoring.errors import NotComplete, NotEditable, ReadingChanged
from monitoring.models import Reading, Submission


@dataclass(frozen=True, kw_only=True)
class Value:
    """What a school typed for one metric. None is an empty cell."""

    numerator: int | None
    denominator: int | None
    absence_reason: str = ""
    comment: str = ""


@transaction.atomic
def save_reading(*, reading: Reading, value: Value, seen_version: int, by: User) -> Reading:
    """Store what a school typed. Raises NotEditable, ReadingChanged."""
    submission = Submission.objects.select_for_update().select_related("cycle").get(pk=reading.submission_id)
    check_editable(submission, reading)
    reading.refresh_from_db()
    if reading.version != seen_version and value_of(reading) != value:
        raise ReadingChanged(
            f"Показатель изменили, пока вы его заполняли: сейчас {reading.numerator} из {reading.denominator}. "
            "Проверьте значение и сохраните ещё раз.",
        )
    reading.numerator, reading.denominator = value.numerator, value.denominator
    reading.absence_reason, reading.comment = value.absence_reason, value.comment
    reading.version += 1
    reading.save()
    if submission.state == SubmissionState.NOT_STARTED:
        change_state(submission, SubmissionState.FILLING)
    record(AuditCode.SUBMISSION_SAVED, actor=by, obj=submission, metric=reading.metric.code)
    return reading


def value_of(reading: Reading) -> Value:
    return Value(
        numerator=reading.numerator,
        denominator=reading.denominator,
        absence_reason=reading.absence_reason,
        comment=reading.comment,
    )


def check_editable(submission: Submission, reading: Reading) -> None:
    if reading.metric.is_counted:
        raise NotEditable("Этот показатель портал считает сам. Если число неверно, сообщите координатору.")
    if submission.cycle.state != CycleState.COLLECTING:
        raise NotEditable("Сбор показателей закрыт. Чтобы исправить значение, обратитесь к координатору.")
    if not submission.is_editable:
        raise NotEditable("Показатели уже сданы. Чтобы исправить значение, попросите координатора вернуть их.")


@transaction.atomic
def submit(*, submission: Submission, by: User, at: datetime) -> Submission:
    """Hand the readings in. Raises NotComplete, NotEditable, TransitionRefused."""
    submission = Submission.objects.select_for_update().select_related("cycle").get(pk=submission.pk)
    if submission.cycle.state != CycleState.COLLECTING:
        raise NotEditable("Сбор показателей закрыт. Обратитесь к координатору.")
    gaps = [r.metric.title for r in submission.readings.select_related("metric") if not r.is_filled]
    if gaps:
        raise NotComplete(gaps)
    submission.submitted_by, submission.submitted_at = by, at
    if submission.state == SubmissionState.NOT_STARTED:
        change_state(submission, SubmissionState.FILLING)
    change_state(submission, SubmissionState.SUBMITTED)
    record(AuditCode.SUBMISSION_SENT, actor=by, obj=submission)
    return submission


@transaction.atomic
def accept(*, submission: Submission, by: User, at: datetime) -> Submission:
    """Take the readings; from now on they are frozen. Raises TransitionRefused."""
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    submission.accepted_by, submission.accepted_at = by, at
    change_state(submission, SubmissionState.ACCEPTED)
    record(AuditCode.SUBMISSION_ACCEPTED, actor=by, obj=submission)
    return submission


@transaction.atomic
def give_back(*, submission: Submission, remark: str, by: User) -> Submission:
    """Return the readings to the school with a remark. Raises NotEditable, TransitionRefused."""
    submission = Submission.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=submission.pk)
    if not submission.cycle.is_open:
        raise NotEditable("Сбор и проверка закончены: исправить показатели школа уже не сможет, вернуть их нельзя.")
    submission.remark = remark
    change_state(submission, SubmissionState.RETURNED)
    record(AuditCode.SUBMISSION_RETURNED, actor=by, obj=submission)
    return submission


def change_state(submission: Submission, to: SubmissionState) -> None:
    allowed = SUBMISSION_TRANSITIONS[SubmissionState(submission.state)]
    if to not in allowed:
        raise TransitionRefused.by_table(
            f"Показатели {submission.school}",
            current=submission.get_state_display(),
            wanted=to.label,
            allowed=[state.label for state in SubmissionState if state in allowed],
        )
    submission.state = to
    submission.save()
