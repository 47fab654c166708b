"""Files of other kinds are called by their kind, and what to do fits it."""

import pytest

from schools.intake.gate import SAVE_AS
from schools.intake.parse import parse_file
from schools.intake.refusals import Code, GateRefusal
from schools.intake.signatures import NO_CELLS, SIGNATURES, UNPACK

TABLE = "ИНН;Участников\n0000100001;40\n".encode()


@pytest.mark.parametrize(
    ("begins", "kind", "action"),
    [
        (b"\x89PNG\r\n\x1a\n,;", "рисунок PNG", NO_CELLS),
        (b"\xff\xd8\xff\xe0,;", "фотография JPEG", NO_CELLS),
        (b"%PDF-1.7\n1;2,3\n", "документ PDF", NO_CELLS),
        (b"Rar!\x1a\x07\x01\x00;", "архив RAR", UNPACK),
        (b"7z\xbc\xaf\x27\x1c;", "архив 7z", UNPACK),
        (b"plain words", "текст или файл другого вида", SAVE_AS),
    ],
)
def test_file_of_another_kind_is_named(begins: bytes, kind: str, action: str) -> None:
    with pytest.raises(GateRefusal) as refused:
        parse_file(begins + b"\x00" * 600)

    refusal = refused.value
    assert (refusal.code, refusal.found, refusal.action) == (Code.NOT_WORKBOOK, kind, action)


def test_signatures_leave_tables_alone() -> None:
    assert not any(TABLE.startswith(signature) for signature, _ in SIGNATURES)
