"""The way of a version: sent, agreed or returned, approved by an order, carried out, closed."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import User
from roadmaps.actions.locking import locked_roadmap
from roadmaps.actions.versions import take_over
from roadmaps.checks import facts_about
from roadmaps.choices import ROADMAP_TRANSITIONS, RoadmapState
from roadmaps.errors import ReasonMissing
from roadmaps.models import Roadmap
from schools.actions.acts import register_act
from schools.models import LegalAct

STEP_WORDS: Final = {
    RoadmapState.DRAFT: "вернуть в черновик",
    RoadmapState.REVISION_DRAFT: "вернуть в черновик изменений",
    RoadmapState.AGREEMENT: "отправить на согласование",
    RoadmapState.AGREED: "согласовать",
    RoadmapState.APPROVED: "утвердить",
    RoadmapState.IN_EXECUTION: "начать исполнение",
    RoadmapState.CLOSED: "завершить",
    RoadmapState.ARCHIVED: "отправить в архив",
}


@transaction.atomic
def send(*, roadmap: Roadmap, by: User, at: datetime) -> Roadmap:
    """Send a draft to be agreed. Raises TransitionRefused while there is something to put right."""
    roadmap = locked_roadmap(roadmap)
    roadmap.sent_by, roadmap.sent_at, roadmap.remark = by, at, ""
    step(roadmap, RoadmapState.AGREEMENT, at)
    record(AuditCode.ROADMAP_SENT, actor=by, obj=roadmap, version=roadmap.version_number)
    return roadmap


@transaction.atomic
def give_back(*, roadmap: Roadmap, remark: str, by: User, at: datetime) -> Roadmap:
    """Return a roadmap to those who keep it, with a remark. Raises ReasonMissing, TransitionRefused."""
    if not remark.strip():
        raise ReasonMissing("Напишите, что исправить: без замечания карту не возвращают.")
    roadmap = locked_roadmap(roadmap)
    roadmap.remark = remark.strip()
    roadmap.agreed_by = roadmap.agreed_at = None
    step(roadmap, RoadmapState.REVISION_DRAFT if roadmap.is_revision else RoadmapState.DRAFT, at)
    record(AuditCode.ROADMAP_RETURNED, actor=by, obj=roadmap, version=roadmap.version_number)
    return roadmap


@transaction.atomic
def agree(*, roadmap: Roadmap, by: User, at: datetime) -> Roadmap:
    """Agree a roadmap that was sent. Raises TransitionRefused."""
    roadmap = locked_roadmap(roadmap)
    roadmap.agreed_by, roadmap.agreed_at = by, at
    step(roadmap, RoadmapState.AGREED, at)
    record(AuditCode.ROADMAP_AGREED, actor=by, obj=roadmap, version=roadmap.version_number)
    return roadmap


@transaction.atomic
def approve(*, roadmap: Roadmap, order: LegalAct, by: User, at: datetime) -> Roadmap:
    """Approve an agreed roadmap by an order; a new order is stored along.

    A revision replaces the version before it: that one is archived, and when it was carried out, the new one is at
    once. Raises TransitionRefused.
    """
    roadmap = locked_roadmap(roadmap)
    order = register_act(act=order, by=by)
    roadmap.approval_act, roadmap.approved_by, roadmap.approved_at = order, by, at
    step(roadmap, RoadmapState.APPROVED, at)
    record(AuditCode.ROADMAP_APPROVED, actor=by, obj=roadmap, version=roadmap.version_number, order=str(order.pk))
    if roadmap.previous_id:
        replace_previous(roadmap, by=by, at=at)
    return roadmap


def replace_previous(roadmap: Roadmap, *, by: User, at: datetime) -> None:
    previous = locked_roadmap(Roadmap(pk=roadmap.previous_id))
    if previous.state not in {RoadmapState.APPROVED, RoadmapState.IN_EXECUTION}:
        return
    runs = previous.is_in_execution
    take_over(roadmap, previous, by=by)
    step(previous, RoadmapState.ARCHIVED, at)
    record(AuditCode.ROADMAP_STATE_CHANGED, actor=by, obj=previous, state=previous.state)
    if runs:
        begin(roadmap, by=by, at=at)


@transaction.atomic
def start_execution(*, roadmap: Roadmap, by: User, at: datetime) -> Roadmap:
    """Let an approved roadmap be carried out: its plan is fixed, execution is marked. Raises TransitionRefused."""
    roadmap = locked_roadmap(roadmap)
    begin(roadmap, by=by, at=at)
    return roadmap


def begin(roadmap: Roadmap, *, by: User, at: datetime) -> None:
    step(roadmap, RoadmapState.IN_EXECUTION, at)
    record(AuditCode.ROADMAP_STATE_CHANGED, actor=by, obj=roadmap, state=roadmap.state)


@transaction.atomic
def close(*, roadmap: Roadmap, by: User, at: datetime) -> Roadmap:
    """Close a roadmap at the end of its period, or when every measure has its result. Raises TransitionRefused."""
    roadmap = locked_roadmap(roadmap)
    roadmap.closed_at = at
    step(roadmap, RoadmapState.CLOSED, at)
    record(AuditCode.ROADMAP_STATE_CHANGED, actor=by, obj=roadmap, state=roadmap.state)
    return roadmap


@transaction.atomic
def archive(*, roadmap: Roadmap, by: User, at: datetime) -> Roadmap:
    """Put a closed roadmap away. Raises TransitionRefused."""
    roadmap = locked_roadmap(roadmap)
    step(roadmap, RoadmapState.ARCHIVED, at)
    record(AuditCode.ROADMAP_STATE_CHANGED, actor=by, obj=roadmap, state=roadmap.state)
    return roadmap


def step(roadmap: Roadmap, target: RoadmapState, at: datetime) -> None:
    """Move a locked roadmap by the state table and save it. Raises TransitionRefused."""
    current = RoadmapState(roadmap.state)
    transition = ROADMAP_TRANSITIONS.get((current, target))
    if transition is None:
        allowed = [STEP_WORDS[to] for (source, to) in ROADMAP_TRANSITIONS if source == current]
        raise TransitionRefused(
            f"Карту в состоянии «{current.label}» нельзя {STEP_WORDS[target]}. "
            f"Можно: {', '.join(dict.fromkeys(allowed)) or 'только смотреть'}.",
        )
    refusal = transition.condition(facts_about(roadmap, today=timezone.localdate(at)))
    if refusal:
        raise TransitionRefused(refusal)
    roadmap.state = target
    roadmap.save()
