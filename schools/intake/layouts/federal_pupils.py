"""«Индивидуальные результаты» of the federal system: single participants in, counts of schools out.

Nothing of a participant leaves this module: no code, no row, no value of a cell, not even in a remark. What comes out
are counts of marks, the histogram of primary scores and the comparison with the journal, school by school.
Source: domain specification, 2.3 (the table) and 7.1 (why only sums are kept).
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from schools.intake.cells import BadCell, Book, CellValue, Row, Sheet
from schools.intake.headers import Column, Header, has_header, locate
from schools.intake.identifiers import login_of, without_codes
from schools.intake.layouts.base import Layout
from schools.intake.layouts.federal_head import FederalHead, read_head, report_of
from schools.intake.layouts.federal_table import joined, sheet_title
from schools.intake.percents import mean_of_counts
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import (
    Counts,
    Journal,
    ParsedFile,
    Problem,
    ProblemCode,
    ResultRow,
    SchoolRef,
    Severity,
    problem_at,
)
from schools.intake.values import text_of

TITLE: Final = "Индивидуальные результаты"
CODE: Final = Column(key="code", title="Код участника", synonyms=("Код",))
MARK: Final = Column(key="mark", title="Отметка")
SCORE: Final = Column(key="score", title="Первичный балл", synonyms=("Балл", "Итого баллов"))
JOURNAL_MARK: Final = Column(key="journal", title="Отметка по журналу", is_required=False)
COLUMNS: Final = (
    Column(key="login", title="ОО", synonyms=("Логин ОО", "Логин"), is_required=False),
    Column(key="name", title="Название ОО", synonyms=("Наименование ОО",), is_required=False),
    CODE,
    MARK,
    SCORE,
    JOURNAL_MARK,
)
ANNOUNCED: Final = re.compile(r"(?:кол-во|количество) участников\s*:?\s*(\d+)", re.IGNORECASE)
SEND_AGAIN: Final = "Скачайте отчёт заново и загрузите его без изменений."
LOWEST_MARK: Final = 2
HIGHEST_MARK: Final = 5
MARK_TEXT: Final = re.compile(r"[2-5]")
SCORE_TEXT: Final = re.compile(r"\d{1,3}")


@dataclass
class Tally:
    """Sums of one school while its rows go by. row: the first row of the school in the sheet."""

    school: SchoolRef
    row: int
    announced: int | None = None
    pupils: int = 0
    absent: int = 0
    is_broken: bool = False
    marks: Counter[int] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    journal: Counter[str] = field(default_factory=Counter)


@dataclass
class Aggregation:
    """The sheet being read: sums by school, borders of the marks, remarks without a word about anybody."""

    sheet: Sheet
    header: Header
    head: FederalHead
    tallies: dict[str, Tally] = field(default_factory=dict)
    lowest: dict[int, int] = field(default_factory=dict)  # mark -> lowest score that got it
    highest: dict[int, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: ProblemCode, row: int, what: str, *, key: str = "", action: str = SEND_AGAIN) -> None:
        """Add an error on a row; it quotes no cell and names none, for the file is not kept to be mended."""
        column = self.header.title(key) if key else ""
        self.problems.append(problem_at(code, self.sheet.name, row, what, column=column, action=action))

    def remark(self, code: ProblemCode, row: int, what: str) -> None:
        self.problems.append(problem_at(code, self.sheet.name, row, what, severity=Severity.WARNING))

    def tally(self, ref: SchoolRef, row: int) -> Tally:
        return self.tallies.setdefault(ref.login or ref.name, Tally(school=ref, row=row))


def pupil_sheets(book: Book) -> list[Sheet]:
    """Return the sheets with rows of single participants, hidden ones too."""
    return [sheet for sheet in book.sheets if report_of(sheet) == TITLE or has_header(sheet, (CODE, MARK, SCORE))]


def affinity(book: Book) -> float:
    return 1.0 if pupil_sheets(book) else 0.0


def parse(book: Book) -> ParsedFile:
    return joined(LAYOUT.code, [parse_sheet(sheet) for sheet in pupil_sheets(book)])


def parse_sheet(sheet: Sheet) -> ParsedFile:
    """Return the sums of one sheet. Raises LayoutRefusal that quotes the head of the sheet and nothing below it."""
    if not has_header(sheet, (CODE, MARK, SCORE)):
        raise no_header(sheet)
    reading = Aggregation(sheet, locate(sheet, COLUMNS), read_head(sheet))
    read_rows(reading)
    if not (reading.tallies or reading.problems):
        raise no_pupils(sheet)
    check_borders(reading)
    rows = [row for tally in reading.tallies.values() if (row := result_row(reading, tally))]
    return ParsedFile(
        layout=LAYOUT.code,
        title=sheet_title(f"{TITLE} (только итоги по школам)", sheet),
        rows=tuple(rows),
        problems=(*reading.head.notices, *reading.problems),
        work=reading.head.work,
    )


def no_header(sheet: Sheet) -> LayoutRefusal:
    return LayoutRefusal(
        Code.PUPIL_RESULTS,
        f"Лист «{sheet.name}»: не найдена строка заголовков отчёта «{TITLE}». Файл не сохранён.",
        expected="«Код участника», «Первичный балл», «Отметка»",
        action="Скачайте отчёт заново и загрузите его без изменений.",
    )


def no_pupils(sheet: Sheet) -> LayoutRefusal:
    return LayoutRefusal(
        Code.NO_ROWS,
        f"Лист «{sheet.name}»: в отчёте «{TITLE}» нет ни одного участника. Файл не сохранён.",
        action="Проверьте, тот ли отчёт скачан.",
    )


def read_rows(reading: Aggregation) -> None:
    current: Tally | None = None
    for row in reading.sheet.after(reading.header.row):
        if reading.header.cell(row, "code") is not None and not announcement(row):
            read_pupil(reading, row, current)
        elif match := announcement(row):
            current = reading.tally(announced_school(row), row.number)
            current.announced = int(match[1])


def announcement(row: Row) -> re.Match[str] | None:
    """Return the match of «МБОУ … (edu…) | Кол-во участников: 89»."""
    return ANNOUNCED.search(" ".join(text_of(cell) for cell in row.cells if isinstance(cell, str)))


def announced_school(row: Row) -> SchoolRef:
    text = next((text for cell in row.cells if (text := text_of(cell))), "")
    name = ANNOUNCED.sub("", text).rstrip(" |,;:—-")
    return SchoolRef(name=without_codes(name), login=login_of(text))


def read_pupil(reading: Aggregation, row: Row, current: Tally | None) -> None:
    """Add one participant to the sums of the school that the row or the line above names."""
    ref = school_of_row(reading.header, row)
    if not ref.label and current is None:
        reading.add(ProblemCode.EMPTY, row.number, "не указана школа участника.", key="login")
        return
    is_current = current is not None and (not ref.label or same_school(ref, current.school))
    tally = current if current and is_current else reading.tally(ref, row.number)
    mark = digit(reading, row, "mark", MARK_TEXT)
    score = digit(reading, row, "score", SCORE_TEXT)
    if mark is None and score is None:
        tally.absent += 1
    elif mark is None:
        reading.add(ProblemCode.EMPTY, row.number, "есть балл, но нет отметки.", key="mark")
        tally.is_broken = True
    else:
        count_pupil(reading, row, tally, mark, score)


def school_of_row(header: Header, row: Row) -> SchoolRef:
    login, name = text_of(header.cell(row, "login")), text_of(header.cell(row, "name"))
    return SchoolRef(name=without_codes(name), login=login_of(login) or login_of(name))


def same_school(first: SchoolRef, second: SchoolRef) -> bool:
    if first.login and second.login:
        return first.login == second.login
    return first.name == second.name


def digit(reading: Aggregation, row: Row, key: str, shape: re.Pattern[str]) -> int | None:
    """Return a number of a cell; «X», «нет отметки» and other words are nobody's number."""
    text = plain(reading.header.cell(row, key))
    return int(text) if shape.fullmatch(text) else None


