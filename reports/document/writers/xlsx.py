"""A document as a workbook: its text, a sheet for each table, and the source of every number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from textwrap import shorten, wrap
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.chart import BarChart as NativeBarChart
from openpyxl.chart import LineChart as NativeLineChart
from openpyxl.chart import Reference
from openpyxl.chart.text import RichText
from openpyxl.chart.text import Text as ChartText
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties, RegularTextRun
from openpyxl.drawing.text import Paragraph as DrawnParagraph
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from accounts.russian import long_date
from reports.document.figures import Figure, Unit
from reports.document.model import (
    CELL_MARKS,
    Abbreviations,
    Align,
    BarChart,
    Block,
    BulletList,
    Cell,
    CellTone,
    Column,
    Document,
    Heading,
    ListItem,
    Note,
    NumberedList,
    Paragraph,
    SlopeChart,
    Table,
    Text,
    Tones,
    cell_text,
    plain_text,
    walk,
)

FONT: Final = "Times New Roman"
TEXT_WIDTH: Final = 66  # characters of the text sheet, one line of A4 in portrait
TABLE_WIDTH: Final = 140
PLAIN, BOLD = 0.85, 0.75  # part of a line that surely fits: without Times New Roman a wider font stands in
TITLE_ROW, HEAD_ROW = 1, 3
SHEET_NAME_LENGTH: Final = 31
CHART_TITLE_SIZE: Final = 1100  # hundredths of a point
SLOPES_WIDTH: Final = 18  # cm
SLOPES_HEIGHT: Final = 4.5
LEGEND_LINE: Final = 0.5  # the height that one line of the legend takes
FORBIDDEN_IN_NAME: Final = re.compile(r"[\[\]:*?/\\']")
THIN: Final = Side(style="thin", color="808A98")
HEAD_FILL: Final = PatternFill("solid", fgColor="E8F0FA")
TONE_FILLS: Final = {
    CellTone.BAD: PatternFill("solid", fgColor="F6D5D2"),
    CellTone.WARN: PatternFill("solid", fgColor="FBEBCB"),
    CellTone.OK: PatternFill("solid", fgColor="DDF0E4"),
    CellTone.OUT: PatternFill("lightUp", fgColor="B9C1CC"),
}
SOURCE_COLUMNS: Final = (
    Column("№", 5, Align.RIGHT),
    Column("Где в документе", 40),
    Column("Число в тексте", 18),
    Column("Значение", 12, Align.RIGHT),
    Column("Единица", 10),
    Column("Числитель", 11, Align.RIGHT),
    Column("Знаменатель", 12, Align.RIGHT),
    Column("Источник", 24),
    Column("Документ или запись", 50),
    Column("Данные на", 12),
    Column("Адрес в портале", 40),
)
PLAIN_NUMBER: Final = re.compile(r"\d{1,9}(,\d{1,9})?")
UNIT_TITLES: Final = {Unit.COUNT: "шт.", Unit.PERCENT: "%", Unit.POINTS: "п. п.", Unit.NUMBER: ""}


@dataclass(frozen=True)
class TextLine:
    text: str
    level: int = 0
    bold: bool = False


def render(document: Document) -> bytes:
    """Return the bytes of the workbook."""
    book = Workbook()
    text_sheet = book.worksheets[0]
    text_sheet.title = "Текст"
    write_text(text_sheet, document)
    names: set[str] = {"текст", "источники"}
    for table in document.tables():
        write_table(book.create_sheet(sheet_name(table.title, names)), table)
    for block in walk(document.blocks):
        if isinstance(block, BarChart | SlopeChart):
            sheet = book.create_sheet(sheet_name(f"Диаграмма {block.title}", names))
            write_chart(sheet, block) if isinstance(block, BarChart) else write_slopes(sheet, block)
    write_sources(book.create_sheet("Источники"), document)
    book.properties.title = ILLEGAL_CHARACTERS_RE.sub(" ", document.title)
    book.properties.language = document.language
    book.properties.creator = "Ориентир"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_name(title: str, used: set[str]) -> str:
    """Return a name that Excel accepts and no other sheet has, and remember it."""
    words = FORBIDDEN_IN_NAME.sub(" ", ILLEGAL_CHARACTERS_RE.sub(" ", title))
    base = shorten(words, SHEET_NAME_LENGTH, placeholder="") or "Таблица"
    name, number = base, 2
    while name.lower() in used:
        suffix = f" {number}"
        name, number = base[: SHEET_NAME_LENGTH - len(suffix)] + suffix, number + 1
    used.add(name.lower())
    return name


def at(sheet: Worksheet, row: int, column: int) -> SheetCell:
    """Return a cell; only notes are merged, and written before that."""
    return cast("SheetCell", sheet.cell(row, column))


def put_text(cell: SheetCell, text: str) -> None:
    """Write a text that stays a text: never a formula, not even after the cell is edited."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:32_767]
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@", "\t")):
        cell.quotePrefix = True


