"""The script that copies and locks what browsers load, on a small tree of its own."""

import json
from pathlib import Path

import pytest

from scripts import vendor_assets

ICON = (
    '<svg width="24" class="icon">\n  <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n'
    '  <path d="M5 12l5 5" />\n</svg>'
)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of a project with one package, one template, one Python file and two icons."""
    static, icons = tmp_path / "static" / "vendor", tmp_path / "node_modules" / "icons"
    package = tmp_path / "node_modules" / "bootstrap"
    for folder in (static, icons, package / "dist", tmp_path / "templates", tmp_path / "jobs"):
        folder.mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"version": "5.3.9"}))
    (package / "dist" / "bundle.js").write_text("run();\n//# sourceMappingURL=bundle.js.map\n")
    (tmp_path / "templates" / "page.html").write_text('{% icon "check" %}')
    (tmp_path / "jobs" / "views.py").write_text('Look(icon="alert-triangle")')
    for name in ("check", "alert-triangle"):
        (icons / f"{name}.svg").write_text(ICON)
    places = {
        "ROOT": tmp_path,
        "MODULES": tmp_path / "node_modules",
        "LOCK": static / "vendor.lock",
        "SPRITE": static / "icons.svg",
        "ICONS": icons,
        "COPIES": {static / "bundle.js": "bootstrap/dist/bundle.js"},
    }
    for name, value in places.items():
        monkeypatch.setattr(vendor_assets, name, value)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["vendor_assets.py", *arguments])
    vendor_assets.main()


def test_everything_is_copied_and_locked(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch)

    copied = tree / "static" / "vendor" / "bundle.js"
    digest = vendor_assets.digest(copied)
    assert (tree / "static" / "vendor" / "vendor.lock").read_text() == (
        f"{digest}  static/vendor/bundle.js  bootstrap 5.3.9\n"
    )
    assert list(vendor_assets.differences()) == []


@pytest.mark.usefixtures("tree")
def test_map_of_the_source_is_cut_off() -> None:
    vendor_assets.copy_all()

    (copied,) = vendor_assets.COPIES
    assert copied.read_text() == "run();\n\n"


@pytest.mark.usefixtures("tree")
def test_icons_are_those_that_pages_and_python_name() -> None:
    vendor_assets.build_sprite()

    assert vendor_assets.used_icons() == vendor_assets.sprite_icons() == {"check", "alert-triangle"}


@pytest.mark.usefixtures("tree")
def test_symbol_keeps_the_shape_and_drops_size_and_frame() -> None:
    assert vendor_assets.symbol("check") == '<symbol id="i-check" viewBox="0 0 24 24"><path d="M5 12l5 5" /></symbol>'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param('{% icon "check" "ok" %}', {"check"}, id="tag"),
        pytest.param("{% icon name|default:'user-x' %}", set(), id="computed name"),
        pytest.param('icon="arrow-back-up"', {"arrow-back-up"}, id="argument"),
        pytest.param('"icon": "git-compare"', {"git-compare"}, id="mapping"),
        pytest.param("no icons here", set(), id="none"),
    ],
)
def test_name_of_an_icon_is_found_where_it_is_written(tree: Path, text: str, names: set[str]) -> None:
    (tree / "templates" / "page.html").write_text(text)

    assert vendor_assets.used_icons() == {*names, "alert-triangle"}


def test_unknown_icon_stops_with_its_name(tree: Path) -> None:
    (tree / "templates" / "page.html").write_text('{% icon "no-such-thing" %}')

    with pytest.raises(SystemExit, match="No such icon in @tabler/icons: no-such-thing"):
        vendor_assets.build_sprite()


def test_unreadable_icon_stops_with_its_name(tree: Path) -> None:
    (tree / "node_modules" / "icons" / "check.svg").write_text("<svg")

    with pytest.raises(SystemExit, match="Unreadable icon: check"):
        vendor_assets.symbol("check")


def test_check_tells_a_changed_file(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch)
    (tree / "static" / "vendor" / "bundle.js").write_text("other();")

    with pytest.raises(SystemExit, match=r"bundle\.js: differs from vendor.lock"):
        run(monkeypatch, "--check")


def test_check_tells_a_missing_file(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch)
    (tree / "static" / "vendor" / "bundle.js").unlink()

    with pytest.raises(SystemExit, match=r"bundle\.js: missing"):
        run(monkeypatch, "--check")


def test_check_tells_an_icon_that_pages_would_show_as_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch)
    (tree / "templates" / "other.html").write_text('{% icon "lock" %}')

    with pytest.raises(SystemExit, match=r"icons\.svg: no lock; run scripts/vendor_assets\.py --icons"):
        run(monkeypatch, "--check")


@pytest.mark.usefixtures("tree")
def test_check_of_what_is_in_order_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch)

    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "--check")
    assert ended.value.code == 0


def test_icons_alone_leave_the_copies_as_they_are(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "--icons")

    assert (tree / "static" / "vendor" / "icons.svg").exists()
    assert not (tree / "static" / "vendor" / "bundle.js").exists()


def test_version_of_a_scoped_package_is_read_from_its_own_manifest(tree: Path) -> None:
    package = tree / "node_modules" / "@tabler" / "icons"
    package.mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"version": "3.51.0"}))

    assert vendor_assets.version_of("@tabler/icons/icons/outline/check.svg") == "@tabler/icons 3.51.0"
