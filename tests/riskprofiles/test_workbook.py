"""The form SA-3 as a book: written, filled by a person, read back. No database."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from riskprofiles.answers import FIELD_TITLES, Answer, Field
from riskprofiles.scoring import RiskLevel
from riskprofiles.workbook import FormKey, FormRow, ReadForm, WrongForm, build_form, changes, read_form
from schools.intake.reader import read_workbook

KEY = FormKey(inn="1234567894", school="МБОУ «СОШ № 5»", year=2027, catalogue="500-2021")
ROWS = [
    FormRow(
        code="R02",
        answer=Answer(
            factor="a",
            title="Дефицит кадров",
            calculated=RiskLevel.HIGH,
            relevant=True,
            level=RiskLevel.MEDIUM,
            measures="Целевое обучение",
        ),
    ),
    FormRow(code="R08", answer=Answer(factor="b", title="Низкая мотивация")),
    FormRow(code="R13", answer=Answer(factor="c", title="Удалённость", relevant=True)),
]
COLUMN = dict(zip(Field, "DEFGH", strict=True))
Fill = Callable[[Workbook], None]


def written(key: FormKey = KEY) -> Workbook:
    return load_workbook(BytesIO(build_form(key, ROWS)))


def sheet_of(book: Workbook, name: str = "Данные") -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def read_back(fill: Fill, key: FormKey = KEY, *, own: FormKey = KEY) -> ReadForm:
    """Read a book that was written for the school of `key` as the form of `own`."""
    book = written(key)
    fill(book)
    buffer = BytesIO()
    book.save(buffer)
    return read_form(read_workbook(buffer.getvalue()), own)


def put(**cells: str) -> Fill:
    def fill(book: Workbook) -> None:
        for cell, value in cells.items():
            sheet_of(book)[cell] = value

    return fill


def put_meta(cell: str, value: str | None) -> Fill:
    def fill(book: Workbook) -> None:
        sheet_of(book, "meta")[cell] = value

    return fill


def test_book_has_the_sheets_and_columns_of_the_form() -> None:
    book = written()

    assert book.sheetnames == ["Данные", "Инструкция", "meta"]
    assert sheet_of(book, "meta").sheet_state == "hidden"
    assert [cell.value for cell in sheet_of(book)[3]][3:] == [FIELD_TITLES[field] for field in COLUMN]


def test_book_is_filled_with_the_draft() -> None:
    values = [cell.value for cell in sheet_of(written())[4]]

    assert values == ["R02", "Дефицит кадров", "высокая", "да", "средняя", None, "Целевое обучение", None]


def test_only_answers_and_own_titles_can_be_written() -> None:
    sheet = sheet_of(written())

    assert sheet.protection.sheet
    assert [sheet[cell].protection.locked for cell in ("A3", "A4", "B4", "C4")] == [True] * 4
    assert [sheet[cell].protection.locked for cell in ("D4", "G4", "B7", "D7")] == [False] * 4


def test_answers_are_chosen_from_lists() -> None:
    rules = {str(rule.sqref): rule.formula1 for rule in sheet_of(written()).data_validations.dataValidation}

    assert rules == {"D4:D9": '"да,нет"', "E4:E9": '"высокая,средняя,низкая"'}


def test_text_that_looks_like_a_formula_stays_text() -> None:
    row = FormRow(code="R02", answer=replace(ROWS[0].answer, measures="=1+1"))

    book = load_workbook(BytesIO(build_form(KEY, [row])))

    assert (sheet_of(book)["G4"].value, sheet_of(book)["G4"].data_type) == ("=1+1", "s")


def test_untouched_book_changes_nothing() -> None:
    assert list(changes(read_back(put()).rows, ROWS)) == []


def test_filled_cells_become_changes() -> None:
    form = read_back(put(D5="Да", E5="Низкая", G5="Проекты"))

    found = [(change.factor, change.field, change.old_words, change.new_words) for change in changes(form.rows, ROWS)]

    assert found == [
        ("b", Field.RELEVANT, "", "да"),
        ("b", Field.LEVEL, "", "низкая"),
        ("b", Field.MEASURES, "", "Проекты"),
    ]
    assert form.problems == ()


def test_old_value_stands_beside_the_new_one() -> None:
    form = read_back(put(G4="Переподготовка"))

    found = [(change.row, change.old_words, change.new_words) for change in changes(form.rows, ROWS)]

    assert found == [(4, "Целевое обучение", "Переподготовка")]


def test_emptied_cell_erases_nothing() -> None:
    form = read_back(put(G4=""))

    assert list(changes(form.rows, ROWS)) == []


def test_own_risk_is_known_by_its_title() -> None:
    form = read_back(put(G6="Подвоз", B7="Износ здания", D7="да"))

    found = [(change.factor, change.title, change.new_words) for change in changes(form.rows, ROWS)]

    assert found == [("c", "Удалённость", "Подвоз"), ("", "Износ здания", "да")]


@pytest.mark.parametrize(
    ("cells", "row", "label", "found", "words"),
    [
        pytest.param({"D5": "может быть"}, 5, "Актуален для школы", "может быть", "«да» или «нет»", id="yes or no"),
        pytest.param({"E5": "крайняя"}, 5, "Значимость по оценке школы", "крайняя", "Выберите значимость", id="level"),
        pytest.param({"G5": "я" * 2001}, 5, "Краткое описание мер", "я" * 40 + "…", "Исправьте ячейку", id="too long"),
        pytest.param({"D7": "да"}, 7, "Фактор риска", "пусто", "без названия", id="own risk without a title"),
    ],
)
def test_bad_cell_is_a_problem_of_its_row(cells: dict[str, str], row: int, label: str, found: str, words: str) -> None:
    problem = read_back(put(**cells)).problems[0]

    assert (problem.row, problem.label, problem.found) == (row, label, found)
    assert words in problem.text


def test_good_cells_of_a_bad_row_are_kept() -> None:
    form = read_back(put(D5="может быть", G5="Проекты"))

    assert [change.new_words for change in changes(form.rows, ROWS)] == ["Проекты"]
    assert len(form.problems) == 1


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        pytest.param(put_meta("B1", "SA-1"), "Это другая форма: в файле «SA-1», нужна «SA-3»", id="form"),
        pytest.param(put_meta("B2", "0"), "другой версии: в файле 0, на портале 1", id="version"),
        pytest.param(put_meta("B3", "7700000000"), "другой школы: в файле ИНН 7700000000", id="school"),
        pytest.param(put_meta("B4", "2026"), "за другой год: в файле 2026, нужен 2027", id="year"),
        pytest.param(put_meta("B5", "500-2020"), "другому каталогу факторов: в файле «500-2020»", id="catalogue"),
        pytest.param(put_meta("B6", "0"), "Служебный лист формы изменён", id="checksum"),
        pytest.param(lambda book: book.remove(book["meta"]), "Это не форма самодиагностики", id="no meta"),
        pytest.param(lambda book: book.remove(book["Данные"]), "нет листа «Данные»", id="no data sheet"),
        pytest.param(put(G3="Меры"), "нет столбцов: «Краткое описание мер»", id="column renamed"),
    ],
)
def test_foreign_book_is_refused_naming_the_difference(fill: Fill, words: str) -> None:
    with pytest.raises(WrongForm, match=words):
        read_back(fill)


def test_book_of_another_school_is_refused_naming_both() -> None:
    other = replace(KEY, inn="9876543210")

    with pytest.raises(WrongForm) as refused:
        read_back(put(), other)

    assert "9876543210" in str(refused.value)
    assert "МБОУ «СОШ № 5», ИНН 1234567894" in str(refused.value)


@pytest.mark.parametrize("inn", ["", "1234567894"], ids=["branches without an ИНН", "two schools of one ИНН"])
def test_book_of_another_branch_is_refused(inn: str) -> None:
    own = replace(KEY, inn=inn, school_id="branch-1")
    other = replace(own, school_id="branch-2")

    assert read_back(put(D4="да"), own, own=own).rows
    with pytest.raises(WrongForm, match="в файле другая школа или филиал"):
        read_back(put(D4="да"), other, own=own)


def test_book_from_before_books_had_the_id_is_known_by_its_inn() -> None:
    own = replace(KEY, school_id="school-5")

    assert read_back(put(D4="да"), KEY, own=own).rows
    with pytest.raises(WrongForm, match="другая школа или филиал"):
        read_back(put(D4="да"), replace(KEY, inn=""), own=replace(own, inn=""))


def test_book_whose_id_was_taken_out_is_refused() -> None:
    own = replace(KEY, school_id="school-5")

    with pytest.raises(WrongForm, match="Служебный лист формы изменён"):
        read_back(put_meta("B7", None), own, own=own)


def test_empty_form_is_refused() -> None:
    def wipe(book: Workbook) -> None:
        for row in sheet_of(book).iter_rows(min_row=4, min_col=4):
            for cell in row:
                cell.value = None

    with pytest.raises(WrongForm, match="нет ни одного ответа"):
        read_back(wipe)
