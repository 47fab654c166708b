"""Tables of the federal system: the columns they share, territories as reference values, sheets put together.

Source: domain specification, 2.3: territories go from wide to narrow above the schools.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import Book, Sheet
from schools.intake.headers import Column, best_row, normalised
from schools.intake.layouts.base import header_affinity
from schools.intake.layouts.federal_head import report_of, sheets_titled
from schools.intake.rows import BenchmarkRow, ParsedFile, Problem, WorkKey
from schools.intake.shares import as_warning
from schools.intake.values import count_of, percent_of, required_count, text_of

GROUP: Final = Column(key="group", title="Группы участников", synonyms=("Группа участников",))
SCHOOLS: Final = Column(
    key="schools",
    title="Кол-во ОО",
    synonyms=("Количество образовательных организаций",),
    is_required=False,
)
PARTICIPANTS: Final = Column(
    key="participants",
    title="Кол-во участников",
    synonyms=("Кол-во участников (всего)", "Участников"),
)


def untitled(book: Book) -> list[Sheet]:
    """Return the visible sheets that no title names: somebody has cut the head off, only the header can tell."""
    return [sheet for sheet in book.visible if not report_of(sheet)]


def header_alike(book: Book, columns: Sequence[Column]) -> float:
    """Return how much of a header stands on a sheet without a title."""
    return max((header_affinity(sheet, columns) for sheet in untitled(book)), default=0.0)


def sheets_to_read(book: Book, title: str, columns: Sequence[Column]) -> Sequence[Sheet]:
    """Return the sheets of a report: by title, else by a full header, else the first one, to be refused by name."""
    by_header = [sheet for sheet in untitled(book) if header_affinity(sheet, columns) == 1]
    return sheets_titled(book, title) or by_header or book.visible[:1]


def title_columns(sheet: Sheet, columns: Sequence[Column], titles: re.Pattern[str], prefix: str) -> tuple[Column, ...]:
    """Return a column for each title of the header that fits a pattern: scores 0, 1, …, codes of tasks.

    key: the prefix and the title as it is compared.
    """
    best = best_row(sheet, columns)
    found = {text: cell for cell in best[0].cells if titles.fullmatch(text := normalised(cell))} if best else {}
    return tuple(Column(key=f"{prefix}{text}", title=text_of(cell)) for text, cell in found.items())


def joined(layout: str, parts: Sequence[ParsedFile], notices: Sequence[Problem] = ()) -> ParsedFile:
    """Return the sheets of a file as one; it has a work when they are all about the same."""
    works = {part.work for part in parts}
    return ParsedFile(
        layout=layout,
        title=parts[0].title,
        rows=tuple(row for part in parts for row in part.rows),
        benchmarks=tuple(row for part in parts for row in part.benchmarks),
        records=tuple(record for part in parts for record in part.records),
        problems=(*(problem for part in parts for problem in part.problems), *notices),
        work=parts[0].work if len(works) == 1 else None,
    )


def sheet_title(report: str, sheet: Sheet) -> str:
    return f"{report}: {sheet.at(3, 0) or sheet.name}"


def benchmark_row(reader: RowReader, name: str, work: WorkKey, keys: Mapping[str, str]) -> BenchmarkRow | None:
    """Return a row of a territory. What does not fit there is a warning: it does not stop the schools.

    keys: key of a column -> name of the share in the row («2», «score:7», «task:4К1»).
    """
    participants = reader.read("participants", required_count)
    schools = reader.read("schools", count_of)
    percents = {name_of: reader.read(key, percent_of) for key, name_of in keys.items()}
    if reader.is_refused or participants is None:
        reader.problems = [as_warning(problem) for problem in reader.problems]
        return None
    return BenchmarkRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        work=work,
        sample=name,
        participants=participants,
        schools=schools,
        percents={name_of: percent for name_of, percent in percents.items() if percent is not None},
    )
