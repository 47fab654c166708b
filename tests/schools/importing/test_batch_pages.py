"""What pages of batches say, out of files as they are stored. No database."""

import uuid
from typing import Any

import pytest
from django.core.paginator import Paginator

from jobs.models import Job
from schools.choices import FileState, RowOutcome
from schools.importing.annotation import MARKED_BYTES
from schools.importing.batch_pages import (
    STEPS_AROUND,
    BatchLine,
    BatchPage,
    clashes_of,
    counts_of,
    file_card,
    file_steps,
    segments,
    shown_outcome,
    totals_of,
)
from schools.importing.problem_groups import ProblemGroup
from schools.models import ImportBatch, ImportFile

WORK = {"procedure": "VPR", "year": 2026, "period": "spring", "subject": "RU", "grade": 5, "level": "none"}
CLASH = {
    "target": "results",
    "label": "СОШ № 5",
    "key": WORK,
    "fields": {"mark2": [1, 2], "level_counts": [{"low": 1}, None]},
    "earlier": {"file": "1.xlsx", "sheet": "Ф3", "row": 4},
    "later": {"sheet": "Ф3", "row": 9},
}


def file(name: str = "Ф3.xlsx", **fields: Any) -> ImportFile:
    return ImportFile(**{"name": name, "size": 10, "content": "imports/a.xlsx", **fields})


def counted(**counts: int) -> ImportFile:
    return file(meta={"counts": counts})


def page_of(*files: ImportFile, totals: dict[str, int] | None = None, warnings: Any = ()) -> BatchPage:
    cards = Paginator([file_card(one) for one in files], 50).get_page(1)
    return BatchPage(
        files=files,
        cards=cards,
        totals=totals or totals_of(map(counts_of, files)),
        errors=[],
        warnings=warnings,
        queue=[],
        queue_total=0,
        queue_rows=0,
        clashes=[],
        clashes_total=0,
        segments=[],
        rows_page=Paginator([], 50).get_page(1),
        rows=[],
        chosen_file="",
    )


def test_file_that_has_not_been_checked_counts_nothing() -> None:
    assert counts_of(file()) == {"new": 0, "changed": 0, "same": 0, "rejected": 0}


def test_counts_of_files_add_up() -> None:
    totals = totals_of(map(counts_of, [counted(new=2, same=1), counted(new=3, rejected=4), counted()]))

    assert totals == {"new": 5, "changed": 0, "same": 1, "rejected": 4}


def test_line_of_the_register_says_how_many_names_are_left_out() -> None:
    assert BatchLine(batch=ImportBatch(), names=["а", "б", "в"], files=8).more == 5


@pytest.mark.parametrize(
    ("fields", "has_marks"),
    [
        ({"meta": {"groups": [{}]}}, True),
        ({"meta": {}}, False),
        ({"meta": {"groups": [{}]}, "content": ""}, False),
        ({"meta": {"groups": [{}]}, "size": MARKED_BYTES}, True),
        ({"meta": {"groups": [{}]}, "size": MARKED_BYTES + 1}, False),
    ],
    ids=["remarks", "no remarks", "not kept", "as large as may be", "too large"],
)
def test_marked_copy_is_offered_for_a_kept_file_with_remarks(fields: dict[str, Any], has_marks: bool) -> None:
    assert file_card(file(**fields)).has_marks is has_marks


def test_card_counts_corrections_and_rows_left_out() -> None:
    card = file_card(
        file(
            corrections={"Ф3": {"C7": "12", "D8": "1"}, "Ещё": {"A1": "x"}},
            meta={"left_out": {"Ф3": [4, 5], "Ещё": [1]}, "facts": {"years": [2025, 2026], "rows": 3}},
        )
    )

    assert (card.corrections, card.left_out) == (3, 3)
    assert card.facts == [("Год", "2025–2026"), ("Строк прочитано", "3")]


# Steps of the check


def steps(total: int, done: int, step: str = "Читаем") -> list[tuple[str, str]]:
    files = [file(f"{number:02}.xlsx") for number in range(total)]
    return [(one.name[:2], one.state) for one in file_steps(files, Job(progress_done=done, step=step))]


