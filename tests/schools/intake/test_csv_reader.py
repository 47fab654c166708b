"""CSV as people save it."""

import pytest

from schools.intake.cells import BadCell
from schools.intake.csv_reader import looks_like_csv, read_csv
from schools.intake.limits import Limits
from schools.intake.refusals import Code, Refusal

TABLE = "inn;name\n001;Школа\n"


def rows_of(data: bytes) -> list[tuple[object, ...]]:
    return [row.cells for row in read_csv(data).sheets[0].rows]


def refused(data: bytes, limits: Limits | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_csv(data, limits or Limits())
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    data = TABLE.encode(encoding)

    assert looks_like_csv(data)
    assert rows_of(data) == [("inn", "name"), ("001", "Школа")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiter_is_told_by_the_header(delimiter: str) -> None:
    assert rows_of(TABLE.replace(";", delimiter).encode()) == [("inn", "name"), ("001", "Школа")]


def test_blank_lines_are_left_out_and_numbers_stay() -> None:
    book = read_csv(b"a;b\n;\n\n1;2\n")

    assert [row.number for row in book.sheets[0].rows] == [1, 4]
    assert book.is_csv


def test_line_break_inside_quotes_is_text() -> None:
    assert rows_of(b'a;b\n"x\ny";2\n') == [("a", "b"), ("x\ny", "2")]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'a;b\n"x;2\n', "Строка 2: незакрытая кавычка."),
        (b"a;b\n1\x00;2\n", "Строка 2: недопустимые символы."),
        (b"a;b\n" + b"x" * 70_000, "Строка 2: строка длиннее 64 КБ."),
    ],
)
def test_broken_line_is_named(data: bytes, text: str) -> None:
    found = refused(data)

    assert found.code == Code.CSV_BROKEN
    assert found.what == text


def test_bytes_in_no_encoding_are_refused() -> None:
    assert refused(b"a;b\n\x98;2\n").code == Code.ENCODING


def test_too_many_lines_are_refused() -> None:
    assert refused(b"a;b\n" * 10, Limits(csv_rows=5)).code == Code.TOO_MANY_ROWS


def test_empty_table_is_refused() -> None:
    assert refused(b";\n").code == Code.NO_DATA


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04;", b"<html>;", b"\xd0\xcf\x11;", b"one word", b"a\x00;b"])
def test_other_files_are_no_csv(data: bytes) -> None:
    assert not looks_like_csv(data)


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
def test_russian_words_tell_the_encoding_of_one_byte(encoding: str) -> None:
    data = "inn;name\n001;МБОУ СОШ Центральная\n".encode(encoding)

    assert rows_of(data)[1] == ("001", "МБОУ СОШ Центральная")


def test_utf16_without_its_mark_is_told_by_the_empty_bytes() -> None:
    data = TABLE.encode("utf-16-le")

    assert looks_like_csv(data)
    assert rows_of(data) == [("inn", "name"), ("001", "Школа")]


def test_cut_utf8_is_not_read_as_another_encoding() -> None:
    assert refused("inn;name\n001;Школа имени Ломоносова".encode()[:-1]).code == Code.ENCODING


@pytest.mark.parametrize("title", ["Отчёт, март, 2026, весна", "sep=;"])
def test_delimiter_is_that_of_the_table_and_not_of_the_line_above(title: str) -> None:
    data = f"{title}\ninn;name;mean\n001;Школа;4,5\n002;Школа;3,5\n".encode()

    assert rows_of(data)[-1] == ("002", "Школа", "3,5")


def test_line_that_declares_the_delimiter_is_no_row() -> None:
    assert rows_of(b"sep=;\na;b\n1;2\n") == [("a", "b"), ("1", "2")]


def test_quote_inside_a_text_is_told_from_an_open_one() -> None:
    assert refused('a;b\n"СОШ" № 1;2\n'.encode()).what == "Строка 2: лишняя кавычка внутри текста."
    assert rows_of('a;b\nМБОУ "СОШ";2\n'.encode())[1] == ('МБОУ "СОШ"', "2")


def test_endless_field_is_marked_and_not_cut() -> None:
    cell = rows_of(b"a;b\n" + b"x" * 2001 + b";2\n")[1][0]

    assert cell == BadCell("x" * 40 + "…", "текст длиннее 2\u00a0000 символов")