def put_figure(cell: SheetCell, figure: Figure) -> None:
    """Write a number as a number. A share is a ratio under a percent format, so formulas work on it."""
    value = figure.rounded
    if value is None or figure.value is None:
        put_text(cell, figure.text)
        return
    decimals = "." + "0" * figure.digits if figure.digits else ""
    if figure.unit is Unit.PERCENT:
        cell.value, cell.number_format = float(figure.value / 100), f"0{decimals}%"
    elif figure.unit is Unit.POINTS:
        cell.value, cell.number_format = float(value), f"+0{decimals};\u22120{decimals};0{decimals}"
    else:
        cell.value, cell.number_format = _plain_number(value), f"#,##0{decimals}"


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


# Text


def write_text(sheet: Worksheet, document: Document) -> None:
    for index, line in enumerate(text_lines(document), start=1):
        cell = at(sheet, index, 1)
        put_text(cell, line.text)
        cell.font = Font(name=FONT, size=12, bold=line.bold)
        cell.alignment = Alignment(wrap_text=True, vertical="top", indent=line.level)
        room = TEXT_WIDTH - 3 * line.level
        sheet.row_dimensions[index].height = 16 * _lines_needed(line.text, room, share=BOLD if line.bold else PLAIN)
    sheet.column_dimensions["A"].width = TEXT_WIDTH
    _print_setup(sheet, landscape=False)


def text_lines(document: Document) -> Iterator[TextLine]:
    """Yield the document line by line; a table is named where it stands."""
    abbreviations = Abbreviations()
    yield from (TextLine(line) for line in (*document.annex_to, *document.organisation) if line)
    if document.approval:
        yield from (TextLine(line) for line in document.approval.lines)
    yield TextLine(document.kind_title, bold=True)
    yield TextLine(document.heading, bold=True)
    dated = long_date(document.date) + (f" № {document.number}" if document.number else "")
    yield from (TextLine(line) for line in (document.place, "" if document.annex_to else dated) if line)
    yield from _block_lines(document.blocks, abbreviations, "", 0)
    yield from (TextLine(line) for line in document.attachments)
    if document.signature:
        yield TextLine(f"{document.signature.position}          {document.signature.name}")
    if document.executor:
        yield TextLine(document.executor)


def _block_lines(
    blocks: Sequence[Block],
    abbreviations: Abbreviations,
    prefix: str,
    level: int,
) -> Iterator[TextLine]:
    for block in blocks:
        match block:
            case Heading():
                yield TextLine(plain_text(block.text, abbreviations), level, bold=True)
            case Paragraph() | Note():
                yield TextLine(plain_text(block.text, abbreviations), level)
            case BulletList():
                yield from (TextLine(f"– {plain_text(item, abbreviations)}", level + 1) for item in block.items)
            case NumberedList():
                for number, item in block.numbered(prefix):
                    yield from _item_lines(number, item, abbreviations, level)
            case Table() | BarChart() | SlopeChart():
                yield TextLine(f"[{block.title} – на отдельном листе]", level)
            case _:
                continue


def _item_lines(number: str, item: ListItem, abbreviations: Abbreviations, level: int) -> Iterator[TextLine]:
    text: Text = item.text
    yield TextLine(f"{number} {plain_text(text, abbreviations)}", level)
    yield from _block_lines(item.blocks, abbreviations, number, level + 1)


# Tables


def write_table(sheet: Worksheet, table: Table) -> None:
    put_text(at(sheet, TITLE_ROW, 1), table.title)
    at(sheet, TITLE_ROW, 1).font = Font(name=FONT, size=13, bold=True)
    _write_head(sheet, table.columns, HEAD_ROW, TABLE_WIDTH)
    for index, (row, tones) in enumerate(zip(table.all_rows, table.all_tones, strict=True), start=HEAD_ROW + 1):
        is_total = table.total is not None and index == HEAD_ROW + len(table.rows) + 1
        _write_row(sheet, index, row, table.columns, bold=is_total)
        _mark_row(sheet, index, tones)
    last = HEAD_ROW + len(table.rows)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(table.columns))}{last}"
    for offset, note in enumerate(table.all_notes):
        _write_note(sheet, HEAD_ROW + len(table.all_rows) + 2 + offset, note, len(table.columns))
    _print_setup(sheet, landscape=True, head_row=HEAD_ROW)


