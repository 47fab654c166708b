"""The files of the demo region: federal workbooks made from the results of Светлобор, a flat file of exams,
and the deliberate errors that a validator must find.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from schools.importing.files import GivenFile
from schools.intake.federal_writer import FederalWork, JournalLine, MarksLine, journal_workbook, marks_workbook

DATA: Final = Path(__file__).parent / "data"
YEARS: Final = (2025, 2026)
FLAT_HEAD: Final = "inn;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5;lowered;confirmed;raised"
MAX_PRIMARY: Final = {"RU": 38, "MA": 20}
TERRITORY_LINES: Final = ("Вся выборка", "Заозёрская область (reg99)", "Светлоборский муниципальный округ (reg99_m001)")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A result of the demo: counts of marks 2, 3, 4, 5 and, for ВПР, of lowered, confirmed, raised marks."""

    login: str
    inn: str
    school: str
    year: int
    procedure: str
    subject: str
    grade: int
    marks: tuple[int, int, int, int]
    journal: tuple[int, int, int] | None


@cache
def rows() -> tuple[Row, ...]:
    """Read the results; schools are told by their number, as in the registry file."""
    with (DATA / "schools.csv").open(encoding="utf-8", newline="") as file:
        schools = dict(enumerate(csv.DictReader(file, delimiter=";"), start=1))
    with (DATA / "svetlobor_results.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(row_from(line, schools[int(line["school_no"])]) for line in csv.DictReader(file, delimiter=";"))


def row_from(line: dict[str, str], school: dict[str, str]) -> Row:
    two, three, four, five = (int(line[f"mark{mark}"]) for mark in (2, 3, 4, 5))
    has_journal = bool(line["confirmed"])
    return Row(
        login=school["login"],
        inn=school["inn"],
        school=school["name"],
        year=int(line["year"]),
        procedure=line["procedure"],
        subject=line["subject"],
        grade=int(line["grade"]),
        marks=(two, three, four, five),
        journal=(int(line["lowered"]), int(line["confirmed"]), int(line["raised"])) if has_journal else None,
    )


def registry_file() -> GivenFile:
    return GivenFile(name="Реестр школ.csv", data=(DATA / "schools.csv").read_bytes())


@cache
def federal_files(year: int) -> tuple[GivenFile, ...]:
    """Return two workbooks for each work of ВПР in a year: marks, and their comparison with the journal.

    The same bytes on every call: a workbook holds the moment of its making, and a copy must stay a copy.
    """
    works: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows():
        if row.procedure == "VPR" and row.year == year:
            works[row.subject, row.grade].append(row)
    return tuple(file for (subject, grade), group in works.items() for file in work_files(year, subject, grade, group))


def work_files(year: int, subject: str, grade: int, group: Sequence[Row]) -> Iterator[GivenFile]:
    work = FederalWork(
        year=year,
        subject=subject,
        grade=grade,
        max_primary=MAX_PRIMARY[subject],
        held=date(year, 4, 21),
    )
    yield GivenFile(name=f"Ф3_{subject}_{grade}_{year}.xlsx", data=marks_workbook(work, marks_lines(group)))
    compared = [
        JournalLine(name=f"{row.school} ({row.login})", lowered=low, confirmed=same, raised=high)
        for row in group
        if row.journal
        for low, same, high in [row.journal]
    ]
    yield GivenFile(name=f"Сравнение_{subject}_{grade}_{year}.xlsx", data=journal_workbook(work, compared))


def marks_lines(group: Sequence[Row]) -> list[MarksLine]:
    """Return the lines of a sheet: the wider samples first. Here they are the municipality itself, three times."""
    two, three, four, five = (sum(row.marks[i] for row in group) for i in range(4))
    wider = [MarksLine(name=name, marks=(two, three, four, five), schools=len(group)) for name in TERRITORY_LINES]
    return [*wider, *(MarksLine(name=f"{row.school} ({row.login})", marks=row.marks) for row in group)]


def exams_file(year: int) -> GivenFile:
    """Return ОГЭ and ЕГЭ of a year as the flat file."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(FLAT_HEAD.split(";"))
    for row in rows():
        if row.procedure != "VPR" and row.year == year:
            key = (row.inn, row.year, row.procedure, row.subject, row.grade, sum(row.marks))
            writer.writerow([*key, *row.marks, *(row.journal or ("", "", ""))])
    return GivenFile(name=f"ОГЭ и ЕГЭ {year}.csv", data=text.getvalue().encode())


def faulty_files() -> list[GivenFile]:
    """Return the deliberate errors: a form instead of results, an unknown school, a wrong sum, a duplicate."""
    repeated = federal_files(YEARS[-1])[0]
    return [
        GivenFile(name="Форма сбора результатов.xlsx", data=collection_form()),
        GivenFile(name="Чужая школа.xlsx", data=stranger_workbook()),
        GivenFile(name="Сумма отметок не сходится.csv", data=wrong_sum()),
        GivenFile(name=f"Копия {repeated.name}", data=repeated.data),
        GivenFile(name="Уточнение после апелляций.csv", data=correction()),
    ]


def collection_form() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Протокол"
    sheet.append(["Код участника", "Вариант", "1 (2б)", "2 (1б)", "Порядковый номер класса", "Итого баллов"])
    book.create_sheet("Служебный")
    book.create_sheet("Порядковый номер класса")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def stranger_workbook() -> bytes:
    work = FederalWork(year=2026, subject="RU", grade=5, max_primary=38, held=date(2026, 4, 21))
    lines = [MarksLine(name="МБОУ «Неизвестная СОШ» (edu999999)", marks=(3, 9, 7, 2))]
    return marks_workbook(work, lines)


def correction() -> bytes:
    """Return an exam of one school in which one «3» became «4»: the only row of the batch that may be applied."""
    row = next(row for row in rows() if (row.year, row.procedure) == (YEARS[-1], "OGE") and row.marks[1])
    two, three, four, five = row.marks
    key = (row.inn, row.year, row.procedure, row.subject, row.grade, sum(row.marks))
    values = [*key, two, three - 1, four + 1, five, "", "", ""]
    return f"{FLAT_HEAD}\n{';'.join(str(value) for value in values)}\n".encode()


def wrong_sum() -> bytes:
    school = rows()[0]
    return f"{FLAT_HEAD}\n{school.inn};2026;OGE;RU;9;40;5;12;12;10;;;\n".encode()
