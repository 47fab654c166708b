from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import AuditEvent
from roadmaps.actions import flow, planning, reporting, versions
from roadmaps.choices import EvidenceKind, MeasureStatus, RevisionReason, RoadmapState
from roadmaps.errors import ReasonMissing, RoadmapExists
from roadmaps.models import Roadmap
from schools.models import LegalAct
from tests.factories.roadmaps import (
    AT,
    advance,
    make_measure,
    make_roadmap,
    make_running,
    measure_of,
    order_for,
)
from tests.factories.schools import make_act, make_user

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)


def revise(roadmap: Roadmap) -> Roadmap:
    return versions.start_revision(
        roadmap=roadmap, reason=RevisionReason.DATES, by=make_user(), at=AT, note="Пояснение"
    )


def test_send_agree_approve_start_and_close_lead_through_the_states() -> None:
    user, roadmap = make_user(), make_roadmap()

    roadmap = flow.send(roadmap=roadmap, by=user, at=AT)
    roadmap = flow.agree(roadmap=roadmap, by=user, at=AT)
    roadmap = flow.approve(roadmap=roadmap, order=order_for(roadmap), by=user, at=AT)
    roadmap = flow.start_execution(roadmap=roadmap, by=user, at=AT)
    roadmap = flow.close(roadmap=roadmap, by=user, at=LATER)
    roadmap = flow.archive(roadmap=roadmap, by=user, at=LATER)

    assert roadmap.state == RoadmapState.ARCHIVED
    assert str(roadmap.approval_act) == "приказ отдела образования от 25.01.2026 №\u00a0124"
    codes = list(AuditEvent.objects.filter(actor=user).order_by("pk").values_list("code", flat=True))
    assert codes == [
        AuditCode.ROADMAP_SENT,
        AuditCode.ROADMAP_AGREED,
        AuditCode.LEGAL_ACT_RECORDED,
        AuditCode.ROADMAP_APPROVED,
        *[AuditCode.ROADMAP_STATE_CHANGED] * 3,
    ]


def test_send_is_refused_while_something_is_to_fix() -> None:
    roadmap = make_roadmap(measures=0)
    make_measure(section=roadmap.sections.all()[0], indicator="", responsible="")

    with pytest.raises(TransitionRefused, match="исправьте 2\u00a0замечания"):
        flow.send(roadmap=roadmap, by=make_user(), at=AT)


@pytest.mark.parametrize("state", [RoadmapState.AGREEMENT, RoadmapState.AGREED])
def test_give_back_needs_a_remark_and_opens_the_draft(state: RoadmapState) -> None:
    roadmap = make_roadmap(state=state)

    with pytest.raises(ReasonMissing):
        flow.give_back(roadmap=roadmap, remark=" ", by=make_user(), at=AT)
    roadmap = flow.give_back(roadmap=roadmap, remark="Уточните сроки", by=make_user(), at=AT)

    assert (roadmap.state, roadmap.remark, roadmap.agreed_at) == (RoadmapState.DRAFT, "Уточните сроки", None)
    assert flow.send(roadmap=roadmap, by=make_user(), at=AT).remark == ""


def test_approve_with_a_stored_order_records_no_new_one() -> None:
    roadmap = make_roadmap(state=RoadmapState.AGREED)
    order = make_act(school=roadmap.school)

    flow.approve(roadmap=roadmap, order=order, by=make_user(), at=AT)

    assert LegalAct.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "step", "words"),
    [
        (RoadmapState.DRAFT, flow.agree, "Карту в состоянии «Черновик» нельзя согласовать. Можно: отправить"),
        (RoadmapState.AGREEMENT, flow.send, "нельзя отправить на согласование"),
        (RoadmapState.AGREED, flow.start_execution, "нельзя начать исполнение"),
        (RoadmapState.IN_EXECUTION, flow.send, "Карту в состоянии «Исполняется» нельзя отправить"),
    ],
)
def test_step_out_of_order_is_refused_with_what_is_allowed(
    state: RoadmapState, step: Callable[..., Any], words: str
) -> None:
    with pytest.raises(TransitionRefused, match=words):
        step(roadmap=make_roadmap(state=state), by=make_user(), at=AT)


def test_approve_of_a_draft_stores_no_order() -> None:
    roadmap = make_roadmap()

    with pytest.raises(TransitionRefused):
        flow.approve(roadmap=roadmap, order=order_for(roadmap), by=make_user(), at=AT)

    assert not LegalAct.objects.exists()


