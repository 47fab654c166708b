"""What the federal reports on tasks share: columns of tasks, the row «Макс. балл», rows for the details of a work.

Source: domain specification, 2.3.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import Row, Sheet
from schools.intake.headers import Header, locate, normalised
from schools.intake.layouts.federal_head import read_head
from schools.intake.layouts.federal_sheet import GroupSheet
from schools.intake.layouts.federal_table import GROUP, PARTICIPANTS, SCHOOLS, title_columns
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, Record, SchoolRef, WorkKey
from schools.intake.values import count_of, percent_of

TARGET: Final = "details"
TASK: Final = re.compile(r"\d{1,2}(\.\d{1,2})?( ?[кk]\d)?( \(\d+ ?б\))?")
TASK_POINTS: Final = re.compile(r"\s*\(\d+\s*б\)\s*$", re.IGNORECASE)
PREFIX: Final = "task:"
COLUMNS: Final = (GROUP, SCHOOLS, PARTICIPANTS)


def task_sheet(sheet: Sheet) -> GroupSheet:
    """Return a sheet whose header has a key «task:…» for each task. Raises LayoutRefusal when there is none."""
    tasks = title_columns(sheet, COLUMNS, TASK, PREFIX)
    header = locate(sheet, (*COLUMNS, *tasks))
    if not tasks:
        raise LayoutRefusal(
            Code.COLUMN_MISSING,
            f"Лист «{sheet.name}», строка {header.row}: нет ни одного столбца с номером задания.",
            expected="столбцы «1», «2», «3.1», «4К1»…",
            action="Скачайте отчёт заново и загрузите его без изменений.",
        )
    return GroupSheet(sheet, header, read_head(sheet))


def task_codes(header: Header) -> dict[str, str]:
    """Return key of a column -> code of the task as the report writes it, without «(2б)»."""
    keys = sorted((key for key in header.positions if key.startswith(PREFIX)), key=header.positions.__getitem__)
    return {key: TASK_POINTS.sub("", header.title(key)) for key in keys}


def is_maximum(row: Row, header: Header) -> bool:
    return normalised(header.cell(row, "group")).startswith("макс")


def read_maximum(read: GroupSheet) -> dict[str, int]:
    """Return code of a task -> its maximum score, from the row «Макс. балл»; nothing when there is no such row."""
    row = next((row for row in read.sheet.after(read.header.row) if is_maximum(row, read.header)), None)
    if row is None:
        return {}
    reader = RowReader(read.sheet, read.header, row)
    scores = {code: reader.read(key, count_of) for key, code in task_codes(read.header).items()}
    read.problems += reader.problems
    return {code: score for code, score in scores.items() if score is not None}


def read_tasks(reader: RowReader) -> dict[str, str]:
    """Return code of a task -> percent done as delivered; what is not in the row is left out."""
    percents = {code: reader.read(key, percent_of) for key, code in task_codes(reader.header).items()}
    return {code: str(percent) for code, percent in percents.items() if percent is not None}


def detail(
    reader: RowReader,
    school: SchoolRef,
    work: WorkKey,
    *,
    kind: str,
    participants: int | None,
    values: dict[str, Any],
) -> Record:
    """Return a row for the details of works. reader: where it stands; kind: as in `schools.choices.DetailKind`."""
    return Record(
        target=TARGET,
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        key={**work._asdict(), "kind": kind},
        values={"participants": participants, "values": values},
    )


def has_rows_like(sheets: Iterable[Sheet], beginning: str) -> bool:
    """Answer whether the first cells of a sheet say what its report is when its title is gone."""
    return any(normalised(row.at(0)).startswith(beginning) for sheet in sheets for row in sheet.rows[:40])


def in_percent(parsed: ParsedFile) -> ParsedFile:
    """Return a report whose shares are per cents. Raises LayoutRefusal when they are plainly parts of one.

    A cell that shows per cents comes as it is shown; numbers without that format tell nothing else of what they are.
    """
    shares = [share for record in parsed.records for share in shares_in(record.values) if share]
    if not shares or max(shares) > 1 or all(share == 1 for share in shares):
        return parsed
    raise LayoutRefusal(
        Code.FRACTIONS,
        "Доли в файле — числа от 0 до 1, а не проценты: 0,85 значило бы 0,85 %.",
        found=f"наибольшая доля {max(shares):f}".replace(".", ","),
        expected="проценты от 0 до 100",
        action="Задайте ячейкам процентный формат или умножьте доли на 100, затем загрузите файл ещё раз.",
    )


def shares_in(values: Any) -> Iterator[Decimal]:
    """Yield the shares of a detail, wherever they stand in it."""
    if isinstance(values, list):
        yield from (share for value in values for share in shares_in(value))
    elif isinstance(values, Mapping):
        for name, value in values.items():
            if name == "percents":
                yield from map(Decimal, value.values())
            elif name == "percent":
                yield from () if value is None else (Decimal(value),)
            else:
                yield from shares_in(value)
