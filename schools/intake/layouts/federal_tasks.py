"""«Выполнение заданий» of the federal system: percent of the points of each task that a school got.

Source: domain specification, 2.3. The row «Макс. балл» gives the points of a task.
"""

from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import Book, Sheet
from schools.intake.layouts.base import Layout
from schools.intake.layouts.federal_head import FederalHead, school_of, sheets_titled
from schools.intake.layouts.federal_table import SCHOOLS, benchmark_row, joined, sheets_to_read, untitled
from schools.intake.layouts.work_details import (
    COLUMNS,
    PREFIX,
    detail,
    has_rows_like,
    in_percent,
    is_maximum,
    read_maximum,
    read_tasks,
    task_codes,
    task_sheet,
)
from schools.intake.rows import ParsedFile, Record, SchoolRef
from schools.intake.shares import read_participants

TITLE: Final = "Выполнение заданий"
KIND: Final = "tasks"
GROUP_ROWS: Final = "ср.% вып"  # rows of the report by groups of participants


def affinity(book: Book) -> float:
    if sheets_titled(book, TITLE):
        return 1.0
    sheets = untitled(book)
    return 0.9 if has_rows_like(sheets, "макс. балл") and not has_rows_like(sheets, GROUP_ROWS) else 0.0


def parse(book: Book) -> ParsedFile:
    return in_percent(joined(LAYOUT.code, [parse_sheet(sheet) for sheet in sheets_to_read(book, TITLE, COLUMNS)]))


def parse_sheet(sheet: Sheet) -> ParsedFile:
    read = task_sheet(sheet)
    maximum = read_maximum(read)
    shares = {key: f"{PREFIX}{code}" for key, code in task_codes(read.header).items()}
    for reader, name in read.lines():
        if is_maximum(reader.row, read.header):
            continue
        if school := school_of(name, reader.cell(SCHOOLS.key)):
            read.add_school(reader, school_record(reader, school, read.head, maximum))
        else:
            read.add_territory(reader, benchmark_row(reader, name, read.head.work, shares))
    return read.as_file(LAYOUT.code, TITLE)


def school_record(
    reader: RowReader,
    school: SchoolRef,
    head: FederalHead,
    maximum: dict[str, int],
) -> Record | None:
    participants = read_participants(reader)
    percents = read_tasks(reader)
    if reader.is_refused or participants is None:
        return None
    values = {"maximum": maximum, "percents": percents}
    return detail(reader, school, head.work, kind=KIND, participants=participants, values=values)


LAYOUT: Final = Layout(
    code="federal_tasks",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Выполнение заданий» в ячейке A1",
    affinity=affinity,
    parse=parse,
)
