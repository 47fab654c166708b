"""Reading of CSV files: `;`, comma or tab; UTF-8 with or without a mark, UTF-16, or a Russian encoding of one byte."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from schools.intake.cells import BadCell, Book, CellValue, Row, Sheet
from schools.intake.cleaning import clean_text
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.refusals import Code, ReaderRefusal
from schools.intake.signatures import foreign_kind

DELIMITERS: Final = ";\t,"  # in the order of preference
DELIMITER_LINE: Final = "sep="  # Excel writes and understands it as the first line
LINES_LOOKED_AT: Final = 20
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
ONE_BYTE: Final = ("cp1251", "cp866", "koi8-r")
FREQUENT: Final = frozenset("оеаинтсрвлкмдпуяОЕАИНТСРВЛКМДПУЯ")  # nine of ten letters of a Russian text
FREQUENT_FROM: Final = 0.6  # share of frequent letters in what is not ASCII: 0.9 of a text, 0.5 of a misread one
SPECIAL_SIGNS: Final = "«»№–—…„“”’ \u00a0"


def looks_like_csv(data: bytes) -> bool:
    """Answer whether the first lines are text with delimiters; a workbook, a page and an OLE file are not."""
    if data[:2] in {b"PK", b"\xd0\xcf"} or data.lstrip()[:1] == b"<" or foreign_kind(data):
        return False
    is_utf16 = utf16_of(data) is not None
    head = b"\n".join(data[:4096].splitlines()[:LINES_LOOKED_AT])
    first = head.split(b"\n", 1)[0]
    return (is_utf16 or b"\x00" not in first) and any(mark in head for mark in (b";", b"\t", b","))


def utf16_of(data: bytes) -> str | None:
    """Return the name of the encoding when the file is UTF-16, with a mark or with every second byte empty."""
    if data[:2] in UTF16_MARKS:
        return "utf-16"
    head = data[:64]
    is_latin_head = len(head) >= 8 and head[1::2].count(0) > len(head) // 4 and 0 not in head[::2]
    return "utf-16-le" if is_latin_head else None


def read_csv(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return a book of one unnamed sheet; every cell is text. Raises ReaderRefusal."""
    text = decoded(data)
    rows = tuple(csv_rows(text, delimiter_of(text), limits))
    if not rows:
        raise ReaderRefusal(Code.NO_DATA, "В файле нет заполненных строк.", action="Проверьте, тот ли файл выбран.")
    return Book((Sheet("", rows),), is_csv=True)


def decoded(data: bytes) -> str:
    """Return the text of a file. Raises ReaderRefusal where no encoding gives Russian words."""
    if text := reading(data, utf16_of(data) or "utf-8-sig"):
        return text
    best = max((reading(data, encoding) for encoding in ONE_BYTE), key=russian_share)
    if russian_share(best) >= FREQUENT_FROM:
        return best
    raise ReaderRefusal(
        Code.ENCODING,
        "Не удалось определить кодировку файла.",
        expected="CSV в кодировке UTF-8",
        action="В Excel выберите «Сохранить как» → «CSV UTF-8».",
    )


def reading(data: bytes, encoding: str) -> str:
    """Return the text, or an empty one when the bytes cannot be in this encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def russian_share(text: str) -> float:
    """Return how much of what is not ASCII are frequent Russian letters; quotes, dashes and «№» do not count."""
    signs = Counter(sign for sign in text[:20_000] if not sign.isascii() and sign not in SPECIAL_SIGNS)
    total = signs.total()
    return sum(count for sign, count in signs.items() if sign in FREQUENT) / total if total else float(bool(text))


def delimiter_of(text: str) -> str:
    """Return the sign that most of the first lines have equally often: decimal commas and commas of titles vary."""
    lines = [line for line in islice(io.StringIO(text), LINES_LOOKED_AT) if line.strip()]
    declared = lines[0].removeprefix(DELIMITER_LINE).strip("\r\n") if lines else ""
    if declared in tuple(DELIMITERS):
        return declared
    return max(DELIMITERS, key=lambda sign: evenness([line.count(sign) for line in lines]))


def evenness(counts: list[int]) -> tuple[int, int]:
    """Return how many lines share the commonest count above 0, and that count."""
    common = Counter(count for count in counts if count).most_common(1)
    return (common[0][1], common[0][0]) if common else (0, 0)


def csv_rows(text: str, delimiter: str, limits: Limits) -> Iterator[Row]:
    reader = csv.reader(checked_lines(text, limits), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise broken(number, quote_words(str(error))) from None
        if reader.line_num > limits.csv_rows:
            raise ReaderRefusal(
                Code.TOO_MANY_ROWS,
                f"Строк больше {limits.csv_rows}.",
                action="Разделите файл на части.",
            )
        if number == 1 and text.startswith(DELIMITER_LINE):
            continue
        cells = tuple(cell_of(field, limits) for field in fields)
        if any(cells):
            yield Row(number, cells)


def cell_of(field: str, limits: Limits) -> CellValue:
    if len(field) > limits.text_chars:
        limit = f"{limits.text_chars:,}".replace(",", "\u00a0")
        return BadCell(f"{field[:40]}…", f"текст длиннее {limit} символов")
    return clean_text(field) or None


def quote_words(error: str) -> str:
    """Return what is wrong with the quotes: the reader of the standard library knows two cases."""
    return "лишняя кавычка внутри текста" if "expected after" in error else "незакрытая кавычка"


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
        action="Исправьте строку и загрузите файл ещё раз. Кавычка внутри текста пишется дважды.",
    )
