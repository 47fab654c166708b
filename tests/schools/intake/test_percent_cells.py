"""Cells that Excel shows as per cents are read as they are shown."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from schools.intake.parse import parse_file
from schools.intake.percent_cells import as_shown
from schools.intake.reader import read_workbook
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ProblemCode
from schools.intake.values import ValueRefused, count_of
from tests.factories.federal import FIRST, outcomes_file, task_groups_file, tasks_file
from tests.factories.workbooks import federal_marks, number_cell, packed, parts_of, row_xml, saved, sheet_xml, workbook


def shown(value: Any, number_format: str) -> Any:
    book = load_workbook(io.BytesIO(workbook([("Доля", value), ("Ещё", 7)])))
    book.worksheets[0]["B1"].number_format = number_format
    return read_workbook(saved(book)).sheets[0].at(1, 1)


@pytest.mark.parametrize(
    ("value", "number_format", "cell"),
    [
        (0.85, "0%", "85 %"),
        (0.285, "0.00%", "28,5 %"),
        (1, "0%", "100 %"),
        (0, "0%", "0 %"),
        (0.123456, '# ##0.0%;[Red]-0.0%" ухудшение"', "12,3456 %"),
        (85, '0"%"', 85),
        (85, "0\\%", 85),
        (0.85, "General", 0.85),
        ("нет", "0%", "нет"),
        (None, "0%", None),
    ],
)
def test_cell_of_per_cents_is_read_as_it_is_shown(value: Any, number_format: str, cell: Any) -> None:
    assert shown(value, number_format) == cell


def test_same_number_beside_it_stays_a_number() -> None:
    book = load_workbook(io.BytesIO(workbook([(0.5, 0.5, 0.5)])))
    book.worksheets[0]["B1"].number_format = "0%"

    assert read_workbook(saved(book)).sheets[0].rows[0].cells == (0.5, "50 %", 0.5)


def test_cells_without_addresses_are_counted() -> None:
    styles = b'<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></styleSheet>'
    row = '<row><c><v>0.5</v></c><c s="1"><v>0.5</v></c></row>'
    parts = {**parts_of(sheet_xml(row)), "xl/styles.xml": styles}

    assert read_workbook(packed(parts)).sheets[0].rows[0].cells == (0.5, "50 %")


def test_workbook_without_styles_has_none() -> None:
    data = packed(parts_of(sheet_xml(row_xml(number_cell("A1", "0.5")))))

    assert read_workbook(data).sheets[0].rows[0].cells == (0.5,)


@pytest.mark.parametrize(("number", "text"), [(0.1 + 0.2, "30,000000000000004 %"), (10, "1000 %"), (1e-7, "0,00001 %")])
def test_number_is_shown_unrounded_and_without_a_power(number: float, text: str) -> None:
    assert as_shown(number) == text


def test_count_is_no_per_cent() -> None:
    with pytest.raises(ValueRefused) as refused:
        count_of("2500 %")

    assert refused.value.code == ProblemCode.NOT_WHOLE
    assert "В ячейке проценты" in refused.value.advice


def in_percents(data: bytes) -> bytes:
    """Return a report as one whose shares are cells of per cents: 70 becomes 0.7 shown as 70 %."""
    book = load_workbook(io.BytesIO(data))
    for row in book.worksheets[0].iter_rows(min_row=9):
        for cell in row[3:]:
            if isinstance(cell.value, int | float):
                cell.value, cell.number_format = cell.value / 100, "0.00%"
    return saved(book)


REPORTS = {
    "marks": federal_marks({FIRST: (1, 2, 30, 5)}),
    "tasks": tasks_file({FIRST: (90, 80.5, 70, 60)}),
}


@pytest.mark.parametrize("name", REPORTS)
def test_report_of_per_cents_says_the_same(name: str) -> None:
    data = REPORTS[name]

    found, whole = parse_file(in_percents(data)), parse_file(data)

    assert [(row.counts and row.counts.marks) for row in found.rows] == [
        (row.counts and row.counts.marks) for row in whole.rows
    ]
    assert [record.values["values"]["percents"] for record in found.records] == [
        record.values["values"]["percents"] for record in whole.records
    ]


FRACTIONS = {
    "tasks": tasks_file({FIRST: (0.9, 0.805, 0.7, 0.6)}),
    "groups": task_groups_file({FIRST: {mark: (0.1 * mark,) * 4 for mark in (2, 3, 4, 5)}}),
}


@pytest.mark.parametrize("name", FRACTIONS)
def test_parts_of_one_are_refused_with_both_ways_out(name: str) -> None:
    with pytest.raises(LayoutRefusal, match="Доли в файле — числа от 0 до 1") as refused:
        parse_file(FRACTIONS[name])

    assert refused.value.code == Code.FRACTIONS
    assert "процентный формат" in refused.value.action


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(tasks_file({FIRST: (0, 1, 0, 1)}), id="one per cent and none"),
        pytest.param(tasks_file({FIRST: (0.5, 1.5, 0, 0)}), id="little was done"),
        pytest.param(outcomes_file([FIRST]), id="skills"),
    ],
)
def test_small_per_cents_are_taken(data: bytes) -> None:
    assert parse_file(data).records
