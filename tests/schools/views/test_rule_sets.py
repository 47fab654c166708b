"""Pages of rule sets: the list, a version, the editor with its words, two versions side by side."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.identification import run_identification
from schools.actions.rule_drafts import Content, draft_rule_set, edit_rule_set, use_rule_set
from schools.actions.rule_sets import load_rule_set, load_rule_sets
from schools.forms_rules import RuleSetForm, take
from schools.models import IdentificationRuleSet, LegalAct, Territory
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.lists import AT, make_low_school, make_published_list, make_run
from tests.factories.schools import make_act, make_region, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
LIST = reverse("identification:rule_sets")
COMPARE = reverse("identification:rule_sets_compare")
LIST_QUERIES = 7
DETAIL_QUERIES = 7
EDITOR_QUERIES = 9
COMPARE_QUERIES = 11
HTMX = {"HX-Request": "true"}


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text_of(response: Any, selector: str = "main") -> str:
    found = soup_of(response).select_one(selector)
    return " ".join(found.get_text(" ").replace(NBSP, " ").split()) if found else ""


@pytest.fixture
def region() -> Territory:
    return make_region()


@pytest.fixture
def keeper(region: Territory) -> User:
    return make_user(role=Role.REGIONAL_ADMIN, territory=region, last_name="Хранитель")


@pytest.fixture
def browser(sign_in: SignIn, keeper: User) -> Client:
    """The administrator of the region, signed in."""
    return sign_in(keeper)


@pytest.fixture
def draft(keeper: User) -> IdentificationRuleSet:
    return draft_rule_set(source=load_rule_set(by=None), by=keeper, at=AT)


def sent(rule_set: IdentificationRuleSet, user: User, **changes: str | list[str]) -> dict[str, Any]:
    """Return what an untouched editor sends, with some fields changed; «low_definition__KDR» stands for a hyphen."""
    form, data = RuleSetForm(rule_set=rule_set, user=user), QueryDict(mutable=True)
    for name in form.fields:
        take(data, form[name], form.initial[name])
    named = {name.replace("__", "-"): value for name, value in changes.items()}
    return {"seen": str(rule_set.edition), **dict(data.lists()), **named}


def edit_url(rule_set: IdentificationRuleSet) -> str:
    return reverse("identification:rule_set_edit", args=[rule_set.pk])


def words_url(rule_set: IdentificationRuleSet) -> str:
    return reverse("identification:rule_set_words", args=[rule_set.pk])


# The list


def test_list_offers_to_load_what_is_missing_and_loads_it_once(browser: Client) -> None:
    load_rule_set(by=None)
    assert "Ещё не загружены: RU-500P-2020, BRIEF-2Y, REG-QUARTILE" in text_of(browser.get(LIST))

    text = text_of(browser.post(reverse("identification:rule_sets_load"), follow=True))
    again = text_of(browser.post(reverse("identification:rule_sets_load"), follow=True))

    assert "Загружены наборы: RU-500P-2020, BRIEF-2Y, REG-QUARTILE." in text
    assert "Ещё не загружены" not in text
    assert "Все готовые наборы уже загружены." in again
    assert IdentificationRuleSet.objects.count() == 4


def test_list_without_sets_says_who_makes_them(sign_in: SignIn, region: Territory) -> None:
    reader = sign_in(make_user(role=Role.OBSERVER, territory=region))

    text = text_of(reader.get(LIST))

    assert "Наборов правил ещё нет" in text
    assert "Новый набор" not in text


def test_list_tells_the_state_of_each_version(browser: Client, draft: IdentificationRuleSet) -> None:
    load_rule_sets(by=None)
    territory = make_territory()
    make_low_school(territory=territory)
    make_published_list(make_run(territory=territory))
    used = IdentificationRuleSet.objects.get(code="BRIEF-2Y")
    use_rule_set(rule_set=used, at=AT)

    rows = soup_of(browser.get(LIST)).select("tbody tr")
    states = [(row.select("th a")[0].text, row.select(".st")[0].get_text(strip=True)) for row in rows]

    assert states == [
        ("RU-2025, версия 2", "Черновик"),
        ("RU-2025, версия 1", "Неизменно"),
        ("REG-QUARTILE, версия 1", "Не использовано"),
        ("BRIEF-2Y, версия 1", "Использовано"),
        ("RU-500P-2020, версия 1", "Не использовано"),
    ]


def test_list_costs_the_same_for_more_versions(
    browser: Client, draft: IdentificationRuleSet, keeper: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(LIST)
    load_rule_sets(by=None)
    for _ in range(3):
        draft_rule_set(source=draft, by=keeper, at=AT)
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(LIST)


def test_readers_see_versions_and_change_nothing(
    sign_in: SignIn, region: Territory, draft: IdentificationRuleSet
) -> None:
    reader = sign_in(make_user(role=Role.REGIONAL_COORDINATOR, territory=region))

    listed, page = soup_of(reader.get(LIST)), soup_of(reader.get(draft.get_absolute_url()))

    assert listed.select("main form[method=post]") == page.select("main form[method=post]") == []
    for name in ("rule_set_edit", "rule_set_copy", "rule_set_words", "rule_set_delete"):
        assert reader.post(reverse(f"identification:{name}", args=[draft.pk])).status_code == 403
    assert reader.post(reverse("identification:rule_set_create")).status_code == 403


# Making and deleting drafts


def test_new_version_opens_in_the_editor(browser: Client) -> None:
    source = load_rule_set(by=None)

    response = browser.post(reverse("identification:rule_set_copy", args=[source.pk]), follow=True)

    draft = IdentificationRuleSet.objects.get(version=2)
    assert response.redirect_chain == [(edit_url(draft), 302)]
    assert "Создан черновик: RU-2025, версия 2." in text_of(response)


def test_new_code_starts_from_the_chosen_version(browser: Client, draft: IdentificationRuleSet) -> None:
    create = reverse("identification:rule_set_create")
    assert browser.get(create).headers["Location"] == reverse("identification:rule_sets")  # opened by hand

    response = browser.post(create, {"code": "REG-2026", "source": draft.pk})

    made = IdentificationRuleSet.objects.get(code="REG-2026")
    assert response.headers["Location"] == edit_url(made)
    assert (made.version, made.based_on, made.parameters) == (1, draft, draft.parameters)


def test_small_letters_of_a_new_code_become_capitals(browser: Client, draft: IdentificationRuleSet) -> None:
    browser.post(reverse("identification:rule_set_create"), {"code": "Рег-2026", "source": draft.pk})
    again = browser.post(reverse("identification:rule_set_create"), {"code": "рег-2026", "source": draft.pk})

    assert IdentificationRuleSet.objects.filter(code="РЕГ-2026").count() == 1
    assert "Набор правил «РЕГ-2026» уже есть." in text_of(again)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param("", "Укажите код набора.", id="none"),
        pytest.param("свой код", "Пишите буквы, цифры и дефис.", id="not a code"),
        pytest.param("RU-2025", "Набор правил «RU-2025» уже есть.", id="taken"),
        pytest.param("Я" * 41, "40", id="too long"),
    ],
)
def test_wrong_code_is_refused_with_what_was_typed(
    browser: Client, draft: IdentificationRuleSet, code: str, told: str
) -> None:
    response = browser.post(reverse("identification:rule_set_create"), {"code": code, "source": draft.pk})

    assert response.status_code == 422
    assert told in text_of(response)
    assert soup_of(response).select_one("[name=code]").get("value", "") == code  # type: ignore[union-attr]


def test_draft_is_deleted_and_a_used_version_is_not(browser: Client, draft: IdentificationRuleSet) -> None:
    deleted = browser.post(reverse("identification:rule_set_delete", args=[draft.pk]), follow=True)
    refused = browser.post(reverse("identification:rule_set_delete", args=[draft.based_on_id]), follow=True)

    assert "Черновик «RU-2025, версия 2» удалён." in text_of(deleted)
    assert "не меняется" in text_of(refused)
    assert list(IdentificationRuleSet.objects.values_list("version", flat=True)) == [1]


# A version


def test_version_says_what_it_does_and_where_it_was_used(browser: Client, region: Territory) -> None:
    territory = make_territory(parent=region)
    make_low_school(territory=territory)
    run = make_run(territory=territory)

    text = text_of(browser.get(run.rule_set.get_absolute_url()))

    assert "Школа попадает в перечень, если не менее чем в 2 процедурах" in text
    assert "Документ-основание не указан" in text
    assert "актов проверок" in text
    assert f"{territory.name}, 2026 год" in text


def test_runs_of_other_territories_are_not_named(browser: Client) -> None:
    foreign = make_territory(name="Чужой округ")
    make_low_school(territory=foreign)
    run = make_run(territory=foreign)

    text = text_of(browser.get(run.rule_set.get_absolute_url()))

    assert "Чужой округ" not in text
    assert "На вашей территории расчётов по ней нет." in text


def test_version_costs_the_same_with_more_versions_and_runs(
    browser: Client,
    draft: IdentificationRuleSet,
    keeper: User,
    region: Territory,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser.get(draft.get_absolute_url())
    with django_assert_num_queries(DETAIL_QUERIES):
        browser.get(draft.get_absolute_url())
    draft_rule_set(source=draft, by=keeper, at=AT)
    for name in ("Лесной", "Озёрный"):
        territory = make_territory(parent=region, name=name)
        make_low_school(territory=territory)
        make_run(territory=territory)
    with django_assert_num_queries(DETAIL_QUERIES):
        browser.get(draft.based_on.get_absolute_url())  # type: ignore[union-attr]  # a copy has a source


# The editor


def test_untouched_editor_stores_the_same_parameters(
    browser: Client, draft: IdentificationRuleSet, keeper: User
) -> None:
    before = draft.rules

    response = browser.post(edit_url(draft), sent(draft, keeper))

    draft.refresh_from_db()
    assert response.headers["Location"] == draft.get_absolute_url()
    assert draft.rules == before
    assert (draft.edition, draft.edited_by) == (1, keeper)


def test_editor_stores_requisites_and_a_new_document(
    browser: Client, draft: IdentificationRuleSet, keeper: User, region: Territory
) -> None:
    act = {"act-kind": "order", "act-number": "77", "act-date": "2026-06-20", "act-issuer_genitive": "министерства"}
    changes = {"title": "Правило области", "year": "2026", "provenance": "Приказ", "justification": "Так решили"}

    response = browser.post(edit_url(draft), sent(draft, keeper, **changes) | act, headers=HTMX)

    draft.refresh_from_db()
    assert response.headers["HX-Redirect"] == draft.get_absolute_url()
    assert {name: str(getattr(draft, name)) for name in changes} == changes
    assert draft.basis_document == LegalAct.objects.get(number="77", territory=region)


def test_known_document_is_chosen_and_a_foreign_one_is_not_offered(
    browser: Client, draft: IdentificationRuleSet, keeper: User, region: Territory
) -> None:
    known, foreign = make_act(territory=region, number="15"), make_act(number="99")

    refused = browser.post(edit_url(draft), sent(draft, keeper, basis=str(foreign.pk)))
    browser.post(edit_url(draft), sent(draft, keeper, basis=str(known.pk)))

    draft.refresh_from_db()
    assert refused.status_code == 422
    assert "Выберите документ из списка." in text_of(refused)
    assert draft.basis_document == known


def test_refused_draft_keeps_everything_that_was_typed(
    browser: Client, draft: IdentificationRuleSet, keeper: User
) -> None:
    data = sent(draft, keeper, title="Своё", year="", share_threshold_pct="сто", procedures=["VPR-RU-5", "VPR-IS-7"])

    response = browser.post(edit_url(draft), data)

    page = soup_of(response)
    assert response.status_code == 422
    assert page.select_one("#id_title")["value"] == "Своё"  # type: ignore[index]
    assert page.select_one("#id_share_threshold_pct")["value"] == "сто"  # type: ignore[index]
    assert "Введите число от 0,01 до 100." in page.select_one("#id_share_threshold_pct_error").text  # type: ignore[union-attr]
    checked = [box["value"] for box in page.select("input[name=procedures][checked]")]
    assert checked == ["VPR-RU-5", "VPR-IS-7"]
    draft.refresh_from_db()
    assert draft.edition == 0


def test_wrong_document_keeps_the_form(browser: Client, draft: IdentificationRuleSet, keeper: User) -> None:
    response = browser.post(edit_url(draft), sent(draft, keeper, title="Своё") | {"act-number": "77"}, headers=HTMX)

    page = soup_of(response)
    assert response.status_code == 422
    assert page.select_one("#id_title")["value"] == "Своё"  # type: ignore[index]
    assert "Укажите дату документа." in page.text
    assert page.select_one("html") is None


def test_added_row_comes_with_what_was_typed(browser: Client, draft: IdentificationRuleSet, keeper: User) -> None:
    more = {"add": "KDR", "more-KDR": "BI"}

    response = browser.post(edit_url(draft), sent(draft, keeper, title="Своё") | more, headers=HTMX)

    page = soup_of(response)
    assert response.status_code == 200
    assert page.select_one("input[value=KDR-BI-1]").has_attr("autofocus")  # type: ignore[union-attr]
    assert page.select_one("#id_title")["value"] == "Своё"  # type: ignore[index]
    assert page.select_one("[data-error-summary]") is None


def test_two_editions_are_brought_together(browser: Client, draft: IdentificationRuleSet, keeper: User) -> None:
    mine = sent(draft, keeper, min_participants="10", low_levels__KDR4=["insufficient"])
    other = make_user(last_name="Фомина")
    theirs = {**draft.parameters, "share_threshold_pct": "27.5", "count_subject_once": True, "combine": "ALL"}
    theirs["exclude_types"], theirs["relative_rule"] = ["гимназия"], None
    edit_rule_set(rule_set=draft, content=content_of(draft, theirs), seen=0, by=other, at=AT)

    response = browser.post(edit_url(draft), mine, follow=True)

    draft.refresh_from_db()
    rules = draft.rules
    assert "Вместе с вашей сохранена и правка: Фомина" in text_of(response)
    assert (rules.min_participants, rules.low_levels) == (10, {"KDR4": ("insufficient",)})
    assert (str(rules.share_threshold_pct), rules.count_subject_once, str(rules.combine)) == ("27.5", True, "ALL")
    assert rules.exclude_types == {"гимназия"}
    assert draft.edition == 2


def content_of(rule_set: IdentificationRuleSet, parameters: dict[str, Any]) -> Content:
    return Content(title=rule_set.title, year=rule_set.year, provenance=rule_set.provenance, parameters=parameters)


@pytest.mark.parametrize(("choice", "stored"), [("mine", "40"), ("theirs", "25")])
def test_field_that_both_changed_is_asked_about_with_both_values(
    browser: Client, draft: IdentificationRuleSet, keeper: User, choice: str, stored: str
) -> None:
    mine = sent(draft, keeper, share_threshold_pct="40", procedures=["VPR-RU-5", "забор"])
    changed = {**draft.parameters, "share_threshold_pct": "25", "procedures": draft.parameters["procedures"][:2]}
    edit_rule_set(rule_set=draft, content=content_of(draft, changed), seen=0, by=make_user(last_name="Фомина"), at=AT)
    mine["procedures"] = ["VPR-RU-5"]

    refused = browser.post(edit_url(draft), mine)

    page, text = soup_of(refused), text_of(refused)
    assert refused.status_code == 409
    assert "Оставить ваше: 40 Взять, как сохранено (Фомина" in text
    assert "Оставить ваше: ВПР: русский язык 5" in text
    assert page.select_one("[name=seen]")["value"] == "1"  # type: ignore[index]
    again = {**mine, "seen": "1", "clash-share_threshold_pct": choice, "clash-nobody": "theirs"}
    browser.post(edit_url(draft), again)
    draft.refresh_from_db()
    assert str(draft.rules.share_threshold_pct) == stored
    assert len(draft.rules.procedures) == 1


def test_two_tabs_of_one_person_are_no_other_person(
    browser: Client, draft: IdentificationRuleSet, keeper: User
) -> None:
    mine = sent(draft, keeper, share_threshold_pct="40")
    other = sent(draft, keeper, min_participants="10")
    changed = {**draft.parameters, "share_threshold_pct": "27"}
    edit_rule_set(rule_set=draft, content=content_of(draft, changed), seen=0, by=keeper, at=AT)

    text = text_of(browser.post(edit_url(draft), mine))
    merged = text_of(browser.post(edit_url(draft), other, follow=True))

    assert "Эту версию вы уже сохранили в другой вкладке." in text
    assert "Оставить из этой вкладки: 40 Взять, как сохранено: 27" in text
    assert "изменили оба" not in text
    assert "другой пользователь" not in text
    assert "сохранена и правка: из другой вкладки." in merged


@pytest.mark.parametrize("seen", ["", "-1", "9" * 40, "²", "до\x00"])
def test_edition_that_no_page_sends_asks_about_every_difference(
    browser: Client, draft: IdentificationRuleSet, keeper: User, seen: str
) -> None:
    response = browser.post(edit_url(draft), {**sent(draft, keeper, year="2030"), "seen": seen})

    assert response.status_code == 409
    assert "Оставить из этой вкладки: 2030 Взять, как сохранено" in text_of(response)


def test_contradiction_of_two_editions_is_told(browser: Client, draft: IdentificationRuleSet, keeper: User) -> None:
    mine = sent(draft, keeper)
    del mine["repeat_same_procedure"]
    theirs = {**draft.parameters, "combine": "ALL"}
    edit_rule_set(rule_set=draft, content=content_of(draft, theirs), seen=0, by=make_user(), at=AT)

    response = browser.post(edit_url(draft), mine)

    assert response.status_code == 409
    assert "опирается на повтор процедуры" in text_of(response, "#id_combine_error")


def test_version_used_meanwhile_is_saved_as_a_new_one(
    browser: Client, draft: IdentificationRuleSet, keeper: User
) -> None:
    data = sent(draft, keeper, share_threshold_pct="40")
    use_rule_set(rule_set=draft, at=AT)

    refused = browser.post(edit_url(draft), data)
    saved = browser.post(edit_url(draft), {**data, "as_new": "1"}, follow=True)

    third = IdentificationRuleSet.objects.get(version=3)
    assert refused.status_code == 409
    assert "Введённое осталось на странице." in text_of(refused)
    assert soup_of(refused).select_one("#id_share_threshold_pct")["value"] == "40"  # type: ignore[index]
    assert "Сохранено: RU-2025, версия 3." in text_of(saved)
    assert third.rules.share_threshold_pct == 40
    assert third.based_on == draft
    draft.refresh_from_db()
    assert draft.rules.share_threshold_pct == 30


def test_editor_of_a_version_that_does_not_change_leads_to_it(browser: Client, draft: IdentificationRuleSet) -> None:
    source = draft.based_on
    assert source

    response = browser.get(edit_url(source), follow=True)

    assert response.redirect_chain == [(source.get_absolute_url(), 302)]
    assert "Создайте новую" in text_of(response)


def test_editor_costs_a_fixed_number_of_queries(
    browser: Client, draft: IdentificationRuleSet, region: Territory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(edit_url(draft))
    with django_assert_num_queries(EDITOR_QUERIES):
        browser.get(edit_url(draft))
    for number in range(5):
        make_act(territory=region, number=str(number))
    with django_assert_num_queries(EDITOR_QUERIES):
        browser.get(edit_url(draft))


@pytest.mark.parametrize("value", ["", "a\x00b", "я" * 10_000, "9" * 30, "-1", "1e309", "NaN", "VPR-RU-99", "XXX-RU-5"])
@pytest.mark.parametrize("page", ["edit", "words"])
def test_hostile_values_in_every_field_are_refused_in_words(
    browser: Client, draft: IdentificationRuleSet, keeper: User, value: str, page: str
) -> None:
    data = dict.fromkeys(sent(draft, keeper), value) | {"relative_rule-on": "on", "ranking_rule-on": "on"}
    data |= {"trend_rule-on": "on", "seen": value, "add": value} if page == "words" else {"trend_rule-on": "on"}

    response = browser.post(edit_url(draft) if page == "edit" else words_url(draft), data)

    assert response.status_code == (422 if page == "edit" else 200)
    draft.refresh_from_db()
    assert draft.edition == 0


def test_keeper_without_a_territory_has_no_documents_to_write_down(
    sign_in: SignIn, draft: IdentificationRuleSet, region: Territory
) -> None:
    keeper = make_user()
    keeper.memberships.create(role=Role.REGIONAL_ADMIN, school=make_low_school(territory=make_territory(parent=region)))

    assert sign_in(keeper).get(edit_url(draft)).status_code == 403


# Words


def test_words_follow_the_form_and_store_nothing(browser: Client, draft: IdentificationRuleSet, keeper: User) -> None:
    response = browser.post(words_url(draft), sent(draft, keeper, share_threshold_pct="27,5"), headers=HTMX)

    text = response.content.decode().replace(NBSP, " ")
    assert "доля низких результатов 27,50 % или больше" in text
    assert 'id="id_combine_error" hx-swap-oob="true"' in text
    draft.refresh_from_db()
    assert draft.edition == 0


def test_words_tell_a_contradiction_at_its_field(browser: Client, draft: IdentificationRuleSet, keeper: User) -> None:
    data = sent(draft, keeper, combine="ALL")
    del data["repeat_same_procedure"]

    page = soup_of(browser.post(words_url(draft), data, headers=HTMX))

    assert "Правило пока не применить." in page.text
    place = page.select_one("#id_combine_error")
    assert place
    assert "«нужны оба» опирается на повтор процедуры" in place.text
    assert "repeat_same_procedure" not in page.text


def test_words_warn_of_a_gap_and_of_a_text_that_is_no_longer_true(
    browser: Client, draft: IdentificationRuleSet, keeper: User
) -> None:
    raised = sent(draft, keeper, share_threshold_pct="45,5", min_participants="99999")

    text = text_of(browser.post(words_url(draft), raised), ".note")

    assert "Группа риска кончается на 30 %, а порог 45,50 %" in text
    assert "Учитываются только работы, где не меньше 99" in text
    assert "«Происхождение параметров» — текст версии «RU-2025, версия 1»" in text
    assert "note-warn" not in browser.post(words_url(draft), sent(draft, keeper)).content.decode()


def test_saved_version_keeps_its_warnings_on_its_page(
    browser: Client, draft: IdentificationRuleSet, keeper: User
) -> None:
    browser.post(edit_url(draft), sent(draft, keeper, min_procedures="99"))

    assert "условие 1 невыполнимо" in text_of(browser.get(draft.get_absolute_url()), ".note-warn")


def test_words_of_a_rule_chosen_for_a_run(browser: Client, draft: IdentificationRuleSet) -> None:
    words = reverse("identification:rule_words")

    shown = browser.get(words, {"rule_set": str(draft.pk)}).content.decode()

    assert "Школа попадает в перечень" in shown
    assert "Это черновик: после расчёта он не меняется." in shown
    for nothing in ("", "забор", "\x00", draft.history.get().history_id):
        response = browser.get(words, {"rule_set": str(nothing)})
        assert response.status_code == 200
        assert "Школа попадает" not in response.content.decode()


# Side by side


def test_two_versions_side_by_side_show_what_differs(
    browser: Client, draft: IdentificationRuleSet, keeper: User
) -> None:
    browser.post(edit_url(draft), sent(draft, keeper, share_threshold_pct="35", justification="По опыту года"))
    query = {"first": str(draft.based_on_id), "second": str(draft.pk)}

    differing, everything = browser.get(COMPARE, query), browser.get(COMPARE, {**query, "everything": "1"})

    rows = [row.get_text(" ", strip=True).replace(NBSP, " ") for row in soup_of(differing).select("tbody tr:not(.grp)")]
    assert rows == [
        "Обоснование изменений не указано По опыту года Отличается",
        "Доля низких результатов не менее 30,00 % 35,00 % Отличается",
    ]
    assert "2 отличия" in text_of(differing)
    assert "Участников не менее 1 1 Одинаково" in text_of(everything)
    assert text_of(differing).count("Отличается: Школа попадает в перечень") == 2


def test_comparison_leads_to_the_conclusions_of_both_versions(
    browser: Client, draft: IdentificationRuleSet, region: Territory
) -> None:
    territory, query = make_territory(parent=region), {"first": str(draft.based_on_id), "second": str(draft.pk)}
    make_low_school(territory=territory)
    first = make_run(territory=territory)
    assert "Сравнить выводы" not in text_of(browser.get(COMPARE, query))
    second = run_identification(rule_set=draft, territory=territory, year=2026, by=None, at=AT)

    (link,) = soup_of(browser.get(COMPARE, query)).select(f"a[href^='{reverse('identification:compare')}?']")

    url = str(link["href"])
    assert url.endswith(f"?before={first.pk}&after={second.pk}")
    assert browser.get(url).status_code == 200


def test_equal_versions_have_no_differences(browser: Client, draft: IdentificationRuleSet) -> None:
    text = text_of(browser.get(COMPARE, {"first": str(draft.pk), "second": str(draft.pk)}))

    assert "Отличий нет" in text
    assert "Параметры и сведения двух версий совпадают." in text


@pytest.mark.parametrize("query", [{}, {"first": ""}, {"first": "забор"}, {"first": "\x00", "second": "\x00"}])
def test_comparison_asks_for_both_versions(
    browser: Client, draft: IdentificationRuleSet, query: dict[str, str]
) -> None:
    response = browser.get(COMPARE, query)

    assert response.status_code == (422 if query.get("first") else 200)
    assert "Первая версия" in text_of(response)
    assert ("Выберите обе версии." in text_of(response)) is (query == {"first": ""})


def test_comparison_costs_the_same_for_more_versions(
    browser: Client, draft: IdentificationRuleSet, keeper: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    query = {"first": str(draft.based_on_id), "second": str(draft.pk)}
    browser.get(COMPARE, query)
    with django_assert_num_queries(COMPARE_QUERIES):
        browser.get(COMPARE, query)
    load_rule_sets(by=None)
    draft_rule_set(source=draft, by=keeper, at=AT)
    with django_assert_num_queries(COMPARE_QUERIES):
        browser.get(COMPARE, query)


@pytest.mark.parametrize("button", [{}, {"as_new": "1"}], ids=["saved", "saved as new"])
def test_document_stored_meanwhile_under_another_title_is_told_at_its_field(
    *,
    button: dict[str, str],
    browser: Client,
    draft: IdentificationRuleSet,
    keeper: User,
    region: Territory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act = {"act-kind": "order", "act-number": "77", "act-date": "2026-06-20", "act-issuer_genitive": "министерства"}
    sent_act = {**act, "act-title": "О методике"}
    store_meanwhile(monkeypatch, region, sent_act)

    response = browser.post(edit_url(draft), sent(draft, keeper, title="Своё") | sent_act | button)

    assert_told_at_title(response, "О методике")
    assert soup_of(response).select_one("#id_title")["value"] == "Своё"  # type: ignore[index]
    assert IdentificationRuleSet.objects.get(edition=0, version=2) == draft
