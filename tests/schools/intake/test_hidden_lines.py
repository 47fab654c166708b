"""Rows and columns that a filter hides are read, and the person is told so."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from schools.intake import hidden_lines
from schools.intake.parse import parse_file
from schools.intake.reader import read_workbook
from schools.intake.rows import ProblemCode, Severity
from tests.factories.federal import FIRST
from tests.factories.workbooks import federal_marks, packed, parts_of, saved, sheet_xml, workbook

TABLE = [("Школа", "«2»", "«3»"), ("СОШ № 1", 1, 2), ("СОШ № 2", 3, 4), ("СОШ № 3", 5, 6)]


def unseen(data: bytes, *, rows: tuple[int, ...] = (), columns: str = "") -> bytes:
    book = load_workbook(io.BytesIO(data))
    for row in rows:
        book.worksheets[0].row_dimensions[row].hidden = True
    for column in columns:
        book.worksheets[0].column_dimensions[column].hidden = True
    return saved(book)


@pytest.mark.parametrize(
    ("rows", "columns", "found"),
    [((), "", (0, 0)), ((3,), "", (1, 0)), ((2, 3), "BC", (2, 2)), ((90,), "Z", (0, 0))],
)
def test_hidden_lines_that_hold_something_are_counted(
    rows: tuple[int, ...], columns: str, found: tuple[int, int]
) -> None:
    sheet = read_workbook(unseen(workbook(TABLE), rows=rows, columns=columns)).sheets[0]

    assert (sheet.hidden_rows, sheet.hidden_columns) == found
    assert len(sheet.rows) == 4


def test_rows_without_numbers_are_counted() -> None:
    xml = "<row><c><v>1</v></c></row><row hidden='true'><c><v>2</v></c></row>"

    assert read_workbook(packed(parts_of(sheet_xml(xml)))).sheets[0].hidden_rows == 1


def test_word_across_two_pieces_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hidden_lines, "CHUNK", 5)

    with zipfile.ZipFile(io.BytesIO(packed({"a.xml": b"123 hidden='1'", "b.xml": b"123 hidde"}))) as archive:
        assert hidden_lines.says(archive, "a.xml", b"hidden=")
        assert not hidden_lines.says(archive, "b.xml", b"hidden=")


def test_person_is_told_and_nothing_is_lost() -> None:
    data = federal_marks({FIRST: (1, 2, 30, 5)})

    parsed = parse_file(unseen(data, rows=(10,), columns="B"))

    assert parsed.rows == parse_file(data).rows
    [notice] = [problem for problem in parsed.problems if problem.code == ProblemCode.HIDDEN_LINES]
    assert notice.severity == Severity.WARNING
    assert "на листе есть скрытые строки (1) и столбцы (1): они прочитаны" in notice.text_ru
