"""The command of the operator builds on the path of the page."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from reports.models import ReportVersion
from tests.factories.reports import make_listed_territory
from tests.factories.schools import make_territory

pytestmark = pytest.mark.django_db


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("build_report", *arguments, stdout=out, **options)
    return out.getvalue()


def test_command_answers_with_report_version_and_files(tmp_path: Path) -> None:
    territory = make_listed_territory()

    answer = json.loads(
        run("R8", "--territory", territory.code, "--year", "2026", "--output", str(tmp_path / "out"), "--json")
    )

    version = ReportVersion.objects.get()
    assert answer["report"] == str(version.report_id)
    assert answer["version"] == str(version.pk)
    assert answer["figures"] == version.figures
    assert set(answer["files"]) == {"pdf", "xlsx"}
    assert load_workbook(answer["files"]["xlsx"]).sheetnames[0] == "Текст"
    assert Path(answer["files"]["pdf"]).read_bytes().startswith(b"%PDF-")


def test_command_tells_people_too(tmp_path: Path) -> None:
    territory = make_listed_territory()

    out = tmp_path / "out"
    options = ["--as-of", "2026-12-25", "--formats", "xlsx", "--output", str(out)]

    text = run("r8", "--territory", territory.code, *options)

    assert "версия 1. Чисел с источником" in text
    assert [path.suffix for path in out.iterdir()] == [".xlsx"]


def test_report_of_one_school_by_its_inn(tmp_path: Path) -> None:
    school = make_listed_territory().schools.all()[0]

    run(
        "R4",
        "--school",
        school.inn,
        "--from",
        "2026-01-01",
        "--to",
        "2026-12-31",
        "--formats",
        "xlsx",
        "--output",
        str(tmp_path),
    )

    assert ReportVersion.objects.get().report.school == school


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        pytest.param(["R99", "--territory", "{}"], "Вида справки «R99» нет", 1, id="unknown kind"),
        pytest.param(["R8", "--territory", "nowhere"], "Территории с кодом «nowhere» нет", 1, id="no territory"),
        pytest.param(["R8", "--school", "0000000000"], "Школы с ИНН 0000000000 нет", 1, id="no school"),
        pytest.param(["R8", "--territory", "{}"], "Проведите выявление", 1, id="nothing to report"),
        pytest.param(["R8", "--territory", "{}", "--from", "2026-01-01"], "и --from, и --to", 2, id="half a period"),
        pytest.param(["R8", "--territory", "{}", "--formats", "odt"], "Форматы: pdf, xlsx", 2, id="unknown format"),
        pytest.param(
            ["R8", "--territory", "{}", "--from", "2026-12-31", "--to", "2026-01-01"],
            "раньше, чем начался",
            1,
            id="backwards",
        ),
    ],
)
def test_refusals_are_russian_with_their_exit_code(arguments: list[str], words: str, code: int, tmp_path: Path) -> None:
    territory = make_territory()

    with pytest.raises(CommandError, match=words) as refusal:
        run(*(argument.format(territory.code) for argument in arguments), "--output", str(tmp_path))

    assert refusal.value.returncode == code
