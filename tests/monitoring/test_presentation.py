"""Words and steps of the pages of monitoring: what is possible next, what each stage says, who may do what."""

from datetime import date

import pytest

from accounts.models import User
from accounts.permissions import Role
from monitoring.actions.cycles import move_cycle
from monitoring.actions.submissions import submit
from monitoring.choices import CycleState, Stage
from monitoring.models import MonitoringCycle, Submission
from monitoring.presentation import Look, look_segments, possible_moves, stage_steps, submission_context
from tests.factories.monitoring import AT, fill, make_cycle, make_open_cycle, make_submission
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def coordinator_of(cycle: MonitoringCycle) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=cycle.territory)


def test_unknown_look_shows_the_values() -> None:
    assert Look("nonsense") is Look.VALUES


def test_look_segments_mark_the_current_one() -> None:
    segments = look_segments(Look.CHANGE)

    assert [(segment.title, segment.current) for segment in segments] == [
        ("Значения", False),
        ("Динамика", True),
        ("Заполненность", False),
    ]


@pytest.mark.parametrize(
    ("state", "titles"),
    [
        pytest.param(CycleState.PLANNED, ["Открыть сбор"], id="planned"),
        pytest.param(CycleState.COLLECTING, ["Закрыть сбор"], id="collecting"),
        pytest.param(CycleState.CHECKING, ["Открыть сбор", "Перейти к анализу"], id="checking"),
        pytest.param(CycleState.CLOSED, [], id="closed"),
    ],
)
def test_possible_moves_are_the_buttons_of_a_state(state: CycleState, titles: list[str]) -> None:
    cycle = MonitoringCycle(state=state)

    assert [move.title for move in possible_moves(cycle)] == titles


def test_stage_that_is_not_planned_lies_ahead() -> None:
    cycle = make_open_cycle()

    steps = stage_steps(cycle, coordinator_of(cycle))

    assert [(step.title, step.state) for step in steps] == [
        ("Входной", ""),
        ("Промежуточный", "now"),
        ("Итоговый", ""),
    ]
    assert steps[0].note == "не запланирован"


def test_stage_says_its_days_and_how_many_handed_in() -> None:
    territory = make_territory()
    cycle = make_open_cycle(schools=[make_school(territory=territory), make_school(territory=territory)])
    first = cycle.submissions.order_by("pk")[0]
    fill(first)
    submit(submission=first, by=make_user(), at=AT)

    step = stage_steps(cycle, coordinator_of(cycle))[1]

    assert step.note == "2\u00a0февраля — 20\u00a0февраля · 1 из 2\u00a0школ"


def test_brief_stage_fits_a_card() -> None:
    cycle = make_open_cycle()

    assert stage_steps(cycle, coordinator_of(cycle), is_brief=True)[1].note == "до 20.02, 0 из 1"


def test_finished_stage_is_done_and_leads_to_its_page() -> None:
    territory = make_territory()
    school = make_school(territory=territory)
    entry = make_open_cycle(schools=[school], stage=Stage.ENTRY, as_of_date=date(2026, 1, 10))
    for state in (CycleState.CHECKING, CycleState.ANALYSIS, CycleState.REPORTED):
        entry = move_cycle(cycle=entry, to=state, by=entry.created_by)
    interim = make_open_cycle(schools=[school], basis_order=entry.basis_order)

    steps = stage_steps(interim, coordinator_of(interim))

    assert (steps[0].state, steps[0].url) == ("done", f"/monitoring/{entry.pk}/")
    assert steps[1].url == ""


def rights(submission: Submission, role: Role, **where: object) -> tuple[bool, bool]:
    context = submission_context(submission, make_user(role=role, **where))  # type: ignore[arg-type]
    return context["may_fill"], context["may_accept"]


def test_school_fills_and_coordinator_waits_while_the_form_is_open() -> None:
    submission = make_submission()

    assert rights(submission, Role.SCHOOL_ADMIN, school=submission.school) == (True, False)
    assert rights(submission, Role.MUNICIPAL_COORDINATOR, territory=submission.cycle.territory) == (False, False)


def test_coordinator_accepts_and_school_reads_once_it_is_handed_in() -> None:
    submission = make_submission()
    fill(submission)
    submission = submit(submission=submission, by=make_user(), at=AT)

    assert rights(submission, Role.SCHOOL_ADMIN, school=submission.school) == (False, False)
    assert rights(submission, Role.MUNICIPAL_COORDINATOR, territory=submission.cycle.territory) == (False, True)


def test_nobody_fills_before_the_collection_opens() -> None:
    submission = make_cycle().submissions.get()

    assert rights(submission, Role.SCHOOL_ADMIN, school=submission.school) == (False, False)


def test_context_counts_what_is_filled() -> None:
    submission = make_submission()
    fill(submission)

    context = submission_context(submission, make_user())

    assert (context["filled"], len(context["readings"])) == (10, 10)
