"""Since which days lists and their schools are in force: by the orders, whatever the portal has now."""

from datetime import UTC, date, datetime

import pytest

from schools.choices import ListState
from schools.models import ListExclusion, School, SchoolList, SchoolListItem
from tests.factories.lists import annul, cancel, make_exclusion, make_list
from tests.factories.schools import make_school, make_user

pytestmark = pytest.mark.django_db
PUBLISHED, ANNULLED = date(2026, 9, 20), date(2026, 11, 20)


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def published(school: School) -> SchoolList:
    return make_list([school], day=PUBLISHED)


@pytest.mark.parametrize(
    ("day", "is_in_force"),
    [
        pytest.param(date(2026, 9, 19), False, id="the day before its order"),
        pytest.param(PUBLISHED, True, id="the day of its order"),
        pytest.param(date(2026, 11, 19), True, id="the day before it is annulled"),
        pytest.param(ANNULLED, False, id="the day of the order that annuls it"),
    ],
)
def test_list_is_in_force_from_its_order_to_the_one_that_annuls_it(
    published: SchoolList, day: date, *, is_in_force: bool
) -> None:
    cancel(published, day=ANNULLED)

    assert SchoolList.objects.in_force(day).exists() == is_in_force
    assert SchoolListItem.objects.in_force(day).exists() == is_in_force
    assert not SchoolListItem.objects.in_force().exists()


def test_list_without_an_order_counts_by_the_day_in_the_portal(school: School) -> None:
    """22:30 of 1 October in UTC is 2 October in Moscow."""
    at, person = datetime(2026, 10, 1, 22, 30, tzinfo=UTC), make_user()
    draft = make_list([school], state=ListState.DRAFT)
    fields = {"published_at": at, "published_by": person, "cancelled_at": at.replace(day=5), "cancelled_by": person}
    SchoolList.objects.filter(pk=draft.pk).update(state=ListState.CANCELLED, **fields)

    (found,) = SchoolList.objects.with_days()

    assert (found.published_on, found.annulled_on) == (date(2026, 10, 2), date(2026, 10, 6))


@pytest.mark.parametrize("state", [ListState.DRAFT, ListState.APPROVED])
def test_draft_has_no_days(school: School, state: ListState) -> None:
    make_list([school], state=state)

    (found,) = SchoolList.objects.with_days()

    assert (found.published_on, found.annulled_on) == (None, None)
    assert not SchoolList.objects.in_force(date(2100, 1, 1)).exists()


def test_draft_that_was_dropped_was_never_in_force(school: School) -> None:
    make_list([school], state=ListState.CANCELLED)

    assert not SchoolList.objects.in_force(date(2100, 1, 1)).exists()


@pytest.mark.parametrize(
    ("day", "number"),
    [
        pytest.param(date(2026, 10, 14), 0, id="excluded since the 10th by an order of the 15th: not yet"),
        pytest.param(date(2026, 10, 15), 1, id="the day of the order"),
        pytest.param(date(2026, 11, 30), 1, id="before the exclusion is annulled"),
        pytest.param(date(2026, 12, 1), 0, id="annulled"),
    ],
)
def test_exclusion_counts_from_its_order_on(published: SchoolList, school: School, day: date, number: int) -> None:
    annul(make_exclusion(published, school, day=date(2026, 10, 10)), day=date(2026, 12, 1))

    assert ListExclusion.objects.in_force(day).count() == number
    assert SchoolListItem.objects.in_force(day).count() == 1 - number
