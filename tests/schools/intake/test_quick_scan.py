"""The look by whole rows finds what the look at every tag finds, or leaves the sheet to it."""

import io
import zipfile
from array import array
from datetime import date

import pytest
from openpyxl import Workbook

from schools.intake.limits import Limits
from schools.intake.packed_rows import PackedRows, pack
from schools.intake.quick_scan import quick_scan
from schools.intake.scan import SheetScan, scan_sheet
from tests.factories.workbooks import (
    SHEET,
    federal_marks,
    number_cell,
    packed,
    parts_of,
    row_xml,
    saved,
    sheet_xml,
    text_cell,
    with_rows,
    workbook,
)

LIMITS = Limits()
ERROR = '<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
UNCALCULATED = '<c r="B1"><f>A1+1</f><v></v></c>'


def both(data: bytes, limits: Limits = LIMITS) -> tuple[SheetScan | None, SheetScan]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return quick_scan(archive, SHEET, limits), scan_sheet(archive, SHEET, limits)


def quick(data: bytes, limits: Limits = LIMITS) -> SheetScan | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return quick_scan(archive, SHEET, limits)


def styled() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Школа", 5, 5.5, date(2026, 4, 20), True, None, "=A1"])
    sheet["B9"] = 7
    sheet["B9"].number_format = "0.00"
    sheet.merge_cells("C3:D4")
    return saved(book)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(workbook([("Школа", 1), ("СОШ № 1", None), (), (None, 2.5)]), id="openpyxl"),
        pytest.param(federal_marks({"СОШ № 1 (edu900001)": (1, 2, 3, 4)}), id="federal"),
        pytest.param(styled(), id="styles, formulas, merges"),
        pytest.param(with_rows(row_xml(number_cell("A1"), ERROR)), id="error"),
        pytest.param(with_rows(row_xml(number_cell("A1"), UNCALCULATED)), id="formula without value"),
        pytest.param(with_rows(row_xml(text_cell("A1", ""), text_cell("B1", "12"))), id="empty text and digits"),
        pytest.param(with_rows(row_xml(text_cell("A1", "a &amp; b"))), id="ampersand"),
        pytest.param(with_rows('<row r="1" s="2"/>' + row_xml(number_cell("A2"), number=2)), id="empty row before"),
    ],
)
def test_plain_sheet_is_understood_by_its_rows(data: bytes) -> None:
    by_rows, by_tags = both(data)

    assert by_rows == by_tags


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(row_xml(number_cell("A1"), number_cell("A1", "2")), id="repeated cell"),
        pytest.param(row_xml(number_cell("B1"), number_cell("A1")), id="cells out of order"),
        pytest.param(row_xml(number_cell("A5"), number=5) + row_xml(number_cell("A1")), id="rows out of order"),
        pytest.param(row_xml(number_cell("A15"), number=5), id="cell of another row"),
        pytest.param(row_xml("<c><v>1</v></c>"), id="cell without address"),
        pytest.param("<row><c r='A1'><v>1</v></c></row>", id="single quotes"),
        pytest.param(row_xml("<!-- x -->" + number_cell("A1")), id="comment"),
        pytest.param(row_xml(text_cell("A1", "&#xD800;")), id="character by number"),
        pytest.param(row_xml(text_cell("A1", "a\x01b")), id="control character"),
        pytest.param(row_xml("<z><c r='A1'/></z>"), id="unknown tag"),
        pytest.param(row_xml(number_cell("ZZ1")), id="beyond the columns"),
        pytest.param(row_xml('<c r="A1"><v>1</c></v>'), id="crossed tags"),
        pytest.param("", id="no rows"),
    ],
)
def test_anything_else_is_left_to_the_look_at_every_tag(rows: str) -> None:
    assert quick(with_rows(rows)) is None


@pytest.mark.parametrize("limits", [Limits(rows=1), Limits(area=1), Limits(row_elements=1)])
def test_sheet_beyond_a_limit_is_left_to_the_look_at_every_tag(limits: Limits) -> None:
    data = workbook([("a", 1), ("b", 2)])

    assert quick(data, limits) is None


@pytest.mark.parametrize("tail", [b'<sheetData><row r="2"></row></sheetData>', b"<c/>", b"<open>"])
def test_strange_end_of_a_sheet_is_left_to_the_look_at_every_tag(tail: bytes) -> None:
    sheet = sheet_xml(row_xml(number_cell("A1"))).replace(b"</worksheet>", tail + b"</worksheet>")

    assert quick(packed(parts_of(sheet))) is None


def test_other_encoding_is_left_to_the_look_at_every_tag() -> None:
    head = '<?xml version="1.0" encoding="windows-1251"?>'

    assert quick(with_rows(row_xml(number_cell("A1")), head=head)) is None


def test_rows_too_different_from_one_another_are_left_to_the_look_at_every_tag(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("schools.intake.quick_scan.MOST_KINDS", 1)

    assert quick(workbook([("a", 1), (None, 2)])) is None


@pytest.mark.parametrize("values", [[None, "a", 5], [None, *map(str, range(70_000))]], ids=["short", "long"])
def test_packed_rows_come_back(values: list[object]) -> None:
    last = len(values) - 1

    rows = PackedRows.of_json(pack({3: array("I", [1, 0, last]), 1: array("I", [2])}, values).as_json()).rows(values)

    assert list(rows) == [(1, (values[2], None, None)), (3, (values[1], None, values[last]))]
