#!/usr/bin/env python3
"""Prepare the machine for a command of the Makefile, then become that command.

    python3 scripts/bootstrap.py [--dev | --bench] [--browser] [-- ARGUMENT …]

Makes `.venv/`, installs the locked dependencies, the libraries that the PDF engine needs and, with --browser,
Chromium and the PDF tools of the tests; the arguments after `--` go to `.venv/bin/python`. A stamp in `.venv`
makes later starts instant. Only the standard library: nothing is installed yet when this runs.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".stamp"
SYSLIBS = ROOT / "var" / "syslibs"
LOCKS = {  # each set of packages contains those before it
    "run": ROOT / "requirements.lock",
    "dev": ROOT / "requirements-dev.lock",
    "bench": ROOT / "requirements-bench.lock",
}
OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
MACOS = sys.platform == "darwin"

PDF_LIBRARIES = {  # what WeasyPrint opens -> the Debian package that holds it
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
MACOS_PDF_LIBRARIES = {"libpango-1.0.0.dylib": "pango"}
# The shell is Chromium without windows: tests need none, and it takes a fifth less of the processor's time.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_PACKAGES = ("chromium-headless-shell", "chromium")
MACOS_CHROMIUM = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FONTCONFIG = """<?xml version="1.0"?>
<fontconfig>
<dir>/usr/share/fonts</dir><dir>{folder}/usr/share/fonts</dir><cachedir>{folder}/fontcache</cachedir>
</fontconfig>
"""


class Refused(Exception):  # noqa: N818 — as in the portal: a named refusal with a Russian text
    """The machine cannot be prepared; the text says what to do."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"· {text}", flush=True)


def run(*command: object, quiet: bool = False) -> bool:
    """Run a command and tell whether it succeeded; its output is shown unless quiet."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run([str(part) for part in command], check=False, stdout=sink, stderr=sink).returncode == 0
    except OSError:
        return False


# Python and its packages


def use_a_suitable_python() -> None:
    """Start again under a newer interpreter where `python3` is too old."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in NEWER_PYTHONS:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, *sys.argv])
    found = ".".join(str(part) for part in sys.version_info[:3])
    raise Refused(f"Нужен Python 3.11 или новее, найден {found}. Debian и Ubuntu: apt-get install python3 python3-venv")


def stamp_of(locks: Sequence[Path], root: Path = ROOT) -> str:
    """Return what the environment was made of: place, interpreter, contents of the lock files."""
    digest = hashlib.sha256()
    for lock in locks:
        digest.update(lock.read_bytes())
    return f"{root} {sys.version_info.major}.{sys.version_info.minor} {digest.hexdigest()}"


def read_stamps(path: Path = STAMP) -> dict[str, str]:
    """Return the stamp of each installed set of packages; nothing when there is none or it is damaged."""
    try:
        stamps = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamps.items()} if isinstance(stamps, dict) else {}


def write_stamp(profile: str) -> None:
    """Note that a set is installed, with those that it contains."""
    names = list(LOCKS)
    profiles = names[: names.index(profile) + 1]
    STAMP.write_text(json.dumps({name: stamp_of([LOCKS[name]]) for name in profiles}), encoding="utf-8")


def is_installed(profile: str) -> bool:
    """Tell whether the environment already holds the locked packages."""
    return VENV_PYTHON.exists() and read_stamps().get(profile) == stamp_of([LOCKS[profile]])


def install_packages(profile: str) -> None:
    """Make the virtual environment and install the locked packages, by uv where it is, else by pip."""
    if is_installed(profile):
        return
    say("Ставим зависимости в .venv — при первом запуске это занимает до минуты")
    begun = time.monotonic()
    if not (install_by_uv(LOCKS[profile]) or install_by_pip(LOCKS[profile])):
        raise Refused(f"Не установились зависимости из {LOCKS[profile].name}: причина выше. Доступен ли PyPI?")
    write_stamp(profile)
    say(f"Зависимости готовы за {time.monotonic() - begun:.0f} с")


def venv_works() -> bool:
    """Tell whether `.venv` has an interpreter that still starts; an upgrade of Python breaks it."""
    return run(VENV_PYTHON, "-c", "", quiet=True)


