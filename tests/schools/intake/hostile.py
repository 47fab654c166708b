"""Hostile, damaged and foreign files, each with the code of its refusal, or None when its cells can be read.

They have the shapes of the table «bad inputs» of the reliability requirements and are built when they are asked for.
"""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Final

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from schools.intake.refusals import Code
from tests.factories.workbooks import (
    GOOD_ROWS,
    MAIN,
    SHEET,
    number_cell,
    packed,
    parts_of,
    row_xml,
    saved,
    sheet_xml,
    streamed,
    text_cell,
    with_rows,
)

Build = Callable[[], bytes]
STYLES: Final = "xl/styles.xml"
MEBIBYTE: Final = 1024 * 1024
OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
XXE: Final = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS: Final = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def good() -> bytes:
    return packed(parts_of())


def without(name: str) -> bytes:
    return packed({part: data for part, data in parts_of().items() if part != name})


def replaced(name: str, old: bytes, new: bytes) -> bytes:
    parts = parts_of()
    assert old in parts[name]
    return packed({**parts, name: parts[name].replace(old, new)})


def part_replaced(data: bytes, old: bytes, new: bytes, name: str = SHEET) -> bytes:
    """Return a workbook with some bytes of a part replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {member: archive.read(member) for member in archive.namelist()}
    assert old in parts[name]
    return packed({**parts, name: parts[name].replace(old, new)})


def added(*members: tuple[str, bytes]) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of the repeated names that we want
        return packed(parts_of(), *members)


def encrypted_flag() -> bytes:
    data = bytearray(good())
    at = data.find(b"PK\x01\x02")
    while at != -1:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def bad_checksum() -> bytes:
    """Return a workbook whose sheet has another CRC-32 than the directory says."""
    data = bytearray(good())
    at = data.find(b"PK\x01\x02")
    while SHEET.encode() not in data[at : at + 46 + len(SHEET)]:
        at = data.find(b"PK\x01\x02", at + 4)
    struct.pack_into("<I", data, at + 16, 0)
    return bytes(data)


def lying_size() -> bytes:
    """Return a workbook whose sheet is longer than the directory says."""
    data = bytearray(good())
    at = data.rfind(SHEET.encode()) - 46
    struct.pack_into("<I", data, at + 24, 10)
    return bytes(data)


def many_rows(count: int = 60_050) -> bytes:
    return with_rows("".join(row_xml(number_cell(f"A{i}"), number=i) for i in range(1, count)))


def every_row() -> bytes:
    """Return a workbook with all the 1 048 576 rows that a sheet can have."""
    rows = "".join([f'<row r="{i}"><c><v>1</v></c></row>' for i in range(1, 1_048_577)])
    head, tail = sheet_xml("@").split(b"@")
    return streamed(SHEET, rows.encode(), 1, head=head, tail=tail)


def bomb_in_the_sheet() -> bytes:
    head, tail = sheet_xml(row_xml(text_cell("A1", "@"))).split(b"@")
    return streamed(SHEET, b" " * MEBIBYTE, 200, head=head, tail=tail)


def bomb_in_a_picture() -> bytes:
    return streamed("xl/media/x.bin", bytes(MEBIBYTE), 500)


def many_sheets() -> bytes:
    return added(*((f"xl/worksheets/sheet{i}.xml", sheet_xml("")) for i in range(2, 301)))


def book_with(*rows: tuple[object, ...]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    return book


def repacked(book: Workbook, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return a workbook of openpyxl with its parts changed; None leaves a part out."""
    with zipfile.ZipFile(io.BytesIO(saved(book))) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    return packed({name: data for name, data in parts.items() if data is not None})


def without_styles() -> bytes:
    return repacked(book_with(("Школа", "ИНН")), lambda name, data: None if name == STYLES else data)


def broken_styles() -> bytes:
    bogus = b'<fills bogus="1"><fill><patternFill patternType="nonsense"/></fill></fills><fills'
    return repacked(
        book_with(("Школа", "ИНН")), lambda name, data: data.replace(b"<fills", bogus) if name == STYLES else data
    )


