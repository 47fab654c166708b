"""D1 to D20: the cells. A bad one stops its row only, and its place is told: sheet, row, column, found, what to do."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from schools.actions.import_apply import apply_batch
from schools.importing.downloads import problems_workbook
from schools.intake.cell_reader import RowReader
from schools.intake.cells import CellValue
from schools.intake.headers import Column, locate
from schools.intake.reader import read_workbook
from schools.intake.refusals import Code
from schools.intake.rows import Problem, ProblemCode
from schools.intake.values import day_of
from schools.models import AssessmentResult
from tests.factories.imports import AT, ImportGround
from tests.factories.schools import make_school
from tests.factories.workbooks import federal_marks, results_book, results_workbook, saved
from tests.schools.intake import hostile
from tests.schools.intake.variants.cases import (
    Case,
    assert_refused,
    assert_rows,
    covers,
    missing,
    upload,
    variants,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("near_child")]
NEEDED = "Эта ячейка обязательна: впишите число."
PLAIN = "Запишите число обычными цифрами, без степени и подчёркиваний."
FOREIGN = "В ячейке недопустимые цифры: наберите число цифрами 0–9."
EXAM: dict[str, Any] = {"Процедура": "ЕГЭ", "Класс": 11, "«2»": None, "«3»": None, "«4»": None, "«5»": None}


def second_row(**cells: Any) -> bytes:
    """Return a template whose first row is good and whose second has other cells; «_2» stands for the column «2»."""
    changed = {f"«{title[1:]}»" if title.startswith("_") else title.replace("__", " "): v for title, v in cells.items()}
    return results_workbook({}, {"Класс": 7, **changed})


def bad_count(number: str, cell: object, code: ProblemCode, *says: str) -> Case:
    """Return a case of a bad cell in «Участников»."""
    place = "Лист «Результаты», строка 3, столбец «Участников»: "
    first, *rest = says
    return Case(
        id=number,
        build=lambda: second_row(Участников=cell),
        code=code,
        says=(f"{place}{first}", *rest),
        rows=1,
    )


def bad_text(number: str, *says: str, code: ProblemCode = ProblemCode.BAD_CELL, **cells: Any) -> Case:
    return Case(id=number, build=lambda: second_row(**cells), code=code, says=says, rows=1)


NUMBER, WHOLE, RANGE, BAD = (
    ProblemCode.NOT_A_NUMBER,
    ProblemCode.NOT_WHOLE,
    ProblemCode.OUT_OF_RANGE,
    ProblemCode.BAD_CELL,
)
REFUSED_ROWS = (
    bad_count("D1", "много", NUMBER, "ожидается целое число, получено «много».", NEEDED),
    bad_count("D1 dash", "—", NUMBER, "ожидается целое число, получено «—».", NEEDED),
    bad_count("D1 none", "н/д", NUMBER, "ожидается целое число, получено «н/д».", NEEDED),
    bad_count("D3", "４５", NUMBER, "ожидается целое число, получено «４５».", FOREIGN),
    bad_count("D3 arabic", "٤٥", NUMBER, "ожидается целое число, получено «٤٥».", FOREIGN),
    bad_count("D4", "1E2", NUMBER, "ожидается целое число, получено «1E2».", PLAIN),
    bad_count("D4 underscore", "1_000", NUMBER, "ожидается целое число, получено «1_000».", PLAIN),
    bad_count("D6", -5, RANGE, "ожидается целое число от 0, получено «-5»."),
    bad_count("D7", 12.5, WHOLE, "ожидается целое число, получено «12,5»."),
    bad_count("D8", 99999999999, RANGE, "ожидается число не больше 10 000 000", "Слишком большое число (не более"),
    bad_count("D8 text", "9" * 60, RANGE, "ожидается число не больше 10 000 000"),
    bad_count("D14", "#DIV/0!", BAD, "ошибка формулы #DIV/0!. Ожидается целое число.", "Исправьте ячейку"),
    bad_count("D14 reference", "#REF!", BAD, "ошибка формулы #REF!. Ожидается целое число."),
    bad_count("D15", "=30+8", BAD, "формула без вычисленного значения: откройте файл в Excel и сохраните"),
    bad_count("D16 formula", '=HYPERLINK("http://x.example","38")', BAD, "формула без вычисленного значения"),
    bad_text("D8 mean", "столбец «Средний балл»: ожидается число не больше 1 000", code=RANGE, Средний__балл="1" * 40),
    bad_text(
        "D8 score", "столбец «Макс. балл»: ожидается число не больше 1 000", code=RANGE, **{"Макс.__балл": 70_000}
    ),
    bad_text("D14 text", "столбец «Примечание»: ошибка формулы #N/A.", "Исправьте ячейку", Примечание="#N/A"),
    bad_text(
        "D17",
        "Лист «Результаты», строка 3, столбец «Наименование ОО»: текст длиннее 2 000 символов.",
        Наименование__ОО="Ы" * 40_000,
    ),
    bad_text(
        "D18 blank",
        "строка 3, столбец «Участников»: ожидается целое число, получено «пустая ячейка».",
        code=ProblemCode.EMPTY,
        Участников="\u00a0\u200b",
    ),
    bad_text(
        "D20 part",
        "столбец «Ниже минимума»: 39 больше, чем участников (38).",
        "Исправьте одно из чисел.",
        code=ProblemCode.PART_ABOVE_WHOLE,
        Ниже__минимума=39,
    ),
)


@variants(*REFUSED_ROWS)
def test_bad_cell_stops_its_row_and_is_told_with_its_place(case: Case, browser: Client) -> None:
    file = assert_rows(browser, case)

    [problem] = file.problems
    assert (problem["sheet"], problem["row"], problem["severity"]) == ("Результаты", 3, "error")
    assert problem["action"]


# Read as people mean it


def exam(**cells: Any) -> dict[str, Any]:
    return {**EXAM, "Ниже минимума": 3, **cells}


TAKEN = (
    Case(
        id="D2",
        build=lambda: results_workbook(exam(**{"Средний балл": "45,5", "Участников": "1\u00a0234"})),
        results={"mean_score": 45.5, "participants": 1234},
    ),
    Case(
        id="D2 percent",
        build=lambda: results_workbook(exam(**{"Средний балл": "45,5 %"})),
        results={"mean_score": 45.5},
    ),
    Case(id="D7 empty fraction", build=lambda: results_workbook({"Участников": "38,0"}), results={"participants": 38}),
    Case(id="D15 value", build=lambda: with_value("Участников", "30+8", 38), results={"participants": 38}),
    Case(id="D18", build=lambda: results_workbook({"Предмет": "Мaте\u200bма\u202eтика"}), results={"subject": "MA"}),
    Case(
        id="D18 latin", build=lambda: results_workbook({"Процедура": "OГЭ", "Класс": 9}), results={"procedure": "OGE"}
    ),
)


def with_value(title: str, formula: str, value: int) -> bytes:
    """Return a template with a formula that Excel has calculated."""
    data = results_workbook({title: 10_101})
    return hostile.part_replaced(data, b"<v>10101</v>", f"<f>{formula}</f><v>{value}</v>".encode())


@variants(*TAKEN)
def test_odd_spelling_is_read_as_it_is_meant(case: Case, ground: ImportGround, browser: Client) -> None:
    batch = upload(browser, case.build())

    apply_batch(batch=batch, by=ground.coordinator, at=AT)

    result = ground.result(ground.first)
    assert {name: getattr(result, name) for name in case.results} == case.results
    assert [problem for problem in batch.files.get().problems if problem["severity"] == "error"] == []


@covers("D5", "D5 endless")
def test_number_that_is_none_damages_the_file(variant: str, browser: Client) -> None:
    value = b"NaN" if variant == "D5" else b"1E400"
    data = hostile.part_replaced(results_workbook({"Участников": 10_101}), b"<v>10101</v>", b"<v>%s</v>" % value)

    says = ("Файл повреждён", "недопустимое число", "загрузите ещё раз")
    assert_refused(browser, Case(id=variant, build=lambda: data, code=Code.DAMAGED, says=says))


@covers("D6 share")
def test_share_above_a_hundred_is_refused(ground: ImportGround, browser: Client) -> None:
    name = f"{ground.first.name} ({ground.first.login})"
    data = hostile.part_replaced(federal_marks({name: (0, 0, 0, 38)}), b"<v>100</v>", b"<v>101</v>")

    says = ("строка 10, столбец «5»: ожидается число от 0 до 100, получено «101».",)
    assert_rows(browser, Case(id="D6", build=lambda: data, code=ProblemCode.OUT_OF_RANGE, says=says))


@covers("D14 date")
def test_endless_date_is_a_large_number_and_no_failure(browser: Client) -> None:
    book = results_book({})
    cell = book.worksheets[0]["L2"]
    cell.value, cell.number_format = 99_999_999_999, "DD.MM.YYYY"

    says = ("столбец «Участников»: ожидается число не больше 10 000 000",)
    assert_rows(browser, Case(id="D14", build=lambda: saved(book), code=ProblemCode.OUT_OF_RANGE, says=says))


# Dates, in a table with a column of days of the academic year

DAYS = (Column(key="event", title="Мероприятие"), Column(key="held", title="Дата"))
ACADEMIC_YEAR = {"first": date(2025, 9, 1), "last": date(2026, 5, 31)}


def read_day(cell: object, *, is_1904: bool = False) -> tuple[date | None, list[Problem]]:
    """Return what is read from a cell of the column «Дата» of a workbook, and the remarks on it."""
    book = Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.title = "План"
    for line in (("Мероприятие", "Дата"), ("Семинар", cell)):
        sheet.append(list(line))
    read = read_workbook(saved(book)).sheets[0]
    reader = RowReader(read, locate(read, DAYS), read.rows[1])
    return reader.read("held", partial(day_of, **ACADEMIC_YEAR)), reader.problems


@covers("D9", "D9 cell", "D12")
def test_day_is_read_from_a_text_a_cell_and_a_book_of_the_other_epoch(variant: str) -> None:
    cell = "01.09.2025" if variant == "D9" else date(2025, 9, 1)

    day, problems = read_day(cell, is_1904=variant == "D12")

    assert (day, problems) == (date(2025, 9, 1), [])


NO_DAYS: dict[str, tuple[CellValue, str]] = {
    "D10": ("сентябрь 2025", "ожидается дата ДД.ММ.ГГГГ, получено «сентябрь 2025»."),
    "D10 february": ("31.02.2025", "ожидается дата ДД.ММ.ГГГГ, получено «31.02.2025»."),
    "D10 leap": ("29.02.2025", "ожидается дата ДД.ММ.ГГГГ, получено «29.02.2025»."),
    "D10 slashes": ("01/09/2025", "Запишите день, месяц и год числами, например 01.09.2025."),
    "D11": (45536, "Ячейка не в формате даты (похоже на 01.09.2024): выберите для неё формат «Дата»."),
    "D13": (date(2026, 6, 1), "ожидается дата от 01.09.2025 до 31.05.2026, получено «01.06.2026». Исправьте дату."),
    "D13 short": ("1.9.25", "ожидается дата ДД.ММ.ГГГГ, получено «1.9.25»."),
}


@covers(*NO_DAYS)
def test_what_is_no_day_of_the_year_is_refused_with_its_place(variant: str) -> None:
    cell, words = NO_DAYS[variant]

    day, [problem] = read_day(cell)

    assert day is None
    assert problem.text_ru.startswith("Лист «План», строка 2, столбец «Дата»: ")
    assert words in problem.text_ru
    assert problem.cell == "B2"


# Texts that a spreadsheet could run

FORMULAS = {"D16": "=cmd|'/C calc'!A0", "D16 sum": "@SUM(A1)", "D16 minus": "-1+1"}


@covers(*FORMULAS)
def test_text_like_a_formula_stays_a_text_on_the_way_out(variant: str, browser: Client) -> None:
    text = FORMULAS[variant]
    book = results_book({"Логин": None})
    cell = book.worksheets[0]["C2"]
    cell.value = text
    cell.data_type = "s"

    batch = upload(browser, saved(book))

    sheet = load_workbook(as_stream(problems_workbook(batch))).worksheets[0]
    told = [cell for row in sheet.iter_rows() for cell in row if text in str(cell.value)]
    assert [cell.data_type for cell in told] == ["s"] * len(told)
    assert told


def as_stream(data: bytes) -> Any:
    from io import BytesIO

    return BytesIO(data)


# Schools and rows


@covers("D19", "D19 zero", "D19 foreign")
def test_school_out_of_reach_and_one_that_nobody_knows_get_the_same_words(variant: str, browser: Client) -> None:
    make_school(gia_code="7777")
    code = {"D19": "999", "D19 zero": "123", "D19 foreign": "7777"}[variant]

    file = assert_rows(
        browser,
        Case(
            id=variant,
            build=lambda: results_workbook({"Логин": None, "Код ОО": code}),
            code=ProblemCode.UNKNOWN_SCHOOL,
            says=(f"строка 2: школа «{code}» не найдена: её нет в реестре или она вне вашей территории",),
        ),
    )

    [problem] = file.problems
    assert ("Возможно, 0123" in problem["text"]) == (variant == "D19 zero")


@covers("D20")
def test_repeated_row_names_both(browser: Client) -> None:
    says = ("Лист «Результаты», строка 3: повтор строки 2: та же школа и та же работа.", "Оставьте одну строку.")
    case = Case(id="D20", build=lambda: results_workbook({}, {}), code=ProblemCode.REPEATED_ROW, says=says, rows=1)

    assert_rows(browser, case)


@covers("D20 sum")
def test_shares_that_do_not_make_a_hundred_are_refused(ground: ImportGround, browser: Client) -> None:
    name = f"{ground.first.name} ({ground.first.login})"
    data = hostile.part_replaced(federal_marks({name: (0, 0, 0, 38)}), b"<v>100</v>", b"<v>96</v>")

    says = ("строка 10: сумма долей отметок 96 %, должно быть 100 %.", "Сверьте")
    assert_rows(browser, Case(id="D20", build=lambda: data, code=ProblemCode.SUM_OF_PERCENTS, says=says))


@covers("D20 marks")
def test_marks_that_are_not_the_participants_are_refused(browser: Client) -> None:
    says = (
        "строка 3, столбец «Участников»: сумма отметок 38, участников 40.",
        "Исправьте отметки или число участников",
    )
    case = Case(id="D20", build=lambda: second_row(Участников=40), code=ProblemCode.SUM_OF_MARKS, says=says, rows=1)

    file = assert_rows(browser, case)

    assert missing(("38", "40"), file.problems[0]["text"]) == []
    assert not AssessmentResult.objects.exists()
