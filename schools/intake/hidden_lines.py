"""Rows and columns of a sheet that nobody sees: they are read as the others, and told of.

Runs in the child process. Nearly no sheet has any: then its bytes are only searched for the word.
"""

import zipfile
from dataclasses import dataclass, field
from typing import Final

from schools.intake.cells import LAST_COLUMN
from schools.intake.limits import Limits
from schools.intake.scan import CHUNK, parse_part

WORD: Final = b"hidden="
YES: Final = frozenset({"1", "true", "on"})


@dataclass
class HiddenLines:
    """rows from 1, columns from 0."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    row: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        is_hidden = attributes.get("hidden", "").casefold() in YES
        if tag == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() else self.row + 1
            if is_hidden:
                self.rows.add(self.row)
        elif tag == "col" and is_hidden:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self.columns.update(range(int(first) - 1, min(int(last), LAST_COLUMN)))


def hidden_lines(archive: zipfile.ZipFile, part: str, limits: Limits) -> HiddenLines:
    found = HiddenLines()
    if says(archive, part, WORD):
        parse_part(archive, part, found.start, max_depth=limits.xml_depth)
    return found


def says(archive: zipfile.ZipFile, part: str, word: bytes) -> bool:
    """Answer whether a part has a word; it is read by pieces, and the word may lie across two of them."""
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            piece = tail + chunk
            if word in piece:
                return True
            tail = piece[-len(word) :]
    return False
