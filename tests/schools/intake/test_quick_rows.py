"""Clean rows are read at once, and never otherwise than cell by cell."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake.cells import BadCell, CellValue, Row
from schools.intake.headers import Header
from schools.intake.layouts import tabular
from schools.intake.layouts.flat_results import COLUMNS
from schools.intake.layouts.quick_rows import LONGEST_NOTE, QuickRows, QuickWork, has_points, is_part, is_whole
from schools.intake.refusals import LayoutRefusal
from schools.intake.rows import Counts, Journal, Problem, ResultRow, SchoolRef, WorkKey
from schools.intake.values import LARGEST_COUNT, LARGEST_SCORE
from tests.factories.workbooks import sheet_of

KEYS = ("name", "participants", "mark2", "mark3", "mark4", "mark5", "enrolled", "below_min", "max_primary")
JOURNAL_KEYS = ("lowered", "confirmed", "raised")
ALL = (*KEYS, *JOURNAL_KEYS, "note", "mean_score")
HEADER = Header(row=1, positions={key: place for place, key in enumerate(ALL)}, titles={}, extra=())
WORK = WorkKey(procedure="vpr", year=2026, period="spring", subject="RU", grade=4)
SCHOOL = SchoolRef(name="СОШ № 1")


def make_rows(school: SchoolRef | None = SCHOOL, *, has_scale: bool = False) -> QuickRows:
    work = QuickWork(work=WORK, grade_actual=4, has_scale=has_scale)
    return QuickRows("Лист1", HEADER, lambda _: school, lambda _: work)


def read(*, has_scale: bool = False, **cells: CellValue) -> ResultRow | None:
    given_cells = {"name": "СОШ № 1", "participants": 10, **cells}
    row = Row(2, tuple(given_cells.get(key) for key in ALL))
    return make_rows(has_scale=has_scale).read(row)


def marks(*counts: CellValue) -> dict[str, Any]:
    return dict(zip(KEYS[2:6], counts, strict=True))


def journal(*counts: CellValue) -> dict[str, Any]:
    return dict(zip(JOURNAL_KEYS, counts, strict=True))


# One row


def test_clean_row_becomes_a_result() -> None:
    found = read(**marks(1, 2, 3, 4), **journal(1, 8, 1), enrolled=12, note="весна")

    assert found is not None
    assert found.counts == Counts(participants=10, marks=(1, 2, 3, 4), enrolled=12)
    assert (found.journal, found.note, found.row) == (Journal(1, 8, 1), "весна", 2)


def test_participants_alone_are_a_result_without_marks() -> None:
    found = read()

    assert found is not None
    assert (found.counts, found.journal, found.note) == (Counts(participants=10), None, "")


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"participants": None}, id="no participants"),
        pytest.param({"participants": "10"}, id="number as a text"),
        pytest.param({"participants": 10.0}, id="number with a point"),
        pytest.param({"participants": True}, id="truth for a number"),
        pytest.param({"participants": -1}, id="below zero"),
        pytest.param({"participants": LARGEST_COUNT + 1}, id="beyond the largest"),
        pytest.param({"participants": BadCell("#N/A", "ошибка формулы #N/A")}, id="error of a formula"),
        pytest.param(marks(1, 2, 3, 5), id="marks give more"),
        pytest.param(marks(1, 2, 3, 3), id="marks give less"),
        pytest.param(marks(1, 2, 7, None), id="a mark is left out"),
        pytest.param(marks(-1, 2, 3, 6), id="a mark below zero"),
        pytest.param(journal(5, 5, 1), id="journal above participants"),
        pytest.param(journal(5, 5, None), id="journal not complete"),
        pytest.param({"enrolled": 9}, id="fewer enrolled than wrote"),
        pytest.param({"below_min": 11}, id="more failed than wrote"),
        pytest.param({"max_primary": LARGEST_SCORE + 1}, id="score beyond the largest"),
        pytest.param({"mean_score": 3}, id="column that is not read here"),
        pytest.param({"note": BadCell("…", "слишком длинный текст")}, id="bad note"),
    ],
)
def test_row_with_the_least_doubt_is_left_to_the_reading_by_cells(cells: dict[str, Any]) -> None:
    assert read(**cells) is None


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"enrolled": 10}, id="all enrolled wrote"),
        pytest.param({"below_min": 10}, id="all failed"),
        pytest.param({"below_min": 0}, id="none failed"),
        pytest.param({"max_primary": LARGEST_SCORE}, id="the largest score"),
        pytest.param({"participants": LARGEST_COUNT}, id="the largest count"),
        pytest.param({"participants": 0, **marks(0, 0, 0, 0)}, id="nobody wrote"),
        pytest.param(journal(0, 10, 0), id="journal of all"),
        pytest.param(journal(0, 9, 0), id="journal of a part"),
    ],
)
def test_border_values_are_clean(cells: dict[str, Any]) -> None:
    assert read(**cells) is not None


@pytest.mark.parametrize("cells", [{"below_min": 2}, {"max_primary": 38}])
def test_points_of_a_work_with_a_scale_are_left_to_the_reading_by_cells(cells: dict[str, Any]) -> None:
    assert read(**cells) is not None
    assert read(has_scale=True, **cells) is None
    assert read(has_scale=True) is not None


def test_long_note_is_cut() -> None:
    found = read(note="я" * (LONGEST_NOTE + 1))

    assert found is not None
    assert found.note == "я" * LONGEST_NOTE


def test_short_row_is_read_as_one_with_empty_cells_at_its_end() -> None:
    found = make_rows().read(Row(7, ("СОШ № 1", 3)))

    assert found is not None
    assert (found.row, found.counts) == (7, Counts(participants=3))


def test_school_with_a_remark_is_left_to_the_reading_by_cells() -> None:
    assert make_rows(school=None).read(Row(2, ("СОШ № 1", 3))) is None


def test_each_spelling_of_a_school_is_understood_once() -> None:
    asked: list[CellValue] = []

    def school_of(row: Row) -> SchoolRef:
        asked.append(row.at(0))
        return SchoolRef(name=str(row.at(0)))

    rows = replace(make_rows(), school_of=school_of)
    names = [rows.read(Row(n, (f"СОШ № {n % 2}", n))) for n in range(2, 10)]

    assert asked == ["СОШ № 0", "СОШ № 1"]
    assert [found.school.name for found in names if found] == ["СОШ № 0", "СОШ № 1"] * 4


@pytest.mark.parametrize(
    ("parts", "whole", "gives", "fits"),
    [
        ([1, 2, 3], 6, True, True),
        ([1, 2, 3], 7, False, True),
        ([1, 2, 3], 5, False, False),
        ([None, None], 5, True, True),
        ([None, 5], 5, False, False),
        ([0, 0], 0, True, True),
    ],
)
def test_parts_give_the_whole_or_fit_into_it(parts: list[int | None], whole: int, *, gives: bool, fits: bool) -> None:
    assert (is_whole(parts, whole), is_part(parts, whole)) == (gives, fits)


def test_points_are_the_failed_and_the_largest_score() -> None:
    assert not has_points(Counts(participants=5, marks=(1, 1, 1, 2), enrolled=6))
    assert has_points(Counts(participants=5, below_min=0))
    assert has_points(Counts(participants=5, max_primary=38))


# Whole tables, read in both ways

TITLES = tuple(column.title for column in COLUMNS)
POSSIBLE: dict[str, tuple[CellValue, ...]] = {
    "inn": ("1000000059", 1000000059, "1000000054", None),
    "login": (None, None, "edu900001", "edu9"),
    "gia_code": (None, "001005", 1005),
    "name": (None, "МБОУ «СОШ № 1»", "СОШ № 1 (edu900001)"),
    "school_no": (None, 1),
    "level": (None, None, "none", "base"),
    "period": (None, None, "spring", "зима"),
    "year": (2026, "2026", 2026.0, 1826),
    "procedure": ("VPR", "ВПР", "OGE", "что угодно"),
    "subject": ("RU", "Русский язык", "MA", None),
    "grade": (4, "4", 9, 12),
    "participants": (10, 10, 10, "10", 10.0, 0, None, "нет"),
}
SMALL: tuple[CellValue, ...] = (None, None, 0, 1, 5, 10, 11, "3", 2.5, -1)


@st.composite
def tables(draw: st.DrawFn) -> list[list[CellValue]]:
    rows = draw(st.integers(1, 5))
    return [[draw(st.sampled_from(POSSIBLE.get(column.key, SMALL))) for column in COLUMNS] for _ in range(rows)]


def results(rows: list[list[CellValue]]) -> tuple[list[ResultRow], list[Problem]] | str:
    try:
        return tabular.read_results(sheet_of(TITLES, *rows), COLUMNS)
    except LayoutRefusal as refusal:
        return str(refusal)


def results_by_cells(rows: list[list[CellValue]]) -> Any:
    with patch.object(QuickRows, "read", return_value=None):
        return results(rows)


@settings(max_examples=75)
@given(tables())
def test_table_is_read_alike_at_once_and_by_cells(rows: list[list[CellValue]]) -> None:
    assert results(rows) == results_by_cells(rows)


@settings(max_examples=50)
@given(st.lists(st.tuples(*[st.integers(0, 6)] * 4), min_size=1, max_size=4), st.integers(-1, 1))
def test_marks_are_read_alike_at_once_and_by_cells(counts: list[tuple[int, ...]], off: int) -> None:
    known: dict[str, CellValue] = {key: values[0] for key, values in POSSIBLE.items()}
    rows = []
    for four in counts:
        cells = {**known, **marks(*four), "participants": sum(four) + off}
        rows.append([cells.get(column.key) for column in COLUMNS])

    assert results(rows) == results_by_cells(rows)
