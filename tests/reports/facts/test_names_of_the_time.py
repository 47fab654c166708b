"""Reports about the past name schools as they were named then."""

from datetime import date
from typing import Any

import pytest

from reports.building import read_facts
from reports.facts import queries, r1, r4, r8
from schools.actions.registry import set_status
from schools.choices import SchoolStatus
from schools.models import School, Territory
from tests.factories.facts import make_spec
from tests.factories.lists import make_list
from tests.factories.registry import AT, NEW, OLD, SEPTEMBER, make_keeper, rename
from tests.factories.roadmaps import make_running
from tests.factories.schools import make_school, make_territory

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2026, 8, 31), date(2026, 12, 25)
BOTH = f"{NEW} (до 01.09.2026 — {OLD})"


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def school(territory: Territory) -> School:
    """Return a school of a published list that was renamed after the publication."""
    school = make_school(name=OLD, territory=territory)
    make_list([school], year=2025, day=date(2025, 10, 1))
    return rename(school)


def told(territory: Territory, as_of: date, **fields: Any) -> str:
    """Return the name of the only school in the table of execution."""
    (execution,) = r4.collect(make_spec(territory, as_of=as_of, **fields)).schools
    return execution.school


@pytest.mark.parametrize(
    ("as_of", "name"),
    [
        pytest.param(BEFORE, OLD, id="rebuilt for a day of the past"),
        pytest.param(SEPTEMBER, BOTH, id="the day of the change"),
        pytest.param(AFTER, BOTH, id="after the change, within the same year"),
    ],
)
def test_school_goes_by_the_name_of_the_day_of_the_data(
    as_of: date, name: str, territory: Territory, school: School
) -> None:
    assert told(territory, as_of) == name


def test_report_about_a_later_time_knows_the_new_name_alone(territory: Territory, school: School) -> None:
    spec = make_spec(territory, period_from=SEPTEMBER, period_to=date(2026, 12, 31))

    assert queries.names_of(spec, [school]) == {school.pk: NEW}


@pytest.mark.parametrize("collect", [r1.collect, r4.collect])
def test_list_keeps_the_name_of_its_order(collect: Any, territory: Territory, school: School) -> None:
    (listed,) = collect(make_spec(territory, as_of=AFTER)).lists

    assert listed.names == (OLD,)


def test_annex_to_the_order_keeps_the_name_of_the_order(territory: Territory, school: School) -> None:
    (listed,) = r8.collect(make_spec(territory, kind="R8", as_of=AFTER)).schools

    assert listed.name == OLD


def test_report_about_one_school_is_headed_by_the_name_of_the_time(territory: Territory, school: School) -> None:
    facts = r4.collect(make_spec(territory, school=school, as_of=BEFORE))

    assert (facts.school, facts.schools[0].school) == (OLD, OLD)


def test_analytical_report_uses_the_names_of_the_time(territory: Territory, school: School) -> None:
    before, after = (r1.collect(make_spec(territory, kind="R1", as_of=day)) for day in (BEFORE, AFTER))

    assert [one.schools[0].school for one in (before, after)] == [OLD, BOTH]
    assert any(OLD in caution.text for caution in before.cautions)


def test_same_facts_come_out_whatever_was_renamed_since(territory: Territory) -> None:
    school = make_school(name=OLD, territory=territory)
    make_list([school], year=2025, day=date(2025, 10, 1))
    make_running(school=school)
    spec = make_spec(territory, as_of=BEFORE)
    published = read_facts(spec)

    rename(school)

    assert read_facts(spec) == published


def test_schools_are_ordered_by_the_names_of_the_time(territory: Territory) -> None:
    first = make_school(name="А", territory=territory)
    second = make_school(name="Б", territory=territory)
    in_force = [make_list([first, second], year=2025, day=date(2025, 10, 1))]
    rename(first, "Я")

    assert queries.schools_of(make_spec(territory, as_of=BEFORE), in_force) == [first, second]
    assert queries.schools_of(make_spec(territory, as_of=AFTER), in_force) == [second, first]


@pytest.mark.parametrize(("kind", "collect"), [("R1", r1.collect), ("R8", r8.collect)])
def test_schools_of_the_territory_are_counted_as_they_stood(
    kind: str, collect: Any, territory: Territory, school: School
) -> None:
    closed = make_school(territory=territory)
    set_status(school=closed, status=SchoolStatus.CLOSED, on=SEPTEMBER, by=make_keeper(closed), at=AT)

    totals = [collect(make_spec(territory, kind=kind, as_of=day)).total_schools for day in (BEFORE, AFTER)]

    assert totals == [2, 1]


@pytest.mark.parametrize(
    ("days", "name"),
    [
        pytest.param([date(2025, 3, 1)], "Н1", id="before the period of the report"),
        pytest.param([date(2026, 3, 1), date(2026, 5, 1)], "Н2 (до 01.05.2026 — Н1)", id="twice within the period"),
        pytest.param([date(2026, 1, 1)], "Н1", id="on its first day"),
    ],
)
def test_former_name_stands_beside_a_change_within_the_period(
    days: list[date], name: str, territory: Territory
) -> None:
    school = make_school(name="Н0", territory=territory)
    for number, day in enumerate(days, start=1):
        rename(school, f"Н{number}", day)

    assert queries.names_of(make_spec(territory), [school]) == {school.pk: name}


def test_another_kind_under_the_same_name_is_no_new_name(territory: Territory) -> None:
    school = rename(make_school(name=OLD, territory=territory))
    rename(school, NEW, date(2026, 10, 1), kind="гимназия")

    assert queries.names_of(make_spec(territory), [school]) == {school.pk: BOTH}
