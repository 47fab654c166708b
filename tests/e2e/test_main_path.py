"""From a folder of result files to a справка that can be signed: the main path in a real browser, as its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from config.demo import files
from tests.browser import launch_chromium
from tests.e2e import people
from tests.e2e.installation import installation
from tests.e2e.people import Person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.xdist_group("live")]
YEAR = files.YEARS[-1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


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


def test_from_result_files_to_signed_report(browser: Browser, tmp_path: Path, result_files: list[Path]) -> None:
    with installation(tmp_path / "portal", "empty") as (portal, passwords):
        base = f"http://127.0.0.1:{portal.port}"

        def enter(login: str) -> Person:
            return sign_in(browser, base, login, passwords[login])

        coordinator = enter("coordinator")
        people.upload_results(coordinator, result_files)
        people.identify(coordinator)
        people.publish(coordinator, number="512")
        people.open_profiles(coordinator)

        school = enter("school3")
        people.hand_in_self_diagnosis(school, tmp_path)
        people.verify(enter("curator"))
        people.activate(school)
