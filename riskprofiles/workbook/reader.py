"""Reading of a filled form SA-3: whose it is, good answers, problems by row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from riskprofiles.answers import FIELD_TITLES, Field, Value
from riskprofiles.workbook.form import (
    ANSWER_COLUMNS,
    COLUMNS,
    DATA_SHEET,
    HEADER_ROW,
    META_SHEET,
    SCHOOL_LEVELS,
    YES_NO,
    FormKey,
)
from schools.intake.cells import BadCell, Book, CellValue, Row, Sheet
from schools.intake.cleaning import clean_text


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """What is wrong in one cell: row of the sheet, indicator, what was found, what to do."""

    row: int
    label: str
    found: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """Good answers of one row; empty cells are left out."""

    row: int
    code: str
    title: str
    values: Mapping[Field, Value]


@dataclass(frozen=True, kw_only=True)
class ReadForm:
    rows: tuple[ReadRow, ...] = ()
    problems: tuple[RowProblem, ...] = ()


class WrongForm(ValueError):  # noqa: N818  carries the Russian text of a refusal
    """The book is no form SA-3, or not the one of this school, year and version."""


def read_form(book: Book, key: FormKey) -> ReadForm:
    """Return the good answers and the problems of a filled book. Raises WrongForm, naming what differs."""
    check_meta(book.sheet(META_SHEET), key)
    sheet = book.sheet(DATA_SHEET)
    if sheet is None:
        found = ", ".join(f"«{one.name}»" for one in book.visible)
        raise WrongForm(
            f"В книге нет листа «{DATA_SHEET}». Найдены листы: {found}. "
            "Скачайте форму заново и перенесите в неё ответы.",
        )
    columns = find_columns(sheet)
    rows: list[ReadRow] = []
    problems: list[RowProblem] = []
    for row in sheet.after(HEADER_ROW):
        read_row(row, columns, rows, problems)
    if not rows and not problems:
        raise WrongForm(
            f"На листе «{DATA_SHEET}» нет ни одного ответа. Заполните белые ячейки и загрузите книгу снова."
        )
    return ReadForm(rows=tuple(rows), problems=tuple(problems))


def check_meta(sheet: Sheet | None, key: FormKey) -> None:
    if sheet is None:
        raise WrongForm(
            "Это не форма самодиагностики: в книге нет служебного листа. Скачайте форму на этой странице.",
        )
    found = {text_of(row.at(0)): text_of(row.at(1)) for row in sheet.rows}
    again = "Скачайте форму на этой странице и перенесите в неё ответы."
    if found.get("form") != key.form:
        raise WrongForm(f"Это другая форма: в файле «{found.get('form', '')}», нужна «{key.form}». {again}")
    if found.get("version") != key.version:
        raise WrongForm(
            f"Форма другой версии: в файле {found.get('version', 'не указана')}, на портале {key.version}. {again}"
        )
    if not is_of_school(found, key):
        raise WrongForm(f"Форма другой школы: {other_school(found, key)}. {again}")
    if found.get("year") != str(key.year):
        raise WrongForm(f"Форма за другой год: в файле {found.get('year', 'не указан')}, нужен {key.year}. {again}")
    if found.get("catalogue") != key.catalogue:
        raise WrongForm(
            f"Форма по другому каталогу факторов: в файле «{found.get('catalogue', '')}», "
            f"нужен «{key.catalogue}». {again}",
        )
    expected = key if found.get("school") else replace(key, school_id="")
    if found.get("checksum") != expected.checksum:
        raise WrongForm(f"Служебный лист формы изменён. {again}")


def is_of_school(found: Mapping[str, str], key: FormKey) -> bool:
    """Answer whether a book is of this very school; one from before books had the id is known by its ИНН alone."""
    if found.get("inn", "") != key.inn:
        return False
    return found["school"] == key.school_id if found.get("school") else bool(key.inn)


def other_school(found: Mapping[str, str], key: FormKey) -> str:
    """Return whose the book is and whose it should be, as far as an ИНН can tell."""
    inn = found.get("inn", "")
    if inn == key.inn:
        return (
            f"в файле другая школа или филиал{f' с тем же ИНН {inn}' if inn else ''}, а самодиагностика — {key.school}"
        )
    wanted = f"{key.school}, ИНН {key.inn}" if key.inn else key.school
    return f"в файле ИНН {inn or 'не указан'}, а самодиагностика — {wanted}"


def text_of(value: CellValue) -> str:
    """Return a cell as text; whole numbers without a point."""
    if value is None or isinstance(value, BadCell):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean_text(str(value))


def find_columns(sheet: Sheet) -> dict[str, int]:
    """Return title of a column -> its 0-based place. Raises WrongForm when one is missing."""
    header = sheet.numbered(HEADER_ROW)
    found = {text_of(cell): place for place, cell in enumerate(header.cells)} if header else {}
    if missing := [title for title in COLUMNS if title not in found]:
        names = ", ".join(f"«{title}»" for title in missing)
        raise WrongForm(
            f"На листе «{DATA_SHEET}» в строке {HEADER_ROW} нет столбцов: {names}. "
            "Скачайте форму заново и перенесите в неё ответы.",
        )
    return found


def read_row(
    row: Row,
    columns: Mapping[str, int],
    rows: list[ReadRow],
    problems: list[RowProblem],
) -> None:
    code, title = text_of(row.at(columns[COLUMNS[0]])), text_of(row.at(columns[COLUMNS[1]]))
    values: dict[Field, Value] = {}
    for column in ANSWER_COLUMNS:
        cell = row.at(columns[FIELD_TITLES[column]])
        fault = "" if cell is None else fault_of(column, cell)
        if fault:
            found = cell.found if isinstance(cell, BadCell) else text_of(cell)[:60]
            problems.append(RowProblem(row=row.number, label=FIELD_TITLES[column], found=found, text=fault))
        elif text_of(cell):
            values[column] = value_of(column, cell)
    if values and not (code and title):
        problems.append(
            RowProblem(
                row=row.number,
                label=COLUMNS[1],
                found=title or "пусто",
                text="Ответ без названия риска. Впишите название в столбец «Фактор риска».",
            ),
        )
    elif values:
        rows.append(ReadRow(row=row.number, code=code, title=title, values=values))


def fault_of(column: Field, cell: CellValue) -> str:
    """Return what is wrong with a cell and what to do, "" for a good or an empty one.

    A text longer than the form takes is a bad cell already: the reader of workbooks has the same limit.
    """
    if isinstance(cell, BadCell):
        return f"{cell.reason[:1].upper()}{cell.reason[1:]}. Исправьте ячейку и загрузите форму снова."
    text = text_of(cell).casefold()
    if column == Field.RELEVANT and text and text not in YES_NO:
        return "Выберите «да» или «нет»."
    if column == Field.LEVEL and text and text not in SCHOOL_LEVELS:
        return "Выберите значимость: высокая, средняя или низкая."
    return ""


def value_of(column: Field, cell: CellValue) -> Value:
    text = text_of(cell)
    if column == Field.RELEVANT:
        return YES_NO[text.casefold()]
    if column == Field.LEVEL:
        return str(SCHOOL_LEVELS[text.casefold()])
    return text
