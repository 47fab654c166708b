"""Finding a table in a sheet by the words of its header, never by position."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Final

from schools.intake.cells import BadCell, CellValue, Row, Sheet, column_letter
from schools.intake.refusals import Code, LayoutRefusal

HEADER_WITHIN_ROWS: Final = 20
SIMILAR_FROM: Final = 0.6  # of difflib: «Число участников» and «Участников» are alike
QUOTES: Final = re.compile("[«»\"'„“”*]")
SHORTENED: Final = (("кол-во", "количество"), ("кол - во", "количество"), ("наимен.", "наименование"))


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a layout. title stands in our messages and templates, synonyms are other spellings of files."""

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    is_required: bool = True

    @cached_property
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
    return normalised_text(str(value))


@lru_cache(maxsize=4096)
def normalised_text(text: str) -> str:
    """Return a text for comparison. Kept: every layout looks at the same first rows of a file."""
    text = QUOTES.sub("", text).casefold().replace("ё", "е")
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
    """Return the row among the first twenty with the most known titles, at least two of them and one of words.

    Numbers among the data spell the titles «2» … «5» of marks too.
    """
    candidates = sheet.head(HEADER_WITHIN_ROWS)
    matches = [(row, match_row(row, columns)) for row in candidates]
    best = max(matches, key=lambda match: len(match[1]), default=None)
    return best if best and len(best[1]) >= 2 and has_words(*best) else None


def has_words(row: Row, found: dict[str, list[int]]) -> bool:
    return any(not normalised(row.at(positions[0])).isdecimal() for positions in found.values())


def has_header(sheet: Sheet, columns: Sequence[Column]) -> bool:
    """Answer whether all required columns stand in one row near the top."""
    best = best_row(sheet, columns)
    return best is not None and all(column.key in best[1] for column in columns if column.is_required)


def locate(sheet: Sheet, columns: Sequence[Column]) -> Header:
    """Return the header of the table. Raises LayoutRefusal naming what was found and what is expected."""
    best = best_row(sheet, columns)
    if best is None:
        for row in sheet.rows[:HEADER_WITHIN_ROWS]:
            if match_row(row, columns):  # one title at least: a merge may hide the others
                refuse_merged(sheet, row)
        raise header_missing(sheet, columns)
    row, found = best
    refuse_merged(sheet, row)  # first: the cells behind a merged one are empty, their columns only seem to be missing
    refuse_missing(sheet, row, columns, found)
    refuse_repeated(sheet, columns, found)
    taken = {positions[0] for positions in found.values()}
    return Header(
        row=row.number,
        positions={key: positions[0] for key, positions in found.items()},
        titles={column.key: column.title for column in columns},
        extra=tuple(str(cell) for i, cell in enumerate(row.cells) if cell is not None and i not in taken),
    )


def listed(titles: Sequence[str]) -> str:
    return ", ".join(f"«{title}»" for title in titles)


def masked(titles: Sequence[str], columns: Sequence[Column] = ()) -> str:
    """Return the cells of a row that may hold data: known titles as they are, of others the first letter.

    A file that is not recognised may be a list of pupils: a refusal is stored and must not repeat it.
    """
    known = frozenset().union(*(column.spellings for column in columns))
    return listed([title if normalised(title) in known else first_letter(title) for title in titles])


def first_letter(text: str) -> str:
    start = text.strip()[:1]
    return f"{start if start.isalpha() else ''}…"


def titles_of(row: Row) -> list[str]:
    return [str(cell) for cell in row.cells if cell is not None and not isinstance(cell, BadCell)]


def header_missing(sheet: Sheet, columns: Sequence[Column]) -> LayoutRefusal:
    fullest = max(sheet.rows[:HEADER_WITHIN_ROWS], key=lambda row: len(titles_of(row)), default=None)
    return LayoutRefusal(
        Code.COLUMN_MISSING,
        f"{place(sheet)}не найдена строка заголовков.",
        found=masked(titles_of(fullest)[:10], columns) if fullest else "пустой лист",
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
        f"{similar(missing, row, taken={at for positions in found.values() for at in positions})}",
        found=listed(present[:20]),
        expected=listed([column.title for column in columns if column.is_required]),
        action="Верните заголовки столбцов и загрузите файл ещё раз.",
    )


def similar(missing: Sequence[str], row: Row, *, taken: Collection[int] = ()) -> str:
    """Return « На «Количество» похоже «Кол.» (столбец D).» for each missing title that a free one looks like."""
    free = {normalised(cell): i for i, cell in enumerate(row.cells) if isinstance(cell, str) and i not in taken}
    words = ""
    for title in missing:
        if close := get_close_matches(normalised(title), free, n=1, cutoff=SIMILAR_FROM):
            at = free.pop(close[0])
            words += f" На «{title}» похоже «{row.at(at)}» (столбец {column_letter(at)})."
    return words


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
