"""The looks that people may choose, in a real browser."""

from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.e2e.visitor import LOOKS, Visitor

pytestmark = LOOKS


def test_sections_keep_their_contrast_and_width_in_every_look(browser: Browser, portal: LiveServer) -> None:
    """Try the looks as the two who between them see every section."""
    wrong: list[str] = []
    for login in ("region-admin", "school3"):
        visitor = Visitor(browser, portal, login)
        visitor.page.emulate_media(reduced_motion="reduce")  # colours change at once, whatever the machine does

        visitor.wear_every_look()

        wrong += visitor.wrong

    assert wrong == []
