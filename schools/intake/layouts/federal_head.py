"""The head that all reports of the federal system share: title, work, subject, maximum score, date.

Source: domain specification, 2.3. A1 is the title of the report, A3 «ВПР 2026 Русский язык 4 класс», B4 the subject,
B5 the maximum primary score, B6 the date as text; the header stands in row 8.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schools.intake.cells import Book, CellValue, Row, Sheet
from schools.intake.headers import normalised
from schools.intake.identifiers import MUNICIPALITY_LOGIN, login_of, without_codes
from schools.intake.matching import looks_like_school
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import Problem, ProblemCode, SchoolRef, Severity, WorkKey, problem_at
from schools.intake.subjects import find_subject
from schools.intake.values import ValueRefused, count_of, date_of, text_of
from schools.intake.vocabulary import FIRST_YEAR, ONLY_AUTUMN, checks_previous_grade

WORK: Final = re.compile(r"ВПР[\s.]+(\d{4})[\s.]+(.+?)[\s.]+(\d+)\s*класс(.*)", re.IGNORECASE)
PROGRAMME: Final = re.compile(r"по программе\s+(\d+)", re.IGNORECASE)
HEAD_ROWS: Final = 7
AUTUMN_MONTHS: Final = range(9, 13)
REPORTS: Final = (  # what A1 begins with; a title that another one begins with comes after it
    "Статистика по отметкам",
    "Сравнение отметок с отметками по журналу",
    "Распределение первичных баллов",
    "Выполнение заданий группами участников",
    "Выполнение заданий",
    "Достижение планируемых результатов",
    "Индивидуальные результаты",
    "Описательная статистика",
)


@dataclass(frozen=True, kw_only=True)
class FederalHead:
    work: WorkKey
    grade_actual: int
    max_primary: int | None
    notices: tuple[Problem, ...] = ()


def report_of(sheet: Sheet) -> str:
    """Return the title of the federal report that A1 begins with, an empty string for other sheets."""
    title = normalised(sheet.at(1, 0))
    return next((report for report in REPORTS if title.startswith(normalised(report))), "")


def sheets_titled(book: Book, title: str) -> list[Sheet]:
    """Return the visible sheets whose A1 begins with the title of a report."""
    return [sheet for sheet in book.visible if report_of(sheet) == title]


def read_head(sheet: Sheet) -> FederalHead:
    """Return the work that a sheet is about. Raises LayoutRefusal when the title of the work cannot be understood."""
    match = find_work(sheet)
    if match is None:
        raise unreadable(sheet, text_of(sheet.at(3, 0)) or "пустая ячейка A3")
    known = find_subject(match[2]) or find_subject(text_of(sheet.at(4, 1)))
    if known is None:
        raise unreadable(sheet, match[2])
    subject, level = known
    year, grade = int(match[1]), int(match[3])
    if year < FIRST_YEAR:
        raise unreadable(sheet, f"{year} год")
    held = date_of(labelled(sheet, "дата"))
    is_autumn = held.month in AUTUMN_MONTHS if held else year == ONLY_AUTUMN
    programme = programme_grade(match[4], grade, year=year, is_autumn=is_autumn)
    return FederalHead(
        work=WorkKey(
            procedure="VPR",
            year=year,
            period="autumn" if is_autumn else "spring",
            subject=subject.code,
            grade=programme,
            level=level,
        ),
        grade_actual=grade,
        max_primary=max_primary(sheet),
        notices=programme_notices(sheet, grade, programme),
    )


def find_work(sheet: Sheet) -> re.Match[str] | None:
    for row in sheet.head(HEAD_ROWS):
        if match := WORK.search(text_of(row.at(0))):
            return match
    return None


def labelled(sheet: Sheet, label: str) -> CellValue:
    """Return the cell beside «Дата:», «Максимальный первичный балл:»."""
    for row in sheet.head(HEAD_ROWS):
        if normalised(row.at(0)).startswith(label):
            return row.at(1)
    return None


def max_primary(sheet: Sheet) -> int | None:
    try:
        return count_of(labelled(sheet, "максимальный первичный балл"), highest=1000)
    except ValueRefused:
        return None


def programme_grade(tail: str, grade: int, *, year: int, is_autumn: bool) -> int:
    """Return the grade whose programme the work checks. Source: domain specification, 2.1, history of ВПР."""
    if match := PROGRAMME.search(tail):
        return int(match[1])
    return grade - 1 if checks_previous_grade("VPR", year, "autumn" if is_autumn else "") else grade


def programme_notices(sheet: Sheet, grade: int, programme: int) -> tuple[Problem, ...]:
    if grade == programme:
        return ()
    what = f"работа {grade} класса написана по программе {programme} класса и сравнивается с ней."
    return (problem_at(ProblemCode.PREVIOUS_GRADE, sheet.name, 3, what, found=str(grade), severity=Severity.WARNING),)


def unreadable(sheet: Sheet, found: str) -> LayoutRefusal:
    return LayoutRefusal(
        Code.TITLE_UNREADABLE,
        f"Лист «{sheet.name}», ячейка A3: не удалось понять, какая это работа.",
        found=f"«{found}»",
        expected=f"«ВПР 2026 Русский язык 4 класс», год не раньше {FIRST_YEAR}",
        action="Скачайте отчёт заново или исправьте ячейку A3.",
    )


def groups(sheet: Sheet, header_row: int, position: int) -> Iterator[tuple[Row, str]]:
    """Yield the rows of participants' groups with their names; notes under the table have nothing beside the name."""
    for row in sheet.after(header_row):
        name = text_of(row.at(position))
        if name and any(cell is not None for i, cell in enumerate(row.cells) if i != position):
            yield row, name


def school_of(name: str, schools: CellValue = None) -> SchoolRef | None:
    """Return the school of a group, None for a country, a region or a municipality.

    schools: the cell «Кол-во ОО», which the reports leave empty in the row of a school.
    """
    login = login_of(name)
    is_territory = MUNICIPALITY_LOGIN.search(name) or is_of_several(schools) or not looks_like_school(name)
    if not login and is_territory:
        return None
    return SchoolRef(name=without_codes(name), login=login)


def is_of_several(schools: CellValue) -> bool:
    return isinstance(schools, int) and not isinstance(schools, bool) and schools > 1


def no_rows(sheet: Sheet) -> LayoutRefusal:
    return LayoutRefusal(
        Code.NO_ROWS,
        f"Лист «{sheet.name}»: нет ни одной строки со школой.",
        expected="строки вида «МБОУ «СОШ № 1» (edu123456)»",
        action="Скачайте отчёт на уровне муниципалитета или школы и загрузите его.",
    )