def plain(cell: CellValue) -> str:
    return "" if isinstance(cell, BadCell | bool) else text_of(cell)


def count_pupil(reading: Aggregation, row: Row, tally: Tally, mark: int, score: int | None) -> None:
    most = reading.head.max_primary
    if score is not None and most is not None and score > most:
        what = f"балл больше максимального первичного балла {most}."
        reading.add(ProblemCode.OUTSIDE_SCALE, row.number, what, key="score")
        tally.is_broken = True
        return
    tally.pupils += 1
    tally.marks[mark] += 1
    if score is not None:
        tally.scores[score] += 1
        reading.lowest[mark] = min(score, reading.lowest.get(mark, score))
        reading.highest[mark] = max(score, reading.highest.get(mark, score))
    journal = digit(reading, row, "journal", MARK_TEXT)
    if journal is not None:
        tally.journal[outcome_of(mark, journal)] += 1


def outcome_of(mark: int, journal: int) -> str:
    if mark == journal:
        return "confirmed"
    return "lowered" if mark < journal else "raised"


def check_borders(reading: Aggregation) -> None:
    """Remark that a lower mark stands beside a higher score: the scale of the sheet contradicts itself."""
    marks = sorted(reading.lowest)
    crossed = [(low, high) for low, high in pairwise(marks) if reading.highest[low] >= reading.lowest[high]]
    for low, high in crossed:
        what = f"границы отметок пересекаются: «{low}» стоит при балле не ниже, чем «{high}»."
        reading.remark(ProblemCode.BORDERS_CROSS, 0, what)


