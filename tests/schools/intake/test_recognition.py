"""Files are known by their cells; files with data on pupils are known too, and refused."""

import pytest
from openpyxl import Workbook

from schools.intake.cells import Book, CellValue, Row, Sheet
from schools.intake.layouts import LAYOUTS, recognise
from schools.intake.parse import parse_file
from schools.intake.refusals import Code, LayoutRefusal, Refusal
from schools.intake.rows import ProblemCode
from tests.factories.workbooks import book_of, federal_journal, federal_marks, saved, sheet_of, workbook

MARKS = federal_marks({"СОШ № 1 (edu900001)": (1, 1, 1, 1)})
JOURNAL = federal_journal({"СОШ № 1 (edu900001)": (1, 1, 1)})


def refused(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        parse_file(data)
    return caught.value


def refused_book(book: Book) -> LayoutRefusal:
    with pytest.raises(LayoutRefusal) as caught:
        recognise(book)
    return caught.value


@pytest.mark.parametrize(("data", "layout"), [(MARKS, "federal_marks"), (JOURNAL, "federal_journal")])
def test_layout_is_told_by_the_cells(data: bytes, layout: str) -> None:
    assert parse_file(data).layout == layout


def test_unknown_table_is_refused_with_what_is_expected() -> None:
    found = refused(workbook([("Код школы", "Показатель")], title="Самооценка"))

    assert found.code == Code.UNKNOWN_LAYOUT
    assert "листы «Самооценка», первая строка «Код школы», «Показатель»" in found.text_ru
    assert all(layout.title in found.text_ru for layout in LAYOUTS)


def test_table_with_one_wrong_title_is_refused_by_that_title() -> None:
    titles = ("inn", "year", "procedure", "subject", "grade", "participant", "mark2", "mark3", "mark4", "mark5")

    found = refused(workbook([titles]))

    assert found.code == Code.COLUMN_MISSING
    assert "нет столбца «participants»" in found.text_ru
    assert "похоже «participant» (столбец F)" in found.text_ru


def test_book_of_hidden_sheets_is_not_read() -> None:
    hidden = Book((Sheet("скрытый", (Row(1, ("Статистика по отметкам",)),), is_hidden=True),))

    assert "нет видимых листов с данными" in refused_book(hidden).text_ru


def test_hidden_sheet_beside_the_table_is_told() -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(MARKS))
    hidden = book.create_sheet("черновик")
    hidden["A1"] = "x"
    hidden.sheet_state = "hidden"

    problems = parse_file(saved(book)).problems

    assert [problem.code for problem in problems] == [ProblemCode.HIDDEN_SHEET]
    assert problems[0].text_ru == "Файл: скрытые листы не загружены: «черновик»."


def collection_form() -> bytes:
    book = Workbook()
    book.worksheets[0].title = "Протокол"
    book.worksheets[0].append(["Код участника", "Вариант", "Итого баллов"])
    book.create_sheet("Служебный")["A1"] = "x"
    return saved(book)


PUPILS: dict[str, tuple[bytes, Code]] = {
    "collection form": (collection_form(), Code.COLLECTION_FORM),
    "individual results": (
        workbook([("Индивидуальные результаты",), (), ("ВПР 2026 Русский язык 4 класс",)]),
        Code.PUPIL_RESULTS,
    ),
    "individual results without a title": (
        workbook([("ОО", "Код участника", "Класс", "Вариант", "Первичный балл", "Отметка")]),
        Code.PUPIL_RESULTS,
    ),
    "exam protocol": (workbook([("№", "Код ОО", "Фамилия", "Имя", "Отчество", "Серия")]), Code.GIA_PROTOCOL),
    "exam protocol as csv": ("SchoolCode;SurnameCell;PrimaryMark\n1;Иванова;5\n".encode(), Code.GIA_PROTOCOL),
}


@pytest.mark.parametrize("name", PUPILS)
def test_file_with_pupils_is_refused_with_the_reason_and_the_way_out(name: str) -> None:
    data, code = PUPILS[name]

    found = refused(data)

    assert found.code == code
    assert "не хранит данные об отдельных учениках" in found.text_ru
    assert found.action


def test_pupils_on_a_hidden_sheet_are_found_too() -> None:
    names = Sheet("список", (Row(1, ("Фамилия", "Имя")),), is_hidden=True)

    assert refused_book(Book((sheet_of(("inn", "year")), names))).code == Code.GIA_PROTOCOL


@pytest.mark.parametrize("title", ["Распределение первичных баллов", "Выполнение заданий группами участников"])
def test_other_federal_reports_are_refused_by_name(title: str) -> None:
    rows: tuple[tuple[CellValue, ...], ...] = ((title,), (), ("ВПР 2026 Русский язык 4 класс",))

    found = refused_book(book_of(*rows))

    assert found.code == Code.UNKNOWN_LAYOUT
    assert "портал не загружает" in found.text_ru
