"""A document as HTML: the page preview with the source of each number on demand, and the body of the PDF."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.charts import pdf_svg
from accounts.russian import NBSP, long_date, short_date
from reports.document.charts import bar_chart_svg, slope_chart_svg
from reports.document.figures import Figure
from reports.document.model import (
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
    Inline,
    ListItem,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Row,
    SlopeChart,
    Table,
    Term,
    Text,
    Tones,
    cell_text,
)

PRINT_FONT: Final = "PT Serif"
EMPTY: Final = SafeString("")
SHORT_TABLE: Final = 10  # rows; such a table stays on one page
CODE_OF_WORK: Final = re.compile(r"[А-ЯЁ]+-\d+,?")  # a unit may follow it
WIDEST: Final = 14  # columns beside the first that a landscape sheet holds
TonedRow = tuple[Row, Tones]


def page_html(document: Document) -> SafeString:
    """Return the document as a part of a page: its numbers are buttons that open their sources."""
    writer = HtmlWriter(interactive=True, top_level=2)
    body = writer.document(document)
    return format_html("{}{}", body, writer.sources())


def print_html(document: Document, *, note: str = "", max_rows: int | None = None) -> SafeString:
    """Return the body of the PDF. note: a visible remark on top; max_rows: longest table that is printed."""
    writer = HtmlWriter(interactive=False, top_level=1, max_rows=max_rows)
    remark = format_html('<p class="doc-note">{}</p>', note) if note else EMPTY
    return format_html("{}{}", remark, writer.document(document))


@dataclass
class HtmlWriter:
    """One pass over one document."""

    interactive: bool
    top_level: int
    max_rows: int | None = None
    abbreviations: Abbreviations = field(default_factory=Abbreviations)
    figure_ids: dict[Figure, str] = field(default_factory=dict)

    def document(self, document: Document) -> SafeString:
        return format_html(
            '<article class="doc" lang="ru">{}{}{}</article>',
            self.head(document),
            self.blocks(document.blocks),
            self.tail(document),
        )

    def head(self, document: Document) -> SafeString:
        title = format_html(
            '<h{0} class="doc-title"><span class="doc-kind">{1}</span> <span class="doc-heading">{2}</span></h{0}>',
            self.top_level,
            document.kind_title,
            document.heading,
        )
        return _join(
            _lines("doc-annex", document.annex_to),
            _lines("doc-approval", document.approval.lines if document.approval else ()),
            _lines("doc-org", document.organisation),
            title,
            _lines("doc-place", (document.place,) if document.place else ()),
            _lines("doc-date", () if document.annex_to else (_dated(document),)),
        )

    def tail(self, document: Document) -> SafeString:
        return _join(
            _lines("doc-attachments", document.attachments),
            self.signature(document),
            _lines("doc-executor", (document.executor,) if document.executor else ()),
        )

    def signature(self, document: Document) -> SafeString:
        if document.signature is None:
            return EMPTY
        return format_html(
            '<p class="doc-signature"><span class="doc-position">{}</span> <span class="doc-name">{}</span></p>',
            document.signature.position,
            document.signature.name,
        )

    def blocks(self, blocks: Sequence[Block]) -> SafeString:
        return _join(*(self.block(block, "") for block in blocks))

    def block(self, block: Block, prefix: str) -> SafeString:
        match block:
            case Heading():
                level = self.top_level + block.level - 1
                markup = format_html("<h{0}>{1}</h{0}>", level, self.text(block.text))
            case Paragraph():
                markup = format_html("<p>{}</p>", self.text(block.text))
            case BulletList():
                items = ((self.text(item),) for item in block.items)
                markup = format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items))
            case NumberedList():
                markup = self.numbered_list(block, prefix)
            case Table():
                parts = [block] if self.interactive else sheets_of(block)
                markup = _join(*(self.table(part) for part in parts))
            case BarChart() | SlopeChart():
                markup = self.chart(block)
            case Note():
                markup = format_html('<p class="doc-note doc-{}">{}</p>', block.tone, self.text(block.text))
            case PageBreak():
                markup = SafeString('<div class="doc-break"></div>')
        return markup

    def numbered_list(self, block: NumberedList, prefix: str) -> SafeString:
        items = [self.list_item(number, item) for number, item in block.numbered(prefix)]
        return format_html('<ol role="list">{}</ol>', _join(*items))

    def list_item(self, number: str, item: ListItem) -> SafeString:
        text = format_html('<p><span class="doc-n">{}</span> {}</p>', number, self.text(item.text))
        inner = _join(*(self.block(block, number) for block in item.blocks))
        return format_html("<li>{}{}</li>", text, inner)

    def text(self, text: Text) -> SafeString:
        return _join(*(self.inline(part) for part in text))

    def inline(self, part: Inline) -> SafeString:
        match part:
            case Figure():
                return self.figure(part, part.phrase)
            case Term():
                return format_html("{}", self.abbreviations.expand(part))
            case str():
                return format_html("{}", part.replace(" – ", f"{NBSP}– "))

    def figure(self, figure: Figure, text: str) -> SafeString:
        if not self.interactive:
            return format_html('<span class="doc-figure">{}</span>', text)
        key = self.figure_ids.setdefault(figure, f"figure-{len(self.figure_ids) + 1}")
        return format_html('<button type="button" class="fig" popovertarget="{}">{}</button>', key, text)

    def table(self, table: Table) -> SafeString:
        shown = table.rows if self.max_rows is None else table.rows[: self.max_rows]
        notes = table.all_notes
        if len(shown) < len(table.rows):
            notes = (
                *notes,
                f"Показано строк: {len(shown)} из {len(table.rows)}. Таблица целиком – в файле XLSX.",
            )
        columns = table.columns[1:] if table.is_grouped else table.columns
        toned = list(zip(shown, table.all_tones, strict=False))
        rows = self.grouped_rows(toned, columns) if table.is_grouped else [self.row(row, columns) for row in toned]
        if table.total:
            total = table.total[-len(columns) :]
            rows.append(self.row((total, (None,) * len(total)), columns, "doc-total"))
        return format_html(
            '<div class="doc-scroll{}"><table class="doc-table{}"><caption>{}</caption>{}{}'
            "<tbody>{}</tbody></table>{}</div>{}",
            " doc-wide" if table.is_wide else "",
            " doc-short" if len(shown) <= SHORT_TABLE else "",
            table.title,
            _colgroup(columns),
            _table_head(columns),
            _join(*rows),
            _notes(notes) if table.is_wide else EMPTY,
            EMPTY if table.is_wide else _notes(notes),
        )

    def grouped_rows(self, rows: Sequence[TonedRow], columns: tuple[Column, ...]) -> list[SafeString]:
        """Return the rows with the name of each group in a row of its own above them."""
        markup = '<tr class="doc-group"><th scope="rowgroup" colspan="{}">{}</th></tr>{}'
        return [
            format_html(
                markup,
                len(columns),
                group,
                _join(*(self.row((row[1:], tones[1:]), columns) for row, tones in members)),
            )
            for group, members in groupby(rows, key=lambda toned: toned[0][0])
        ]

    def chart(self, chart: BarChart | SlopeChart) -> SafeString:
        svg = bar_chart_svg(chart) if isinstance(chart, BarChart) else slope_chart_svg(chart)
        drawn = svg if self.interactive else pdf_svg(svg, font=f'"{PRINT_FONT}"')
        markup = '<figure class="doc-chart"><figcaption>{}</figcaption>{}</figure>'
        return format_html(markup, chart.title, mark_safe(drawn))

    def row(self, toned: TonedRow, columns: tuple[Column, ...], css: str = "") -> SafeString:
        label = next((i for i, column in enumerate(columns) if column.align is Align.LEFT), 0)
        cells = [
            self.cell(cell, column, tone, is_label=index == label)
            for index, (cell, tone, column) in enumerate(zip(*toned, columns, strict=True))
        ]
        return format_html('<tr class="{}">{}</tr>' if css else "<tr>{1}</tr>", css, _join(*cells))

    def cell(self, cell: Cell, column: Column, tone: CellTone | None, *, is_label: bool) -> SafeString:
        text = cell_text(cell, column, tone)
        content = self.figure(cell, text) if isinstance(cell, Figure) else format_html("{}", text)
        css = f"doc-{column.align} doc-tone-{tone}" if tone else f"doc-{column.align}"
        if is_label:
            return format_html('<th scope="row" class="{}">{}</th>', css, content)
        return format_html('<td class="{}">{}</td>', css, content)

    def sources(self) -> SafeString:
        return _join(*(source_html(figure, key) for figure, key in self.figure_ids.items()))


def sheets_of(table: Table) -> list[Table]:
    """Return a table as paper holds it: a wide one in parts that all begin with its first column."""
    places = range(1, len(table.columns))
    if not table.is_wide or len(places) <= WIDEST:
        return [table]
    count = -(-len(places) // WIDEST)
    size = -(-len(places) // count)
    parts = [
        part_of(table, places[start : start + size], f"{table.title} (часть {number} из {count})")
        for number, start in enumerate(range(0, len(places), size), start=1)
    ]
    return [*(replace(part, notes=()) for part in parts[:-1]), parts[-1]]


def part_of(table: Table, places: Sequence[int], title: str) -> Table:
    kept = (0, *places)
    return replace(
        table,
        title=title,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
        total=tuple(table.total[place] for place in kept) if table.total else None,
        tones=tuple(tuple(tones[place] for place in kept) for tones in table.tones),
    )


def source_html(figure: Figure, key: str) -> SafeString:
    """Return the closed panel with the source of one figure."""
    source = figure.source
    facts = [("Число", figure.text), ("Как получено", figure.parts), ("Источник", source.title)]
    if source.as_of:
        facts.append(("Данные на", short_date(source.as_of)))
    rows = format_html_join("", "<dt>{}</dt><dd>{}</dd>", (pair for pair in facts if pair[1]))
    label = format_html('<a href="{}">{}</a>', source.url, source.label) if source.url else source.label
    return format_html(
        '<div popover id="{0}" class="fig-source" role="dialog" aria-label="Источник числа {1}">'
        "<p>{2}</p><dl>{3}</dl>"
        '<button type="button" class="btn btn-sm btn-light" popovertarget="{0}" popovertargetaction="hide">'
        "Закрыть</button></div>",
        key,
        figure.text,
        label,
        rows,
    )


def _join(*parts: SafeString) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _lines(css: str, lines: Iterable[str]) -> SafeString:
    content = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))
    return format_html('<p class="{}">{}</p>', css, content) if content else EMPTY


def _dated(document: Document) -> str:
    number = f" №{NBSP}{document.number}" if document.number else ""
    return long_date(document.date) + number


def _notes(notes: Iterable[str]) -> SafeString:
    return _join(*(format_html('<p class="doc-tablenote">{}</p>', note) for note in notes))


def _colgroup(columns: tuple[Column, ...]) -> SafeString:
    total = sum(column.width for column in columns)
    widths = ((round(100 * column.width / total, 2),) for column in columns)
    return format_html("<colgroup>{}</colgroup>", format_html_join("", '<col width="{}%">', widths))


def _table_head(columns: tuple[Column, ...]) -> SafeString:
    cells = format_html_join("", '<th scope="col">{}</th>', ((_head_words(column.head),) for column in columns))
    return format_html("<thead><tr>{}</tr></thead>", cells)


def _head_words(head: str) -> SafeString:
    """Return a head whose codes of works, «МАБ-11», are not torn at their hyphens."""
    return format_html_join(" ", "{}", ((_head_word(word),) for word in head.split(" ")))


def _head_word(word: str) -> str:
    return format_html('<span class="doc-code">{}</span>', word) if CODE_OF_WORK.fullmatch(word) else word
