"""`manage.py identify` as the contract words it."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from accounts.russian import NBSP
from schools.actions.rule_sets import load_rule_set, new_version
from schools.models import IdentificationRun, SchoolList, Territory
from tests.factories.lists import make_low_school, make_quiet_school
from tests.factories.schools import make_region, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    """A municipality of the only region, with a low and a quiet school."""
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    make_quiet_school(territory=territory, name="Обычная")
    return territory


def identify(*arguments: str) -> str:
    output = StringIO()
    call_command("identify", *arguments, stdout=output)
    return output.getvalue()


def identified(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(identify("--json", *arguments))
    return answer


def test_json_has_the_run_the_rule_and_every_school(territory: Territory) -> None:
    answer = identified("--year", "2026", "--territory", territory.code)

    run = IdentificationRun.objects.get()
    assert (answer["run"], answer["rule_set"]) == (str(run.pk), "RU-2025/1")
    low, quiet = answer["schools"]
    assert low == {
        "inn": run.verdicts.get(school__name="Низкая").school.inn,
        "name": "Низкая",
        "verdict": "SHNOR",
        "reasons": [
            f"C1:ВПР-РУ-5 2026 20/40=50,00{NBSP}%",
            f"C1:ВПР-МА-5 2026 12/40=30,00{NBSP}%",
            f"C2:ВПР-РУ-5 2025 15/40=37,50{NBSP}% → 2026 20/40=50,00{NBSP}%",
        ],
        "procedures_low": 2,
        "repeated": 1,
    }
    assert quiet["verdict"] == "CLEAR"


def test_nothing_is_published(territory: Territory) -> None:
    identify("--year", "2026", "--territory", territory.code)

    assert not SchoolList.objects.exists()


def test_text_names_verdict_and_school(territory: Territory) -> None:
    text = identify("--year", "2026", "--territory", territory.code)

    assert "Низкие результаты: Низкая (ИНН " in text
    assert "Условия не выполнены: Обычная" in text


def test_only_region_is_taken_without_a_code(territory: Territory) -> None:
    assert len(identified("--year", "2026")["schools"]) == 2
    assert IdentificationRun.objects.get().territory == territory.parent


@pytest.mark.parametrize("code", ["RU-500P-2020", "BRIEF-2Y", "REG-QUARTILE"])
def test_shipped_rule_set_is_taken_by_its_code(territory: Territory, code: str) -> None:
    answer = identified("--year", "2026", "--territory", territory.code, "--rule-set", code)

    assert answer["rule_set"] == f"{code}/1"


def test_latest_version_of_the_rule_set_is_taken(territory: Territory) -> None:
    new_version(rule_set=load_rule_set(by=None), changes={"min_procedures": 3}, basis=None, by=make_user())

    assert identified("--year", "2026", "--territory", territory.code)["rule_set"] == "RU-2025/2"


def test_workbook_is_written(territory: Territory, tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"

    identify("--year", "2026", "--territory", territory.code, "--output", str(file))

    sheet = load_workbook(file).active
    assert sheet is not None
    assert "Низкая" in [cell.value for cell in sheet["B"]]


def test_csv_is_written(territory: Territory, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"

    identify("--year", "2026", "--territory", territory.code, "--output", str(file))

    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][:3] == ["№ п/п", "Школа", "ИНН"]
    assert "Низкая" in {row[1] for row in rows if len(row) > 1}


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        pytest.param(["--year", "2024"], "за 2024 год нет результатов", 1, id="year without results"),
        pytest.param(["--year", "2026", "--rule-set", "XX"], "Набора правил XX нет. Есть: BRIEF-2Y", 1, id="rule"),
        pytest.param(["--year", "2026", "--territory", "нет"], "Территории с кодом нет нет", 1, id="territory"),
        pytest.param(["--year", "2026", "--output", "list.pdf"], "расширением .xlsx или .csv", 2, id="format"),
    ],
)
def test_refusal_has_a_reason_and_a_code(
    territory: Territory,
    arguments: list[str],
    message: str,
    code: int,
) -> None:
    given = arguments if "--territory" in arguments else [*arguments, "--territory", territory.code]

    with pytest.raises(CommandError, match=message) as refused:
        identify(*given)

    assert refused.value.returncode == code
    assert not IdentificationRun.objects.exists()


def test_two_regions_need_a_code(territory: Territory) -> None:
    make_region()

    with pytest.raises(CommandError, match="--territory КОД") as refused:
        identify("--year", "2026")

    assert refused.value.returncode == 2
