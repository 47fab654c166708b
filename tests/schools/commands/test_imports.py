"""Commands that load and undo, as operators and scripts call them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.models import User
from schools.models import AssessmentResult, ImportBatch, ImportFile, School, Territory
from tests.factories.workbooks import federal_journal, federal_marks, packed
from tests.schools.actions.test_import_apply import FIRST, HEADER, SECOND

pytestmark = pytest.mark.django_db
RESULTS = "inn;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5;lowered;confirmed;raised\n"
GOOD = "0000100037;2026;VPR;RU;4;38;1;2;30;5;10;25;3\n"
OTHER = "0000100051;2026;OGE;MA;9;4;1;1;1;1;;;\n"
UNKNOWN = "0000100083;2026;OGE;MA;9;4;1;1;1;1;;;\n"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "schools.csv"
    path.write_text(HEADER + FIRST + SECOND, encoding="utf-8")
    return path


@pytest.fixture
def schools(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_schools", str(registry), "--json")
    capsys.readouterr()


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command(*arguments, "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def written(tmp_path: Path, *lines: str, name: str = "results.csv") -> str:
    path = tmp_path / name
    path.write_text(RESULTS + "".join(lines), encoding="utf-8")
    return str(path)


def test_registry_is_loaded_into_an_empty_portal(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "import_schools", str(registry))

    assert {name: answer[name] for name in ("created", "changed", "same", "rejected", "problems")} == {
        "created": 2,
        "changed": 0,
        "same": 0,
        "rejected": 0,
        "problems": [],
    }
    assert School.objects.count() == 2
    assert set(Territory.objects.values_list("code", flat=True)) == {"reg99", "reg99_m001", "reg99_m002"}


def test_registry_again_with_a_change(registry: Path, schools: None, capsys: pytest.CaptureFixture[str]) -> None:
    registry.write_text(HEADER + FIRST.replace("187", "188") + SECOND, encoding="utf-8")

    answer = told(capsys, "import_schools", str(registry))

    assert (answer["created"], answer["changed"], answer["same"]) == (0, 1, 1)


def test_bad_rows_of_a_registry_are_told_and_the_others_taken(
    registry: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    registry.write_text(HEADER + FIRST + SECOND.replace("0000100051", "0000100052"), encoding="utf-8")

    answer = told(capsys, "import_schools", str(registry))

    assert (answer["created"], answer["rejected"]) == (1, 1)
    assert "ИНН «0000100052» не существует" in answer["problems"][0]["text"]


def test_nobody_can_sign_in_as_the_commands(schools: None) -> None:
    account = User.objects.get(username="service")

    assert not account.is_active
    assert not account.has_usable_password()


def test_flat_table_is_loaded(tmp_path: Path, schools: None, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, GOOD, OTHER)

    answer = told(capsys, "import_data", path)

    [file] = answer["files"]
    assert (file["path"], file["layout"], file["created"]) == (path, "flat_results", 2)
    assert {problem["severity"] for problem in file["problems"]} == {"warning"}
    assert AssessmentResult.objects.count() == 2


def test_folder_and_archive_are_loaded_at_once(
    tmp_path: Path,
    schools: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "МБОУ «СОШ № 33» (edu910003)"
    folder = tmp_path / "2026"
    (folder / "РУ").mkdir(parents=True)
    (folder / "РУ" / "Ф3.xlsx").write_bytes(federal_marks({name: (1, 2, 30, 5)}))
    (folder / "Ф3.xlsx").write_bytes(federal_marks({name: (1, 2, 30, 5)}, grade=5))
    (folder / "прочее.txt").write_text("x")
    archive = tmp_path / "журнал.zip"
    archive.write_bytes(packed({"а.xlsx": federal_journal({name: (10, 25, 3)})}))

    answer = told(capsys, "import_data", str(folder), str(archive))

    assert (answer["created"], answer["rejected"]) == (3, 0)
    assert sorted(file["layout"] for file in answer["files"]) == ["federal_journal", "federal_marks", "federal_marks"]
    assert AssessmentResult.objects.count() == 2


def test_rejected_rows_stop_the_command_unless_the_good_are_asked_for(
    tmp_path: Path,
    schools: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = written(tmp_path, GOOD, UNKNOWN)

    with pytest.raises(CommandError, match=r"Не приняты: 1.строка") as caught:
        call_command("import_data", path, "--json")
    refused = json.loads(capsys.readouterr().out)
    assert caught.value.returncode == 1
    assert (refused["rejected"], refused["files"][0]["problems"][0]["row"]) == (1, 3)
    assert not AssessmentResult.objects.exists()

    assert told(capsys, "import_data", path, "--only-good")["created"] == 1
    assert AssessmentResult.objects.count() == 1


def test_dry_run_leaves_nothing(tmp_path: Path, schools: None, capsys: pytest.CaptureFixture[str]) -> None:
    before = ImportFile.objects.count()

    answer = told(capsys, "import_data", written(tmp_path, GOOD), "--dry-run")

    assert answer["created"] == 1
    assert (AssessmentResult.objects.count(), ImportFile.objects.count()) == (0, before)
    kept = [default_storage.exists(str(file.content.name)) for file in ImportFile.objects.all()]
    assert kept == [True] * before


def test_other_municipalities_stay_out(tmp_path: Path, schools: None, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, GOOD, OTHER)

    answer = told(capsys, "import_data", path, "--municipality", "REG99_m001", "--only-good")

    assert (answer["created"], answer["rejected"]) == (1, 1)


def test_refused_file_ends_with_code_1_and_its_reason(
    tmp_path: Path,
    schools: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "битый.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")

    with pytest.raises(CommandError, match="Ни один файл не принят"):
        call_command("import_data", str(path), "--json")

    [problem] = json.loads(capsys.readouterr().out)["files"][0]["problems"]
    assert problem["code"] == "XL-06"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("import_data", "/нет/такого"), "не найдены"),
        (("import_schools", "/нет/такого"), "не найдены"),
        (("undo_import", "00000000-0000-0000-0000-000000000000"), "не найдена"),
    ],
)
def test_what_is_not_there_is_refused(schools: None, arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError, match=reason) as caught:
        call_command(*arguments)

    assert caught.value.returncode == 1


def test_results_before_any_registry_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Сначала загрузите реестр школ"):
        call_command("import_data", written(tmp_path, GOOD))


def test_unknown_municipality_is_refused(tmp_path: Path, schools: None) -> None:
    with pytest.raises(CommandError, match="«m77» не найден"):
        call_command("import_data", written(tmp_path, GOOD), "--municipality", "m77")


def test_results_are_no_registry(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Это не реестр школ, а «Плоская таблица результатов»"):
        call_command("import_schools", written(tmp_path, GOOD))


def test_registry_without_a_region_in_its_codes_is_refused(registry: Path) -> None:
    registry.write_text(HEADER + FIRST.replace("reg99_m001", "m1"), encoding="utf-8")

    with pytest.raises(CommandError, match="нельзя узнать регион"):
        call_command("import_schools", str(registry))

    assert not Territory.objects.exists()


def test_broken_registry_is_refused_with_its_reason(registry: Path) -> None:
    registry.write_bytes(b"PK\x03\x04 broken")

    with pytest.raises(CommandError, match="Файл повреждён"):
        call_command("import_schools", str(registry))


def test_import_is_undone(tmp_path: Path, schools: None, capsys: pytest.CaptureFixture[str]) -> None:
    batch = told(capsys, "import_data", written(tmp_path, GOOD))["batch"]

    answer = told(capsys, "undo_import", batch)

    assert answer["state"] == "undone"
    assert not AssessmentResult.objects.exists()


def test_undo_of_what_was_not_applied_is_refused(
    tmp_path: Path,
    schools: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    batch = told(capsys, "import_data", written(tmp_path, GOOD))["batch"]
    call_command("undo_import", batch)

    with pytest.raises(CommandError, match="«Отменена»"):
        call_command("undo_import", batch)


def test_answer_in_words(tmp_path: Path, schools: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_data", written(tmp_path, GOOD, UNKNOWN), "--only-good")

    lines = capsys.readouterr().out.splitlines()
    batch = ImportBatch.objects.order_by("-created_at").first()
    assert batch is not None
    assert lines[0] == f"Загрузка {batch.pk}: новых 1, изменено 0, без изменений 0, не принято 1"
    assert lines[1].startswith("  Строка 3: школа «0000100083» не найдена")
