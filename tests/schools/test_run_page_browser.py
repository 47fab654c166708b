"""The page of a run in a real browser: whom one decides on is seen, at a desk and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.permissions import Role
from schools.models import IdentificationRun
from tests.browser import PHONE, WIDE, Person, launch_chromium
from tests.factories.lists import make_low_school, make_run
from tests.factories.schools import make_territory, make_user

pytestmark = [pytest.mark.browser, pytest.mark.engine_neutral, pytest.mark.django_db(transaction=True)]

SIZES = [pytest.param(WIDE, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def run() -> IdentificationRun:
    territory = make_territory()
    for letter in "АБВ":
        make_low_school(territory=territory, name=f"{letter}-низкая")
    return make_run(territory=territory)


@pytest.fixture
def coordinator(run: IdentificationRun) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=run.territory)


def edges(place: Locator) -> tuple[float, float]:
    """Return the top and the bottom of an element on the screen, in pixels."""
    box = place.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


def scrolled(person: Person) -> None:
    """Wait until the page stands still: it scrolls smoothly to its anchor."""
    person.page.wait_for_function(
        "() => new Promise((done) => { const y = scrollY; setTimeout(() => done(y === scrollY && y > 0), 200); })"
    )


@pytest.mark.parametrize("size", SIZES)
def test_name_of_the_next_school_and_what_was_stored_are_on_the_screen(
    browser: Browser, live_server: LiveServer, run: IdentificationRun, coordinator: User, size: dict[str, int]
) -> None:
    person = Person(browser, live_server, coordinator, size=size)
    person.open(run.get_absolute_url())

    person.page.locator("#dec-form input[value=included]").check()
    person.page.get_by_role("button", name="Сохранить и открыть следующую").click()

    name = person.page.locator("#t-why")
    expect(name).to_contain_text("Б-низкая")
    scrolled(person)
    _, bar = edges(person.page.locator(".topbar"))
    assert edges(name)[0] >= bar
    told = person.page.locator("#why-school .note-ok")
    expect(told).to_contain_text("А-низкая: включена")
    assert bar <= edges(told)[0] < size["height"]
    assert person.problems == []


@pytest.mark.parametrize("size", SIZES)
def test_several_schools_are_decided_on_together(
    browser: Browser, live_server: LiveServer, run: IdentificationRun, coordinator: User, size: dict[str, int]
) -> None:
    person = Person(browser, live_server, coordinator, size=size)
    person.open(run.get_absolute_url())

    person.page.locator("[data-all]:visible").check()
    expect(person.page.locator("[data-bulk] [data-n]")).to_have_text("3")
    person.page.get_by_label("Выбрать: Б-низкая").uncheck()
    person.page.get_by_role("button", name="Включить выбранные в список").click()

    expect(person.page.locator("#messages")).to_contain_text("Включено в список: 2")
    assert run.verdicts.included().count() == 2
    assert person.problems == []


@pytest.mark.parametrize("size", SIZES)
def test_refused_exclusion_of_many_is_on_the_screen_with_its_button(
    browser: Browser, live_server: LiveServer, run: IdentificationRun, coordinator: User, size: dict[str, int]
) -> None:
    person = Person(browser, live_server, coordinator, size=size)
    person.open(run.get_absolute_url())
    person.page.get_by_label("Выбрать: Б-низкая").check()
    person.page.get_by_text("Исключить с обоснованием…").click()
    person.page.get_by_text("Документ решения, если он есть").first.click()
    person.page.locator("#id_bulk-number").fill("7")

    person.page.get_by_role("button", name="Исключить выбранные").click()

    told = person.page.locator("[data-bulk] [data-error-summary]")
    expect(told.locator("li")).to_have_count(3)
    scrolled(person)
    assert edges(told)[0] >= edges(person.page.locator(".topbar"))[1]
    assert edges(person.page.get_by_role("button", name="Исключить выбранные"))[1] <= size["height"]


def test_trial_survives_a_reload_and_the_way_back(
    browser: Browser, live_server: LiveServer, run: IdentificationRun, coordinator: User
) -> None:
    person = Person(browser, live_server, coordinator)
    person.open(run.get_absolute_url())
    person.page.get_by_label("Доля низких не менее, %").fill("99")
    person.page.get_by_role("button", name="Пересчитать").click()
    answer = person.page.locator("#trial")
    expect(answer).to_contain_text("При пороге 99")
    told, address = answer.inner_text(), person.page.url

    person.page.reload()
    assert answer.inner_text() == told
    answer.get_by_role("link").first.click()
    expect(person.page.locator("tr.cur")).to_have_count(1)
    person.page.go_back()

    assert person.page.url == address
    expect(person.page.get_by_role("heading", level=1)).to_have_count(1)
    assert answer.inner_text() == told
