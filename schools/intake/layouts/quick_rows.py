"""Rows of results that need no second look: every cell is what its column asks for, and the numbers agree.

A row that gives the least doubt is not read here at all: `tabular.py` reads it cell by cell and says what is wrong.
Schools and works repeat themselves through a file, so each spelling of one is understood once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import NoneType
from typing import Any, Final, TypeVar

from schools.intake.cells import CellValue, Row
from schools.intake.headers import Header
from schools.intake.rows import JOURNAL, MARKS, Counts, Journal, ResultRow, SchoolRef, WorkKey
from schools.intake.values import LARGEST_COUNT, LARGEST_SCORE, text_of

SCHOOL: Final = ("name", "login", "inn", "gia_code")
WORK: Final = ("procedure", "year", "period", "subject", "grade", "level")
NUMBERS: Final = ("participants", *MARKS, "enrolled", "below_min", "max_primary", *JOURNAL)
READ: Final = frozenset({*SCHOOL, *WORK, *NUMBERS, "note", "school_no"})
FIRST_OF_WORK: Final = len(SCHOOL)
NOTE: Final = FIRST_OF_WORK + len(WORK)
FIRST_NUMBER: Final = NOTE + 1
UNREAD: Final = FIRST_NUMBER + len(NUMBERS)
CLEAN: Final = frozenset({int, str, float, NoneType})
WHOLE: Final = frozenset({int, NoneType})
LONGEST_NOTE: Final = 500
Cells = tuple[CellValue, ...]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class QuickWork:
    """has_scale: the points of the work are compared with those of its year, cell by cell."""

    work: WorkKey
    grade_actual: int | None
    has_scale: bool


@dataclass
class QuickRows:
    """school_of, work_of: a row, read cell by cell -> its school and its work, None where they do not fit."""

    sheet: str
    header: Header
    school_of: Callable[[Row], SchoolRef | None]
    work_of: Callable[[Row], QuickWork | None]
    schools: dict[Cells, SchoolRef | None] = field(default_factory=dict)
    works: dict[Cells, QuickWork | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        positions = self.header.positions
        self.padding: Cells = (None,) * (max(positions.values()) + 2)
        unread = [key for key in positions if key not in READ]
        self.unread: Cells = (None,) * len(unread)
        self.told = itemgetter(*(positions.get(key, -1) for key in (*SCHOOL, *WORK, "note", *NUMBERS, *unread)))

    def read(self, row: Row) -> ResultRow | None:
        """Return the result of a row, None when it has to be looked at closely."""
        cells = self.told(row.cells + self.padding)  # a column that is not there is empty
        if cells[UNREAD:] != self.unread or not CLEAN.issuperset(map(type, cells[:FIRST_NUMBER])):
            return None
        school = known(self.schools, cells[:FIRST_OF_WORK], self.school_of, row)
        work = known(self.works, cells[FIRST_OF_WORK:NOTE], self.work_of, row)
        counts = counts_of(cells[FIRST_NUMBER:UNREAD])
        if school is None or work is None or counts is None or (work.has_scale and has_points(counts[0])):
            return None
        note = "" if cells[NOTE] is None else text_of(cells[NOTE])[:LONGEST_NOTE]
        return ResultRow(self.sheet, row.number, school, work.work, *counts, work.grade_actual, note)


def counts_of(cells: Cells) -> tuple[Counts, Journal | None] | None:
    """Return counts and comparison of the cells of NUMBERS when these are whole, complete and agree."""
    if not WHOLE.issuperset(map(type, cells)):
        return None
    numbers: tuple[Any, ...] = cells
    participants, marks, journal = numbers[0], numbers[1:5], numbers[8:]
    if participants is None or not is_within_limits(numbers):
        return None
    if not (is_whole(marks, participants) and is_part(journal, participants) and fits(numbers, participants)):
        return None
    enrolled, below_min, max_primary = numbers[5:8]
    told = None if marks[0] is None else marks
    counts = Counts(participants, told, None, enrolled, below_min, None, max_primary)
    return counts, None if journal[0] is None else Journal(*journal)


def is_within_limits(numbers: Sequence[int | None]) -> bool:
    """Answer whether the numbers of NUMBERS are such as may stand in their columns."""
    given = list(filter(None, numbers))  # what is not told and 0 may stand anywhere
    return not given or (min(given) >= 0 and max(given) <= LARGEST_COUNT and (numbers[7] or 0) <= LARGEST_SCORE)


def fits(numbers: Sequence[int | None], participants: int) -> bool:
    """Answer whether those below the minimum are among the participants, and these among the pupils."""
    enrolled, below_min = numbers[5:7]
    return (below_min or 0) <= participants and (enrolled is None or enrolled >= participants)


def has_points(counts: Counts) -> bool:
    return counts.below_min is not None or counts.max_primary is not None


def known(
    understood: dict[Cells, T | None],
    spelling: Cells,
    understand: Callable[[Row], T | None],
    row: Row,
) -> T | None:
    if spelling not in understood:
        understood[spelling] = understand(row)
    return understood[spelling]


def is_whole(parts: Sequence[Any], whole: int) -> bool:
    """Answer whether all parts are there and give the whole, or none is there."""
    if None in parts:
        return parts.count(None) == len(parts)
    total: int = sum(parts)
    return total == whole


def is_part(parts: Sequence[Any], whole: int) -> bool:
    """Answer whether all parts are there and do not exceed the whole, or none is there."""
    if None in parts:
        return parts.count(None) == len(parts)
    total: int = sum(parts)
    return total <= whole
