"""A region in folders, loaded by the commands: every file is told, every row accounted for, undo undoes all."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from schools.models import AssessmentResult, Benchmark, ImportRow, School, Territory
from tests.factories.region_folders import RegionFolder, write_region

pytestmark = pytest.mark.django_db
YEARS = (2025, 2026)
COUNTED = ("created", "changed", "same", "rejected")


@pytest.fixture
def region(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> RegionFolder:
    region = write_region(tmp_path, schools=8, municipalities=2, years=YEARS, grades=(4, 5))
    told(capsys, "import_schools", str(region.registry))
    return region


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command(*arguments, "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def counted(answer: dict[str, Any]) -> int:
    return sum(answer[name] for name in COUNTED)


def everything() -> list[dict[str, Any]]:
    """Return every stored result as it is, the files that told of it included."""
    return [dict(row) for row in AssessmentResult.objects.order_by("pk").values()]


def test_every_file_of_a_region_is_recognised_and_every_row_accounted_for(
    region: RegionFolder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = told(capsys, "import_data", str(region.folder), str(region.exams))

    layouts = Counter(file["layout"] for file in answer["files"])
    workbooks = len(region.rows) - 1
    assert layouts == {"federal_marks": workbooks / 2, "federal_journal": workbooks / 2, "flat_results": 1}
    assert {file["path"]: counted(file) for file in answer["files"]} == dict(region.rows)
    assert (answer["state"], counted(answer), answer["rejected"]) == ("applied", sum(region.rows.values()), 0)


def test_region_that_is_undone_leaves_everything_as_it_was(
    region: RegionFolder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    earlier, later = (f"{region.folder}/reg99_m001/{year}" for year in YEARS)
    told(capsys, "import_data", earlier)
    before, samples = everything(), Benchmark.objects.count()

    answer = told(capsys, "import_data", later, f"{region.folder}/reg99_m002", str(region.exams))
    assert (counted(answer), AssessmentResult.objects.count() > len(before)) == (
        sum(rows for path, rows in region.rows.items() if not path.startswith(earlier)),
        True,
    )
    undone = told(capsys, "undo_import", answer["batch"])

    assert (undone["state"], everything(), Benchmark.objects.count()) == ("undone", before, samples)
    assert (School.objects.count(), Territory.objects.count()) == (8, 3)


def test_school_that_the_portal_does_not_know_is_counted_as_refused(
    region: RegionFolder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gone = School.objects.select_related("territory").order_by("inn").last()
    assert gone is not None
    gone.delete()
    of_gone = Counter(line.split(";")[0] for line in region.exams.read_text(encoding="utf-8").splitlines())[gone.inn]

    folder = f"{region.folder}/{gone.territory.code}/{YEARS[0]}"
    rows = sum(number for path, number in region.rows.items() if path.startswith(folder) or path == str(region.exams))

    answer = told(capsys, "import_data", folder, str(region.exams), "--only-good")

    refused = ImportRow.objects.filter(file__batch=answer["batch"], outcome="rejected")
    assert (counted(answer), answer["rejected"]) == (rows, refused.count())
    assert refused.count() > of_gone
    codes = {
        problem["code"] for file in answer["files"] for problem in file["problems"] if problem["severity"] == "error"
    }
    assert codes == {"unknown_school"}


def test_region_loaded_again_is_recognised_file_by_file(
    region: RegionFolder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = f"{region.folder}/reg99_m001/2026"
    told(capsys, "import_data", folder)

    with pytest.raises(CommandError, match="Ни один файл не принят"):
        call_command("import_data", folder, "--json")

    refused = json.loads(capsys.readouterr().out)
    assert {problem["code"] for problem in refused["problems"]} == {"XL-50"}
