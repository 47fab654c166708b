"""Workbooks of every kind: plain ones from rows, federal ones from counts, filled templates, hostile raw parts."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook

from schools.intake.cells import Book, CellValue, Row, Sheet
from schools.intake.federal_writer import FederalWork, JournalLine, MarksLine, journal_workbook, marks_workbook
from schools.intake.layouts import portal_results
from schools.intake.rows import ParsedFile, Problem, ProblemCode

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"

Parts = dict[str, bytes]


def make_work(**fields: Any) -> FederalWork:
    defaults = {"year": 2026, "subject": "RU", "grade": 4, "max_primary": 38, "held": date(2026, 4, 20)}
    return FederalWork(**{**defaults, **fields})


def federal_marks(schools: Mapping[str, tuple[int, int, int, int]], **work: Any) -> bytes:
    """Return «Статистика по отметкам»; schools: name with login -> counts of 2, 3, 4, 5."""
    lines = [MarksLine(name="Вся выборка", marks=(506, 3292, 4433, 1769), schools=35589)]
    lines += [MarksLine(name=name, marks=marks) for name, marks in schools.items()]
    return marks_workbook(make_work(**work), lines)


def federal_journal(schools: Mapping[str, tuple[int, int, int]], **work: Any) -> bytes:
    """Return the comparison with the journal; schools: name with login -> lowered, confirmed, raised."""
    lines = [
        JournalLine(name=name, lowered=down, confirmed=same, raised=up) for name, (down, same, up) in schools.items()
    ]
    return journal_workbook(make_work(**work), lines)


def workbook(rows: Iterable[Sequence[Any]], *, title: str = "Лист1") -> bytes:
    """Return an ordinary workbook with one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed_cells(data: bytes, cells: Mapping[str, Any]) -> bytes:
    """Return a workbook with some cells of its first sheet replaced; «B8» -> value."""
    book = load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    return saved(book)


def sheet_of(*rows: Sequence[CellValue], name: str = "Лист1") -> Sheet:
    """Return a sheet as a layout sees it, without a file."""
    filled = (Row(number, tuple(cells)) for number, cells in enumerate(rows, start=1))
    return Sheet(name, tuple(row for row in filled if any(cell is not None for cell in row.cells)))


def book_of(*rows: Sequence[CellValue], name: str = "Лист1") -> Book:
    return Book((sheet_of(*rows, name=name),))


def remarks(file: ParsedFile) -> list[Problem]:
    """Return the problems of a file but the one that every file of shares has: its counts are derived."""
    return [problem for problem in file.problems if problem.code != ProblemCode.COUNTS_DERIVED]


# Raw parts


def sheet_xml(rows: str, *, head: str = "", namespace: str = MAIN) -> bytes:
    return f'{head}<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def row_xml(*cells: str, number: int = 1) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def number_cell(place: str, value: str = "1") -> str:
    return f'<c r="{place}"><v>{value}</v></c>'


GOOD_ROWS = row_xml(text_cell("A1", "Школа"), text_cell("B1", "Значение")) + row_xml(
    text_cell("A2", "СОШ № 1"),
    number_cell("B2", "45.5"),
    number=2,
)


def parts_of(sheet: bytes | None = None) -> Parts:
    """Return the parts of a smallest workbook that Excel opens."""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="{"application/vnd.openxmlformats-package.relationships+xml"}"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/{SHEET}" ContentType="{TYPES}.worksheet+xml"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="Самооценка" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        SHEET: sheet_xml(GOOD_ROWS) if sheet is None else sheet,
    }


def packed(parts: Mapping[str, bytes], *more: tuple[str, bytes]) -> bytes:
    """Return a ZIP of parts; `more` may repeat names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (*parts.items(), *more):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def with_rows(rows: str, *, head: str = "") -> bytes:
    return packed(parts_of(sheet_xml(rows, head=head)))


def streamed(member: str, chunk: bytes, times: int, *, head: bytes = b"", tail: bytes = b"") -> bytes:
    """Return a workbook with one part far larger than itself; the part is packed piece by piece and fast."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts_of().items():
            if name != member:
                archive.writestr(name, data)
        with archive.open(member, "w") as part:
            part.write(head)
            for _ in range(times):
                part.write(chunk)
            part.write(tail)
    return stream.getvalue()


# The portal's template of results


RESULT_TITLES = tuple(column.title for column in portal_results.COLUMNS)
GOOD_RESULT: Mapping[str, Any] = {
    "Логин": "edu900001",
    "Процедура": "КДР",
    "Год": 2026,
    "Предмет": "Математика",
    "Класс": 6,
    "Участников": 38,
    "«2»": 1,
    "«3»": 2,
    "«4»": 30,
    "«5»": 5,
}


def result_lines(*lines: Mapping[str, Any], titles: Sequence[str] = RESULT_TITLES) -> list[tuple[Any, ...]]:
    """Return the header and a line for each mapping of titles to cells; what it does not name is as in a good one."""
    filled = ({**GOOD_RESULT, **line} for line in lines)
    return [tuple(titles), *(tuple(line.get(title) for title in titles) for line in filled)]


def results_book(*lines: Mapping[str, Any], titles: Sequence[str] = RESULT_TITLES) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = portal_results.SHEET
    for row in result_lines(*lines, titles=titles):
        sheet.append(list(row))
    return book


def results_workbook(*lines: Mapping[str, Any], titles: Sequence[str] = RESULT_TITLES) -> bytes:
    return saved(results_book(*lines, titles=titles))
