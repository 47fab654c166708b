"""Writing of files with the exact layout of the federal exports: demo data and tests are made from them.

Source: domain specification, 2.3.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from schools.intake.identifiers import login_of, without_codes
from schools.intake.percents import share_of_count
from schools.intake.safe_cells import put, safe_title
from schools.intake.subjects import BY_CODE

HEADER_ROW: Final = 8
JOURNAL_TITLE: Final = "Сравнение отметок с отметками по журналу"
MARKS_HEADER: Final = ("Группы участников", "Кол-во ОО", "Кол-во участников", 2, 3, 4, 5)
JOURNAL_HEADER: Final = (
    "Группы участников",
    "Кол-во участников(всего)",
    "Понизили (Отметка < Отметка по журналу) %",
    "Понизили (Отметка < Отметка по журналу) Кол-во участников",
    "Подтвердили (Отметка = Отметке по журналу) %",
    "Подтвердили (Отметка = Отметке по журналу) Кол-во участников",
    "Повысили (Отметка > Отметка по журналу) %",
    "Повысили (Отметка > Отметка по журналу) Кол-во участников",
)
BLOCKS_HEADER: Final = ("Группы участников", "Кол-во участников", "%")
BLOCK_ROWS: Final = (
    "Понизили (Отметка < Отметка по журналу) %",
    "Подтвердили (Отметка = Отметка по журналу) %",
    "Повысили (Отметка > Отметка по журналу) %",
)
GROUPS_HEADER: Final = MARKS_HEADER[:3]
OUTCOMES_HEADER: Final = ("Блоки ПООП / проверяемые требования (умения)", "Макс балл")
PUPILS_HEADER: Final = ("ОО", "Муниципалитет", "Название ОО", "Код участника", "Класс", "Вариант")
PUPILS_TAIL: Final = ("Первичный балл", "Отметка", "Отметка по журналу")
Cells = Sequence[str | float | None]


@dataclass(frozen=True, kw_only=True)
class FederalWork:
    """What the head of a sheet says; subject is our code."""

    year: int
    subject: str
    grade: int
    max_primary: int
    held: date


@dataclass(frozen=True, kw_only=True)
class MarksLine:
    """One group: name with its code as «МБОУ «СОШ № 1» (edu123456)», counts of marks 2, 3, 4, 5.

    schools is empty in a school's own line.
    """

    name: str
    marks: tuple[int, int, int, int]
    schools: int | None = None


@dataclass(frozen=True, kw_only=True)
class JournalLine:
    name: str
    lowered: int
    confirmed: int
    raised: int


@dataclass(frozen=True, kw_only=True)
class ScoresLine:
    """counts: how many have 0, 1, … max_primary points."""

    name: str
    counts: tuple[int, ...]
    schools: int | None = None


@dataclass(frozen=True, kw_only=True)
class TasksLine:
    """percents: of the points of each task, in the order of the tasks; groups: the same by mark 2, 3, 4, 5."""

    name: str
    participants: int
    percents: tuple[float, ...] = ()
    groups: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    schools: int | None = None


@dataclass(frozen=True, kw_only=True)
class OutcomeLine:
    """A skill with its percents by sample; a block of the programme has none."""

    text: str
    maximum: int | None = None
    percents: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PupilLine:
    """One participant without a name: code, points by task (None: not attempted), mark, mark of the journal."""

    code: str
    points: tuple[int | None, ...]
    mark: int
    journal: int | None = None


def marks_workbook(work: FederalWork, lines: Sequence[MarksLine]) -> bytes:
    """Return «Статистика по отметкам»: territories first, then schools, shares with two decimals."""
    rows: list[Cells] = [MARKS_HEADER]
    rows += [(line.name, line.schools, sum(line.marks), *shares(line.marks)) for line in lines]
    return report(work, "Статистика по отметкам", rows)


def shares(counts: Sequence[int]) -> list[float]:
    return [float(share_of_count(count, sum(counts))) for count in counts]


def journal_workbook(work: FederalWork, lines: Sequence[JournalLine]) -> bytes:
    """Return «Сравнение отметок с отметками по журналу» of the wide form."""
    rows: list[Cells] = [JOURNAL_HEADER]
    for line in lines:
        counts = (line.lowered, line.confirmed, line.raised)
        pairs = zip(shares(counts), counts, strict=True)
        rows.append((line.name, sum(counts), *(value for pair in pairs for value in pair)))
    return report(work, JOURNAL_TITLE, rows)


def journal_blocks_workbook(work: FederalWork, lines: Sequence[JournalLine]) -> bytes:
    """Return the older form of the comparison: a block of four rows under every name."""
    rows: list[Cells] = [BLOCKS_HEADER]
    for line in lines:
        counts = (line.lowered, line.confirmed, line.raised)
        rows.append((line.name,))
        rows += zip(BLOCK_ROWS, counts, shares(counts), strict=True)
        rows.append(("Всего", sum(counts), 100))
    return report(work, JOURNAL_TITLE, rows)


def scores_workbook(work: FederalWork, lines: Sequence[ScoresLine]) -> bytes:
    """Return «Распределение первичных баллов»: a column for every score from 0 to the maximum."""
    rows: list[Cells] = [(*GROUPS_HEADER, *range(work.max_primary + 1))]
    rows += [(line.name, line.schools, sum(line.counts), *shares(line.counts)) for line in lines]
    return report(work, "Распределение первичных баллов", rows)


def tasks_workbook(work: FederalWork, tasks: Mapping[str, int], lines: Sequence[TasksLine]) -> bytes:
    """Return «Выполнение заданий». tasks: code -> maximum score."""
    rows: list[Cells] = [(*GROUPS_HEADER, *tasks), ("Макс. балл", None, None, *tasks.values())]
    rows += [(line.name, line.schools, line.participants, *line.percents) for line in lines]
    return report(work, "Выполнение заданий", rows)


def task_groups_workbook(work: FederalWork, tasks: Mapping[str, int], lines: Sequence[TasksLine]) -> bytes:
    """Return «Выполнение заданий группами участников»: four rows of groups under every name."""
    rows: list[Cells] = [(*GROUPS_HEADER, *tasks), ("Макс. балл", None, None, *tasks.values())]
    for line in lines:
        rows.append((line.name, line.schools, line.participants))
        rows += [(f"Ср.% вып. уч. гр.баллов {mark}", None, None, *done) for mark, done in line.groups.items()]
    return report(work, "Выполнение заданий группами участников", rows)


def outcomes_workbook(work: FederalWork, samples: Mapping[str, int], lines: Sequence[OutcomeLine]) -> bytes:
    """Return «Достижение планируемых результатов». samples: name of a column -> participants."""
    rows: list[Cells] = [(*OUTCOMES_HEADER, *samples), (None, None, *(f"{n} уч." for n in samples.values()))]
    rows += [(line.text, line.maximum, *line.percents) for line in lines]
    return report(work, "Достижение планируемых результатов", rows)


def pupils_workbook(
    work: FederalWork,
    tasks: Mapping[str, int],
    schools: Mapping[str, Sequence[PupilLine]],
    *,
    municipality: str = "Светлоборский муниципальный округ",
) -> bytes:
    """Return «Индивидуальные результаты» of invented participants. schools: name with login -> its participants."""
    rows: list[Cells] = [(*PUPILS_HEADER, *(f"{task} ({most}б)" for task, most in tasks.items()), *PUPILS_TAIL)]
    for name, pupils in schools.items():
        rows.append((f"{name} | Кол-во участников: {len(pupils)}",))
        rows += [pupil_row(name, municipality, work.grade, pupil) for pupil in pupils]
    return report(work, "Индивидуальные результаты", rows)


def pupil_row(school: str, municipality: str, grade: int, pupil: PupilLine) -> Cells:
    points = ["X" if point is None else point for point in pupil.points]
    total = sum(point or 0 for point in pupil.points)
    journal = "нет отметки" if pupil.journal is None else pupil.journal
    known = (login_of(school), municipality, without_codes(school), pupil.code, grade, 1)
    return (*known, *points, total, pupil.mark, journal)


def report(work: FederalWork, title: str, rows: Sequence[Cells]) -> bytes:
    book, sheet = new_sheet(work, title)
    return saved(book, sheet, rows)


def new_sheet(work: FederalWork, title: str) -> tuple[Workbook, Worksheet]:
    subject = BY_CODE[work.subject]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = safe_title(f"{subject.short} {work.grade} {title}")
    head: tuple[tuple[int, tuple[str | int, ...]], ...] = (
        (1, (title,)),
        (3, (f"ВПР {work.year} {subject.name} {work.grade} класс",)),
        (4, ("Предмет:", subject.name)),
        (5, ("Максимальный первичный балл:", work.max_primary)),
        (6, ("Дата:", f"{work.held:%d.%m.%Y}")),
    )
    for row, values in head:
        for column, value in enumerate(values, start=1):
            put(sheet, row, column, value)
    return book, sheet


def saved(book: Workbook, sheet: Worksheet, rows: Sequence[Cells]) -> bytes:
    for number, values in enumerate(rows, start=HEADER_ROW):
        for column, value in enumerate(values, start=1):
            put(sheet, number, column, value)
    sheet.column_dimensions["A"].width = 60
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
