"""A school fills in and hands in; the coordinator accepts or gives back; nothing typed is lost."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import AuditEvent
from monitoring.actions.cycles import move_cycle
from monitoring.actions.submissions import Value, accept, give_back, save_reading, submit
from monitoring.choices import CycleState, SubmissionState
from monitoring.errors import NotComplete, NotEditable, ReadingChanged
from monitoring.models import Reading, Submission
from tests.factories.monitoring import fill, make_submission
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 10, 10, tzinfo=UTC)
HALF = Value(numerator=5, denominator=10)


def typed(submission: Submission, code: str = "C1") -> Reading:
    return submission.readings.get(metric__code=code)


def handed_in(submission: Submission) -> Submission:
    fill(submission)
    return submit(submission=submission, by=make_user(), at=AT)


def test_save_reading_starts_the_filling() -> None:
    submission = make_submission()

    reading = save_reading(reading=typed(submission), value=HALF, seen_version=1, by=make_user())

    submission.refresh_from_db()
    assert (reading.numerator, reading.version) == (5, 2)
    assert submission.state == SubmissionState.FILLING
    assert AuditEvent.objects.filter(code=AuditCode.SUBMISSION_SAVED).count() == 1


def test_save_reading_over_another_value_is_refused_naming_it() -> None:
    reading = typed(make_submission())
    save_reading(reading=reading, value=HALF, seen_version=1, by=make_user())

    with pytest.raises(ReadingChanged, match="5 из 10"):
        save_reading(reading=reading, value=Value(numerator=6, denominator=10), seen_version=1, by=make_user())


def test_save_reading_with_the_same_value_twice_is_no_conflict() -> None:
    reading = typed(make_submission())
    save_reading(reading=reading, value=HALF, seen_version=1, by=make_user())

    again = save_reading(reading=reading, value=HALF, seen_version=1, by=make_user())

    assert again.numerator == 5


def test_save_reading_that_the_portal_counts_is_refused() -> None:
    with pytest.raises(NotEditable, match="портал считает сам"):
        save_reading(reading=typed(make_submission(), "B1"), value=HALF, seen_version=1, by=make_user())


def test_save_reading_after_handing_in_is_refused() -> None:
    submission = handed_in(make_submission())

    with pytest.raises(NotEditable, match="уже сданы"):
        save_reading(reading=typed(submission), value=HALF, seen_version=1, by=make_user())


def test_save_reading_when_the_collection_is_closed_is_refused() -> None:
    submission = make_submission()
    move_cycle(cycle=submission.cycle, to=CycleState.CHECKING, by=make_user())

    with pytest.raises(NotEditable, match="закрыт"):
        save_reading(reading=typed(submission), value=HALF, seen_version=1, by=make_user())


def test_submit_lists_what_is_missing() -> None:
    with pytest.raises(NotComplete) as refused:
        submit(submission=make_submission(), by=make_user(), at=AT)

    assert len(refused.value.titles) == 6
    assert "6\u00a0показателей" in refused.value.text


def test_submit_accepts_a_reason_instead_of_numbers() -> None:
    submission = make_submission()
    fill(submission)
    Reading.objects.filter(metric__code="C5").update(
        numerator=None,
        denominator=None,
        absence_reason="Молодых педагогов нет",
    )

    assert submit(submission=submission, by=make_user(), at=AT).state == SubmissionState.SUBMITTED


def test_submit_twice_is_refused() -> None:
    submission = handed_in(make_submission())

    with pytest.raises(TransitionRefused):
        submit(submission=submission, by=make_user(), at=AT)


def test_accept_freezes_with_who_and_when() -> None:
    coordinator = make_user()

    submission = accept(submission=handed_in(make_submission()), by=coordinator, at=AT)

    assert (submission.state, submission.accepted_by, submission.accepted_at) == ("accepted", coordinator, AT)


def test_accept_before_handing_in_is_refused() -> None:
    with pytest.raises(TransitionRefused, match="Заполняется"):
        accept(submission=make_submission(), by=make_user(), at=AT)


def test_give_back_lets_the_school_correct_and_hand_in_again() -> None:
    submission = give_back(submission=handed_in(make_submission()), remark="Проверьте C1", by=make_user())

    save_reading(reading=typed(submission), value=Value(numerator=6, denominator=10), seen_version=1, by=make_user())
    again = submit(submission=submission, by=make_user(), at=AT)

    assert again.state == SubmissionState.SUBMITTED
    assert typed(again).numerator == 6


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        pytest.param({"numerator": 11, "denominator": 10}, "reading_part_of_whole", id="more than the whole"),
        pytest.param({"numerator": 1, "absence_reason": "нет"}, "reading_absent_or_present", id="both"),
    ],
)
def test_database_refuses_a_reading(fields: dict[str, object], constraint: str) -> None:
    reading = typed(make_submission())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(**fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        pytest.param({"state": "submitted"}, "submission_submitted_who_and_when", id="handed in by nobody"),
        pytest.param({"state": "returned"}, "submission_returned_with_remark", id="returned without a remark"),
    ],
)
def test_database_refuses_a_submission(fields: dict[str, object], constraint: str) -> None:
    submission = make_submission()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(**fields)


def test_database_refuses_acceptance_by_nobody() -> None:
    submission = handed_in(make_submission())

    with pytest.raises(IntegrityError, match="submission_accepted"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(state="accepted")
