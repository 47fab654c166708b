"""The way of a roadmap, every state to every state: who may take a step, and the words of a refused one."""

from itertools import product

import pytest

from accounts.errors import TransitionRefused
from accounts.models import AuditEvent, User
from accounts.permissions import Permission, Role
from roadmaps import permissions
from roadmaps.actions import flow
from roadmaps.actions.flow import STEP_WORDS, step
from roadmaps.choices import (
    AGREED_STATES,
    EDITABLE_STATES,
    OPEN_VERSION_STATES,
    ORDERED_STATES,
    REVISABLE_STATES,
    ROADMAP_TRANSITIONS,
    STATE_LOOKS,
    STATUS_LOOKS,
    MeasureStatus,
    RoadmapState,
)
from roadmaps.execution import ExecutionStatus
from roadmaps.models import Roadmap
from roadmaps.workflow import always, is_first_version, is_revision, may_close, nothing_to_fix
from tests.factories.roadmaps import AT, make_roadmap, make_running
from tests.factories.schools import make_actor, make_territory, make_user

S = RoadmapState
APPROVE = Permission.APPROVE_ROADMAP
# from, to: who may (None: whoever keeps the roadmap), what must hold. Source: domain specification, 4.4
WAYS = {
    (S.DRAFT, S.AGREEMENT): (None, nothing_to_fix),
    (S.REVISION_DRAFT, S.AGREEMENT): (None, nothing_to_fix),
    (S.AGREEMENT, S.DRAFT): (APPROVE, is_first_version),
    (S.AGREEMENT, S.REVISION_DRAFT): (APPROVE, is_revision),
    (S.AGREEMENT, S.AGREED): (APPROVE, always),
    (S.AGREED, S.DRAFT): (APPROVE, is_first_version),
    (S.AGREED, S.REVISION_DRAFT): (APPROVE, is_revision),
    (S.AGREED, S.APPROVED): (APPROVE, always),
    (S.APPROVED, S.IN_EXECUTION): (APPROVE, always),
    (S.APPROVED, S.ARCHIVED): (APPROVE, always),
    (S.IN_EXECUTION, S.ARCHIVED): (APPROVE, always),
    (S.IN_EXECUTION, S.CLOSED): (APPROVE, may_close),
    (S.CLOSED, S.ARCHIVED): (APPROVE, always),
}
ALLOWED_WORDS = {
    S.DRAFT: "отправить на согласование",
    S.REVISION_DRAFT: "отправить на согласование",
    S.AGREEMENT: "вернуть в черновик, вернуть в черновик изменений, согласовать",
    S.AGREED: "вернуть в черновик, вернуть в черновик изменений, утвердить",
    S.APPROVED: "начать исполнение, отправить в архив",
    S.IN_EXECUTION: "отправить в архив, завершить",
    S.CLOSED: "отправить в архив",
    S.ARCHIVED: "только смотреть",
}


@pytest.mark.parametrize("source", S)
@pytest.mark.parametrize("target", S)
def test_step_has_its_right_and_its_condition_or_is_none(source: RoadmapState, target: RoadmapState) -> None:
    found = ROADMAP_TRANSITIONS.get((source, target))

    assert (found and (found.permission, found.condition)) == WAYS.get((source, target))


@pytest.mark.parametrize(("source", "target"), [pair for pair in product(S, S) if pair not in WAYS])
def test_step_outside_the_table_is_refused_with_what_can_be_done(source: RoadmapState, target: RoadmapState) -> None:
    roadmap = Roadmap(state=source)

    with pytest.raises(TransitionRefused) as refused:
        step(roadmap, target, AT)

    assert refused.value.text == (
        f"Карту в состоянии «{source.label}» нельзя {STEP_WORDS[target]}. Можно: {ALLOWED_WORDS[source]}."
    )
    assert roadmap.state == source


def test_sets_of_states_do_not_contradict_each_other() -> None:
    assert set(S) == OPEN_VERSION_STATES | ORDERED_STATES
    assert not OPEN_VERSION_STATES & ORDERED_STATES
    assert EDITABLE_STATES < OPEN_VERSION_STATES
    assert REVISABLE_STATES < ORDERED_STATES < AGREED_STATES


def test_every_state_and_status_has_a_look_and_every_step_its_words() -> None:
    assert set(STATE_LOOKS) == set(STEP_WORDS) == set(S)
    assert set(STATUS_LOOKS) == set(MeasureStatus)


