"""The person's own file back, with its problems marked: comments and red cells in place, a sheet «Ошибки» with links.

Cells that were put right on the page hold the new value, and their comments say what stood there.

Texts of people and of files are written as texts: a workbook given back has no live formula that was not in it before.
"""

import io
import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from schools.intake.corrections import typed_value
from schools.intake.csv_reader import looks_like_csv, read_csv
from schools.intake.limits import DEFAULT_LIMITS
from schools.intake.safe_cells import ILLEGAL, put, put_text

AT_ONCE_BYTES: Final = 1024 * 1024  # a larger file is marked by a job
MARKED_BYTES: Final = DEFAULT_LIMITS.file_bytes  # one that only a command can have loaded takes too much memory
COMMENTS: Final = 2_000  # programs open books with many more of them slowly
LISTED: Final = 200_000
PART: Final = 5_000  # problems between two words on the progress
COMMENT_CHARS: Final = 1_000
SHEET: Final = "Ошибки"
COPY_SHEET: Final = "Данные"
AUTHOR: Final = "Портал «Ориентир»"
RED: Final = PatternFill("solid", fgColor="FFF2C6C2")
AMBER: Final = PatternFill("solid", fgColor="FFFCF0D6")
MENDED: Final = PatternFill("solid", fgColor="FFDCE9F7")
NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,8})([.,][0-9]{1,6})?")  # a longer one is an identifier: a text
LINK: Final = Font(color="FF1F5FAE", underline="single")
TITLES: Final = ("Вид", "Лист", "Ячейка", "Строка", "Столбец", "В файле", "Ожидается", "Что не так и что сделать")
WIDTHS: Final = (16, 26, 10, 9, 26, 26, 30, 100)
LETTERS: Final = string.ascii_uppercase
PLACE: Final = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")

ProblemJson = Mapping[str, Any]
Corrections = Mapping[str, Mapping[str, str]]
Step = Callable[[str, int, int], None]  # words, done, total


def silent(_text: str, _done: int, _total: int) -> None:
    return


def marked_workbook(
    data: bytes,
    problems: Sequence[ProblemJson],
    corrections: Corrections | None = None,
    *,
    step: Step = silent,
) -> bytes:
    """Return an XLSX of a file with its problems marked; a CSV becomes an XLSX copy of itself.

    data: a file that the gate has let through. problems, corrections: as `ImportFile` keeps them. step: is told what
    is done, and how far it is; it stops the work by raising.
    """
    book = copy_of_csv(data) if looks_like_csv(data) else load_workbook(io.BytesIO(data))
    first = book.worksheets[0]
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    mended = {cell: mend(cell, value) for cell, value in cells_to_mend(corrections or {}, sheets, first)}
    places = by_cell(problems, sheets, first)
    mark_all(places, mended, step)
    listed = add_list(book, problems, first, step)
    tell_limits(listed, len(problems), len({**mended, **places}))
    step("Сохраняем книгу", len(problems), len(problems))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def mark_all(places: Mapping[Cell, Sequence[ProblemJson]], mended: Mapping[Cell, str], step: Step) -> None:
    """Colour the cells; the first of them, those that were put right before all others, get comments too."""
    cells = {**mended, **places}
    for number, cell in enumerate(cells):
        if number % PART == 0:
            step("Ставим пометки", number, len(cells))
        mark(cell, places.get(cell, ()), mended.get(cell, ""), has_comment=number < COMMENTS)


def copy_of_csv(data: bytes) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = COPY_SHEET
    for row in read_csv(data, DEFAULT_LIMITS).sheets[0].rows:
        for column, value in enumerate(row.cells, start=1):
            if value is not None:
                put(sheet, row.number, column, str(value))
    return book


def by_cell(
    problems: Iterable[ProblemJson],
    sheets: Mapping[str, Worksheet],
    first: Worksheet,
) -> dict[Cell, list[ProblemJson]]:
    """Return cell -> its problems; a problem of a whole row is put on the first cell of the row."""
    places: dict[Cell, list[ProblemJson]] = {}
    for problem in problems:
        sheet = sheets.get(problem["sheet"], first)
        if address := address_of(problem):
            places.setdefault(whole_cell(sheet, address), []).append(problem)
    return places


def address_of(problem: ProblemJson) -> str:
    """Return «C7», or «A7» of a problem that knows only its row; nothing for a problem of a whole sheet."""
    address = str(problem.get("cell") or "")
    if PLACE.fullmatch(address):
        return address
    return f"A{problem['row']}" if problem["row"] else ""