def result_row(reading: Aggregation, tally: Tally) -> ResultRow | None:
    """Return the sums of a school, or None with a remark when its rows are incomplete."""
    if not is_complete(reading, tally):
        return None
    journal = Journal(**{key: tally.journal[key] for key in ("lowered", "confirmed", "raised")})
    return ResultRow(
        sheet=reading.sheet.name,
        row=tally.row,
        school=tally.school,
        work=reading.head.work,
        counts=counts_of(tally, reading.head.max_primary),
        journal=journal if journal.total else None,
        grade_actual=reading.head.grade_actual,
    )


def is_complete(reading: Aggregation, tally: Tally) -> bool:
    school = tally.school.label
    if tally.absent:
        what = f"{school}: участников без отметки {tally.absent}, они не учтены."
        reading.remark(ProblemCode.PUPILS_LEFT_OUT, tally.row, what)
    if without_score := tally.pupils - tally.scores.total():
        what = f"{school}: участников без первичного балла {without_score}, распределение баллов не построено."
        reading.remark(ProblemCode.PUPILS_LEFT_OUT, tally.row, what)
    present = tally.pupils + tally.absent
    if not tally.is_broken and tally.announced not in {None, tally.pupils, present}:
        what = f"{school}: строк участников {present}, в отчёте указано {tally.announced}."
        reading.add(ProblemCode.SUM_OF_MARKS, tally.row, what)
        return False
    return bool(tally.pupils) and not tally.is_broken


def counts_of(tally: Tally, max_primary: int | None) -> Counts:
    """Return marks and, when every score and their maximum are known, the histogram with its mean."""
    two, three, four, five = (tally.marks[mark] for mark in range(LOWEST_MARK, HIGHEST_MARK + 1))
    has_scores = max_primary is not None and tally.scores.total() == tally.pupils
    histogram = tuple(tally.scores[score] for score in range((max_primary or 0) + 1)) if has_scores else ()
    return Counts(
        participants=tally.pupils,
        marks=(two, three, four, five),
        max_primary=max_primary,
        score_hist=histogram,
        mean_primary=mean_of_counts(histogram) if histogram else None,
    )


LAYOUT: Final = Layout(
    code="federal_pupils",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Индивидуальные результаты» в ячейке A1; портал берёт из неё только итоги",
    affinity=affinity,
    parse=parse,
    keeps_bytes=False,
    signs=("индивидуальные результаты", "код участника"),
)
