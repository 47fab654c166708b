"""A ZIP of whatever came, in a real browser: told, matched, applied, and undone without a trace."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e import mixed_archive
from tests.e2e.installation import installation
from tests.e2e.people import Person, sign_in
from tests.e2e.web import rows
from tests.jobs.live import Portal

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.engine_neutral]
TABLES: Final = ("assessmentresult", "benchmark", "workdetail", "schoolstatistic", "school", "territory")
LATEST: Final = "SELECT {} FROM schools_importbatch ORDER BY created_at DESC LIMIT 1"
NEW_ROWS: Final = (
    "SELECT COUNT(*) FROM schools_importrow r JOIN schools_importfile f ON f.id = r.file_id "
    f"WHERE r.outcome = 'new' AND f.batch_id = ({LATEST.format('id')})"
)
DECISION: Final = "#decision button[type=submit]"


def test_mixed_archive_is_told_applied_and_undone_without_a_trace(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    here = mixed_archive.place()
    path = tmp_path / "Выгрузки.zip"
    path.write_bytes(mixed_archive.archive(here))
    with installation(tmp_path_factory, "empty") as (portal, passwords):
        base = f"http://127.0.0.1:{portal.port}"
        coordinator = sign_in(browser, base, "coordinator", passwords["coordinator"])
        before = data_of(portal)

        upload(coordinator, path)
        assert_every_file_is_told(coordinator)
        assert data_of(portal) == before
        tell_schools(coordinator, here)
        foretold = written_rows(coordinator)
        apply_good_rows(coordinator)
        assert_written(portal, here, before, foretold)

        undo(coordinator)
        assert data_of(portal) == before
        assert rows(portal, LATEST.format("state")) == [("undone",)]


def data_of(portal: Portal) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables that imports write."""
    return {table: sorted(rows(portal, f"SELECT * FROM schools_{table}"), key=repr) for table in TABLES}


def upload(coordinator: Person, path: Path) -> None:
    coordinator.go("/imports/")
    coordinator.page.set_input_files("[name=files]", path)
    coordinator.submit("Загрузить файлы")
    coordinator.reload_until(DECISION)


def file_card(coordinator: Person, name: str) -> Locator:
    return coordinator.page.locator("li.file").filter(has_text=name)


def assert_every_file_is_told(coordinator: Person) -> None:
    """Expect eight files recognised, two refused with the way on, and two schools in the queue."""
    for name in mixed_archive.LAYOUTS:
        expect(file_card(coordinator, name)).to_contain_text("Распознан")
    expect(file_card(coordinator, "Индивидуальные результаты.xlsx")).to_contain_text("сам файл не хранится")
    broken, protocol = (file_card(coordinator, name) for name in mixed_archive.REFUSED)
    expect(broken).to_contain_text("Файл повреждён или загружен не полностью.")
    expect(protocol).to_contain_text("Это протокол ГИА или список с фамилиями учеников.")
    expect(protocol).to_contain_text("/imports/template")
    expect(coordinator.page.locator("#schools legend")).to_have_count(2)


def tell_schools(coordinator: Person, here: mixed_archive.Place) -> None:
    """Say which school the first is, and that the registry has no second one; the batch is then checked again."""
    queue = coordinator.page.locator("#schools")
    strange = queue.locator("li").filter(has_text="Неведомая")
    strange.locator("input[name^=inn-]").fill(here.misspelt_inn)
    queue.locator("li").filter(has_text="за рекой").locator("input[value=absent]").check()
    with coordinator.page.expect_response(lambda answer: answer.request.method == "POST"):
        queue.get_by_role("button", name="Сопоставить и проверить").click()
    coordinator.reload_until(f"{DECISION}, #schools:not(:has-text('Неведомая'))")
    for _ in range(60):
        if not coordinator.page.locator("#schools legend").filter(has_text="Неведомая").count():
            break
        coordinator.page.wait_for_timeout(1000)
        coordinator.page.reload()
    expect(coordinator.page.locator("#schools legend")).to_have_count(1)


def written_rows(coordinator: Person) -> int:
    """Return how many new rows the page says will be written."""
    words = coordinator.page.locator("#decision p").first.inner_text().replace("\u00a0", " ")
    found = re.search(r"Будет записано: ([\d ]+) нов", words)
    assert found, words
    assert re.search(r"\b0 измен", words), words
    return int(found[1].replace(" ", ""))


def apply_good_rows(coordinator: Person) -> None:
    coordinator.reload_until(DECISION)
    coordinator.submit("Применить только принятые строки")
    coordinator.reload_until("a:has-text('Отменить загрузку')")


def assert_written(
    portal: Portal,
    here: mixed_archive.Place,
    before: dict[str, list[tuple[Any, ...]]],
    foretold: int,
) -> None:
    """Expect as many touched rows as foretold, and the marks of the school that the person told."""
    after = data_of(portal)
    assert {table for table in TABLES if after[table] != before[table]} >= {"assessmentresult", "workdetail"}
    new = (
        "SELECT COUNT(*) FROM schools_importrow r JOIN schools_importfile f ON f.id = r.file_id WHERE r.outcome = 'new'"
    )
    assert rows(portal, f"{new} AND f.batch_id = ({LATEST.format('id')})") == [(foretold,)]
    told = rows(
        portal,
        "SELECT r.mark2, r.mark3, r.mark4, r.mark5 FROM schools_assessmentresult r "
        f"JOIN schools_school s ON s.id = r.school_id WHERE s.inn = '{here.misspelt_inn}'",
    )
    assert told == [(0, 5, 5, 0)]


def undo(coordinator: Person) -> None:
    coordinator.page.locator("a:has-text('Отменить загрузку')").first.click()
    expect(coordinator.page.locator("h1")).to_have_text("Отменить загрузку")
    coordinator.submit(re.compile("Отменить загрузку"))
    coordinator.reload_until(".page-head:has-text('отменена')")
