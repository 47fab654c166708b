"""What the project promises to those who install it: declarations, examples and documents that agree with the code."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import bootstrap

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "jobs", "schools", "riskprofiles", "roadmaps", "monitoring", "reports", "config")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RECORDS = sorted((ROOT / "docs" / "adr").glob("0*.md"))
LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)
VARIABLE = re.compile(r"^(?:# )?([A-Z][A-Z_]+)=", re.MULTILINE)


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def pyproject() -> dict[str, Any]:
    return tomllib.loads(text_of("pyproject.toml"))


def declared(*, dev: bool) -> list[Requirement]:
    project = pyproject()
    lines = project["project"]["dependencies"] + (project["dependency-groups"]["dev"] if dev else [])
    return [Requirement(line) for line in lines]


def locked(name: str) -> dict[str, set[str]]:
    """Return the versions of each package; one package may have several, for different versions of Python."""
    versions: dict[str, set[str]] = {}
    for match in LOCKED.finditer(text_of(name)):
        versions.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return versions


def settings_variables() -> set[str]:
    """Return the names that the settings ask the environment for: first argument of every `env.…("NAME")`."""
    calls = (node for node in ast.walk(ast.parse(text_of("config/settings.py"))) if isinstance(node, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text_of("docker-compose.yml"))
    return loaded


# Dependencies


def test_every_dependency_has_a_comment_that_says_what_for() -> None:
    arrays = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text_of("pyproject.toml"), re.MULTILINE | re.DOTALL)
    lines = [line for array in arrays for line in array.splitlines()]

    assert len(lines) == len(declared(dev=True))
    assert [line for line in lines if not re.search(r",\s+# \w.{8,}$", line)] == []


@pytest.mark.parametrize(("lock", "dev"), [("requirements.lock", False), ("requirements-dev.lock", True)])
def test_lock_holds_every_declared_dependency_in_an_allowed_version(lock: str, dev: bool) -> None:
    versions = locked(lock)

    for requirement in declared(dev=dev):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert found, f"{requirement.name} is not in {lock}: run `make lock`"
        assert all(requirement.specifier.contains(version) for version in found), (requirement, found)


@pytest.mark.parametrize(
    ("less", "more"),
    [("requirements.lock", "requirements-dev.lock"), ("requirements-dev.lock", "requirements-bench.lock")],
)
def test_larger_set_adds_packages_and_changes_none(less: str, more: str) -> None:
    few, many = locked(less), locked(more)

    assert {name: many.get(name) for name in few} == few


def test_what_measurements_compare_with_is_locked_for_them_alone() -> None:
    compared = {canonicalize_name(Requirement(line).name) for line in pyproject()["dependency-groups"]["bench"]}

    assert compared <= locked("requirements-bench.lock").keys()
    assert not compared & locked("requirements-dev.lock").keys()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"])
def test_lock_is_hashed_throughout_and_names_no_index_and_no_local_path(lock: str) -> None:
    text = text_of(lock)
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]

    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?:|file:|--index|--find-links|/(root|home|Users|tmp)/", text)


def test_oldest_python_is_the_same_everywhere() -> None:
    version = ".".join(str(part) for part in bootstrap.OLDEST_PYTHON)

    assert pyproject()["project"]["requires-python"] == f">={version}"
    assert pyproject()["tool"]["ruff"]["target-version"] == "py" + version.replace(".", "")
    assert set(re.findall(r"FROM python:([\d.]+)-", text_of("Dockerfile"))) == {version}


# Settings


def test_example_lists_exactly_the_variables_that_the_settings_read() -> None:
    assert set(VARIABLE.findall(text_of(".env.example"))) == settings_variables()


def test_example_works_as_it_stands(tmp_path: Path) -> None:
    lines = [line for line in text_of(".env.example").splitlines() if line and not line.startswith("#")]
    example = dict(line.split("=", 1) for line in lines)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **example, "DATA_DIR": str(tmp_path / "var")}

    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr


# Containers


def test_compose_has_the_five_services_and_a_step_that_migrates() -> None:
    assert set(compose()["services"]) == {"db", "redis", "web", "worker", "scheduler", "migrate"}


def test_compose_pins_the_images_of_others() -> None:
    images = {name: service["image"] for name, service in compose()["services"].items()}

    assert re.fullmatch(r"postgres:\d+-\w+", images["db"])
    assert re.fullmatch(r"redis:\d+\.\d+-\w+", images["redis"])
    assert {images[name] for name in ("web", "worker", "scheduler", "migrate")} == {"orientir:latest"}


def test_compose_checks_the_health_of_everything_that_stays() -> None:
    for name, service in compose()["services"].items():
        assert ("healthcheck" in service) == (name != "migrate"), name


def test_compose_waits_for_the_migrations() -> None:
    for name in ("web", "worker", "scheduler"):
        waits = compose()["services"][name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}, name


def test_compose_gives_only_settings_that_exist() -> None:
    services = compose()["services"]
    given = {name for service in ("web", "worker", "scheduler") for name in services[service]["environment"]}

    assert given <= settings_variables()
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS"} <= given


def test_compose_refuses_to_start_without_secrets() -> None:
    text = text_of("docker-compose.yml")

    assert "${SECRET_KEY:?" in text
    assert not re.search(r"\$\{(SECRET_KEY|POSTGRES_PASSWORD)(:-[^}]*)?\}", text)


def test_image_has_the_libraries_that_the_bootstrap_installs() -> None:
    dockerfile = text_of("Dockerfile")

    assert [package for package in bootstrap.PDF_LIBRARIES.values() if package not in dockerfile] == []


# Commands


@pytest.mark.parametrize("command", ["run", "test", "check", "fix", "bench", "seed"])
def test_makefile_has_the_command_and_says_what_it_does(command: str) -> None:
    assert re.search(rf"^{command}: ## \w.+$", text_of("Makefile"), re.MULTILINE)


def test_make_alone_lists_the_commands() -> None:
    listing = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert "make run" in listing
    assert "make test" in listing


def test_readme_names_the_two_commands_first() -> None:
    assert re.search(r"```sh\nmake run .*\nmake test .*\n```", text_of("README.md"))


def test_whole_judgement_runs_both_modes_and_the_checks() -> None:
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert len(re.findall(r"^\s*make test$", text_of(".ci/run"), re.MULTILINE)) == 2
    assert len(re.findall(r"^make check$", text_of(".ci/run"), re.MULTILINE)) == 1


# Documents


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_decision_record_has_its_three_parts_and_stays_short(record: Path) -> None:
    text = record.read_text(encoding="utf-8")

    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert text.startswith(f"# {record.name[:4]}. ")
    assert len(text.splitlines()) <= 50


def test_every_decision_record_is_listed() -> None:
    index = text_of("docs/adr/README.md")

    assert [record.name for record in RECORDS if record.name not in index] == []


def code() -> str:
    """Return the text of all modules of the apps, without migrations."""
    paths = (path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_glossary_gives_names_that_the_code_uses() -> None:
    text = code()
    classes = set(re.findall(r"^class (\w+)", text, re.MULTILINE))
    names = set(re.findall(r"\b[A-Za-z_]\w*\b", text))
    given = re.findall(r"`([A-Za-z_][A-Za-z0-9_.]*)`", text_of("docs/glossary.md"))

    assert [name for name in given if re.match("[A-Z][a-z]", name) and name.split(".")[0] not in classes] == []
    assert [name for name in given if not set(name.split(".")) <= names] == []
