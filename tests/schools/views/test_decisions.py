"""Deciding on a page, and the explanation for a school."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.identification import decide, run_identification
from schools.actions.lists import cancel_list
from schools.actions.reorganisation import register_anew
from schools.choices import Decision
from schools.models import IdentificationRun, LegalAct, SchoolList, SchoolVerdict
from schools.views.run_page import run_url
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.lists import (
    AT,
    REASON,
    make_exclusion,
    make_low_school,
    make_order,
    make_published_list,
    make_quiet_school,
    make_run,
)
from tests.factories.schools import make_actor, make_inn, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
INDEX = "/identification/"


@pytest.fixture
def run() -> IdentificationRun:
    territory = make_territory()
    make_low_school(territory=territory, name="А-низкая")
    make_low_school(territory=territory, name="Б-низкая")
    make_quiet_school(territory=territory, name="Обычная")
    return make_run(territory=territory)


@pytest.fixture
def browser(sign_in: SignIn, run: IdentificationRun) -> Client:
    return sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=run.territory))


def verdict_of(run: IdentificationRun, name: str = "А-низкая") -> SchoolVerdict:
    return run.verdicts.get(school__name=name)


def decide_url(verdict: SchoolVerdict) -> str:
    return reverse("identification:decide", args=[verdict.pk])


def words(content: bytes) -> str:
    text = BeautifulSoup(content, "html.parser").get_text(" ").replace(NBSP, " ")
    return " ".join(text.split())


def test_including_opens_the_next_school(browser: Client, run: IdentificationRun) -> None:
    response = browser.post(decide_url(verdict_of(run)), {"decision": "included"})

    following = verdict_of(run, "Б-низкая")
    assert response.headers["Location"] == f"{run.get_absolute_url()}?school={following.school_id}#why-school"
    assert verdict_of(run).decision == Decision.INCLUDED
    assert "А-низкая: включена. Сохранено в" in words(browser.get(response.headers["Location"]).content)


def told_in_card(content: bytes) -> str:
    """Return the messages of the card, the only ones of the page."""
    page = BeautifulSoup(content, "html.parser")
    assert len(page.select("#messages")) == 1
    told = page.select_one("#why-school > #messages")
    return words(told.encode()) if told else ""


def test_decision_is_told_in_the_card_of_the_next_school(browser: Client, run: IdentificationRun) -> None:
    """On a phone the card is several screens below the beginning of the page."""
    response = browser.post(decide_url(verdict_of(run)), {"decision": "included"})

    assert "А-низкая: включена. Сохранено в" in told_in_card(browser.get(response.headers["Location"]).content)


def test_last_decision_stays_at_its_school_and_shows_what_was_stored(browser: Client, run: IdentificationRun) -> None:
    browser.post(decide_url(verdict_of(run)), {"decision": "included"})
    last = verdict_of(run, "Б-низкая")

    response = browser.post(decide_url(last), {"decision": "included"})

    assert response.headers["Location"] == f"{run.get_absolute_url()}?school={last.school_id}#why-school"
    assert "Других школ без решения нет." in told_in_card(browser.get(response.headers["Location"]).content)


def stamp_on_page(content: bytes) -> str:
    field = BeautifulSoup(content, "html.parser").select_one("#dec-form input[name=seen]")
    return str(field["value"]) if field else "no field"


def test_decision_of_a_colleague_is_shown_before_it_is_replaced(browser: Client, run: IdentificationRun) -> None:
    verdict = verdict_of(run)
    seen = stamp_on_page(browser.get(f"{run.get_absolute_url()}?school={verdict.school_id}").content)
    browser.post(decide_url(verdict), {"decision": "included", "seen": seen})
    mine = {"decision": "excluded", "reason": "special", "text": REASON}

    refused = browser.post(decide_url(verdict), {**mine, "seen": seen})

    assert refused.status_code == 422
    assert "Пока вы смотрели страницу, решение уже сохранено: включена" in words(refused.content)
    assert REASON in words(refused.content)
    assert verdict_of(run).decision == Decision.INCLUDED
    browser.post(decide_url(verdict), {**mine, "seen": stamp_on_page(refused.content)})
    assert verdict_of(run).decision == Decision.EXCLUDED


def test_excluding_stores_the_reason(browser: Client, run: IdentificationRun) -> None:
    browser.post(decide_url(verdict_of(run)), {"decision": "excluded", "reason": "special", "text": REASON})

    verdict = verdict_of(run)
    assert (verdict.decision, verdict.decision_text) == (Decision.EXCLUDED, REASON)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param({}, "Выберите решение.", id="nothing"),
        pytest.param({"decision": "burnt"}, "Выберите решение из предложенных.", id="unknown"),
        pytest.param({"decision": "excluded", "reason": "special", "text": "Коротко"}, "Сейчас 7.", id="short"),
        pytest.param({"decision": "excluded", "text": REASON}, "Выберите причину из списка.", id="no reason"),
        pytest.param(
            {"decision": "excluded", "reason": "upper_list", "text": REASON},
            "Выберите причину из списка.",
            id="reason of inclusion",
        ),
    ],
)
def test_incomplete_decision_is_refused_in_place(
    browser: Client,
    run: IdentificationRun,
    data: dict[str, str],
    message: str,
) -> None:
    response = browser.post(decide_url(verdict_of(run)), data)

    assert response.status_code == 422
    assert message in words(response.content)
    assert verdict_of(run).decision == Decision.WAITING


def test_typed_text_is_kept_when_refused(browser: Client, run: IdentificationRun) -> None:
    response = browser.post(
        decide_url(verdict_of(run, "Б-низкая")),
        {"decision": "excluded", "reason": "other", "text": "Набранный текст"},
    )

    page = BeautifulSoup(response.content, "html.parser")
    card = page.select_one("#why-school")
    assert card is not None
    assert "Б-низкая" in card.get_text()
    assert page.select_one("#dec-form textarea").get_text(strip=True) == "Набранный текст"  # type: ignore[union-attr]


def test_refused_decision_opens_the_segment_of_its_school(browser: Client, run: IdentificationRun) -> None:
    response = browser.post(decide_url(verdict_of(run, "Обычная")), {"decision": "included"})

    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 422
    assert page.select_one("main .seg [aria-current]").get_text(" ", strip=True) == "Остальные 1"  # type: ignore[union-attr]


def test_school_is_included_against_the_rule(browser: Client, run: IdentificationRun) -> None:
    data = {"decision": "included", "reason": "commission", "text": REASON}

    browser.post(decide_url(verdict_of(run, "Обычная")), data)

    assert verdict_of(run, "Обычная").is_manual


def test_decision_is_refused_after_publication(browser: Client, run: IdentificationRun) -> None:
    make_published_list(run)

    response = browser.post(decide_url(verdict_of(run)), {"decision": "postponed"})

    assert response.status_code == 422
    assert verdict_of(run).decision == Decision.INCLUDED


def test_chosen_schools_are_included_together(browser: Client, run: IdentificationRun) -> None:
    chosen = [str(each.pk) for each in run.verdicts.all()]

    response = browser.post(
        reverse("identification:include", args=[run.pk]), {"verdict": [*chosen, "forged"], "decision": "included"}
    )

    assert "Включено в список: 2 школы." in words(browser.get(response.headers["Location"]).content)
    assert run.verdicts.included().count() == 2


def test_all_that_wait_are_postponed_at_once(browser: Client, run: IdentificationRun) -> None:
    response = browser.post(reverse("identification:include", args=[run.pk]), {"all": "1", "decision": "postponed"})

    assert "Отложено: 2 школы." in words(browser.get(response.headers["Location"]).content)
    assert run.verdicts.filter(decision=Decision.POSTPONED).count() == 2


def test_chosen_schools_are_excluded_with_one_reason(browser: Client, run: IdentificationRun) -> None:
    data = {"verdict": [verdict_of(run).pk], "decision": "excluded", "reason": "small_sample", "text": REASON}

    browser.post(reverse("identification:include", args=[run.pk]), data)

    assert verdict_of(run).decision_text == REASON
    assert verdict_of(run, "Б-низкая").decision == Decision.WAITING


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param({}, "Выберите решение.", id="no decision"),
        pytest.param({"decision": "waiting"}, "Выберите решение из предложенных.", id="not for many"),
        pytest.param({"decision": "excluded"}, "Выберите причину из списка.", id="no reason"),
        pytest.param({"decision": "excluded", "reason": "other", "text": "Так"}, "Сейчас 3.", id="short"),
    ],
)
def test_incomplete_decision_on_many_changes_none(
    browser: Client, run: IdentificationRun, data: dict[str, str], message: str
) -> None:
    response = browser.post(reverse("identification:include", args=[run.pk]), {"all": "1", **data})

    assert response.status_code == 422
    assert message in words(response.content)
    assert not run.verdicts.exclude(decision=Decision.WAITING).exists()


def errors_of(content: bytes, form: str) -> list[str]:
    page = BeautifulSoup(content, "html.parser")
    return [words(each.encode()) for each in page.select(f"{form} [data-error-summary] li")]


EVERYTHING_LACKING = [
    "Причина : Выберите причину из списка.",
    "Обоснование : Обоснование войдёт в протокол: напишите не менее 50 знаков. Сейчас 7.",
    "Дата : Укажите дату документа.",
]


def test_exclusion_of_many_is_told_everything_it_lacks_at_once(browser: Client, run: IdentificationRun) -> None:
    data = {"all": "1", "decision": "excluded", "text": " Коротко", **BULK_DOCUMENT, "bulk-date": ""}

    response = browser.post(reverse("identification:include", args=[run.pk]), data)

    assert errors_of(response.content, "[data-bulk]") == EVERYTHING_LACKING
    assert "<title>Ошибка: Школы с низкими результатами" in response.content.decode()


def test_exclusion_is_told_everything_it_lacks_at_once(browser: Client, run: IdentificationRun) -> None:
    data = {"decision": "excluded", "text": " Коротко", **DOCUMENT, "act-date": ""}

    response = browser.post(decide_url(verdict_of(run)), data)

    assert errors_of(response.content, "#dec-form") == EVERYTHING_LACKING


def test_decision_on_nobody_is_refused_in_sight(browser: Client, run: IdentificationRun) -> None:
    response = browser.post(reverse("identification:include", args=[run.pk]), {"decision": "postponed"})

    assert response.status_code == 422
    assert errors_of(response.content, "[data-bulk]:not([hidden])") == [
        "Отметьте хотя бы одну школу: решение принимают по отмеченным."
    ]


def test_refused_decision_on_many_keeps_who_was_chosen_and_what_was_typed(
    browser: Client, run: IdentificationRun
) -> None:
    chosen, other = verdict_of(run), verdict_of(run, "Б-низкая")
    data = {"verdict": [chosen.pk], "decision": "excluded", "text": REASON}

    response = browser.post(f"{reverse('identification:include', args=[run.pk])}?segment=listed", data)

    page = BeautifulSoup(response.content, "html.parser")
    ticked = {box["value"]: box.has_attr("checked") for box in page.select("input[data-row]")}
    assert ticked == {str(chosen.pk): True, str(other.pk): False}
    assert page.select_one("#bulk-text").text.strip() == REASON  # type: ignore[union-attr]
    assert page.select_one("[data-bulk] details").has_attr("open")  # type: ignore[union-attr]
    assert "Причина : Выберите причину из списка." in words(response.content)


DOCUMENT = {"act-kind": "protocol", "act-issuer_genitive": "комиссии", "act-date": "2026-10-14", "act-number": "7"}


def test_decision_on_schools_that_are_decided_is_no_success(browser: Client, run: IdentificationRun) -> None:
    browser.post(decide_url(verdict_of(run)), {"decision": "included"})
    data = {"verdict": [verdict_of(run).pk], "decision": "excluded", "reason": "special", "text": REASON}

    response = browser.post(reverse("identification:include", args=[run.pk]), data)

    assert response.status_code == 422
    assert "Никто не изменён: решения по выбранным школам уже приняты." in words(response.content)
    assert verdict_of(run).decision == Decision.INCLUDED


def test_decision_rests_on_a_document(browser: Client, run: IdentificationRun) -> None:
    data = {"decision": "excluded", "reason": "special", "text": REASON, **DOCUMENT, "act-title": "О школах"}

    response = browser.post(decide_url(verdict_of(run)), data)

    assert str(verdict_of(run).decision_document) == "протокол комиссии от 14.10.2026 №\u00a07"
    page = browser.get(f"{run.get_absolute_url()}?school={verdict_of(run).school_id}")
    assert response.status_code == 302
    assert "Документ: протокол комиссии от 14.10.2026 № 7" in words(page.content)


def test_document_of_a_decision_stays_when_its_text_is_mended(browser: Client, run: IdentificationRun) -> None:
    data = {"decision": "excluded", "reason": "special", "text": REASON}
    browser.post(decide_url(verdict_of(run)), {**data, **DOCUMENT, "act-title": "О школах"})
    page = browser.get(f"{run.get_absolute_url()}?school={verdict_of(run).school_id}").content

    fields = BeautifulSoup(page, "html.parser").select("#dec-form [name^=act-]")
    shown = {field["name"]: field.get("value") or field.text for field in fields if field.name == "input"}
    browser.post(decide_url(verdict_of(run)), {**data, "text": f"{REASON} Уточнено.", **DOCUMENT, **shown})

    assert shown["act-number"] == "7"
    assert str(verdict_of(run).decision_document) == "протокол комиссии от 14.10.2026 №\u00a07"
    assert LegalAct.objects.count() == 1


def test_decision_that_goes_with_the_rule_rests_on_nothing(browser: Client, run: IdentificationRun) -> None:
    data = {"reason": "special", "text": REASON, **DOCUMENT, "act-title": "О школах"}
    browser.post(decide_url(verdict_of(run)), {"decision": "excluded", **data})

    browser.post(decide_url(verdict_of(run)), {"decision": "included", **data})

    assert (verdict_of(run).decision_text, verdict_of(run).decision_document) == ("", None)


def test_fault_in_the_document_is_told_above_the_form(browser: Client, run: IdentificationRun) -> None:
    data = {"decision": "excluded", "reason": "special", "text": REASON, **DOCUMENT, "act-date": ""}

    response = browser.post(decide_url(verdict_of(run)), data)

    (summary,) = BeautifulSoup(response.content, "html.parser").select("#dec-form [data-error-summary]")
    assert "Дата : Укажите дату документа." in words(str(summary).encode())


def test_document_by_half_is_refused_in_place(browser: Client, run: IdentificationRun) -> None:
    response = browser.post(decide_url(verdict_of(run)), {"decision": "included", "act-number": "7"})

    assert response.status_code == 422
    assert "Укажите дату документа." in words(response.content)
    assert verdict_of(run).decision == Decision.WAITING


def test_chosen_schools_are_refused_after_publication(browser: Client, run: IdentificationRun) -> None:
    make_published_list(run)
    SchoolVerdict.objects.filter(pk=verdict_of(run).pk).update(
        decision=Decision.WAITING,
        decided_at=None,
        decided_by=None,
    )

    data = {"verdict": [verdict_of(run).pk], "decision": "included"}
    response = browser.post(reverse("identification:include", args=[run.pk]), data)

    assert "решения не меняются" in words(browser.get(response.headers["Location"]).content)


def undo_url(browser: Client, run: IdentificationRun) -> str:
    """Decide on all that wait; return the address that the message leads to."""
    response = browser.post(reverse("identification:include", args=[run.pk]), {"all": "1", "decision": "included"})
    page = BeautifulSoup(browser.get(response.headers["Location"]).content, "html.parser")
    (form,) = page.select("#messages form")
    assert words(form.encode()) == "Отменить"
    return str(form["action"])


def test_decision_on_many_is_taken_back_from_its_message(browser: Client, run: IdentificationRun) -> None:
    response = browser.post(undo_url(browser, run))

    assert "Отменено решение по 2 школам." in words(browser.get(response.headers["Location"]).content)
    assert not run.verdicts.exclude(decision=Decision.WAITING).exists()


def test_what_was_decided_anew_stays_and_is_told(browser: Client, run: IdentificationRun) -> None:
    url = undo_url(browser, run)
    browser.post(decide_url(verdict_of(run)), {"decision": "postponed"})

    response = browser.post(url)

    text = words(browser.get(response.headers["Location"]).content)
    assert "Отменено решение по 1 школе. По 1 школе решение с тех пор изменено: оно осталось." in text
    assert verdict_of(run).decision == Decision.POSTPONED


def test_decisions_of_a_closed_list_are_not_taken_back(browser: Client, run: IdentificationRun) -> None:
    url = undo_url(browser, run)
    make_published_list(run)

    response = browser.post(url)

    assert "решения не меняются" in words(browser.get(response.headers["Location"]).content)
    assert run.verdicts.included().count() == 2


@pytest.mark.parametrize("stamp", ["forged", "2026-10-14T10:00:00"])
def test_forged_moment_takes_nothing_back(browser: Client, run: IdentificationRun, stamp: str) -> None:
    assert browser.post(reverse("identification:take_back", args=[run.pk, stamp])).status_code == 404


@pytest.mark.parametrize("role", [Role.METHODIST, Role.OBSERVER])
def test_those_who_only_look_may_not_decide(run: IdentificationRun, sign_in: SignIn, role: Role) -> None:
    client = sign_in(make_user(role=role, territory=run.territory))

    assert client.post(decide_url(verdict_of(run)), {"decision": "included"}).status_code == 403
    assert client.post(reverse("identification:include", args=[run.pk])).status_code == 403
    assert client.post(reverse("identification:take_back", args=[run.pk, AT.isoformat()])).status_code == 403


def test_neighbour_cannot_decide(run: IdentificationRun, sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    assert client.post(decide_url(verdict_of(run)), {"decision": "included"}).status_code == 404
    assert client.post(reverse("identification:include", args=[run.pk])).status_code == 404
    assert client.post(reverse("identification:take_back", args=[run.pk, AT.isoformat()])).status_code == 404


# The explanation for the school


def test_school_reads_why_it_is_in_the_list(run: IdentificationRun, sign_in: SignIn) -> None:
    make_published_list(run)
    verdict = verdict_of(run)
    director = make_user(role=Role.SCHOOL_ADMIN, school=verdict.school)

    text = words(sign_in(director).get(verdict.get_absolute_url()).content)

    assert "Почему в списке: А-низкая" in text
    assert "Перечень утверждён приказом от 15.10.2026 № 418" in text
    assert "ВПР, русский язык, 5 класс, 2026 год: низкий результат у 20 из 40 участников (50,00 %)." in text
    assert "Сохранить" not in text


def test_school_that_the_rule_does_not_name_waits_for_no_decision(browser: Client, run: IdentificationRun) -> None:
    quiet = verdict_of(run, "Обычная")

    printed = words(browser.get(quiet.get_absolute_url()).content)

    assert "Решение: не требуется" in printed
    assert "ждёт решения" not in printed
    assert "Решение: ждёт решения" in words(browser.get(verdict_of(run).get_absolute_url()).content)


def test_school_reads_nothing_before_publication(run: IdentificationRun, sign_in: SignIn) -> None:
    verdict = verdict_of(run)
    director = make_user(role=Role.SCHOOL_ADMIN, school=verdict.school)

    assert sign_in(director).get(verdict.get_absolute_url()).status_code == 404


def test_school_is_led_from_the_runs_to_its_own_page(run: IdentificationRun, sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=verdict_of(run).school))

    response = client.get(reverse("identification:runs"))

    assert (response.status_code, response.headers["Location"]) == (302, INDEX)


def test_school_reads_nothing_of_another_school(run: IdentificationRun, sign_in: SignIn) -> None:
    make_published_list(run)
    director = make_user(role=Role.SCHOOL_ADMIN, school=verdict_of(run).school)

    assert sign_in(director).get(verdict_of(run, "Б-низкая").get_absolute_url()).status_code == 404


def test_school_may_not_decide_on_itself(run: IdentificationRun, sign_in: SignIn) -> None:
    make_published_list(run)
    director = make_user(role=Role.SCHOOL_ADMIN, school=verdict_of(run).school)

    assert sign_in(director).post(decide_url(verdict_of(run)), {"decision": "postponed"}).status_code == 403


def test_explanation_leads_to_the_extract_for_the_head(browser: Client, run: IdentificationRun) -> None:
    verdict = verdict_of(run)
    url = reverse("identification:explain", args=[verdict.pk])
    assert "Выписка для руководителя" not in browser.get(url).content.decode()  # the list is not published

    make_published_list(run)

    page = BeautifulSoup(browser.get(url).content, "html.parser")
    link = next(str(a["href"]) for a in page.select("main a") if "Выписка для руководителя" in a.text)
    assert f"kind=R8S&scope=school%3A{verdict.school_id}&period=own&period_from=2026-01-01" in link
    assert f"as_of={timezone.localdate()}" in link
    assert browser.get(link).status_code == 200


def test_school_outside_the_list_is_offered_no_extract(browser: Client, run: IdentificationRun) -> None:
    make_published_list(run)

    page = words(browser.get(verdict_of(run, "Обычная").get_absolute_url()).content)

    assert "Почему не в списке: Обычная" in page
    assert "Выписк" not in page


def test_exclusion_by_an_order_stands_at_the_top(browser: Client, run: IdentificationRun) -> None:
    verdict = verdict_of(run)
    make_exclusion(make_published_list(run), verdict.school, day=date(2026, 11, 20))

    page = BeautifulSoup(browser.get(verdict.get_absolute_url()).content, "html.parser")

    top = words(str(page.select_one("section[aria-label=Вывод]")).encode())
    assert "Школа исключена из перечня с 20.11.2026 : приказ управления образования" in top
    assert "№ 901" in top


@pytest.mark.parametrize("role", [Role.MUNICIPAL_COORDINATOR, Role.SCHOOL_ADMIN])
@pytest.mark.parametrize("gone", ["annulled", "excluded"])
def test_everybody_reads_why_the_school_was_in_a_list_that_holds_it_no_more(
    role: Role, gone: str, run: IdentificationRun, sign_in: SignIn
) -> None:
    verdict = verdict_of(run)
    if gone == "annulled":
        annulled_list(run)
    else:
        make_exclusion(make_published_list(run), verdict.school, day=timezone.localdate())

    page = words(sign_in(make_actor(role, verdict.school)).get(verdict.get_absolute_url()).content)

    assert "Почему была в списке: А-низкая" in page


def test_exclusion_of_a_day_to_come_leaves_the_school_in_the_list(browser: Client, run: IdentificationRun) -> None:
    verdict = verdict_of(run)
    make_exclusion(make_published_list(run), verdict.school, day=timezone.localdate() + timedelta(days=1))

    page = words(browser.get(verdict.get_absolute_url()).content)

    assert "Почему в списке: А-низкая" in page


def test_card_of_the_run_tells_that_the_school_was_in_the_list(browser: Client, run: IdentificationRun) -> None:
    verdict = verdict_of(run)
    make_exclusion(make_published_list(run), verdict.school, day=timezone.localdate())

    page = words(browser.get(run_url(verdict)).content)

    assert "Почему была в списке: А-низкая" in page


def test_years_in_lists_of_a_former_legal_person_are_those_of_the_school(
    browser: Client, run: IdentificationRun
) -> None:
    make_published_list(run)
    keeper = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=run.territory)
    register_anew(
        school=verdict_of(run).school, inn=make_inn(5_000_778), ogrn="", on=date(2026, 9, 1), by=keeper, at=AT
    )
    anew = run_identification(rule_set=run.rule_set, territory=run.territory, year=run.year, by=keeper, at=AT)

    pages = [
        words(browser.get(url).content) for url in (verdict_of(anew).get_absolute_url(), run_url(verdict_of(anew)))
    ]

    assert ["в перечне по результатам 2026 года" in page for page in pages] == [True, True]


def annulled_list(run: IdentificationRun) -> SchoolList:
    published = make_published_list(run)
    return cancel_list(school_list=published, order=make_order(run.territory, "500"), by=make_user(), at=AT)


def test_school_of_an_annulled_list_still_reads_why_it_was_in_it(run: IdentificationRun, sign_in: SignIn) -> None:
    annulled_list(run)
    verdict = verdict_of(run)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=verdict.school))

    page, own = (words(client.get(url).content) for url in (verdict.get_absolute_url(), INDEX))
    card = words(client.get(verdict.school.get_absolute_url()).content)

    assert "Почему была в списке: А-низкая" in page
    assert "Перечень отменён приказом от 15.10.2026 № 500" in page
    assert "ВПР, русский язык, 5 класс, 2026 год: низкий результат у 20 из 40 участников (50,00 %)." in page
    assert "Перечень отменён приказом" in own
    assert "отменён: приказ управления образования" in card


def test_school_of_an_annulled_list_hears_of_no_decision_made_since(run: IdentificationRun, sign_in: SignIn) -> None:
    annulled_list(run)
    verdict = verdict_of(run)
    decide(verdict=verdict, decision=Decision.EXCLUDED, reason_code="special", text=REASON, by=make_user(), at=AT)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=verdict.school))

    pages = [
        words(client.get(url).content) for url in (verdict.get_absolute_url(), INDEX, verdict.school.get_absolute_url())
    ]

    assert [page for page in pages if "исключена" in page.lower() or REASON in page] == []


def test_school_is_told_where_its_extracts_are(run: IdentificationRun, sign_in: SignIn) -> None:
    make_published_list(run)
    verdict = verdict_of(run)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=verdict.school))

    page = client.get(reverse("identification:explain", args=[verdict.pk])).content.decode()

    assert "Выписка для руководителя" not in page
    assert "Выписку для руководителя составляет координатор." in page
    assert "Справки и выписки составляет координатор." in client.get(reverse("reports:list")).content.decode()


BULK_DOCUMENT = {name.replace("act-", "bulk-"): value for name, value in DOCUMENT.items()}


def test_exclusion_of_several_schools_rests_on_a_document(browser: Client, run: IdentificationRun) -> None:
    data = {"all": "1", "decision": "excluded", "reason": "special", "text": REASON}

    browser.post(reverse("identification:include", args=[run.pk]), {**data, **BULK_DOCUMENT, "bulk-title": "О школах"})

    documents = {str(each.decision_document) for each in run.verdicts.filter(decision="excluded")}
    assert documents == {"протокол комиссии от 14.10.2026 №\u00a07"}
    assert LegalAct.objects.count() == 1


def test_document_given_by_half_excludes_nobody_and_is_kept_to_be_mended(
    browser: Client, run: IdentificationRun
) -> None:
    data = {"all": "1", "decision": "excluded", "reason": "special", "text": REASON, "bulk-number": "7"}

    response = browser.post(reverse("identification:include", args=[run.pk]), data)

    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 422
    assert page.select_one("#id_bulk-number")["value"] == "7"  # type: ignore[index]
    assert page.select("[data-bulk] [role=alert] a[href='#id_bulk-date']")
    assert not run.verdicts.exclude(decision=Decision.WAITING).exists()


def test_document_begun_for_an_exclusion_does_not_stop_an_inclusion(browser: Client, run: IdentificationRun) -> None:
    data = {"all": "1", "decision": "included", "bulk-number": "7"}

    browser.post(reverse("identification:include", args=[run.pk]), data)

    assert run.verdicts.included().count() == 2
    assert not LegalAct.objects.exists()


def test_school_that_the_rule_does_not_name_is_put_off_on_its_card(browser: Client, run: IdentificationRun) -> None:
    quiet = verdict_of(run, "Обычная")
    page = BeautifulSoup(browser.get(f"{run.get_absolute_url()}?school={quiet.school_id}").content, "html.parser")
    buttons = [each.get_text(strip=True) for each in page.select("#why-school .card-footer button")]

    browser.post(decide_url(quiet), {"decision": "postponed"})

    assert buttons == ["Включить с обоснованием", "Отложить"]
    assert verdict_of(run, "Обычная").decision == Decision.POSTPONED


def test_all_that_wait_are_included_but_those_that_the_rule_does_not_name(
    browser: Client, run: IdentificationRun
) -> None:
    browser.post(decide_url(verdict_of(run, "Обычная")), {"decision": "postponed"})

    response = browser.post(reverse("identification:include", args=[run.pk]), {"all": "1", "decision": "included"})

    text = words(browser.get(response.headers["Location"]).content)
    assert "Включено в список: 2 школы. Остальные выбранные не изменены" in text
    assert verdict_of(run, "Обычная").decision == Decision.POSTPONED


def test_document_stored_meanwhile_under_another_title_is_told_at_its_field(
    browser: Client, run: IdentificationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"decision": "excluded", "reason": "special", "text": REASON, **DOCUMENT, "act-title": "О школах"}
    store_meanwhile(monkeypatch, run.territory, data)

    response = browser.post(decide_url(verdict_of(run)), data)

    assert_told_at_title(response, "О школах")
    assert REASON in words(response.content)
    assert verdict_of(run).decision == Decision.WAITING


def test_document_of_several_decisions_stored_meanwhile_is_told_at_its_field(
    browser: Client, run: IdentificationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"all": "1", "decision": "excluded", "reason": "special", "text": REASON, **BULK_DOCUMENT}
    sent = {**data, "bulk-title": "О школах"}
    store_meanwhile(monkeypatch, run.territory, sent, "bulk")

    response = browser.post(reverse("identification:include", args=[run.pk]), sent)

    assert_told_at_title(response, "О школах", "bulk")
    assert not run.verdicts.exclude(decision=Decision.WAITING).exists()
