"""Templates of the portal as people send them back: filled from the database, cells changed, imported."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from schools.importing.templates import REGISTERED, Asked
from schools.intake.child import answer
from schools.intake.layouts import recognise
from schools.intake.limits import DEFAULT_LIMITS
from schools.intake.reader import book_of
from schools.intake.rows import ParsedFile, SchoolRef
from schools.intake.template_meta import TemplateMeta
from schools.intake.templates_out import FilledSchool, Stored, statistic_template
from schools.models import School, Territory
from schools.statistics import catalogue_of
from tests.factories.workbooks import saved

REF = SchoolRef(inn="0000100037", name="МБОУ «СОШ № 3»")
Values = Mapping[tuple[str, str], Stored]


def template_of(
    code: str,
    *,
    schools: Sequence[School] = (),
    school: School | None = None,
    territory: Territory | None = None,
    period: str = "2026",
) -> bytes:
    """Return a template as the portal gives it out now: of one school, or of schools of a territory."""
    listed = [school] if school else list(schools)
    owner = territory or listed[0].territory
    return REGISTERED[code].book(Asked(territory=owner, schools=listed, school=school, period=period))


def form_book(form: str, values: Values | None = None, *, ref: SchoolRef = REF, year: int = 2026) -> bytes:
    """Return SA-1, SA-2 or SA-4 of one school without a database."""
    catalogue = catalogue_of(form)
    meta = TemplateMeta(form=form, version=catalogue.version, inn=ref.inn, period=str(year))
    return statistic_template(catalogue, meta, ref.name, [FilledSchool(ref=ref, values=values or {})])


def read(data: bytes) -> ParsedFile:
    """Return what a layout makes of a book, read in this process: the child's limits are tested elsewhere."""
    book = book_of(answer(data, DEFAULT_LIMITS))
    return recognise(book).parse(book)


def stored(parsed: ParsedFile) -> dict[tuple[str, str], Stored]:
    """Return the records of a form as the portal would keep them."""
    return {
        (str(record.key["item"]), str(record.key["section"])): Stored(
            value=Decimal(record.values["value"]) if "value" in record.values else None,
            text=record.values.get("text", ""),
        )
        for record in parsed.records
    }


def put_cells(data: bytes, sheet: str, cells: Mapping[str, Any]) -> bytes:
    """Return a book with cells of a sheet replaced: «D6» -> value."""
    book = load_workbook(BytesIO(data))
    for place, value in cells.items():
        book[sheet][place] = value
    return saved(book)


def filled(data: bytes, values: Mapping[tuple[str, str], Any]) -> bytes:
    """Return a form with values put by line and column: («1.1», «Значение») -> 200.

    A line is known by its number or its subject, a column by its title in row 4.
    """
    book = load_workbook(BytesIO(data))
    sheet = book["Данные"]
    columns = {cell.value: cell.column or 0 for cell in sheet[4]}
    rows = {cell.value: cell.row for row in sheet.iter_rows(min_row=5, max_col=3) for cell in row if cell.value}
    for (line, column), value in values.items():
        sheet.cell(row=rows[line], column=columns[column]).value = value
    return saved(book)
