"""Why a file is not accepted: what is wrong, what was found, what is expected, what to do. The code is for support."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    EMPTY = "XL-01"
    NOT_WORKBOOK = "XL-02"
    HTML = "XL-03"
    OLD_XLS = "XL-04"
    PASSWORD = "XL-05"  # noqa: S105  a code of refusal
    DAMAGED = "XL-06"
    EXTRA_BYTES = "XL-07"
    ENCRYPTED_ZIP = "XL-08"
    TOO_BIG_UNPACKED = "XL-09"
    TOO_MANY_PARTS = "XL-10"
    REPEATED_PARTS = "XL-11"
    BAD_PART_NAME = "XL-12"
    MACROS = "XL-13"
    OTHER_WORKBOOK_KIND = "XL-14"
    OTHER_DOCUMENT = "XL-15"
    ARCHIVE = "XL-16"
    EXTERNAL_LINKS = "XL-17"
    TOO_BIG = "XL-18"
    STRICT = "XL-19"
    ENTITIES = "XL-20"
    ENCODING = "XL-21"
    BAD_CHARACTERS = "XL-22"
    TOO_MANY_SHEETS = "XL-23"
    TOO_MANY_ROWS = "XL-24"
    CELL_OUTSIDE = "XL-25"
    REPEATED_CELL = "XL-26"
    NO_DATA = "XL-27"
    NOT_READ = "XL-28"
    TOO_SLOW = "XL-29"
    CSV_BROKEN = "XL-30"
    UNKNOWN_LAYOUT = "XL-40"
    COLUMN_MISSING = "XL-41"
    COLUMN_TWICE = "XL-42"
    MERGED_HEADER = "XL-43"
    NO_ROWS = "XL-44"
    OLD_TEMPLATE = "XL-45"
    COLLECTION_FORM = "XL-46"
    PUPIL_RESULTS = "XL-47"
    GIA_PROTOCOL = "XL-48"
    TITLE_UNREADABLE = "XL-49"
    DUPLICATE_FILE = "XL-50"
    FRACTIONS = "XL-51"
    TOO_MANY_AT_ONCE = "XL-55"
    OTHER_TEMPLATE = "XL-60"
    DAMAGED_TEMPLATE = "XL-61"
    OTHER_FORM = "XL-62"


OWNER_MATTERS = (Code.NO_ROWS, Code.OLD_TEMPLATE)  # a template refused so may be another's besides
SECURITY_CODES = frozenset({Code.BAD_PART_NAME, Code.ENTITIES, Code.TOO_BIG_UNPACKED, Code.MACROS})
"""Refusals that may be an attack: they go to the audit trail as such."""


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818  an answer to a person, not a fault of the program
    """A file is not accepted as a whole.

    what: a full sentence. found, expected: phrases without a full stop, may be empty. action: what to do next.
    link: path of the page or file of the portal that helps, may be empty.
    meta: what the hidden sheet of a blank or old template said: whose it is matters more than that.
    """

    code: Code
    what: str
    found: str = ""
    expected: str = ""
    action: str = ""
    link: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)

    @property
    def text_ru(self) -> str:
        found = f"Найдено: {self.found}." if self.found else ""
        expected = f"Ожидается: {self.expected}." if self.expected else ""
        return " ".join(filter(None, (self.what, found, expected, self.action)))

    def __str__(self) -> str:
        return self.text_ru


class GateRefusal(Refusal):
    """The file is refused by its bytes, before anything is read from it."""


class ReaderRefusal(Refusal):
    """The workbook cannot be read."""


class LayoutRefusal(Refusal):
    """The cells are read, but they are not a table that the portal knows."""
