"""What people do in the browser on the main path, one class for a person's work on a page."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from playwright.sync_api import Browser, Error, Page, expect

JOB_MS: Final = 180_000
RELEVANT: Final = {"R02", "R03", "R11"}


@dataclass(frozen=True)
class Person:
    """A signed-in person in a browser of their own."""

    page: Page
    base: str

    def go(self, path: str) -> None:
        response = self.page.goto(self.base + path)
        assert response
        assert response.status == 200, path

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def submit(self, name: str | re.Pattern[str]) -> None:
        """Press a button that sends the page away, and wait for the next one."""
        with self.page.expect_navigation():
            self.press(name)

    def follow(self, link: str) -> None:
        """Follow the first such link and wait for its page: counting on the one before would find nothing there."""
        with self.page.expect_navigation():
            self.page.locator(link).first.click()

    def reload_until(self, selector: str) -> None:
        """Wait for what a job brings, as a person who watches the page."""
        for _ in range(JOB_MS // 1000):
            if self.page.locator(selector).count():
                return
            self.page.wait_for_timeout(1000)
            with suppress(Error):  # the page reloads itself when its job ends, and one reload aborts the other
                self.page.reload()
        raise AssertionError(f"{selector} has not come: {self.page.inner_text('main')[:500]}")


def sign_in(browser: Browser, base: str, login: str, password: str) -> Person:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True).new_page()
    page.goto(f"{base}/login/")
    page.fill("[name=username]", login)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_contain_text("Сегодня")
    return Person(page, base)


def upload_results(coordinator: Person, files: list[Path]) -> None:
    """Drop all files at once, look at the preview, apply."""
    coordinator.go("/imports/")
    coordinator.page.set_input_files("[name=files]", files)
    coordinator.submit("Загрузить файлы")
    coordinator.reload_until("button:has-text('Применить')")
    explanation = coordinator.page.locator("#explanation")
    if explanation.count():
        explanation.fill("Сверено с отчётами школ, изменения подтверждены.")
    coordinator.submit(re.compile("Применить"))
    coordinator.reload_until("a:has-text('Отменить загрузку')")


def identify(coordinator: Person) -> None:
    """Run the rule and include every school that it names."""
    coordinator.go("/identification/runs/")
    coordinator.submit("Провести расчёт")
    coordinator.reload_until("a.link-quiet.fw-medium[href*='/identification/']")
    coordinator.follow("a.link-quiet.fw-medium[href*='/identification/']")
    while coordinator.page.locator("table .st:has-text('Ждёт решения')").count():
        coordinator.follow("tr:has-text('Ждёт решения') a.link-quiet")
        coordinator.page.check("input[name=decision][value=included]")
        coordinator.submit("Сохранить и открыть следующую")


def publish(coordinator: Person, *, number: str) -> None:
    begin_list(coordinator)
    coordinator.submit("Утвердить перечень")
    fill_order(coordinator.page, number)
    coordinator.submit("Опубликовать перечень")
    expect(coordinator.page.locator("main")).to_contain_text(f"№\u00a0{number}")


def begin_list(coordinator: Person) -> None:
    """Draft the list of low results: by the button, or from the menu when the run has schools for other kinds too."""
    menu = coordinator.page.locator(".page-head [data-bs-toggle=dropdown]:has-text('Составить перечень')")
    if menu.count():
        menu.click()
        coordinator.submit(re.compile("Перечень ШНОР"))
    else:
        coordinator.submit("Составить перечень")


def today() -> str:
    return datetime.now(ZoneInfo("Europe/Moscow")).date().isoformat()


def fill_order(page: Page, number: str, day: str = "") -> None:
    """Fill in an order of a day, of today unless another one is told."""
    page.locator("[name$=issuer_genitive]").fill("управления образования Светлоборского муниципального округа")
    page.locator("[name=date], [name$='-date']").fill(day or today())
    page.locator("[name$=number]").first.fill(number)


def open_profiles(coordinator: Person) -> None:
    coordinator.go("/risk-profiles/")
    coordinator.page.locator("summary:has-text('Завести профили')").click()
    with coordinator.page.expect_navigation():
        coordinator.page.locator("form[action$='/open/'] button[type=submit]").click()


def hand_in_self_diagnosis(school: Person, folder: Path) -> None:
    """Download the form, fill it in as a workbook, upload, look at the changes, save, hand in."""
    school.go("/self-assessment/")
    school.follow("a.stretched-link")
    with school.page.expect_download() as download:
        school.page.locator("a:has-text('Скачать форму')").click()
    path = folder / "СД-3.xlsx"
    download.value.save_as(path)
    fill_form(path)
    school.page.set_input_files("#upload-file", path)
    school.submit("Загрузить форму")
    school.submit(re.compile("Сохранить"))
    school.follow("a:has-text('Проверить и сдать')")
    school.submit("Сдать самодиагностику")


def fill_form(path: Path) -> None:
    """Answer as a head would in Excel: three factors matter to the school, the others do not."""
    book = load_workbook(path)
    sheet = book["Данные"]
    columns = {str(cell.value): number for number, cell in enumerate(sheet[3], start=1)}
    for row in range(4, sheet.max_row + 1):
        if not (code := sheet.cell(row, columns["Код"]).value):
            continue
        is_relevant = code in RELEVANT
        sheet.cell(row, columns["Актуален для школы"]).value = "да" if is_relevant else "нет"
        if is_relevant:
            sheet.cell(row, columns["Значимость по оценке школы"]).value = "Высокая"
            sheet.cell(row, columns["Краткое описание мер"]).value = "Индивидуальные маршруты педагогов"
            sheet.cell(row, columns["Чем подтверждается"]).value = "Результаты ВПР"
    book.save(path)


def verify(curator: Person) -> None:
    """Confirm what the school says of every factor and end the verification."""
    curator.go("/risk-profiles/?state=curator_verification")
    curator.follow("tbody a.link-quiet")
    while curator.page.get_by_text("Сначала дайте заключение по всем факторам").count():
        curator.page.check("input[name=verdict][value=confirmed]")
        curator.submit("Сохранить и открыть следующий")
    curator.submit("Завершить верификацию")
    expect(curator.page.locator("h1 + .st, .page-head .st").first).to_contain_text("Верифицирован")


def activate(school: Person) -> None:
    school.go("/risk-profiles/")
    school.follow("tbody a.link-quiet")
    boxes = school.page.locator("input[name=factors]")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    school.submit("Выбрать риски")
    expect(school.page.locator("main")).to_contain_text("3\u00a0фактора")


def write_roadmap(methodist: Person) -> None:
    """Compose the roadmap of the school from its risks, fill every cell that approval asks for, send it."""
    methodist.go("/roadmaps/")
    methodist.follow("a:has-text('Составить дорожную карту')")
    methodist.page.fill("[name=period_from]", "2026-09-01")
    methodist.page.fill("[name=period_to]", "2027-05-31")
    methodist.submit("Составить карту")
    sections = methodist.page.locator(".dropdown-menu form[action*='/measures/'] button").count()
    for section in range(sections):
        methodist.press("Мероприятие")
        methodist.page.locator(".dropdown-menu.show form[action*='/measures/'] button").nth(section).click()
        expect(methodist.page.locator("table.sheet .q[data-col=title]")).to_have_count(section + 1)
    for row in range(sections):
        fill_measure(methodist.page, row)
    methodist.submit("На согласование")
    expect(methodist.page.locator(".page-head .st").first).to_contain_text("На согласовании")


MEASURE: Final = {
    "title": "Взаимопосещение уроков с наставником",
    "indicator": "Не менее 2 уроков на учителя в четверть",
    "term": "20.12.2026",
    "responsible": "Лапина Н. С.",
}


def fill_measure(page: Page, row: int) -> None:
    """Type into the cells of a row; each is saved when it loses the focus."""
    for cell, text in MEASURE.items():
        field = page.locator(f"table.sheet .q[data-col={cell}]").nth(row)
        with page.expect_response(lambda response: f"/cells/{cell}/" in response.url) as saved:  # noqa: B023  used at once
            field.fill(f"{text} {row + 1}" if cell == "title" else text)
            field.press("Tab")
        assert saved.value.status == 200, saved.value.text()


def approve_roadmap(coordinator: Person) -> None:
    coordinator.go("/")
    coordinator.follow("a.stretched-link:has-text('Согласовать дорожную карту')")
    coordinator.submit("Согласовать")
    coordinator.follow("a:has-text('Утвердить приказом')")
    fill_order(coordinator.page, "118")
    coordinator.submit("Утвердить карту")
    coordinator.submit("Начать исполнение")
    expect(coordinator.page.locator(".page-head .st").first).to_contain_text("Исполняется")


def open_cycle(coordinator: Person, school: str) -> None:
    """Plan the interim stage for one school with its order, and open the collection."""
    coordinator.go("/monitoring/new/")
    page = coordinator.page
    page.select_option("[name=stage]", "interim")
    page.select_option("[name=territory]", index=1)
    page.select_option("[name=metric_set]", index=1)
    page.fill("[name=year]", "2026")
    for name, day in (("as_of_date", "2026-11-16"), ("opens_on", "2026-11-18"), ("deadline", "2026-12-04")):
        page.fill(f"[name={name}]", day)
    fill_order(page, "655", "2026-11-12")
    page.get_by_label(school).check()
    coordinator.submit("Создать цикл")
    coordinator.submit("Открыть сбор")


def submit_readings(school: Person) -> None:
    """Type the readings that the school gives, cell by cell, and hand them in."""
    school.go("/")
    school.follow("a.stretched-link:has-text('Сдать показатели мониторинга')")
    rows = school.page.locator("tr[id^=reading-]:has(input[name=numerator])")
    for row in range(rows.count()):
        for name, value in (("numerator", "9"), ("denominator", "10")):
            with school.page.expect_response(lambda response: "/readings/" in response.url):
                rows.nth(row).locator(f"[name={name}]").fill(value)
                rows.nth(row).locator(f"[name={name}]").press("Tab")
    school.submit("Проверить и сдать")
    expect(school.page.locator(".page-head .st").first).to_contain_text("На проверке")


def accept_readings(coordinator: Person) -> None:
    coordinator.go("/")
    coordinator.follow("a.stretched-link:has-text('Проверить показатели школы')")
    coordinator.submit("Принять показатели")


def build_report(coordinator: Person, kind: str, folder: Path) -> dict[str, Path]:
    """Ask for a report, watch it being made, download both files; return them by format."""
    coordinator.go("/reports/")
    ready = coordinator.page.locator("a[href$='/files/pdf/']").count()
    coordinator.page.check(f"input[name=kind][value={kind}]")
    coordinator.submit("Сформировать")
    for _ in range(JOB_MS // 1000):
        if coordinator.page.locator("a[href$='/files/pdf/']").count() > ready:
            break
        coordinator.page.wait_for_timeout(1000)
        coordinator.go("/reports/")
    return {form: download(coordinator.page, form, folder / f"{kind}.{form}") for form in ("pdf", "xlsx")}


def download(page: Page, form: str, path: Path) -> Path:
    with page.expect_download() as started:
        page.locator(f"a[href$='/files/{form}/']").first.click()
    started.value.save_as(path)
    return path