def _write_note(sheet: Worksheet, row: int, note: str, columns: int) -> None:
    """Write a note under a table across its columns: a long one in a single cell would shrink the printed page."""
    put_text(at(sheet, row, 1), note)
    at(sheet, row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    sheet.row_dimensions[row].height = 15 * _lines_needed(note, TABLE_WIDTH)


def _write_head(sheet: Worksheet, columns: tuple[Column, ...], row: int, width: int) -> None:
    total, lines = sum(column.width for column in columns), 1
    for index, column in enumerate(columns, start=1):
        cell = at(sheet, row, index)
        put_text(cell, column.head)
        cell.font = Font(name=FONT, size=11, bold=True)
        cell.fill, cell.border = HEAD_FILL, _border()
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        longest = max((len(word) for word in column.head.split()), default=0)
        sheet.column_dimensions[get_column_letter(index)].width = max(
            width * column.width / total,
            longest + 4,
            6,
        )
        lines = max(lines, _lines_needed(column.head, int(sheet.column_dimensions[get_column_letter(index)].width) - 2))
    sheet.row_dimensions[row].height = 15 * lines
    sheet.freeze_panes = f"A{row + 1}"


def _write_row(
    sheet: Worksheet,
    index: int,
    row: Sequence[Cell],
    columns: tuple[Column, ...],
    *,
    bold: bool = False,
) -> None:
    height = 1
    for position, (value, column) in enumerate(zip(row, columns, strict=True), start=1):
        cell = at(sheet, index, position)
        _put_cell(cell, value, column)
        cell.font, cell.border = Font(name=FONT, size=11, bold=bold), _border()
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=column.align.value)
        width = sheet.column_dimensions[get_column_letter(position)].width
        height = max(height, _lines_needed(cell_text(value, column), int(width)))
    sheet.row_dimensions[index].height = 15 * height


def _mark_row(sheet: Worksheet, index: int, tones: Tones) -> None:
    """Give cells the ground of their tone; the mark of a number stands in its format, so it stays a number."""
    for position, tone in enumerate(tones, start=1):
        if tone is None:
            continue
        cell = at(sheet, index, position)
        cell.fill = TONE_FILLS[tone]
        if cell.data_type == "n" and tone is CellTone.OUT:
            cell.number_format = f'"("{cell.number_format}")"'
        elif cell.data_type == "n" and tone in CELL_MARKS:
            cell.number_format = f'{cell.number_format}" {CELL_MARKS[tone]}"'


def _put_cell(cell: SheetCell, value: Cell, column: Column) -> None:
    if isinstance(value, Figure) and value.value is None:
        put_text(cell, cell_text(value, column))  # the dash that the note under the table explains
    elif isinstance(value, Figure):
        put_figure(cell, value)
        if value.is_small:
            cell.number_format = f'{cell.number_format}"*"'  # the number stays a number
    elif column.align is Align.RIGHT and value.isdecimal() and len(value) < 10:
        cell.value = int(value)  # an ordinal number
    elif column.is_number and PLAIN_NUMBER.fullmatch(value):
        cell.value = _plain_number(Decimal(value.replace(",", ".")))
    else:
        put_text(cell, value)


# Charts


def write_chart(sheet: Worksheet, chart: BarChart) -> None:
    """Write the numbers of a chart and a native chart of them."""
    columns = (Column("Показатель", 40), Column("Значение", 12, Align.RIGHT))
    put_text(at(sheet, TITLE_ROW, 1), chart.title)
    _write_head(sheet, columns, HEAD_ROW, 60)
    for index, bar in enumerate(chart.bars, start=HEAD_ROW + 1):
        _write_row(sheet, index, (bar.label, bar.figure), columns)
    last = HEAD_ROW + len(chart.bars)
    native = NativeBarChart()
    native.type, native.title, native.legend = "bar", chart_title(chart.title), None
    native.add_data(Reference(sheet, min_col=2, min_row=HEAD_ROW, max_row=last), titles_from_data=True)
    native.set_categories(Reference(sheet, min_col=1, min_row=HEAD_ROW + 1, max_row=last))
    sheet.add_chart(native, f"D{HEAD_ROW}")
    _print_setup(sheet, landscape=True, head_row=HEAD_ROW)


