"""Writing of the form SA-3: filled with what is known, drop-downs, everything but the answers protected."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from riskprofiles.answers import FIELD_TITLES, OWN_FACTOR_CODE, Answer, Field
from riskprofiles.workbook.form import (
    ANSWER_COLUMNS,
    COLUMNS,
    DATA_SHEET,
    FIRST_ANSWER,
    GUIDE_SHEET,
    HEADER_ROW,
    LEVEL_WORDS,
    META_SHEET,
    NOT_CALCULATED,
    OWN_ROWS,
    SCHOOL_LEVELS,
    WIDTHS,
    YES_NO,
    FormKey,
    FormRow,
    meta_of,
    stored_value,
    words_of,
)
from schools.intake.safe_cells import put

GUIDE: Final = (
    "Самодиагностика по факторам риска",
    "1. Заполняйте только белые ячейки листа «Данные». Заголовок, коды и расчёт защищены.",
    "2. «Актуален для школы»: да или нет — по каждому фактору.",
    "3. Если фактор актуален, выберите значимость (высокая, средняя, низкая) и кратко опишите меры.",
    "4. «Чем подтверждается»: протокол педсовета, справка, результаты работ — номер и дата.",
    "5. Если расчёт показал риск, а школа с ним не согласна, напишите почему.",
    "6. Свои риски школы впишите в строки с кодом R13.",
    "7. Пустая ячейка не стирает то, что уже заполнено на портале.",
    "8. Сохраните книгу в формате .xlsx и загрузите её на странице самодиагностики.",
    "9. До сохранения портал покажет, что изменится: было и будет.",
)

INPUT_FILL: Final = PatternFill("solid", fgColor="FFFFFF")
FIXED_FILL: Final = PatternFill("solid", fgColor="F1F3F5")
HEADER_FILL: Final = PatternFill("solid", fgColor="DCE6F2")
THIN: Final = Side(style="thin", color="B8C0CA")
BOX: Final = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WRAP: Final = Alignment(wrap_text=True, vertical="top")


def build_form(key: FormKey, rows: Sequence[FormRow]) -> bytes:
    """Return the book, filled with what the school has answered so far."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  a new workbook has one worksheet
    sheet.title = DATA_SHEET
    write_header(sheet, key)
    blank = [FormRow(code=OWN_FACTOR_CODE, answer=Answer(factor="", title="")) for _ in range(OWN_ROWS)]
    for number, row in enumerate([*rows, *blank], start=HEADER_ROW + 1):
        write_row(sheet, number, row)
    last = HEADER_ROW + len(rows) + OWN_ROWS
    add_lists(sheet, last)
    finish_sheet(sheet)
    write_guide(book.create_sheet(GUIDE_SHEET))
    write_meta(book.create_sheet(META_SHEET), key)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def write_header(sheet: Worksheet, key: FormKey) -> None:
    sheet["A1"] = f"Самодиагностика по факторам риска, {key.year} год"
    sheet["A1"].font = Font(bold=True, size=14)
    put(sheet, 2, 1, f"{key.school}, ИНН {key.inn}")
    for column, title in enumerate(COLUMNS, start=1):
        cell = sheet.cell(HEADER_ROW, column, title)
        cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), HEADER_FILL, BOX, WRAP
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS[column - 1]


def write_row(sheet: Worksheet, number: int, row: FormRow) -> None:
    is_blank = not row.answer.title
    values = [row.code, row.answer.title, calculated_word(row, is_blank=is_blank), *answer_words(row.answer)]
    for column, value in enumerate(values):
        cell = put(sheet, number, column + 1, value or None)  # text stays text: «=…» must not become a formula
        is_input = column >= FIRST_ANSWER or (is_blank and column == 1)
        cell.protection = Protection(locked=not is_input)
        cell.fill = INPUT_FILL if is_input else FIXED_FILL
        cell.border, cell.alignment = BOX, WRAP


def calculated_word(row: FormRow, *, is_blank: bool) -> str:
    if is_blank:
        return ""
    return LEVEL_WORDS[row.answer.calculated] if row.answer.calculated else NOT_CALCULATED


def answer_words(answer: Answer) -> list[str]:
    return [words_of(column, stored_value(answer, column)) for column in ANSWER_COLUMNS]


def add_lists(sheet: Worksheet, last_row: int) -> None:
    for column, words in ((Field.RELEVANT, YES_NO), (Field.LEVEL, SCHOOL_LEVELS)):
        letter = get_column_letter(FIRST_ANSWER + ANSWER_COLUMNS.index(column) + 1)
        rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        rule.error = f"Выберите из списка: {', '.join(words)}."
        rule.errorTitle = FIELD_TITLES[column]
        rule.showErrorMessage = True
        rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{last_row}")
        sheet.add_data_validation(rule)


def finish_sheet(sheet: Worksheet) -> None:
    sheet.freeze_panes = f"{get_column_letter(FIRST_ANSWER)}{HEADER_ROW + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def write_guide(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 110
    for line in GUIDE:
        sheet.append([line])
    sheet["A1"].font = Font(bold=True, size=14)


def write_meta(sheet: Worksheet, key: FormKey) -> None:
    for number, (name, value) in enumerate(meta_of(key).items(), start=1):
        put(sheet, number, 1, name)
        put(sheet, number, 2, value)
    sheet.sheet_state = "hidden"
