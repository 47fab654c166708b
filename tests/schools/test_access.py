"""Which rows a person reaches: every role, in its own school, a neighbour school, its own and another region."""

from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from schools.access import Scope, may, require, scope_of
from schools.models import AssessmentResult, LegalAct, School, SchoolListItem, Territory
from tests.factories.lists import make_list
from tests.factories.schools import make_act, make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
TERRITORY_ROLES = [
    Role.REGIONAL_ADMIN,
    Role.REGIONAL_COORDINATOR,
    Role.MUNICIPAL_COORDINATOR,
    Role.METHODIST,
    Role.OBSERVER,
]
SCHOOL_ROLES = [Role.SCHOOL_ADMIN, Role.CURATOR, Role.MENTOR]


@dataclass(frozen=True)
class World:
    """Two regions: in the first two municipalities, the own one with two schools."""

    region: Territory
    municipality: Territory
    own: School
    neighbour: School
    other_municipality: School
    other_region: School

    @property
    def schools(self) -> list[School]:
        return [self.own, self.neighbour, self.other_municipality, self.other_region]


@pytest.fixture
def world() -> World:
    region = make_region()
    municipality = make_territory(parent=region)
    return World(
        region=region,
        municipality=municipality,
        own=make_school(territory=municipality),
        neighbour=make_school(territory=municipality),
        other_municipality=make_school(territory=make_territory(parent=region)),
        other_region=make_school(),
    )


def seen_by(user: User, world: World) -> set[str]:
    """Return the fields of the world whose schools the person sees."""
    visible = set(School.objects.visible_to(user))
    names = ("own", "neighbour", "other_municipality", "other_region")
    return {name for name in names if getattr(world, name) in visible}


@pytest.mark.parametrize("role", TERRITORY_ROLES)
def test_role_in_a_municipality_sees_its_schools_alone(role: Role, world: World) -> None:
    user = make_user(role=role, territory=world.municipality)

    assert seen_by(user, world) == {"own", "neighbour"}


@pytest.mark.parametrize("role", TERRITORY_ROLES)
def test_role_in_a_region_sees_the_schools_of_its_municipalities(role: Role, world: World) -> None:
    user = make_user(role=role, territory=world.region)

    assert seen_by(user, world) == {"own", "neighbour", "other_municipality"}


@pytest.mark.parametrize("role", SCHOOL_ROLES)
def test_role_in_a_school_sees_that_school_alone(role: Role, world: World) -> None:
    user = make_user(role=role, school=world.own)

    assert seen_by(user, world) == {"own"}


def test_curator_sees_every_assigned_school(world: World) -> None:
    curator = make_user(role=Role.CURATOR, school=world.own)
    curator.memberships.create(role=Role.CURATOR, school=world.other_region)

    assert seen_by(curator, world) == {"own", "other_region"}


def test_memberships_of_different_kinds_add_up(world: World) -> None:
    user = make_user(role=Role.SCHOOL_ADMIN, school=world.other_region)
    user.memberships.create(role=Role.METHODIST, territory=world.municipality)

    assert seen_by(user, world) == {"own", "neighbour", "other_region"}


def test_person_without_a_membership_sees_nothing(world: World) -> None:
    assert seen_by(make_user(), world) == set()


def test_superuser_sees_no_more_than_the_memberships_say(world: World) -> None:
    admin = make_user(is_superuser=True, is_staff=True)

    assert seen_by(admin, world) == set()


@pytest.mark.parametrize("role", SCHOOL_ROLES)
def test_person_of_a_school_sees_no_body_of_its_territory(role: Role, world: World) -> None:
    user = make_user(role=role, school=world.own)

    assert list(Territory.objects.visible_to(user)) == []


def test_person_of_a_municipality_does_not_see_its_region(world: World) -> None:
    user = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=world.municipality)

    assert list(Territory.objects.visible_to(user)) == [world.municipality]


def test_person_of_a_region_sees_it_and_its_municipalities(world: World) -> None:
    user = make_user(role=Role.REGIONAL_COORDINATOR, territory=world.region)

    visible = set(Territory.objects.visible_to(user))

    assert visible == {world.region, world.municipality, world.other_municipality.territory}


