"""What the flat files of a region share: one school and one work of ВПР in a row, dirty as they come.

Source: domain specification, 2.3: blanks at the ends of titles and values (the reader trims them), «город X» beside
«г. X», several logins for one name, shares slightly above 100.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import CellValue, Sheet
from schools.intake.headers import Column, Header
from schools.intake.identifiers import LOGIN, login_of, without_codes
from schools.intake.layouts.federal_table import PARTICIPANTS
from schools.intake.layouts.tabular import grade_of, read_subject, year_of
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import Problem, ProblemCode, ResultRow, SchoolRef, Severity, WorkKey, problem_at
from schools.intake.territory_names import folded_territory
from schools.intake.values import decimal_of, refuse
from schools.intake.vocabulary import ONLY_AUTUMN, PREVIOUS_GRADE_AUTUMNS

PROCEDURE: Final = "VPR"
MOST_PERCENT: Final = Decimal("100.5")
YEAR: Final = Column(key="year", title="Год")
MUNICIPALITY: Final = Column(key="municipality", title="Муниципалитет", synonyms=("МО", "Муниципальное образование"))
SCHOOL_LOGIN: Final = Column(key="login", title="Логин", synonyms=("Логин ОО",))
SCHOOL_NAME: Final = Column(key="name", title="ОО", synonyms=("Наименование ОО", "Название ОО"))
WORK_COLUMNS: Final = (
    YEAR,
    Column(key="grade", title="Класс"),
    Column(key="subject", title="Предмет"),
    MUNICIPALITY,
    SCHOOL_LOGIN,
    SCHOOL_NAME,
    PARTICIPANTS,
)


def read_school(reader: RowReader) -> SchoolRef:
    """Return the school of a row; of several logins in its cell none decides, the name does."""
    name, cell = reader.text("name"), reader.text("login")
    logins = sorted({login.casefold() for login in LOGIN.findall(cell)})
    if len(logins) > 1:
        what = f"у школы несколько логинов: {', '.join(logins)}. Она узнаётся по названию."
        code, action = ProblemCode.SEVERAL_LOGINS, "Оставьте в ячейке логин, который записан в реестре."
        reader.add(code, what, key="login", found=cell[:60], severity=Severity.WARNING, action=action)
    login = logins[0] if len(logins) == 1 else ""
    if cell and not logins:
        what = f"логин «{cell[:20]}» не похож на логин школы в федеральной системе."
        reader.add(ProblemCode.BAD_IDENTIFIER, what, key="login", found=cell[:20], expected="edu и 6 цифр")
    login = login or ("" if logins else login_of(name))
    ref = SchoolRef(name=without_codes(name), login=login, place=reader.text("municipality"))
    if not ref.label:
        reader.add(ProblemCode.EMPTY, "не указана школа.", key="name", expected="логин или название ОО")
    return ref


def read_work(reader: RowReader) -> tuple[WorkKey, int] | None:
    """Return the work and the grade that the pupils were in, or None with remarks."""
    year = reader.read("year", year_of)
    grade = reader.read("grade", grade_of)
    subject = read_subject(reader)
    if reader.is_refused or not (year and grade and subject):
        return None
    return work_of(year, grade, *subject), grade


def work_of(year: int, grade: int, subject: str, level: str) -> WorkKey:
    """Return the work of a year. These files give no dates: 2020 was written in autumn, other years in spring."""
    is_autumn = year == ONLY_AUTUMN
    programme = grade - 1 if is_autumn else grade
    period = "autumn" if is_autumn else "spring"
    return WorkKey(procedure=PROCEDURE, year=year, period=period, subject=subject, grade=programme, level=level)


def near_percent(value: CellValue) -> Decimal | None:
    """Return a share that may pass 100 by what rounding adds; None for an empty cell."""
    number = decimal_of(value)
    if number is not None and not 0 <= number <= MOST_PERCENT:
        refuse(ProblemCode.OUT_OF_RANGE, value, "число от 0 до 100")
    return number


def file_notices(sheet: str, rows: Sequence[ResultRow], places: dict[tuple[str, str], set[str]]) -> list[Problem]:
    """Return the remarks, once for a file: years written on another programme, schools under several logins.

    places: (municipality, name) as compared -> logins of its rows.
    """
    return [*autumn_notices(sheet, rows), *login_notices(sheet, places)]


def autumn_notices(sheet: str, rows: Sequence[ResultRow]) -> list[Problem]:
    notices = []
    for year in sorted({row.work.year for row in rows} & PREVIOUS_GRADE_AUTUMNS):
        if year == ONLY_AUTUMN:
            what = f"работы {year} года написаны осенью по программе предыдущего класса и сравниваются с ней."
        else:
            what = (
                f"часть работ {year} года написана осенью по программе предыдущего класса, а дат в файле нет: "
                "все работы года записаны как весенние."
            )
        code = ProblemCode.PREVIOUS_GRADE
        notices.append(problem_at(code, sheet, 0, what, found=str(year), severity=Severity.WARNING))
    return notices


def login_notices(sheet: str, places: dict[tuple[str, str], set[str]]) -> list[Problem]:
    notices = []
    for (_, name), logins in places.items():
        if len(logins) > 1:
            listed = ", ".join(sorted(logins))
            what = f"школа «{name}» записана под несколькими логинами: {listed}."
            code = ProblemCode.SEVERAL_LOGINS
            notices.append(problem_at(code, sheet, 0, what, found=listed, severity=Severity.WARNING))
    return notices


def filled_rows(sheet: Sheet, header: Header, keys: Sequence[str]) -> list[RowReader]:
    """Return the rows in which one of the columns is filled. Raises LayoutRefusal when none is."""
    rows = [row for row in sheet.after(header.row) if any(header.cell(row, key) is not None for key in keys)]
    if not rows:
        raise no_filled_rows(sheet)
    return [RowReader(sheet, header, row) for row in rows]


def no_filled_rows(sheet: Sheet) -> LayoutRefusal:
    place = f"Лист «{sheet.name}»: н" if sheet.name else "Н"
    return LayoutRefusal(
        Code.NO_ROWS,
        f"{place}ет ни одной заполненной строки под заголовками.",
        action="Проверьте, тот ли файл выбран.",
    )


class Places:
    """Logins of every school of a file by its municipality and name, however the municipality is spelled."""

    def __init__(self) -> None:
        self.logins: dict[tuple[str, str], set[str]] = defaultdict(set)

    def add(self, reader: RowReader, school: SchoolRef) -> None:
        if school.login and school.name:
            place = folded_territory(reader.text("municipality"))
            self.logins[place, school.name].add(school.login)
