"""An exclusion is annulled by a document: the school is in the list again, and nothing is forgotten."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.list_exclusions import annul_exclusion, exclude_from_list
from schools.actions.lists import cancel_list
from schools.errors import ExclusionRefused, FrozenRow
from schools.exclusion_file import exclusions_workbook
from schools.list_file import list_workbook
from schools.models import ListExclusion, SchoolList, SchoolListItem
from tests.factories.lists import AT, make_low_school, make_order, make_published_list, make_run
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db

LATER = AT.replace(month=12, day=20)
GONE, BACK = date(2026, 12, 1), date(2026, 12, 15)


@pytest.fixture
def coordinator() -> User:
    return make_user()


@pytest.fixture
def item(coordinator: User) -> SchoolListItem:
    """Return the only school of a published list, excluded since 1 December."""
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    found: SchoolListItem = make_published_list(make_run(territory=territory), coordinator).items.get()
    exclude(found, coordinator)
    return found


def exclude(item: SchoolListItem, by: User, day: date = GONE) -> ListExclusion:
    order = make_order(item.school_list.territory, "901")
    return exclude_from_list(item=item, excluded_on=day, order=order, by=by, at=LATER)


def annul(item: SchoolListItem, by: User, **changes: Any) -> ListExclusion:
    defaults: dict[str, Any] = {
        "annulled_on": BACK,
        "order": make_order(item.school_list.territory, "950"),
        "note": "Приказ об исключении отменён.",
        "at": LATER,
    }
    return annul_exclusion(item=item, by=by, **{**defaults, **changes})


def test_school_is_in_the_list_again_and_both_acts_stay(item: SchoolListItem, coordinator: User) -> None:
    exclusion = annul(item, coordinator)

    assert SchoolListItem.objects.get(pk=item.pk).left is None
    stored = ListExclusion.objects.get()
    assert (stored.excluded_on, stored.basis_document.number) == (GONE, "901")
    assert (stored.annulled_on, stored.annulled_by, stored.annulled_at) == (BACK, coordinator, LATER)
    assert exclusion.annul_document is not None
    assert exclusion.annul_document.number == "950"


def test_published_file_and_its_seal_do_not_notice(item: SchoolListItem, coordinator: User) -> None:
    lists = SchoolList.objects.for_page()
    before = list_workbook(lists.get())

    annul(item, coordinator)

    assert list_workbook(lists.get()) == before
    assert lists.get().is_intact()


def test_annulment_leaves_an_event_and_tells_the_school(item: SchoolListItem, coordinator: User) -> None:
    director = make_user(role=Role.SCHOOL_ADMIN, school=item.school)

    exclusion = annul(item, coordinator)

    event = AuditEvent.objects.filter(code=AuditCode.LIST_ITEMS_CHANGED).order_by("-pk")[0]
    assert event.meta["exclusion_annulled"] == str(item.school_id)
    assert event.meta["annulled_on"] == "2026-12-15"
    assert event.meta["order"] == str(exclusion.annul_document_id)
    notice = director.notices.get()
    assert notice.title.startswith("Низкая: снова в перечне «Муниципальный перечень ШНОР")
    assert notice.text.replace(NBSP, " ").startswith("Исключение отменено с 15.12.2026. Основание: приказ")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param({"note": " "}, "note", "почему исключение отменено", id="no reason"),
        pytest.param({"annulled_on": date(2026, 11, 30)}, "annulled_on", r"с 01\.12\.2026", id="before it"),
        pytest.param({"annulled_on": date(2026, 12, 21)}, "annulled_on", "ещё не наступила", id="tomorrow"),
    ],
)
def test_annulment_that_cannot_be_is_refused_at_its_field(
    item: SchoolListItem, coordinator: User, changes: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ExclusionRefused, match=words) as refused:
        annul(item, coordinator, **changes)

    assert refused.value.field == field
    assert not ListExclusion.objects.get().is_annulled


def test_day_of_the_exclusion_itself_is_allowed(item: SchoolListItem, coordinator: User) -> None:
    assert annul(item, coordinator, annulled_on=GONE).annulled_on == GONE


def test_nothing_is_annulled_twice(item: SchoolListItem, coordinator: User) -> None:
    annul(item, coordinator)

    with pytest.raises(ExclusionRefused, match="отменять нечего"):
        annul(item, coordinator)


def test_school_may_leave_again_afterwards(item: SchoolListItem, coordinator: User) -> None:
    annul(item, coordinator)

    again = exclude(item, coordinator, day=date(2026, 12, 18))

    assert SchoolListItem.objects.get(pk=item.pk).left == again
    assert ListExclusion.objects.count() == 2


def test_cancelled_list_has_nothing_to_annul(item: SchoolListItem, coordinator: User) -> None:
    order = make_order(item.school_list.territory, "500")
    cancel_list(school_list=item.school_list, order=order, by=coordinator, at=LATER)

    with pytest.raises(ExclusionRefused, match="только в опубликованном"):
        annul(item, coordinator)


def change_reason(exclusion: ListExclusion) -> None:
    exclusion.annul_note = "Другое"
    exclusion.save()


def change_day_too(exclusion: ListExclusion) -> None:
    exclusion.annulled_at, exclusion.excluded_on = LATER, BACK
    exclusion.save()


def test_annulment_is_written_once(item: SchoolListItem, coordinator: User) -> None:
    annulled = annul(item, coordinator)

    with pytest.raises(FrozenRow, match="не меняется"):
        change_reason(annulled)


def test_annulment_changes_nothing_of_the_exclusion(item: SchoolListItem) -> None:
    with pytest.raises(FrozenRow, match="не меняется"):
        change_day_too(item.exclusions.get())


def test_database_keeps_one_exclusion_in_force(item: SchoolListItem, coordinator: User) -> None:
    known = item.exclusions.get()
    twin = ListExclusion(
        item=item, excluded_on=GONE, basis_document=known.basis_document, recorded_by=coordinator, recorded_at=LATER
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_database_wants_the_document_of_an_annulment(item: SchoolListItem) -> None:
    exclusion = item.exclusions.get()
    exclusion.annulled_at = LATER

    with pytest.raises(IntegrityError, match="list_exclusion_annulled_by_document"), transaction.atomic():
        exclusion.save()


def test_file_tells_who_came_back(item: SchoolListItem, coordinator: User) -> None:
    annul(item, coordinator)

    sheet = load_workbook(BytesIO(exclusions_workbook(item.school_list))).active
    assert sheet is not None
    *_, head, row = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head[7:] == ["Исключение отменено с", "Документ об отмене", "Почему отменено"]
    assert (row[4], row[7], row[9]) == ("01.12.2026", "15.12.2026", "Приказ об исключении отменён.")
