"""Pages of profiles: who sees what, who may do what, how many queries."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from riskprofiles.choices import ProfileState
from riskprofiles.models import RiskProfile
from riskprofiles.review import Judgement
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.lists import make_list
from tests.factories.riskprofiles import factor_of, make_catalogue, make_profile
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def text_of(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.get_text(" ").replace("\u00a0", " ").split())


def coordinator_of(profile: RiskProfile) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=profile.school.territory)


def curator_of(profile: RiskProfile) -> User:
    return make_user(role=Role.CURATOR, school=profile.school)


def school_admin_of(profile: RiskProfile) -> User:
    return make_user(role=Role.SCHOOL_ADMIN, school=profile.school)


def page(name: str, profile: RiskProfile, *args: uuid.UUID) -> str:
    return reverse(f"riskprofiles:{name}", args=[profile.pk, *args])


# Reading


def test_list_shows_own_profiles_and_never_foreign_ones(sign_in: SignIn) -> None:
    own, foreign = make_profile(), make_profile()

    shown = text_of(sign_in(coordinator_of(own)).get("/risk-profiles/"))

    assert own.school.name in shown
    assert foreign.school.name not in shown


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_one_profile_and_for_three(
    count: int, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    territory = make_territory()
    for _ in range(count):
        make_profile(school=make_school(territory=territory))
    client = sign_in(make_user(role=Role.OBSERVER, territory=territory))
    client.get("/risk-profiles/")

    with django_assert_num_queries(6):  # session, person, roles, count, rows, running jobs
        client.get("/risk-profiles/")


@pytest.mark.parametrize("count", [0, 3])
def test_page_takes_the_same_queries_whatever_the_number_of_factors(
    count: int, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    profile = make_profile()
    for number in range(count):
        profile.factors.create(own_title=f"Свой риск {number}")
    client = sign_in(make_user(role=Role.OBSERVER, territory=profile.school.territory))
    client.get(page("detail", profile))

    with django_assert_num_queries(8):  # session, person, roles, profile, factors, curators, assigners, running jobs
        client.get(page("detail", profile))


def test_profile_without_a_curator_says_who_assigns_one(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    make_user(role=Role.REGIONAL_ADMIN, territory=profile.school.territory.parent, last_name="Ветрова")
    client = sign_in(coordinator_of(profile))

    shown, listed = (text_of(client.get(url)) for url in (page("detail", profile), "/risk-profiles/"))

    assert "Профиль ждёт куратора: школе его не назначили" in shown
    assert "Назначает его администратор региона Ветрова" in shown
    assert "куратор не назначен" in listed


def test_profile_with_a_curator_waits_for_the_curator(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    make_user(role=Role.CURATOR, school=profile.school)
    client = sign_in(coordinator_of(profile))

    shown, listed = (text_of(client.get(url)) for url in (page("detail", profile), "/risk-profiles/"))

    assert "Куратор даёт заключение по каждому фактору." in shown
    assert "куратор не назначен" not in listed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"state": "school_review"}, {0}, id="state"),
        pytest.param({"state": "verified"}, {1}, id="other state"),
        pytest.param({"q": "солнечная"}, {1}, id="school"),
        pytest.param({"year": "2020"}, set(), id="year"),
        pytest.param({"state": "такого нет", "year": "двадцать"}, {0, 1}, id="nonsense"),
    ],
)
def test_list_is_filtered_by_the_query_string(query: dict[str, str], found: set[int], sign_in: SignIn) -> None:
    territory = make_territory()
    profiles = [
        make_profile(school=make_school(territory=territory)),
        make_profile(
            state=ProfileState.VERIFIED, school=make_school(territory=territory, name="МБОУ «Солнечная школа»")
        ),
    ]
    client = sign_in(make_user(role=Role.OBSERVER, territory=territory))

    response = client.get("/risk-profiles/", query)

    assert set(response.context["page"].object_list) == {profiles[number] for number in found}


def test_empty_list_says_what_comes_first(sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.OBSERVER, territory=make_territory()))

    assert "Профилей пока нет" in text_of(client.get("/risk-profiles/"))


def test_page_shows_calculated_schools_and_verified_level_apart(sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, marks=(10, 5, 3, 2))
    profile = make_profile(state=ProfileState.VERIFIED, school=school)

    response = sign_in(coordinator_of(profile)).get(page("detail", profile))

    failure = factor_of(profile, "R11")
    cells = [cell.get_text(" ", strip=True) for cell in rows_of(response)[failure.title]]
    assert cells[1:4] == ["Высокая", "Средняя", "Высокая"]


def rows_of(response: Any) -> dict[str, list[Any]]:
    """Return title of a factor -> cells of its row."""
    soup = BeautifulSoup(response.content, "html.parser")
    body = soup.select("section[aria-labelledby=t-f] tbody tr")
    links = [row.select("th a")[0] for row in body]
    titles = [link.get_text(" ", strip=True).partition(" ")[2] for link in links]
    return {title: row.find_all("td") for title, row in zip(titles, body, strict=True)}


def test_card_shows_from_what_the_index_came(sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, marks=(2, 8, 6, 4))
    profile = make_profile(school=school)
    factor = factor_of(profile, "R11")

    shown = text_of(sign_in(coordinator_of(profile)).get(page("detail", profile), {"factor": str(factor.pk)}))

    assert "10,00 %" in shown
    assert "1 работа, 2 из 20" in shown
    assert "Расчёт предварительный: только по статистике" in shown


@pytest.mark.parametrize(
    "state",
    [
        ProfileState.DRAFT,
        ProfileState.SCHOOL_REVIEW,
        ProfileState.CURATOR_VERIFICATION,
        ProfileState.VERIFIED,
        ProfileState.APPROVED,
        ProfileState.ARCHIVED,
    ],
)
def test_page_opens_in_every_state_for_everyone_near_the_school(state: ProfileState, sign_in: SignIn) -> None:
    profile = make_profile(state=state)

    for person in (coordinator_of(profile), curator_of(profile), school_admin_of(profile)):
        assert sign_in(person).get(page("detail", profile)).status_code == 200


def test_unknown_factor_in_the_address_opens_the_first(sign_in: SignIn) -> None:
    profile = make_profile()

    response = sign_in(coordinator_of(profile)).get(page("detail", profile), {"factor": "нет такого"})

    assert response.context["factor"].code == "R01"


# Rights

POSTS = ("send", "activate", "reopen", "return", "complete", "add_factor")


@pytest.mark.parametrize("name", ["detail", *POSTS, "approve"])
def test_others_see_nothing(name: str, sign_in: SignIn) -> None:
    profile, other = make_profile(), make_profile()

    for person in (coordinator_of(other), curator_of(other), school_admin_of(other)):
        client = sign_in(person)
        method = client.post if name in POSTS else client.get
        assert method(page(name, profile)).status_code in {403, 404}
    assert RiskProfile.objects.get(pk=profile.pk).state == profile.state


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("send", Role.SCHOOL_ADMIN),
        ("activate", Role.MUNICIPAL_COORDINATOR),
        ("reopen", Role.CURATOR),
        ("return", Role.SCHOOL_ADMIN),
        ("complete", Role.MUNICIPAL_COORDINATOR),
        ("add_factor", Role.SCHOOL_ADMIN),
        ("approve", Role.CURATOR),
    ],
)
def test_own_profile_without_the_right_is_forbidden(name: str, role: Role, sign_in: SignIn) -> None:
    profile = make_profile()
    school_role = role in {Role.SCHOOL_ADMIN, Role.CURATOR}
    scope = {"school": profile.school} if school_role else {"territory": profile.school.territory}

    assert sign_in(make_user(role=role, **scope)).post(page(name, profile)).status_code == 403


def test_right_in_one_school_is_no_right_in_another(sign_in: SignIn) -> None:
    """A curator of one school who only observes the other may look there and not judge."""
    profile, other = make_profile(state=ProfileState.CURATOR_VERIFICATION), make_profile()
    person = curator_of(other)
    person.memberships.create(role=Role.OBSERVER, school=profile.school)

    assert sign_in(person).get(page("detail", profile)).status_code == 200
    assert sign_in(person).post(page("complete", profile)).status_code == 403


# Opening


def test_coordinator_opens_profiles_for_a_list_by_one_button(sign_in: SignIn) -> None:
    territory = make_territory()
    school_list = make_list([make_school(territory=territory) for _ in range(2)])
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))
    catalogue = make_catalogue()
    form = client.get("/risk-profiles/").context["open_form"]

    response = client.post(
        reverse("riskprofiles:open"),
        {"school_list": school_list.pk, "year": form.initial["year"], "catalogue": catalogue.pk},
        follow=True,
    )

    assert form.initial == {"school_list": school_list, "year": 2027}
    assert "Заведено и направлено школам: 2 профиля." in text_of(response)
    assert RiskProfile.objects.count() == 2


def test_opening_again_says_that_nothing_is_new(sign_in: SignIn) -> None:
    school_list = make_list([make_school()])
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school_list.territory))
    data = {"school_list": school_list.pk, "year": 2027, "catalogue": make_catalogue().pk}
    client.post(reverse("riskprofiles:open"), data)

    assert "Новых профилей нет" in text_of(client.post(reverse("riskprofiles:open"), data, follow=True))


def test_foreign_list_and_bad_year_are_refused_in_words(sign_in: SignIn) -> None:
    foreign = make_list([make_school()])
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    response = client.post(reverse("riskprofiles:open"), {"school_list": foreign.pk, "year": "скоро"})

    assert response.status_code == 422
    assert "Введите год числом, например 2027." in text_of(response)
    assert not RiskProfile.objects.exists()


# Verification


def verdict(profile: RiskProfile, code: str, **data: str) -> tuple[str, dict[str, str]]:
    return page("judge", profile, factor_of(profile, code).pk), {"verdict": "confirmed", **data}


def test_curator_judges_a_factor_and_goes_on_to_the_next(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    url, data = verdict(profile, "R01")

    response = sign_in(curator_of(profile)).post(url, data)

    assert response["Location"].endswith(f"?factor={factor_of(profile, 'R02').pk}#factor")
    assert factor_of(profile, "R01").verdict == Judgement.CONFIRMED


def test_refused_verdict_keeps_what_was_written(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    url, data = verdict(profile, "R02", verdict="changed", reason="Видел на уроках")

    response = sign_in(curator_of(profile)).post(url, data)

    assert response.status_code == 422
    assert "Выберите значимость риска." in text_of(response)
    assert "Видел на уроках" in text_of(response)
    assert factor_of(profile, "R02").verdict == ""


def test_verdict_from_a_stale_page_is_refused_and_keeps_what_was_written(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.VERIFIED)
    url, data = verdict(profile, "R02", reason="Видел на уроках")

    response = sign_in(curator_of(profile)).post(url, data)

    assert response.status_code == 422
    assert "Проверьте введённое" in text_of(response)
    assert "Видел на уроках" in text_of(response)


def test_risk_from_a_stale_page_is_refused_in_words(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.VERIFIED)
    data = {"added-title": "Удалённость", "added-level": "low", "added-reason": "Подвоз 40 км"}

    response = sign_in(curator_of(profile)).post(page("add_factor", profile), data)

    assert response.status_code == 422
    assert "Проверьте введённое" in text_of(response)


def test_senseless_verdict_is_refused(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    url, data = verdict(profile, "R02", verdict="maybe", level="huge")

    response = sign_in(curator_of(profile)).post(url, data)

    assert response.status_code == 422
    assert "Выберите заключение из предложенных." in text_of(response)


def test_factor_of_another_profile_is_not_found(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    other = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    url = page("judge", profile, factor_of(other, "R02").pk)

    assert sign_in(curator_of(profile)).post(url, {"verdict": "confirmed"}).status_code == 404


def test_curator_adds_a_risk_on_the_page(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    data = {"added-title": "Удалённость", "added-level": "low", "added-reason": "Подвоз 40 км"}

    sign_in(curator_of(profile)).post(page("add_factor", profile), data)

    assert profile.factors.get(factor=None).verified_level == "low"


def test_risk_without_a_reason_is_not_added(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    data = {"added-title": "Удалённость", "added-level": "low"}

    response = sign_in(curator_of(profile)).post(page("add_factor", profile), data)

    assert response.status_code == 422
    assert "Напишите, на чём основан вывод." in text_of(response)


def test_curator_returns_the_form_with_remarks(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)

    response = sign_in(curator_of(profile)).post(page("return", profile), {"reason": "Уточните меры"}, follow=True)

    assert "Замечания куратора. Уточните меры" in text_of(response)
    assert RiskProfile.objects.get().state == ProfileState.SCHOOL_REVIEW


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        pytest.param("return", {}, "Напишите, что школе нужно исправить.", id="return without words"),
        pytest.param("return", {"reason": "я" * 2001}, "Не больше 2000 знаков.", id="too many words"),
        pytest.param("complete", {}, "Сначала дайте заключение: осталось 9 факторов.", id="too early"),
    ],
)
def test_refusal_is_told_on_the_page(name: str, data: dict[str, str], words: str, sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)

    response = sign_in(curator_of(profile)).post(page(name, profile), data, follow=True)

    assert words in text_of(response)
    assert RiskProfile.objects.get().state == ProfileState.CURATOR_VERIFICATION


def test_curator_ends_the_verification(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    client = sign_in(curator_of(profile))
    for factor in profile.factors.in_order():
        client.post(page("judge", profile, factor.pk), {"verdict": "confirmed"})

    response = client.post(page("complete", profile), follow=True)

    assert "Верификация завершена." in text_of(response)
    assert RiskProfile.objects.get().state == ProfileState.VERIFIED


# Choice, approval, reopening


def test_school_chooses_its_risks(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.VERIFIED)
    chosen = [str(factor.pk) for factor in profile.factors.verified()[:2]]

    response = sign_in(school_admin_of(profile)).post(page("activate", profile), {"factors": chosen}, follow=True)

    assert profile.factors.activated().count() == 2
    assert "обычно школа выбирает от 3 до 5" in text_of(response)


def test_choice_of_nonsense_is_refused(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.VERIFIED)

    response = sign_in(school_admin_of(profile)).post(page("activate", profile), {"factors": "нет"}, follow=True)

    assert "Выберите хотя бы один фактор" in text_of(response)


ORDER = {
    "act-kind": "order",
    "act-issuer_genitive": "отдела образования",
    "act-number": "412",
    "act-date": "2026-11-20",
    "act-title": "Об утверждении рисковых профилей",
}


def verified_and_chosen(sign_in: SignIn) -> RiskProfile:
    profile = make_profile(state=ProfileState.VERIFIED)
    chosen = [str(factor.pk) for factor in profile.factors.verified()]
    sign_in(school_admin_of(profile)).post(page("activate", profile), {"factors": chosen})
    return profile


def test_coordinator_approves_by_an_order(sign_in: SignIn) -> None:
    profile = verified_and_chosen(sign_in)
    client = sign_in(coordinator_of(profile))
    assert client.get(page("approve", profile)).status_code == 200

    response = client.post(page("approve", profile), ORDER, follow=True)

    assert "от 20.11.2026 № 412" in text_of(response)
    assert RiskProfile.objects.get().state == ProfileState.APPROVED


def test_order_without_a_number_is_refused_in_words(sign_in: SignIn) -> None:
    profile = verified_and_chosen(sign_in)

    response = sign_in(coordinator_of(profile)).post(page("approve", profile), {**ORDER, "act-number": ""})

    assert response.status_code == 422
    assert "Укажите номер документа." in text_of(response)


def test_approval_before_the_choice_is_refused_in_words(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.VERIFIED)

    response = sign_in(coordinator_of(profile)).post(page("approve", profile), ORDER, follow=True)

    assert "ещё не выбрала риски" in text_of(response)


def test_coordinator_reopens_with_a_reason(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    client = sign_in(coordinator_of(profile))

    refused = client.post(page("reopen", profile), {"reason": ""}, follow=True)
    done = client.post(page("reopen", profile), {"reason": "Пришли результаты ГИА"}, follow=True)

    assert "Напишите, почему профиль открывается заново." in text_of(refused)
    assert "Почему профиль открыт заново. Пришли результаты ГИА" in text_of(done)


def test_draft_is_sent_to_the_school_once(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.DRAFT)
    client = sign_in(coordinator_of(profile))

    first, second = (client.post(page("send", profile), follow=True) for _ in range(2))

    assert "Профиль направлен школе." in text_of(first)
    assert "нельзя перейти" in text_of(second)


def test_order_stored_meanwhile_under_another_title_is_told_at_its_field(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = verified_and_chosen(sign_in)
    store_meanwhile(monkeypatch, profile.school.territory, ORDER)

    response = sign_in(coordinator_of(profile)).post(page("approve", profile), ORDER)

    assert_told_at_title(response, ORDER["act-title"])
    assert RiskProfile.objects.get().state == ProfileState.VERIFIED
