"""Reading of one row of a table: values by the key of the column, refusals of cells gathered as problems."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from schools.intake.cells import CellValue, Row, Sheet
from schools.intake.headers import Header
from schools.intake.rows import Problem, ProblemCode, Severity, problem_at
from schools.intake.values import ValueRefused, text_of, word_of

T = TypeVar("T")


@dataclass
class RowReader:
    sheet: Sheet
    header: Header
    row: Row
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(problem.is_error for problem in self.problems)

    def cell(self, key: str) -> CellValue:
        return self.header.cell(self.row, key)

    def read(self, key: str, parse: Callable[[CellValue], T]) -> T | None:
        """Return the value of a column; a cell that does not fit becomes a problem and gives None."""
        try:
            return parse(self.cell(key))
        except ValueRefused as refused:
            what = f"ожидается {refused.expected}, получено «{refused.found}»."
            self.add(refused.code, what, key=key, found=refused.found, expected=refused.expected)
            return None

    def text(self, key: str) -> str:
        return text_of(self.cell(key))

    def word(self, key: str, words: Mapping[str, str], expected: str) -> str | None:
        return self.read(key, lambda cell: word_of(cell, words, expected))

    def add(
        self,
        code: ProblemCode,
        what: str,
        *,
        key: str = "",
        found: str = "",
        expected: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        title = self.header.title(key) if key else ""
        self.problems.append(
            problem_at(
                code,
                self.sheet.name,
                self.row.number,
                what,
                column=title,
                found=found,
                expected=expected,
                severity=severity,
            ),
        )


def sheet_notices(sheet: Sheet, header: Header) -> list[Problem]:
    """Return remarks on a whole table: columns nobody reads, merged cells among the data."""
    notices = [
        problem_at(
            ProblemCode.MERGED_CELLS,
            sheet.name,
            merge.first_row,
            f"объединённые ячейки {merge}: прочитана только первая. Снимите объединение и заполните каждую строку.",
            found=str(merge),
            severity=Severity.WARNING,
        )
        for merge in sheet.merges
        if merge.first_row > header.row and merge.last_row > merge.first_row
    ]
    if header.extra:
        titles = ", ".join(f"«{title[:60]}»" for title in header.extra[:10])
        notices.append(
            problem_at(
                ProblemCode.EXTRA_COLUMNS,
                sheet.name,
                0,
                f"не загружены столбцы: {titles}.",
                found=titles,
                severity=Severity.WARNING,
            ),
        )
    return notices
