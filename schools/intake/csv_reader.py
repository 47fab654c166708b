"""Reading of CSV files: `;`, comma or tab, UTF-8 with or without a mark, UTF-16 with a mark, or cp1251."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from schools.intake.cells import Book, CellValue, Row, Sheet
from schools.intake.cleaning import clean_text
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.refusals import Code, ReaderRefusal

DELIMITERS: Final = ";\t,"


def looks_like_csv(data: bytes) -> bool:
    """Answer whether the first line is text with delimiters; a workbook, a page and an OLE file are not."""
    if data[:2] in {b"PK", b"\xd0\xcf"} or data.lstrip()[:1] == b"<":
        return False
    is_utf16 = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    head = data[:4096].splitlines()[0] if data else b""
    return (is_utf16 or b"\x00" not in head) and any(mark in head for mark in (b";", b"\t", b","))


def read_csv(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return a book of one unnamed sheet; every cell is text. Raises ReaderRefusal."""
    text = decoded(data)
    header = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    rows = tuple(csv_rows(text, delimiter, limits))
    if not rows:
        raise ReaderRefusal(Code.NO_DATA, "В файле нет заполненных строк.", action="Проверьте, тот ли файл выбран.")
    return Book((Sheet("", rows),), is_csv=True)


def decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReaderRefusal(
        Code.ENCODING,
        "Не удалось определить кодировку файла.",
        expected="CSV в кодировке UTF-8",
        action="В Excel выберите «Сохранить как» → «CSV UTF-8».",
    )


def csv_rows(text: str, delimiter: str, limits: Limits) -> Iterator[Row]:
    reader = csv.reader(checked_lines(text, limits), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise broken(number, "незакрытая кавычка") from None
        if reader.line_num > limits.csv_rows:
            raise ReaderRefusal(
                Code.TOO_MANY_ROWS,
                f"Строк больше {limits.csv_rows}.",
                action="Разделите файл на части.",
            )
        cells: tuple[CellValue, ...] = tuple(clean_text(cell)[: limits.text_chars] or None for cell in fields)
        if any(cells):
            yield Row(number, cells)


def checked_lines(text: str, limits: Limits) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > limits.csv_line_chars:
            raise broken(number, "строка длиннее 64 КБ")
        if "\x00" in line:
            raise broken(number, "недопустимые символы")
        yield line


def broken(number: int, what: str) -> ReaderRefusal:
    return ReaderRefusal(
        Code.CSV_BROKEN,
        f"Строка {number}: {what}.",
        expected="таблица CSV с разделителем «;»",
        action="Исправьте строку и загрузите файл ещё раз.",
    )