def test_stored_statuses_are_those_of_the_rule_without_the_computed_one() -> None:
    assert {status.value for status in MeasureStatus} == set(ExecutionStatus) - {ExecutionStatus.OVERDUE}


@pytest.mark.parametrize("state", S)
def test_row_answers_for_its_state(state: RoadmapState) -> None:
    roadmap = Roadmap(state=state)

    assert roadmap.is_editable is (state in EDITABLE_STATES)
    assert roadmap.is_open is (state in OPEN_VERSION_STATES)
    assert roadmap.is_approved is (state in ORDERED_STATES)
    assert roadmap.is_in_execution is (state is S.IN_EXECUTION)


# Rights: role by role, on the roadmap of a school and of a territory

needs_rows = pytest.mark.django_db
KEEPERS = {
    Role.REGIONAL_ADMIN,
    Role.REGIONAL_COORDINATOR,
    Role.MUNICIPAL_COORDINATOR,
    Role.METHODIST,
    Role.SCHOOL_ADMIN,
}
COORDINATORS = KEEPERS - {Role.METHODIST, Role.SCHOOL_ADMIN}
CONFIRMERS = COORDINATORS | {Role.METHODIST, Role.CURATOR}


def person(role: Role, roadmap: Roadmap) -> User:
    if roadmap.school:
        return make_actor(role, roadmap.school)
    return make_user(role=role, territory=roadmap.territory)


@needs_rows
@pytest.mark.parametrize("role", Role)
def test_role_on_the_roadmap_of_a_school(role: Role) -> None:
    draft, running = make_roadmap(), make_running()
    of_draft, of_running = person(role, draft), person(role, running)

    assert permissions.can_keep(of_draft, draft) is (role in KEEPERS)
    assert permissions.can_edit(of_running, running) is False
    assert permissions.can_report(of_running, running) is (role is Role.SCHOOL_ADMIN)
    assert permissions.can_confirm(of_running, running) is (role in CONFIRMERS)
    assert permissions.can_step(of_draft, draft, S.AGREEMENT) is (role in KEEPERS)
    assert permissions.can_step(of_running, running, S.CLOSED) is (role in COORDINATORS)


@needs_rows
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SCHOOL_ADMIN, Role.CURATOR, Role.MENTOR}))
def test_role_on_the_roadmap_of_a_territory(role: Role) -> None:
    draft, running = make_roadmap(territory=make_territory()), make_running(territory=make_territory())
    keeps = role in COORDINATORS | {Role.METHODIST}

    assert permissions.can_keep(person(role, draft), draft) is keeps
    assert permissions.can_report(person(role, running), running) is keeps
    assert permissions.can_confirm(person(role, running), running) is keeps


@needs_rows
@pytest.mark.parametrize("role", Role)
def test_role_in_another_school_may_nothing(role: Role) -> None:
    roadmap, elsewhere = make_running(), make_roadmap()
    stranger = person(role, elsewhere)

    assert not permissions.can_keep(stranger, roadmap)
    assert not permissions.can_report(stranger, roadmap)
    assert not permissions.can_confirm(stranger, roadmap)
    assert not any(permissions.can_step(stranger, roadmap, target) for target in S)
    assert not Roadmap.objects.visible_to(stranger).filter(pk=roadmap.pk).exists()


@needs_rows
@pytest.mark.parametrize(("source", "target"), [pair for pair in WAYS if pair[0] is not S.REVISION_DRAFT])
def test_right_of_a_step_is_that_of_the_table_or_of_its_keeper(source: RoadmapState, target: RoadmapState) -> None:
    of_school, of_territory = make_roadmap(), make_roadmap(territory=make_territory())
    of_school.state = of_territory.state = source
    permission = WAYS[source, target][0]

    assert permissions.step_permission(of_school, target) == (permission or Permission.EDIT_ROADMAP)
    assert permissions.step_permission(of_territory, target) == (permission or Permission.EDIT_MUNICIPAL_ROADMAP)


@needs_rows
def test_refused_step_leaves_neither_a_change_nor_an_event() -> None:
    roadmap = make_roadmap()
    events = AuditEvent.objects.count()
    steps = (flow.agree, flow.start_execution, flow.close, flow.archive)

    for refused in steps:
        with pytest.raises(TransitionRefused):
            refused(roadmap=roadmap, by=make_user(), at=AT)

    roadmap.refresh_from_db()
    assert (roadmap.state, roadmap.agreed_at, roadmap.closed_at) == (S.DRAFT, None, None)
    assert AuditEvent.objects.count() == events