def install_by_uv(lock: Path) -> bool:
    """Install with uv; False when it is not there or could not (pip then tries its own way)."""
    uv = shutil.which("uv")
    if not uv or not run(uv, "--version", quiet=True):
        return False
    if not venv_works() and not run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV):
        return False
    command = (
        uv,
        "pip",
        "install",
        "--quiet",
        "--compile-bytecode",
        "--python",
        VENV_PYTHON,
        "--require-hashes",
    )
    return run(*command, "-r", lock)


def install_by_pip(lock: Path) -> bool:
    """Install with the pip of a virtual environment made by the standard library."""
    if not run(VENV_PYTHON, "-m", "pip", "--version", quiet=True):
        require_ensurepip()
        if not run(sys.executable, "-m", "venv", "--clear", VENV):
            return False
    pip = (VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    # The lock is complete. Without --no-deps pip resolves anew and, once a newer release of a package that another
    # one asks for with an extra is out («coverage[toml]»), takes that release for unpinned and refuses.
    return run(*pip, "--require-hashes", "--no-deps", "--no-input", "-r", lock)


def require_ensurepip() -> None:
    """Debian keeps the making of virtual environments in a package of its own."""
    if run(sys.executable, "-c", "import ensurepip, venv", quiet=True):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not (apt_install([package]) or apt_install(["python3-venv"])):
        raise Refused(f"Нет модуля venv. Выполните: {apt_line([package])}")


# Packages of the system


def apt_line(packages: Sequence[str]) -> str:
    """Return the line that a person with rights can paste."""
    if MACOS:
        return "brew install " + " ".join(packages)
    return "sudo apt-get install --no-install-recommends " + " ".join(packages)


def apt_install(packages: Sequence[str]) -> bool:
    """Install system packages when this user may; refresh the lists only when the first try fails."""
    if MACOS:
        return bool(shutil.which("brew")) and run("brew", "install", "--quiet", *packages)
    if not (may_install() and shutil.which("apt-get")):
        return False
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    say("Ставим системные пакеты: " + ", ".join(packages))
    wait = ("-o", "DPkg::Lock::Timeout=300")
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *wait, *packages]
    if run(*install, quiet=True):
        return True
    run("apt-get", "update", "-qq", quiet=True)
    again = subprocess.run(install, check=False, capture_output=True, text=True)
    if again.returncode:
        print(again.stderr, file=sys.stderr, flush=True)
    return again.returncode == 0


def opens(library: str) -> bool:
    """Tell whether the loader finds a library; `.venv`, once ready, may know those of var/syslibs."""
    interpreter = VENV_PYTHON if is_installed("run") else sys.executable
    return run(interpreter, "-c", f"import ctypes; ctypes.CDLL({library!r})", quiet=True)


def missing_pdf_packages() -> list[str]:
    """Return the packages whose libraries are not to be found."""
    libraries = MACOS_PDF_LIBRARIES if MACOS else PDF_LIBRARIES
    return [package for library, package in libraries.items() if not opens(library)]


def install_pdf_libraries() -> None:
    """Get what WeasyPrint needs; without it the portal works and reports in PDF say what is missing."""
    packages = missing_pdf_packages()
    if not packages or apt_install(packages) or unpack_without_rights(packages):
        return
    say("PDF-отчёты пока недоступны, остальное работает. Чтобы включить: " + apt_line(packages))


def unpack_without_rights(packages: Sequence[str]) -> bool:
    """Unpack the packages under var/syslibs and make `.venv` load them: for users who may not install."""
    if MACOS or not (shutil.which("apt-get") and shutil.which("dpkg")):
        return False
    needed = packages_to_download(packages)
    archives = SYSLIBS / "archives"
    archives.mkdir(parents=True, exist_ok=True)
    say("Нет прав на установку: распаковываем библиотеки PDF в var/syslibs")
    if not needed or subprocess.run(["apt-get", "download", "-qq", *needed], check=False, cwd=archives).returncode:
        return False
    unpacked = [run("dpkg", "-x", archive, SYSLIBS) for archive in sorted(archives.glob("*.deb"))]
    preload_from(SYSLIBS)
    return all(unpacked) and not missing_pdf_packages()


def packages_to_download(packages: Sequence[str]) -> list[str]:
    """Return the packages with everything they depend on and this machine lacks; asking needs no rights."""
    command = ["apt-get", "install", "--simulate", "--no-install-recommends", *packages]
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    return [line.split()[1] for line in answer.stdout.splitlines() if line.startswith("Inst ")]


