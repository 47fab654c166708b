"""The editable table in a real browser: two people in one cell, keyboard, paste, an ended session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from roadmaps.models import Measure, Roadmap
from tests.browser import PHONE, Person, launch_chromium
from tests.factories.roadmaps import keeper_of, make_roadmap, territory_of
from tests.factories.schools import make_user

pytestmark = [pytest.mark.browser, pytest.mark.engine_neutral, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def roadmap() -> Roadmap:
    return make_roadmap(measures=4)


def test_two_people_in_one_cell_see_both_values_and_lose_nothing(
    browser: Browser, live_server: LiveServer, roadmap: Roadmap
) -> None:
    first = Person(browser, live_server, keeper_of(roadmap))
    colleague = make_user(last_name="Егорова")
    colleague.memberships.create(role="methodist", territory=territory_of(roadmap))
    second = Person(browser, live_server, colleague)
    first.open(roadmap.get_absolute_url())
    second.open(roadmap.get_absolute_url())

    second.type_in("term", "25.12.2026")
    expect(second.state).to_contain_text("Сохранено")
    first.type_in("responsible", "Фомина Е. Ю.")
    expect(first.state).to_contain_text("Сохранено")
    expect(first.cell("term")).to_have_value("25.12.2026")
    second.type_in("term", "20.12.2026")
    expect(second.cell("term")).to_have_class("q num d-print-none saved")
    first.type_in("term", "15.12.2026")

    expect(first.page.get_by_role("alert").filter(has_text="Срок 1.1 изменили")).to_contain_text("Егорова")
    expect(first.cell("term")).to_have_value("15.12.2026")
    first.page.get_by_role("button", name="Оставить 15.12.2026").click()
    expect(first.page.get_by_text("изменили, пока вы")).to_have_count(0)
    assert str(Measure.objects.get(number="1.1").due_date) == "2026-12-15"
    assert Measure.objects.get(number="1.1").responsible == "Фомина Е. Ю."
    assert first.problems == second.problems == []


@pytest.mark.parametrize(
    ("choice", "kept"), [("Оставить моё", "С 42 % до 30 %"), ("Взять записанное", "С 42 % до 20 %")]
)
def test_two_people_in_one_aim_see_both_texts_and_choose(
    browser: Browser, live_server: LiveServer, roadmap: Roadmap, choice: str, kept: str
) -> None:
    first, second = (Person(browser, live_server, keeper_of(roadmap)) for _ in range(2))
    first.open(roadmap.get_absolute_url())
    second.open(roadmap.get_absolute_url())
    second.type_in("objective", "С 42 % до 20 %")
    expect(second.state).to_contain_text("Сохранено")

    first.type_in("objective", "С 42 % до 30 %")

    expect(first.page.get_by_role("alert").filter(has_text="Цель раздела изменили")).to_contain_text("С 42 % до 20 %")
    expect(first.cell("objective")).to_have_value("С 42 % до 30 %")
    first.page.get_by_role("button", name=choice).click()
    expect(first.page.get_by_text("изменили, пока вы")).to_have_count(0)
    expect(first.cell("objective")).to_have_value(kept)
    expect(first.page.locator("[data-unsaved]")).to_have_count(0)
    assert roadmap.sections.all()[0].objective == kept
    first.type_in("objective", "С 42 % до 25 %")  # what stands now is what was seen
    expect(first.cell("objective")).to_have_class("q d-print-none saved")
    assert first.problems == second.problems == []


def test_keyboard_moves_in_a_column_and_escape_restores(
    browser: Browser, live_server: LiveServer, roadmap: Roadmap
) -> None:
    person = Person(browser, live_server, keeper_of(roadmap))
    person.open(roadmap.get_absolute_url())

    person.cell("term").focus()
    for key, expected in (
        ("Enter", "Срок 1.2"),
        ("ArrowDown", "Срок 1.3"),
        ("ArrowUp", "Срок 1.2"),
        ("Tab", "Ответственный 1.2"),
    ):
        person.page.keyboard.press(key)
        assert person.focused == expected
    person.page.keyboard.type("лишнее")
    person.page.keyboard.press("Escape")

    expect(person.cell("responsible", 1)).to_have_value("Лапина Н. С.")
    assert Measure.objects.filter(version__gt=1).count() == 0


def test_pasted_column_is_saved_cell_by_cell(browser: Browser, live_server: LiveServer, roadmap: Roadmap) -> None:
    person = Person(browser, live_server, keeper_of(roadmap))
    person.open(roadmap.get_absolute_url())

    person.cell("responsible").focus()
    person.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "Один О. О.\\nДва Д. Д.\\nТри Т. Т.\\n");
            const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(paste);
        }""",
    )
    expect(person.state).to_contain_text("Вставлено: 3 строки")

    saved = [measure.responsible for measure in roadmap.measures.in_order()]
    assert saved == ["Один О. О.", "Два Д. Д.", "Три Т. Т.", "Лапина Н. С."]
    assert person.problems == []


PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text", text);
    const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(paste);
}"""


def test_refused_value_of_a_pasted_block_stays_with_its_error(
    browser: Browser, live_server: LiveServer, roadmap: Roadmap
) -> None:
    person = Person(browser, live_server, keeper_of(roadmap))
    person.open(roadmap.get_absolute_url())

    person.cell("term").focus()
    person.page.evaluate(PASTE, "15.01.2027\tОдин О. О.\n31.02.2027\tДва Д. Д.\n")
    expect(person.state).to_contain_text("Не сохранено 1 значение: исправьте отмеченные поля")

    expect(person.cell("term", 1)).to_have_value("31.02.2027")
    expect(person.page.get_by_text("«31.02.2027» нет в календаре")).to_be_visible()
    first, second, *_ = roadmap.measures.in_order()
    assert (str(first.due_date), first.responsible, second.responsible) == ("2027-01-15", "Один О. О.", "Два Д. Д.")
    person.type_in("term", "16.01.2027", row=1)
    expect(person.page.get_by_text("нет в календаре")).to_have_count(0)
    second.refresh_from_db()
    assert str(second.due_date) == "2027-01-16"
    assert person.problems == []


def test_conflict_outlives_the_saving_of_another_field(
    browser: Browser, live_server: LiveServer, roadmap: Roadmap
) -> None:
    person = Person(browser, live_server, keeper_of(roadmap))
    colleague = make_user(last_name="Егорова")
    colleague.memberships.create(role="methodist", territory=territory_of(roadmap))
    second = Person(browser, live_server, colleague)
    person.open(roadmap.get_absolute_url())
    second.open(roadmap.get_absolute_url())
    second.type_in("term", "25.12.2026")
    expect(second.state).to_contain_text("Сохранено")

    person.type_in("term", "15.12.2026")
    expect(person.page.get_by_text("изменили, пока вы")).to_have_count(1)
    person.type_in("responsible", "Фомина Е. Ю.")
    expect(person.cell("responsible")).to_have_class("q d-print-none saved")

    expect(person.cell("term")).to_have_value("15.12.2026")
    person.page.get_by_role("button", name="Оставить 15.12.2026").click()
    expect(person.page.get_by_text("изменили, пока вы")).to_have_count(0)
    row = roadmap.measures.in_order()[0]
    assert (str(row.due_date), row.responsible) == ("2026-12-15", "Фомина Е. Ю.")
    assert person.problems == []


def test_typed_text_outlives_an_ended_session(browser: Browser, live_server: LiveServer, roadmap: Roadmap) -> None:
    person = Person(browser, live_server, keeper_of(roadmap))
    person.open(roadmap.get_absolute_url())
    person.sign_out()

    person.type_in("title", "Текст, который нельзя потерять")
    expect(person.page.locator("#notices")).to_contain_text("Сессия закончилась")
    expect(person.cell("title")).to_have_value("Текст, который нельзя потерять")
    person.sign_in()
    person.page.locator("#notices").get_by_role("button", name="Повторить").click()
    expect(person.state).to_contain_text("Сохранено")

    assert Measure.objects.filter(title="Текст, который нельзя потерять").count() == 1


def test_added_row_takes_the_cursor_and_undo_takes_it_back(
    browser: Browser, live_server: LiveServer, roadmap: Roadmap
) -> None:
    person = Person(browser, live_server, keeper_of(roadmap))
    person.open(roadmap.get_absolute_url())

    person.page.get_by_role("button", name="Мероприятие", exact=True).click()
    person.page.locator(".dropdown-menu.show button").first.click()
    expect(person.page.locator("[data-col=title]")).to_have_count(5)
    expect(person.cell("title", 4)).to_be_focused()
    person.page.get_by_role("button", name="Отменить").first.click()

    expect(person.page.locator("#messages")).to_contain_text("Отменено: добавление 1.5")
    expect(person.page.locator("[data-col=title]")).to_have_count(4)
    assert person.problems == []


def test_phone_shows_cards_without_a_sideways_scroll(
    browser: Browser, live_server: LiveServer, roadmap: Roadmap
) -> None:
    person = Person(browser, live_server, keeper_of(roadmap), size=PHONE)
    person.open(roadmap.get_absolute_url())

    assert person.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    expect(person.page.locator("table.sheet thead")).to_be_hidden()
    person.type_in("term", "25.12.2026")
    expect(person.state).to_contain_text("Сохранено")


def test_rows_typed_without_a_pause_are_all_saved(browser: Browser, live_server: LiveServer) -> None:
    roadmap = make_roadmap(measures=10)
    wanted = [
        (f"Открытый урок {n}", f"Уроков: {n}", f"2026-12-{n:02}", f"Лапина Н. С., кабинет {n}") for n in range(1, 11)
    ]
    person = Person(browser, live_server, keeper_of(roadmap))
    person.open(roadmap.get_absolute_url())

    for row, (title, indicator, day, responsible) in enumerate(wanted):
        person.cell("title", row).focus()
        person.type_on(title, indicator, f"{day[-2:]}.12.2026", responsible)
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="На согласование").click()

    saved = roadmap.measures.in_order().values_list("title", "indicator", "due_date", "responsible")
    assert [(title, indicator, str(day), who) for title, indicator, day, who in saved] == wanted
    assert person.page.locator(".page-head .st").first.inner_text() == "На согласовании"
    assert person.problems == []
