"""An official document as values. Writers turn it into a page, a PDF, a workbook; nothing here knows them.

Source of the order and names of the requisites: ГОСТ Р 7.0.97-2025, section 5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Final

from accounts.russian import NBSP

from .figures import MISSING, SMALL_DENOMINATOR, Figure

DASH: Final = "—"


@dataclass(frozen=True)
class Term:
    """A term with its abbreviation: in full with «(далее – ШНОР)» at first, the abbreviation afterwards.

    full: the term in the case that the sentence needs.
    """

    full: str
    short: str


Inline = str | Figure | Term
Text = tuple[Inline, ...]
Cell = str | Figure
Row = tuple[Cell, ...]


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Tone(StrEnum):
    INFO = "info"
    WARNING = "warning"


@dataclass(frozen=True)
class Heading:
    text: Text
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    text: Text


@dataclass(frozen=True)
class BulletList:
    items: tuple[Text, ...]


@dataclass(frozen=True)
class ListItem:
    """One numbered point and what stands under it: nested points, bullets, tables."""

    text: Text
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True)
class NumberedList:
    items: tuple[ListItem, ...]

    def numbered(self, prefix: str = "") -> Iterator[tuple[str, ListItem]]:
        """Yield each point with its number, «1.» at the top and «1.2.» inside point 1."""
        for index, item in enumerate(self.items, start=1):
            yield f"{prefix}{index}.", item


@dataclass(frozen=True)
class Column:
    """width: share of the table's width, in any unit that is the same for its columns.

    is_number: its texts are numbers without a source, as years and targets; a workbook has them as numbers.
    """

    title: str
    width: int = 10
    align: Align = Align.LEFT
    unit: str = ""
    is_number: bool = False

    @property
    def head(self) -> str:
        return f"{self.title}, {self.unit}" if self.unit else self.title


class CellTone(StrEnum):
    """What a cell says besides its number. Paper without colours tells it by a mark (`CELL_MARKS`) or brackets."""

    BAD = "bad"
    WARN = "warn"
    OK = "ok"
    OUT = "out"  # shown and not counted


CELL_MARKS: Final = {CellTone.BAD: "•", CellTone.WARN: "◊"}
Tones = tuple[CellTone | None, ...]


@dataclass(frozen=True)
class Table:
    """is_grouped: the first column names the group of each row; paper prints it once above its rows.

    is_wide: paper turns to landscape for it, and splits the columns after the first where they do not fit.
    tones: of the cells of the rows, empty when no cell has one.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    notes: tuple[str, ...] = ()
    is_grouped: bool = False
    is_wide: bool = False
    tones: tuple[Tones, ...] = ()

    def __post_init__(self) -> None:
        for row in (*self.rows, *((self.total,) if self.total else ()), *self.tones):
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: {len(row)} cells in {len(self.columns)} columns")
        if self.tones and len(self.tones) != len(self.rows):
            raise ValueError(f"{self.title}: tones of {len(self.tones)} rows, {len(self.rows)} rows")

    @property
    def all_tones(self) -> tuple[Tones, ...]:
        """The tones of all rows, the total too."""
        plain: Tones = (None,) * len(self.columns)
        return (*(self.tones or (plain,) * len(self.rows)), *((plain,) if self.total else ()))

    @property
    def all_rows(self) -> tuple[Row, ...]:
        return (*self.rows, self.total) if self.total else self.rows

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(cell for row in self.all_rows for cell in row if isinstance(cell, Figure))

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The table's own notes and the explanation of each mark that its cells use."""
        marks = []
        if any(figure.value is None for figure in self.figures):
            marks.append(f"Прочерк{NBSP}– {MISSING}.")
        if any(figure.is_small for figure in self.figures):
            marks.append(f"*{NBSP}Доля рассчитана меньше чем по {SMALL_DENOMINATOR} случаям.")
        return (*self.notes, *marks)


def cell_text(cell: Cell, column: Column, tone: CellTone | None = None) -> str:
    """Return a cell as printed: no unit where the head names it, «—» for missing, «*» for few cases, then its mark."""
    if isinstance(cell, str):
        return cell
    if cell.value is None:
        return DASH
    text = (cell.bare if column.unit else cell.text) + ("*" if cell.is_small else "")
    if tone is CellTone.OUT:
        return f"({text})"
    return f"{text}{NBSP}{CELL_MARKS[tone]}" if tone in CELL_MARKS else text