def load_order(libraries: Sequence[Path]) -> list[Path]:
    """Return the libraries in an order in which each finds those it needs already loaded."""
    order: list[Path] = []
    pending = list(libraries)
    while pending:
        rest = [path for path in pending if not loads(path)]
        order += [path for path in pending if path not in rest]
        if len(rest) == len(pending):
            break
        pending = rest
    return order


def loads(path: Path) -> bool:
    """Try to load one library into this process."""
    try:
        ctypes.CDLL(str(path))
    except OSError:
        return False
    return True


def preload_from(folder: Path) -> None:
    """Write the .pth line by which every start of `.venv/bin/python` loads the unpacked libraries.

    The loader answers a later request for a name that is already loaded, so no LD_LIBRARY_PATH has to reach
    the processes of the web server and of the worker.
    """
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTCONFIG.format(folder=folder), encoding="utf-8")
    libraries = sorted(path for path in folder.rglob("*.so.*") if path.suffix[1:].isdigit())
    paths = [str(path) for path in load_order(libraries) if path.stem.endswith(".so")]
    line = (
        f"import ctypes, os; os.environ.setdefault('FONTCONFIG_FILE', {str(fonts)!r}); "
        f"list(map(ctypes.CDLL, filter(os.path.exists, {paths!r})))\n"
    )
    for site_packages in VENV.glob("lib/python*/site-packages"):
        (site_packages / "syslibs.pth").write_text(line, encoding="utf-8")


def chromium() -> str | None:
    """Return the path of a Chromium that starts; Ubuntu's package is a stub without snap."""
    found = (shutil.which(name) for name in CHROMIUM)
    candidates = [*filter(None, found), *([MACOS_CHROMIUM] if MACOS else [])]
    return next((path for path in candidates if run(path, "--version", quiet=True)), None)


def install_test_tools() -> None:
    """Get Chromium and the PDF tools; without them the tests that need them are skipped with the reason."""
    absent = []
    if not (chromium() or any(apt_install([package]) for package in CHROMIUM_PACKAGES)):
        absent.append("chromium")
    pdf_tools = "poppler" if MACOS else "poppler-utils"
    if not (shutil.which("pdftotext") and shutil.which("pdftoppm")) and not apt_install([pdf_tools]):
        absent.append(pdf_tools)
    if absent:
        say("Часть тестов будет пропущена. Чтобы выполнить все: " + apt_line(absent))


# The way


@contextmanager
def only_one() -> Iterator[None]:
    """Let `make run` and `make test` of two terminals prepare the machine one after the other."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "bootstrap.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def may_install() -> bool:
    """Tell whether this user may install packages of the system."""
    return MACOS or os.geteuid() == 0


def prepare(profile: str, *, browser: bool) -> None:
    """Do all that is missing; where one may, the system's packages come while Python's are downloaded."""
    if not (is_installed(profile) or shutil.which("uv")):
        require_ensurepip()  # before the threads: apt takes one caller at a time
    with ThreadPoolExecutor(max_workers=1) as background:
        early = background.submit(install_system, browser=browser) if may_install() else None
        install_packages(profile)
        if early:
            early.result()
        else:
            install_system(browser=browser)  # what is unpacked without rights goes into the finished .venv


def install_system(*, browser: bool) -> None:
    """Get everything that does not come from PyPI."""
    install_pdf_libraries()
    if browser:
        install_test_tools()


def become(arguments: Sequence[str]) -> None:
    """Replace this process, so that signals reach the command itself."""
    if MACOS:
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), *arguments])


def main(arguments: Sequence[str]) -> int:
    """Return an exit code; when a command was asked for, that command is running by then."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(description="Готовит машину к команде из Makefile")
    parser.add_argument("--dev", action="store_true", help="вместе с инструментами разработки")
    parser.add_argument("--bench", action="store_true", help="и с тем, с чем замеры сравнивают портал")
    parser.add_argument("--browser", action="store_true", help="вместе с Chromium и инструментами PDF для тестов")
    options = parser.parse_args(arguments[:split])
    os.chdir(ROOT)
    try:
        use_a_suitable_python()
        with only_one():
            prepare("bench" if options.bench else "dev" if options.dev else "run", browser=options.browser)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    command = arguments[split + 1 :]
    if command:
        become(command)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nПрервано: " + shlex.join(sys.argv), file=sys.stderr)
        sys.exit(130)
