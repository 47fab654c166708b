"""The acts of the registry as pages: who opens them, what they ask, what they say before and after."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from schools.choices import SchoolStatus
from schools.forms_registry import ACTS
from schools.models import LegalAct, School, SchoolPeriod, SchoolSuccession
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.lists import make_list
from tests.factories.registry import NEW, OLD, SEPTEMBER, make_keeper
from tests.factories.schools import make_inn, make_school, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ORDER = {"act-kind": "order", "act-number": "77", "act-date": "2026-06-20", "act-issuer_genitive": "администрации"}


@pytest.fixture(autouse=True)
def _in_november() -> object:
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def school() -> School:
    return make_school(name=OLD, gia_code="001005")


@pytest.fixture
def keeper(school: School, sign_in: SignIn) -> Client:
    return sign_in(make_keeper(school))


def url(school: School, act: str) -> str:
    return reverse("schools:change", args=[school.pk, act])


def details(school: School, **changes: str) -> dict[str, str]:
    """Return what a person sends who changed some fields of the form and gave no document."""
    known = {name: getattr(school, name) for name in ("name", "full_name", "kind", "login", "gia_code")}
    untouched = {"act-kind": "order", "act-issuer_genitive": school.territory.authority_genitive}
    return {**known, "on": "2026-09-01", **untouched, **changes}


def words(response: object) -> str:
    page = BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]  # a response
    return " ".join(page.select_one("main").get_text(" ", strip=True).replace("\u00a0", " ").split())  # type: ignore[union-attr]


def names(school: School) -> list[str]:
    return list(SchoolPeriod.objects.filter(school=school).oldest_first().values_list("name", flat=True))


# Who


@pytest.mark.parametrize("act", list(ACTS))
def test_keeper_opens_every_act(act: str, school: School, keeper: Client) -> None:
    response = keeper.get(url(school, act))

    assert response.status_code == 200
    assert ACTS[act].title in words(response)


@pytest.mark.parametrize("act", list(ACTS))
def test_foreign_school_is_not_found(act: str, keeper: Client) -> None:
    foreign = make_school()

    assert keeper.get(url(foreign, act)).status_code == keeper.post(url(foreign, act)).status_code == 404


@pytest.mark.parametrize("role", [Role.METHODIST, Role.OBSERVER, Role.SCHOOL_ADMIN])
def test_person_who_only_looks_is_refused(role: Role, school: School, sign_in: SignIn) -> None:
    place = {"school": school} if role == Role.SCHOOL_ADMIN else {"territory": school.territory}
    client = sign_in(make_user(role=role, **place))

    assert client.get(url(school, "details")).status_code == 403
    assert client.post(reverse("schools:withdraw", args=[school.pk])).status_code == 403


def test_act_that_nobody_knows_is_not_found(school: School, keeper: Client) -> None:
    assert keeper.get(url(school, "explode")).status_code == 404


def test_ended_school_offers_its_past_alone(school: School, keeper: Client) -> None:
    School.objects.filter(pk=school.pk).update(status=SchoolStatus.CLOSED)

    statuses = {act: keeper.get(url(school, act)).status_code for act in ACTS}
    assert statuses.pop("former") == 200
    assert set(statuses.values()) == {404}


# Name and codes


def test_form_is_filled_with_what_is_known(school: School, keeper: Client) -> None:
    page = BeautifulSoup(keeper.get(url(school, "details")).content, "html.parser")

    assert page.select_one("#id_name")["value"] == OLD  # type: ignore[index]
    assert page.select_one("#id_gia_code")["value"] == "001005"  # type: ignore[index]


def test_new_name_is_recorded_and_said_on_the_card(school: School, keeper: Client) -> None:
    response = keeper.post(url(school, "details"), details(school, name=NEW), follow=True)

    assert names(school) == [OLD, NEW]
    assert response.redirect_chain == [(school.get_absolute_url(), 302)]
    assert "Изменение записано" in words(response)
    assert f"Прежние названия: {OLD}" in words(response)


def test_basis_is_registered_only_when_it_is_given(school: School, keeper: Client) -> None:
    keeper.post(url(school, "details"), details(school, name=NEW))
    assert not LegalAct.objects.exists()

    keeper.post(url(school, "details"), details(school, name=OLD, on="2026-10-01", **ORDER))

    act = LegalAct.objects.get()
    assert (act.number, act.territory) == ("77", school.territory)
    assert SchoolPeriod.objects.current().get(school=school).basis == act


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"on": ""}, "Укажите дату."),
        ({"on": "2026-13-45"}, "Введите дату в виде ДД.ММ.ГГГГ."),
        ({"on": "2027-01-01"}, "Дата 01.01.2027 ещё не наступила"),
        ({"name": ""}, "Укажите краткое название."),
        ({"kind": "замок"}, "Выберите вид из предложенных."),
        ({"login": "school5"}, "Логин — «edu» и 6 цифр"),
        ({"act-number": "12"}, "Укажите дату документа."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    changes: Mapping[str, str], text: str, school: School, keeper: Client
) -> None:
    sent = details(school, full_name="Полное название", **{"name": NEW, **changes})

    response = keeper.post(url(school, "details"), sent)

    assert response.status_code == 422
    assert text in words(response)
    assert 'value="Полное название"' in response.content.decode()
    assert names(school) == [OLD]


def test_former_name_is_recorded_before_the_known_one(school: School, keeper: Client) -> None:
    keeper.post(url(school, "former"), details(school, name="МОУ «Школа № 5»", on="2020-09-01"))

    assert names(school) == ["МОУ «Школа № 5»", OLD]


# What is confirmed


def merging(heir: School, **more: str) -> dict[str, str]:
    return {"on": "2026-09-01", "successor": str(heir.pk), **more}


@pytest.fixture
def heir(school: School) -> School:
    return make_school(name="МБОУ «Гимназия № 6»", territory=school.territory)


def test_merger_is_told_in_words_first(school: School, heir: School, keeper: Client) -> None:
    response = keeper.post(url(school, "merge"), merging(heir, **ORDER))

    text = words(response)
    assert "Ещё ничего не записано" in text
    assert "С 1 сентября 2026 года МБОУ «СОШ № 5» прекращает работу" in text
    assert "Преемник — МБОУ «Гимназия № 6»" in text
    assert "Основание: приказ администрации от 20.06.2026 № 77" in text
    assert not SchoolSuccession.objects.exists()
    assert not LegalAct.objects.exists()


def test_confirmed_merger_is_done_with_the_hidden_fields_of_the_page(
    school: School, heir: School, keeper: Client
) -> None:
    page = BeautifulSoup(keeper.post(url(school, "merge"), merging(heir, **ORDER)).content, "html.parser")
    hidden = {field["name"]: field.get("value", "") for field in page.select("main form input[type=hidden]")}

    response = keeper.post(url(school, "merge"), {**hidden, "confirmed": "1"}, follow=True)

    succession = SchoolSuccession.objects.get()
    assert (succession.predecessor, succession.successor, succession.date) == (school, heir, SEPTEMBER)
    assert succession.basis == LegalAct.objects.get()
    assert response.redirect_chain == [(heir.get_absolute_url(), 302)]


def test_going_back_keeps_what_was_typed(school: School, heir: School, keeper: Client) -> None:
    response = keeper.post(url(school, "merge"), merging(heir, back="1"))

    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("#id_successor option[selected]")["value"] == str(heir.pk)  # type: ignore[index]
    assert not SchoolSuccession.objects.exists()


def test_impossible_merger_is_refused_before_it_is_confirmed(school: School, heir: School, keeper: Client) -> None:
    make_school(parent=school, inn="", territory=school.territory, name="Филиал")

    response = keeper.post(url(school, "merge"), merging(heir))

    assert response.status_code == 422
    assert "У школы есть филиалы: Филиал" in words(response)


def test_heirs_are_living_schools_of_the_reach_of_the_person(school: School, heir: School, keeper: Client) -> None:
    make_school()
    make_school(territory=school.territory, status="closed")

    page = BeautifulSoup(keeper.get(url(school, "merge")).content, "html.parser")
    foreign = keeper.post(url(school, "merge"), merging(make_school()))

    assert [option["value"] for option in page.select("#id_successor option")] == ["", str(heir.pk)]
    assert "Выберите школу из списка." in words(foreign)


def test_list_with_the_school_is_told_and_stops_nobody(school: School, heir: School, keeper: Client) -> None:
    make_list([school], year=2026)

    response = keeper.post(url(school, "merge"), merging(heir))
    keeper.post(url(school, "merge"), merging(heir, confirmed="1"))

    assert "Он опубликован и останется с прежним названием" in words(response)
    assert SchoolSuccession.objects.exists()


def test_new_legal_entity_is_made_after_its_confirmation(school: School, keeper: Client) -> None:
    sent = {"on": "2026-09-01", "inn": make_inn(5_000_778), "ogrn": ""}

    assert "Роли сотрудников к новой школе не перейдут" in words(keeper.post(url(school, "new-entity"), sent))
    keeper.post(url(school, "new-entity"), {**sent, "confirmed": "1"})

    made = School.objects.get(inn=make_inn(5_000_778))
    assert (made.name, made.login) == (OLD, school.login)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("inn", "1234567890", "ИНН состоит из 10 цифр с верной контрольной"),
        ("inn", "", "Укажите новый ИНН."),
        ("ogrn", "123", "ОГРН состоит из 13 цифр с верной контрольной"),
    ],
)
def test_wrong_identifier_of_a_new_entity_is_named(
    field: str, value: str, text: str, school: School, keeper: Client
) -> None:
    sent = {"on": "2026-09-01", "inn": make_inn(5_000_779), "ogrn": "", field: value}

    assert text in words(keeper.post(url(school, "new-entity"), sent))


def test_closing_is_confirmed_and_done(school: School, keeper: Client) -> None:
    sent = {"on": "2026-09-01", "status": "closed"}

    told = words(keeper.post(url(school, "status"), sent))
    keeper.post(url(school, "status"), {**sent, "confirmed": "1"})

    school.refresh_from_db()
    assert "состояние школы МБОУ «СОШ № 5» — «ликвидирована»" in told
    assert school.status == SchoolStatus.CLOSED


def test_reorganisation_is_no_plain_change_of_state(school: School, keeper: Client) -> None:
    response = keeper.post(url(school, "status"), {"on": "2026-09-01", "status": "reorganised"})

    assert "Выберите состояние из предложенных." in words(response)


# Branches


def test_branch_is_opened_and_shown(school: School, keeper: Client) -> None:
    sent = {"on": "2026-09-01", "name": "Филиал в Лесном", "locality": "село", "students": "40"}

    response = keeper.post(url(school, "branch"), sent, follow=True)

    branch = School.objects.get(parent=school)
    assert response.redirect_chain == [(branch.get_absolute_url(), 302)]
    assert "Головная школа МБОУ «СОШ № 5»" in words(response)
    assert (branch.students, branch.login) == (40, "")


def test_school_is_made_a_branch(school: School, heir: School, keeper: Client) -> None:
    keeper.post(url(school, "join"), {"on": "2026-09-01", "parent": str(heir.pk)})

    school.refresh_from_db()
    assert school.parent == heir


# Taking back


def test_last_change_is_taken_back(keeper: Client, school: School) -> None:
    keeper.post(url(school, "details"), details(school, name=NEW))

    response = keeper.post(reverse("schools:withdraw", args=[school.pk]), follow=True)

    assert names(school) == [OLD]
    assert "Последнее изменение отменено" in words(response)


def test_nothing_to_take_back_is_said(keeper: Client, school: School) -> None:
    response = keeper.post(reverse("schools:withdraw", args=[school.pk]), follow=True)

    assert "У школы нет изменений, которые можно отменить" in words(response)


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}], ids=["asked", "confirmed"])
def test_basis_stored_meanwhile_under_another_title_is_told_at_its_field(
    confirmed: dict[str, str], school: School, heir: School, keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = merging(heir, **ORDER, **{"act-title": "О слиянии"})
    store_meanwhile(monkeypatch, school.territory, sent)

    response = keeper.post(url(school, "merge"), {**sent, **confirmed})

    assert_told_at_title(response, "О слиянии")
    assert not SchoolSuccession.objects.exists()
