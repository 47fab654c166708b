"""Similar schools out of the database."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from schools.actions.reorganisation import merge_schools, register_anew
from schools.lineage import Lineage
from schools.models import Membership, School, SchoolStatistic, Territory
from schools.similar import Outcome
from schools.similar_reading import mentored_by, outcomes_of, resemblance
from tests.factories.lists import make_exclusion, make_list
from tests.factories.schools import make_inn, make_result, make_school, make_territory, make_user
from tests.factories.social import HARD, WORKED, make_file, make_run

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 1)
RECORDED = datetime(2026, 9, 2, 9, tzinfo=UTC)
CONTEXT = {"pupils": 100, "teachers": 10, "teachers_top_category": 3, "teachers_first_category": 2}


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def tell_context(school: School, year: int = 2025, **values: int) -> None:
    file = make_file(school)
    SchoolStatistic.objects.bulk_create(
        SchoolStatistic(school=school, form="SA-1", year=year, item=item, value=Decimal(value), file=file, row=row)
        for row, (item, value) in enumerate((CONTEXT | values).items(), start=1)
    )


def make_rural(territory: Territory, students: int | None = 100, low: int | None = None, **fields: object) -> School:
    """Return a school of a village, with a work in which so many of 40 were low."""
    known = {"territory": territory, "locality": "село", "kind": "ООШ", "students": students}
    school = make_school(**{**known, **fields})
    if low is not None:
        make_result(school=school, marks=(low, 40 - low, 0, 0))
    return school


def test_group_is_of_the_region_and_by_inputs_alone(territory: Territory) -> None:
    school = make_rural(territory, low=20)
    alike = [make_rural(territory, students=110, low=39), make_rural(territory, students=95, low=0)]
    across = make_rural(make_territory(parent=territory.parent), students=150, low=10)
    make_rural(territory, students=2000, locality="город", kind="СОШ", low=20)
    make_rural(make_territory(), low=20)
    make_rural(territory, status="closed", low=20)
    for each in (school, *alike, across):
        tell_context(each)

    found = resemblance(school)

    assert [each.school for each in found.group] == [alike[1], alike[0], across]
    assert found.compared == 4
    assert (found.year, found.statistics_year) == (2026, 2025)


def test_school_directly_under_the_region_is_compared_with_all_of_it(territory: Territory) -> None:
    region = territory.parent
    assert region is not None
    school = make_rural(region)
    alike = make_rural(territory, students=110)
    make_rural(make_territory())
    for each in (school, alike):
        tell_context(each)

    assert [each.school for each in resemblance(school).group] == [alike]
    assert [each.school for each in resemblance(alike).group] == [school]


def test_results_change_nothing_in_the_group(territory: Territory) -> None:
    school = make_rural(territory, low=20)
    others = [make_rural(territory, students=students, low=20) for students in (90, 120, 150)]
    for each in (school, *others):
        tell_context(each)
    before = [(each.school.pk, each.distance) for each in resemblance(school).group]
    for number, each in enumerate(others):
        each.results.update(mark2=number, mark3=40 - number)

    assert [(each.school.pk, each.distance) for each in resemblance(school).group] == before


def test_group_stands_beside_the_school_by_its_counts(territory: Territory) -> None:
    school = make_rural(territory, low=20)
    for low in (4, 8):
        tell_context(make_rural(territory, low=low))
    tell_context(school)

    found = resemblance(school)

    assert found.outcome == Outcome(low=20, participants=40)
    assert found.group_outcome == Outcome(low=12, participants=80)


def test_social_index_is_an_input(territory: Territory) -> None:
    school, hard, plain = (make_rural(territory, low=20) for _ in range(3))
    for each in (school, hard, plain):
        tell_context(each)
    make_run({school: HARD, hard: HARD, plain: WORKED})

    group = {each.school: each for each in resemblance(school).group}

    assert group[hard].distance == 0
    assert group[plain].distance > 0
    assert group[hard].known_weight > 0.9


def test_missing_data_weigh_nothing(territory: Territory) -> None:
    school, told, silent = (make_rural(territory, low=20) for _ in range(3))
    tell_context(school)
    tell_context(told)

    group = resemblance(school).group

    assert {each.school for each in group} == {told}  # of the silent one less than 0.6 of the weight is known
    assert silent not in {each.school for each in group}


def test_inputs_of_the_forms(territory: Territory) -> None:
    school = make_rural(territory, students=None)
    tell_context(school, distance_to_centre=25)
    tell_context(school, year=2024, teachers=50)

    own = resemblance(school).own

    assert own["students"] == 100
    assert own["pupils_per_teacher"] == 10
    assert own["qualified_teachers"] == 50
    assert own["distance_to_centre"] == 25


def test_categories_known_in_part_are_not_known(territory: Territory) -> None:
    school = make_rural(territory)
    tell_context(school)
    school.statistics.filter(item="teachers_first_category").delete()

    assert resemblance(school).own["qualified_teachers"] is None


def test_school_of_a_region_without_forms_is_compared_by_nothing(territory: Territory) -> None:
    school = make_rural(territory, low=20)
    make_rural(territory, low=5)

    found = resemblance(school)

    assert (found.group, found.mentors, found.statistics_year) == ([], [], None)


# Mentors


def compared(territory: Territory, low: int = 20) -> tuple[School, School]:
    """Return a school and one like it that does better."""
    school, better = make_rural(territory, low=low), make_rural(territory, low=4)
    for each in (school, better):
        tell_context(each)
    return school, better


def test_better_school_with_inputs_alike_could_mentor(territory: Territory) -> None:
    school, better = compared(territory)

    (mentor,) = resemblance(school).mentors

    assert mentor.school == better
    assert mentor.candidate.better_by(Outcome(low=20, participants=40)) == 40
    assert (mentor.candidate.is_near, mentor.candidate.is_listed) == (True, False)
    assert resemblance(better).mentors == []


def make_busy(better: School, times: int) -> None:
    """Let the head of a school mentor so many others."""
    head = make_user(role=Role.SCHOOL_ADMIN, school=better)
    for _ in range(times):
        Membership.objects.create(user=head, role=Role.MENTOR, school=make_school())


@pytest.mark.parametrize(("times", "offered"), [(2, 1), (3, 0)])
def test_overloaded_school_is_not_offered(times: int, offered: int, territory: Territory) -> None:
    school, better = compared(territory)
    make_busy(better, times)

    assert len(resemblance(school).mentors) == offered
    assert mentored_by([better.pk]) == {better.pk: times}


def test_listed_mentor_school_is_told(territory: Territory) -> None:
    school, better = compared(territory)
    make_list([better], kind="mentor_schools")

    assert resemblance(school).mentors[0].candidate.is_listed


@pytest.mark.parametrize("kind", ["municipal", "regional", "federal", "bias_markers"])
def test_school_of_a_list_of_low_or_doubtful_results_is_not_offered(kind: str, territory: Territory) -> None:
    school, better = compared(territory)
    school_list = make_list([better], kind=kind)

    assert resemblance(school).mentors == []

    make_exclusion(school_list, better)
    assert [mentor.school for mentor in resemblance(school).mentors] == [better]


def test_list_of_mentor_schools_does_not_outweigh_that_of_low_results(territory: Territory) -> None:
    school, better = compared(territory)
    for kind in ("municipal", "mentor_schools"):
        make_list([better], kind=kind)

    assert resemblance(school).mentors == []


def keeper(school: School) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)


def registered_anew(school: School) -> School:
    inn = make_inn(5_000_777)
    return register_anew(school=school, inn=inn, ogrn="", on=SEPTEMBER, by=keeper(school), at=RECORDED)


def merged_into(school: School, heir: School) -> None:
    merge_schools(predecessors=[school], successor=heir, on=SEPTEMBER, by=keeper(school), at=RECORDED)


def mentors_of(school: School) -> list[School]:
    return [mentor.school for mentor in resemblance(school).mentors]


@pytest.mark.parametrize("kind", ["municipal", "bias_markers"])
def test_list_of_the_former_legal_person_bars_the_school(kind: str, territory: Territory) -> None:
    school, better = compared(territory)
    heir = registered_anew(better)
    tell_context(heir)
    assert mentors_of(school) == [heir]

    make_list([better], kind=kind)

    assert mentors_of(school) == []


@pytest.mark.parametrize(
    ("kind", "is_offered"),
    [
        pytest.param("municipal", False, id="its years in lists of low results are inherited"),
        pytest.param("bias_markers", True, id="its results are not"),
    ],
)
def test_list_of_a_merged_school(kind: str, is_offered: bool, territory: Territory) -> None:
    school, better = compared(territory)
    merged = make_rural(territory, students=101)
    make_list([merged], kind=kind)
    merged_into(merged, better)

    assert mentors_of(school) == ([better] if is_offered else [])


def test_mentor_school_stays_one_under_another_legal_person(territory: Territory) -> None:
    school, better = compared(territory)
    make_list([better], kind="mentor_schools")
    tell_context(registered_anew(better))

    assert resemblance(school).mentors[0].candidate.is_listed


# Results


def test_outcome_adds_up_obligatory_works_of_the_newest_year(territory: Territory) -> None:
    school = make_rural(territory)
    make_result(school=school, marks=(10, 30, 0, 0))
    make_result(school=school, subject="MA", marks=(5, 15, 0, 0))
    make_result(school=school, subject="BI", marks=(9, 1, 0, 0))
    make_result(school=school, year=2025, marks=(40, 0, 0, 0))
    make_result(school=school, grade=6, participants=30, mark2=None, mark3=None, mark4=None, mark5=None)

    assert outcomes_of([school.pk], Lineage()) == (2026, {school.pk: Outcome(low=15, participants=60)})


def test_school_without_results_has_no_outcome(territory: Territory) -> None:
    assert outcomes_of([make_rural(territory).pk], Lineage()) == (None, {})


@pytest.mark.parametrize("schools", [2, 12])
def test_resemblance_takes_the_same_queries_for_any_number_of_schools(
    schools: int, territory: Territory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    every = [make_rural(territory, low=number) for number in range(schools)]
    for each in every:
        tell_context(each)
    make_run(dict.fromkeys(every, WORKED))
    school = School.objects.select_related("territory").get(pk=every[-1].pk)

    with django_assert_num_queries(12):
        resemblance(school)