def broken_properties() -> bytes:
    return repacked(
        book_with(("Школа", "ИНН")), lambda name, data: data.replace(b"T", b"X") if "core.xml" in name else data
    )


def endless_date() -> bytes:
    """Return a cell with the format of a date and a serial number that no calendar has."""
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
        "</styleSheet>"
    )
    sheet = sheet_xml(row_xml('<c r="A1" s="1"><v>99999999999</v></c>'))
    relation = (
        b'<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
    )
    parts = parts_of(sheet)
    rels = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", relation + b'Target="styles.xml"/></Relationships>'
    )
    return packed({**parts, "xl/_rels/workbook.xml.rels": rels, STYLES: styles.encode()})


def merged_header() -> bytes:
    book = book_with(("Школа",), ("СОШ № 1", 5))
    book.worksheets[0].merge_cells("A1:C3")
    return saved(book)


def hidden_sheet() -> bytes:
    book = book_with(("Школа", "ИНН"))
    hidden = book.create_sheet("черновик")
    hidden["A1"], hidden.sheet_state = "x", "veryHidden"
    return saved(book)


def chart_first(*, is_alone: bool = False) -> bytes:
    book = book_with() if is_alone else book_with(("Школа", "ИНН"))
    book.create_chartsheet("диаграмма", 0)
    return saved(book)


def epoch_1904() -> bytes:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append(["Дата", date(2026, 4, 20)])
    return saved(book)


def utf16_sheet() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml(GOOD_ROWS).decode()
    return packed({**parts_of(), SHEET: text.encode("utf-16")})


CONTAINERS: Final[dict[str, tuple[Build, Code | None]]] = {
    "good": (good, None),
    "empty": (lambda: b"", Code.EMPTY),
    "empty archive": (lambda: packed({}), Code.ARCHIVE),
    "archive of folders": (lambda: packed({"папка/": b""}), Code.ARCHIVE),
    "text": (lambda: "просто текст".encode("cp1251"), Code.NOT_WORKBOOK),
    "html": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", Code.HTML),
    "old xls": (lambda: OLE + bytes(2000), Code.OLD_XLS),
    "password": (lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), Code.PASSWORD),
    "truncated": (lambda: good()[: len(good()) // 2], Code.DAMAGED),
    "garbage after": (lambda: good() + b"A" * 5000, Code.EXTRA_BYTES),
    "garbage before": (lambda: b"MZ" + b"A" * 500 + good(), Code.EXTRA_BYTES),
    "no content types": (lambda: without("[Content_Types].xml"), Code.DAMAGED),
    "no workbook": (lambda: without("xl/workbook.xml"), Code.DAMAGED),
    "encrypted zip": (encrypted_flag, Code.ENCRYPTED_ZIP),
    "bomb in the sheet": (bomb_in_the_sheet, Code.TOO_BIG_UNPACKED),
    "bomb in a picture": (bomb_in_a_picture, Code.TOO_BIG_UNPACKED),
    "swollen part": (lambda: added(("xl/media/x.bin", bytes(5_000_000))), Code.TOO_BIG_UNPACKED),
    "too many parts": (lambda: added(*((f"xl/j/{i}", b"") for i in range(20_000))), Code.TOO_MANY_PARTS),
    "too many sheets": (many_sheets, Code.TOO_MANY_SHEETS),
    "repeated part": (lambda: added((SHEET, sheet_xml(""))), Code.REPEATED_PARTS),
    "part in another case": (lambda: added((SHEET.upper(), sheet_xml(""))), Code.REPEATED_PARTS),
    "traversal": (lambda: added(("../../../evil", b"x")), Code.BAD_PART_NAME),
    "absolute name": (lambda: added(("/abs", b"x")), Code.BAD_PART_NAME),
    "macros": (lambda: added(("xl/vbaProject.bin", OLE)), Code.MACROS),
    "macro type": (
        lambda: replaced("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        Code.MACROS,
    ),
    "template xltx": (
        lambda: replaced("[Content_Types].xml", b"sheet.main+xml", b"template.main+xml"),
        Code.OTHER_WORKBOOK_KIND,
    ),
    "binary xlsb": (lambda: packed({"xl/workbook.bin": b"\x83\x01\x00"}), Code.OTHER_WORKBOOK_KIND),
    "docx": (lambda: packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}), Code.OTHER_DOCUMENT),
    "pptx": (lambda: packed({"[Content_Types].xml": b"<Types/>", "ppt/p.xml": b"<x/>"}), Code.OTHER_DOCUMENT),
    "ods": (lambda: packed({"mimetype": b"application/vnd.oasis", "content.xml": b"<x/>"}), Code.OTHER_DOCUMENT),
    "zip of texts": (lambda: packed({"письмо.txt": b"1"}), Code.ARCHIVE),
    "zip of workbooks": (lambda: packed({"a.xlsx": good()}), Code.ARCHIVE),
    "external link": (lambda: added(("xl/externalLinks/externalLink1.xml", b"<x/>")), Code.EXTERNAL_LINKS),
    "embedded object": (lambda: added(("xl/embeddings/oleObject1.bin", OLE)), Code.EXTERNAL_LINKS),
    "strict namespace": (
        lambda: replaced(SHEET, b"http://schemas.openxmlformats.org", b"http://purl.oclc.org/ooxml"),
        Code.STRICT,
    ),
    "external entity": (lambda: with_rows(row_xml(text_cell("A1", "&x;")), head=XXE), Code.ENTITIES),
    "billion laughs": (lambda: with_rows(row_xml(text_cell("A1", "&b;")), head=LAUGHS), Code.ENTITIES),
    "entity in shared strings": (lambda: added(("xl/sharedStrings.xml", f"{XXE}<sst/>".encode())), Code.ENTITIES),
    "entity in UTF-16": (lambda: added(("xl/sharedStrings.xml", f"{XXE}<sst/>".encode("utf-16"))), Code.ENTITIES),
}

