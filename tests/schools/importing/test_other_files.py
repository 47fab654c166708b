"""Scores, signs of bias and details of works on their whole way: preview, applying, undoing."""

from collections.abc import Mapping
from typing import Any

import pytest

from schools.actions.import_apply import apply_batch, undo_batch
from schools.choices import DetailKind, RowOutcome
from schools.importing.errors import NewerDataStands
from schools.importing.preview import row_preview
from schools.models import AssessmentResult, Benchmark, ImportBatch, ImportRow, School, WorkDetail
from tests.factories.federal import COUNTRY, outcomes_file, scores_file, task_groups_file, tasks_file
from tests.factories.imports import AT, ImportGround, marks_of, named
from tests.factories.region_files import bias_table, marks_table
from tests.factories.schools import make_result
from tests.factories.workbooks import workbook

pytestmark = pytest.mark.django_db

HISTOGRAM = (1, 0, 2, 4, 5, 3, 1)
MARKS = (3, 4, 8, 1)  # the same 16 pupils with borders at 3, 4 and 6
DONE = (81.25, 50.0, 37.5, 33.33)


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def scores_of(schools: Mapping[School, tuple[int, ...]]) -> bytes:
    return scores_file({named(school): counts for school, counts in schools.items()})


def undone(batch: ImportBatch, ground: ImportGround) -> ImportBatch:
    return undo_batch(batch=batch, by=ground.coordinator, at=AT)


def outcomes(batch: ImportBatch) -> list[str]:
    return list(ImportRow.objects.filter(file__batch=batch).order_by("pk").values_list("outcome", flat=True))


def problem_codes(batch: ImportBatch) -> list[str]:
    return [problem["code"] for file in batch.files.order_by("name") for problem in file.problems]


# Scores


def test_scores_stand_beside_the_marks_and_wipe_none_of_their_shares(ground: ImportGround) -> None:
    ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS}, max_primary=6)})

    ground.applied({"баллы.xlsx": scores_of({ground.first: HISTOGRAM})})

    result = ground.result(ground.first)
    assert (result.mark2, result.score_hist, result.max_primary) == (3, list(HISTOGRAM), 6)
    assert str(result.mean_primary) == "3.56"
    assert (result.delivered_percents["2"], result.delivered_percents["score:0"]) == ("18.75", "6.25")
    assert result.counts_derived


def test_marks_after_scores_keep_the_shares_of_the_scores(ground: ImportGround) -> None:
    ground.applied({"баллы.xlsx": scores_of({ground.first: HISTOGRAM})})
    ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS}, max_primary=6)})

    result = ground.result(ground.first)
    assert (result.mark2, result.score_hist) == (3, list(HISTOGRAM))
    assert {"2", "score:6"} <= result.delivered_percents.keys()


def test_undo_of_scores_leaves_the_marks_as_they_were(ground: ImportGround) -> None:
    ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS}, max_primary=6)})
    before = AssessmentResult.objects.values().get(school=ground.first)

    undone(ground.applied({"баллы.xlsx": scores_of({ground.first: HISTOGRAM})}), ground)

    assert AssessmentResult.objects.values().get(school=ground.first) == before


def test_same_scores_again_change_nothing(ground: ImportGround) -> None:
    ground.applied({"баллы.xlsx": scores_of({ground.first: HISTOGRAM})})

    batch = ground.checked({"баллы 2.xlsx": scores_of({ground.first: HISTOGRAM, ground.second: HISTOGRAM})})

    assert outcomes(batch) == [RowOutcome.SAME, RowOutcome.NEW]


def test_scores_and_marks_that_no_borders_join_are_told(ground: ImportGround) -> None:
    ground.applied({"Ф3.xlsx": marks_of({ground.first: (4, 3, 8, 1)}, max_primary=6)})

    batch = ground.checked({"баллы.xlsx": scores_of({ground.first: HISTOGRAM})})

    assert "borders_cross" in problem_codes(batch)
    assert outcomes(batch) == [RowOutcome.CHANGED]


def test_country_of_every_report_is_kept_as_a_reference_value(ground: ImportGround) -> None:
    ground.applied({"баллы.xlsx": scores_of({ground.first: HISTOGRAM})})

    benchmark = Benchmark.objects.get()
    assert (benchmark.sample, benchmark.participants) == (COUNTRY, 700)
    assert benchmark.percents["score:0"] == "14.29"
    assert "2" not in benchmark.percents


# Signs of biased results


def signs(ground: ImportGround, *cells: Any, total: int | None = None) -> bytes:
    return bias_table([(ground.first.login, ground.first.name, cells, total)])


def test_sign_is_kept_beside_the_result_and_taken_away_by_undo(ground: ImportGround) -> None:
    make_result(school=ground.first, grade=4, marks=(0, 1, 2, 3))

    batch = ground.applied({"bias.xlsx": signs(ground, 1, 0, 0, 0, total=1)}, only_good=True)

    assert ground.result(ground.first).objectivity_markers == ["4РУ"]
    undone(batch, ground)
    assert ground.result(ground.first).objectivity_markers == []