def test_close_before_the_end_needs_every_measure_settled() -> None:
    with pytest.raises(TransitionRefused, match="1\u00a0мероприятие без итога"):
        flow.close(roadmap=make_running(), by=make_user(), at=AT)


def test_start_revision_copies_plan_and_marks_and_leaves_the_old_version_in_force() -> None:
    running = make_running(measures=2)
    first = measure_of(running)
    reporting.report(measure=first, status=MeasureStatus.IN_PROGRESS, progress=40, by=make_user(), at=AT)

    draft = revise(running)

    assert (draft.state, draft.version_number, draft.previous) == (RoadmapState.REVISION_DRAFT, 2, running)
    copies = list(draft.measures.in_order())
    assert [row.stable_id for row in copies] == [row.stable_id for row in running.measures.in_order()]
    assert (copies[0].progress, copies[0].title) == (40, first.title)
    assert copies[0].history.count() == 1
    running.refresh_from_db()
    assert running.state == RoadmapState.IN_EXECUTION


def test_start_revision_of_a_draft_or_twice_is_refused() -> None:
    with pytest.raises(TransitionRefused):
        revise(make_roadmap())
    running = make_running()
    revise(running)

    with pytest.raises(RoadmapExists):
        revise(running)


def test_approve_of_a_revision_replaces_the_old_version_and_keeps_later_marks() -> None:
    running = make_running(measures=2)
    draft = revise(running)
    measure = measure_of(running)
    reporting.add_evidence(measure=measure, kind=EvidenceKind.LINK, url="https://s.example/", by=make_user(), at=AT)
    reporting.report(measure=measure, status=MeasureStatus.IN_PROGRESS, progress=70, by=make_user(), at=AT)

    approved = advance(draft, RoadmapState.IN_EXECUTION, by=make_user())

    running.refresh_from_db()
    assert running.state == RoadmapState.ARCHIVED
    carried = approved.measures.get(stable_id=measure.stable_id)
    assert (carried.status, carried.progress, carried.evidence_count) == (MeasureStatus.IN_PROGRESS, 70, 1)
    assert carried.evidence.count() == 1


def test_give_back_of_a_revision_goes_to_its_own_draft() -> None:
    draft = flow.send(roadmap=revise(make_running()), by=make_user(), at=AT)

    returned = flow.give_back(roadmap=draft, remark="Объясните сроки", by=make_user(), at=AT)

    assert returned.state == RoadmapState.REVISION_DRAFT


def test_take_over_asks_for_the_document_that_the_new_version_wants() -> None:
    running = make_running()
    draft = revise(running)
    copy = measure_of(draft)
    copy.evidence_kind = "order"
    copy.save()
    reporting.report(measure=measure_of(running), status=MeasureStatus.DONE, done_on=AT.date(), by=make_user(), at=AT)

    approved = advance(draft, RoadmapState.IN_EXECUTION, by=make_user())

    assert measure_of(approved).status == MeasureStatus.IN_PROGRESS


def test_approve_of_a_revision_takes_new_and_excluded_measures_as_they_are() -> None:
    running = make_running(measures=2)
    draft = revise(running)
    first, second = draft.measures.in_order()
    planning.exclude(measure=first, reason="Нет средств", by=make_user())
    make_measure(section=second.section)

    approved = advance(draft, RoadmapState.IN_EXECUTION, by=make_user())

    assert [row.status for row in approved.measures.in_order()] == [
        MeasureStatus.CANCELLED,
        MeasureStatus.NOT_STARTED,
        MeasureStatus.NOT_STARTED,
    ]


def test_approve_of_a_revision_of_a_closed_version_leaves_it_closed() -> None:
    running = make_running()
    draft = flow.agree(roadmap=flow.send(roadmap=revise(running), by=make_user(), at=AT), by=make_user(), at=AT)
    flow.close(roadmap=running, by=make_user(), at=LATER)

    approved = flow.approve(roadmap=draft, order=order_for(draft), by=make_user(), at=LATER)

    running.refresh_from_db()
    assert (running.state, approved.state) == (RoadmapState.CLOSED, RoadmapState.APPROVED)


def test_approve_of_a_revision_before_execution_waits_for_its_start() -> None:
    approved = make_roadmap(state=RoadmapState.APPROVED)

    second = advance(revise(approved), RoadmapState.APPROVED, by=make_user())

    approved.refresh_from_db()
    assert (approved.state, second.state) == (RoadmapState.ARCHIVED, RoadmapState.APPROVED)
