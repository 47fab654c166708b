"""«Сравнение отметок с отметками по журналу» of the federal system, the wide form and the older form in blocks.

Source: domain specification, 2.3.
"""

from collections.abc import Iterator
from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import Book, Row, Sheet
from schools.intake.headers import Column, Header, has_header, locate, normalised
from schools.intake.layouts.base import Layout
from schools.intake.layouts.federal_head import FederalHead, read_head, school_of, sheets_titled
from schools.intake.layouts.federal_sheet import GroupSheet
from schools.intake.layouts.federal_table import GROUP, SCHOOLS, header_alike, joined, sheets_to_read
from schools.intake.percents import count_of_share, share_of_count
from schools.intake.rows import (
    BenchmarkRow,
    Journal,
    ParsedFile,
    ProblemCode,
    ResultRow,
    SchoolRef,
    Severity,
    WorkKey,
)
from schools.intake.shares import as_warning
from schools.intake.values import count_of, percent_of, required_count, text_of

TITLE: Final = "Сравнение отметок с отметками по журналу"
SIGNS: Final = {"lowered": ("Понизили", "<"), "confirmed": ("Подтвердили", "="), "raised": ("Повысили", ">")}


def spelled(key: str, ending: str) -> tuple[str, ...]:
    """Return the titles of one pair of columns: the exports write «Отметке» and «Отметка» by turns."""
    word, sign = SIGNS[key]
    full = (f"{word} (Отметка {sign} {of} по журналу) {ending}" for of in ("Отметка", "Отметке", "Отметки"))
    return (*full, f"{word} {ending}")


def pair(key: str) -> tuple[Column, Column]:
    count, *counts = spelled(key, "Кол-во участников")
    share, *shares = spelled(key, "%")
    return (
        Column(key=key, title=count, synonyms=tuple(counts)),
        Column(key=f"{key}_percent", title=share, synonyms=tuple(shares), is_required=False),
    )


TOTAL: Final = Column(
    key="total",
    title="Кол-во участников(всего)",
    synonyms=("Кол-во участников", "Кол-во участников всего"),
)
COLUMNS: Final = (GROUP, TOTAL, *pair("lowered"), *pair("confirmed"), *pair("raised"))
Entry = tuple[RowReader, str, Journal | None]  # a group, its name, what its cells give
BLOCK_COLUMNS: Final = (GROUP, TOTAL, Column(key="percent", title="%"))


def affinity(book: Book) -> float:
    if sheets_titled(book, TITLE):
        return 1.0
    return header_alike(book, COLUMNS)


def parse(book: Book) -> ParsedFile:
    return joined(LAYOUT.code, [parse_sheet(sheet) for sheet in sheets_to_read(book, TITLE, COLUMNS)])


def parse_sheet(sheet: Sheet) -> ParsedFile:
    is_blocks = not has_header(sheet, COLUMNS) and has_header(sheet, BLOCK_COLUMNS)
    read = GroupSheet(sheet, locate(sheet, BLOCK_COLUMNS if is_blocks else COLUMNS), read_head(sheet))
    for reader, name, journal in block_entries(read) if is_blocks else wide_entries(read):
        if school := school_of(name, reader.cell(SCHOOLS.key)):
            read.add_school(reader, journal and result_row(reader, school, journal, read.head))
        else:
            reader.problems = [as_warning(problem) for problem in reader.problems]
            read.add_territory(reader, journal and benchmark(reader, name, journal, read.head.work))
    return read.as_file(LAYOUT.code, TITLE)


def result_row(reader: RowReader, school: SchoolRef, journal: Journal, head: FederalHead) -> ResultRow:
    return ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=head.work,
        journal=journal,
        grade_actual=head.grade_actual,
    )


def benchmark(reader: RowReader, name: str, journal: Journal, work: WorkKey) -> BenchmarkRow:
    """Return a territory's row as shares of its participants."""
    return BenchmarkRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        work=work,
        sample=name,
        participants=journal.total,
        schools=None,
        percents={key: share_of_count(getattr(journal, key), journal.total) for key in SIGNS},
    )


def wide_entries(read: GroupSheet) -> Iterator[Entry]:
    for reader, name in read.lines():
        yield reader, name, wide_journal(reader)


def wide_journal(reader: RowReader) -> Journal | None:
    total = reader.read("total", required_count)
    counts = [reader.read(key, required_count) for key in SIGNS]
    if reader.is_refused or total is None:
        return None
    return checked_journal(reader, [count or 0 for count in counts], total)


def checked_journal(reader: RowReader, counts: list[int], total: int) -> Journal | None:
    """Return the three counts, or None with a remark when they do not make the total or the total is nobody."""
    if total == 0:
        what = "участников нет, строка не загружена."
        reader.add(ProblemCode.NO_PARTICIPANTS, what, key="total", found="0", severity=Severity.WARNING)
        return None
    if sum(counts) != total:
        what = f"понизили, подтвердили и повысили вместе {sum(counts)}, всего участников {total}. Сверьте строку."
        reader.add(ProblemCode.SUM_OF_JOURNAL, what, key="total", found=str(sum(counts)), expected=str(total))
        return None
    lowered, confirmed, raised = counts
    return Journal(lowered=lowered, confirmed=confirmed, raised=raised)


def block_entries(read: GroupSheet) -> Iterator[Entry]:
    """Yield the groups of the older form: a row with the name, then a row for each outcome and «Всего»."""
    block: list[Row] = []
    title: Row | None = None
    for row in [*read.sheet.after(read.header.row), None]:
        if row is not None and is_outcome(row, read.header):
            block.append(row)
            continue
        if title and block and (name := text_of(read.header.cell(title, "group"))):
            reader = RowReader(read.sheet, read.header, title)
            yield reader, name, block_journal(reader, block)
        title, block = row, []


def is_outcome(row: Row, header: Header) -> bool:
    return outcome_key(row, header) != ""


def outcome_key(row: Row, header: Header) -> str:
    name = normalised(header.cell(row, "group"))
    keys = {word.casefold(): key for key, (word, _) in SIGNS.items()} | {"всего": "total"}
    return next((key for word, key in keys.items() if name.startswith(word)), "")


def block_journal(reader: RowReader, block: list[Row]) -> Journal | None:
    lines = {
        outcome_key(row, reader.header): RowReader(reader.sheet, reader.header, row, reader.problems) for row in block
    }
    whole = lines["total"].read("total", count_of) if "total" in lines else None
    counts = [outcome_count(lines[key], whole) if key in lines else None for key in SIGNS]
    if reader.is_refused:
        return None
    if None in counts:
        what = "в блоке школы нет строк «Понизили», «Подтвердили» и «Повысили»."
        reader.add(ProblemCode.EMPTY, what, expected="три строки и «Всего»")
        return None
    numbers = [count or 0 for count in counts]
    return checked_journal(reader, numbers, sum(numbers) if whole is None else whole)


def outcome_count(line: RowReader, whole: int | None) -> int | None:
    """Return how many have an outcome: as the row says, else the share of the whole that it gives."""
    count = line.read("total", count_of)
    share = line.read("percent", percent_of)
    if count is not None or share is None or not whole:
        return count
    return count_of_share(share, whole)


LAYOUT: Final = Layout(
    code="federal_journal",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Сравнение отметок с отметками по журналу» в ячейке A1",
    affinity=affinity,
    parse=parse,
)
