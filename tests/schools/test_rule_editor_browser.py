"""The editor of rules in a real browser: words that follow the form, the keyboard, two people, an ended session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.rule_drafts import draft_rule_set
from schools.actions.rule_sets import load_rule_set
from schools.models import IdentificationRuleSet, Territory
from tests.browser import PHONE, WIDE, Person, launch_chromium
from tests.factories.lists import AT
from tests.factories.schools import make_region, make_user

pytestmark = [pytest.mark.browser, pytest.mark.engine_neutral, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def region() -> Territory:
    return make_region()


@pytest.fixture
def keeper(region: Territory) -> User:
    return make_user(role=Role.REGIONAL_ADMIN, territory=region, last_name="Егорова")


@pytest.fixture
def draft(keeper: User) -> IdentificationRuleSet:
    return draft_rule_set(source=load_rule_set(by=None), by=keeper, at=AT)


def edit_path(draft: IdentificationRuleSet) -> str:
    return f"{draft.get_absolute_url()}edit/"


def words_of(person: Person) -> Locator:
    return person.page.locator("#rule-words")


def field(person: Person, name: str) -> Locator:
    return person.page.locator(f"#id_{name}")


def save(person: Person) -> None:
    person.page.get_by_role("button", name="Сохранить черновик").click()


def test_words_follow_what_is_typed_and_say_what_contradicts(
    browser: Browser, live_server: LiveServer, keeper: User, draft: IdentificationRuleSet
) -> None:
    person = Person(browser, live_server, keeper)
    person.open(edit_path(draft))
    expect(words_of(person)).to_contain_text(f"доля низких результатов 30{NBSP}% или больше")

    field(person, "share_threshold_pct").fill("27,5")
    expect(words_of(person)).to_contain_text(f"доля низких результатов 27,50{NBSP}% или больше")
    field(person, "share_threshold_pct").press("Tab")
    expect(field(person, "min_procedures")).to_be_focused()

    field(person, "combine").select_option("ALL")
    field(person, "repeat_same_procedure").uncheck()
    expect(person.page.locator("#id_combine_error")).to_contain_text("опирается на повтор процедуры")
    expect(words_of(person)).to_contain_text("Правило пока не применить")
    field(person, "combine").select_option("C1_ONLY")
    expect(person.page.locator("#id_combine_error")).to_be_empty()
    expect(words_of(person)).to_contain_text("Школа попадает в перечень, если")
    assert person.problems == []


def test_draft_is_edited_with_the_keyboard_alone(
    browser: Browser, live_server: LiveServer, keeper: User, draft: IdentificationRuleSet
) -> None:
    person = Person(browser, live_server, keeper)
    person.open(edit_path(draft))
    press = person.page.keyboard.press

    expect(field(person, "relative_rule-cut")).to_be_hidden()
    field(person, "relative_rule-on").focus()
    press("Space")
    expect(field(person, "relative_rule-cut")).to_be_visible()
    press("Tab")
    assert person.page.evaluate("document.activeElement.name") == "relative_rule-cluster_by"
    expect(words_of(person)).to_contain_text("входит в худшую четверть похожих школ")
    box = person.page.locator("input[value='VPR-RU-4']")
    box.focus()
    press("Space")
    expect(box).not_to_be_checked()
    field(person, "title").focus()
    press("Enter")

    expect(person.page.locator("h1")).to_contain_text("RU-2025")
    expect(person.page.get_by_text("Сохранено: RU-2025, версия 2.")).to_be_visible()
    draft.refresh_from_db()
    assert draft.rules.relative_rule is not None
    assert ("VPR", "RU", 4) not in draft.rules.procedures
    assert person.problems == []


def test_subject_is_added_to_the_matrix_and_nothing_typed_is_lost(
    browser: Browser, live_server: LiveServer, keeper: User, draft: IdentificationRuleSet
) -> None:
    person = Person(browser, live_server, keeper, size=PHONE)
    person.open(edit_path(draft))

    field(person, "title").fill("Своё правило")
    person.page.locator("#more-VPR").select_option("IS")
    person.page.get_by_role("button", name="Добавить строку для ВПР").click()
    added = person.page.locator("input[value='VPR-IS-4']")
    expect(added).to_be_focused()
    expect(field(person, "title")).to_have_value("Своё правило")
    added.check()
    field(person, "year").fill("")
    title = person.page.title()
    save(person)
    expect(person.page.locator("[data-error-summary]")).to_be_focused()
    expect(person.page).to_have_title(f"Ошибка: {title}")
    expect(added).to_be_checked()
    field(person, "year").fill("2026")
    save(person)

    expect(person.page.get_by_text("Сохранено: RU-2025, версия 2.")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.title, draft.year) == ("Своё правило", 2026)
    assert ("VPR", "IS", 4) in draft.rules.procedures
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_every_grade_is_in_sight_without_scrolling_sideways(
    browser: Browser, live_server: LiveServer, keeper: User, draft: IdentificationRuleSet, size: dict[str, int]
) -> None:
    person = Person(browser, live_server, keeper, size=size)
    person.open(edit_path(draft))
    person.page.locator("summary", has_text="НИКО").click()
    boxes = person.page.locator("input[value^='NIKO-RU-'], input[value^='VPR-RU-']")

    places = [box.bounding_box() for box in boxes.all()]

    assert len(places) == 11 + 7
    assert all(place and place["x"] >= 0 and place["x"] + place["width"] <= size["width"] for place in places)
    assert person.page.locator(".rule-subject").evaluate_all(
        "rows => rows.every(row => row.scrollWidth <= row.clientWidth)"
    )
    last = person.page.locator("input[value='NIKO-RU-11']")
    last.focus()
    person.page.keyboard.press("Space")
    expect(last).to_be_checked()


def test_work_that_the_editor_does_not_know_goes_only_when_it_is_taken_out(
    browser: Browser, live_server: LiveServer, keeper: User, draft: IdentificationRuleSet
) -> None:
    parameters = draft.rules.to_parameters()
    parameters["procedures"].append({"kind": "ЦКР", "subject": "RU", "grade": 5})
    parameters["low_definition"]["ЦКР"] = "MARK_2"
    draft.parameters = parameters
    draft.save()
    person = Person(browser, live_server, keeper)
    person.open(edit_path(draft))
    box = person.page.get_by_label("ЦКР, русский язык, 5 класс")

    expect(person.page.get_by_text("Вид работы ЦКР редактор не знает")).to_be_visible()
    expect(box).to_be_checked()
    field(person, "year").fill("2026")
    save(person)
    expect(person.page.get_by_text("Сохранено: RU-2025, версия 2.")).to_be_visible()
    draft.refresh_from_db()
    assert ("ЦКР", "RU", 5) in draft.rules.procedures

    person.open(edit_path(draft))
    box.uncheck()
    save(person)
    expect(person.page.get_by_text("Сохранено: RU-2025, версия 2.")).to_be_visible()
    draft.refresh_from_db()
    assert ("ЦКР", "RU", 5) not in draft.rules.procedures
    assert person.problems == []


def test_two_people_see_both_values_and_lose_nothing(
    browser: Browser, live_server: LiveServer, region: Territory, keeper: User, draft: IdentificationRuleSet
) -> None:
    first = Person(browser, live_server, keeper)
    second = Person(browser, live_server, make_user(role=Role.REGIONAL_ADMIN, territory=region, last_name="Фомина"))
    first.open(edit_path(draft))
    second.open(edit_path(draft))

    field(second, "share_threshold_pct").fill("25")
    field(second, "min_participants").fill("10")
    save(second)
    expect(second.page.get_by_text("Сохранено")).to_be_visible()
    field(first, "share_threshold_pct").fill("40")
    field(first, "year").fill("2026")
    save(first)

    clash = first.page.get_by_role("group", name="Доля низких результатов не менее")
    expect(clash).to_contain_text("Оставить ваше: 40")
    expect(clash).to_contain_text("Фомина")
    expect(field(first, "min_participants")).to_have_value("10")
    expect(field(first, "year")).to_have_value("2026")
    clash.get_by_label("Взять, как сохранено").check()
    save(first)

    expect(first.page.get_by_text("Сохранено: RU-2025, версия 2.")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.year, draft.rules.min_participants) == (2026, 10)
    assert draft.rules.share_threshold_pct == 25
    assert first.problems == second.problems == []


def test_what_is_typed_outlives_an_ended_session(
    browser: Browser, live_server: LiveServer, keeper: User, draft: IdentificationRuleSet
) -> None:
    person = Person(browser, live_server, keeper)
    person.open(edit_path(draft))
    person.sign_out()

    field(person, "justification").fill("Текст, который нельзя потерять")
    save(person)
    expect(person.page.locator("#notices")).to_contain_text("Сессия закончилась")
    expect(field(person, "justification")).to_have_value("Текст, который нельзя потерять")
    person.sign_in()
    save(person)

    expect(person.page.get_by_text("Сохранено: RU-2025, версия 2.")).to_be_visible()
    draft.refresh_from_db()
    assert draft.justification == "Текст, который нельзя потерять"
