"""Schools on support through changes of their legal persons."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.permissions import Role
from schools.actions.reorganisation import merge_schools, register_anew
from schools.models import School
from schools.support import on_support
from tests.factories.lists import AT, make_exclusion, make_list
from tests.factories.schools import make_actor, make_inn, make_school, make_territory

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 1)


def anew(school: School, number: int = 5_000_801, on: date = SEPTEMBER) -> School:
    keeper = make_actor(Role.MUNICIPAL_COORDINATOR, school)
    return register_anew(school=school, inn=make_inn(number), ogrn="", on=on, by=keeper, at=AT)


def found() -> list[School]:
    return list(on_support(School.objects.active()).order_by("name", "pk"))


def test_school_registered_anew_stays_on_support() -> None:
    territory = make_territory()
    listed, other = (make_school(territory=territory, name=name) for name in ("А", "Б"))
    make_list([listed], year=2026)

    heir = anew(anew(listed), 5_000_802, on=date(2026, 9, 10))
    anew(other, 5_000_803)

    assert found() == [heir]


def test_school_that_was_excluded_before_is_on_no_support_under_its_new_person() -> None:
    school = make_school()
    make_exclusion(make_list([school], year=2026), school)

    anew(school)

    assert found() == []


def test_school_that_one_of_a_list_was_merged_into_is_not_on_support_for_it() -> None:
    territory = make_territory()
    listed, heir = (make_school(territory=territory, name=name) for name in ("А", "Б"))
    make_list([listed], year=2026)
    keeper = make_actor(Role.MUNICIPAL_COORDINATOR, heir)

    merge_schools(predecessors=[listed], successor=heir, on=SEPTEMBER, by=keeper, at=AT)

    assert found() == []


@pytest.mark.parametrize("schools", [1, 3])
def test_support_takes_the_same_queries(schools: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    territory = make_territory()
    listed = [make_school(territory=territory) for _ in range(schools)]
    make_list(listed, year=2026)
    for number, school in enumerate(listed):
        anew(school, 5_000_810 + number)

    with django_assert_num_queries(3):
        assert len(found()) == schools