def test_marks_and_signs_of_one_upload_go_together(ground: ImportGround) -> None:
    files = {
        "bias.xlsx": signs(ground, 1, 0, 0, 0),
        "marks.xlsx": marks_table({(ground.first.login, ground.first.name): (0, 1, 2, 3)}),
    }

    batch = ground.applied(files)

    assert ground.result(ground.first).objectivity_markers == ["4РУ"]
    undone(batch, ground)
    assert not AssessmentResult.objects.exists()


def test_zero_takes_a_sign_away(ground: ImportGround) -> None:
    make_result(school=ground.first, grade=4, marks=(0, 1, 2, 3), objectivity_markers=["4РУ"])

    ground.applied({"bias.xlsx": signs(ground, 0, 0, 0, 0, total=0)})

    assert ground.result(ground.first).objectivity_markers == []


def test_sign_of_a_work_without_results_is_told(ground: ImportGround) -> None:
    batch = ground.checked({"bias.xlsx": signs(ground, 1, 0, 0, 0)})

    [problem] = batch.files.get().problems
    assert "результатов которой в портале нет" in problem["text"]
    assert not outcomes(batch)


# Details of works


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (lambda school: tasks_file({school: DONE}), DetailKind.TASKS),
        (lambda school: task_groups_file({school: {2: DONE, 5: DONE}}), DetailKind.GROUPS),
        (lambda school: outcomes_file([school]), DetailKind.OUTCOMES),
    ],
)
def test_details_go_through_preview_applying_and_undoing(ground: ImportGround, build: Any, kind: DetailKind) -> None:
    batch = ground.checked({"файл.xlsx": build(named(ground.first))})

    row = ImportRow.objects.select_related("file", "school").get(file__batch=batch)
    preview = row_preview(row)
    assert (row.target, row.outcome, preview.school) == ("details", RowOutcome.NEW, ground.first.name)
    assert preview.work == f"{kind.label}: ВПР 2026, Русский язык, 4 класс"

    applied = apply_batch(batch=batch, by=ground.coordinator, at=AT)
    detail = WorkDetail.objects.get(school=ground.first)
    assert (detail.kind, detail.participants, detail.grade) == (kind, 16, 4)
    undone(applied, ground)
    assert not WorkDetail.objects.exists()


def test_parts_of_a_value_are_named_in_the_preview(ground: ImportGround) -> None:
    batch = ground.checked({"файл.xlsx": tasks_file({named(ground.first): DONE})})

    changes = row_preview(ImportRow.objects.select_related("file", "school").get(file__batch=batch)).changes
    assert changes[0].after == "16"
    assert changes[1].after.startswith("наибольший балл: 1: 2; 2: 1;")
    assert "выполнено: 1: 81,25" in changes[1].after


def test_levels_are_named_in_the_preview(ground: ImportGround) -> None:
    head = ("ИНН ОО", "Процедура", "Год", "Предмет", "Класс", "Участников")
    levels = ("Недостаточный", "Пониженный", "Базовый", "Повышенный")
    row = (ground.first.inn, "КДР", 2026, "Математика", 6, 10, 1, 2, 3, 4)

    batch = ground.checked({"КДР.xlsx": workbook([(*head, *levels), row])})

    changes = row_preview(ImportRow.objects.select_related("file", "school").get(file__batch=batch)).changes
    assert "недостаточный: 1; пониженный: 2; базовый: 3; повышенный: 4" in [change.after for change in changes]


def test_changed_share_of_a_task_is_shown_old_and_new_and_taken_back(ground: ImportGround) -> None:
    school = named(ground.first)
    ground.applied({"а.xlsx": tasks_file({school: DONE})})

    batch = ground.applied({"б.xlsx": tasks_file({school: (90.0, *DONE[1:])})})

    detail = WorkDetail.objects.get()
    assert detail.values["percents"]["1"] == "90"
    undone(batch, ground)
    detail.refresh_from_db()
    assert detail.values["percents"]["1"] == "81.25"


def test_undo_of_details_is_refused_when_something_newer_stands_there(ground: ImportGround) -> None:
    school = named(ground.first)
    first = ground.applied({"а.xlsx": tasks_file({school: DONE})})
    ground.applied({"б.xlsx": tasks_file({school: (90.0, *DONE[1:])})})

    with pytest.raises(NewerDataStands, match="Выполнение заданий"):
        undone(first, ground)


def test_details_of_an_unknown_school_go_to_the_queue(ground: ImportGround) -> None:
    batch = ground.checked({"файл.xlsx": tasks_file({"МБОУ «Никакая СОШ» (edu999999)": DONE})})

    file = batch.files.get()
    assert file.meta["unmatched"][0]["login"] == "edu999999"
    assert problem_codes(batch) == ["unknown_school"]
