"""The page on which single schools leave a counted draft or come into it."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from schools.actions.lists import approve_list, draft_list
from schools.choices import ListKind
from schools.models import School, SchoolList
from tests.factories.lists import AT, make_near_school, make_quiet_school, make_run
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WHY = "Школа закрывается в этом году."


@pytest.fixture
def draft() -> SchoolList:
    """Return the draft of a risk group of two schools; a third school is not in it."""
    territory = make_territory()
    for name in ("Близкая", "Вторая"):
        make_near_school(territory=territory, name=name)
    make_quiet_school(territory=territory, name="Тихая")
    run = make_run(territory=territory)
    return draft_list(run=run, kind=ListKind.RISK_GROUP, by=make_user(), at=AT)


@pytest.fixture
def browser(sign_in: SignIn, draft: SchoolList) -> Client:
    return sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=draft.territory))


def page(response: object) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]


def text(response: object) -> str:
    return " ".join(page(response).main.get_text(" ").replace("\u00a0", " ").split())  # type: ignore[union-attr]


def post(browser: Client, name: str, draft: SchoolList, school: str, reason: str = WHY) -> object:
    data = {"school": str(School.objects.get(name=school).pk), "reason": reason}
    return browser.post(reverse(f"identification:{name}", args=[draft.pk]), data, follow=True)


def test_school_is_taken_out_by_its_row_and_stays_told(browser: Client, draft: SchoolList) -> None:
    rows = page(browser.get(draft.get_absolute_url())).select("td form textarea[required]")
    assert len(rows) == 2

    response = post(browser, "list_take_out", draft, "Вторая")

    assert f"Вторая — убрана {WHY}" in text(response)
    assert "Как в расчёте" in text(response)
    assert list(draft.items.values_list("school_name", flat=True)) == ["Близкая"]


def test_school_is_found_and_put_in(browser: Client, draft: SchoolList) -> None:
    found = page(browser.get(draft.get_absolute_url(), {"q": "Тих"}))
    assert [radio["type"] for radio in found.select("input[name=school][id^=a-]")] == ["radio"]

    response = post(browser, "list_put_in", draft, "Тихая")

    assert f"Тихая — добавлена {WHY}" in text(response)
    assert "по решению" in text(response)


def test_amendment_is_taken_back(browser: Client, draft: SchoolList) -> None:
    post(browser, "list_take_out", draft, "Вторая")
    url = reverse("identification:list_as_counted", args=[draft.pk, School.objects.get(name="Вторая").pk])

    response = browser.post(url, follow=True)

    assert "Состав по школе снова такой, как в расчёте." in text(response)
    assert draft.items.count() == 2


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param({"reason": ""}, "Напишите причину", id="no reason"),
        pytest.param({"reason": "так надо"}, "не менее 10 знаков", id="short reason"),
        pytest.param({"school": ""}, "Отметьте школу.", id="no school"),
        pytest.param({"school": "x"}, "Такой школы нет.", id="forged school"),
    ],
)
@pytest.mark.parametrize("name", ["list_take_out", "list_put_in"])
def test_wrong_form_says_what_to_do(
    browser: Client, draft: SchoolList, name: str, data: dict[str, str], message: str
) -> None:
    known = {"school": str(School.objects.get(name="Вторая").pk), "reason": WHY}

    response = browser.post(reverse(f"identification:{name}", args=[draft.pk]), {**known, **data})

    assert response.status_code == 422
    assert message in text(response)
    assert draft.items.count() == 2


@pytest.mark.parametrize(
    ("school", "reason", "message"),
    [
        pytest.param("", WHY, "Школа : Отметьте школу.", id="no school"),
        pytest.param("Тихая", "", "Почему : Напишите причину", id="no reason"),
        pytest.param("Тихая", "так", "Почему : Напишите не менее 10 знаков", id="short reason"),
    ],
)
def test_search_choice_and_reason_stay_when_refused(
    browser: Client, draft: SchoolList, school: str, reason: str, message: str
) -> None:
    make_quiet_school(territory=draft.territory, name="Тихая вторая")
    key = str(School.objects.get(name=school).pk) if school else ""
    data = {"q": "Тих", "school": key, "reason": reason}

    response = browser.post(reverse("identification:list_put_in", args=[draft.pk]), data)

    shown = page(response)
    assert message in text(response)
    assert [box["value"] for box in shown.select("input[name=q]:not([type=hidden])")] == ["Тих"]
    found = shown.select("input[type=radio][name=school]")
    assert len(found) == 2
    assert [box["value"] for box in found if box.has_attr("checked")] == ([key] if school else [])
    assert [area.text.strip() for area in shown.select("#amending_reason")] == [reason]
    targets = [str(link["href"])[1:] for link in shown.select("[data-error-summary] a")]
    assert [bool(shown.find(id=target)) for target in targets] == [True]


def test_reason_typed_in_a_row_stays_there_when_refused(browser: Client, draft: SchoolList) -> None:
    response = post(browser, "list_take_out", draft, "Вторая", "так надо")

    shown = page(response)
    opened = shown.select("details.confirm[open]")
    assert len(opened) == 1
    assert "Вторая" in opened[0].text
    assert "не менее 10 знаков" in opened[0].text
    assert [area.text.strip() for area in shown.select("#taking_reason")] == ["так надо"]


def test_reason_stays_when_the_school_is_in_the_list_already(browser: Client, draft: SchoolList) -> None:
    key = str(School.objects.get(name="Вторая").pk)

    response = browser.post(
        reverse("identification:list_put_in", args=[draft.pk]), {"q": "Тих", "school": key, "reason": WHY}
    )

    assert response.status_code == 422
    assert "Школа уже в перечне." in text(response)
    assert WHY in text(response)


def test_approved_list_offers_no_change_and_refuses_one(browser: Client, draft: SchoolList) -> None:
    approve_list(school_list=draft, by=make_user(), at=AT)

    assert not page(browser.get(draft.get_absolute_url())).select("textarea[name=reason]")
    assert "уже не черновик" in text(post(browser, "list_take_out", draft, "Вторая"))


def test_others_change_nothing(draft: SchoolList, sign_in: SignIn) -> None:
    url = reverse("identification:list_take_out", args=[draft.pk])
    observer = sign_in(make_user(role=Role.OBSERVER, territory=draft.territory))
    assert observer.post(url).status_code == 403
    assert not page(observer.get(draft.get_absolute_url())).select("textarea[name=reason]")

    neighbour = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))
    assert neighbour.post(url).status_code == 404
