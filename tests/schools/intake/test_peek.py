"""A look at the bytes: files on single persons are suspected whatever their format, ordinary ones are not."""

import pytest

from schools.intake.layouts import signs
from schools.intake.limits import Limits
from schools.intake.peek import may_hold_persons
from tests.factories.federal import (
    FIRST,
    HISTOGRAM,
    collection_form,
    make_pupils,
    protocol_csv,
    protocol_dense,
    protocol_sparse,
    pupils_file,
    scores_file,
)
from tests.factories.workbooks import (
    federal_journal,
    federal_marks,
    packed,
    parts_of,
    row_xml,
    sheet_xml,
    text_cell,
    with_rows,
    workbook,
)

PUPILS = pupils_file({FIRST: make_pupils(3)})
SUSPECTED = {
    "individual results": PUPILS,
    "dense protocol": protocol_dense(),
    "sparse protocol": protocol_sparse(),
    "protocol as csv": protocol_csv(),
    "collection form": collection_form(),
    "cp1251": "Школа;ФАМИЛИЯ;Имя\n1;Примерова;Анна\n".encode("cp1251"),
    "utf-16": "Школа\tФамилия\n1\tПримерова\n".encode("utf-16"),
    "old xls": bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 600 + "Код участника".encode("utf-16-le"),
    "inline strings": with_rows(row_xml(text_cell("A1", "Код участника"))),
    "letters as numbers": with_rows(row_xml(text_cell("A1", "&#1050;&#1086;&#1076;"))),
    "utf-16 parts": packed(
        {
            **parts_of(),
            "xl/sharedStrings.xml": "<sst>Код участника</sst>".encode("utf-16"),
        },
    ),
    "a packed table in a document": packed({**parts_of(), "xl/media/a.bin": packed({"a.csv": "Фамилия".encode()})}),
    "an archive of another kind": b"Rar!\x1a\x07\x00" + b"\x00" * 60,
    "a protected workbook": bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"),
    "a table deep in a text document": packed({"content.xml": "<p>Фамилия</p>".encode()}),
}
ORDINARY = {
    "marks": federal_marks({FIRST: (1, 1, 1, 1)}),
    "journal": federal_journal({FIRST: (1, 1, 1)}),
    "scores": scores_file({FIRST: HISTOGRAM}),
    "plain": workbook([("Школа", "Участников"), ("МБОУ «СОШ № 1»", 25)]),
    "flat": b"inn;year;procedure;subject;grade;participants\n0000100037;2026;OGE;RU;9;40\n",
}


@pytest.mark.parametrize("name", SUSPECTED)
def test_file_on_single_persons_is_suspected(name: str) -> None:
    assert may_hold_persons(SUSPECTED[name])


@pytest.mark.parametrize("name", ORDINARY)
def test_file_of_sums_is_not_suspected(name: str) -> None:
    assert not may_hold_persons(ORDINARY[name])


def test_word_across_two_chunks_is_found() -> None:
    filler = "я" * (1024 * 1024 // 2 - 5)
    data = packed({**parts_of(), "xl/sharedStrings.xml": f"{filler}Код участника".encode()})

    assert may_hold_persons(data)


def test_word_at_the_end_of_long_strings_is_found() -> None:
    data = packed({**parts_of(), "xl/sharedStrings.xml": ("<t>число</t>" * 200_000 + "Код участника").encode()})

    assert may_hold_persons(data)


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", PUPILS[:-200], PUPILS[: len(PUPILS) // 2]])
def test_archive_that_cannot_be_looked_through_is_suspected(data: bytes) -> None:
    assert may_hold_persons(data)


def test_endless_archive_is_suspected_and_not_unpacked() -> None:
    data = packed({**parts_of(), "xl/sharedStrings.xml": b" " * 4_000_000})

    assert may_hold_persons(data, Limits(unpacked_bytes=1_000_000))


def test_signs_are_those_of_the_layouts_and_of_the_refused_files() -> None:
    assert {"код участника", "индивидуальные результаты", "фамилия", "surnamecell"} <= set(signs())


def test_sheet_far_below_its_head_is_not_looked_through() -> None:
    rows = "".join(row_xml(text_cell(f"A{n}", "школа"), number=n) for n in range(1, 9000))
    rows += row_xml(text_cell("A9000", "Фамилия"), number=9000)

    assert not may_hold_persons(packed(parts_of(sheet_xml(rows))))
