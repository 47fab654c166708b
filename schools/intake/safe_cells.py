"""Writing texts of people into a workbook: a text stays a text, whatever it begins with."""

import re
from typing import Final

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
LONGEST_TEXT: Final = 32_767
LONGEST_TITLE: Final = 31


def put(sheet: Worksheet, row: int, column: int, value: str | float | None) -> Cell:
    """Write one value; texts that a spreadsheet could run get the quote prefix and are never formulas."""
    cell = sheet.cell(row=row, column=column)
    if isinstance(cell, MergedCell):
        raise TypeError(cell.coordinate)
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
    return cell


def put_text(cell: Cell, text: str) -> None:
    cell.value = ILLEGAL.sub("", text)[:LONGEST_TEXT]
    if text.startswith(FORMULA_STARTS):
        cell.data_type = "s"
        cell.quotePrefix = True


def safe_title(text: str) -> str:
    """Return a title that Excel accepts for a sheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", ILLEGAL.sub("", text)).strip("' ")[:LONGEST_TITLE] or "Лист"
