"""The forms SA-1, SA-2, SA-4 by their catalogue: for one school, or for many with the school in each line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schools.intake.headers import Column
from schools.intake.layouts.statistic_table import SCHOOL_COLUMNS, SHEET, columns_of, value_key
from schools.intake.rows import SchoolRef
from schools.intake.safe_cells import put
from schools.intake.statistic_values import LONGEST_TEXT, expected, shown_value
from schools.intake.template_meta import TemplateMeta
from schools.intake.templates_out.book import (
    BOX,
    FIRST_DAY,
    FIXED_FILL,
    HEADER_HEIGHT,
    LEAVE_EMPTY,
    LINE_HEIGHT,
    TEXT_FORMAT,
    UNLOCKED,
    finish,
    first_sheet,
    lines_high,
    protect,
    put_value,
    set_page,
    write_title,
)
from schools.statistics import Catalogue, Item, ItemKind, Lines, Section

HEADER_ROW: Final = 4
AREAS_OF_RULE: Final = 400  # programs read long lists of areas slowly or not at all
Check = tuple[ItemKind, Decimal, Decimal | None]
WIDTHS: Final = {"inn": 13, "name": 34, "number": 7, "title": 58, "unit": 12, "value": 18, "note": 34}
VALUE_WIDTH: Final = 13
FIXED_TEXT: Final = Alignment(horizontal="left", wrap_text=True, vertical="top", indent=1)
HELP: Final = (
    "Заполняйте только белые ячейки листа «Данные». Серые защищены.",
    "То, что портал уже знает, стоит в ячейках. Исправьте, что изменилось, и впишите, чего нет.",
    "Пустая ячейка значит «нет данных», 0 — «таких нет». Пустая ячейка не стирает то, что уже есть в портале.",
    "Часть не бывает больше целого: в столбце «Пояснение» написано, чего эта строка часть.",
    "Вносите только числа. Фамилии учителей, учеников и родителей в форму не вносите.",
    "Сохраните книгу в формате .xlsx и загрузите её в портал. До записи портал покажет, что изменится.",
)
FORM_HELP: Final[Mapping[str, tuple[str, ...]]] = {
    "SA-1": (),
    "SA-2": (
        "Строки А, Б и В — из скольких. Показатели 8, 9, 11 и 12 складываются в них.",
        "Показатель 10 — от 1 до 5; вместе с ним заполните методику и дату.",
        "«Всего» — по школе; сумма по уровням с ним сверяется.",
    ),
    "SA-4": (
        "Учителя, который ведёт несколько предметов, считайте один раз: там, где у него больше часов.",
        "Предмет, которого в школе нет, оставьте пустым.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A value as the portal keeps it."""

    value: Decimal | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class FilledSchool:
    """A school with what the portal knows: (item, section) -> value."""

    ref: SchoolRef
    values: Mapping[tuple[str, str], Stored] = field(default_factory=dict)


def statistic_template(
    catalogue: Catalogue,
    meta: TemplateMeta,
    owner: str,
    schools: Sequence[FilledSchool],
) -> bytes:
    """Return a form. owner: the school or the territory, as the heading names it; meta.inn tells which it is."""
    book, sheet = first_sheet(SHEET)
    StatisticSheet(catalogue, sheet, is_of_one=bool(meta.inn)).write(owner, meta, schools)
    title = f"Как заполнить форму {catalogue.form} «{catalogue.title}»"
    return finish(book, (title, *HELP, *FORM_HELP[catalogue.form]), meta)


