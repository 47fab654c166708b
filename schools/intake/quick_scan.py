"""The look of `scan.py` at ordinary sheets, by whole rows at once and many times cheaper.

Rows of a table are alike: with every number and text written as one sign a sheet of fifty thousand rows is a few
dozen different ones. Each different one is looked at once, tag by tag; of the others only the numbers of rows and
the addresses of cells are compared.

Ordinary is what Excel, LibreOffice, openpyxl, XlsxWriter and the federal system write: cells with addresses, in
order, tags without prefixes, no comments. Whatever else is met, and whatever may have to be refused, is left to the
scanner of every tag: nothing is refused here, and nothing gets through by being strange.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import lt
from typing import Final
from xml.parsers import expat

from schools.intake.cells import cell_position
from schools.intake.limits import MEBIBYTE, Limits
from schools.intake.scan import SheetScan

CHUNK: Final = 128 * 1024  # what is made of it stays within the cache of a processor
LONGEST_ROW: Final = 2 * MEBIBYTE
MOST_KINDS: Final = 5_000
ROW_END: Final = b"</row>"
CELL_END: Final = b"</c>"
NO_VALUE: Final = b"<v></v>"
NUMBER: Final = b"0"  # what stands for any number in the shape of a row: a name with a digit keeps a sign of it
NUMBERS: Final = bytes.maketrans(b"123456789.-", NUMBER * 11)
ROW: Final = re.compile(rb'<row r="([1-9][0-9]{0,6})"[ >]')
OWN_ROW: Final = b"\x01"  # stands for the number of its row in an address; check_text lets no such byte through
ROW_SHAPE: Final = re.compile(rb'\s*<row r="\x01"[ >]')
EMPTY_ROW: Final = re.compile(rb"<row(?: [^<>]*)?/>")
PLAIN_TEXT: Final = re.compile(rb"<t>[^<&]+</t>")
TEXT: Final = re.compile(rb">[^<&]+</t>")
CONTROLS: Final = bytes({*range(32)} - {9, 10, 13})
NO_CHARACTER: Final = ("\ufffe", "\uffff")
STRANGE: Final = re.compile(rb"<!|<\?|='|&#|<v[ /]")
OTHER_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]*encoding=["'](?!utf-8["'])""", re.IGNORECASE)
CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})\x01"([^<>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
ATTRIBUTES: Final = re.compile(rb'(?: [A-Za-z:]+="[^"]*")* ?')
ERROR: Final = re.compile(rb'<c r="([A-Z]{1,3}[0-9]+)"[^<>]* t="e"[^<>]*?(?:/>|>(.*?)</c>)', re.DOTALL)
VALUE: Final = re.compile(rb"<v>([^<]*)</v>")
HAS_VALUE: Final = re.compile(rb"<v>|<t(?: [^<>]*)?>[^<]")
INSIDE: Final[Mapping[str, frozenset[str]]] = {  # tag of a row -> tags that may stand in it
    "": frozenset({"row"}),
    "row": frozenset({"c"}),
    "c": frozenset({"v", "f", "is"}),
    "is": frozenset({"t", "r"}),
    "r": frozenset({"t", "rPr"}),
    "rPr": frozenset({"b", "i", "u", "sz", "color", "rFont"}),
}
WORDLESS: Final = frozenset({"is", "r", "rPr"})  # text in these is no value here, but one to the look at every tag


class Unsure(Exception):  # noqa: N818  a signal to the scanner of every tag; nothing is wrong yet
    """The sheet is not written in the ordinary way, or something in it may have to be refused."""


@dataclass(frozen=True, slots=True, eq=False)
class RowKind:
    """Rows that differ in numbers and texts only. Columns from 0: of all cells, of those that hold something."""

    columns: tuple[int, ...]
    filled: tuple[int, ...]
    uncalculated: tuple[int, ...]
    has_errors: bool


def quick_scan(archive: zipfile.ZipFile, part: str, limits: Limits) -> SheetScan | None:
    """Return what the scanner of every tag would, or None when it has to decide itself."""
    scanner = QuickScanner(limits)
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                scanner.feed(chunk)
        return scanner.finished()
    except (Unsure, KeyError, UnicodeDecodeError, expat.ExpatError):
        return None


