"""«Сравнение отметок с отметками по журналу» of the federal system, the wide form and the older form in blocks.

Source: domain specification, 2.3.
"""

from collections.abc import Iterator
from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book, Row, Sheet
from schools.intake.headers import Column, Header, has_header, locate, normalised
from schools.intake.layouts.base import Layout, header_affinity
from schools.intake.layouts.federal_head import FederalHead, groups, no_rows, read_head, school_of, sheets_titled
from schools.intake.percents import count_of_share
from schools.intake.rows import Journal, ParsedFile, Problem, ProblemCode, ResultRow, SchoolRef, Severity
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


GROUP: Final = Column(key="group", title="Группы участников", synonyms=("Группа участников",))
TOTAL: Final = Column(
    key="total",
    title="Кол-во участников(всего)",
    synonyms=("Кол-во участников", "Кол-во участников всего"),
)
COLUMNS: Final = (GROUP, TOTAL, *pair("lowered"), *pair("confirmed"), *pair("raised"))
BLOCK_COLUMNS: Final = (GROUP, TOTAL, Column(key="percent", title="%"))


def affinity(book: Book) -> float:
    if sheets_titled(book, TITLE):
        return 1.0
    return max((header_affinity(sheet, COLUMNS) for sheet in book.visible), default=0.0)


def parse(book: Book) -> ParsedFile:
    sheets = sheets_titled(book, TITLE) or [s for s in book.visible if header_affinity(s, COLUMNS) == 1]
    parsed = [parse_sheet(sheet) for sheet in sheets or book.visible[:1]]
    works = {part.work for part in parsed}
    return ParsedFile(
        layout="federal_journal",
        title=parsed[0].title,
        rows=tuple(row for part in parsed for row in part.rows),
        problems=tuple(problem for part in parsed for problem in part.problems),
        work=parsed[0].work if len(works) == 1 else None,
    )


def parse_sheet(sheet: Sheet) -> ParsedFile:
    is_blocks = not has_header(sheet, COLUMNS) and has_header(sheet, BLOCK_COLUMNS)
    header = locate(sheet, BLOCK_COLUMNS if is_blocks else COLUMNS)
    head = read_head(sheet)
    problems: list[Problem] = [*head.notices, *sheet_notices(sheet, header)]
    rows: list[ResultRow] = []
    schools = 0
    entries = block_entries(sheet, header) if is_blocks else wide_entries(sheet, header)
    for reader, school, journal in entries:
        schools += 1
        if journal and not reader.is_refused:
            rows.append(result_row(reader, school, journal, head))
        problems += reader.problems
    if not schools:
        raise no_rows(sheet)
    return ParsedFile(
        layout="federal_journal",
        title=f"{TITLE}: {sheet.at(3, 0) or sheet.name}",
        rows=tuple(rows),
        problems=tuple(problems),
        work=head.work,
    )


def result_row(reader: RowReader, school: SchoolRef, journal: Journal, head: FederalHead) -> ResultRow:
    return ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=head.work,
        journal=journal,
        grade_actual=head.grade_actual,
    )


def wide_entries(sheet: Sheet, header: Header) -> Iterator[tuple[RowReader, SchoolRef, Journal | None]]:
    for row, name in groups(sheet, header.row, header.positions["group"]):
        if school := school_of(name):
            reader = RowReader(sheet, header, row)
            yield reader, school, wide_journal(reader)


def wide_journal(reader: RowReader) -> Journal | None:
    total = reader.read("total", required_count)
    counts = [reader.read(key, required_count) for key in SIGNS]
    if reader.is_refused or total is None:
        return None
    return checked_journal(reader, [count or 0 for count in counts], total)


def checked_journal(reader: RowReader, counts: list[int], total: int) -> Journal | None:
    """Return the three counts, or None with a remark when they do not make the total or the total is nobody."""
    if total == 0:
        what = "у школы нет участников, строка не загружена."
        reader.add(ProblemCode.NO_PARTICIPANTS, what, key="total", found="0", severity=Severity.WARNING)
        return None
    if sum(counts) != total:
        what = f"понизили, подтвердили и повысили вместе {sum(counts)}, всего участников {total}. Сверьте строку."
        reader.add(ProblemCode.SUM_OF_JOURNAL, what, key="total", found=str(sum(counts)), expected=str(total))
        return None
    lowered, confirmed, raised = counts
    return Journal(lowered=lowered, confirmed=confirmed, raised=raised)


def block_entries(sheet: Sheet, header: Header) -> Iterator[tuple[RowReader, SchoolRef, Journal | None]]:
    """Yield the schools of the older form: a row with the name, then a row for each outcome and «Всего»."""
    block: list[Row] = []
    title: Row | None = None
    for row in [*sheet.after(header.row), None]:
        if row is not None and is_outcome(row, header):
            block.append(row)
            continue
        if title and block and (school := school_of(text_of(header.cell(title, "group")))):
            reader = RowReader(sheet, header, title)
            yield reader, school, block_journal(reader, block)
        title, block = row, []


def is_outcome(row: Row, header: Header) -> bool:
    return outcome_key(row, header) != ""


def outcome_key(row: Row, header: Header) -> str:
    name = normalised(header.cell(row, "group"))
    keys = {word.casefold(): key for key, (word, _) in SIGNS.items()} | {"всего": "total"}
    return next((key for word, key in keys.items() if name.startswith(word)), "")


def block_journal(reader: RowReader, block: list[Row]) -> Journal | None:
    counts: dict[str, int | None] = {}
    shares: dict[str, int | None] = {}
    total = next((row for row in block if outcome_key(row, reader.header) == "total"), None)
    whole = RowReader(reader.sheet, reader.header, total, reader.problems).read("total", count_of) if total else None
    for row in block:
        line = RowReader(reader.sheet, reader.header, row, reader.problems)
        key = outcome_key(row, reader.header)
        counts[key] = line.read("total", count_of)
        share = line.read("percent", percent_of)
        shares[key] = count_of_share(share, whole) if share is not None and whole else None
    if reader.is_refused:
        return None
    found = [counts.get(key) if counts.get(key) is not None else shares.get(key) for key in SIGNS]
    if None in found:
        what = "в блоке школы нет строк «Понизили», «Подтвердили» и «Повысили»."
        reader.add(ProblemCode.EMPTY, what, expected="три строки и «Всего»")
        return None
    numbers = [number or 0 for number in found]
    return checked_journal(reader, numbers, sum(numbers) if whole is None else whole)


LAYOUT: Final = Layout(
    code="federal_journal",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Сравнение отметок с отметками по журналу» в ячейке A1",
    affinity=affinity,
    parse=parse,
)