def chart_title(text: str) -> Title:
    """Return a title that leaves the room to the chart: that of the program is 18 points and lies over the legend."""
    look = ParagraphProperties(defRPr=CharacterProperties(sz=CHART_TITLE_SIZE, b=True))
    paragraph = DrawnParagraph(pPr=look, r=[RegularTextRun(t=text)])
    return Title(tx=ChartText(rich=RichText(p=[paragraph])), overlay=False)


def write_slopes(sheet: Worksheet, chart: SlopeChart) -> None:
    """Write both moments of each thing and a native chart of lines."""
    columns = (Column("Показатель", 30), *(Column(moment, 14, Align.RIGHT) for moment in chart.moments))
    put_text(at(sheet, TITLE_ROW, 1), chart.title)
    _write_head(sheet, columns, HEAD_ROW, 60)
    for index, each in enumerate(chart.slopes, start=HEAD_ROW + 1):
        _write_row(sheet, index, (each.label, each.before, each.after), columns)
    last = HEAD_ROW + len(chart.slopes)
    native = NativeLineChart()
    native.title, native.width = chart_title(chart.title), SLOPES_WIDTH
    native.height = SLOPES_HEIGHT + LEGEND_LINE * len(chart.slopes)
    rows = Reference(sheet, min_col=1, max_col=3, min_row=HEAD_ROW + 1, max_row=last)
    native.add_data(rows, from_rows=True, titles_from_data=True)
    native.set_categories(Reference(sheet, min_col=2, max_col=3, min_row=HEAD_ROW))
    sheet.add_chart(native, f"E{HEAD_ROW}")
    _print_setup(sheet, landscape=True, head_row=HEAD_ROW)


# Sources


@dataclass
class SourceRows:
    """Numbers each distinct figure of each place once."""

    seen: set[tuple[str, Figure]] = field(default_factory=set)

    def rows(self, document: Document) -> Iterator[tuple[str, Figure]]:
        for located in document.located_figures():
            if located not in self.seen:
                self.seen.add(located)
                yield located


def write_sources(sheet: Worksheet, document: Document) -> None:
    _write_head(sheet, SOURCE_COLUMNS, 1, sum(column.width for column in SOURCE_COLUMNS))
    last = 1
    for last, (place, figure) in enumerate(SourceRows().rows(document), start=2):
        _write_source(sheet, last, place, figure)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(SOURCE_COLUMNS))}{last}"
    _print_setup(sheet, landscape=True, head_row=1)


def _write_source(sheet: Worksheet, row: int, place: str, figure: Figure) -> None:
    source = figure.source
    at(sheet, row, 1).value = row - 1
    put_figure(at(sheet, row, 4), figure)
    at(sheet, row, 6).value = figure.numerator
    at(sheet, row, 7).value = figure.denominator
    if source.as_of:
        at(sheet, row, 10).value = source.as_of
        at(sheet, row, 10).number_format = "DD.MM.YYYY"
    texts = {
        2: place,
        3: figure.text,
        5: UNIT_TITLES[figure.unit],
        8: source.title,
        9: source.label,
        11: source.url,
    }
    for column, text in texts.items():
        put_text(at(sheet, row, column), text)
    for column in range(1, len(SOURCE_COLUMNS) + 1):
        at(sheet, row, column).alignment = Alignment(wrap_text=True, vertical="top")
    widths = [int(column.width) for column in SOURCE_COLUMNS]
    lines = max(_lines_needed(text, widths[column - 1], share=PLAIN) for column, text in texts.items())
    sheet.row_dimensions[row].height = 15 * lines


# Sheet


def _border() -> Border:
    return Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def _lines_needed(text: str, width: int, *, share: float = 1.0) -> int:
    """Return how many lines a wrapped text takes: Excel does not grow rows of a file it has not edited.

    Words stay whole. share: the part of the width that letters of an unknown font surely fit.
    """
    room = max(int((width - 2) * share), 1)
    return max(1, sum(len(wrap(line, room, break_on_hyphens=False)) or 1 for line in text.split("\n")))


def _print_setup(sheet: Worksheet, *, landscape: bool, head_row: int | None = None) -> None:
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left, sheet.page_margins.right = 30 / 25.4, 10 / 25.4
    sheet.page_margins.top = sheet.page_margins.bottom = 20 / 25.4
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("&P из &N"))
    if head_row:
        sheet.print_title_rows = f"{head_row}:{head_row}"