def test_files_before_the_one_being_read_are_done() -> None:
    assert steps(3, 1) == [("00", "done"), ("01", "now"), ("02", "")]


def test_nothing_is_being_read_before_the_first_step() -> None:
    assert steps(2, 0, step="") == [("00", ""), ("01", "")]


def test_refused_files_are_not_read() -> None:
    files = [file("1.xlsx", state=FileState.REFUSED), file("2.xlsx")]

    assert [step.name for step in file_steps(files, Job(progress_done=0, step="Читаем"))] == ["2.xlsx"]


@pytest.mark.parametrize(
    ("done", "first", "last"), [(0, "00", "05"), (3, "00", "05"), (10, "07", "12"), (18, "14", "19"), (20, "14", "19")]
)
def test_window_of_steps_goes_along_with_the_reading(done: int, first: str, last: str) -> None:
    shown = steps(20, done)

    assert len(shown) == STEPS_AROUND
    assert (shown[0][0], shown[-1][0]) == (first, last)


def test_no_step_of_nothing() -> None:
    assert steps(0, 0) == []


# Clashes


def test_clash_has_both_values_in_words() -> None:
    [clash] = clashes_of([file("2.xlsx", meta={"clashes": [CLASH]})])

    assert (clash.label, clash.about) == ("СОШ № 5", "ВПР 2026, Русский язык, 5 класс")
    assert (clash.earlier, clash.later) == ("«1.xlsx», строка 4", "«2.xlsx», строка 9")
    assert clash.fields[0] == ("«2»", "1", "2")
    assert clash.fields[1] == ("участников по уровням", "low: 1", "")


def test_clash_leads_to_the_later_row() -> None:
    later = file("2.xlsx", meta={"clashes": [CLASH]})

    [clash] = clashes_of([file("1.xlsx"), later])

    assert (clash.later_file, clash.sheet, clash.row) == (later.pk, "Ф3", 9)


# The whole page


def test_rows_that_applying_writes_are_new_and_changed_ones() -> None:
    page = page_of(counted(new=2, changed=3, same=5, rejected=7))

    assert (page.writing, page.accepted, page.has_refused) == (5, 10, True)


def test_refused_file_counts_as_refusal_without_any_row() -> None:
    page = page_of(counted(new=2), file(state=FileState.REFUSED))

    assert (page.refused_files, page.has_refused) == (1, True)


def test_good_batch_has_nothing_refused() -> None:
    assert not page_of(counted(new=2)).has_refused


@pytest.mark.parametrize(("code", "needed"), [("jump", True), ("counts_derived", False)])
def test_only_some_warnings_ask_for_an_explanation(code: str, needed: bool) -> None:
    warnings = [ProblemGroup(code=code, is_error=False, rows=1)]

    assert page_of(counted(new=1), warnings=warnings).needs_explanation is needed


@pytest.mark.parametrize(
    ("asked", "counts", "outcome"),
    [
        ("same", {"new": 5}, RowOutcome.SAME),
        (None, {"new": 5, "changed": 1}, RowOutcome.CHANGED),
        (None, {"new": 5, "same": 1}, RowOutcome.NEW),
        (None, {"same": 1}, RowOutcome.SAME),
        ("rejected", {"same": 1}, RowOutcome.SAME),
        ("<script>", {}, RowOutcome.NEW),
    ],
)
def test_rows_shown_are_the_asked_ones_or_the_most_telling(
    asked: str | None, counts: dict[str, int], outcome: RowOutcome
) -> None:
    assert shown_outcome(asked, counts_of(counted(**counts))) == outcome


def test_segments_keep_the_chosen_file() -> None:
    chosen = file(pk=uuid.UUID(int=7))

    found = segments(counts_of(counted(new=4)), RowOutcome.NEW, [chosen])

    assert [(segment.title, segment.count, segment.current) for segment in found] == [
        ("Изменённые", 0, False),
        ("Новые", 4, True),
        ("Без изменений", 0, False),
    ]
    assert found[1].url == f"?show=new&file={chosen.pk}#rows"
