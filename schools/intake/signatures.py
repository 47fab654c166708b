"""Files that are no tables at all, told by their first bytes: a picture or a scan is named as what it is."""

from typing import Final, NamedTuple


class Foreign(NamedTuple):
    """A kind of files that hold no cells, and what to do with one."""

    kind: str
    action: str


NO_CELLS: Final = "Загрузите саму таблицу: снимок или печатный вид портал не читает."
UNPACK: Final = "Распакуйте архив и загрузите файлы из него или сложите их в архив .zip."
SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", Foreign("рисунок PNG", NO_CELLS)),
    (b"\xff\xd8\xff", Foreign("фотография JPEG", NO_CELLS)),
    (b"GIF8", Foreign("рисунок GIF", NO_CELLS)),
    (b"%PDF-", Foreign("документ PDF", NO_CELLS)),
    (b"{\\rtf", Foreign("документ RTF", NO_CELLS)),
    (b"Rar!\x1a\x07", Foreign("архив RAR", UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Foreign("архив 7z", UNPACK)),
    (b"\x1f\x8b", Foreign("архив gzip", UNPACK)),
)


def foreign_kind(data: bytes) -> Foreign | None:
    """Return what a file of a known other kind is, None for any other bytes."""
    return next((foreign for signature, foreign in SIGNATURES if data.startswith(signature)), None)
