"""A published list holds, whichever way one tries to change it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.permissions import Permission, Role
from schools.actions.lists import approve_list, publish_list
from schools.choices import ListState
from schools.errors import FrozenRow
from schools.models import Membership, SchoolList, SchoolListItem
from tests.factories.lists import AT, make_draft, make_low_school, make_order, make_published_list, make_run
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> SchoolList:
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    return make_published_list(make_run(territory=territory))


def save_with_another_year(published: SchoolList) -> None:
    published.year = 2030
    published.save()


def save_as_a_draft(published: SchoolList) -> None:
    published.state = ListState.DRAFT
    published.save()


def cancel_and_change(published: SchoolList) -> None:
    published.state = ListState.CANCELLED
    published.year = 2030
    published.save()


def delete(published: SchoolList) -> None:
    published.delete()


def update_in_bulk(published: SchoolList) -> None:
    SchoolList.objects.filter(pk=published.pk).update(year=2030)


def delete_in_bulk(published: SchoolList) -> None:
    SchoolList.objects.filter(pk=published.pk).delete()


def rename_an_item(published: SchoolList) -> None:
    item = published.items.get()
    item.school_name = "Другая"
    item.save()


def delete_an_item(published: SchoolList) -> None:
    published.items.get().delete()


def update_items_in_bulk(published: SchoolList) -> None:
    published.items.update(school_name="Другая")


def delete_items_in_bulk(published: SchoolList) -> None:
    published.items.all().delete()


def add_an_item(published: SchoolList) -> None:
    SchoolListItem.objects.create(school_list=published, school=make_school(), school_name="Новая")


def add_items_in_bulk(published: SchoolList) -> None:
    SchoolListItem.objects.bulk_create(
        [SchoolListItem(school_list=published, school=make_school(), school_name="Новая")],
    )


@pytest.mark.parametrize(
    "change",
    [
        save_with_another_year,
        save_as_a_draft,
        cancel_and_change,
        delete,
        update_in_bulk,
        delete_in_bulk,
        rename_an_item,
        delete_an_item,
        update_items_in_bulk,
        delete_items_in_bulk,
        add_an_item,
        add_items_in_bulk,
    ],
)
def test_published_list_refuses_to_change(published: SchoolList, change: Callable[[SchoolList], None]) -> None:
    with pytest.raises(FrozenRow, match="Отмените его приказом"):
        change(SchoolList.objects.get(pk=published.pk))

    stored = SchoolList.objects.get(pk=published.pk)
    assert (stored.state, stored.year) == (ListState.PUBLISHED, 2026)
    assert [item.school_name for item in stored.items.all()] == ["Низкая"]


def test_change_behind_the_models_back_is_noticed(published: SchoolList) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE schools_schoollistitem SET school_name = 'Другая'")

    assert published.is_intact() is False


def test_draft_can_change() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    draft = make_draft(make_run(territory=territory))

    draft.items.update(note="Проверено")
    draft.items.get().delete()
    draft.delete()

    assert not SchoolList.objects.exists()


def test_drafts_can_change_in_bulk() -> None:
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    draft = make_draft(make_run(territory=territory))

    SchoolList.objects.filter(pk=draft.pk).update(year=2027)

    assert str(draft.items.get()) == "Низкая"
    assert SchoolList.objects.get().year == 2027
    SchoolList.objects.all().delete()
    assert not SchoolList.objects.exists()


def test_draft_has_nothing_to_be_broken() -> None:
    territory = make_territory()
    make_low_school(territory=territory)

    assert make_draft(make_run(territory=territory)).is_intact()


@pytest.mark.parametrize(
    "assignment",
    [
        pytest.param("basis_document_id = NULL", id="published without an order"),
        pytest.param("published_at = NULL", id="published never"),
        pytest.param("content_hash = ''", id="published without a seal"),
        pytest.param("approved_by_id = NULL", id="approved by nobody"),
        pytest.param("cancelled_at = published_at", id="cancelled by nobody"),
    ],
)
def test_database_refuses_a_list_that_is_not_complete(published: SchoolList, assignment: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE schools_schoollist SET {assignment}")


def test_database_refuses_a_second_published_list(published: SchoolList) -> None:
    second = SchoolList(
        kind=published.kind,
        year=published.year,
        territory=published.territory,
        state=ListState.PUBLISHED,
        basis_document=published.basis_document,
        content_hash="x",
        created_by=published.created_by,
        created_at=AT,
        published_by=published.created_by,
        published_at=AT,
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_database_refuses_a_school_twice_in_a_list() -> None:
    territory = make_territory()
    school = make_low_school(territory=territory)
    draft = make_draft(make_run(territory=territory))

    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolListItem.objects.create(school_list=draft, school=school, school_name="Ещё раз")


def test_items_of_a_school_are_seen_by_it_after_publication() -> None:
    territory = make_territory()
    own = make_low_school(territory=territory)
    make_low_school(territory=territory)
    director = make_user(role=Role.SCHOOL_ADMIN, school=own)
    run = make_run(territory=territory)
    make_draft(run)
    before = list(SchoolListItem.objects.visible_to(director))

    make_published_list(run)

    assert before == []
    assert [item.school for item in SchoolListItem.objects.visible_to(director).published()] == [own]


def test_role_without_identification_sees_no_draft_by_another_role_elsewhere() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    draft = make_draft(make_run(territory=territory))
    person = make_user(role=Role.CURATOR, territory=territory)
    Membership.objects.create(user=person, role=Role.SCHOOL_ADMIN, school=make_school())

    assert person.may(Permission.VIEW_IDENTIFICATION)
    assert not SchoolList.objects.visible_to(person).exists()
    assert not SchoolListItem.objects.visible_to(person).exists()

    approved = approve_list(school_list=draft, by=person, at=AT)
    publish_list(school_list=approved, order=make_order(territory), by=person, at=AT)
    assert SchoolListItem.objects.visible_to(person).get().school_list_id == draft.pk


def test_lists_are_seen_in_their_territory(published: SchoolList) -> None:
    own = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=published.territory)
    neighbour = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())

    assert list(SchoolList.objects.visible_to(own)) == [published]
    assert list(SchoolList.objects.visible_to(neighbour)) == []