@dataclass(frozen=True)
class Bar:
    label: str
    figure: Figure


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, one for a row. maximum: end of the axis in the unit of the figures."""

    title: str
    bars: tuple[Bar, ...]
    maximum: int = 100

    @property
    def description(self) -> str:
        """The whole chart in words, for those who do not see it."""
        numbers = "; ".join(f"{bar.label}: {bar.figure.text}" for bar in self.bars)
        return f"{self.title}. {numbers}"


class Turn(StrEnum):
    """Which way a thing has changed."""

    BETTER = "better"
    WORSE = "worse"
    NEITHER = "neither"


@dataclass(frozen=True)
class Slope:
    label: str
    before: Figure
    after: Figure
    turn: Turn = Turn.NEITHER


def with_parts(figure: Figure) -> str:
    """Return «30,0 % (12 из 40)»."""
    return f"{figure.text} ({figure.parts})" if figure.parts else figure.text


@dataclass(frozen=True)
class SlopeChart:
    """Things in two moments, a line for each. moments: names of both sides."""

    title: str
    moments: tuple[str, str]
    slopes: tuple[Slope, ...]

    @property
    def description(self) -> str:
        """The whole chart in words, for those who do not see it."""
        numbers = "; ".join(
            f"{each.label}: было {with_parts(each.before)}, стало {with_parts(each.after)}" for each in self.slopes
        )
        return f"{self.title}. {numbers}"


@dataclass(frozen=True)
class Note:
    text: Text
    tone: Tone = Tone.INFO


@dataclass(frozen=True)
class PageBreak:
    pass


Block = Heading | Paragraph | BulletList | NumberedList | Table | BarChart | SlopeChart | Note | PageBreak


@dataclass(frozen=True)
class Approval:
    """Гриф утверждения, line by line: «УТВЕРЖДЁН», «приказом …», «от 17.03.2023 № 124»."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Signature:
    position: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """title: name of the file and of the PDF. kind_title: requisite 09, «Аналитическая справка»."""

    code: str
    title: str
    organisation: tuple[str, ...]
    kind_title: str
    heading: str
    place: str = ""
    date: date
    number: str = ""
    approval: Approval | None = None
    annex_to: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    attachments: tuple[str, ...] = ()
    signature: Signature | None = None
    executor: str = ""
    language: str = "ru-RU"

    def figures(self) -> tuple[Figure, ...]:
        """Return every figure in reading order, repeated ones too."""
        return tuple(figure for _, figure in self.located_figures())

    def located_figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield each figure with the place where a reader finds it."""
        yield from _located(self.blocks, "Текст")

    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in walk(self.blocks) if isinstance(block, Table))


@dataclass
class Abbreviations:
    """What has been introduced so far; a writer keeps one for each pass over a document."""

    known: set[str] = field(default_factory=set)

    def expand(self, term: Term) -> str:
        if term.short in self.known:
            return term.short
        self.known.add(term.short)
        return f"{term.full} (далее{NBSP}– {term.short})"


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks in reading order, those inside list items too."""
    for block in blocks:
        yield block
        if isinstance(block, NumberedList):
            for item in block.items:
                yield from walk(item.blocks)


def numbered(*items: ListItem | None) -> NumberedList:
    """Return a list of the points that exist: an empty one is left out and the others are renumbered."""
    return NumberedList(tuple(item for item in items if item is not None))


def plain_text(text: Text, abbreviations: Abbreviations) -> str:
    """Return a text as one string, with its figures as they read in a sentence."""
    return "".join(_plain(part, abbreviations) for part in text)


def _plain(part: Inline, abbreviations: Abbreviations) -> str:
    match part:
        case Figure():
            return part.phrase
        case Term():
            return abbreviations.expand(part)
        case str():
            return part


def _in_text(text: Text, place: str) -> Iterator[tuple[str, Figure]]:
    for part in text:
        if isinstance(part, Figure):
            yield place, part


def _row_label(row: Row, labels: int) -> str:
    """Return the texts that name a row: its first cells that are neither figures nor ordinal numbers."""
    texts = (cell for cell in row if cell and isinstance(cell, str) and not cell.rstrip(".").isdigit())
    return ", ".join(islice(texts, labels))


def _in_table(table: Table) -> Iterator[tuple[str, Figure]]:
    labels = 2 if table.is_grouped else 1
    for row in table.all_rows:
        for column, cell in zip(table.columns, row, strict=True):
            if isinstance(cell, Figure):
                yield f"{table.title}: {_row_label(row, labels)}, {column.title}", cell


def _in_block(block: Block, place: str) -> Iterator[tuple[str, Figure]]:
    match block:
        case Heading() | Paragraph() | Note():
            yield from _in_text(block.text, place)
        case BulletList():
            for item in block.items:
                yield from _in_text(item, place)
        case Table():
            yield from _in_table(block)
        case BarChart() | SlopeChart() | PageBreak():
            return  # a chart repeats figures of its table
        case NumberedList():
            for number, point in block.numbered("" if place == "Текст" else place.removeprefix("Пункт ")):
                yield from _in_text(point.text, f"Пункт {number}")
                yield from _located(point.blocks, f"Пункт {number}")


def _located(blocks: Sequence[Block], place: str) -> Iterator[tuple[str, Figure]]:
    for block in blocks:
        yield from _in_block(block, place)
