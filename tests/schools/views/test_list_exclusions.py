"""Pages on which a school leaves a published list."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from schools.actions.list_exclusions import exclude_from_list
from schools.models import ListExclusion, School, SchoolList
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.lists import AT, make_draft, make_list, make_low_school, make_order, make_published_list, make_run
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FORM = {
    "excluded_on": "2026-11-10",
    "note": "Результаты подтверждены",
    "act-kind": "order",
    "act-issuer_genitive": "управления образования",
    "act-date": "2026-11-09",
    "act-number": "901",
    "act-title": "Об исключении из перечня",
}


@pytest.fixture
def school() -> School:
    return make_low_school(territory=make_territory(), name="Низкая")


@pytest.fixture
def published(school: School) -> SchoolList:
    return make_published_list(make_run(territory=school.territory))


@pytest.fixture
def browser(sign_in: SignIn, school: School) -> Client:
    return sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory))


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of the list is of October 2026; a day of exclusion lies between it and today."""
    monkeypatch.setattr("schools.views.list_exclusions.timezone.now", lambda: AT.replace(month=11, day=20))


def url_of(school_list: SchoolList, school: School) -> str:
    return reverse("identification:exclude", args=[school_list.pk, school.pk])


def words(response: object, selector: str = "main") -> str:
    page = BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]
    found = " ".join(each.get_text(" ") for each in page.select(selector))
    return " ".join(found.replace("\u00a0", " ").split())


def test_school_leaves_by_the_form(browser: Client, published: SchoolList, school: School) -> None:
    link = f'href="{url_of(published, school)}"'
    assert link in browser.get(published.get_absolute_url()).content.decode()
    before = browser.get(reverse("identification:list_download", args=[published.pk])).content

    form = browser.get(url_of(published, school))
    response = browser.post(url_of(published, school), FORM, follow=True)

    text = words(response)
    assert "Опубликованный перечень и его файл не изменятся" in words(form)
    assert "Исключены после публикации сейчас исключено: 1 школа" in text
    assert "Низкая — исключена с 10.11.2026, была в перечне с 15.10.2026" in text
    assert "№ 901" in text
    assert "Результаты подтверждены" in text
    assert link not in response.content.decode()
    assert browser.get(reverse("identification:list_download", args=[published.pk])).content == before


def test_page_and_file_of_those_who_left(browser: Client, published: SchoolList, school: School) -> None:
    browser.post(url_of(published, school), FORM)

    response = browser.get(reverse("identification:exclusions_download", args=[published.pk]))

    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert "Исключения, Муниципальный перечень ШНОР 2026.xlsx" in unquote(response["Content-Disposition"])
    assert [cell.value for cell in list(sheet.iter_rows())[-1]][1:5:3] == ["Низкая", "10.11.2026"]


def test_school_reads_it_on_its_page(browser: Client, published: SchoolList, school: School, sign_in: SignIn) -> None:
    browser.post(url_of(published, school), FORM)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))

    assert "Исключена с 10.11.2026: приказ управления образования" in words(client.get(school.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"excluded_on": ""}, "Укажите дату исключения.", id="no day"),
        pytest.param({"excluded_on": "32.11.2026"}, "Введите дату в виде ДД.ММ.ГГГГ.", id="no such day"),
        pytest.param({"excluded_on": "2026-10-01"}, "исключить школу раньше нельзя", id="before the list"),
        pytest.param({"excluded_on": "2027-01-01"}, "Дата исключения ещё не наступила", id="to come"),
        pytest.param({"act-number": ""}, "Укажите номер документа.", id="no number"),
        pytest.param({"act-date": "0001-01-01"}, "Укажите год от 1990", id="year of an order"),
        pytest.param({"note": "б" * 1001}, "не больше 1000 знаков", id="long note"),
        pytest.param({"note": "а\x00б"}, "", id="zero character"),
        pytest.param({"excluded_on": "9" * 400}, "Введите дату", id="nonsense"),
    ],
)
def test_wrong_form_says_what_is_wrong_and_stores_nothing(
    browser: Client, published: SchoolList, school: School, changes: dict[str, str], message: str
) -> None:
    response = browser.post(url_of(published, school), {**FORM, **changes})

    assert response.status_code == 422
    assert message in words(response)
    assert not ListExclusion.objects.exists()


def test_order_later_than_the_exclusion_is_asked_about_and_no_obstacle(
    browser: Client, published: SchoolList, school: School
) -> None:
    late = {**FORM, "act-date": "2026-11-15"}

    asked = browser.post(url_of(published, school), late)

    assert asked.status_code == 422
    assert "Дата 15.11.2026 позже, чем исключена школа (10.11.2026)." in words(asked)
    assert not ListExclusion.objects.exists()
    browser.post(url_of(published, school), {**late, "act-date_is_right": "on"})
    assert ListExclusion.objects.get().basis_document.date == date(2026, 11, 15)


def test_what_is_not_in_a_published_list_has_no_form(browser: Client, published: SchoolList, school: School) -> None:
    draft_of = make_low_school(territory=school.territory)
    draft = make_list([draft_of], state="draft", year=2025)  # type: ignore[arg-type]
    never_listed = make_school(territory=school.territory)
    browser.post(url_of(published, school), FORM)

    for url in (url_of(draft, draft_of), url_of(published, never_listed)):
        assert browser.get(url).status_code == 404
        assert browser.post(url, FORM).status_code == 404
    for page in (
        browser.get(url_of(published, school), follow=True),
        browser.post(url_of(published, school), FORM, follow=True),
    ):
        assert page.request["PATH_INFO"] == published.get_absolute_url()
        assert "Школа уже исключена из этого перечня приказом." in page.content.decode()
    assert ListExclusion.objects.count() == 1


