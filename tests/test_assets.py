"""What browsers load and what templates may say: closed network, strict content security policy."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js", ".svg"})
NAMESPACES = re.compile(r"http://www\.w3\.org/[\w/]+")
LICENCE_COMMENTS = re.compile(r"/\*!.*?\*/", re.DOTALL)
DOCUMENTS = {"reports"}  # templates of printed documents carry their own style sheet, not the page's

FORBIDDEN = {
    "an inline style": re.compile(r"""\sstyle\s*=\s*["']"""),
    "a style element": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)"),
    "an event handler": re.compile(r"""\son[a-z]+\s*=\s*["']"""),
    "an htmx handler": re.compile(r"\b(?:data-)?hx-on\b"),
    "a computed htmx value": re.compile(r"""hx-(?:vals|vars|headers)\s*=\s*["'](?:js|javascript):"""),
    "an htmx trigger filter": re.compile(r"""hx-trigger\s*=\s*["'][^"']*\["""),
    "a script address": re.compile(r"javascript:"),
    "another host": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//"""),
}
NEWER_THAN_OLD_BROWSERS = re.compile(r"oklch|color-mix|light-dark\(|:has\(|field-sizing|@layer|@container")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_page(path: Path) -> bool:
    return not (path.parent.name in DOCUMENTS and path.name.startswith("document"))


def test_vendored_files_equal_their_lock_and_no_icon_is_missing() -> None:
    check = subprocess.run(
        [sys.executable, "scripts/vendor_assets.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr


def test_every_vendored_package_brings_its_licence() -> None:
    lock = (ROOT / "static" / "vendor" / "vendor.lock").read_text(encoding="utf-8").splitlines()
    packages = {row.split("  ")[2] for row in lock}
    licensed = {row.split("  ")[2] for row in lock if "LICENSE" in row}
    assert packages == licensed


def test_no_source_map_is_named() -> None:
    for path in STATIC:
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), name_of(path)


@pytest.mark.parametrize("path", STATIC, ids=name_of)
def test_assets_load_nothing_from_outside(path: Path) -> None:
    text = LICENCE_COMMENTS.sub("", NAMESPACES.sub("", path.read_text(encoding="utf-8")))
    assert re.findall(r"(?:url\(|@import|fetch\(|src\s*=)\s*[\"']?https?://[^\s\"')]+", text) == []
    if path.parent.name != "vendor":
        assert "http://" not in text
        assert "https://" not in text


def test_own_styles_keep_to_what_old_browsers_know() -> None:
    assert NEWER_THAN_OLD_BROWSERS.findall((ROOT / "static" / "app.css").read_text(encoding="utf-8")) == []


def test_own_script_evaluates_no_text() -> None:
    script = (ROOT / "static" / "app.js").read_text(encoding="utf-8")
    assert re.findall(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", script) == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if is_page(path)], ids=name_of)
def test_templates_have_nothing_that_the_policy_forbids(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"))
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_lint_of_templates_sees_what_it_must(tmp_path: Path) -> None:
    bad = '<p style="color:red" onclick="x()"><script>1</script><a href="//host/">'
    found = {what for what, pattern in FORBIDDEN.items() if pattern.search(bad)}
    assert found == {"an inline style", "an event handler", "an inline script", "another host"}