@dataclass
class StatisticSheet:
    """The sheet «Данные» of one form."""

    catalogue: Catalogue
    sheet: Worksheet
    is_of_one: bool
    checked: dict[Check, list[tuple[int, int]]] = field(default_factory=dict)  # column and row of the cells

    @property
    def columns(self) -> tuple[Column, ...]:
        columns = columns_of(self.catalogue)
        return columns[len(SCHOOL_COLUMNS) :] if self.is_of_one else columns

    def write(self, owner: str, meta: TemplateMeta, schools: Sequence[FilledSchool]) -> None:
        self.write_head(owner, meta)
        row = HEADER_ROW
        for school in schools:
            for line in self.lines():
                row += 1
                self.write_line(row, school, line)
        self.add_rules()
        first_value = len(self.columns) - len(self.value_columns) + 1
        self.sheet.freeze_panes = f"{get_column_letter(first_value)}{HEADER_ROW + 1}"
        if not self.is_of_one:
            self.sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(self.columns))}{row}"
        protect(self.sheet)
        set_page(self.sheet, HEADER_ROW)

    @property
    def value_columns(self) -> list[str]:
        if self.catalogue.lines == Lines.SECTIONS:
            return [item.code for item in self.catalogue.items]
        return [*(value_key(section) for section in self.catalogue.sections), "note"]

    def write_head(self, owner: str, meta: TemplateMeta) -> None:
        title = f"{self.catalogue.form} «{self.catalogue.title}», на 1 октября {meta.period} г."
        put(self.sheet, 1, 1, title).font = Font(bold=True, size=14)
        put(self.sheet, 2, 1, f"{owner}, ИНН {meta.inn}" if meta.inn else owner)
        self.sheet.row_dimensions[HEADER_ROW].height = HEADER_HEIGHT
        put(self.sheet, 3, 1, "Заполняйте белые ячейки. Как — на листе «Инструкция».").font = Font(italic=True)
        for index, column in enumerate(self.columns, start=1):
            write_title(put(self.sheet, HEADER_ROW, index, column.title))
            width = WIDTHS.get(column.key, VALUE_WIDTH)
            self.sheet.column_dimensions[get_column_letter(index)].width = width

    def lines(self) -> Iterator[Item | Section | str]:
        """Yield what stands in the lines of a school; in a form of one school with headings of groups between."""
        if self.catalogue.lines == Lines.SECTIONS:
            yield from self.catalogue.sections
            return
        for group in self.catalogue.groups:
            if self.is_of_one:
                yield group
            yield from (item for item in self.catalogue.items if item.group == group)

    def write_line(self, row: int, school: FilledSchool, line: Item | Section | str) -> None:
        if isinstance(line, str):
            return self.write_group(row, line)
        fixed = {"inn": school.ref.inn, "name": school.ref.name} | self.fixed_of(line)
        for index, column in enumerate(self.columns, start=1):
            if column.key in fixed:
                cell = put(self.sheet, row, index, fixed[column.key])
                cell.fill, cell.border, cell.alignment = FIXED_FILL, BOX, FIXED_TEXT
                cell.number_format = TEXT_FORMAT
            else:
                self.write_value(row, index, school, *self.place(line, column.key))
        high = max(lines_high(text, WIDTHS.get(key, VALUE_WIDTH)) for key, text in fixed.items())
        self.sheet.row_dimensions[row].height = LINE_HEIGHT * high
        return None

    def write_group(self, row: int, group: str) -> None:
        for index in range(1, len(self.columns) + 1):
            cell = put(self.sheet, row, index, group if index == 1 else None)
            cell.fill, cell.font = FIXED_FILL, Font(bold=True)

    def fixed_of(self, line: Item | Section) -> dict[str, str]:
        if isinstance(line, Section):
            return {"title": line.title}
        return {"number": line.number, "title": line.title, "unit": line.unit, "note": self.note(line)}

    def note(self, item: Item) -> str:
        """Return what the person should know of a line: «обязательно; часть строки 1.1»."""
        notes = ["обязательно"] if item.required else []
        if item.whole:
            notes.append(f"часть строки {self.catalogue.item(item.whole).number}")
        if item.kind not in {ItemKind.COUNT, ItemKind.DECIMAL} or item.highest is not None:
            notes.append(expected(item))
        return "; ".join(notes)

    def place(self, line: Item | Section, key: str) -> tuple[Item, str]:
        if isinstance(line, Section):
            return self.catalogue.item(key), line.code
        return line, "" if key == "value" else key

    def write_value(self, row: int, index: int, school: FilledSchool, item: Item, section: str) -> None:
        stored = school.values.get((item.code, section), Stored())
        shown = shown_value(item, stored.value, stored.text) if item.is_asked_in(section) else None
        cell = put_value(self.sheet, row, index, shown)
        cell.border = BOX
        if not item.is_asked_in(section):
            cell.fill = FIXED_FILL
            return
        cell.protection = UNLOCKED
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=None if item.kind.is_number else "left")
        self.checked.setdefault((item.kind, item.lowest, item.highest), []).append((index, row))

    def add_rules(self) -> None:
        """Have the values of each kind and range checked: cells one under another as one area."""
        items = {(item.kind, item.lowest, item.highest): item for item in self.catalogue.items}
        for check, cells in self.checked.items():
            for areas in batched(areas_of(cells), AREAS_OF_RULE):
                self.sheet.add_data_validation(rule_of(items[check], areas))


def areas_of(cells: Iterable[tuple[int, int]]) -> list[str]:
    """Return cells as areas of one column each. cells: column and row, both from 1."""
    areas: list[tuple[int, int, int]] = []  # column, first row, last row
    for column, row in sorted(cells):
        if areas and areas[-1][0] == column and areas[-1][2] == row - 1:
            areas[-1] = (column, areas[-1][1], row)
        else:
            areas.append((column, row, row))
    return [f"{get_column_letter(column)}{first}:{get_column_letter(column)}{last}" for column, first, last in areas]


def batched(areas: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (areas[start : start + size] for start in range(0, len(areas), size))


def rule_of(item: Item, areas: Sequence[str]) -> DataValidation:
    rule = empty_rule(item)
    rule.sqref = MultiCellRange(" ".join(areas))  # at once: adding one by one looks at all that are there
    rule.allow_blank = True
    rule.error = f"Ожидается {expected(item)}.{'' if item.required else f' {LEAVE_EMPTY}'}"
    rule.showErrorMessage = True
    return rule


def empty_rule(item: Item) -> DataValidation:
    if item.kind == ItemKind.FLAG:
        return DataValidation(type="list", formula1='"да,нет"')
    if item.kind == ItemKind.DATE:
        return DataValidation(type="date", operator="greaterThan", formula1=FIRST_DAY)
    if not item.kind.is_number:
        return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_TEXT))
    kind: Literal["whole", "decimal"] = "whole" if item.kind == ItemKind.COUNT else "decimal"
    lowest = f"{item.lowest:f}"
    if item.highest is None:
        return DataValidation(type=kind, operator="greaterThanOrEqual", formula1=lowest)
    return DataValidation(type=kind, operator="between", formula1=lowest, formula2=f"{item.highest:f}")
