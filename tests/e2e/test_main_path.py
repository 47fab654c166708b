"""From a folder of result files to a справка that can be signed: the main path in a real browser, as its people."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from config.demo import files
from tests.e2e import people
from tests.e2e.installation import installation
from tests.e2e.people import Person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live]
YEAR = files.YEARS[-1]


@pytest.fixture
def result_files(tmp_path: Path) -> list[Path]:
    """Write the 20 federal workbooks of a year into a folder, as a coordinator has them."""
    folder = tmp_path / "Выгрузки"
    folder.mkdir()
    paths = []
    for given in files.federal_files(YEAR):
        path = folder / given.name
        path.write_bytes(given.data)
        paths.append(path)
    return paths


def test_from_result_files_to_signed_report(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, result_files: list[Path]
) -> None:
    with installation(tmp_path_factory, "empty") as (portal, passwords):
        base = f"http://127.0.0.1:{portal.port}"

        def enter(login: str) -> Person:
            return sign_in(browser, base, login, passwords[login])

        coordinator = enter("coordinator")
        people.upload_results(coordinator, result_files)
        people.identify(coordinator)
        people.publish(coordinator, number="512")
        people.open_profiles(coordinator)

        school, curator, methodist = enter("school3"), enter("curator"), enter("methodist")
        people.hand_in_self_diagnosis(school, tmp_path)
        people.verify(curator)
        people.activate(school)
        people.write_roadmap(methodist)
        people.approve_roadmap(coordinator)
        people.open_cycle(coordinator, "МБОУ «СОШ № 3")
        people.submit_readings(school)
        people.accept_readings(coordinator)
        r1 = people.build_report(coordinator, "R1", tmp_path)
        r4 = people.build_report(coordinator, "R4", tmp_path)

    assert_lists_the_schools_of_the_rule(text_of(r1["pdf"]))
    assert_results_are_the_sums_of_the_files(r1["xlsx"])
    assert_execution_is_that_of_the_roadmap(text_of(r4["pdf"]), r4["xlsx"])


def text_of(pdf: Path) -> str:
    """Return the words of a PDF in one line, spaces folded."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def rows_of(workbook: Path) -> list[tuple[object, ...]]:
    book = load_workbook(workbook, data_only=True)
    return [row for sheet in book for row in sheet.iter_rows(values_only=True)]


def low_schools() -> list[str]:
    """Return the schools with «2» not under 30 % in two works of the files or more, counted anew from the rows."""
    low = Counter(
        row.school
        for row in files.rows()
        if (row.year, row.procedure) == (YEAR, "VPR") and 100 * row.marks[0] >= 30 * sum(row.marks)
    )
    return sorted(school for school, works in low.items() if works >= 2)


def assert_lists_the_schools_of_the_rule(text: str) -> None:
    schools = low_schools()

    assert f"относятся {len(schools)} из 20 школ" in text
    assert [school for school in schools if school.replace("МБОУ ", "").replace("МКОУ ", "") not in text] == []


def assert_results_are_the_sums_of_the_files(workbook: Path) -> None:
    """Compare the share of «2» in ВПР by subject with the sums of the uploaded rows."""
    table = rows_of(workbook)
    for subject, title in (("RU", "русский язык"), ("MA", "математика")):
        rows = [
            row
            for row in files.rows()
            if (row.year, row.procedure, row.subject) == (YEAR, "VPR", subject) and row.school in low_schools()
        ]
        share = sum(row.marks[0] for row in rows) / sum(sum(row.marks) for row in rows)
        printed = next(row for row in table if row[:2] == ("ВПР", title))
        assert pytest.approx(share) in [cell for cell in printed if isinstance(cell, float)], printed


def assert_execution_is_that_of_the_roadmap(text: str, workbook: Path) -> None:
    """Expect the three measures that the methodist wrote, none of them done yet."""
    lines = [plain(row) for row in rows_of(workbook)]
    school = next(line for line in lines if "МБОУ «СОШ № 3 г. Светлоборска»" in line and "3" in line)

    assert school[2:6] == ["3", "0", "0", "0"]
    assert "исполнено 0 мероприятий из 3" in text.lower()


def plain(row: tuple[object, ...]) -> list[str]:
    return [str(cell).replace("\u00a0", " ") for cell in row]
