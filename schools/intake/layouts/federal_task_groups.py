"""«Выполнение заданий группами участников»: percent of each task by those who got «2», «3», «4» and «5».

Source: domain specification, 2.3: under the row of a territory or a school stand the rows
«Ср.% вып. уч. гр.баллов 2» … «5».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import Book, Row, Sheet
from schools.intake.headers import Header, normalised
from schools.intake.layouts.base import Layout
from schools.intake.layouts.federal_head import FederalHead, school_of, sheets_titled
from schools.intake.layouts.federal_table import SCHOOLS, joined, sheets_to_read, untitled
from schools.intake.layouts.work_details import (
    COLUMNS,
    detail,
    has_rows_like,
    in_percent,
    is_maximum,
    read_maximum,
    read_tasks,
    task_sheet,
)
from schools.intake.rows import BenchmarkRow, ParsedFile, ProblemCode, Record, SchoolRef, WorkKey
from schools.intake.shares import as_warning
from schools.intake.values import count_of, text_of

TITLE: Final = "Выполнение заданий группами участников"
KIND: Final = "groups"
GROUP_ROW: Final = re.compile(r"ср\.? ?% ?вып\.? ?уч\.? ?гр\.? ?баллов (?:группы )?([2-5])\b")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A territory or a school with the rows of its groups: mark -> row."""

    title: Row
    name: str
    groups: dict[str, Row]


def affinity(book: Book) -> float:
    if sheets_titled(book, TITLE):
        return 1.0
    return 0.95 if has_rows_like(untitled(book), "ср.% вып") else 0.0


def parse(book: Book) -> ParsedFile:
    return in_percent(joined(LAYOUT.code, [parse_sheet(sheet) for sheet in sheets_to_read(book, TITLE, COLUMNS)]))


def parse_sheet(sheet: Sheet) -> ParsedFile:
    read = task_sheet(sheet)
    maximum = read_maximum(read)
    for block in blocks(sheet, read.header):
        reader = RowReader(sheet, read.header, block.title)
        if school := school_of(block.name, reader.cell(SCHOOLS.key)):
            read.add_school(reader, school_record(reader, block, school, read.head, maximum))
        else:
            read.add_territory(reader, block_benchmark(reader, block, read.head.work))
    return read.as_file(LAYOUT.code, TITLE)


def blocks(sheet: Sheet, header: Header) -> Iterator[Block]:
    """Yield what stands before each next name; a name without groups under it is a note."""
    block: Block | None = None
    for row in sheet.after(header.row):
        name = text_of(header.cell(row, "group"))
        mark = GROUP_ROW.match(normalised(name))
        if mark and block:
            block.groups[mark[1]] = row
        elif name and not mark and not is_maximum(row, header):
            if block and block.groups:
                yield block
            block = Block(title=row, name=name, groups={})
    if block and block.groups:
        yield block


def read_groups(reader: RowReader, block: Block) -> dict[str, dict[str, Any]]:
    """Return mark -> participants (None when not given) and percents by task; remarks go to the reader."""
    found: dict[str, dict[str, Any]] = {}
    for mark, row in sorted(block.groups.items()):
        line = RowReader(reader.sheet, reader.header, row, reader.problems)
        found[mark] = {"participants": line.read("participants", count_of), "percents": read_tasks(line)}
    return found


def school_record(
    reader: RowReader,
    block: Block,
    school: SchoolRef,
    head: FederalHead,
    maximum: dict[str, int],
) -> Record | None:
    participants = reader.read("participants", count_of)
    groups = read_groups(reader, block)
    if reader.is_refused or not groups_fit(reader, groups, participants):
        return None
    values = {"maximum": maximum, "groups": groups}
    return detail(reader, school, head.work, kind=KIND, participants=participants, values=values)


def groups_fit(reader: RowReader, groups: dict[str, dict[str, Any]], participants: int | None) -> bool:
    """Answer whether the groups together are not more than the participants of the school."""
    total = sum(group["participants"] or 0 for group in groups.values())
    if participants is None or total <= participants:
        return True
    what = f"в группах по отметкам {total}, участников {participants}."
    code, expected = ProblemCode.PART_ABOVE_WHOLE, f"не больше {participants}"
    action = "Сверьте строки с отчётом."
    reader.add(code, what, key="participants", found=str(total), expected=expected, action=action)
    return False


def block_benchmark(reader: RowReader, block: Block, work: WorkKey) -> BenchmarkRow | None:
    """Return a territory's groups. What does not fit there is a warning: it does not stop the schools."""
    participants = reader.read("participants", count_of)
    groups = read_groups(reader, block)
    if reader.is_refused or participants is None:
        reader.problems = [as_warning(problem) for problem in reader.problems]
        return None
    return BenchmarkRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        work=work,
        sample=block.name,
        participants=participants,
        schools=None,
        percents={
            f"group:{mark}:{task}": Decimal(percent)
            for mark, group in groups.items()
            for task, percent in group["percents"].items()
        },
    )


LAYOUT: Final = Layout(
    code="federal_task_groups",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Выполнение заданий группами участников» в ячейке A1",
    affinity=affinity,
    parse=parse,
)
