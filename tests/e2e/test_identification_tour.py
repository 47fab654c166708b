"""From other thresholds to the reason of a school in a real browser: tried, saved, run, decided, published, read."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import launch_chromium
from tests.e2e import people
from tests.e2e.installation import installation
from tests.e2e.people import Person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.engine_neutral]
WHY: Final = "Решение регионального совета: порог снижен на год апробации, протокол от 01.09.2026."
REASON: Final = "Малокомплектная школа: доля меняется на треть из-за одного обучающегося, помощь уже назначена."
REGION: Final = "Заозёрская область"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


def test_from_other_thresholds_to_the_reason_of_a_school(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with installation(tmp_path_factory, "identified") as (portal, passwords):
        base = f"http://127.0.0.1:{portal.port}"

        def enter(login: str) -> Person:
            return sign_in(browser, base, login, passwords[login])

        keeper = enter("region-admin")
        entered = try_thresholds(keeper)
        save_version(keeper)
        run_the_version(keeper)
        assert_new_schools_are_in(keeper, entered)
        decide_on_three(keeper)
        include_the_rest(keeper)
        people.publish(keeper, number="777")

        explanation = read_own_reason(enter("school3"))
        assert_hidden_from_others(enter("school9"), explanation)


def try_thresholds(keeper: Person) -> list[str]:
    """Lower the threshold on the page of the newest run; return the schools that would enter."""
    keeper.go("/identification/")
    keeper.page.fill("#id_share_threshold_pct", "25")
    with keeper.page.expect_response(lambda response: "share_threshold_pct=25" in response.url):
        keeper.press("Пересчитать")
    entered = keeper.page.locator("#trial p:has-text('Добавятся:') a")
    expect(entered.first).to_be_visible()
    return entered.all_inner_texts()


def save_version(keeper: Person) -> None:
    keeper.page.locator("#trial summary:has-text('Сохранить как новую версию')").click()
    keeper.page.fill("[name=justification]", WHY)
    keeper.submit("Сохранить версию и перейти к расчёту")
    expect(keeper.page.locator("[name=rule_set] option:checked")).to_contain_text("версия 2")


def run_the_version(keeper: Person) -> None:
    """Run it over the whole region, as the form offers it."""
    keeper.page.select_option("[name=territory] >> nth=0", label=REGION)
    keeper.submit("Провести расчёт")
    keeper.reload_until(f"table a.link-quiet:has-text('{REGION}, результаты')")
    keeper.follow(f"table a.link-quiet:has-text('{REGION}, результаты')")
    expect(keeper.page.locator("main")).to_contain_text("RU-2025, версия 2")


def assert_new_schools_are_in(keeper: Person, entered: list[str]) -> None:
    assert entered
    table = keeper.page.locator("form table").first
    for school in entered:
        expect(table).to_contain_text(school)


def decide_on_three(keeper: Person) -> None:
    """Include two schools and leave one out with a reason."""
    page = keeper.page
    for place in range(3):
        if place == 1:
            page.check("#dec-form [name=decision][value=excluded]")
            page.select_option("#dec-form [name=reason]", "small_sample")
            page.fill("#dec-form [name=text]", REASON)
        else:
            page.check("#dec-form [name=decision][value=included]")
        keeper.submit("Сохранить и открыть следующую")
    expect(page.locator("table .st:has-text('Включена')")).to_have_count(2)
    expect(page.locator("table .st:has-text('Исключена')")).to_have_count(1)


def include_the_rest(keeper: Person) -> None:
    keeper.page.check("thead [data-all]")
    keeper.submit("Включить выбранные в список")
    expect(keeper.page.locator("table .st:has-text('Ждёт решения')")).to_have_count(0)
    expect(keeper.page.locator("table .st:has-text('Исключена')")).to_have_count(1)


def read_own_reason(director: Person) -> str:
    """Open the explanation from the news of the day, and look at it as it is printed; return its address."""
    expect(director.page.locator("main")).to_contain_text("включена в перечень «Региональный перечень ШНОР")
    director.follow("a:has-text('включена в перечень «Региональный перечень')")
    page = director.page
    expect(page.locator("h1")).to_contain_text("Почему в списке")
    expect(page.locator("main")).to_contain_text("; чтобы ")
    expect(page.locator("main")).to_contain_text("777")
    page.emulate_media(media="print")
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.locator("header.topbar")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Напечатано")
    return page.url.removeprefix(director.base)


def assert_hidden_from_others(director: Person, explanation: str) -> None:
    response = director.page.goto(director.base + explanation)

    assert response
    assert response.status == 404
