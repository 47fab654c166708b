"""Finding a table in a sheet by the words of its header, never by position."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from schools.intake.cells import BadCell, CellValue, Row, Sheet, column_letter
from schools.intake.refusals import Code, LayoutRefusal

HEADER_WITHIN_ROWS: Final = 20
QUOTES: Final = re.compile("[«»\"'„“”*]")
SHORTENED: Final = (("кол-во", "количество"), ("кол - во", "количество"), ("наимен.", "наименование"))


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a layout. title stands in our messages and templates, synonyms are other spellings of files."""

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    is_required: bool = True

    @property
    def spellings(self) -> frozenset[str]:
        return frozenset(normalised(text) for text in (self.title, *self.synonyms))


@dataclass(frozen=True, kw_only=True)
class Header:
    """Where the header of a table stands; positions: key of a column -> 0-based position."""

    row: int
    positions: dict[str, int]
    titles: dict[str, str]
    extra: tuple[str, ...]  # titles in the file that no column asked for

    def cell(self, row: Row, key: str) -> CellValue:
        return row.at(self.positions[key]) if key in self.positions else None

    def title(self, key: str) -> str:
        return self.titles[key]


def normalised(value: CellValue) -> str:
    """Return a title for comparison: lower case, ё as е, no quotes, single blanks, known abbreviations spelled out."""
    if value is None or isinstance(value, BadCell):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = QUOTES.sub("", str(value)).casefold().replace("ё", "е")
    for short, full in SHORTENED:
        text = text.replace(short, full)
    text = re.sub(r"\s*\(\s*", " (", text)
    text = re.sub(r"\s*([<>=])\s*", r" \1 ", text)
    return re.sub(r"\s+", " ", text).strip(" .:;,")


def match_row(row: Row, columns: Sequence[Column]) -> dict[str, list[int]]:
    """Return key -> all positions whose title is a spelling of the column."""
    titles = [normalised(cell) for cell in row.cells]
    return {
        column.key: found
        for column in columns
        if (found := [i for i, title in enumerate(titles) if title in column.spellings])
    }


def best_row(sheet: Sheet, columns: Sequence[Column]) -> tuple[Row, dict[str, list[int]]] | None:
    """Return the row among the first twenty with the most known titles, at least two of them."""
    candidates = [row for row in sheet.rows if row.number <= HEADER_WITHIN_ROWS]
    matches = [(row, match_row(row, columns)) for row in candidates]
    best = max(matches, key=lambda match: len(match[1]), default=None)
    return best if best and len(best[1]) >= 2 else None


def has_header(sheet: Sheet, columns: Sequence[Column]) -> bool:
    """Answer whether all required columns stand in one row near the top."""
    best = best_row(sheet, columns)
    return best is not None and all(column.key in best[1] for column in columns if column.is_required)


def locate(sheet: Sheet, columns: Sequence[Column]) -> Header:
    """Return the header of the table. Raises LayoutRefusal naming what was found and what is expected."""
    best = best_row(sheet, columns)
    if best is None:
        raise header_missing(sheet, columns)
    row, found = best
    refuse_missing(sheet, row, columns, found)
    refuse_repeated(sheet, columns, found)
    refuse_merged(sheet, row)
    taken = {positions[0] for positions in found.values()}
    return Header(
        row=row.number,
        positions={key: positions[0] for key, positions in found.items()},
        titles={column.key: column.title for column in columns},
        extra=tuple(str(cell) for i, cell in enumerate(row.cells) if cell is not None and i not in taken),
    )


def listed(titles: Sequence[str]) -> str:
    return ", ".join(f"«{title}»" for title in titles)


def titles_of(row: Row) -> list[str]:
    return [str(cell) for cell in row.cells if cell is not None and not isinstance(cell, BadCell)]


def header_missing(sheet: Sheet, columns: Sequence[Column]) -> LayoutRefusal:
    fullest = max(sheet.rows[:HEADER_WITHIN_ROWS], key=lambda row: len(titles_of(row)), default=None)
    return LayoutRefusal(
        Code.COLUMN_MISSING,
        f"{place(sheet)}не найдена строка заголовков.",
        found=listed(titles_of(fullest)[:10]) if fullest else "пустой лист",
        expected=listed([column.title for column in columns if column.is_required]),
        action="Проверьте, тот ли файл выбран, и верните заголовки столбцов.",
    )


def refuse_missing(sheet: Sheet, row: Row, columns: Sequence[Column], found: dict[str, list[int]]) -> None:
    missing = [column.title for column in columns if column.is_required and column.key not in found]
    if not missing:
        return
    present = titles_of(row)
    raise LayoutRefusal(
        Code.COLUMN_MISSING,
        f"{place(sheet)}строка {row.number}: нет {'столбца' if len(missing) == 1 else 'столбцов'} {listed(missing)}."
        f"{similar(missing, row)}",
        found=listed(present[:20]),
        expected=listed([column.title for column in columns if column.is_required]),
        action="Верните заголовки столбцов и загрузите файл ещё раз.",
    )


def similar(missing: Sequence[str], row: Row) -> str:
    """Return « Похоже на «Кол-во» (столбец D).» for the first title that looks like a missing one."""
    titles = {normalised(cell): i for i, cell in enumerate(row.cells) if isinstance(cell, str)}
    for title in missing:
        if close := get_close_matches(normalised(title), titles, n=1, cutoff=0.6):
            at = titles[close[0]]
            return f" На «{title}» похоже «{row.at(at)}» (столбец {column_letter(at)})."
    return ""


def refuse_repeated(sheet: Sheet, columns: Sequence[Column], found: dict[str, list[int]]) -> None:
    for column in columns:
        if len(found.get(column.key, ())) > 1:
            letters = " и ".join(column_letter(i) for i in found[column.key])
            raise LayoutRefusal(
                Code.COLUMN_TWICE,
                f"{place(sheet)}столбец «{column.title}» встречается дважды: {letters}.",
                action="Оставьте один из них и загрузите файл ещё раз.",
            )


def refuse_merged(sheet: Sheet, row: Row) -> None:
    for merge in sheet.merges:
        if merge.first_row <= row.number <= merge.last_row:
            raise LayoutRefusal(
                Code.MERGED_HEADER,
                f"{place(sheet)}объединённые ячейки в строке заголовков: {merge}.",
                action="Снимите объединение и загрузите файл ещё раз.",
            )


def place(sheet: Sheet) -> str:
    return f"Лист «{sheet.name}», " if sheet.name else "Файл: "
