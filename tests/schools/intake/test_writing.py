"""Workbooks that we write: templates, federal layouts, safe cells; and archives that we open."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from schools.intake.archives import files_of, is_archive
from schools.intake.federal_writer import MarksLine, marks_workbook
from schools.intake.layouts import portal_results, portal_schools
from schools.intake.limits import Limits
from schools.intake.parse import parse_file
from schools.intake.reader import read_workbook
from schools.intake.refusals import Code, GateRefusal
from schools.intake.rows import SchoolRef
from schools.intake.safe_cells import put, safe_title
from schools.intake.template_meta import META_SHEET, TemplateMeta
from schools.intake.templates_out import (
    HELP_SHEET,
    LISTS_SHEET,
    events_template,
    internal_works_template,
    registry_template,
    results_template,
)
from tests.factories.workbooks import federal_journal, federal_marks, make_work, packed, saved

SCHOOLS = [
    SchoolRef(inn="0000100037", gia_code="001003", name="МБОУ «СОШ № 3»", login="edu900003"),
    SchoolRef(inn="0000100051", name='=HYPERLINK("http://example.org","x")'),
]


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


# Templates


def test_template_of_results_has_the_schools_and_the_dictionaries() -> None:
    book = opened(results_template(SCHOOLS))

    sheet = book["Результаты"]
    assert [cell.value for cell in sheet[1]] == [column.title for column in portal_results.COLUMNS]
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("0000100037", "@")
    assert sheet["C2"].value == "МБОУ «СОШ № 3»"
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "whole"}
    assert "ВПР" in [cell.value for cell in book[LISTS_SHEET]["A"]]
    assert book[HELP_SHEET]["A1"].value == "Как заполнить шаблон результатов"


def test_header_of_the_template_is_locked_and_the_rows_are_free() -> None:
    sheet = opened(results_template(SCHOOLS))["Результаты"]

    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet["A2"].protection.locked
    assert not sheet.column_dimensions["L"].protection.locked
    assert sheet.freeze_panes == "A2"


def test_version_of_the_template_is_hidden_in_it() -> None:
    meta = opened(results_template([]))[META_SHEET]

    lines = {row[0].value: row[1].value for row in meta.iter_rows()}
    assert meta.sheet_state == "hidden"
    assert (lines["form"], lines["version"]) == ("results", str(portal_results.VERSION))


def test_stored_results_stand_in_the_template_of_their_school() -> None:
    line: dict[str, Any] = {
        "inn": SCHOOLS[0].inn,
        "name": SCHOOLS[0].name,
        "procedure": "ВПР",
        "year": 2026,
        "participants": 38,
    }

    sheet = opened(results_template(SCHOOLS, [line, {**line, "procedure": "КДР"}]))["Результаты"]

    shown = [[cell.value for cell in row[:6]] for row in sheet.iter_rows(min_row=2)]
    assert [row[4] for row in shown] == ["ВПР", "КДР", None]
    assert {row[0] for row in shown} == {school.inn for school in SCHOOLS}


def test_form_of_internal_works_offers_the_works_of_a_school_only() -> None:
    meta = TemplateMeta(form="SA-5", version=2, inn=SCHOOLS[0].inn, period="2026")

    book = opened(internal_works_template(SCHOOLS[0], [], meta))

    assert [cell.value for cell in book[LISTS_SHEET]["A"] if cell.value][1:] == [
        "Входной мониторинг",
        "Школьная диагностическая работа",
        "Муниципальная диагностическая работа",
    ]


def test_template_of_events_lists_the_schools_to_choose_from() -> None:
    meta = TemplateMeta(form="events", version=1, territory="m1", period="2026")

    book = opened(events_template(SCHOOLS, [{"topic": "Тема", "starts_on": date(2026, 4, 20)}], meta))

    listed = [cell.value for cell in book[LISTS_SHEET]["D"] if cell.value]
    assert listed == ["ИНН школы", *(school.inn for school in SCHOOLS)]
    assert book["Мероприятия"]["C2"].number_format == "dd.mm.yyyy"
    assert "с 01.01.2026 по 31.12.2026" in str(book[HELP_SHEET]["A10"].value)


def test_filled_template_is_read_back() -> None:
    book = opened(results_template(SCHOOLS))
    sheet = book["Результаты"]
    values: dict[str, str | int] = {"Процедура": "КДР", "Год": 2026, "Предмет": "Математика"}
    values |= {"Класс": 6, "Участников": 3, "«2»": 1, "«3»": 1, "«4»": 1, "«5»": 0}
    titles = [cell.value for cell in sheet[1]]
    for title, value in values.items():
        sheet.cell(row=2, column=titles.index(title) + 1).value = value

    file = parse_file(saved(book))

    assert file.layout == "portal_results"
    assert [(row.school.inn, row.school.login) for row in file.rows] == [("0000100037", "edu900003")]
    assert not file.problems


def test_filled_template_of_the_registry_is_read_back() -> None:
    book = opened(registry_template())
    sheet = book[portal_schools.SHEET]
    row = ("0000100037", None, "edu900003", "1", "СОШ № 3", "СОШ", "село", "reg99_m001", "Округ 1", 100)
    for column, value in enumerate(row, start=1):
        sheet.cell(row=2, column=column).value = value

    file = parse_file(saved(book))

    assert file.layout == "portal_schools"
    assert [school.name for school in file.schools] == ["СОШ № 3"]


def test_name_of_a_school_never_becomes_a_formula() -> None:
    cell = opened(results_template(SCHOOLS))["Результаты"]["C3"]

    assert cell.data_type == "s"
    assert str(cell.value).startswith("=HYPERLINK")


# Safe cells


@settings(max_examples=80)
@given(st.one_of(st.text(max_size=40), st.text("=+-@\t\r", min_size=1, max_size=2)))
def test_any_text_is_written_and_stays_a_text(text: str) -> None:
    book = Workbook()
    put(book.worksheets[0], 1, 1, text)

    cell = opened(saved(book)).worksheets[0]["A1"]

    assert cell.data_type in {"s", "n", "inlineStr"}
    assert cell.value is None or isinstance(cell.value, str)


@pytest.mark.parametrize("value", [5, 5.06, None])
def test_numbers_stay_numbers(value: float | None) -> None:
    book = Workbook()

    assert put(book.worksheets[0], 1, 1, value).value == value


def test_cell_inside_a_merged_range_is_refused() -> None:
    book = Workbook()
    book.worksheets[0].merge_cells("A1:B1")

    with pytest.raises(TypeError):
        put(book.worksheets[0], 1, 2, "x")


@pytest.mark.parametrize(
    ("text", "title"),
    [("РУ 4: отчёт [1]/2*?", "РУ 4  отчёт  1  2"), ("", "Лист"), ("x" * 40, "x" * 31), ("'a'", "a")],
)
def test_title_of_a_sheet_is_one_that_excel_takes(text: str, title: str) -> None:
    assert safe_title(text) == title


# Federal layouts


def test_marks_are_laid_out_as_in_the_export() -> None:
    sheet = opened(federal_marks({"СОШ № 1 (edu900001)": (1, 2, 30, 5)})).worksheets[0]

    assert sheet.title == "РУ 4 Статистика по отметкам"
    assert sheet["A1"].value == "Статистика по отметкам"
    assert sheet["A3"].value == "ВПР 2026 Русский язык 4 класс"
    assert [cell.value for cell in sheet[8]][3:] == [2, 3, 4, 5]
    assert [cell.value for cell in sheet[10]] == ["СОШ № 1 (edu900001)", None, 38, 2.63, 5.26, 78.95, 13.16]


def test_journal_is_laid_out_as_in_the_export() -> None:
    sheet = opened(federal_journal({"СОШ № 1 (edu900001)": (10, 25, 3)})).worksheets[0]

    assert sheet.title == "РУ 4 Сравнение отметок с отметк"
    assert [cell.value for cell in sheet[9]] == ["СОШ № 1 (edu900001)", 38, 26.32, 10, 65.79, 25, 7.89, 3]


def test_school_without_participants_is_written_with_zeros() -> None:
    data = marks_workbook(make_work(), [MarksLine(name="СОШ № 1 (edu900001)", marks=(0, 0, 0, 0))])

    assert read_workbook(data).sheets[0].at(9, 3) == 0


# Archives


def test_archive_gives_its_files_by_their_last_names() -> None:
    data = packed({"2026/а.xlsx": b"1", "__MACOSX/x.xlsx": b"2", "2026/.hidden.csv": b"3", "2026/~$а.xlsx": b"4"})

    assert is_archive(data)
    assert [(name, content) for name, content, _ in files_of(data)] == [("а.xlsx", b"1")]


def test_name_written_by_windows_is_read() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("XXXX.csv"), b"1")
    data = stream.getvalue().replace(b"XXXX.csv", "Ф3РУ".encode("cp866") + b".csv")

    assert [one.name for one in files_of(data)] == ["Ф3РУ.csv"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"PK\x03\x04 broken",
        federal_marks({}),
        packed({"mimetype": b"", "a.xlsx": b""}),
        packed({"a.txt": b""}),
    ],
    ids=["empty", "text", "broken", "workbook", "open document", "other files"],
)
def test_documents_and_other_files_are_no_archives(data: bytes) -> None:
    assert not is_archive(data)


@pytest.mark.parametrize("limits", [Limits(file_bytes=3), Limits(archive_bytes=5), Limits(archive_files=1)])
def test_archive_with_too_much_inside_is_refused(limits: Limits) -> None:
    with pytest.raises(GateRefusal) as caught:
        list(files_of(packed({"a.csv": b"1234", "b.csv": b"1234"}), limits))

    assert caught.value.code == Code.TOO_BIG_UNPACKED


def test_damaged_archive_is_refused() -> None:
    data = bytearray(packed({"a.csv": b"1234" * 100}))
    data[40] ^= 0xFF

    with pytest.raises(GateRefusal) as caught:
        list(files_of(bytes(data)))

    assert caught.value.code == Code.DAMAGED
