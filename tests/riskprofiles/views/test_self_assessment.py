"""The school's form: tasks, fields that save themselves, checking, handing in."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from riskprofiles import actions
from riskprofiles.answers import Field
from riskprofiles.choices import ProfileState
from riskprofiles.models import ProfileFactor, RiskProfile
from tests.factories.riskprofiles import AT, factor_of, fill_self_diagnosis, make_profile
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def text_of(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.get_text(" ").replace("\u00a0", " ").split())


def page(name: str, profile: RiskProfile, *args: Any) -> str:
    return reverse(f"self_assessment:{name}", args=[profile.pk, *args])


def admin_of(*profiles: RiskProfile) -> User:
    person = make_user(role=Role.SCHOOL_ADMIN, school=profiles[0].school)
    for profile in profiles[1:]:
        person.memberships.create(role=Role.SCHOOL_ADMIN, school=profile.school)
    return person


def post_answer(client: Client, factor: ProfileFactor, field: Field, value: str, seen: str = "") -> Any:
    url = page("answer", factor.profile, factor.pk, field)
    return client.post(url, {f"{field}-{factor.pk}": value, f"seen-{field}-{factor.pk}": seen})


def test_tasks_are_of_the_own_school(sign_in: SignIn) -> None:
    own, foreign = make_profile(), make_profile()

    shown = text_of(sign_in(admin_of(own)).get("/self-assessment/"))

    assert "Сдать самодиагностику 2027" in shown
    assert foreign.school.name not in shown


def test_returned_form_shows_its_remarks_among_the_tasks(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    actions.return_to_school(profile=profile, remarks="Уточните меры", by=make_user(), at=AT)

    shown = text_of(sign_in(admin_of(profile)).get("/self-assessment/"))

    assert "Исправить и сдать самодиагностику" in shown
    assert "замечания: Уточните меры" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_tasks_take_the_same_queries_for_one_form_and_for_three(
    count: int, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = sign_in(admin_of(*(make_profile() for _ in range(count))))
    client.get("/self-assessment/")

    with django_assert_num_queries(7):  # session, person, roles, rows, schools and forms of the year, running jobs
        client.get("/self-assessment/")


def test_form_takes_the_same_queries_for_nine_factors_and_for_twelve(
    sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    for edition in ("2021", "2020"):
        profile = make_profile(edition=edition)
        client = sign_in(admin_of(profile))
        client.get(page("form", profile))

        with django_assert_num_queries(7):  # session, person, roles, profile, factors, waiting file, jobs
            client.get(page("form", profile))


@pytest.mark.parametrize("name", ["form", "check", "download"])
def test_others_see_nothing(name: str, sign_in: SignIn) -> None:
    profile = make_profile()
    neighbour = make_profile(school=make_school(territory=profile.school.territory))

    assert sign_in(admin_of(neighbour)).get(page(name, profile)).status_code == 404


@pytest.mark.parametrize("role", [Role.CURATOR, Role.MUNICIPAL_COORDINATOR, Role.OBSERVER])
def test_form_is_the_schools_only(role: Role, sign_in: SignIn) -> None:
    profile = make_profile()
    scope = {"school": profile.school} if role == Role.CURATOR else {"territory": profile.school.territory}
    client = sign_in(make_user(role=role, **scope))

    assert client.get(page("form", profile)).status_code == 403
    assert post_answer(client, factor_of(profile, "R02"), Field.MEASURES, "Меры").status_code == 403
    assert client.post(page("submit", profile)).status_code == 403


def test_field_is_saved_and_the_progress_moves(sign_in: SignIn) -> None:
    profile = make_profile()
    factor = factor_of(profile, "R02")

    response = post_answer(sign_in(admin_of(profile)), factor, Field.RELEVANT, "no")

    assert response.status_code == 200
    assert "Заполнено 1 из 9" in text_of(response)
    assert ProfileFactor.objects.get(pk=factor.pk).school_relevant is False


def test_saved_state_equals_the_one_of_a_fresh_page(sign_in: SignIn) -> None:
    profile = make_profile()
    factor = factor_of(profile, "R02")
    client = sign_in(admin_of(profile))

    answer = post_answer(client, factor, Field.MEASURES, "Целевое обучение")

    name = f"state-{Field.MEASURES}-{factor.pk}"
    fresh = client.get(page("form", profile))
    for part in (name, "progress", f"mark-{factor.pk}"):
        assert element(answer, part) == element(fresh, part)


def element(response: Any, name: str) -> str:
    found = BeautifulSoup(response.content, "html.parser").find(id=name)
    assert found is not None
    del found["hx-swap-oob"]
    return re.sub(r"\s+", " ", str(found)).replace("> <", "><")


def test_clash_shows_both_texts_and_loses_none(sign_in: SignIn) -> None:
    profile = make_profile()
    factor = factor_of(profile, "R02")
    client = sign_in(admin_of(profile))
    post_answer(client, factor, Field.MEASURES, "Первый")

    response = post_answer(client, factor, Field.MEASURES, "Второй", seen="")

    assert response.status_code == 409
    assert "Сейчас сохранено: «Первый». Ваш текст остался в поле." in text_of(response)
    assert factor_of(profile, "R02").school_measures == "Первый"


def test_own_text_can_be_kept_after_a_clash(sign_in: SignIn) -> None:
    profile = make_profile()
    factor = factor_of(profile, "R02")
    client = sign_in(admin_of(profile))
    post_answer(client, factor, Field.MEASURES, "Первый")
    clash = post_answer(client, factor, Field.MEASURES, "Второй", seen="")
    seen = BeautifulSoup(clash.content, "html.parser").find("input", type="hidden")
    assert seen is not None

    response = post_answer(client, factor, Field.MEASURES, "Второй", seen=str(seen["value"]))

    assert response.status_code == 200
    assert factor_of(profile, "R02").school_measures == "Второй"


def test_stored_text_can_be_taken_after_a_clash(sign_in: SignIn) -> None:
    profile = make_profile()
    factor = factor_of(profile, "R02")
    client = sign_in(admin_of(profile))
    post_answer(client, factor, Field.LEVEL, "high")

    response = client.get(page("answer", profile, factor.pk, Field.LEVEL))

    chosen = BeautifulSoup(response.content, "html.parser").select_one("option[selected]")
    assert chosen is not None
    assert chosen["value"] == "high"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param(Field.RELEVANT, "maybe", "Ответ бывает «да» или «нет».", id="relevant"),
        pytest.param(Field.MEASURES, "я" * 2001, "не больше 2000 знаков", id="too long"),
    ],
)
def test_bad_value_is_refused_beside_its_field(field: Field, value: str, words: str, sign_in: SignIn) -> None:
    profile = make_profile()

    response = post_answer(sign_in(admin_of(profile)), factor_of(profile, "R02"), field, value)

    assert response.status_code == 422
    assert words in text_of(response)
    assert b"data-unsaved" in response.content  # the browser warns before the page is left


def test_handed_in_form_refuses_a_late_field_in_words(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)

    response = post_answer(sign_in(admin_of(profile)), factor_of(profile, "R02"), Field.MEASURES, "Поздно")

    assert response.status_code == 422
    assert "изменить ответы нельзя" in text_of(response)


def test_unknown_field_and_foreign_factor_are_not_found(sign_in: SignIn) -> None:
    profile, other = make_profile(), make_profile()
    client = sign_in(admin_of(profile))

    unknown = client.post(page("answer", profile, factor_of(profile, "R02").pk, "verified_level"))
    foreign = client.post(page("answer", profile, factor_of(other, "R02").pk, Field.MEASURES))
    missing = client.post(page("answer", profile, uuid.uuid4(), Field.MEASURES))

    assert [response.status_code for response in (unknown, foreign, missing)] == [404, 404, 404]


def test_check_links_every_gap_to_its_field(sign_in: SignIn) -> None:
    profile = make_profile()

    response = sign_in(admin_of(profile)).get(page("check", profile))

    links = [str(a["href"]) for a in BeautifulSoup(response.content, "html.parser").select("ul.rows a")]
    form = sign_in(admin_of(profile)).get(page("form", profile)).content.decode()
    assert len(links) == 9
    assert all(f'id="{link.partition("#")[2]}"' in form for link in links)


def test_form_with_gaps_is_not_handed_in(sign_in: SignIn) -> None:
    profile = make_profile()

    response = sign_in(admin_of(profile)).post(page("submit", profile), follow=True)

    assert "Самодиагностика не сдана: не заполнено полей — 9." in text_of(response)
    assert RiskProfile.objects.get().state == ProfileState.SCHOOL_REVIEW


@pytest.mark.parametrize(
    ("has_curator", "words"),
    [
        (True, "Куратор проверит её и даст заключение по каждому фактору."),
        (False, "Куратора у школы пока нет: его назначает администратор региона"),
    ],
)
def test_school_is_told_who_comes_after_it(sign_in: SignIn, *, has_curator: bool, words: str) -> None:
    profile = make_profile()
    if has_curator:
        make_user(role=Role.CURATOR, school=profile.school)
    fill_self_diagnosis(profile, by=admin_of(profile))

    response = sign_in(admin_of(profile)).post(page("submit", profile), follow=True)

    assert f"Самодиагностика сдана. {words}" in text_of(response)


def test_full_form_is_handed_in(sign_in: SignIn) -> None:
    profile = make_profile()
    admin = admin_of(profile)
    fill_self_diagnosis(profile, by=admin)
    client = sign_in(admin)
    assert "Все обязательные поля заполнены." in text_of(client.get(page("check", profile)))

    response = client.post(page("submit", profile), follow=True)

    assert "Самодиагностика сдана." in text_of(response)
    assert "На верификации у куратора" in text_of(response)


def test_handed_in_form_is_shown_closed(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)

    soup = BeautifulSoup(sign_in(admin_of(profile)).get(page("form", profile)).content, "html.parser")

    assert all(field.has_attr("disabled") for field in soup.select("[data-autosave]"))
    assert "Форма сдана 16.11.2026" in soup.get_text(" ")


def test_own_risk_is_added_and_taken_out(sign_in: SignIn) -> None:
    profile = make_profile()
    client = sign_in(admin_of(profile))

    client.post(page("add_own", profile), {"title": "Удалённость школы"})
    own = profile.factors.get(factor=None)
    response = client.post(page("remove_own", profile, own.pk), follow=True)

    assert "Риск убран: Удалённость школы." in text_of(response)
    assert profile.factors.count() == 9


def test_own_risk_without_a_title_is_refused_in_words(sign_in: SignIn) -> None:
    profile = make_profile()
    client = sign_in(admin_of(profile))

    nameless = client.post(page("add_own", profile), {}, follow=True)
    catalogue = client.post(page("remove_own", profile, factor_of(profile, "R02").pk), follow=True)

    assert "Назовите риск" in text_of(nameless)
    assert "Риск из каталога убрать нельзя." in text_of(catalogue)


def test_form_without_profiles_says_who_makes_them(sign_in: SignIn) -> None:
    person = make_user(role=Role.SCHOOL_ADMIN, school=make_school(territory=make_territory()))

    assert "когда координатор заведёт рисковый профиль" in text_of(sign_in(person).get("/self-assessment/"))


@pytest.mark.parametrize("text", ['"><svg onload=alert(1)>', "{{ 7|add:7 }}", "</textarea><script>1</script>"])
def test_markup_in_answers_stays_text(text: str, sign_in: SignIn) -> None:
    profile = make_profile()
    client = sign_in(admin_of(profile))
    post_answer(client, factor_of(profile, "R02"), Field.MEASURES, text)

    soup = BeautifulSoup(client.get(page("form", profile)).content, "html.parser")

    assert soup.select_one("svg[onload]") is None
    assert text in [area.get_text() for area in soup.select("textarea")]
