"""Rows that a person leaves out of a batch, because another file tells the same work rightly.

Kept in `ImportFile.meta["left_out"]`: sheet -> numbers of rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from schools.intake.rows import ParsedFile

LeftOut = Mapping[str, Sequence[int]]


def without(parsed: ParsedFile, left_out: LeftOut) -> ParsedFile:
    """Return what a file says but for some of its rows; their problems stay, for they are in the file."""
    places = {(sheet, row) for sheet, rows in left_out.items() for row in rows}
    if not places:
        return parsed
    return replace(
        parsed,
        rows=tuple(row for row in parsed.rows if (row.sheet, row.row) not in places),
        schools=tuple(row for row in parsed.schools if (row.sheet, row.row) not in places),
        records=tuple(row for row in parsed.records if (row.sheet, row.row) not in places),
    )


def with_row(left_out: LeftOut, sheet: str, row: int) -> dict[str, list[int]]:
    return {**{name: list(rows) for name, rows in left_out.items()}, sheet: sorted({*left_out.get(sheet, []), row})}


def number_left_out(left_out: LeftOut) -> int:
    return sum(len(rows) for rows in left_out.values())
