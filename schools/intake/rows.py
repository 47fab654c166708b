"""What a layout makes of a file: typed rows, reference values and problems.

What there is of every row of a large file is a named tuple: it is made and compared several times faster than a frozen
dataclass, and its hash is that of a tuple.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

MARKS: Final = ("mark2", "mark3", "mark4", "mark5")
JOURNAL: Final = ("lowered", "confirmed", "raised")


class Severity(StrEnum):
    ERROR = "error"  # the row is not taken
    WARNING = "warning"  # the row is taken, the person should look


class ProblemCode(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NOT_A_DATE = "not_a_date"
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
    HIDDEN_LINES = "hidden_lines"
    UNREAD_SHEET = "unread_sheet"
    EXTRA_COLUMNS = "extra_columns"
    PREVIOUS_GRADE = "previous_grade"
    COUNTS_DERIVED = "counts_derived"
    SUM_OF_LEVELS = "sum_of_levels"
    SUM_OF_MARKERS = "sum_of_markers"
    OUTSIDE_SCALE = "outside_scale"
    SCALE_UNCONFIRMED = "scale_unconfirmed"
    SCALE_ABSENT = "scale_absent"
    BORDERS_CROSS = "borders_cross"
    SEVERAL_LOGINS = "several_logins"
    PUPILS_LEFT_OUT = "pupils_left_out"
    SUM_OF_PARTS = "sum_of_parts"
    SUM_OF_SECTIONS = "sum_of_sections"
    OUT_OF_PERIOD = "out_of_period"
    SKIPPED_QUESTION = "skipped_question"
    JUMP = "jump"
    TWO_FILES = "two_files"
    GRADE_ABOVE_SCHOOL = "grade_above_school"
    MORE_THAN_PUPILS = "more_than_pupils"
    CORRECTIONS_LEFT_OUT = "corrections_left_out"
    OTHER_TEMPLATE = "other_template"


ACTIONS: Final[Mapping[ProblemCode, str]] = {
    ProblemCode.NOT_A_NUMBER: "Напишите в ячейке число.",
    ProblemCode.NOT_WHOLE: "Напишите в ячейке целое число.",
    ProblemCode.NOT_A_DATE: "Запишите день, месяц и год числами, например 01.09.2025.",
    ProblemCode.OUT_OF_RANGE: "Исправьте значение.",
    ProblemCode.EMPTY: "Заполните ячейку.",
    ProblemCode.BAD_CELL: "Замените содержимое ячейки значением.",
    ProblemCode.UNKNOWN_VALUE: "Выберите значение из перечисленных.",
    ProblemCode.SUM_OF_MARKS: "Исправьте отметки или число участников.",
    ProblemCode.SUM_OF_PERCENTS: "Сверьте доли с отчётом.",
    ProblemCode.PERCENT_NOT_OF_COUNT: "Сверьте долю и число участников с отчётом.",
    ProblemCode.SUM_OF_JOURNAL: "Исправьте числа сравнения с журналом или число участников.",
    ProblemCode.PART_ABOVE_WHOLE: "Исправьте одно из чисел.",
    ProblemCode.BAD_IDENTIFIER: "Сверьте номер с документом школы.",
    ProblemCode.REPEATED_ROW: "Оставьте одну строку.",
    ProblemCode.MERGED_CELLS: "Снимите объединение и заполните каждую строку.",
    ProblemCode.EXTRA_COLUMNS: "Проверьте заголовки: лишних столбцов портал не читает.",
    ProblemCode.HIDDEN_SHEET: "Откройте лист, если данные с него нужны.",
    ProblemCode.HIDDEN_LINES: "Уберите их, если загружать не надо.",
    ProblemCode.UNREAD_SHEET: "Загрузите лист отдельным файлом.",
    ProblemCode.COUNTS_DERIVED: "Делать ничего не надо, если числа участников в файле верны.",
    ProblemCode.SUM_OF_LEVELS: "Исправьте числа по уровням или число участников.",
    ProblemCode.SUM_OF_MARKERS: "Исправьте признаки или их количество.",
    ProblemCode.OUTSIDE_SCALE: "Сверьте балл со шкалой работы.",
    ProblemCode.SCALE_UNCONFIRMED: "Проверьте минимальный балл по письму Рособрнадзора.",
    ProblemCode.SCALE_ABSENT: "Сверьте числа с протоколом сами.",
    ProblemCode.BORDERS_CROSS: "Сверьте отметки с отчётом.",
    ProblemCode.SEVERAL_LOGINS: "Проверьте, одна ли это школа.",
    ProblemCode.PUPILS_LEFT_OUT: "Делать ничего не надо, если эти участники работу не писали.",
}
"""What usually helps; a remark that knows better says its own."""


class Problem(NamedTuple):
    """One remark on a place of a file.

    `text_ru` names the place and says what to do; row counts from 1, 0 is the whole sheet; cell: «C7», empty where
    the remark is about a whole row; action: what to do, a sentence.
    """

    code: ProblemCode
    sheet: str
    row: int
    column: str
    found: str
    expected: str
    text_ru: str
    severity: Severity = Severity.ERROR
    cell: str = ""
    action: str = ""

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
            "cell": self.cell,
            "action": self.action,
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
    cell: str = "",
    action: str = "",
) -> Problem:
    """Return a problem whose text begins with its place: «Лист «X», строка N, столбец «Y»: …».

    action: what to do; the text ends with it. Without one the usual action of the code is kept apart from the text.
    """
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
        text_ru=" ".join(filter(None, (f"{where[0].upper()}{where[1:]}: {what}", action))),
        severity=severity,
        cell=cell,
        action=action or ACTIONS.get(code, ""),
    )


class SchoolRef(NamedTuple):
    """How a file names a school; empty strings where it does not. place: the municipality as the file spells it."""

    name: str = ""
    login: str = ""
    inn: str = ""
    gia_code: str = ""
    place: str = ""

    @property
    def label(self) -> str:
        return self.name or self.login or self.inn or self.gia_code


class WorkKey(NamedTuple):
    """Which work a row is about. grade is the grade of the programme."""

    procedure: str
    year: int
    period: str
    subject: str
    grade: int
    level: str = "none"


class Counts(NamedTuple):
    """Marks and counts of one school in one work. None means «not in the file»."""

    participants: int
    marks: tuple[int, int, int, int] | None = None
    percents: tuple[Decimal, ...] | None = None  # as delivered; then the marks are derived from them
    enrolled: int | None = None
    below_min: int | None = None
    mean_score: Decimal | None = None
    max_primary: int | None = None
    mean_primary: Decimal | None = None
    score_hist: tuple[int, ...] = ()  # how many have the score 0, 1, … max_primary
    score_percents: tuple[Decimal, ...] = ()  # as delivered; then the histogram is derived from them
    level_scale: str = ""  # code of schools/intake/level_scales.py
    level_counts: dict[str, int] = {}  # code of level -> count; nobody changes it
    high80: int | None = None
    score100: int | None = None

    @property
    def is_derived(self) -> bool:
        return self.percents is not None or bool(self.score_percents)


class Journal(NamedTuple):
    """How many marks of the work were below, equal to and above the marks of the class journal."""

    lowered: int
    confirmed: int
    raised: int

    @property
    def total(self) -> int:
        return self.lowered + self.confirmed + self.raised


class ResultRow(NamedTuple):
    """One school in one work, as a file tells it; at least one of counts, journal and markers is there."""

    sheet: str
    row: int
    school: SchoolRef
    work: WorkKey
    counts: Counts | None = None
    journal: Journal | None = None
    grade_actual: int | None = None
    note: str = ""
    markers: tuple[str, ...] | None = None  # signs of biased results; () clears them, None says nothing of them


RowPlace = tuple[str, int]  # sheet and row


def place_words(place: RowPlace, sheet: str) -> str:
    """Return «11», «11 листа «РУ 4»» when it stands on another sheet than this one."""
    other, row = place
    return str(row) if other == sheet else f"{row} листа «{other}»"


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
    valid_from: str = ""  # ISO date from which the row holds


@dataclass(frozen=True, kw_only=True)
class BenchmarkRow:
    """The same work in a wider sample. Percentages stay as delivered.

    percents: a mark «2» … «5», «lowered», «confirmed», «raised», «score:7», «task:4К1», «group:2:4К1» or
    «outcome:1» (the row of the table) -> percent.
    """

    sheet: str
    row: int
    work: WorkKey
    sample: str
    participants: int
    schools: int | None
    percents: dict[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class Record:
    """One row of a file for a table other than the results and the registry.

    target: code of `schools.importing.targets`. school: None where the row is about the territory itself.
    key: with the school, what makes the row one of its kind. values: field -> JSON value; a field that is absent
    was not in the file and stays as it is.
    """

    target: str
    sheet: str
    row: int
    school: SchoolRef | None
    key: dict[str, str | int]
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ParsedFile:
    """Everything a layout found. year, procedure, subject, grade: of the whole file, None when rows differ."""

    layout: str
    title: str
    rows: tuple[ResultRow, ...] = ()
    schools: tuple[SchoolRow, ...] = ()
    benchmarks: tuple[BenchmarkRow, ...] = ()
    records: tuple[Record, ...] = ()
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
