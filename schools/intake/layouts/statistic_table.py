"""Forms of a school with a catalogue: SA-1, SA-2, SA-4. One reading for all, declared by the catalogue.

In a form of one school the hidden sheet says whose it is; in a form of a territory each line names its school.
Source: domain specification, 2.6, 3.8, 5.4.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book, Sheet
from schools.intake.headers import HEADER_WITHIN_ROWS, Column, locate, normalised
from schools.intake.identifiers import inn_of
from schools.intake.layouts.base import Layout, header_affinity, own_sheet
from schools.intake.layouts.tabular import IDENTIFIERS, school_ref
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode, Record, SchoolRef, Severity
from schools.intake.statistic_values import Value, value_of
from schools.intake.template_meta import PAGE, TemplateMeta, form_of, is_year, read_meta
from schools.intake.values import text_of
from schools.statistics import Catalogue, Item, Lines, Section

TARGET: Final = "statistics"
SHEET: Final = "Данные"
AS_OF: Final = re.compile(r"на 1 октября (20[0-9]{2})")
OWN_INN: Final = re.compile(r"ИНН (\d{10})")
SCHOOL_COLUMNS: Final = (
    Column(key="inn", title="ИНН ОО", synonyms=("ИНН",), is_required=False),
    Column(
        key="name", title="Наименование ОО", synonyms=("Школа", "ОО", "Образовательная организация"), is_required=False
    ),
)
NUMBER: Final = Column(key="number", title="№", synonyms=("Код", "№ п/п"))
TITLE: Final = Column(key="title", title="Показатель", synonyms=("Наименование показателя",))
SUBJECT: Final = Column(key="title", title="Предмет", synonyms=("Учебный предмет",))
NOTE: Final = Column(key="note", title="Пояснение", synonyms=("Примечание",), is_required=False)
UNIT: Final = Column(key="unit", title="Единица", synonyms=("Единица измерения", "Ед. изм."), is_required=False)


def columns_of(catalogue: Catalogue) -> tuple[Column, ...]:
    """Return the columns of a form in order; those with values are keyed by section or by item."""
    if catalogue.lines == Lines.SECTIONS:
        values = (Column(key=item.code, title=item.title, is_required=item.required) for item in catalogue.items)
        return *SCHOOL_COLUMNS, SUBJECT, *values
    sections = (
        Column(key=value_key(section), title=section.title, synonyms=section.synonyms) for section in catalogue.sections
    )
    return *SCHOOL_COLUMNS, NUMBER, TITLE, UNIT, *sections, NOTE


def value_key(section: Section) -> str:
    return section.code or "value"


def layout_of(catalogue: Catalogue, hint: str) -> Layout:
    columns = columns_of(catalogue)

    def affinity(book: Book) -> float:
        if form := form_of(book):
            return float(form == catalogue.form)
        return max((header_affinity(sheet, columns) for sheet in book.visible), default=0.0)

    return Layout(
        code=code_of(catalogue),
        title=f"Форма {catalogue.form} «{catalogue.title}»",
        hint=hint,
        affinity=affinity,
        parse=lambda book: FormReading(catalogue, book).parsed(),
    )


def code_of(catalogue: Catalogue) -> str:
    """Return «portal_sa1»."""
    return f"portal_{catalogue.form.replace('-', '').lower()}"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One filled cell of a form."""

    item: Item
    section: str
    value: Value
    reader: RowReader
    key: str  # of its column


Cells = dict[tuple[str, str], Told]  # (item, section) -> cell