CONTENTS: Final[dict[str, tuple[Build, Code | None]]] = {
    "bad checksum": (bad_checksum, Code.DAMAGED),
    "lying size": (lying_size, Code.DAMAGED),
    "no shared strings": (lambda: with_rows(row_xml('<c r="A1" t="s"><v>0</v></c>')), Code.DAMAGED),
    "only a chart": (lambda: chart_first(is_alone=True), Code.NO_DATA),
    "no sheet part": (lambda: without(SHEET), Code.DAMAGED),
    "no relations": (lambda: without("xl/_rels/workbook.xml.rels"), Code.DAMAGED),
    "cut xml": (lambda: packed(parts_of(sheet_xml(GOOD_ROWS)[:-30])), Code.DAMAGED),
    "one cell at the far corner": (
        lambda: with_rows(row_xml(number_cell("A1")) + row_xml(number_cell("XFD1048576"), number=1048576)),
        Code.CELL_OUTSIDE,
    ),
    "far corner alone": (
        lambda: with_rows(row_xml(number_cell("XFD1048576"), number=1048576)),
        Code.CELL_OUTSIDE,
    ),
    "wide and tall": (
        lambda: with_rows(row_xml(number_cell("IV1")) + row_xml(number_cell("A100000"), number=100000)),
        Code.CELL_OUTSIDE,
    ),
    "row beyond the sheet": (lambda: with_rows(row_xml(number_cell("A9999999"), number=9999999)), Code.DAMAGED),
    "column beyond the sheet": (lambda: with_rows(row_xml(number_cell("ZZZZ1"))), Code.DAMAGED),
    "bad reference": (lambda: with_rows(row_xml(number_cell("1A"))), Code.DAMAGED),
    "repeated cell": (lambda: with_rows(row_xml(number_cell("A1"), number_cell("A1", "2"))), Code.REPEATED_CELL),
    "text index out of range": (lambda: with_rows(row_xml('<c r="A1" t="s"><v>9999</v></c>')), Code.DAMAGED),
    "negative text index": (lambda: with_rows(row_xml('<c r="A1" t="s"><v>-1</v></c>')), Code.DAMAGED),
    "not a number": (lambda: with_rows(row_xml(number_cell("A1", "NaN"))), Code.DAMAGED),
    "endless number": (lambda: with_rows(row_xml(number_cell("A1", "1E400"))), Code.DAMAGED),
    "bad boolean": (lambda: with_rows(row_xml('<c r="A1" t="b"><v>yes</v></c>')), Code.DAMAGED),
    "NUL byte": (lambda: with_rows(row_xml(text_cell("A1", "a\x00b"))), Code.ENCODING),
    "surrogate": (lambda: with_rows(row_xml(text_cell("A1", "&#xD800;"))), Code.BAD_CHARACTERS),
    "cp1251 called UTF-8": (
        lambda: packed(parts_of(sheet_xml(row_xml(text_cell("A1", "x"))).replace(b">x<", b">\xd8\xea<"))),
        Code.ENCODING,
    ),
    "too many rows": (many_rows, Code.TOO_MANY_ROWS),
    "every row of a sheet": (every_row, Code.TOO_MANY_ROWS),
    "deep xml": (lambda: with_rows(f'<row r="1">{"<c>" * 50_000}{"</c>" * 50_000}</row>'), Code.DAMAGED),
    "no rows at all": (lambda: with_rows(""), Code.NO_DATA),
    "rows out of order": (
        lambda: with_rows(row_xml(number_cell("A5", "5"), number=5) + row_xml(number_cell("A1"))),
        None,
    ),
    "word for a number": (lambda: with_rows(row_xml(number_cell("A1", "abc"))), None),
    "error cell": (lambda: with_rows(row_xml('<c r="A1" t="e"><v>#DIV/0!</v></c>')), None),
    "formula without value": (lambda: with_rows(row_xml('<c r="A1"><f>1+1</f></c>')), None),
    "long text": (lambda: with_rows(row_xml(text_cell("A1", "Ы" * 40_000))), None),
    "UTF-16": (utf16_sheet, None),
    "no styles": (without_styles, None),
    "broken styles": (broken_styles, None),
    "broken properties": (broken_properties, None),
    "endless date": (endless_date, None),
    "merged header": (merged_header, None),
    "hidden sheet": (hidden_sheet, None),
    "chart first": (chart_first, None),
    "epoch of 1904": (epoch_1904, None),
    "formula with a value": (lambda: with_rows(row_xml('<c r="A1"><f>1+1</f><v>2</v></c>')), None),
    "formula that calls a program": (
        lambda: with_rows(row_xml('<c r="A1"><f>CMD|" /C calc"!A0</f></c>', number_cell("B1"))),
        None,
    ),
    "formula with a link": (
        lambda: with_rows(row_xml('<c r="A1"><f>HYPERLINK("http://evil.example","x")</f><v>1</v></c>')),
        None,
    ),
    "escaped controls": (lambda: with_rows(row_xml(text_cell("A1", "abc_x0000_def_x001F_"))), None),
    "invisible signs": (lambda: with_rows(row_xml(text_cell("A1", "Шко\u200bла\u202e\ufeff\u00a0№1"))), None),
    "unknown style": (lambda: with_rows(row_xml('<c r="A1" s="9999"><v>1</v></c>')), None),
    "lying dimension": (
        lambda: packed(parts_of(sheet_xml(GOOD_ROWS).replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>'))),
        None,
    ),
    "huge dimension": (
        lambda: packed(
            parts_of(sheet_xml(GOOD_ROWS).replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')),
        ),
        None,
    ),
}

ALL: Final = {**CONTAINERS, **CONTENTS}


@cache
def made(name: str) -> bytes:
    """Return a file by its name; the heavy ones are built once."""
    return ALL[name][0]()
