"""Lists that come from a document."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from accounts.models import AuditEvent, User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.lists import approve_list
from schools.choices import ListKind, ListState
from schools.models import School, SchoolList, Territory
from tests.factories.lists import AT, make_draft, make_list, make_low_school, make_run
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
CREATE = reverse("identification:list_create")
ORDER = {
    "act-kind": "order",
    "act-issuer_genitive": "Рособрнадзора",
    "act-date": "2026-10-15",
    "act-number": "1200",
    "act-title": "О перечне",
}


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


@pytest.fixture
def browser(sign_in: SignIn, coordinator: User) -> Client:
    return sign_in(coordinator)


@pytest.fixture
def draft(territory: Territory, coordinator: User) -> SchoolList:
    return SchoolList.objects.create(
        kind=ListKind.FEDERAL, year=2026, territory=territory, created_by=coordinator, created_at=AT
    )


def words(response: Any) -> str:
    text = BeautifulSoup(response.content, "html.parser").get_text(" ").replace(NBSP, " ")
    return " ".join(text.split())


def put(client: Client, school_list: SchoolList, **data: Any) -> str:
    return words(client.post(reverse("identification:list_add", args=[school_list.pk]), data, follow=True))


def names(school_list: SchoolList) -> list[str]:
    return [item.school_name for item in school_list.items.order_by("school_name")]


def book_of(*rows: list[object]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("spisok.xlsx", stream.getvalue())


@pytest.mark.parametrize("kind", ListKind.values)
def test_list_of_every_kind_goes_from_its_draft_to_its_order(browser: Client, territory: Territory, kind: str) -> None:
    make_school(territory=territory, name="МБОУ «СОШ № 5»")
    browser.post(CREATE, {"kind": kind, "year": "2026", "territory": str(territory.pk)})
    school_list = SchoolList.objects.get()

    put(browser, school_list, pasted="МБОУ «СОШ № 5»", note="по письму")
    for step, data in (("approve", {}), ("publish", ORDER)):
        browser.post(reverse(f"identification:{step}", args=[school_list.pk]), data)

    school_list.refresh_from_db()
    assert (school_list.kind, school_list.state) == (kind, ListState.PUBLISHED)
    assert str(school_list.basis_document).endswith("от 15.10.2026 №\u00a01200")
    assert school_list.is_intact()


def test_schools_are_ticked_in_the_search(browser: Client, draft: SchoolList) -> None:
    school = make_school(territory=draft.territory, name="МБОУ «Ключевская СОШ»")
    page = BeautifulSoup(browser.get(draft.get_absolute_url(), {"q": "ключевская"}).content, "html.parser")

    assert page.select(f'input[name=school][value="{school.pk}"]')
    put(browser, draft, school=[str(school.pk), "forged", str(uuid4())])

    assert names(draft) == ["МБОУ «Ключевская СОШ»"]


def test_pasted_schools_go_in_and_unknown_ones_stay_in_the_form(browser: Client, draft: SchoolList) -> None:
    first = make_school(territory=draft.territory, name="Первая")
    make_school(territory=draft.territory, name="Вторая")

    url = reverse("identification:list_add", args=[draft.pk])
    pasted = f"Школа\tИНН\n{first.inn}\nНеизвестная школа\nВторая\nЕщё одна\t7700000000"
    response = browser.post(url, {"pasted": pasted, "note": "по письму"})

    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 422
    assert names(draft) == ["Вторая", "Первая"]
    assert "Добавлено: 2 школы." in words(response)
    assert "Не найдены на территории перечня: 2 строки. Проверьте ИНН или найдите школы поиском." in words(response)
    assert page.select_one("textarea[name=pasted]").text.split("\n")[-2:] == [  # type: ignore[union-attr]
        "Неизвестная школа",
        "Ещё одна\t7700000000",
    ]
    assert page.select_one("input[name=note]")["value"] == "по письму"  # type: ignore[index]


def test_empty_form_says_what_to_do_and_keeps_the_note(browser: Client, draft: SchoolList) -> None:
    response = browser.post(reverse("identification:list_add", args=[draft.pk]), {"note": "по письму № 5"})

    assert response.status_code == 422
    assert "Отметьте школы в поиске, вставьте их или выберите книгу." in words(response)
    assert "Добавлено" not in words(response)
    assert 'value="по письму № 5"' in response.content.decode()


def test_school_that_is_in_the_list_already_is_said(browser: Client, draft: SchoolList) -> None:
    make_school(territory=draft.territory, name="Первая")
    put(browser, draft, pasted="Первая")

    text = put(browser, draft, pasted="Первая")

    assert "Не добавлено: 1 школа. Они уже в перечне или не на его территории." in text
    assert "Добавлено: 0" not in text


def test_note_without_end_is_refused_at_its_field(browser: Client, draft: SchoolList) -> None:
    make_school(territory=draft.territory, name="Первая")

    text = put(browser, draft, pasted="Первая", note="я" * 501)

    assert "Слишком длинно: не больше 500 знаков." in text
    assert names(draft) == []


def test_unknown_rows_of_a_book_are_told_by_number_and_first_letters(browser: Client, draft: SchoolList) -> None:
    make_school(territory=draft.territory, name="Первая")
    book = book_of(["Школа"], ["Первая"], ["Секретарёв Пётр"], ["Ложная школа"])

    text = put(browser, draft, file=book)

    assert "Не найдены на территории перечня строки книги: 3 («Се…»), 4 («Ло…»)." in text
    assert "Секретарёв" not in text
    assert names(draft) == ["Первая"]


def test_book_of_pupils_is_refused_and_nothing_of_it_is_shown(browser: Client, draft: SchoolList) -> None:
    school = make_school(territory=draft.territory, name="Первая")
    book = book_of(["Фамилия", "Имя", "Школа", "ИНН"], ["Иванов", "Пётр", "Первая", school.inn])

    response = browser.post(reverse("identification:list_add", args=[draft.pk]), {"file": book})

    assert response.status_code == 422
    assert "файл не сохранён" in words(response)
    assert "Иванов" not in response.content.decode()
    assert names(draft) == []


@pytest.mark.parametrize("kind", [ListKind.MENTOR_SCHOOLS, ListKind.FEDERAL])
def test_list_from_a_document_promises_no_explanation(
    browser: Client, territory: Territory, coordinator: User, kind: ListKind
) -> None:
    school_list = SchoolList.objects.create(
        kind=kind, year=2026, territory=territory, created_by=coordinator, created_at=AT
    )
    assert "Добавьте школы по документу." in words(browser.get(school_list.get_absolute_url()))
    make_school(territory=territory, name="Первая")
    put(browser, school_list, pasted="Первая")

    approved = words(browser.post(reverse("identification:approve", args=[school_list.pk]), follow=True))
    published = words(browser.post(reverse("identification:publish", args=[school_list.pk]), ORDER, follow=True))

    assert "школы увидят, что они в перечне" in approved
    assert "Перечень опубликован. Школы видят, что они в нём." in published


def test_workbook_is_read(browser: Client, draft: SchoolList) -> None:
    school = make_school(territory=draft.territory, name="Первая")

    put(browser, draft, file=book_of(["№", "Школа", "ИНН"], [1, "как-то иначе", school.inn]))

    assert names(draft) == ["Первая"]


def test_file_that_is_no_workbook_is_refused(browser: Client, draft: SchoolList) -> None:
    text = put(browser, draft, file=SimpleUploadedFile("spisok.xlsx", b"not a book"))

    assert names(draft) == []
    assert "Добавлено" not in text


def test_school_of_another_territory_does_not_get_in(browser: Client, draft: SchoolList) -> None:
    put(browser, draft, school=[str(make_school().pk)])

    assert names(draft) == []


def test_school_is_taken_out_and_put_in_once(browser: Client, draft: SchoolList) -> None:
    school = make_school(territory=draft.territory, name="Первая")
    put(browser, draft, pasted="Первая")
    put(browser, draft, pasted="Первая")
    assert names(draft) == ["Первая"]

    browser.post(reverse("identification:list_remove", args=[draft.pk, school.pk]))

    assert names(draft) == []
    changes = AuditEvent.objects.filter(code="DATA-05.10").order_by("pk")
    assert [event.meta for event in changes] == [{"added": 1}, {"removed": 1}]


def test_empty_list_cannot_be_approved_and_says_what_it_lacks(browser: Client, draft: SchoolList) -> None:
    text = words(browser.post(reverse("identification:approve", args=[draft.pk]), follow=True))

    assert "В перечне нет школ. Добавьте их, затем утвердите перечень." in text
    assert "Чтобы перечень вступил в силу: Добавьте школы: в перечне пока никого нет." in text


def test_list_of_a_run_is_changed_by_decisions_only(browser: Client, territory: Territory) -> None:
    low = make_low_school(territory=territory, name="Низкая")
    school_list = make_draft(make_run(territory=territory))

    text = put(browser, school_list, school=[str(make_school(territory=territory).pk)])
    browser.post(reverse("identification:list_remove", args=[school_list.pk, low.pk]))

    assert "следует из расчёта и решений" in text
    assert names(school_list) == ["Низкая"]


def test_approved_and_published_lists_are_closed(browser: Client, draft: SchoolList, coordinator: User) -> None:
    school = make_school(territory=draft.territory, name="Первая")
    put(browser, draft, pasted="Первая")
    approve_list(school_list=draft, by=coordinator, at=AT)

    text = put(browser, draft, school=[str(make_school(territory=draft.territory).pk)])

    assert "состав не меняется" in text
    assert names(draft) == ["Первая"]
    published = make_list([school], kind=ListKind.MENTOR_SCHOOLS)
    assert "состав не меняется" in put(browser, published, pasted="Первая")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"kind": "secret"}, "Выберите вид из предложенных.", id="kind"),
        pytest.param({"year": "12"}, "Введите год от 2015 до ", id="year long ago"),
        pytest.param({"year": "2100"}, "Введите год от 2015 до ", id="year far away"),
        pytest.param({"year": "двадцать"}, "Введите год четырьмя цифрами.", id="no year"),
        pytest.param({"territory": str(uuid4())}, "Выберите территорию из списка.", id="territory"),
    ],
)
def test_wrong_list_is_refused_in_place(
    browser: Client, territory: Territory, changes: dict[str, str], message: str
) -> None:
    response = browser.post(CREATE, {"kind": "federal", "year": "2026", "territory": str(territory.pk), **changes})

    assert response.status_code == 422
    assert message in words(response)
    assert not SchoolList.objects.exists()


def test_others_cannot_touch_a_list(draft: SchoolList, sign_in: SignIn) -> None:
    school = make_school(territory=draft.territory)
    neighbour = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    assert neighbour.post(reverse("identification:list_add", args=[draft.pk]), {}).status_code == 404
    assert neighbour.post(reverse("identification:list_remove", args=[draft.pk, school.pk])).status_code == 404
    observer = sign_in(make_user(role=Role.OBSERVER, territory=draft.territory))
    assert observer.post(reverse("identification:list_add", args=[draft.pk]), {}).status_code == 403
    assert "Добавить школы" not in words(observer.get(draft.get_absolute_url()))
    assert School.objects.count() == 1
