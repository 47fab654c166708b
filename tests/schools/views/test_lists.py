"""Pages of lists."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import Notice, User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.lists import approve_list
from schools.choices import ListState
from schools.models import IdentificationRun, LegalAct, Membership, School, SchoolList
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.lists import (
    AT,
    include_everyone,
    make_draft,
    make_low_school,
    make_order,
    make_published_list,
    make_run,
)
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
ORDER = {
    "act-kind": "order",
    "act-issuer_genitive": "управления образования",
    "act-date": "2026-10-15",
    "act-number": "418",
    "act-title": "Об утверждении перечня",
}


@pytest.fixture
def run() -> IdentificationRun:
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    return make_run(territory=territory)


@pytest.fixture
def coordinator(run: IdentificationRun) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=run.territory)


@pytest.fixture
def browser(sign_in: SignIn, coordinator: User) -> Client:
    return sign_in(coordinator)


def post(client: Client, name: str, pk: object, data: dict[str, Any] | None = None) -> str:
    """Post a step and return the words of the page that follows."""
    response = client.post(reverse(f"identification:{name}", args=[pk]), data or {}, follow=True)
    text = BeautifulSoup(response.content, "html.parser").get_text(" ").replace(NBSP, " ")
    return " ".join(text.split())


def test_whole_way_from_decisions_to_publication(browser: Client, run: IdentificationRun, coordinator: User) -> None:
    include_everyone(run, coordinator)

    drafted = post(browser, "draft", run.pk)
    school_list = SchoolList.objects.get()
    approved = post(browser, "approve", school_list.pk)
    published = post(browser, "publish", school_list.pk, ORDER)

    assert "Муниципальный перечень ШНОР по результатам 2026 года Черновик" in drafted
    assert "Осталось опубликовать его с приказом" in approved
    assert "Перечень опубликован. Школы видят, почему они в нём." in published
    school_list.refresh_from_db()
    assert (school_list.state, LegalAct.objects.get().date) == (ListState.PUBLISHED, date(2026, 10, 15))


def test_draft_waits_for_decisions(browser: Client, run: IdentificationRun) -> None:
    assert "Сначала примите решение по 1 школе." in post(browser, "draft", run.pk)
    assert not SchoolList.objects.exists()


def test_draft_is_not_found_by_a_role_that_may_not_look_at_the_identification_there(
    run: IdentificationRun, sign_in: SignIn
) -> None:
    draft = make_draft(run)
    curator = make_user(role=Role.CURATOR, territory=run.territory)
    Membership.objects.create(user=curator, role=Role.SCHOOL_ADMIN, school=make_school())
    client = sign_in(curator)

    for name in ("list", "list_download"):
        assert client.get(reverse(f"identification:{name}", args=[draft.pk])).status_code == 404


def test_publication_needs_every_field_of_the_order(browser: Client, run: IdentificationRun, coordinator: User) -> None:
    approved = approve_list(school_list=make_draft(run), by=coordinator, at=AT)

    response = browser.post(
        reverse("identification:publish", args=[approved.pk]),
        {**ORDER, "act-number": "", "act-date": "32.10.2026"},
    )

    text = BeautifulSoup(response.content, "html.parser").get_text(" ")
    assert response.status_code == 422
    assert "Укажите номер документа." in text
    assert "Введите дату в виде ДД.ММ.ГГГГ." in text
    approved.refresh_from_db()
    assert approved.state == ListState.APPROVED


def test_order_of_another_title_is_refused_at_its_field_and_stays_in_the_form(
    browser: Client, run: IdentificationRun, coordinator: User
) -> None:
    approved = approve_list(school_list=make_draft(run), by=coordinator, at=AT)
    make_order(run.territory).save()
    order = {**ORDER, "act-title": "О сети школ"}

    response = browser.post(reverse("identification:publish", args=[approved.pk]), order)

    page = BeautifulSoup(response.content, "html.parser")
    approved.refresh_from_db()
    assert (response.status_code, approved.state) == (422, ListState.APPROVED)
    assert "«Об утверждении перечня школ»" in page.select("#error_1_id_act-title")[0].get_text()
    assert [page.select("[name=act-title]")[0]["value"], page.select("[name=act-number]")[0]["value"]] == [
        "О сети школ",
        "418",
    ]


def test_order_before_the_run_is_asked_about_and_no_obstacle(
    browser: Client,
    run: IdentificationRun,
    coordinator: User,
) -> None:
    approved = approve_list(school_list=make_draft(run), by=coordinator, at=AT)

    early = {**ORDER, "act-date": "2026-10-01"}
    asked = post(browser, "publish", approved.pk, early)
    approved.refresh_from_db()

    assert "Дата 01.10.2026 раньше, чем проведён расчёт (12.10.2026). Исправьте её или отметьте «Дата верна»." in asked
    assert approved.state == ListState.APPROVED
    assert "Перечень опубликован." in post(browser, "publish", approved.pk, {**early, "act-date_is_right": "on"})


def test_order_that_ends_a_list_is_asked_about_when_it_is_older(browser: Client, run: IdentificationRun) -> None:
    published = make_published_list(run)
    early = {**ORDER, "act-date": "2026-10-14", "act-number": "500"}  # the list was approved on the 15th

    assert "раньше, чем утверждён перечень (15.10.2026)" in post(browser, "cancel", published.pk, early)
    published.refresh_from_db()
    assert published.state == ListState.PUBLISHED


def test_order_of_a_day_to_come_is_asked_about_before_anything_is_published(
    browser: Client,
    run: IdentificationRun,
    coordinator: User,
) -> None:
    approved = approve_list(school_list=make_draft(run), by=coordinator, at=AT)
    make_user(role=Role.SCHOOL_ADMIN, school=School.objects.get(name="Низкая"))
    order = {**ORDER, "act-date": "2031-10-15"}

    response = browser.post(reverse("identification:publish", args=[approved.pk]), order)

    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 422
    assert "Дата 15.10.2031 ещё не наступила." in page.get_text()
    assert page.select_one("input[type=checkbox][name=act-date_is_right]")
    approved.refresh_from_db()
    assert (approved.state, LegalAct.objects.filter(number="418").exists()) == (ListState.APPROVED, False)
    assert not Notice.objects.exists()

    assert "Перечень опубликован." in post(browser, "publish", approved.pk, {**order, "act-date_is_right": "on"})
    assert Notice.objects.count() == 1


def test_draft_cannot_be_published(browser: Client, run: IdentificationRun) -> None:
    draft = make_draft(run)

    assert "перевести его в «Опубликован» нельзя" in post(browser, "publish", draft.pk, ORDER)


def test_second_approval_of_an_old_tab_says_that_it_is_done(browser: Client, run: IdentificationRun) -> None:
    draft = make_draft(run)
    post(browser, "approve", draft.pk)

    assert "Перечень уже утверждён." in post(browser, "approve", draft.pk)


def test_approved_list_goes_back(browser: Client, run: IdentificationRun, coordinator: User) -> None:
    approved = approve_list(school_list=make_draft(run), by=coordinator, at=AT)

    assert "Перечень снова черновик" in post(browser, "reopen", approved.pk)


def test_published_list_is_cancelled_by_an_order(browser: Client, run: IdentificationRun) -> None:
    published = make_published_list(run)

    without = browser.post(reverse("identification:cancel", args=[published.pk]))
    text = post(browser, "cancel", published.pk, {**ORDER, "act-number": "500"})

    assert without.status_code == 422
    assert "Отменён приказом от 15.10.2026 № 500" in text
    assert "Опубликован — пройден Отменён — дальше не пойдёт приказом от 15.10.2026 № 500" in text


def test_table_tells_the_order_of_a_list_from_the_one_that_ended_it(browser: Client, run: IdentificationRun) -> None:
    post(browser, "cancel", make_published_list(run).pk, {**ORDER, "act-number": "500"})

    page = BeautifulSoup(browser.get(reverse("identification:runs")).content, "html.parser")

    (cell,) = page.select("td[data-l=Приказ]")
    told = " ".join(cell.get_text(" ").replace(NBSP, " ").split())
    assert told == "от 15.10.2026 № 418 отменён приказом от 15.10.2026 № 500"


def test_draft_is_cancelled_without_an_order(browser: Client, run: IdentificationRun) -> None:
    draft = make_draft(run)

    assert "Перечень отменён." in post(browser, "cancel", draft.pk)


def test_run_leads_to_its_list(browser: Client, run: IdentificationRun) -> None:
    published = make_published_list(run)

    page = BeautifulSoup(browser.get(run.get_absolute_url()).content, "html.parser")

    link = page.select_one(f'a[href="{published.get_absolute_url()}"]')
    assert link is not None
    assert "Перечень: опубликован" in link.get_text()
    assert page.select_one("#dec-form") is None


def test_others_see_nothing_of_a_list(run: IdentificationRun, sign_in: SignIn) -> None:
    published = make_published_list(run)
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    assert client.get(published.get_absolute_url()).status_code == 404
    for name in ("approve", "reopen", "publish", "cancel"):
        assert client.post(reverse(f"identification:{name}", args=[published.pk]), ORDER).status_code == 404
    assert client.post(reverse("identification:draft", args=[run.pk])).status_code == 404


def test_observer_reads_a_list_without_steps(run: IdentificationRun, sign_in: SignIn) -> None:
    draft = make_draft(run)
    client = sign_in(make_user(role=Role.OBSERVER, territory=run.territory))

    text = BeautifulSoup(client.get(draft.get_absolute_url()).content, "html.parser").get_text(" ")

    assert "Низкая" in text
    assert "Утвердить перечень" not in text
    assert client.post(reverse("identification:approve", args=[draft.pk])).status_code == 403


LIST_QUERIES = 9  # a draft asks besides whether it has schools


@pytest.mark.parametrize("schools", [1, 3])
def test_list_has_the_same_queries(
    browser: Client,
    run: IdentificationRun,
    schools: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(schools - 1):
        make_low_school(territory=run.territory)
    draft = make_draft(make_run(territory=run.territory))

    with django_assert_num_queries(LIST_QUERIES):
        browser.get(draft.get_absolute_url())


def test_list_tells_its_reasons_in_words_and_counts_no_notes_among_them(sign_in: SignIn) -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    published = make_published_list(make_run(territory=territory))
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

    page = BeautifulSoup(client.get(published.get_absolute_url()).content, "html.parser")
    (reasons,) = page.select("td details")

    assert reasons.summary
    assert " ".join(reasons.summary.get_text().split()) == f"3{NBSP}причины".replace(NBSP, " ")
    texts = [" ".join(line.get_text().split()) for line in reasons.select("li:not(.mute)")]
    assert texts[0].startswith("ВПР, русский язык, 5 класс, 2026 год: низкий результат у 20 из 40 участников")
    assert "C1:" not in reasons.get_text()


def test_order_stored_meanwhile_under_another_title_is_told_at_its_field(
    browser: Client, run: IdentificationRun, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved = approve_list(school_list=make_draft(run), by=coordinator, at=AT)
    store_meanwhile(monkeypatch, run.territory, ORDER)

    response = browser.post(reverse("identification:publish", args=[approved.pk]), ORDER)

    approved.refresh_from_db()
    assert_told_at_title(response, ORDER["act-title"])
    assert approved.state == ListState.APPROVED


def test_order_of_a_cancellation_stored_meanwhile_is_told_at_its_field(
    browser: Client, run: IdentificationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    published, order = make_published_list(run), {**ORDER, "act-number": "500"}
    store_meanwhile(monkeypatch, run.territory, order)

    response = browser.post(reverse("identification:cancel", args=[published.pk]), order)

    published.refresh_from_db()
    assert_told_at_title(response, ORDER["act-title"])
    assert published.state == ListState.PUBLISHED
