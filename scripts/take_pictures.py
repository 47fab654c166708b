"""Take the pictures of docs/images from a running demo region: `make run`, then in another terminal

.venv/bin/python -m scripts.take_pictures
"""

import json
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from scripts.bootstrap import apt_line, chromium

ROOT = Path(__file__).resolve().parent.parent
SIGNINS = ROOT / "var" / "demo_signins.json"
PICTURES = {"today": "/", "identification": "/identification/"}
SIZE = ViewportSize(width=1280, height=860)
COLOURS = 128  # a page of the portal has few, and the file is a third of its size


def coordinator() -> dict[str, str]:
    """Return the sign-in of the coordinator whose municipality the demo region fills."""
    users: list[dict[str, str]] = json.loads(SIGNINS.read_text(encoding="utf-8"))
    return next(user for user in users if user["role"] == "municipal_coordinator")


def sign_in(page: Page, address: str) -> None:
    person = coordinator()
    page.goto(f"{address}/login/")
    page.fill("[name=username]", person["login"])
    page.fill("[name=password]", person["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")


def save(page: Page, path: Path) -> None:
    """Save what is seen, with few colours."""
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} КБ")


def main(address: str = "http://127.0.0.1:8000") -> None:
    executable = chromium()
    if not executable:
        sys.exit(f"Нет Chromium: {apt_line(['chromium'])}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        sign_in(page, address)
        for name, path in PICTURES.items():
            page.goto(address + path)
            save(page, ROOT / "docs" / "images" / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
