"""What a layout makes of a file: typed rows, reference values and problems."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

MARKS: Final = ("mark2", "mark3", "mark4", "mark5")
JOURNAL: Final = ("lowered", "confirmed", "raised")


class Severity(StrEnum):
    ERROR = "error"  # the row is not taken
    WARNING = "warning"  # the row is taken, the person should look


class ProblemCode(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_RANGE = "out_of_range"
    EMPTY = "empty"
    BAD_CELL = "bad_cell"
    UNKNOWN_VALUE = "unknown_value"
    SUM_OF_MARKS = "sum_of_marks"
    SUM_OF_PERCENTS = "sum_of_percents"
    PERCENT_NOT_OF_COUNT = "percent_not_of_count"
    SUM_OF_JOURNAL = "sum_of_journal"
    PART_ABOVE_WHOLE = "part_above_whole"
    NO_PARTICIPANTS = "no_participants"
    BAD_IDENTIFIER = "bad_identifier"
    REPEATED_ROW = "repeated_row"
    UNKNOWN_SCHOOL = "unknown_school"
    AMBIGUOUS_SCHOOL = "ambiguous_school"
    FOREIGN_TERRITORY = "foreign_territory"
    MERGED_CELLS = "merged_cells"
    HIDDEN_SHEET = "hidden_sheet"
    EXTRA_COLUMNS = "extra_columns"
    PREVIOUS_GRADE = "previous_grade"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One remark on a place of a file. `text_ru` names the place; row counts from 1, 0 is the whole sheet."""

    code: ProblemCode
    sheet: str
    row: int
    column: str
    found: str
    expected: str
    text_ru: str
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR

    def as_json(self) -> dict[str, str | int]:
        """Return what the batch page, the command and the API show."""
        return {
            "code": self.code.value,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "found": self.found,
            "expected": self.expected,
            "text": self.text_ru,
            "severity": self.severity.value,
        }


def problem_at(
    code: ProblemCode,
    sheet: str,
    row: int,
    what: str,
    *,
    column: str = "",
    found: str = "",
    expected: str = "",
    severity: Severity = Severity.ERROR,
) -> Problem:
    """Return a problem whose text begins with its place: «Лист «X», строка N, столбец «Y»: …»."""
    quoted = column if column.startswith("«") else f"«{column}»"
    parts = ((sheet, f"лист «{sheet}»"), (row, f"строка {row}"), (column, f"столбец {quoted}"))
    where = ", ".join(text for given, text in parts if given) or "файл"
    return Problem(
        code=code,
        sheet=sheet,
        row=row,
        column=column,
        found=found,
        expected=expected,
        text_ru=f"{where[0].upper()}{where[1:]}: {what}",
        severity=severity,
    )


@dataclass(frozen=True, kw_only=True)
class SchoolRef:
    """How a file names a school; empty strings where it does not."""

    name: str = ""
    login: str = ""
    inn: str = ""
    gia_code: str = ""

    @property
    def label(self) -> str:
        return self.name or self.login or self.inn or self.gia_code


@dataclass(frozen=True, kw_only=True)
class WorkKey:
    """Which work a row is about. grade is the grade of the programme."""

    procedure: str
    year: int
    period: str
    subject: str
    grade: int
    level: str = "none"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Marks and counts of one school in one work. None means «not in the file»."""

    participants: int
    marks: tuple[int, int, int, int] | None = None
    percents: tuple[Decimal, ...] | None = None  # as delivered; then the marks are derived from them
    enrolled: int | None = None
    below_min: int | None = None
    mean_score: Decimal | None = None
    max_primary: int | None = None

    @property
    def is_derived(self) -> bool:
        return self.percents is not None


@dataclass(frozen=True, kw_only=True)
class Journal:
    """How many marks of the work were below, equal to and above the marks of the class journal."""

    lowered: int
    confirmed: int
    raised: int

    @property
    def total(self) -> int:
        return self.lowered + self.confirmed + self.raised


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """One school in one work, as a file tells it; at least one of counts and journal is there."""

    sheet: str
    row: int
    school: SchoolRef
    work: WorkKey
    counts: Counts | None = None
    journal: Journal | None = None
    grade_actual: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TerritoryRef:
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class SchoolRow:
    """One school of the registry. Empty strings and None mean «not in the file»."""

    sheet: str
    row: int
    inn: str
    name: str
    kind: str
    locality: str
    territory: TerritoryRef
    ogrn: str = ""
    login: str = ""
    gia_code: str = ""
    students: int | None = None


@dataclass(frozen=True, kw_only=True)
class BenchmarkRow:
    """The same work in a wider sample. Percentages stay as delivered."""

    sheet: str
    row: int
    work: WorkKey
    sample: str
    participants: int
    schools: int | None
    percents: dict[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class ParsedFile:
    """Everything a layout found. year, procedure, subject, grade: of the whole file, None when rows differ."""

    layout: str
    title: str
    rows: tuple[ResultRow, ...] = ()
    schools: tuple[SchoolRow, ...] = ()
    benchmarks: tuple[BenchmarkRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    work: WorkKey | None = None
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def year(self) -> int | None:
        return self.work.year if self.work else None

    @property
    def procedure(self) -> str | None:
        return self.work.procedure if self.work else None

    @property
    def subject(self) -> str | None:
        return self.work.subject if self.work else None

    @property
    def grade(self) -> int | None:
        return self.work.grade if self.work else None
