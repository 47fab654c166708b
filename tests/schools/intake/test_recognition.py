"""Files are known by their cells; files with data on pupils are known too, and refused."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from schools.intake.cells import Book, CellValue, Row, Sheet
from schools.intake.layouts import KINDS, LAYOUTS, recognise
from schools.intake.limits import DEFAULT_LIMITS
from schools.intake.parse import parse_file, read_book
from schools.intake.refusals import Code, LayoutRefusal, Refusal
from schools.intake.rows import Journal, ProblemCode, SchoolRef
from schools.intake.templates_out import registry_template, results_template
from tests.factories.federal import (
    COUNTRY,
    FIRST,
    HISTOGRAM,
    PUPIL,
    collection_form,
    journal_blocks_file,
    make_pupils,
    outcomes_file,
    protocol_csv,
    protocol_dense,
    protocol_sparse,
    pupils_file,
    scores_file,
    task_groups_file,
    tasks_file,
)
from tests.factories.region_files import bias_table, marks_table, scores_table
from tests.factories.workbooks import book_of, federal_journal, federal_marks, remarks, saved, sheet_of, workbook

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


FILES: dict[str, bytes] = {
    "federal_pupils": pupils_file({FIRST: make_pupils(3)}),
    "federal_marks": MARKS,
    "federal_journal": JOURNAL,
    "federal_scores": scores_file({FIRST: HISTOGRAM}),
    "federal_tasks": tasks_file({FIRST: (1, 2, 3, 4)}),
    "federal_task_groups": task_groups_file({FIRST: {2: (1, 2, 3, 4)}}),
    "federal_outcomes": outcomes_file([FIRST]),
    "portal_results": results_template([SchoolRef(inn="0000100037")]),
    "portal_schools": registry_template(),
    "flat_results": b"inn;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5\n0000100037;2026",
    "region_marks": marks_table({("edu900001", "x"): (1, 1, 1, 1)}),
    "region_scores": scores_table([("edu900001", "x", (1, 1, 1, 1, 1, 1), {})]),
    "region_bias": bias_table([("edu900001", "x", (1, 0, 0, 0), 1)]),
}


@pytest.mark.parametrize("name", FILES)
def test_file_of_a_layout_is_told_by_its_cells_and_is_nothing_else(name: str) -> None:
    book = read_book(FILES[name], DEFAULT_LIMITS)

    assert recognise(book).code == name
    alike = {layout.code: layout.affinity(book) for layout in LAYOUTS}
    assert alike[name] == 1
    assert not [code for code, affinity in alike.items() if code != name and affinity >= 0.95]


def test_older_form_of_the_comparison_is_the_same_layout() -> None:
    file = parse_file(journal_blocks_file({COUNTRY: (372, 607, 21), FIRST: (10, 25, 3)}))

    assert file.layout == "federal_journal"
    assert [row.journal for row in file.rows] == [Journal(lowered=10, confirmed=25, raised=3)]
    assert file.benchmarks[0].percents["lowered"] == Decimal("37.20")


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(("federal", "region"))])
def test_file_written_for_the_tests_has_no_error(name: str) -> None:
    assert not parse_file(FILES[name]).errors


def test_unknown_table_is_refused_with_what_is_expected() -> None:
    found = refused(workbook([("Код школы", "Показатель")], title="Самооценка"))

    assert found.code == Code.UNKNOWN_LAYOUT
    assert "первая строка «Код школы», «П…»" in found.text_ru
    assert KINDS in found.text_ru
    assert len(found.text_ru) < 500


LISTED_PUPIL = ("Примерова Фёкла", "12345678900", "7Б", 14, "пр. Вымышленный, 1")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([LISTED_PUPIL, LISTED_PUPIL], id="no header"),
        pytest.param([LISTED_PUPIL, ("Процедура", "Год", *LISTED_PUPIL)], id="pieces of a header"),
    ],
)
def test_refusal_of_an_unknown_file_repeats_nothing_of_its_rows(rows: list[tuple[object, ...]]) -> None:
    found = refused(workbook(rows, title="Примерова Ф"))

    said = f"{found.text_ru} {found!r}"
    assert not [word for word in ("Примерова", "Фёкла", "12345678900", "7Б", "Вымышленный") if word in said]
    assert "Ожидается" in found.text_ru


def test_template_that_lost_its_header_is_refused_without_its_rows() -> None:
    found = refused(workbook([LISTED_PUPIL, LISTED_PUPIL], title="Результаты"))

    assert (found.code, "«П…»" in found.text_ru, "Примерова" in found.text_ru) == (Code.COLUMN_MISSING, True, False)


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
    book = load_workbook(io.BytesIO(MARKS))
    hidden = book.create_sheet("черновик")
    hidden["A1"] = "x"
    hidden.sheet_state = "hidden"

    problems = remarks(parse_file(saved(book)))

    assert [problem.code for problem in problems] == [ProblemCode.HIDDEN_SHEET]
    assert problems[0].text_ru == "Файл: скрытые листы не загружены: «черновик»."


def copied_beside(book: Workbook, data: bytes, title: str) -> None:
    """Put the first sheet of another workbook into a book."""
    sheet = book.create_sheet(title)
    for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True):
        sheet.append(row)


def test_another_report_of_the_same_book_is_named_as_not_read() -> None:
    book = load_workbook(io.BytesIO(MARKS))
    copied_beside(book, federal_journal({"СОШ № 1 (edu900001)": (1, 2, 1)}), "Журнал")
    book.create_sheet("Заметки")["A1"] = "просто текст"

    problems = remarks(parse_file(saved(book)))

    assert [problem.code for problem in problems] == [ProblemCode.UNREAD_SHEET]
    assert "лист «Журнал» не прочитан: на нём другой отчёт, «Сравнение отметок" in problems[0].text_ru
    assert problems[0].action == "Загрузите лист отдельным файлом."


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("portal_")])  # those are empty forms
def test_file_of_one_report_has_no_sheet_that_is_not_read(name: str) -> None:
    codes = {problem.code for problem in parse_file(FILES[name]).problems}

    assert ProblemCode.UNREAD_SHEET not in codes


PUPILS: dict[str, tuple[bytes, Code]] = {
    "empty collection form": (collection_form(), Code.COLLECTION_FORM),
    "filled collection form": (collection_form(code="40017"), Code.COLLECTION_FORM),
    "collection form with other sheets": (
        workbook([("Код участника", "Вариант", "1 (2б)", "Порядковый номер класса", "Итого баллов")]),
        Code.COLLECTION_FORM,
    ),
    "codes without marks": (workbook([("ОО", "Код участника", "Класс", "Вариант")]), Code.PUPIL_RESULTS),
    "exam protocol": (protocol_dense(), Code.GIA_PROTOCOL),
    "exam protocol with joined empty columns": (protocol_sparse(), Code.GIA_PROTOCOL),
    "exam protocol as csv": (protocol_csv(), Code.GIA_PROTOCOL),
    "exam protocol without names": (
        workbook([("22 - Математика 2026.06.01",), ("№", "Код ОО", "Код ППЭ", "Серия", "Номер", "Тестовый балл")]),
        Code.GIA_PROTOCOL,
    ),
    "list of names": (workbook([("№", "Код ОО", "Фамилия", "Имя", "Отчество", "Серия")]), Code.GIA_PROTOCOL),
    "names in one column beside scores": (workbook([("Школа", "Ф.И.О.", "Балл")]), Code.GIA_PROTOCOL),
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


def test_refused_protocol_leads_to_the_template_of_sums() -> None:
    found = refused(protocol_dense())

    assert found.link == reverse("imports:template_results")
    assert found.link in found.text_ru


@pytest.mark.parametrize("secret", PUPIL)
def test_refusal_of_a_protocol_quotes_nobody(secret: str) -> None:
    assert not [data for data, _ in PUPILS.values() if secret in refused(data).text_ru]


def test_report_that_nobody_described_is_refused_by_name() -> None:
    rows: tuple[tuple[CellValue, ...], ...] = (("Описательная статистика",), (), ("ВПР 2026 Русский язык 4 класс",))

    found = refused_book(book_of(*rows))

    assert found.code == Code.UNKNOWN_LAYOUT
    assert "портал не загружает" in found.text_ru


@pytest.mark.parametrize("titles", [("ФИО", "Должность"), ("ФИО", "Отметка о явке", "Должность")])
def test_full_names_without_scores_are_somebody_else(titles: tuple[str, ...]) -> None:
    assert refused_book(book_of(titles)).code == Code.UNKNOWN_LAYOUT
