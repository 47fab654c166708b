"""A cheap look at uploaded bytes, in memory: may there be single pupils in them?

A suspected file is read at once, while its bytes are in memory only; the others are stored and read by a job. So a
false alarm costs a second, and a miss would put pupils on the disk: what cannot be looked through is suspected.
Source: domain specification, 7.1.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final

from schools.intake.gate import OLE_MAGIC, ZIP_MAGIC
from schools.intake.layouts import signs
from schools.intake.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from schools.intake.signatures import foreign_kind

STRINGS_PART: Final = "xl/sharedstrings.xml"  # the texts of all cells of a workbook that Excel wrote
HEAD_BYTES: Final = 256 * 1024  # of other parts: the header of a table stands in its beginning
CHUNK: Final = MEBIBYTE
OVERLAP: Final = 256  # a word may lie across two chunks
CYRILLIC_AS_NUMBERS: Final = re.compile(rb"&#(?:10[4-9]\d|110\d|x0?4[0-5][0-9a-f]);", re.IGNORECASE)
BROKEN_LETTERS: Final = 6  # at the ends of a chunk
WIDE: Final = ("utf-16-le", "utf-16-be")  # texts inside old binary workbooks stand at any byte


class NotLookedThrough(Exception):  # noqa: N818  a signal inside this module
    """The bytes are damaged, encrypted or packed once more."""


def may_hold_persons(data: bytes, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Answer whether a file must be read before anything of it is stored."""
    words = signs()
    left = limits.unpacked_bytes
    try:
        for piece in pieces(data, limits):
            left -= len(piece)
            if left < 0 or tells_of_persons(piece, words):
                return True
    except NotLookedThrough:
        return True
    return False


def tells_of_persons(piece: bytes, words: Sequence[str]) -> bool:
    if CYRILLIC_AS_NUMBERS.search(piece) or (b"\x00" in piece and has_wide_words(piece, words)):
        return True
    text = decoded(piece).casefold()
    return any(word in text for word in words)


def has_wide_words(piece: bytes, words: Sequence[str]) -> bool:
    spelled = (spelling for word in words for spelling in (word, word.upper(), word.capitalize()))
    return any(spelling.encode(encoding) in piece for spelling in spelled for encoding in WIDE)


def decoded(piece: bytes) -> str:
    """Return a piece as text; a chunk may begin and end inside a letter, a Russian CSV may be in cp1251."""
    text = piece.decode("utf-8", "replace")
    return text if text.count("\ufffd") <= BROKEN_LETTERS else piece.decode("cp1251", "replace")


def pieces(data: bytes, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes to look through: texts of a workbook, heads of its other parts, or any other file whole."""
    if data.startswith(OLE_MAGIC) or foreign_kind(data):
        raise NotLookedThrough  # the gate refuses it by its first bytes: nothing of it need be stored
    if not data.startswith(ZIP_MAGIC):
        yield data
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[: limits.members]:
                yield from member_pieces(archive, member)
    except Exception as error:  # zipfile and zlib raise many unrelated types on damaged archives
        raise NotLookedThrough from error


def member_pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    is_whole = member.filename.casefold() == STRINGS_PART
    tail = b""
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK if is_whole else HEAD_BYTES):
            if not tail and chunk.startswith(ZIP_MAGIC):
                raise NotLookedThrough
            yield tail + chunk
            tail = chunk[-OVERLAP:]
            if not is_whole:
                return