def test_results_are_seen_with_their_school(world: World) -> None:
    results = {school: make_result(school=school) for school in world.schools}
    user = make_user(role=Role.SCHOOL_ADMIN, school=world.own)

    assert list(AssessmentResult.objects.visible_to(user)) == [results[world.own]]


def test_acts_are_seen_with_their_territory_or_school(world: World) -> None:
    of_municipality, of_school = make_act(territory=world.municipality), make_act(school=world.own)
    make_act(school=world.other_region)
    methodist = make_user(role=Role.METHODIST, territory=world.municipality)
    admin = make_user(role=Role.SCHOOL_ADMIN, school=world.own)

    assert set(LegalAct.objects.visible_to(methodist)) == {of_municipality, of_school}
    assert set(LegalAct.objects.visible_to(admin)) == {of_school}


def test_school_sees_its_own_line_of_a_published_list(world: World) -> None:
    school_list = make_list([world.own, world.neighbour])
    admin = make_user(role=Role.SCHOOL_ADMIN, school=world.own)

    assert list(SchoolListItem.objects.visible_to(admin)) == [school_list.items.get(school=world.own)]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", [Permission.VIEW_SCHOOLS, Permission.EDIT_ROADMAP, Permission.MANAGE_CYCLES])
def test_scope_of_a_permission_is_where_a_role_holds_it(role: Role, permission: Permission, world: World) -> None:
    user = make_user(role=role, territory=world.municipality)

    holds = permission in ROLE_PERMISSIONS[role]

    assert scope_of(user, permission).territories == (frozenset({world.municipality.pk}) if holds else frozenset())


def test_right_of_one_place_does_not_reach_another(world: World) -> None:
    user = make_user(role=Role.OBSERVER, territory=world.municipality)
    user.memberships.create(role=Role.SCHOOL_ADMIN, school=world.own)

    assert may(user, Permission.FILL_SUBMISSION, world.own)
    assert not may(user, Permission.FILL_SUBMISSION, world.neighbour)
    assert may(user, Permission.VIEW_SCHOOLS, world.neighbour)


def test_right_in_a_region_reaches_its_municipalities(world: World) -> None:
    user = make_user(role=Role.REGIONAL_COORDINATOR, territory=world.region)

    assert may(user, Permission.MANAGE_CYCLES, world.municipality)
    assert may(user, Permission.MANAGE_CYCLES, world.own)
    assert not may(user, Permission.MANAGE_CYCLES, world.other_region)


def test_right_in_a_municipality_does_not_reach_its_region(world: World) -> None:
    user = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=world.municipality)

    assert may(user, Permission.PUBLISH_LIST, world.municipality)
    assert not may(user, Permission.PUBLISH_LIST, world.region)


def test_require_refuses_what_may_denies(world: World) -> None:
    user = make_user(role=Role.OBSERVER, territory=world.municipality)

    with pytest.raises(PermissionDenied):
        require(user, Permission.APPROVE_ROADMAP, world.own)


def test_require_passes_what_may_allows(world: World) -> None:
    require(make_user(role=Role.METHODIST, territory=world.municipality), Permission.EDIT_ROADMAP, world.own)


def test_memberships_are_read_once_for_a_request(
    world: World,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = User.objects.get(pk=make_user(role=Role.METHODIST, territory=world.municipality).pk)

    with django_assert_num_queries(1):
        assert may(user, Permission.VIEW_SCHOOLS, world.own)
        assert scope_of(user).territories == {world.municipality.pk}


def test_empty_scope_covers_nothing(world: World) -> None:
    empty = Scope(territories=frozenset(), schools=frozenset())

    assert not any(empty.covers(thing) for thing in (world.own, world.municipality, world.region))


def test_scope_without_a_region_does_not_cover_other_regions(world: World) -> None:
    """A region has no parent: None must not be taken for a territory of the scope."""
    scope = Scope(territories=frozenset(), schools=frozenset({world.own.pk}))

    assert not scope.covers(world.region)
