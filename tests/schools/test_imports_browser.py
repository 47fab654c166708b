"""The page of a load in a real browser: on a phone nothing makes it wider than the screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser import PHONE, Person, launch_chromium
from tests.factories.imports import MARKS, ImportGround, marks_of

pytestmark = [pytest.mark.browser, pytest.mark.engine_neutral, pytest.mark.django_db(transaction=True)]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


def test_names_of_files_do_not_widen_the_page_on_a_phone(browser: Browser, live_server: LiveServer) -> None:
    ground = ImportGround()
    name = "vpr_2026_matematika_ispravlennyj_variant_{}_{}.xlsx"
    batch = ground.checked(
        {name.format(grade, "x" * 60): marks_of({ground.first: MARKS}, grade=grade) for grade in (4, 5)}
    )
    person = Person(browser, live_server, ground.coordinator, size=PHONE)

    person.open(batch.get_absolute_url())

    assert person.page.evaluate(OVERFLOW) == 0
