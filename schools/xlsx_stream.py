"""Long tables as workbooks, written as a stream: no cell is kept, texts stay texts whatever they begin with.

The parts of a plain workbook are few and fixed, and a row of cells is a line of text; a library that makes an object
of every cell takes seven times as long for the same bytes (docs/benchmarks.md). Books with charts, validations or
several sheets stay with openpyxl.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import islice
from typing import IO, Final
from xml.sax.saxutils import escape

from schools.intake.cells import column_letter
from schools.intake.safe_cells import FORMULA_STARTS, ILLEGAL, LONGEST_TEXT, safe_title

Cell = str | float | Decimal | None  # numbers are finite
NAMESPACE: Final = "http://schemas.openxmlformats.org"
MAIN: Final = f"{NAMESPACE}/spreadsheetml/2006/main"
TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PORTION: Final = 2_000  # rows written at once
NEEDS_CARE: Final = re.compile("(?s:.{32768})|[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|^\\s|\\s$")
SHORT: Final = 200  # letters of a text that is worth remembering: names and words repeat themselves from row to row
REMEMBERED: Final = 8192
LINE_POINTS: Final = 15
LEVEL: Final = 1  # of compression: the usual one takes four times as long to save a fifth of the size
# Places of the styles in cellXfs
PLAIN: Final = 0
BOLD: Final = 1
LARGE: Final = 2
WRAPPED: Final = 3
WRAPPED_BOLD: Final = 4
QUOTED: Final = {PLAIN: 5, WRAPPED: 6}  # for a text that would become a formula when a person edits its cell
WRAP: Final = '<alignment vertical="top" wrapText="1"/>'
PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{NAMESPACE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{NAMESPACE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{NAMESPACE}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{NAMESPACE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{NAMESPACE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{NAMESPACE}/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><fonts count="3">'
        '<font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="13"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/></border></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="7"><xf xfId="0"/>'
        '<xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" fontId="2" applyFont="1"/>'
        f'<xf xfId="0" applyAlignment="1">{WRAP}</xf>'
        f'<xf xfId="0" fontId="1" applyFont="1" applyAlignment="1">{WRAP}</xf>'
        f'<xf xfId="0" quotePrefix="1"/><xf xfId="0" quotePrefix="1" applyAlignment="1">{WRAP}</xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a sheet looks. widths: of columns; above: lines over the head, the first one large, then an empty row.

    frozen_columns: how many stay in sight, as the head does. is_wrapped: long texts take several lines, and their rows
    the height of them. is_printed_across: landscape, as wide as the page, the head on every page.
    """

    widths: Sequence[int] = ()
    above: Sequence[str] = ()
    frozen_columns: int = 0
    is_wrapped: bool = False
    has_filter: bool = False
    is_printed_across: bool = False

    @property
    def head_row(self) -> int:
        return len(self.above) + 2 if self.above else 1


def written_book(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], *, look: Look = Look()) -> bytes:
    """Return an XLSX file of one sheet: a bold head that stays in sight, then the rows.

    The same arguments give the same bytes.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in PARTS.items():
            archive.writestr(timeless(name), HEAD + part)
        archive.writestr(timeless("xl/workbook.xml"), workbook_part(title, look))
        with archive.open(timeless("xl/worksheets/sheet1.xml"), "w") as sheet:
            write_sheet(sheet, head, rows, look)
    return stream.getvalue()


def timeless(name: str) -> zipfile.ZipInfo:
    """Return a part of the archive without the time of writing: the same rows make the same bytes on any day."""
    part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    part.compress_type = zipfile.ZIP_DEFLATED
    part._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001  public since Python 3.13; not taken from the archive
    return part


def workbook_part(title: str, look: Look = Look()) -> str:
    name = escape(safe_title(title), {'"': "&quot;"})
    row = look.head_row
    repeated = f"'{name.replace(chr(39), chr(39) * 2)}'!${row}:${row}"
    names = (
        f'<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">{repeated}</definedName></definedNames>'
    )
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{NAMESPACE}/officeDocument/2006/relationships"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>{names if look.is_printed_across else ""}</workbook>'
    )


def write_sheet(sheet: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Cell]], look: Look) -> None:
    style, head_style = (WRAPPED, WRAPPED_BOLD) if look.is_wrapped else (PLAIN, BOLD)
    widths = look.widths if look.is_wrapped else ()
    above = "".join(rows_above(look))
    sheet.write(f"{sheet_start(look)}{above}{row_xml(look.head_row, head, style=head_style, widths=widths)}".encode())
    last = look.head_row
    numbered = enumerate(rows, start=last + 1)
    while portion := [row_xml(number, row, style=style, widths=widths) for number, row in islice(numbered, PORTION)]:
        sheet.write("".join(portion).encode())
        last += len(portion)
    sheet.write(sheet_end(look, letters(len(head))[-1], last).encode())


def rows_above(look: Look) -> Iterator[str]:
    """Yield the lines over the head; in a wrapped sheet they are as wide as all its columns."""
    whole = (sum(look.widths),) if look.is_wrapped and look.widths else ()
    for number, line in enumerate(look.above, start=1):
        style = LARGE if number == 1 else WRAPPED if whole else PLAIN
        yield row_xml(number, [line], style=style, widths=whole)


def sheet_start(look: Look) -> str:
    """Return what stands before the rows: the head in sight, the widths."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(look.widths, start=1)
    )
    beside = look.frozen_columns
    pane = f' xSplit="{beside}"' if beside else ""
    corner = f"{column_letter(beside)}{look.head_row + 1}"
    active = "bottomRight" if beside else "bottomLeft"
    frozen = (
        f'<sheetViews><sheetView workbookViewId="0"><pane{pane} ySplit="{look.head_row}" topLeftCell="{corner}" '
        f'activePane="{active}" state="frozen"/></sheetView></sheetViews>'
    )
    fitted = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if look.is_printed_across else ""
    return f'{HEAD}<worksheet xmlns="{MAIN}">{fitted}{frozen}{f"<cols>{columns}</cols>" if columns else ""}<sheetData>'


