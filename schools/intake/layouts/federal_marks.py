"""«Статистика по отметкам» of the federal system: shares of marks by school. Source: domain specification, 2.3."""

from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import Book, Sheet
from schools.intake.headers import Column, locate, normalised
from schools.intake.layouts.base import Layout
from schools.intake.layouts.federal_head import FederalHead, read_head, school_of, sheets_titled
from schools.intake.layouts.federal_sheet import GroupSheet
from schools.intake.layouts.federal_table import (
    GROUP,
    PARTICIPANTS,
    SCHOOLS,
    benchmark_row,
    header_alike,
    joined,
    sheets_to_read,
    untitled,
)
from schools.intake.rows import MARKS, Counts, ParsedFile, ResultRow, SchoolRef
from schools.intake.shares import derived_notices, read_participants, read_shares, whole_counts

TITLE: Final = "Статистика по отметкам"
COLUMNS: Final = (
    GROUP,
    SCHOOLS,
    PARTICIPANTS,
    Column(key="mark2", title="2"),
    Column(key="mark3", title="3"),
    Column(key="mark4", title="4"),
    Column(key="mark5", title="5"),
)
SHARES: Final = {key: key.removeprefix("mark") for key in MARKS}
NOT_MARKS: Final = frozenset({"0", "1"})  # a header that has them too counts scores or tasks


def affinity(book: Book) -> float:
    if sheets_titled(book, TITLE):
        return 1.0
    return 0.0 if any(counts_scores(sheet) for sheet in untitled(book)) else header_alike(book, COLUMNS)


def counts_scores(sheet: Sheet) -> bool:
    return any(NOT_MARKS & {normalised(cell) for cell in row.cells} for row in sheet.rows[:8])


def parse(book: Book) -> ParsedFile:
    parts = [parse_sheet(sheet) for sheet in sheets_to_read(book, TITLE, COLUMNS)]
    return joined(LAYOUT.code, parts, derived_notices(parts))


def parse_sheet(sheet: Sheet) -> ParsedFile:
    read = GroupSheet(sheet, locate(sheet, COLUMNS), read_head(sheet))
    for reader, name in read.lines():
        if school := school_of(name, reader.cell(SCHOOLS.key)):
            read.add_school(reader, result_row(reader, school, read.head))
        else:
            read.add_territory(reader, benchmark_row(reader, name, read.head.work, SHARES))
    return read.as_file(LAYOUT.code, TITLE)


def result_row(reader: RowReader, school: SchoolRef, head: FederalHead) -> ResultRow | None:
    """Return a school's row with counts, or None when its numbers do not fit (the reasons are in reader.problems)."""
    participants = read_participants(reader)
    percents = read_shares(reader, MARKS)
    if reader.is_refused or participants is None:
        return None
    counts = whole_counts(reader, percents, participants)
    if counts is None:
        return None
    two, three, four, five = counts
    return ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=head.work,
        grade_actual=head.grade_actual,
        counts=Counts(
            participants=participants,
            marks=(two, three, four, five),
            percents=tuple(percents.values()),
            max_primary=head.max_primary,
        ),
    )


LAYOUT: Final = Layout(
    code="federal_marks",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Статистика по отметкам» в ячейке A1",
    affinity=affinity,
    parse=parse,
)