@dataclass
class FormReading:
    """One book read by one catalogue."""

    catalogue: Catalogue
    book: Book
    readers: list[RowReader] = field(default_factory=list)
    schools: dict[SchoolRef, Cells] = field(default_factory=lambda: defaultdict(dict))

    @cached_property
    def meta(self) -> TemplateMeta | None:
        return read_meta(self.book, self.catalogue.form, self.catalogue.version)

    @cached_property
    def sheet(self) -> Sheet:
        return own_sheet(self.book, SHEET, columns_of(self.catalogue), way_out=self.way_out)

    @property
    def way_out(self) -> str:
        return f"Скачайте форму и перенесите в неё данные: {PAGE}{self.catalogue.form}/."

    @cached_property
    def head(self) -> str:
        """Return the texts above the table: they say the year and the school when the hidden sheet is lost."""
        rows = self.sheet.head(HEADER_WITHIN_ROWS)
        return " ".join(text_of(cell) for row in rows for cell in row.cells)

    def parsed(self) -> ParsedFile:
        """Return the records and the problems of the form. Raises LayoutRefusal."""
        meta = self.meta.as_json() if self.meta else {}
        header = locate(self.sheet, columns_of(self.catalogue))
        has_schools = any(key in header.positions for key in IDENTIFIERS)
        owner, year = self.owner(has_schools=has_schools), self.year
        for row in self.sheet.after(header.row):
            self.read_line(RowReader(self.sheet, header, row), owner)
        for cells in self.schools.values():
            check_school(self.catalogue, cells)
        if not self.readers:
            raise LayoutRefusal(
                Code.NO_ROWS,
                "В форме нет ни одного значения.",
                action="Заполните белые ячейки и загрузите файл ещё раз.",
            )
        problems = [*sheet_notices(self.sheet, header), *(p for reader in self.readers for p in reader.problems)]
        return ParsedFile(
            layout=code_of(self.catalogue),
            title=f"{self.catalogue.form} «{self.catalogue.title}», на 1 октября {year} г.",
            records=tuple(self.records(year)),
            problems=tuple(problems),
            meta=meta | {"period": str(year)},
        )

    @property
    def year(self) -> int:
        match = AS_OF.search(self.head)
        period = self.meta.period if self.meta else match[1] if match else ""
        if not is_year(period):
            raise LayoutRefusal(
                Code.OTHER_TEMPLATE,
                "Непонятно, за какой год форма: служебного листа нет, над таблицей не написано «на 1 октября … г.».",
                action=self.way_out,
            )
        return int(period)

    def owner(self, *, has_schools: bool) -> SchoolRef | None:
        """Return the one school of the form; None when each line names its own."""
        if has_schools:
            return None
        match = OWN_INN.search(self.head)
        inn = self.meta.inn if self.meta else (inn_of(match[1]) or "" if match else "")
        if not inn:
            raise LayoutRefusal(
                Code.OTHER_TEMPLATE,
                "Непонятно, о какой школе форма: служебного листа нет, над таблицей нет ИНН.",
                action=self.way_out,
            )
        return SchoolRef(inn=inn)

    def read_line(self, reader: RowReader, owner: SchoolRef | None) -> None:
        """Read one line; a line without values (a heading, a school that reports nothing) is passed by."""
        filled = [key for key in self.value_keys if reader.cell(key) is not None]
        if not filled:
            return
        self.readers.append(reader)
        school = owner or school_ref(reader)
        place = self.place_of(reader)
        if place is None or reader.is_refused:
            return
        cells = self.schools[school]
        for key in filled:
            item, section = place(key)
            self.read_cell(reader, key, item, section, cells)

    @cached_property
    def value_keys(self) -> tuple[str, ...]:
        if self.catalogue.lines == Lines.SECTIONS:
            return tuple(item.code for item in self.catalogue.items)
        return tuple(value_key(section) for section in self.catalogue.sections)

    def place_of(self, reader: RowReader) -> Callable[[str], tuple[Item, str]] | None:
        """Return what the cells of a line are about: key of a column -> item and section."""
        number, title = reader.text("number"), reader.text("title")
        if self.catalogue.lines == Lines.SECTIONS:
            section = self.sections_by_title.get(normalised(title))
            if section is not None:
                return lambda key: (self.catalogue.item(key), section.code)
        elif item := self.items_by_number.get(normalised(number)) or self.items_by_title.get(normalised(title)):
            return lambda key: (item, "" if key == "value" else key)
        what = f"строки «{number or title}» нет в форме. Скачайте форму заново: {PAGE}{self.catalogue.form}/."
        reader.add(ProblemCode.UNKNOWN_VALUE, what, key="title", found=number or title, expected="строка формы")
        return None

    @cached_property
    def items_by_number(self) -> Mapping[str, Item]:
        return {normalised(item.number): item for item in self.catalogue.items}

    @cached_property
    def items_by_title(self) -> Mapping[str, Item]:
        """Return the items whose title stands in the form once."""
        titles = [normalised(item.title) for item in self.catalogue.items]
        return {normalised(i.title): i for i in self.catalogue.items if titles.count(normalised(i.title)) == 1}

    @cached_property
    def sections_by_title(self) -> Mapping[str, Section]:
        return {
            normalised(spelling): section
            for section in self.catalogue.sections
            for spelling in (section.title, *section.synonyms)
        }

    def read_cell(self, reader: RowReader, key: str, item: Item, section: str, cells: Cells) -> None:
        if not item.is_asked_in(section):
            what = f"«{item.title}» здесь не заполняется. Очистите ячейку."
            reader.add(ProblemCode.UNKNOWN_VALUE, what, key=key, found=reader.text(key), expected="пустая ячейка")
            return
        value = reader.read(key, lambda cell: value_of(cell, item))
        if value is None:
            return
        told = Told(item=item, section=section, value=value, reader=reader, key=key)
        first = cells.setdefault((item.code, section), told)
        if first is not told:
            what = f"повтор строки {first.reader.row.number}: тот же показатель той же школы. Оставьте одну строку."
            reader.add(ProblemCode.REPEATED_ROW, what, key=key, found=item.title)

    def records(self, year: int) -> Iterator[Record]:
        """Yield the values of good lines in the order of the sheet."""
        told = [(school, cell) for school, cells in self.schools.items() for cell in cells.values()]
        told.sort(key=lambda pair: pair[1].reader.row.number)
        for school, cell in told:
            if not cell.reader.is_refused:
                yield Record(
                    target=TARGET,
                    sheet=self.sheet.name,
                    row=cell.reader.row.number,
                    school=school,
                    key={
                        "form": self.catalogue.form,
                        "year": year,
                        "item": cell.item.code,
                        "section": cell.section,
                    },
                    values=stored(cell, self.schools[school]),
                )


