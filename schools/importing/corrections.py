"""Cells that a person puts right on the page: kept beside the file, applied before its layout reads it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from schools.importing.errors import CorrectionRefused
from schools.intake.cleaning import clean_text
from schools.models import ImportFile

CELL: Final = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
LONGEST: Final = 200
MOST: Final = 1_000  # a file with more mistakes is better mended by its author
Corrections = dict[str, dict[str, str]]  # sheet -> cell «C7» -> value


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What a cell should hold; an empty value takes the correction back."""

    sheet: str
    cell: str
    value: str


def is_correctable(file: ImportFile) -> bool:
    """Answer whether the cells of a file can be put right: of a file on pupils the bytes are not kept."""
    return bool(file.content)


def corrected(known: Mapping[str, Mapping[str, str]], given: Iterable[Correction]) -> Corrections:
    """Return the corrections of a file with new ones laid over. Raises CorrectionRefused naming what does not fit."""
    result: Corrections = {sheet: dict(cells) for sheet, cells in known.items()}
    for one in given:
        cell = one.cell.strip().upper()
        if not CELL.fullmatch(cell):
            raise CorrectionRefused(f"Ячейки «{one.cell[:20]}» не бывает. Укажите столбец буквами и строку: C7.")
        value = clean_text(one.value)
        if len(value) > LONGEST:
            raise CorrectionRefused(f"Ячейка {cell}: значение длиннее {LONGEST} знаков. Сократите его.")
        if value:
            result.setdefault(one.sheet, {})[cell] = value
        else:
            result.get(one.sheet, {}).pop(cell, None)
    if (total := number_of(result)) > MOST:
        raise CorrectionRefused(
            f"Исправлений {total}, а можно не больше {MOST}. Исправьте файл и загрузите его заново."
        )
    return {sheet: cells for sheet, cells in result.items() if cells}


def number_of(corrections: Mapping[str, Mapping[str, str]]) -> int:
    return sum(len(cells) for cells in corrections.values())


def told(corrections: Mapping[str, Mapping[str, str]]) -> list[Correction]:
    """Return the corrections of a file one by one, by place."""
    return [
        Correction(sheet=sheet, cell=cell, value=value)
        for sheet, cells in sorted(corrections.items())
        for cell, value in sorted(cells.items(), key=lambda item: place_of(item[0]))
    ]


def place_of(cell: str) -> tuple[int, str]:
    """Return row and column of «C7», for ordering."""
    letters = cell.rstrip("0123456789")
    return int(cell.removeprefix(letters)), letters.rjust(3)
