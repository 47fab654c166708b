"""The flat CSV of results: one row for a school and a work, English titles, counts."""

from typing import Final

from schools.intake.cells import Book
from schools.intake.headers import Column
from schools.intake.layouts.base import Layout, header_affinity, most_alike
from schools.intake.layouts.tabular import read_results
from schools.intake.rows import MARKS, ParsedFile

COLUMNS: Final = (
    Column(key="inn", title="inn", is_required=False),
    Column(key="login", title="login", is_required=False),
    Column(key="gia_code", title="gia_code", is_required=False),
    Column(key="name", title="school", synonyms=("name",), is_required=False),
    Column(key="year", title="year"),
    Column(key="procedure", title="procedure"),
    Column(key="period", title="period", is_required=False),
    Column(key="subject", title="subject"),
    Column(key="grade", title="grade"),
    Column(key="level", title="level", is_required=False),
    Column(key="enrolled", title="enrolled", is_required=False),
    Column(key="participants", title="participants"),
    *(Column(key=mark, title=mark) for mark in MARKS),
    Column(key="below_min", title="below_min", is_required=False),
    Column(key="mean_score", title="mean_score", is_required=False),
    Column(key="max_primary", title="max_primary", is_required=False),
    Column(key="lowered", title="lowered", is_required=False),
    Column(key="confirmed", title="confirmed", is_required=False),
    Column(key="raised", title="raised", is_required=False),
    Column(key="school_no", title="school_no", is_required=False),
)


def affinity(book: Book) -> float:
    return max((header_affinity(sheet, COLUMNS) for sheet in book.visible), default=0.0)


def parse(book: Book) -> ParsedFile:
    sheet = most_alike(book, COLUMNS) or book.visible[0]
    rows, problems = read_results(sheet, COLUMNS)
    works = {row.work for row in rows}
    return ParsedFile(
        layout="flat_results",
        title="Плоская таблица результатов",
        rows=tuple(rows),
        problems=tuple(problems),
        work=rows[0].work if len(works) == 1 else None,
    )


LAYOUT: Final = Layout(
    code="flat_results",
    title="Плоская таблица результатов",
    hint="CSV со столбцами inn, year, procedure, subject, grade, participants, mark2…mark5",
    affinity=affinity,
    parse=parse,
)
