"""Right and state joined: a truth table by role."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.permissions import Role
from roadmaps import permissions
from roadmaps.choices import RoadmapState
from roadmaps.models import Roadmap
from tests.factories.roadmaps import make_roadmap, make_running, territory_of
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db
IN_SCHOOL = {Role.SCHOOL_ADMIN, Role.CURATOR}


def person(role: Role, roadmap: Roadmap) -> User:
    if role in IN_SCHOOL and roadmap.school:
        return make_user(role=role, school=roadmap.school)
    return make_user(role=role, territory=territory_of(roadmap))


@pytest.mark.parametrize(
    ("role", "edits", "reports", "confirms"),
    [
        (Role.SCHOOL_ADMIN, True, True, False),
        (Role.METHODIST, True, False, True),
        (Role.MUNICIPAL_COORDINATOR, True, False, True),
        (Role.CURATOR, False, False, True),
        (Role.OBSERVER, False, False, False),
        (Role.MENTOR, False, False, False),
    ],
)
def test_roadmap_of_a_school_by_role(role: Role, *, edits: bool, reports: bool, confirms: bool) -> None:
    draft, running = make_roadmap(), make_running()

    assert permissions.can_edit(person(role, draft), draft) is edits
    assert permissions.can_report(person(role, running), running) is reports
    assert permissions.can_confirm(person(role, running), running) is confirms


@pytest.mark.parametrize(
    ("role", "keeps"),
    [(Role.METHODIST, True), (Role.MUNICIPAL_COORDINATOR, True), (Role.OBSERVER, False), (Role.MENTOR, False)],
)
def test_roadmap_of_a_territory_by_role(role: Role, *, keeps: bool) -> None:
    draft, running = make_roadmap(territory=make_territory()), make_running(territory=make_territory())

    assert permissions.can_edit(person(role, draft), draft) is keeps
    assert permissions.can_report(person(role, running), running) is keeps


def test_nobody_edits_a_fixed_version_or_reports_on_a_draft() -> None:
    draft, running = make_roadmap(), make_running()

    assert not permissions.can_edit(person(Role.SCHOOL_ADMIN, running), running)
    assert not permissions.can_report(person(Role.SCHOOL_ADMIN, draft), draft)
    assert not permissions.can_confirm(person(Role.CURATOR, draft), draft)


@pytest.mark.parametrize(
    ("role", "target", "may"),
    [
        (Role.SCHOOL_ADMIN, RoadmapState.AGREEMENT, True),
        (Role.SCHOOL_ADMIN, RoadmapState.AGREED, False),
        (Role.METHODIST, RoadmapState.APPROVED, False),
        (Role.MUNICIPAL_COORDINATOR, RoadmapState.APPROVED, True),
        (Role.OBSERVER, RoadmapState.AGREEMENT, False),
    ],
)
def test_require_step_asks_for_the_right_of_the_state_table(role: Role, target: RoadmapState, *, may: bool) -> None:
    roadmap = make_roadmap()
    user = person(role, roadmap)

    if may:
        permissions.require_step(user, roadmap, target)
    else:
        with pytest.raises(PermissionDenied):
            permissions.require_step(user, roadmap, target)


def test_can_step_needs_the_state_too() -> None:
    roadmap = make_roadmap()
    coordinator = person(Role.MUNICIPAL_COORDINATOR, roadmap)

    assert permissions.can_step(coordinator, roadmap, RoadmapState.AGREEMENT)
    assert not permissions.can_step(coordinator, roadmap, RoadmapState.APPROVED)
