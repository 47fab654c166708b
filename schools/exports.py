"""The verdicts of a run as a workbook: numbers as numbers, a frozen head, a filter, widths one can read."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from accounts.russian import short_date
from schools.choices import VERDICT_TITLES
from schools.intake.safe_cells import put
from schools.models import IdentificationRun, SchoolVerdict

COLUMNS: Final = (
    ("№ п/п", 7),
    ("Школа", 42),
    ("ИНН", 13),
    ("Вид", 20),
    ("Вывод", 24),
    ("Процедур ниже порога", 12),
    ("Учтено процедур", 12),
    ("Повторились два года подряд", 14),
    ("Причины", 70),
    ("Решение", 16),
    ("Причина решения", 30),
    ("Обоснование", 60),
)
HEAD_ROW: Final = 4
WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


def run_workbook(run: IdentificationRun) -> bytes:
    """Return an XLSX file with every school of a run. One query."""
    book = Workbook()
    sheet: Worksheet = book.active  # type: ignore[assignment]  # a new book has a worksheet
    sheet.title = "Выявление"
    write_head(sheet, run)
    verdicts = run.verdicts.select_related("school").order_by("-low_procedures", "school__name", "pk")
    last = HEAD_ROW
    for last, cells in enumerate(rows(verdicts.iterator(chunk_size=500)), start=HEAD_ROW + 1):
        for column, value in enumerate(cells, start=1):
            put(sheet, last, column, value).alignment = WRAPPED
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(COLUMNS))}{last}"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_head(sheet: Worksheet, run: IdentificationRun) -> None:
    put(sheet, 1, 1, str(run)).font = Font(bold=True, size=13)
    put(
        sheet,
        2,
        1,
        f"Правило: {run.rule_set.title} ({run.rule_set}). Рассчитано {short_date(timezone.localtime(run.created_at))}.",
    )
    for column, (title, width) in enumerate(COLUMNS, start=1):
        cell = put(sheet, HEAD_ROW, column, title)
        cell.font, cell.alignment = Font(bold=True), WRAPPED
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"C{HEAD_ROW + 1}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation = "landscape"


def rows(verdicts: Iterator[SchoolVerdict]) -> Iterator[list[str | int]]:
    for number, verdict in enumerate(verdicts, start=1):
        school = verdict.school
        yield [
            number,
            school.name,
            school.inn,
            school.get_kind_display(),
            VERDICT_TITLES[verdict.shown_verdict],
            verdict.low_procedures,
            verdict.counted_procedures,
            verdict.repeated_procedures,
            "\n".join(reason["printed"] for reason in verdict.reasons),
            verdict.get_decision_display(),
            verdict.get_decision_code_display(),
            verdict.decision_text,
        ]
