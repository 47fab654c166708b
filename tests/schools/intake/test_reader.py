"""Reading in the child process: what a workbook holds, and that no workbook does harm."""

import subprocess
import sys
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from schools.intake import reader
from schools.intake.cells import BadCell, Merge, Row, Sheet
from schools.intake.limits import Limits
from schools.intake.reader import read_workbook
from schools.intake.refusals import Code, ReaderRefusal
from tests.factories.workbooks import number_cell, row_xml, saved, text_cell, with_rows, workbook
from tests.schools.intake import hostile

READ_AND_WEIGH = """
import resource
from schools.intake.births import close_nursery
from schools.intake.limits import Limits
from schools.intake.reader import read_workbook
from tests.schools.intake import hostile

read_workbook(hostile.many_rows(), Limits(rows=70_000))
close_nursery()  # what its children needed is told when it has ended
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def test_child_stays_within_its_memory() -> None:
    """Weigh it from a process of its own: the worker of the tests has other children, and is large itself."""
    weighed = subprocess.run([sys.executable, "-c", READ_AND_WEIGH], capture_output=True, text=True, check=True)

    assert int(weighed.stdout) < 350


def test_cells_come_with_their_types_and_places() -> None:
    rows = [("Школа", "ИНН", 5, 5.06, date(2026, 4, 20), True), (), (None, datetime(2026, 4, 20, 10, 15))]

    sheet = read_workbook(workbook(rows, title="РУ 4")).sheets[0]

    assert sheet.name == "РУ 4"
    assert [row.number for row in sheet.rows] == [1, 3]
    assert sheet.rows[0].cells == ("Школа", "ИНН", 5, 5.06, date(2026, 4, 20), True)
    assert sheet.at(3, 1) == datetime(2026, 4, 20, 10, 15)


def test_table_that_begins_away_from_the_corner_keeps_its_columns() -> None:
    data = with_rows(row_xml(text_cell("C3", "Школа"), number_cell("E3", "7"), number=3))

    sheet = read_workbook(data).sheets[0]

    assert sheet.rows[0].number == 3
    assert sheet.rows[0].cells == (None, None, "Школа", None, 7)


def test_text_loses_what_nobody_sees() -> None:
    data = with_rows(row_xml(text_cell("A1", "Шко\u200bла\u202e\u00a0№1 "), text_cell("B1", "\u00a0")))

    assert read_workbook(data).sheets[0].rows[0].cells == ("Школа №1",)


def test_error_cell_is_marked_and_not_empty() -> None:
    cell = read_workbook(hostile.CONTENTS["error cell"][0]()).sheets[0].at(1, 0)

    assert cell == BadCell("#DIV/0!", "ошибка формулы #DIV/0!")


def test_formula_nobody_calculated_is_marked_and_not_empty() -> None:
    cell = read_workbook(hostile.CONTENTS["formula without value"][0]()).sheets[0].at(1, 0)

    assert isinstance(cell, BadCell)
    assert "откройте файл в Excel и сохраните" in cell.reason


def test_endless_text_is_marked() -> None:
    cell = read_workbook(hostile.CONTENTS["long text"][0]()).sheets[0].at(1, 0)

    assert isinstance(cell, BadCell)
    assert cell.reason == "текст длиннее 2\u00a0000 символов"


@pytest.mark.parametrize("name", ["lying dimension", "huge dimension", "UTF-16"])
def test_no_row_is_lost(name: str) -> None:
    sheet = read_workbook(hostile.CONTENTS[name][0]()).sheets[0]

    assert [row.number for row in sheet.rows] == [1, 2]
    assert sheet.at(2, 1) == 45.5


def test_rows_out_of_order_stand_by_their_numbers() -> None:
    sheet = read_workbook(hostile.CONTENTS["rows out of order"][0]()).sheets[0]

    assert [(row.number, row.cells) for row in sheet.rows] == [(1, (1,)), (5, (5,))]


def test_formatted_empty_rows_are_ignored() -> None:
    empty = "".join(row_xml(f'<c r="A{i}" s="0"/>', number=i) for i in range(2, 12_000))

    sheet = read_workbook(with_rows(row_xml(text_cell("A1", "Школа")) + empty)).sheets[0]

    assert len(sheet.rows) == 1


def test_hidden_sheets_and_merged_cells_are_told() -> None:
    book = Workbook()
    book.worksheets[0].append(["Школа"])
    book.worksheets[0].merge_cells("A1:C2")
    hidden = book.create_sheet("скрытый")
    hidden["A1"] = "x"
    hidden.sheet_state = "veryHidden"

    read = read_workbook(saved(book))

    assert [(sheet.name, sheet.is_hidden) for sheet in read.sheets] == [("Sheet", False), ("скрытый", True)]
    assert read.sheets[0].merges == (Merge(1, 2, 1, 3),)
    assert str(read.sheets[0].merges[0]) == "A1:C2"


def test_chart_sheet_does_not_hide_the_table() -> None:
    book = Workbook()
    book.worksheets[0].append(["Школа"])
    book.create_chartsheet("диаграмма", 0)

    assert [sheet.name for sheet in read_workbook(saved(book)).sheets] == ["Sheet"]


def test_dates_of_the_1904_epoch_are_not_shifted() -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = date(2026, 4, 20)

    assert read_workbook(saved(book)).sheets[0].at(1, 0) == date(2026, 4, 20)


def test_slow_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PATIENCE", 0.001)

    with pytest.raises(ReaderRefusal) as caught:
        read_workbook(hostile.good(), Limits(seconds=0))

    assert caught.value.code == Code.TOO_SLOW


@pytest.mark.parametrize("output", [b"", b"[]", b"not json"])
def test_broken_answer_of_the_child_is_one_refusal(output: bytes) -> None:
    with pytest.raises(ReaderRefusal) as caught:
        reader.answer_of(output)

    assert caught.value.code == Code.NOT_READ


def test_child_without_memory_is_one_refusal() -> None:
    with pytest.raises(ReaderRefusal) as caught:
        read_workbook(hostile.many_rows(), Limits(rows=70_000, child_memory_bytes=8 * 1024 * 1024))

    assert caught.value.code in {Code.NOT_READ, Code.TOO_BIG_UNPACKED, Code.DAMAGED}


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, None), (1, None), (2, "б"), (3, None), (7, "ж"), (8, None), (9, "и"), (10, None)],
)
def test_row_is_found_by_its_number_among_those_that_hold_something(number: int, expected: str | None) -> None:
    sheet = Sheet(name="", rows=(Row(2, ("б",)), Row(7, ("ж",)), Row(9, ("и",))))

    found = sheet.numbered(number)

    assert (found.at(0) if found else None, sheet.at(number, 0)) == (expected, expected)
    assert Sheet(name="", rows=()).numbered(number) is None
