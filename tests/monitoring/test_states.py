"""The ways of a cycle and of a submission, every state to every state, with the words of each refusal."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import TransitionRefused
from accounts.models import AuditEvent
from accounts.permissions import Role
from monitoring.actions.cycles import move_cycle
from monitoring.actions.submissions import accept, change_state, give_back, submit
from monitoring.catalogue import load_metric_set
from monitoring.choices import (
    CYCLE_TRANSITIONS,
    EDITABLE_SUBMISSION_STATES,
    HANDED_IN_STATES,
    SUBMISSION_TRANSITIONS,
    CycleState,
    SubmissionState,
)
from monitoring.errors import NotComplete, NotEditable
from monitoring.models import Metric, MetricSet, MonitoringCycle, Reading, Submission
from monitoring.presentation import MOVES, STATE_PILLS, possible_moves
from tests.factories.monitoring import fill, make_cycle, make_open_cycle, make_submission
from tests.factories.schools import make_actor, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 10, 10, tzinfo=UTC)
CYCLE_WAYS = {
    (CycleState.PLANNED, CycleState.COLLECTING),
    (CycleState.COLLECTING, CycleState.CHECKING),
    (CycleState.CHECKING, CycleState.COLLECTING),
    (CycleState.CHECKING, CycleState.ANALYSIS),
    (CycleState.ANALYSIS, CycleState.REPORTED),
    (CycleState.REPORTED, CycleState.CLOSED),
}
CYCLE_WORDS = {
    CycleState.PLANNED: "«Сбор данных»",
    CycleState.COLLECTING: "«Проверка»",
    CycleState.CHECKING: "«Сбор данных», «Анализ»",
    CycleState.ANALYSIS: "«Справка сформирована»",
    CycleState.REPORTED: "«Завершён»",
    CycleState.CLOSED: "ничего",
}
SUBMISSION_WAYS = {
    (SubmissionState.NOT_STARTED, SubmissionState.FILLING),
    (SubmissionState.FILLING, SubmissionState.SUBMITTED),
    (SubmissionState.SUBMITTED, SubmissionState.RETURNED),
    (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED),
    (SubmissionState.RETURNED, SubmissionState.FILLING),
    (SubmissionState.RETURNED, SubmissionState.SUBMITTED),
}
SUBMISSION_WORDS = {
    SubmissionState.NOT_STARTED: "«Заполняется»",
    SubmissionState.FILLING: "«На проверке»",
    SubmissionState.SUBMITTED: "«Возвращена», «Принята»",
    SubmissionState.RETURNED: "«Заполняется», «На проверке»",
    SubmissionState.ACCEPTED: "ничего",
}


@pytest.mark.parametrize("source", CycleState)
@pytest.mark.parametrize("target", CycleState)
def test_way_of_a_cycle_is_this_and_no_other(source: CycleState, target: CycleState) -> None:
    cycle = make_cycle()
    MonitoringCycle.objects.filter(pk=cycle.pk).update(state=source)

    if (source, target) in CYCLE_WAYS:
        assert move_cycle(cycle=cycle, to=target, by=cycle.created_by).state == target
        return
    with pytest.raises(TransitionRefused) as refused:
        move_cycle(cycle=cycle, to=target, by=cycle.created_by)
    assert refused.value.text == (
        f"Промежуточный мониторинг 2026 года: из состояния «{source.label}» нельзя перейти в «{target.label}». "
        f"Возможно: {CYCLE_WORDS[source]}."
    )


@pytest.mark.parametrize("source", SubmissionState)
@pytest.mark.parametrize("target", SubmissionState)
def test_way_of_a_submission_is_this_and_no_other(source: SubmissionState, target: SubmissionState) -> None:
    person = make_user()
    school = make_school(name="МБОУ «СОШ № 5»")
    submission = make_cycle(schools=[school]).submissions.get()
    submission.state, submission.remark = source, "Уточните"
    submission.submitted_by, submission.submitted_at = person, AT
    submission.accepted_by, submission.accepted_at = person, AT

    if (source, target) in SUBMISSION_WAYS:
        change_state(submission, target)
        assert Submission.objects.get().state == target
        return
    with pytest.raises(TransitionRefused) as refused:
        change_state(submission, target)
    assert refused.value.text == (
        f"Показатели МБОУ «СОШ № 5»: из состояния «{source.label}» нельзя перейти в «{target.label}». "
        f"Возможно: {SUBMISSION_WORDS[source]}."
    )
    assert Submission.objects.get().state == SubmissionState.NOT_STARTED


@pytest.mark.parametrize("state", CycleState)
def test_buttons_of_a_cycle_are_the_ways_of_its_table(state: CycleState) -> None:
    moves = possible_moves(MonitoringCycle(state=state))

    assert {move.to for move in moves} == CYCLE_TRANSITIONS[state]
    assert all(move.title == MOVES[CycleState(move.to)] for move in moves)


def test_every_state_of_a_submission_has_a_look_and_is_either_open_or_handed_in() -> None:
    assert set(STATE_PILLS) == set(SubmissionState)
    assert set(SubmissionState) == EDITABLE_SUBMISSION_STATES | HANDED_IN_STATES
    assert not EDITABLE_SUBMISSION_STATES & HANDED_IN_STATES


def test_accepted_readings_are_the_end() -> None:
    assert SUBMISSION_TRANSITIONS[SubmissionState.ACCEPTED] == frozenset()


# What schools meet while the cycle stands elsewhere


@pytest.mark.parametrize("state", sorted(set(CycleState) - {CycleState.COLLECTING}))
def test_school_hands_in_only_while_data_are_collected(state: CycleState) -> None:
    submission = make_submission()
    fill(submission)
    MonitoringCycle.objects.update(state=state)

    with pytest.raises(NotEditable, match="Сбор показателей закрыт"):
        submit(submission=submission, by=make_user(), at=AT)

    assert Submission.objects.get().state == SubmissionState.NOT_STARTED


@pytest.mark.parametrize(
    ("missing", "words"), [(1, "1 показателя"), (2, "2 показателей"), (5, "5 показателей"), (21, "21 показателя")]
)
def test_gaps_take_the_genitive(missing: int, words: str) -> None:
    refusal = NotComplete(["Показатель"] * missing)

    assert refusal.text.replace("\u00a0", " ") == (f"Не хватает {words}. Внесите числа или укажите, почему их нет.")


ANSWERS: dict[str, Callable[[Submission], Submission]] = {
    "accept": lambda submission: accept(submission=submission, by=make_user(), at=AT),
    "return": lambda submission: give_back(submission=submission, remark="Уточните", by=make_user()),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_refused_answer_leaves_no_trace(answer: str) -> None:
    submission = make_submission()
    events = AuditEvent.objects.count()

    with pytest.raises(TransitionRefused):
        ANSWERS[answer](submission)

    assert AuditEvent.objects.count() == events
    assert Submission.objects.get().remark == ""


# What the database refuses


def test_acceptance_without_a_moment_is_refused() -> None:
    submission = make_submission()
    fill(submission)
    submit(submission=submission, by=make_user(), at=AT)

    with pytest.raises(IntegrityError, match="submission_accepted_who_and_when"), transaction.atomic():
        Submission.objects.update(state=SubmissionState.ACCEPTED, accepted_by=make_user())


def test_acceptance_before_handing_in_is_refused() -> None:
    submission = make_submission()
    fill(submission)
    submit(submission=submission, by=make_user(), at=AT)

    with pytest.raises(IntegrityError, match="submission_accepted_who_and_when"), transaction.atomic():
        Submission.objects.update(
            state=SubmissionState.ACCEPTED, accepted_by=make_user(), accepted_at=AT.replace(day=9)
        )


def test_metric_stands_in_its_set_once() -> None:
    metric = load_metric_set().metrics.all()[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Metric.objects.create(metric_set=metric.metric_set, code=metric.code, position=99)


def test_reading_of_a_metric_stands_in_a_submission_once() -> None:
    reading = make_submission().readings.all()[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(submission=reading.submission, metric=reading.metric)


@pytest.mark.parametrize("target", [0, 100, None])
def test_target_at_its_bounds_is_stored(target: int | None) -> None:
    metric = load_metric_set().metrics.all()[0]

    assert Metric.objects.filter(pk=metric.pk).update(target=target) == 1


@pytest.mark.parametrize(
    ("numerator", "denominator", "reason", "is_filled"),
    [
        pytest.param(None, None, "", False, id="nothing"),
        pytest.param(0, 0, "", True, id="none of nobody"),
        pytest.param(0, 12, "", True, id="zero is a value"),
        pytest.param(3, None, "", False, id="a part without its whole"),
        pytest.param(None, 12, "", False, id="a whole without its part"),
        pytest.param(None, None, "Нет молодых педагогов", True, id="a reason"),
    ],
)
def test_reading_is_filled_by_both_numbers_or_a_reason(
    numerator: int | None, denominator: int | None, reason: str, is_filled: bool
) -> None:
    reading = Reading(numerator=numerator, denominator=denominator, absence_reason=reason)

    assert reading.is_filled is is_filled


def test_rows_of_monitoring_say_themselves_in_words() -> None:
    submission = make_cycle(schools=[make_school(name="МБОУ «СОШ № 5»")]).submissions.get()
    metric_set = MetricSet(title="Показатели адресной помощи", version=2)

    assert str(submission) == "Промежуточный мониторинг 2026 года: МБОУ «СОШ № 5»"
    assert str(metric_set) == "Показатели адресной помощи, версия 2"
    assert str(Metric(code="C1", title="Учителя с категорией")) == "C1 Учителя с категорией"
    assert str(Reading(metric=Metric(code="C1"), numerator=3, denominator=12)) == "C1: 3 из 12"


# Who sees what


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.MUNICIPAL_COORDINATOR, True),
        (Role.METHODIST, True),
        (Role.OBSERVER, True),
        (Role.SCHOOL_ADMIN, True),
        (Role.CURATOR, True),
    ],
)
def test_cycle_is_seen_near_its_schools(role: Role, sees: bool) -> None:
    cycle = make_open_cycle()
    school = cycle.submissions.get().school

    assert MonitoringCycle.objects.visible_to(make_actor(role, school)).exists() is sees
    assert not MonitoringCycle.objects.visible_to(make_actor(role, make_school())).exists()


def test_cycle_of_many_own_schools_is_listed_once() -> None:
    territory = make_territory()
    first, second = make_school(territory=territory), make_school(territory=territory)
    make_cycle(schools=[first, second])
    curator = make_user(role=Role.CURATOR, school=first)
    curator.memberships.create(role=Role.CURATOR, school=second)

    assert MonitoringCycle.objects.visible_to(curator).count() == 1


def test_progress_counts_every_school_once() -> None:
    territory = make_territory()
    schools = [make_school(territory=territory) for _ in range(3)]
    cycle = make_open_cycle(schools=schools)
    for submission in cycle.submissions.all()[:2]:
        fill(submission)
        submit(submission=submission, by=make_user(), at=AT)

    row = MonitoringCycle.objects.with_progress().get()

    assert (row.schools_count, row.handed_in_count) == (3, 2)  # type: ignore[attr-defined]  # annotated
    assert cycle.submissions.missing().count() == 1
