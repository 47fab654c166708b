"""Which schools a pasted or uploaded table names: by ИНН, login, code or name, one school in a row."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schools.importing.reach import index_of
from schools.intake.cells import BadCell, Book, CellValue
from schools.intake.layouts import refused
from schools.intake.layouts.federal_pupils import pupil_sheets
from schools.intake.matching import Match, SchoolIndex
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import SchoolRef
from schools.models import School, Territory

INN: Final = re.compile(r"\d{10}")
LOGIN: Final = re.compile(r"edu\d{6}")
ROWS: Final = 5_000
COLUMNS: Final = re.compile(r"\t|;")
HEADS: Final = frozenset({"школа", "школы", "наименование", "название", "инн", "логин", "образовательная организация"})


@dataclass(frozen=True, kw_only=True)
class NamedSchools:
    """schools: found, in the order of the rows; unknown: places of the rows that nobody was found for, from 0."""

    schools: tuple[School, ...]
    unknown: tuple[int, ...]


def schools_named(rows: Iterable[Sequence[str]], territory: Territory) -> NamedSchools:
    """Return the schools of a territory that the rows name. Three queries."""
    found: dict[School, None] = {}
    unknown: list[int] = []
    for place, match in matches(rows, territory):
        if match.school:
            found[match.school.id] = None
        else:
            unknown.append(place)
    return NamedSchools(schools=tuple(found), unknown=tuple(unknown))


def matches(rows: Iterable[Sequence[str]], territory: Territory) -> Iterator[tuple[int, Match[School]]]:
    """Yield the place of each row that names a school, from 0, and whom of a territory it names. Three queries."""
    index: SchoolIndex[School] = index_of(School.objects.in_territory(territory))
    for place, row in enumerate(rows):
        ref = ref_of(row) or ref_by_code(row, index)
        if ref:
            yield place, index.match(ref)


def rows_of_text(text: str) -> list[list[str]]:
    """Return the cells of pasted lines, columns parted by tabs or semicolons."""
    return [COLUMNS.split(line) for line in text.splitlines()[:ROWS]]


def rows_of_book(book: Book) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first visible sheet: number as Excel counts, cells as texts without a tail of zeros, empty
    ones too.

    Raises LayoutRefusal for a book on single pupils.
    """
    refused.check(book)
    refuse_persons(book)
    sheet = next((each for each in book.sheets if each.rows and not each.is_hidden), book.sheets[0])
    for number, cells in sheet.rows[:ROWS]:
        yield number, [text_of(cell) for cell in cells]


def text_of(cell: CellValue) -> str:
    if isinstance(cell, BadCell):
        return cell.found
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return "" if cell is None else str(cell)


def refuse_persons(book: Book) -> None:
    """Raise LayoutRefusal when a head names people: a list of schools has no surnames."""
    if any(refused.head_words(sheet) & refused.PERSONS for sheet in book.sheets) or pupil_sheets(book):
        raise LayoutRefusal(
            Code.PUPIL_RESULTS,
            f"В книге данные об отдельных людях. {refused.NO_PUPILS}",
            expected="список школ: название, ИНН или логин",
            action="Оставьте в книге только столбцы о школах.",
        )


def ref_of(cells: Sequence[str]) -> SchoolRef | None:
    """Return how a row names its school; None for an empty row and for a head."""
    texts = [cell.strip() for cell in cells]
    words = [text for text in texts if any(letter.isalpha() for letter in text)]
    inn = next(filter(INN.fullmatch, texts), "")
    login = next(filter(LOGIN.fullmatch, map(str.casefold, words)), "")
    names = [text for text in words if text.casefold() != login]
    if not inn and not login and is_head(names):
        return None
    return SchoolRef(name=max(names, key=len, default=""), inn=inn, login=login)


def ref_by_code(cells: Sequence[str], index: SchoolIndex[School]) -> SchoolRef | None:
    """Return the school of a row of figures alone, when just one of them is a code: others may be numbers of rows."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    codes = [text for text in texts if text in index.by["gia_code"]]
    return SchoolRef(gia_code=codes[0]) if len(codes) == 1 and all(map(str.isdecimal, texts)) else None


def is_head(names: Sequence[str]) -> bool:
    """Answer whether there are no names among these words, or they are those of columns."""
    return not names or any(text.casefold() in HEADS for text in names)
