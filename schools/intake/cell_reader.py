"""Reading of one row of a table: values by the key of the column, refusals of cells gathered as problems."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from schools.intake.cells import BadCell, CellValue, Merge, Row, Sheet, column_letter
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
            self.add_refused(refused, key)
            return None

    def add_refused(self, refused: ValueRefused, key: str) -> None:
        found, expected = refused.found, refused.expected
        self.add(refused.code, refused.what, key=key, found=found, expected=expected, action=refused.advice)

    def text(self, key: str) -> str:
        """Return a cell as text; one that cannot be read is a problem and not an empty text."""
        cell = self.cell(key)
        if isinstance(cell, BadCell):
            what, action = f"{cell.reason}.", "Исправьте ячейку или впишите значение."
            self.add(ProblemCode.BAD_CELL, what, key=key, found=cell.found, expected="текст", action=action)
        return text_of(cell)

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
        action: str = "",
    ) -> None:
        """Add a remark on the row, or on its cell in the column `key`."""
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
                cell=self.place(key),
                action=action,
            ),
        )

    def first_of(self, keys: Iterable[str]) -> str:
        """Return the first of these columns that the file has: there a remark on several stands; "" for none."""
        return next((key for key in keys if key in self.header.positions), "")

    def place(self, key: str) -> str:
        """Return «C7», or nothing when the file has no such column."""
        position = self.header.positions.get(key)
        return "" if position is None else f"{column_letter(position)}{self.row.number}"


def hides_values(sheet: Sheet, merge: Merge) -> bool:
    """Answer whether a merge is inside the data: several rows, or one that says more than a note across the table."""
    row = sheet.numbered(merge.first_row)
    is_note = row is None or sum(cell is not None for cell in row.cells) < 2
    return merge.last_row > merge.first_row or not is_note


def sheet_notices(sheet: Sheet, header: Header) -> list[Problem]:
    """Return remarks on a whole table: columns nobody reads, merged cells among the data."""
    notices = [
        problem_at(
            ProblemCode.MERGED_CELLS,
            sheet.name,
            merge.first_row,
            f"объединённые ячейки {merge}: прочитана только первая. Снимите объединение и заполните каждую ячейку.",
            found=str(merge),
            severity=Severity.WARNING,
            cell=str(merge).partition(":")[0],
        )
        for merge in sheet.merges
        if merge.first_row > header.row and hides_values(sheet, merge)
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
