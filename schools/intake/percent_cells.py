"""Cells of a workbook that show per cents: Excel keeps 85 % as 0.85, and calamine gives no formats.

Runs in the child process. Nearly no export has such cells: then only the list of formats is looked at.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from schools.intake.cells import LAST_COLUMN, cell_position
from schools.intake.limits import Limits
from schools.intake.scan import parse_part

STYLES_PART: Final = "xl/styles.xml"
BUILT_IN: Final = frozenset({"9", "10"})  # «0%» and «0.00%»
LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.')  # what a format shows as it stands: 0"%" multiplies nothing

Cell = tuple[int, int]  # row from 1, column from 0


@dataclass
class PercentStyles:
    """Handlers of the part with styles: the numbers of those whose cells are shown times a hundred."""

    formats: set[str] = field(default_factory=lambda: set(BUILT_IN))
    styles: set[str] = field(default_factory=set)
    is_within: bool = False
    seen: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt" and "%" in LITERALS.sub("", attributes.get("formatCode", "")):
            self.formats.add(attributes.get("numFmtId", ""))
        elif tag == "cellXfs":
            self.is_within = True
        elif tag == "xf" and self.is_within:
            if attributes.get("numFmtId") in self.formats:
                self.styles.add(str(self.seen))
            self.seen += 1

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self.is_within = False


@dataclass
class PercentCells:
    """Cells of one sheet with some styles, each as one number: a sheet of them must not take much memory."""

    styles: frozenset[str]
    places: set[int] = field(default_factory=set)
    row: int = 0
    column: int = -1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            number = attributes.get("r", "")
            self.row, self.column = int(number) if number.isdecimal() else self.row + 1, -1
        elif tag == "c":
            self.row, self.column = cell_position(attributes.get("r", "")) or (self.row, self.column + 1)
            if attributes.get("s") in self.styles:
                self.places.add(self.row * LAST_COLUMN + self.column)

    def __iter__(self) -> Iterator[Cell]:
        return (divmod(place, LAST_COLUMN) for place in self.places)


def percent_styles(archive: zipfile.ZipFile, limits: Limits) -> frozenset[str]:
    """Return the numbers of the styles that show per cents; none where the workbook has no styles."""
    if STYLES_PART not in archive.namelist():
        return frozenset()
    found = PercentStyles()
    parse_part(archive, STYLES_PART, found.start, found.end, max_depth=limits.xml_depth)
    return frozenset(found.styles)


def percent_cells(archive: zipfile.ZipFile, part: str, styles: frozenset[str], limits: Limits) -> PercentCells:
    """Return the cells of a sheet that show per cents, filled or not."""
    found = PercentCells(styles)
    if styles:
        parse_part(archive, part, found.start, max_depth=limits.xml_depth)
    return found


def as_shown(number: float) -> str:
    """Return what Excel shows of a number in a cell of per cents, unrounded: «85 %» of 0.85."""
    shown = (Decimal(str(number)) * 100).normalize()
    return f"{shown:f} %".replace(".", ",")
