"""A sheet of a federal report with a row for each group of participants: territories from wide to narrow, then schools.

Source: domain specification, 2.3.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Sheet
from schools.intake.headers import Header
from schools.intake.layouts.federal_head import FederalHead, groups, no_rows
from schools.intake.layouts.federal_table import sheet_title
from schools.intake.rows import BenchmarkRow, ParsedFile, Problem, Record, ResultRow


@dataclass
class GroupSheet:
    """What the groups of one sheet give, in their order, and how many of them are schools."""

    sheet: Sheet
    header: Header
    head: FederalHead
    rows: list[ResultRow] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    benchmarks: list[BenchmarkRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    schools: int = 0

    def __post_init__(self) -> None:
        self.problems += [*self.head.notices, *sheet_notices(self.sheet, self.header)]

    def lines(self) -> Iterator[tuple[RowReader, str]]:
        """Yield a reader for each group, and the name of the group."""
        for row, name in groups(self.sheet, self.header.row, self.header.positions["group"]):
            yield RowReader(self.sheet, self.header, row), name

    def add_school(self, reader: RowReader, found: ResultRow | Record | None) -> None:
        """Take what a school's row gives. None: its numbers do not fit, the remarks of the reader say why."""
        self.schools += 1
        if isinstance(found, Record):
            self.records.append(found)
        elif found:
            self.rows.append(found)
        self.problems += reader.problems

    def add_territory(self, reader: RowReader, found: BenchmarkRow | None) -> None:
        if found:
            self.benchmarks.append(found)
        self.problems += reader.problems

    def as_file(self, layout: str, report: str) -> ParsedFile:
        """Return the sheet as a file. Raises LayoutRefusal when no row is a school's."""
        if not self.schools:
            raise no_rows(self.sheet)
        return ParsedFile(
            layout=layout,
            title=sheet_title(report, self.sheet),
            rows=tuple(self.rows),
            benchmarks=tuple(self.benchmarks),
            records=tuple(self.records),
            problems=tuple(self.problems),
            work=self.head.work,
        )
