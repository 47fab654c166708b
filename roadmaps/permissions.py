"""Who may do what with a roadmap: the right for its owner, joined with the state."""

from accounts.models import User
from accounts.permissions import Permission
from roadmaps.choices import ROADMAP_TRANSITIONS, RoadmapLevel, RoadmapState
from roadmaps.models import Roadmap
from schools.access import may, require
from schools.models import School, Territory


def edit_permission(owner: School | Territory) -> Permission:
    return Permission.EDIT_ROADMAP if isinstance(owner, School) else Permission.EDIT_MUNICIPAL_ROADMAP


def report_permission(roadmap: Roadmap) -> Permission:
    """Return who marks execution: the school its own; those who keep the plan of a territory theirs."""
    is_school = roadmap.level == RoadmapLevel.SCHOOL
    return Permission.REPORT_EXECUTION if is_school else Permission.EDIT_MUNICIPAL_ROADMAP


def can_keep(user: User, roadmap: Roadmap) -> bool:
    """Answer whether the person keeps this roadmap, whatever its state."""
    return may(user, edit_permission(roadmap.owner), roadmap.owner)


def can_edit(user: User, roadmap: Roadmap) -> bool:
    return roadmap.is_editable and can_keep(user, roadmap)


def can_report(user: User, roadmap: Roadmap) -> bool:
    return roadmap.is_in_execution and may(user, report_permission(roadmap), roadmap.owner)


def can_confirm(user: User, roadmap: Roadmap) -> bool:
    return roadmap.is_in_execution and may(user, Permission.CONFIRM_EXECUTION, roadmap.owner)


def step_permission(roadmap: Roadmap, target: RoadmapState) -> Permission | None:
    """Return the right that a step of the state table needs; None when there is no such step."""
    step = ROADMAP_TRANSITIONS.get((RoadmapState(roadmap.state), target))
    return None if step is None else step.permission or edit_permission(roadmap.owner)


def can_step(user: User, roadmap: Roadmap, target: RoadmapState) -> bool:
    permission = step_permission(roadmap, target)
    return permission is not None and may(user, permission, roadmap.owner)


def require_keeping(user: User, roadmap: Roadmap) -> None:
    """Raise PermissionDenied for those who may only look."""
    require(user, edit_permission(roadmap.owner), roadmap.owner)


def require_reporting(user: User, roadmap: Roadmap) -> None:
    require(user, report_permission(roadmap), roadmap.owner)


def require_confirming(user: User, roadmap: Roadmap) -> None:
    require(user, Permission.CONFIRM_EXECUTION, roadmap.owner)


def require_step(user: User, roadmap: Roadmap, target: RoadmapState) -> None:
    """Raise PermissionDenied unless the person has the right that leads to a state from somewhere.

    Whether the roadmap is where the step begins is the action's question: its refusal says what is allowed.
    """
    steps = [step for (_, to), step in ROADMAP_TRANSITIONS.items() if to == target]
    permissions = {step.permission or edit_permission(roadmap.owner) for step in steps}
    if not any(may(user, permission, roadmap.owner) for permission in permissions):
        require(user, Permission.APPROVE_ROADMAP, roadmap.owner)