def sheet_end(look: Look, last_column: str, last_row: int) -> str:
    """Return what stands after the rows: the filter over the head and the rows, how they are printed."""
    filters = f'<autoFilter ref="A{look.head_row}:{last_column}{last_row}"/>' if look.has_filter else ""
    wide = range(2, len(look.above) + 1) if look.is_wrapped and look.widths and last_column != "A" else ()
    joined = "".join(f'<mergeCell ref="A{row}:{last_column}{row}"/>' for row in wide)
    merged = f'<mergeCells count="{len(wide)}">{joined}</mergeCells>' if joined else ""
    page = '<pageSetup orientation="landscape" fitToHeight="0"/>' if look.is_printed_across else ""
    return f"</sheetData>{filters}{merged}{page}</worksheet>"


def row_xml(number: int, cells: Sequence[Cell], *, style: int = PLAIN, widths: Sequence[int] = ()) -> str:
    """Return a row. widths: of the columns whose texts are wrapped, for its height; none for a row of one line."""
    written = [
        cell_xml(f"{letter}{number}", style, cell)
        for letter, cell in zip(letters(len(cells)), cells, strict=True)
        if cell is not None and cell != ""
    ]
    height = height_of(cells, widths) if widths else ""
    return f'<row r="{number}"{height}>{"".join(written)}</row>'


def height_of(cells: Sequence[Cell], widths: Sequence[int]) -> str:
    lines = max(map(lines_of, cells, widths))
    return f' ht="{LINE_POINTS * lines}" customHeight="1"' if lines > 1 else ""


def lines_of(cell: Cell, width: int) -> int:
    """Return how many lines a cell takes; a little more than it may need, for words are not cut."""
    if not isinstance(cell, str) or (len(cell) <= width and "\n" not in cell):
        return 1
    return sum(max(-(-len(line) * 10 // (width * 9)), 1) for line in cell.split("\n"))


@cache
def letters(count: int) -> tuple[str, ...]:
    return tuple(map(column_letter, range(count)))


def cell_xml(place: str, style: int, cell: str | float | Decimal) -> str:
    if isinstance(cell, str):
        return f'<c r="{place}"{short_text(cell, style) if len(cell) < SHORT else text_xml(cell, style)}'
    look = f' s="{style}"' if style else ""
    if isinstance(cell, bool):
        return f'<c r="{place}"{look} t="b"><v>{cell:d}</v></c>'
    return f'<c r="{place}"{look}><v>{cell}</v></c>'


def text_xml(text: str, style: int) -> str:
    """Return the rest of a cell that holds a text, after its place."""
    if text.startswith(FORMULA_STARTS):
        style = QUOTED.get(style, style)
    look = f' s="{style}"' if style else ""
    return f'{look} t="inlineStr"><is>{careful_text(text) if NEEDS_CARE.search(text) else f"<t>{text}</t>"}</is></c>'


short_text: Final = lru_cache(maxsize=REMEMBERED)(text_xml)


def careful_text(text: str) -> str:
    """Return a text without what XML forbids; blanks at its ends stay."""
    return f'<t xml:space="preserve">{escape(ILLEGAL.sub("", text)[:LONGEST_TEXT])}</t>'