def test_others_exclude_nobody(published: SchoolList, school: School, sign_in: SignIn) -> None:
    neighbour = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))
    assert neighbour.post(url_of(published, school), FORM).status_code == 404
    assert neighbour.get(reverse("identification:exclusions_download", args=[published.pk])).status_code == 404

    observer = sign_in(make_user(role=Role.OBSERVER, territory=school.territory))
    assert observer.post(url_of(published, school), FORM).status_code == 403
    assert url_of(published, school) not in observer.get(published.get_absolute_url()).content.decode()
    assert not ListExclusion.objects.exists()


def test_draft_offers_no_exclusion(browser: Client, school: School) -> None:
    draft = make_draft(make_run(territory=school.territory))

    assert "Исключить приказом" not in words(browser.get(draft.get_absolute_url()))


@pytest.mark.parametrize("schools", [1, 4])
def test_page_with_exclusions_takes_the_same_queries(
    browser: Client, school: School, schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listed = [make_school(territory=school.territory) for _ in range(schools)]
    school_list, person = make_list(listed), make_user()
    for item in school_list.items.all():
        exclude_from_list(
            item=item,
            excluded_on=date(2026, 11, 1),
            order=make_order(school.territory, "901"),
            by=person,
            at=AT.replace(month=11, day=20),
        )

    with django_assert_num_queries(8):
        browser.get(school_list.get_absolute_url())


# Coming back

ANNULMENT = {
    **{name: value for name, value in FORM.items() if name != "excluded_on"},
    "annulled_on": "2026-11-15",
    "act-number": "950",
    "note": "Приказ об исключении отменён",
}


def test_document_later_than_the_annulment_is_asked_about(
    browser: Client, published: SchoolList, school: School
) -> None:
    browser.post(url_of(published, school), FORM)

    asked = browser.post(annul_url(published, school), {**ANNULMENT, "act-date": "2026-11-18"})

    assert asked.status_code == 422
    assert "Дата 18.11.2026 позже, чем отменено исключение (15.11.2026)." in words(asked)


def annul_url(school_list: SchoolList, school: School) -> str:
    return reverse("identification:exclusion_annul", args=[school_list.pk, school.pk])


def test_school_comes_back_by_the_form_and_both_acts_are_shown(
    browser: Client, published: SchoolList, school: School, sign_in: SignIn
) -> None:
    browser.post(url_of(published, school), FORM)
    link = f'href="{annul_url(published, school)}"'
    assert link in browser.get(published.get_absolute_url()).content.decode()

    form = browser.get(annul_url(published, school))
    response = browser.post(annul_url(published, school), ANNULMENT, follow=True)

    text = words(response)
    assert "Исключение не удаляется" in words(form)
    assert "Исключены после публикации сейчас исключено: 0 школ" in text
    assert "Низкая — исключена с 10.11.2026" in text
    assert "Исключение отменено с 15.11.2026, школа снова в перечне" in text
    assert "№ 950" in text
    assert f'href="{url_of(published, school)}"' in response.content.decode()
    director = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))
    assert "Исключение отменено с 15.11.2026: приказ" in words(director.get(school.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"annulled_on": ""}, "Укажите дату отмены.", id="no day"),
        pytest.param({"annulled_on": "2026-11-01"}, "отменить исключение раньше нельзя", id="before it"),
        pytest.param({"annulled_on": "2027-01-01"}, "Дата отмены ещё не наступила", id="to come"),
        pytest.param({"note": ""}, "Напишите, почему исключение отменено.", id="no reason"),
        pytest.param({"act-number": ""}, "Укажите номер документа.", id="no number"),
    ],
)
def test_wrong_annulment_is_told_and_what_was_typed_stays(
    browser: Client, published: SchoolList, school: School, changes: dict[str, str], message: str
) -> None:
    browser.post(url_of(published, school), FORM)

    response = browser.post(annul_url(published, school), {**ANNULMENT, **changes})

    assert response.status_code == 422
    assert message in words(response)
    assert "Об исключении из перечня" in response.content.decode()
    assert not ListExclusion.objects.get().is_annulled


def test_school_that_has_not_left_has_no_annulment(
    browser: Client, published: SchoolList, school: School, sign_in: SignIn
) -> None:
    page = browser.get(annul_url(published, school), follow=True)
    assert "исключения, которое можно отменить, нет" in page.content.decode()
    browser.post(url_of(published, school), FORM)
    director = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))
    assert director.post(annul_url(published, school), ANNULMENT).status_code == 403
    neighbour = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))
    assert neighbour.post(annul_url(published, school), ANNULMENT).status_code == 404


def test_order_stored_meanwhile_under_another_title_is_told_at_its_field(
    browser: Client, published: SchoolList, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_meanwhile(monkeypatch, school.territory, FORM)

    response = browser.post(url_of(published, school), FORM)

    assert_told_at_title(response, FORM["act-title"])
    assert "Результаты подтверждены" in response.content.decode()
    assert not ListExclusion.objects.exists()


def test_document_of_an_annulment_stored_meanwhile_is_told_at_its_field(
    browser: Client, published: SchoolList, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post(url_of(published, school), FORM)
    store_meanwhile(monkeypatch, school.territory, ANNULMENT)

    response = browser.post(annul_url(published, school), ANNULMENT)

    assert_told_at_title(response, ANNULMENT["act-title"])
    assert ListExclusion.objects.get().annulled_on is None
