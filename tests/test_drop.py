"""Files chosen, dropped or taken from a folder are listed with sizes before they are sent. static/app.js, section 8."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests.browser import launch_chromium

pytestmark = pytest.mark.browser

HOST = "http://portal.test"
STATIC = Path(settings.BASE_DIR) / "static"
SCRIPTS = ("vendor/bootstrap.bundle.min", "app")
DROP = """([zone, names]) => {
    const transfer = new DataTransfer();
    names.forEach((name) => transfer.items.add(new File(["x".repeat(2048)], name)));
    const event = (type) => new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: transfer});
    const target = document.querySelector(zone);
    target.dispatchEvent(event("dragover"));
    target.dispatchEvent(event("drop"));
}"""
CHOSEN = "() => [...document.querySelector('[name=files]').files].map((file) => file.name)"


class Field:
    """What the template asks of a form field."""

    id_for_label, errors, help_text, is_hidden = "upload_files", (), "До 5 МБ каждый.", True


def upload_form() -> str:
    form = {"files": Field, "territory": Field, "errors": {}}
    return render_to_string("imports/_upload_form.html", {"form": form})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.route(f"{HOST}/**", answer)
    opened.goto(f"{HOST}/")
    yield opened
    context.close()
    assert wrong == []


def answer(route: Route) -> None:
    path = route.request.url.removeprefix(HOST)
    if path.startswith("/static/"):
        route.fulfill(path=STATIC / path.removeprefix("/static/"))
        return
    scripts = "".join(f'<script src="/static/{name}.js" defer></script>' for name in SCRIPTS)
    head = f"<head><title>Загрузки</title>{scripts}</head>"
    body = f'<!doctype html><html lang="ru">{head}<body>{upload_form()}</body></html>'
    policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
    route.fulfill(body=body, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy})


def given(name: str, size: int = 1500) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": b"x" * size}


def lines(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("[data-chosen-list] li").all_text_contents()]


def test_chosen_files_are_listed_with_sizes(page: Page) -> None:
    page.set_input_files("[name=files]", [given("Ф3.xlsx"), given("архив.zip", 3 * 1024 * 1024)])

    expect(page.locator("[data-chosen-total]")).to_have_text("2 файла, 3,0 МБ")
    assert lines(page) == ["Ф3.xlsx 1 КБ Убрать", "архив.zip 3,0 МБ Убрать"]


def test_files_chosen_in_turn_are_added_up_and_sent_together(page: Page) -> None:
    for name in ("1.xlsx", "2.xlsx", "1.xlsx"):
        page.set_input_files("[name=files]", [given(name)])

    expect(page.locator("[data-chosen-list] li")).to_have_count(2)
    assert page.evaluate(CHOSEN) == ["1.xlsx", "2.xlsx"]


def test_removed_file_is_not_sent(page: Page) -> None:
    page.set_input_files("[name=files]", [given("1.xlsx"), given("2.xlsx")])

    page.get_by_role("button", name="Убрать: 1.xlsx").click()

    expect(page.locator("[data-chosen-total]")).to_have_text("1 файл, 1 КБ")
    assert page.evaluate(CHOSEN) == ["2.xlsx"]
    page.get_by_role("button", name="Убрать: 2.xlsx").click()
    expect(page.locator("[data-chosen]")).to_be_hidden()


def test_dropped_files_join_the_chosen_ones(page: Page) -> None:
    page.set_input_files("[name=files]", [given("1.xlsx")])

    page.evaluate(DROP, ["[data-drop-zone]", ["2.csv", "3.zip"]])

    expect(page.locator("[data-chosen-list] li")).to_have_count(3)
    assert page.evaluate(CHOSEN) == ["1.xlsx", "2.csv", "3.zip"]
    expect(page.locator("[data-drop-zone]")).not_to_have_class("over")


def test_file_dropped_beside_the_zone_does_not_open_instead_of_the_page(page: Page) -> None:
    page.evaluate(DROP, ["body", ["2.csv"]])

    expect(page.locator("[data-chosen-list] li")).to_have_count(1)
    assert page.url == f"{HOST}/"


def test_folder_gives_its_tables_and_names_how_many_files_it_leaves(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "Выгрузки"
    (folder / "2026").mkdir(parents=True)
    for name in ("2026/Ф3.xlsx", "ОГЭ.csv", "~$Ф3.xlsx", "письмо.docx"):
        (folder / name).write_bytes(b"x" * 2000)

    page.set_input_files("[data-folder]", folder)

    expect(page.locator("[data-chosen-total]")).to_have_text("2 файла, 4 КБ. Пропущено 2 файла других видов")
    assert sorted(lines(page)) == ["Выгрузки/2026/Ф3.xlsx 2 КБ Убрать", "Выгрузки/ОГЭ.csv 2 КБ Убрать"]


def test_folder_button_opens_the_choice_of_a_folder(page: Page) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Выбрать папку").click()

    assert chooser.value.element.get_attribute("webkitdirectory") is not None


def test_without_script_the_plain_field_is_there(browser: Browser) -> None:
    context: Any = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route(f"{HOST}/**", answer)
    page.goto(f"{HOST}/")

    expect(page.locator("[name=files]")).to_be_visible()
    expect(page.get_by_role("button", name="Выбрать папку")).to_be_hidden()
    context.close()
