"""«Распределение первичных баллов» of the federal system: shares of participants by primary score.

Source: domain specification, 2.3. The shares are counts rounded to two decimals, so the histogram is exact.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import Book, Sheet
from schools.intake.headers import Column, Header, locate
from schools.intake.layouts.base import Layout
from schools.intake.layouts.federal_head import FederalHead, read_head, school_of, sheets_titled
from schools.intake.layouts.federal_sheet import GroupSheet
from schools.intake.layouts.federal_table import (
    GROUP,
    PARTICIPANTS,
    SCHOOLS,
    benchmark_row,
    header_alike,
    joined,
    sheets_to_read,
    title_columns,
)
from schools.intake.percents import mean_of_counts
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import Counts, ParsedFile, ResultRow, SchoolRef
from schools.intake.shares import derived_notices, read_participants, read_shares, whole_counts

TITLE: Final = "Распределение первичных баллов"
SCORE: Final = re.compile(r"\d{1,3}")
COLUMNS: Final = (GROUP, SCHOOLS, PARTICIPANTS)
FIRST_SCORES: Final = tuple(Column(key=f"score:{score}", title=str(score)) for score in range(6))
KNOWN_BY: Final = (GROUP, PARTICIPANTS, *FIRST_SCORES)


def affinity(book: Book) -> float:
    return 1.0 if sheets_titled(book, TITLE) else header_alike(book, KNOWN_BY)


def parse(book: Book) -> ParsedFile:
    parts = [parse_sheet(sheet) for sheet in sheets_to_read(book, TITLE, KNOWN_BY)]
    return joined(LAYOUT.code, parts, derived_notices(parts))


def parse_sheet(sheet: Sheet) -> ParsedFile:
    header = locate(sheet, (*COLUMNS, *title_columns(sheet, COLUMNS, SCORE, "score:")))
    read = GroupSheet(sheet, header, read_head(sheet))
    scores = score_keys(sheet, header, read.head.max_primary)
    for reader, name in read.lines():
        if school := school_of(name, reader.cell(SCHOOLS.key)):
            read.add_school(reader, result_row(reader, school, read.head, scores))
        else:
            read.add_territory(reader, benchmark_row(reader, name, read.head.work, {key: key for key in scores}))
    return read.as_file(LAYOUT.code, TITLE)


def score_keys(sheet: Sheet, header: Header, max_primary: int | None) -> list[str]:
    """Return the keys of the columns 0, 1, … max. Raises LayoutRefusal when one is missing or one is too many."""
    present = sorted(int(key.removeprefix("score:")) for key in header.positions if key.startswith("score:"))
    highest = max(present, default=0) if max_primary is None else max_primary
    if present != list(range(highest + 1)):
        missing = sorted(set(range(highest + 1)) - set(present))
        extra = [score for score in present if score > highest]
        found = f"нет столбцов {numbers(missing)}" if missing else f"лишние столбцы {numbers(extra)}"
        raise LayoutRefusal(
            Code.COLUMN_MISSING,
            f"Лист «{sheet.name}», строка {header.row}: столбцы баллов не сходятся с максимальным первичным баллом.",
            found=found,
            expected=f"столбцы от 0 до {highest}",
            action="Скачайте отчёт заново и загрузите его без изменений.",
        )
    return [f"score:{score}" for score in present]


def numbers(scores: list[int]) -> str:
    shown = ", ".join(str(score) for score in scores[:5])
    return shown + (f" и ещё {len(scores) - 5}" if len(scores) > 5 else "")


def result_row(reader: RowReader, school: SchoolRef, head: FederalHead, scores: list[str]) -> ResultRow | None:
    participants = read_participants(reader)
    shares = read_shares(reader, scores)
    if reader.is_refused or participants is None:
        return None
    counts = histogram_of(reader, shares, participants)
    return counts and ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=head.work,
        grade_actual=head.grade_actual,
        counts=counts,
    )


def histogram_of(reader: RowReader, shares: Mapping[str, Decimal], participants: int) -> Counts | None:
    """Return a school's histogram with its mean, or None when the shares are nobody's (reasons in the problems)."""
    counts = whole_counts(reader, shares, participants, of_what="баллов")
    if counts is None:
        return None
    return Counts(
        participants=participants,
        max_primary=len(counts) - 1,
        mean_primary=mean_of_counts(counts),
        score_hist=counts,
        score_percents=tuple(shares.values()),
    )


LAYOUT: Final = Layout(
    code="federal_scores",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Распределение первичных баллов» в ячейке A1",
    affinity=affinity,
    parse=parse,
)
