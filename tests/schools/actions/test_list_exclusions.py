"""A school leaves a published list; the list itself does not change."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.list_exclusions import exclude_from_list
from schools.actions.lists import cancel_list
from schools.choices import ListState
from schools.errors import ExclusionRefused, FrozenRow
from schools.exclusion_file import exclusions_workbook
from schools.list_file import list_workbook
from schools.models import ListExclusion, SchoolList, SchoolListItem
from tests.factories.lists import AT, make_draft, make_list, make_low_school, make_order, make_published_list, make_run
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

LATER = AT.replace(month=12, day=20)
DAY = date(2026, 12, 15)


@pytest.fixture
def coordinator() -> User:
    return make_user()


@pytest.fixture
def published(coordinator: User) -> SchoolList:
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    make_low_school(territory=territory, name="Вторая")
    return make_published_list(make_run(territory=territory), coordinator)


def exclude(school_list: SchoolList, by: User, name: str = "Низкая", **changes: Any) -> ListExclusion:
    defaults: dict[str, Any] = {
        "item": school_list.items.get(school_name=name),
        "excluded_on": DAY,
        "order": make_order(school_list.territory, "901"),
        "note": "Результаты подтверждены.",
        "by": by,
        "at": LATER,
    }
    return exclude_from_list(**{**defaults, **changes})


def rows(data: bytes) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_exclusion_stands_beside_the_item_with_its_order(published: SchoolList, coordinator: User) -> None:
    exclusion = exclude(published, coordinator)

    item = SchoolListItem.objects.get(pk=exclusion.item_id)
    assert item.left == exclusion
    assert (item.included_on, exclusion.excluded_on) == (date(2026, 10, 15), DAY)
    assert exclusion.basis_document.number == "901"
    assert published.items.get(school_name="Вторая").left is None


def test_what_was_published_stays_the_same_bytes(published: SchoolList, coordinator: User) -> None:
    fresh = SchoolList.objects.for_page()
    before, sealed = list_workbook(fresh.get(pk=published.pk)), published.content_hash

    exclude(published, coordinator)

    after = fresh.get(pk=published.pk)
    assert list_workbook(after) == before
    assert (after.content_hash, after.is_intact(), after.state) == (sealed, True, ListState.PUBLISHED)


def test_exclusion_leaves_an_event_and_tells_its_school_alone(published: SchoolList, coordinator: User) -> None:
    items = {item.school_name: item.school for item in published.items.select_related("school")}
    director = make_user(role=Role.SCHOOL_ADMIN, school=items["Низкая"])
    other = make_user(role=Role.SCHOOL_ADMIN, school=items["Вторая"])

    exclusion = exclude(published, coordinator)

    event = AuditEvent.objects.filter(code=AuditCode.LIST_ITEMS_CHANGED).get()
    assert event.actor == coordinator
    assert event.meta["excluded"] == str(items["Низкая"].pk)
    assert event.meta["excluded_on"] == "2026-12-15"
    assert event.meta["order"] == str(exclusion.basis_document_id)
    notice = director.notices.get()
    assert notice.title.startswith("Низкая: исключена из перечня «Муниципальный перечень ШНОР")
    assert notice.text.replace(NBSP, " ").startswith("С 15.12.2026. Основание: приказ управления образования")
    assert not other.notices.exists()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        pytest.param(date(2026, 10, 14), "утверждён приказом от 15.10.2026", id="before the list"),
        pytest.param(date(2026, 12, 21), "ещё не наступила", id="tomorrow"),
    ],
)
def test_day_that_cannot_be_is_refused_at_its_field(
    published: SchoolList, coordinator: User, day: date, words: str
) -> None:
    with pytest.raises(ExclusionRefused, match=words) as refused:
        exclude(published, coordinator, excluded_on=day)

    assert refused.value.field == "excluded_on"
    assert not ListExclusion.objects.exists()


@pytest.mark.parametrize("day", [date(2026, 10, 15), date(2026, 12, 20)])
def test_day_of_the_order_and_today_are_allowed(published: SchoolList, coordinator: User, day: date) -> None:
    assert exclude(published, coordinator, excluded_on=day).excluded_on == day


def test_school_leaves_once(published: SchoolList, coordinator: User) -> None:
    exclude(published, coordinator)

    with pytest.raises(ExclusionRefused, match=r"Низкая уже исключена с 15\.12\.2026"):
        exclude(published, coordinator, order=make_order(published.territory, "902"))


def test_only_a_published_list_is_left(coordinator: User) -> None:
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    draft = make_draft(make_run(territory=territory), coordinator)

    with pytest.raises(ExclusionRefused, match="только из опубликованного"):
        exclude(draft, coordinator)


def test_cancelled_list_is_left_no_more(published: SchoolList, coordinator: User) -> None:
    cancel_list(school_list=published, order=make_order(published.territory, "500"), by=coordinator, at=AT)

    with pytest.raises(ExclusionRefused, match="только из опубликованного"):
        exclude(published, coordinator)


def save_again(exclusion: ListExclusion) -> None:
    exclusion.excluded_on = date(2026, 11, 1)
    exclusion.save()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(save_again, id="save"),
        pytest.param(lambda each: each.delete(), id="delete"),
        pytest.param(lambda each: ListExclusion.objects.filter(pk=each.pk).update(note=""), id="update in bulk"),
        pytest.param(lambda each: ListExclusion.objects.filter(pk=each.pk).delete(), id="delete in bulk"),
    ],
)
def test_exclusion_is_written_once(published: SchoolList, coordinator: User, change: Any) -> None:
    exclusion = exclude(published, coordinator)

    with pytest.raises(FrozenRow, match="не меняется и не удаляется"):
        change(exclusion)

    assert ListExclusion.objects.get().excluded_on == DAY


# The file


def test_exclusions_are_a_file_of_their_own(published: SchoolList, coordinator: User) -> None:
    exclude(published, coordinator)

    above, order, *_, head, row = rows(exclusions_workbook(published))

    assert str(above[0]).startswith("Исключены из перечня: Муниципальный перечень ШНОР")
    assert "418" in str(order[0])
    assert head[3:5] == ["Включена", "Исключена с"]
    assert (row[1], row[3], row[4], row[6]) == ("Низкая", "15.10.2026", "15.12.2026", "Результаты подтверждены.")


def test_file_without_exclusions_is_only_a_head(published: SchoolList) -> None:
    assert rows(exclusions_workbook(published))[-1][0] == "№ п/п"


@pytest.mark.parametrize("schools", [1, 4])
def test_file_costs_one_query_for_any_number(
    schools: int, coordinator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    territory = make_territory()
    school_list = make_list([make_school(territory=territory, name=f"Школа {each}") for each in range(schools)])
    for number in range(schools):
        exclude(school_list, coordinator, name=f"Школа {number}")
    stored = SchoolList.objects.for_page().get(pk=school_list.pk)

    with django_assert_num_queries(1):
        exclusions_workbook(stored)