def whole_cell(sheet: Worksheet, address: str) -> Cell:
    """Return a cell, or the one of the merged range that holds its value."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        merged = next(range_ for range_ in sheet.merged_cells.ranges if address in range_)
        cell = sheet.cell(merged.min_row, merged.min_col)
    assert isinstance(cell, Cell)  # noqa: S101  the first cell of a range is a real one
    return cell


def cells_to_mend(
    corrections: Corrections,
    sheets: Mapping[str, Worksheet],
    first: Worksheet,
) -> Iterator[tuple[Cell, str]]:
    """Yield the cells that were put right on the page; the one sheet of a CSV has no name in them.

    Those outside the file are left out here as they are when it is read.
    """
    for name, values in corrections.items():
        sheet = sheets.get(name) if name else first
        last = sheet.max_row if sheet else 0
        for address, value in values.items():
            if sheet and PLACE.fullmatch(address) and int(address.lstrip(LETTERS)) <= last:
                yield whole_cell(sheet, address), value


def mend(cell: Cell, value: str) -> str:
    """Write a correction into its cell; return the words for the comment."""
    before = "формула" if cell.data_type == "f" else "пусто" if cell.value is None else f"«{cell.value}»"
    if typed_value(value) is None:
        cell.value = None
    elif NUMBER.fullmatch(value):
        cell.value = float(value.replace(",", ".")) if set(",.") & set(value) else int(value)
    else:
        put_text(cell, value)
    return f"исправлено на странице: было {before}"


def mark(cell: Cell, problems: Sequence[ProblemJson], mended: str = "", *, has_comment: bool = True) -> None:
    cell.fill = fill_of(problems)
    if not has_comment:
        return
    words = [*filter(None, [mended]), *(advice(problem) for problem in problems)]
    text = ILLEGAL.sub("", "\n".join(words))
    cell.comment = Comment(text[:COMMENT_CHARS], AUTHOR, height=140, width=320)


def fill_of(problems: Sequence[ProblemJson]) -> PatternFill:
    if not problems:
        return MENDED
    return RED if any(is_error(problem) for problem in problems) else AMBER


def is_error(problem: ProblemJson) -> bool:
    return bool(problem["severity"] == "error")


def advice(problem: ProblemJson) -> str:
    """Return the text of a problem with what to do, where the two are apart."""
    action = str(problem.get("action") or "")
    text = str(problem["text"])
    return text if not action or action in text else f"{text} {action}"


def add_list(book: Workbook, problems: Sequence[ProblemJson], first: Worksheet, step: Step = silent) -> Worksheet:
    """Add the sheet «Ошибки»: it opens first and stands last, for the file is recognised by its own sheets."""
    if is_own_list(book):
        del book[SHEET]  # of the marked file that came back: one list is enough
    sheet: Worksheet = book.create_sheet(SHEET)
    for column, (title, width) in enumerate(zip(TITLES, WIDTHS, strict=True), start=1):
        put(sheet, 1, column, title).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    names = {worksheet.title for worksheet in book.worksheets}
    for row, problem in enumerate(problems[:LISTED], start=2):
        if row % PART == 0:
            step("Составляем лист «Ошибки»", row, len(problems))
        add_line(sheet, row, problem, problem["sheet"] if problem["sheet"] in names else first.title)
    sheet.freeze_panes = "A2"
    book.active = book.index(sheet)
    for worksheet in book.worksheets:
        worksheet.sheet_view.tabSelected = worksheet is sheet
    return sheet


def is_own_list(book: Workbook) -> bool:
    """Answer whether a book has the list of problems that the portal itself has added once."""
    return SHEET in book.sheetnames and tuple(cell.value for cell in book[SHEET][1]) == TITLES


def tell_limits(sheet: Worksheet, problems: int, cells: int) -> None:
    """Say under the list what it leaves out and which cells have no comment."""
    notes = []
    if problems > LISTED:
        notes.append(f"Показаны первые {LISTED} замечаний из {problems}.")
    if cells > COMMENTS:
        notes.append(f"Цветом отмечены все ячейки с замечаниями ({cells}), примечания есть у первых {COMMENTS}.")
    for row, note in enumerate(notes, start=min(problems, LISTED) + 2):
        put(sheet, row, 1, note)


def add_line(sheet: Worksheet, row: int, problem: ProblemJson, target: str) -> None:
    address = address_of(problem)
    kind = "ошибка" if is_error(problem) else "предупреждение"
    place = (kind, problem["sheet"], address, problem["row"] or None, problem["column"])
    told = (problem["found"], problem["expected"], advice(problem))
    for column, value in enumerate((*place, *told), start=1):
        put(sheet, row, column, value)
    sheet.cell(row, len(TITLES)).alignment = Alignment(wrap_text=True, vertical="top")
    if address:
        cell = sheet.cell(row, 3)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(target)}!{address}")
        cell.font = LINK
