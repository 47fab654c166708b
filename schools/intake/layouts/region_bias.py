"""`bias.xlsx` of a region: signs of biased results of ВПР, a column for each work, and how many there are.

Source: domain specification, 2.3. A sign «4РУ» is kept beside the result of that work; a zero takes it away.
"""

import re
from dataclasses import dataclass
from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book, CellValue, Sheet
from schools.intake.headers import Column, Header, best_row, locate, normalised
from schools.intake.layouts.base import Layout, header_affinity, most_alike
from schools.intake.layouts.region_flat import (
    MUNICIPALITY,
    SCHOOL_LOGIN,
    SCHOOL_NAME,
    YEAR,
    Places,
    file_notices,
    filled_rows,
    read_school,
    work_of,
)
from schools.intake.layouts.region_marks import flat_file
from schools.intake.layouts.tabular import year_of
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, Problem, ProblemCode, ResultRow, SchoolRef
from schools.intake.subjects import find_subject
from schools.intake.values import count_of, refuse, text_of

TITLE: Final = "Признаки необъективности ВПР по школам региона"
MARKER: Final = re.compile(r"(\d{1,2}) ?([а-я]{2,3})")
TOTAL: Final = Column(key="total", title="Количество маркеров", synonyms=("Маркеров", "Число маркеров"))
COLUMNS: Final = (YEAR, MUNICIPALITY, SCHOOL_LOGIN, SCHOOL_NAME, TOTAL)
YES: Final = frozenset({"1", "да", "+", "есть", "маркер", "x", "х"})
NO: Final = frozenset({"", "0", "нет", "-", "–", "—"})


@dataclass(frozen=True)
class Marker:
    """A column: its key, the sign «4РУ», the grade and the code of the subject."""

    key: str
    sign: str
    grade: int
    subject: str


def affinity(book: Book) -> float:
    return max((header_affinity(sheet, COLUMNS) for sheet in book.visible), default=0.0)


def parse(book: Book) -> ParsedFile:
    sheet = most_alike(book, COLUMNS) or book.visible[0]
    markers = marker_columns(sheet)
    header = locate(sheet, (*COLUMNS, *(Column(key=each.key, title=each.key) for each in markers)))
    if not markers:
        raise no_markers(sheet, header)
    rows: list[ResultRow] = []
    problems: list[Problem] = sheet_notices(sheet, header)
    places = Places()
    for reader in filled_rows(sheet, header, ("name", "login")):
        rows += school_rows(reader, markers, places)
        problems += reader.problems
    return flat_file(LAYOUT.code, TITLE, rows, [*problems, *file_notices(sheet.name, rows, places.logins)])


def marker_columns(sheet: Sheet) -> list[Marker]:
    """Return the columns «4 РУ», «5 МА» of the header."""
    best = best_row(sheet, COLUMNS)
    found = (marker_of(normalised(cell)) for cell in best[0].cells) if best else ()
    return list(dict.fromkeys(marker for marker in found if marker))


def marker_of(title: str) -> Marker | None:
    match = MARKER.fullmatch(title)
    known = find_subject(match[2]) if match else None
    if match is None or known is None:
        return None
    subject = known[0]
    return Marker(key=title, sign=f"{match[1]}{subject.short}", grade=int(match[1]), subject=subject.code)


def no_markers(sheet: Sheet, header: Header) -> LayoutRefusal:
    place = f"Лист «{sheet.name}», строка {header.row}" if sheet.name else f"Строка {header.row}"
    return LayoutRefusal(
        Code.COLUMN_MISSING,
        f"{place}: нет ни одного столбца с признаком.",
        expected="столбцы «4 РУ», «4 МА», «5 РУ», «5 МА»",
        action="Верните заголовки столбцов и загрузите файл ещё раз.",
    )


def school_rows(reader: RowReader, markers: list[Marker], places: Places) -> list[ResultRow]:
    """Return a row for each work of a school, with its sign or with none; nothing when the total differs."""
    school = read_school(reader)
    places.add(reader, school)
    year = reader.read("year", year_of)
    signs = {marker: reader.read(marker.key, is_marked) for marker in markers}
    total = reader.read("total", count_of)
    if reader.is_refused or year is None:
        return []
    marked = sum(bool(sign) for sign in signs.values())
    if total is not None and total != marked:
        what = f"отмечено признаков {marked}, а в последнем столбце {total}."
        code, expected = ProblemCode.SUM_OF_MARKERS, str(marked)
        reader.add(code, what, key="total", found=str(total), expected=expected)
        return []
    return [result_row(reader, school, year, marker, is_set=bool(sign)) for marker, sign in signs.items()]


def result_row(reader: RowReader, school: SchoolRef, year: int, marker: Marker, *, is_set: bool) -> ResultRow:
    return ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=work_of(year, marker.grade, marker.subject, "none"),
        markers=(marker.sign,) if is_set else (),
    )


def is_marked(value: CellValue) -> bool:
    text = normalised(value) or text_of(value)
    if text in YES:
        return True
    if text not in NO:
        refuse(ProblemCode.UNKNOWN_VALUE, value, "1 или 0")
    return False


LAYOUT: Final = Layout(
    code="region_bias",
    title=TITLE,
    hint="таблица региона со столбцами Год, Муниципалитет, Логин, ОО, 4 РУ, 4 МА, 5 РУ, 5 МА, Количество маркеров",
    affinity=affinity,
    parse=parse,
)
