"""The file comes back as it was, with its problems marked and nothing that Excel would run."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from schools.importing import annotation
from schools.importing.annotation import marked_workbook
from schools.intake.parse import parse_file
from tests.factories.workbooks import federal_marks, saved, workbook


def problem(**fields: Any) -> dict[str, Any]:
    defaults = {
        "code": "not_a_number",
        "sheet": "Лист1",
        "row": 2,
        "column": "«2»",
        "cell": "B2",
        "found": "н/д",
        "expected": "число",
        "text": "Лист «Лист1», строка 2: ожидается число, получено «н/д».",
        "action": "Введите число.",
        "severity": "error",
    }
    return {**defaults, **fields}


def marked(data: bytes, *problems: dict[str, Any]) -> Any:
    return load_workbook(io.BytesIO(marked_workbook(data, problems)))


TABLE = workbook([("Школа", "«2»"), ("СОШ № 1", "н/д"), ("СОШ № 2", 3)])


def test_cell_is_red_with_a_comment_that_says_what_to_do() -> None:
    cell = marked(TABLE, problem())["Лист1"]["B2"]

    assert cell.value == "н/д"
    assert cell.fill.fgColor.rgb == "FFF2C6C2"
    assert cell.comment.text == "Лист «Лист1», строка 2: ожидается число, получено «н/д». Введите число."


def test_other_cells_are_as_they_were() -> None:
    sheet = marked(TABLE, problem())["Лист1"]

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Школа", "«2»"],
        ["СОШ № 1", "н/д"],
        ["СОШ № 2", 3],
    ]
    assert sheet["B3"].comment is None


def mended(data: bytes, corrections: dict[str, dict[str, str]], *problems: dict[str, Any]) -> Any:
    return load_workbook(io.BytesIO(marked_workbook(data, problems, corrections)))


def test_cell_put_right_on_the_page_holds_the_new_value_and_says_the_old() -> None:
    cell = mended(TABLE, {"Лист1": {"B2": "12"}})["Лист1"]["B2"]

    assert (cell.value, cell.data_type) == (12, "n")
    assert cell.comment.text == "исправлено на странице: было «н/д»"
    assert cell.fill.fgColor.rgb == "FFDCE9F7"


def test_correction_that_is_wrong_again_is_red_with_both_texts() -> None:
    cell = mended(TABLE, {"Лист1": {"B2": "две"}}, problem(found="две", text="Ожидается число."))["Лист1"]["B2"]

    assert cell.value == "две"
    assert cell.fill.fgColor.rgb == "FFF2C6C2"
    assert cell.comment.text == "исправлено на странице: было «н/д»\nОжидается число. Введите число."


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("0100012345", "0100012345"),
        ("1234567890", "1234567890"),
        ("12 чел.", "12 чел."),
    ],
)
def test_correction_is_a_number_where_it_reads_as_one(typed: str, written: float | str) -> None:
    assert mended(TABLE, {"Лист1": {"B2": typed}})["Лист1"]["B2"].value == written


def test_emptied_cell_is_empty_and_says_what_stood_there() -> None:
    cell = mended(TABLE, {"Лист1": {"B2": "пусто"}})["Лист1"]["B2"]

    assert cell.value is None
    assert cell.comment.text == "исправлено на странице: было «н/д»"


def test_correction_is_never_a_live_formula() -> None:
    cell = mended(TABLE, {"Лист1": {"B2": "=1+1"}})["Лист1"]["B2"]

    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "было пусто"), ("=1+1", "было формула"), (3, "было «3»")],
)
def test_comment_of_a_correction_says_what_stood_there(value: Any, words: str) -> None:
    book = workbook([("Школа", "«2»", "«3»"), ("СОШ № 1", value, 1)])

    assert words in mended(book, {"Лист1": {"B2": "5"}})["Лист1"]["B2"].comment.text


def test_corrections_outside_the_file_are_left_out() -> None:
    book = mended(TABLE, {"Лист1": {"B99": "5"}, "Другой": {"B2": "5"}})

    assert book["Лист1"].max_row == 3
    assert book["Лист1"]["B2"].comment is None


def test_correction_of_a_csv_stands_in_its_copy() -> None:
    sheet = mended("Школа;«2»\nСОШ № 1;абв\n".encode(), {"": {"B2": "12"}})["Данные"]

    assert sheet["B2"].value == 12
    assert sheet["B2"].comment.text == "исправлено на странице: было «абв»"


def test_list_of_problems_leads_to_each_cell() -> None:
    book = marked(TABLE, problem(), problem(row=3, cell="B3", severity="warning", action=""))
    sheet = book["Ошибки"]

    assert book.active is sheet
    assert [cell.value for cell in sheet[2]][:7] == ["ошибка", "Лист1", "B2", 2, "«2»", "н/д", "число"]
    assert sheet["A3"].value == "предупреждение"
    assert [sheet[f"C{row}"].hyperlink.location for row in (2, 3)] == ["'Лист1'!B2", "'Лист1'!B3"]


def test_warning_is_amber_and_an_error_beside_it_makes_it_red() -> None:
    warning = problem(severity="warning")

    assert marked(TABLE, warning)["Лист1"]["B2"].fill.fgColor.rgb == "FFFCF0D6"
    assert marked(TABLE, warning, problem())["Лист1"]["B2"].fill.fgColor.rgb == "FFF2C6C2"


def test_problem_of_a_row_stands_on_its_first_cell_and_one_of_a_sheet_only_in_the_list() -> None:
    book = marked(TABLE, problem(cell=""), problem(cell="", row=0, text="Файл: скрытые листы."))

    assert book["Лист1"]["A2"].comment is not None
    assert [book["Ошибки"][f"C{row}"].value for row in (2, 3)] == ["A2", None]
    assert book["Ошибки"]["H3"].value == "Файл: скрытые листы. Введите число."


def test_problem_inside_merged_cells_is_put_where_the_value_is() -> None:
    book = load_workbook(io.BytesIO(TABLE))
    book.worksheets[0].merge_cells("B2:B3")

    sheet = marked(saved(book), problem(cell="B3", row=3))["Лист1"]

    assert sheet["B2"].comment is not None


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2+3"])
def test_texts_of_files_never_become_formulas(text: str) -> None:
    book = marked(TABLE, problem(found=text, text=text, column=text))

    cells = [cell for row in book["Ошибки"].iter_rows() for cell in row]
    assert text in {cell.value for cell in cells}
    assert all(cell.data_type != "f" for cell in cells)


def test_csv_becomes_a_workbook_of_texts() -> None:
    book = marked("Школа;«2»\n=1+1;н/д\n".encode(), problem(sheet="", cell="B2"))

    assert [[cell.value for cell in row] for row in book["Данные"].iter_rows()] == [["Школа", "«2»"], ["=1+1", "н/д"]]
    assert book["Данные"]["A2"].data_type == "s"
    assert book["Данные"]["B2"].comment is not None
    assert book["Ошибки"]["C2"].hyperlink.location == "'Данные'!B2"


def test_marked_file_that_came_back_has_one_list() -> None:
    once = marked_workbook(TABLE, [problem(), problem(row=3, cell="B3")])

    again = load_workbook(io.BytesIO(marked_workbook(once, [problem()])))

    assert again.sheetnames == ["Лист1", "Ошибки"]
    assert again["Ошибки"].max_row == 2


def test_sheet_of_the_same_name_that_is_another_stays() -> None:
    book = load_workbook(io.BytesIO(TABLE))
    book.create_sheet("Ошибки")["A1"] = "Свои заметки"

    again = load_workbook(io.BytesIO(marked_workbook(saved(book), [problem()])))

    assert again["Ошибки"]["A1"].value == "Свои заметки"
    assert again["Ошибки1"].max_row == 2


def test_marked_file_is_still_recognised() -> None:
    data = federal_marks({"МБОУ «СОШ № 1» (edu900001)": (1, 2, 30, 5)})

    again = parse_file(marked_workbook(data, [problem(sheet="", cell="C10", row=10)]))

    assert (again.layout, len(again.rows)) == ("federal_marks", 1)


def test_number_of_comments_and_lines_is_bounded_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation, "COMMENTS", 1)
    monkeypatch.setattr(annotation, "LISTED", 1)

    book = marked(TABLE, problem(), problem(row=3, cell="B3"))

    assert book["Лист1"]["B3"].comment is None
    assert book["Лист1"]["B3"].fill.fgColor.rgb == annotation.RED.fgColor.rgb
    assert [book["Ошибки"].cell(row, 1).value for row in (3, 4)] == [
        "Показаны первые 1 замечаний из 2.",
        "Цветом отмечены все ячейки с замечаниями (2), примечания есть у первых 1.",
    ]


def test_marking_tells_how_far_it_is_and_stops_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation, "PART", 1)
    steps: list[tuple[str, int, int]] = []

    def step(text: str, done: int, total: int) -> None:
        steps.append((text, done, total))
        if text.startswith("Сохраняем"):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        marked_workbook(TABLE, [problem(), problem(row=3, cell="B3")], step=step)

    assert steps == [
        ("Ставим пометки", 0, 2),
        ("Ставим пометки", 1, 2),
        ("Составляем лист «Ошибки»", 2, 2),
        ("Составляем лист «Ошибки»", 3, 2),
        ("Сохраняем книгу", 2, 2),
    ]
