"""What the pages of monitoring need beside the rows: segments, steps, next moves, words of states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from accounts.pieces import Segment, Step
from accounts.russian import count, day_month
from monitoring.choices import CYCLE_TRANSITIONS, CycleState, Stage, SubmissionState
from monitoring.models import MonitoringCycle, Submission
from schools.access import may

STATE_PILLS: Final[Mapping[str, str]] = {
    SubmissionState.NOT_STARTED: "no",
    SubmissionState.FILLING: "draft",
    SubmissionState.SUBMITTED: "check",
    SubmissionState.RETURNED: "fix",
    SubmissionState.ACCEPTED: "done",
}
MOVES: Final = {
    CycleState.COLLECTING: "Открыть сбор",
    CycleState.CHECKING: "Закрыть сбор",
    CycleState.ANALYSIS: "Перейти к анализу",
    CycleState.REPORTED: "Отметить, что справка сформирована",
    CycleState.CLOSED: "Завершить цикл",
}


class Look(StrEnum):
    """What the cells of the matrix show."""

    VALUES = "values"
    CHANGE = "change"
    FILLED = "filled"

    @classmethod
    def _missing_(cls, value: object) -> "Look":  # noqa: ARG003  an unknown look is the usual one
        return cls.VALUES


LOOK_TITLES: Final = {Look.VALUES: "Значения", Look.CHANGE: "Динамика", Look.FILLED: "Заполненность"}


@dataclass(frozen=True, kw_only=True)
class Move:
    to: str
    title: str


def look_segments(current: Look) -> Sequence[Segment]:
    return [Segment(title=LOOK_TITLES[look], url=f"?look={look}", current=look == current) for look in Look]


def possible_moves(cycle: MonitoringCycle) -> Sequence[Move]:
    """Return the next states of a cycle with the words of the buttons, in the order of states."""
    allowed = CYCLE_TRANSITIONS[CycleState(cycle.state)]
    return [Move(to=state.value, title=MOVES[state]) for state in CycleState if state in allowed]


def stage_steps(cycle: MonitoringCycle, user: User, *, is_brief: bool = False) -> Sequence[Step]:
    """Return the three stages of the cycle's year; a stage that is not planned yet lies ahead. Brief: for a card."""
    same_year = MonitoringCycle.objects.visible_to(user).filter(territory=cycle.territory_id, year=cycle.year)
    by_stage = {item.stage: item for item in same_year.with_progress()}
    return [stage_step(stage, by_stage.get(stage), cycle, is_brief=is_brief) for stage in Stage]


def stage_step(
    stage: Stage,
    item: MonitoringCycle | None,
    current: MonitoringCycle,
    *,
    is_brief: bool,
) -> Step:
    if item is None:
        return Step(title=stage.label, state="", note="не запланирован")
    is_done = item.state in {CycleState.REPORTED, CycleState.CLOSED}
    is_now = item.state != CycleState.PLANNED
    period = f"{day_month(item.opens_on)} — {day_month(item.deadline)} · {handed_in_words(item)}"
    return Step(
        title=stage.label,
        state="done" if is_done else "now" if is_now else "",
        note=f"до {short_day(item.deadline)}, {handed_in_counts(item)}" if is_brief else period,
        url="" if item.pk == current.pk else reverse("monitoring:cycle", args=[item.pk]),
    )


def short_day(day: date) -> str:
    return f"{day:%d.%m}"


def handed_in_counts(cycle: Any) -> str:
    """Return «3 из 6»; `cycle` comes from `with_progress`."""
    return f"{cycle.handed_in_count} из {cycle.schools_count}"


def handed_in_words(cycle: Any) -> str:
    """Return «3 из 6 школ»; `cycle` comes from `with_progress`."""
    schools = count(cycle.schools_count, "школы,школ,школ")
    return f"{cycle.handed_in_count} из {schools}"


def returned_words(cycle: MonitoringCycle) -> str:
    """Return what the coordinator reads after giving readings back; a closed collection lets nobody correct them."""
    words = "Показатели возвращены школе с замечанием."
    if cycle.state == CycleState.COLLECTING:
        return words
    return f"{words} Сбор закрыт: откройте его снова, чтобы школа могла их исправить."


def submission_context(submission: Submission, user: User) -> dict[str, Any]:
    """Return the context of a school's form: readings by group, who may do what now."""
    school, cycle = submission.school, submission.cycle
    is_collecting = cycle.state == CycleState.COLLECTING
    readings = list(submission.readings.select_related("metric").order_by("metric__position"))
    may_fill = may(user, Permission.FILL_SUBMISSION, school) and submission.is_editable and is_collecting
    is_waiting = submission.state == SubmissionState.SUBMITTED
    return {
        "submission": submission,
        "cycle": cycle,
        "readings": readings,
        "filled": sum(reading.is_filled for reading in readings),
        "may_fill": may_fill,
        "may_accept": may(user, Permission.ACCEPT_SUBMISSION, school) and is_waiting,
        "pill": STATE_PILLS[SubmissionState(submission.state)],
    }
