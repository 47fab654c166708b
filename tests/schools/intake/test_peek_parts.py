"""Pieces that the look at bytes takes of a file, and how it understands their letters."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake import peek
from schools.intake.limits import Limits
from schools.intake.peek import (
    BROKEN_LETTERS,
    HEAD_BYTES,
    OVERLAP,
    NotLookedThrough,
    decoded,
    has_wide_words,
    may_hold_persons,
    pieces,
    tells_of_persons,
)
from tests.factories.workbooks import packed, parts_of

WORDS = ("фамилия", "код участника")
LIMITS = Limits()


def sizes(found: Iterator[bytes]) -> list[int]:
    return [len(piece) for piece in found]


# Letters


@pytest.mark.parametrize("spelling", ["фамилия", "ФАМИЛИЯ", "Фамилия", "Ваша фамилия:", "Код\tКод участника"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_word_is_found_in_any_case_and_encoding_of_a_text(spelling: str, encoding: str) -> None:
    assert tells_of_persons(f"Сведения школы о работе; {spelling}\n".encode(encoding), WORDS)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_word_of_two_bytes_a_letter_is_found_at_any_byte(encoding: str) -> None:
    for shift in (b"", b"\x01"):
        assert tells_of_persons(b"\x00" + shift + "Фамилия".encode(encoding), WORDS)


@pytest.mark.parametrize("letter", ["&#1092;", "&#x444;", "&#X0444;", "&#1103;", "&#x410;"])
def test_letters_written_as_numbers_are_suspected(letter: str) -> None:
    assert tells_of_persons(letter.encode(), ())


@pytest.mark.parametrize("letter", ["&#160;", "&#8470;", "&#10;", "&#x41;", "&#1200;", "&amp;"])
def test_other_signs_written_as_numbers_are_not(letter: str) -> None:
    assert not tells_of_persons(letter.encode(), ())


@pytest.mark.parametrize("text", ["", "школа;участников", "фам илия", "кодучастника", "surname"])
def test_text_without_the_words_is_not_suspected(text: str) -> None:
    assert not tells_of_persons(text.encode(), WORDS)


def test_wide_words_are_known_in_three_spellings() -> None:
    found = [has_wide_words(text.encode("utf-16-le"), WORDS) for text in ("фамилия", "ФАМИЛИЯ", "Фамилия", "фАМИЛИЯ")]

    assert found == [True, True, True, False]


@settings(max_examples=60)
@given(st.text("абвгд ежз;1", min_size=1, max_size=60), st.integers(0, 1), st.integers(0, 1))
def test_text_cut_inside_letters_is_still_read_as_it_was_written(text: str, start: int, end: int) -> None:
    data = text.encode()
    read = decoded(data[start : len(data) - end])

    assert read.strip("\ufffd") in text


def test_bytes_broken_too_often_are_read_as_an_old_encoding() -> None:
    assert decoded("я".encode("cp1251") * (BROKEN_LETTERS + 1)) == "я" * (BROKEN_LETTERS + 1)


# Pieces


@pytest.mark.parametrize("data", [b"", b"inn;year\n1;2026\n", b"\xd0\xcf\x11\xe0" * 10])
def test_file_that_is_no_archive_is_one_piece(data: bytes) -> None:
    assert list(pieces(data, LIMITS)) == [data]


def test_texts_of_a_workbook_are_taken_whole_with_an_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peek, "CHUNK", 1_000)
    data = packed({"xl/sharedStrings.xml": b"x" * 2_500})

    assert sizes(pieces(data, LIMITS)) == [1_000, 1_000 + OVERLAP, 500 + OVERLAP]


@pytest.mark.parametrize("name", ["xl/sharedstrings.xml", "XL/SHAREDSTRINGS.XML"])
def test_name_of_the_texts_is_known_in_any_case(name: str) -> None:
    data = packed({name: b" " * (HEAD_BYTES + 10) + "Фамилия".encode()})

    assert may_hold_persons(data)


def test_other_parts_are_taken_by_their_heads() -> None:
    data = packed({"xl/worksheets/sheet1.xml": b"x" * (HEAD_BYTES + 10), "xl/styles.xml": b"x" * 5})

    assert sizes(pieces(data, LIMITS)) == [HEAD_BYTES, 5]


def test_parts_beyond_the_limit_are_not_taken() -> None:
    data = packed({f"{number}.xml": b"x" for number in range(10)})

    assert sizes(pieces(data, Limits(members=3))) == [1, 1, 1]


def test_empty_archive_has_no_pieces() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w"):
        pass

    assert list(pieces(stream.getvalue(), LIMITS)) in ([], [stream.getvalue()])
    assert not may_hold_persons(stream.getvalue())


def test_damaged_part_is_told_apart_from_an_ordinary_one() -> None:
    data = bytearray(packed({"xl/sharedStrings.xml": b"<sst/>" * 100}))
    place = data.index(b"sharedStrings.xml") + len("sharedStrings.xml")
    data[place : place + 8] = b"\xff" * 8

    with pytest.raises(NotLookedThrough):
        list(pieces(bytes(data), LIMITS))
    assert may_hold_persons(bytes(data))


def test_limit_of_bytes_is_that_of_all_parts_together() -> None:
    data = packed({f"{number}.xml": b"x" * 100 for number in range(5)})

    assert not may_hold_persons(data, Limits(unpacked_bytes=500))
    assert may_hold_persons(data, Limits(unpacked_bytes=499))


@settings(max_examples=40)
@given(st.integers(0, 3_000), st.sampled_from(WORDS))
def test_word_is_found_wherever_it_stands_in_the_texts(place: int, word: str) -> None:
    strings = "<t>число</t>" * 300

    assert may_hold_persons(packed({**parts_of(), "xl/sharedStrings.xml": f"{strings[:place]}{word}".encode()}))
