"""The script that prepares a machine: tried with real files and real small programs, nothing of it replaced."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap


def copy_into(folder: Path) -> Path:
    """Copy what the script needs, with an empty list of packages."""
    (folder / "scripts").mkdir()
    shutil.copy(bootstrap.__file__, folder / "scripts")
    empty_locks(folder)
    return folder


def empty_locks(folder: Path) -> None:
    for lock in bootstrap.LOCKS.values():
        (folder / lock.name).write_text("# nothing\n", encoding="utf-8")


@pytest.fixture(scope="module")
def shared_clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one clone for the module: to make an environment takes seconds."""
    return copy_into(tmp_path_factory.mktemp("clone"))


@pytest.fixture
def clone(shared_clone: Path) -> Path:
    """Return the clone as if nothing was installed in it; only the environment itself may be there already."""
    empty_locks(shared_clone)
    (shared_clone / ".venv" / ".stamp").unlink(missing_ok=True)
    return shared_clone


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def start(clone: Path, *arguments: str, path: str = "/usr/bin:/bin") -> subprocess.CompletedProcess[str]:
    """Run the script of the clone without a home directory and without a locale."""
    return subprocess.run(
        [sys.executable, "scripts/bootstrap.py", *arguments],
        cwd=clone,
        env={"PATH": path, "HOME": "/nonexistent"},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_start_in_a_fresh_clone_makes_the_environment_and_becomes_the_command(tmp_path: Path) -> None:
    clone = copy_into(tmp_path)

    result = start(clone, "--", "-c", "import sys; print(sys.prefix)")

    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == str(clone / ".venv")


def test_second_start_installs_nothing(clone: Path) -> None:
    start(clone)

    result = start(clone, "--", "-c", "print('готово')")

    assert result.stdout == "готово\n"


def test_changed_lock_is_installed_again(clone: Path) -> None:
    start(clone)
    (clone / "requirements.lock").write_text("# something\n", encoding="utf-8")

    assert "Зависимости готовы" in start(clone).stdout


def test_development_set_serves_a_run_too(clone: Path) -> None:
    start(clone, "--dev")

    assert start(clone).stdout == ""


def test_run_set_does_not_serve_development(clone: Path) -> None:
    start(clone)

    assert "Зависимости готовы" in start(clone, "--dev").stdout


def test_set_of_the_measurements_serves_all_others(clone: Path) -> None:
    start(clone, "--bench")

    assert (start(clone).stdout, start(clone, "--dev").stdout) == ("", "")


def test_development_set_does_not_serve_measurements(clone: Path) -> None:
    start(clone, "--dev")

    assert "Зависимости готовы" in start(clone, "--bench").stdout


def test_exit_code_is_that_of_the_command(clone: Path) -> None:
    assert start(clone, "--", "-c", "raise SystemExit(7)").returncode == 7


def test_packages_that_cannot_be_installed_are_refused_in_russian(clone: Path) -> None:
    (clone / "requirements.lock").write_text("no-such-package\n", encoding="utf-8")  # has no hash: refused offline too

    result = start(clone)

    assert result.returncode == 1
    assert "Не установились зависимости из requirements.lock" in result.stderr
    assert not (clone / ".venv" / ".stamp").exists()


def test_broken_environment_is_made_anew(clone: Path) -> None:
    start(clone)
    python = clone / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nonexistent/python3")

    assert start(clone, "--", "-c", "print(1)").stdout.splitlines()[-1] == "1"


def test_stamp_changes_with_the_place_and_with_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n", encoding="utf-8")
    first = bootstrap.stamp_of([lock], root=tmp_path)

    assert bootstrap.stamp_of([lock], root=tmp_path / "moved") != first
    lock.write_text("a==2\n", encoding="utf-8")
    assert bootstrap.stamp_of([lock], root=tmp_path) != first


@pytest.mark.parametrize("content", ["", "{", "[1]", "null"])
def test_damaged_stamp_counts_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / ".stamp"
    path.write_text(content, encoding="utf-8")

    assert bootstrap.read_stamps(path) == {}


def test_missing_stamp_counts_as_none(tmp_path: Path) -> None:
    assert bootstrap.read_stamps(tmp_path / "absent") == {}


def test_stamps_are_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / ".stamp"
    path.write_text(json.dumps({"run": "x"}), encoding="utf-8")

    assert bootstrap.read_stamps(path) == {"run": "x"}


def test_program_that_is_not_there_counts_as_failed() -> None:
    assert not bootstrap.run("/nonexistent/program")


def test_program_that_fails_counts_as_failed() -> None:
    assert not bootstrap.run(sys.executable, "-c", "raise SystemExit(1)")


@pytest.mark.skipif(bootstrap.MACOS, reason="имена библиотек Linux")
def test_library_that_is_there_opens_and_another_does_not() -> None:
    assert bootstrap.opens("libc.so.6")
    assert not bootstrap.opens("libnothing-of-the-kind.so.0")


def test_loadable_libraries_come_in_order_and_the_rest_is_left_out(tmp_path: Path) -> None:
    broken = tmp_path / "libbroken.so.1"
    broken.write_bytes(b"not a library")
    good = Path("/usr/lib/libSystem.B.dylib" if bootstrap.MACOS else "libc.so.6")

    assert bootstrap.load_order([broken, good]) == [good]


@pytest.mark.skipif(bootstrap.MACOS, reason="раскладка библиотек Linux")
def test_line_in_the_environment_survives_libraries_that_have_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site_packages = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    site_packages.mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    folder = tmp_path / "var" / "syslibs"
    (folder / "usr" / "lib").mkdir(parents=True)
    libc = subprocess.run(
        [sys.executable, "-c", "import ctypes; ctypes.CDLL('libc.so.6'); print(open('/proc/self/maps').read())"],
        check=True,
        capture_output=True,
        text=True,
    )
    path = next(word for word in libc.stdout.split() if "/libc" in word)
    shutil.copy(path, folder / "usr" / "lib" / "libcopy.so.6")

    bootstrap.preload_from(folder)
    shutil.rmtree(folder / "usr")

    line = (site_packages / "syslibs.pth").read_text(encoding="utf-8")
    assert "libcopy.so.6" in line
    assert subprocess.run([sys.executable, "-c", line], check=False).returncode == 0


def test_chromium_that_does_not_start_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("chromium-headless-shell", "chromium", "chromium-browser"):
        program(tmp_path, name, "exit 1")
    browser = program(tmp_path, "google-chrome", "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    monkeypatch.setattr(bootstrap, "MACOS", False)

    assert bootstrap.chromium() == str(browser)


def test_chromium_without_windows_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "chromium", "exit 0")
    shell = program(tmp_path, "chromium-headless-shell", "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")

    assert bootstrap.chromium() == str(shell)


@pytest.mark.parametrize(
    ("packages", "is_missed"),
    [({"chromium-headless-shell"}, False), ({"chromium"}, False), (set(), True)],
    ids=["shell", "whole browser", "neither"],
)
def test_whole_browser_is_installed_where_there_is_no_shell(
    packages: set[str],
    is_missed: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bootstrap, "chromium", lambda: None)
    monkeypatch.setattr(bootstrap, "apt_install", packages.issuperset)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")

    bootstrap.install_test_tools()

    assert ("Часть тестов будет пропущена" in capsys.readouterr().out) is is_missed


def test_line_to_paste_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "MACOS", False)

    assert bootstrap.apt_line(["a", "b"]) == "sudo apt-get install --no-install-recommends a b"


def test_simulated_installation_names_what_would_be_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(
        tmp_path,
        "apt-get",
        "echo 'Reading lists'; echo 'Inst libb (1.0 Debian)'; echo 'Inst liba (2.0)'; echo 'Conf liba'",
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    assert bootstrap.packages_to_download(["liba"]) == ["libb", "liba"]