class QuickScanner:
    """Text of a sheet in, what calamine does not tell out. Raises Unsure."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.result = SheetScan()
        self.kinds: dict[bytes, RowKind] = {}
        self.head = b""
        self.rest = b""
        self.row = self.row_elements = self.top = 0
        self.left, self.right = limits.columns, -1

    def feed(self, chunk: bytes) -> None:
        """Take the whole rows that have come in; what follows them waits for the next chunk."""
        text = self.rest + chunk
        cut = text.rfind(ROW_END) + len(ROW_END)
        if cut < len(ROW_END):
            cut = 0
        self.rest = text[cut:]
        if len(self.rest) > LONGEST_ROW:
            raise Unsure
        rows = text[:cut] if self.head else self.without_head(text[:cut])
        if rows:
            check_text(rows)
            self.add(rows)

    def without_head(self, text: bytes) -> bytes:
        """Keep what stands before the first row, and return the rows."""
        if not text:
            return text
        head, tag, rows = text.partition(b"<sheetData>")
        if not tag or OTHER_ENCODING.match(head):
            raise Unsure
        self.head = head + tag
        return rows

    def add(self, rows: bytes) -> None:
        """Take whole rows, with the empty ones among them."""
        rows, empty = without_nothing(rows)
        told = ROW.findall(rows)
        self.row_elements += empty + len(told)
        if rows.count(ROW_END) != len(told) or self.row_elements > self.limits.row_elements:
            raise Unsure
        numbers = list(map(int, told))
        if not all(map(lt, [self.row, *numbers], numbers)):
            raise Unsure  # rows stand out of order
        kinds = list(map(self.kind_of, shapes_of(rows, told)))
        if numbers:
            self.row = numbers[-1]
        self.fill([(number, kind) for number, kind in zip(numbers, kinds, strict=True) if kind.filled])
        if any(kind.has_errors for kind in set(kinds)):
            self.result.errors.update(error_cells(rows))

    def kind_of(self, shape: bytes) -> RowKind:
        """Return the kind of a row. shape: as `shapes_of` writes it."""
        kind = self.kinds.get(shape)
        if kind is None:
            if len(self.kinds) >= MOST_KINDS:
                raise Unsure
            kind = self.kinds[shape] = row_kind(shape)
        return kind

    def fill(self, filled: Sequence[tuple[int, RowKind]]) -> None:
        """Count the rows that hold something. filled: their numbers and kinds, in order."""
        if not filled:
            return
        result = self.result
        for kind, times in Counter(kind for _, kind in filled).items():
            result.filled_cells += len(kind.filled) * times
            self.left, self.right = min(self.left, kind.filled[0]), max(self.right, kind.filled[-1])
        result.filled_rows += len(filled)
        self.top = self.top or filled[0][0]
        last = filled[-1][0]
        area = (last - self.top + 1) * (self.right - self.left + 1)
        too_far = self.right >= self.limits.columns or last > self.limits.row_elements
        if too_far or area > self.limits.area or result.filled_rows > self.limits.rows:
            raise Unsure
        result.uncalculated.update((number, column) for number, kind in filled for column in kind.uncalculated)

    def finished(self) -> SheetScan:
        """Return what was found, when what stands around the rows is plain too."""
        tail, empty = EMPTY_ROW.subn(b"", self.rest)
        is_too_long = self.row_elements + empty > self.limits.row_elements
        if not self.head or is_too_long or not tail.lstrip().startswith(b"</sheetData>"):
            raise Unsure
        check_tags(self.head + tail, lambda tag: tag.rpartition(":")[2] not in {"row", "c"}, self.limits.xml_depth)
        return self.result


def check_text(rows: bytes) -> None:
    """Raise Unsure or UnicodeDecodeError unless the text is UTF-8 of characters that XML allows."""
    text = rows.decode()
    if len(rows.translate(None, CONTROLS)) < len(rows) or any(code in text for code in NO_CHARACTER):
        raise Unsure


def without_nothing(rows: bytes) -> tuple[bytes, int]:
    """Return rows without empty ones and without empty values, and how many empty rows there were. Raises Unsure."""
    empty = 0
    if b"/>" in rows:
        for closed in (b"<v/>", b"<v />"):
            rows = rows.replace(closed, NO_VALUE)
        rows, empty = EMPTY_ROW.subn(b"", rows)
    rows = rows.replace(NO_VALUE + CELL_END, CELL_END)
    if NO_VALUE in rows:
        raise Unsure  # not at the end of its cell: it may stand in another value
    return rows, empty


def shapes_of(rows: bytes, numbers: Sequence[bytes]) -> list[bytes]:
    """Return rows up to their end tags, every text written as «x», every number as one «0».

    numbers: of the rows. Where a row or a cell names its own row, OWN_ROW stands: an address that names another one
    stays a number, and no kind of row has such.
    """
    own = [row.replace(number + b'"', OWN_ROW + b'"') for row, number in zip(rows.split(ROW_END), numbers)]  # noqa: B905  nothing follows the last end tag
    shapes = PLAIN_TEXT.sub(b"<t>x</t>", ROW_END.join(own))
    if b"<t " in shapes:
        shapes = TEXT.sub(b">x</t>", shapes)
    shapes = shapes.translate(NUMBERS)
    while NUMBER * 2 in shapes:  # each turn halves the longest
        shapes = shapes.replace(NUMBER * 2, NUMBER)
    return shapes.split(ROW_END)


def check_tags(text: bytes, is_known: Callable[[str], bool], max_depth: int) -> None:
    """Raise Unsure or ExpatError unless a piece of XML is well formed and has known tags only."""
    depth = 0

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > max_depth or not is_known(tag):
            raise Unsure

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(text, True)


def refuse_doctype(*_: object) -> None:
    raise Unsure


def check_row(text: bytes) -> None:
    """Raise Unsure or ExpatError unless the tags of a row stand in one another, and its texts in them, as usual."""
    path = [""]

    def start(tag: str, _: dict[str, str]) -> None:
        if tag not in INSIDE.get(path[-1], ()):
            raise Unsure
        path.append(tag)

    def end(_: str) -> None:
        path.pop()

    def words(_: str) -> None:
        if path[-1] in WORDLESS:
            raise Unsure

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(text, True)


def row_kind(shape: bytes) -> RowKind:
    """Return what the cells of a row are. shape: the row as `shapes_of` writes it, up to its end tag."""
    if STRANGE.search(shape) or not ROW_SHAPE.match(shape):
        raise Unsure
    check_row(shape.replace(OWN_ROW, NUMBER) + ROW_END)
    cells = cells_of(shape)
    errors = {column for column, attributes, body in cells if is_error(attributes, body)}
    alone = [c for c, _, body in cells if b"<f" in body and not HAS_VALUE.search(body) and c not in errors]
    filled = [c for c, _, body in cells if c in errors or b"<f" in body or HAS_VALUE.search(body)]
    columns = tuple(column for column, _, _ in cells)
    return RowKind(columns=columns, filled=tuple(filled), uncalculated=tuple(alone), has_errors=bool(errors))


def cells_of(shape: bytes) -> list[tuple[int, bytes, bytes]]:
    """Return column, attributes and body of each cell of a row. Raises Unsure where something else might be meant."""
    cells = [(column_of(match[1]), match[2], match[3] or b"") for match in CELL.finditer(shape)]
    if len(cells) != len(re.findall(rb"<c[\s>/]", shape)):
        raise Unsure
    if any(before >= after for (before, _, _), (after, _, _) in pairwise(cells)):
        raise Unsure
    if not all(ATTRIBUTES.fullmatch(attributes) for _, attributes, _ in cells):
        raise Unsure  # a type written with other blanks would not be seen
    if any(body.count(b"<v>") + body.count(b"<is") > 1 for _, _, body in cells):
        raise Unsure  # which of the values holds is not for us to say
    return cells


def is_error(attributes: bytes, body: bytes) -> bool:
    """Answer whether a cell holds an error of a formula. Raises Unsure when its text stands where none should."""
    if b' t="e"' not in attributes:
        return False
    if b"<is" in body:
        raise Unsure
    return True


def column_of(letters: bytes) -> int:
    place = cell_position(f"{letters.decode()}1")
    if place is None:
        raise Unsure
    return place[1]


def error_cells(rows: bytes) -> dict[tuple[int, int], str]:
    """Return the cells that hold an error of a formula, with its text."""
    found = {}
    for match in ERROR.finditer(rows):
        place, value = cell_position(match[1].decode()), VALUE.search(match[2] or b"")
        if place is None or (value and (b"&" in value[1] or b"\r" in value[1])):
            raise Unsure  # what XML reads there is not what is written
        found[place] = value[1].decode()[:20] if value else ""
    return found
