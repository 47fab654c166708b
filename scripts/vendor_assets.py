"""Copy the browser assets that the portal serves out of node_modules, and lock them by their hashes.

Developers run it after `npm ci --ignore-scripts`; a server never needs Node. Versions are exact in
package.json. The icons of `static/vendor/icons.svg` are those that templates and Python name:
`{% icon "check" %}`, `icon="check"`.

    python scripts/vendor_assets.py            copy everything, write static/vendor/vendor.lock
    python scripts/vendor_assets.py --icons    only rebuild the sprite
    python scripts/vendor_assets.py --check    change nothing, fail on a difference or a missing icon
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MODULES: Final = ROOT / "node_modules"
STATIC: Final = ROOT / "static" / "vendor"
TESTS: Final = ROOT / "tests" / "vendor"
LOCK: Final = STATIC / "vendor.lock"
SPRITE: Final = STATIC / "icons.svg"
ICONS: Final = MODULES / "@tabler" / "icons" / "icons" / "outline"

GOLOS: Final = "@fontsource-variable/golos-text"
COPIES: Final = {
    STATIC / "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    STATIC / "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    STATIC / "bootstrap-LICENSE.txt": "bootstrap/LICENSE",
    STATIC / "golos-text-latin.woff2": f"{GOLOS}/files/golos-text-latin-wght-normal.woff2",
    STATIC / "golos-text-cyrillic.woff2": f"{GOLOS}/files/golos-text-cyrillic-wght-normal.woff2",
    STATIC / "golos-text-LICENSE.txt": f"{GOLOS}/LICENSE",
    STATIC / "tabler-icons-LICENSE.txt": "@tabler/icons/LICENSE",
    TESTS / "axe.min.js": "axe-core/axe.min.js",
    TESTS / "axe-core-LICENSE.txt": "axe-core/LICENSE",
}
PYTHON_WITH_ICONS: Final = (
    "accounts",
    "jobs",
    "schools",
    "riskprofiles",
    "roadmaps",
    "monitoring",
    "reports",
)
SOURCE_MAP: Final = re.compile(rb"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=[^\n]*")
ICON_NAME: Final = re.compile(r"""\bicon(?:\|default:|["']?\s*[=:(]?\s*)["']([a-z][a-z0-9-]*)["']""")


def used_icons() -> set[str]:
    """Return the icon names that templates and Python mention."""
    files = [*(ROOT / "templates").rglob("*.html")]
    for app in PYTHON_WITH_ICONS:
        files += (ROOT / app).rglob("*.py")
    return {name for file in files for name in ICON_NAME.findall(file.read_text(encoding="utf-8"))}


def sprite_icons() -> set[str]:
    return set(re.findall(r'<symbol id="i-([^"]+)"', SPRITE.read_text(encoding="utf-8")))


def symbol(name: str) -> str:
    """Return one icon as a symbol, without the size and colour attributes that app.css sets."""
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    body = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    if body is None:
        sys.exit(f"Unreadable icon: {name}")
    shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", body.group(1))
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{re.sub(chr(10) + " *", "", shapes).strip()}</symbol>'


def build_sprite() -> None:
    names = used_icons()
    unknown = sorted(name for name in names if not (ICONS / f"{name}.svg").exists())
    if unknown:
        sys.exit(f"No such icon in @tabler/icons: {', '.join(unknown)}")
    symbols = "\n".join(symbol(name) for name in sorted(names))
    text = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    SPRITE.write_text(text, encoding="utf-8")


def copy_all() -> None:
    for target, source in COPIES.items():
        content = (MODULES / source).read_bytes()
        if target.suffix in {".css", ".js"}:
            content = SOURCE_MAP.sub(b"", content)  # collectstatic fails on a map that is not there
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def version_of(source: str) -> str:
    """Return «name version» of the package a copied file comes from."""
    depth = 2 if source.startswith("@") else 1
    package = "/".join(source.split("/")[:depth])
    manifest = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))
    return f"{package} {manifest['version']}"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_lock() -> None:
    """Write «sha256  file  package version» for every copied file; the sprite changes with the templates."""
    rows = [
        f"{digest(target)}  {target.relative_to(ROOT).as_posix()}  {version_of(source)}"
        for target, source in COPIES.items()
    ]
    LOCK.write_text("\n".join(rows) + "\n", encoding="utf-8")


def differences() -> Iterator[str]:
    """Yield what differs from the lock, and icons that pages would show as nothing."""
    for row in LOCK.read_text(encoding="utf-8").splitlines():
        expected, name, _ = row.split("  ")
        if not (ROOT / name).exists():
            yield f"{name}: missing"
        elif digest(ROOT / name) != expected:
            yield f"{name}: differs from vendor.lock"
    missing = sorted(used_icons() - sprite_icons())
    if missing:
        yield f"static/vendor/icons.svg: no {', '.join(missing)}; run scripts/vendor_assets.py --icons"


def main() -> None:
    parser = argparse.ArgumentParser(description="Copy and lock the vendored browser assets.")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="change nothing, fail on a difference")
    mode.add_argument("--icons", action="store_true", help="only rebuild the sprite of icons")
    arguments = parser.parse_args()
    if arguments.check:
        found = list(differences())
        sys.exit("\n".join(found) if found else 0)
    if not arguments.icons:
        copy_all()
        write_lock()
    build_sprite()


if __name__ == "__main__":
    main()