def stored(cell: Told, cells: Cells) -> dict[str, str]:
    """Return the fields that a cell fills; numbers as texts with two digits, as the portal keeps them."""
    if isinstance(cell.value, str):
        return {"text": cell.value}
    values = {"value": str(cell.value)}
    if cell.item.whole:
        values["whole"] = str(cells[cell.item.whole, cell.section].value)
    return values


# Checks of one school


def check_school(catalogue: Catalogue, cells: Cells) -> None:
    """Add the problems that show only when all values of a school are seen together."""
    for cell in cells.values():
        check_needs(catalogue, cell, cells)
    for cell in cells.values():
        check_whole(catalogue, cell, cells)
    for parts in catalogue.distributions.values():
        for section in catalogue.sections:
            check_distribution(parts, section.code, cells)
    for item in catalogue.items:
        check_total(catalogue, item, cells)
    check_required(catalogue, cells)


def check_needs(catalogue: Catalogue, cell: Told, cells: Cells) -> None:
    """Refuse a value without what it rests on: an index without its method says nothing."""
    there = {code for code, _ in cells}
    if missing := [catalogue.item(code).title for code in cell.item.needs if code not in there]:
        what = f"«{cell.item.title}» без пояснения не принимается: заполните {', '.join(f'«{t}»' for t in missing)}."
        cell.reader.add(ProblemCode.EMPTY, what, key=cell.key, expected=", ".join(missing))


def check_whole(catalogue: Catalogue, cell: Told, cells: Cells) -> None:
    """Refuse a part without its whole, or larger than it."""
    if not cell.item.whole:
        return
    whole, title = cells.get((cell.item.whole, cell.section)), catalogue.item(cell.item.whole).title
    if whole is None and cell.reader.is_refused:
        return  # the whole stands in the same line and is refused already
    if whole is None:
        what = f"непонятно, из скольких: заполните «{title}»{where(catalogue, cell)}."
        cell.reader.add(ProblemCode.EMPTY, what, key=cell.key, expected=f"число в строке «{title}»")
    elif number_of(cell) > number_of(whole):
        what = f"{plain(cell)} больше, чем «{title}» ({plain(whole)}){where(catalogue, cell)}. Исправьте одно из чисел."
        expected = f"не больше {plain(whole)}"
        cell.reader.add(ProblemCode.PART_ABOVE_WHOLE, what, key=cell.key, found=plain(cell), expected=expected)


def where(catalogue: Catalogue, cell: Told) -> str:
    title = catalogue.section(cell.section).title
    return f", {title}" if cell.section else ""


def check_distribution(parts: Sequence[Item], section: str, cells: Cells) -> None:
    """Warn when the parts of a distribution do not make up its whole."""
    given = [cell for item in parts if (cell := cells.get((item.code, section)))]
    whole = cells.get((parts[0].whole, section))
    if not given or whole is None:
        return
    total = sum((number_of(cell) for cell in given), Decimal(0))
    if total != number_of(whole):
        first = given[0]
        what = f"«{parts[0].group}»: сумма {total:.0f}, а «{whole.item.title}» — {plain(whole)}. Проверьте числа."
        warn(first, ProblemCode.SUM_OF_PARTS, what, found=f"{total:.0f}", expected=plain(whole))


def check_total(catalogue: Catalogue, item: Item, cells: Cells) -> None:
    """Warn when the levels do not add up to the total of the school. An index does not add up, it averages."""
    total = cells.get((item.code, catalogue.total)) if catalogue.total else None
    levels = [cell for part in catalogue.parts_of_total if (cell := cells.get((item.code, part)))]
    if total is None or not levels or not item.kind.is_number or item.needs:
        return
    added = sum((number_of(cell) for cell in levels), Decimal(0))
    if added != number_of(total):
        what = f"сумма по уровням {added:.0f}, а всего {plain(total)}. Проверьте числа."
        warn(total, ProblemCode.SUM_OF_SECTIONS, what, found=f"{added:.0f}", expected=plain(total))


def check_required(catalogue: Catalogue, cells: Cells) -> None:
    """Warn once about obligatory items that a school left empty; where lines are sections, in each begun line."""
    some = next(iter(cells.values()), None)
    if some is None or catalogue.lines == Lines.SECTIONS:
        return
    there = {code for code, _ in cells}
    empty = [f"{item.number} «{item.title}»" for item in catalogue.items if item.required and item.code not in there]
    if empty:
        what = f"не заполнены обязательные строки: {', '.join(empty)}."
        warn(some, ProblemCode.EMPTY, what, expected="значение", key="title")


def warn(cell: Told, code: ProblemCode, what: str, *, found: str = "", expected: str = "", key: str = "") -> None:
    cell.reader.add(code, what, key=key or cell.key, found=found, expected=expected, severity=Severity.WARNING)


def number_of(cell: Told) -> Decimal:
    return cell.value if isinstance(cell.value, Decimal) else Decimal(0)


def plain(cell: Told) -> str:
    """Return a number as people write it: «12», «0,5»."""
    number = number_of(cell)
    text = f"{number:f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")
