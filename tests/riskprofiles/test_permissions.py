"""Who may do what when: role, scope and state together."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.permissions import Role
from riskprofiles import permissions
from riskprofiles.choices import ProfileState
from riskprofiles.models import RiskProfile
from tests.factories.riskprofiles import diagnosis_of, make_profile
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db
Predicate = Callable[[User, RiskProfile], bool]
STATES = (
    ProfileState.DRAFT,
    ProfileState.SCHOOL_REVIEW,
    ProfileState.CURATOR_VERIFICATION,
    ProfileState.VERIFIED,
    ProfileState.APPROVED,
)
PEOPLE = (Role.SCHOOL_ADMIN, Role.CURATOR, Role.MUNICIPAL_COORDINATOR, Role.METHODIST, Role.OBSERVER)


def can_fill(user: User, profile: RiskProfile) -> bool:
    return permissions.can_fill(user, diagnosis_of(profile))


def person(role: Role, profile: RiskProfile) -> User:
    if role in {Role.SCHOOL_ADMIN, Role.CURATOR}:
        return make_user(role=role, school=profile.school)
    return make_user(role=role, territory=profile.school.territory)


@pytest.mark.parametrize(
    ("predicate", "role", "states"),
    [
        pytest.param(can_fill, Role.SCHOOL_ADMIN, {ProfileState.SCHOOL_REVIEW}, id="fill"),
        pytest.param(permissions.can_judge, Role.CURATOR, {ProfileState.CURATOR_VERIFICATION}, id="judge"),
        pytest.param(permissions.can_activate, Role.SCHOOL_ADMIN, {ProfileState.VERIFIED}, id="activate"),
        pytest.param(permissions.can_send, Role.MUNICIPAL_COORDINATOR, {ProfileState.DRAFT}, id="send"),
        pytest.param(permissions.can_approve, Role.MUNICIPAL_COORDINATOR, {ProfileState.VERIFIED}, id="approve"),
        pytest.param(
            permissions.can_reopen,
            Role.MUNICIPAL_COORDINATOR,
            {ProfileState.VERIFIED, ProfileState.APPROVED},
            id="reopen",
        ),
    ],
)
def test_each_step_belongs_to_one_role_in_its_states(
    predicate: Predicate, role: Role, states: set[ProfileState]
) -> None:
    allowed = set()
    for state in STATES:
        profile = make_profile(state=state)
        allowed |= {(one, state) for one in PEOPLE if predicate(person(one, profile), profile)}

    assert allowed == {(role, state) for state in states}


@pytest.mark.parametrize("role", [Role.SCHOOL_ADMIN, Role.CURATOR, Role.MUNICIPAL_COORDINATOR])
def test_neighbours_may_do_nothing(role: Role) -> None:
    profile, other = make_profile(state=ProfileState.VERIFIED), make_profile()
    neighbour = person(role, other)

    assert not permissions.can_activate(neighbour, profile)
    assert not permissions.can_approve(neighbour, profile)
    assert not permissions.can_reopen(neighbour, profile)


def test_returned_form_is_the_schools_again() -> None:
    from riskprofiles import actions
    from tests.factories.riskprofiles import AT

    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    actions.return_to_school(profile=profile, remarks="Уточните", by=make_user(), at=AT)

    assert can_fill(person(Role.SCHOOL_ADMIN, profile), profile)
