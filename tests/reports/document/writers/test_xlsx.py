from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from reports.document import (
    Align,
    Approval,
    Bar,
    BarChart,
    BulletList,
    Column,
    Document,
    Heading,
    ListItem,
    PageBreak,
    Paragraph,
    Slope,
    SlopeChart,
    Table,
    numbered,
)
from reports.document.writers.xlsx import render, sheet_name
from tests.factories.documents import make_count, make_document, make_share, make_table

EMU_PER_CM = 360_000


def reopened(document: Document) -> Any:
    return load_workbook(BytesIO(render(document)))


def texts(book: Any) -> list[str]:
    return [row[0] for row in book["Текст"].iter_rows(values_only=True)]


def test_table_keeps_its_numbers_as_numbers() -> None:
    sheet = reopened(make_document(make_table(2)))["Исполнение дорожных карт"]

    rows = list(sheet.iter_rows(min_row=3, values_only=True))

    assert rows[0] == ("№", "Школа", "Пунктов", "Исполнено, %")
    assert rows[1] == (1, "МБОУ «СОШ № 1»", 1001, pytest.approx(1 / 1001))
    assert rows[3][:3] == (None, "Итого", 1846)
    assert sheet["D4"].number_format == "0.0%"
    assert sheet["C4"].number_format == "#,##0"


def test_sheet_is_ready_for_reading_and_printing() -> None:
    sheet = reopened(make_document(make_table(2)))["Исполнение дорожных карт"]

    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:D5"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.column_dimensions["B"].width > 40


def test_text_reads_as_the_document() -> None:
    inner = numbered(ListItem(("Частное",), (BulletList((("раз",),)),)))
    document = make_document(
        Paragraph(("Исполнено ", make_share(3, 6, 0))),
        Heading(("Выводы",)),
        numbered(ListItem(("Общее",), (inner,))),
        PageBreak(),
        make_table(),
        approval=Approval(("УТВЕРЖДЁН",)),
        executor="Исполнитель",
    )

    assert texts(reopened(document)) == [
        "Управление образования Светлоборского муниципального округа",
        "УТВЕРЖДЁН",
        "Информация",
        "об исполнении плана мероприятий за 2026 год",
        "г. Светлый Бор",
        "24\u00a0ноября 2026\u00a0года",
        "Исполнено 50\u00a0% (3 из 6)",
        "Выводы",
        "1. Общее",
        "1.1. Частное",
        "– раз",
        "[Исполнение дорожных карт – на отдельном листе]",
        "Начальник управления          И.К. Воронов",
        "Исполнитель",
    ]


def test_every_number_has_its_source() -> None:
    document = make_document(Paragraph((make_share(), make_share(), make_count(None))), make_table(1))
    sheet = reopened(document)["Источники"]

    rows = list(sheet.iter_rows(min_row=2, values_only=True))

    assert rows[0] == (
        1,
        "Текст",
        "38,5\u00a0%",
        pytest.approx(5 / 13),
        "%",
        5,
        13,
        "Дорожные карты",
        "Дорожная карта МБОУ «СОШ № 5»",
        datetime(2026, 11, 24),
        "/roadmaps/1/",
    )
    assert rows[1][3] == "сведения не представлены"
    assert len(rows) == 6


def test_text_of_people_never_becomes_a_formula() -> None:
    table = Table("=1+1", (Column("=A1"),), (("=HYPERLINK(1)",), ("+7",), ("@x",)))
    book = reopened(make_document(Paragraph(("=1+1",)), table))
    sheet = book.worksheets[1]

    cells = [sheet["A1"], sheet["A3"], sheet["A4"], sheet["A5"], sheet["A6"]]

    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert all(cell.quotePrefix for cell in cells)
    assert "=1+1" in texts(book)


def test_control_characters_do_not_break_the_file() -> None:
    assert "а б" in texts(reopened(make_document(Paragraph(("а\x0bб",)))))


@pytest.mark.parametrize(
    ("text", "value"),
    [("2026", 2026), ("82,5", 82.5), ("–", "–"), ("", None), ("=1", "=1"), ("1234567890", "1234567890")],
)
def test_years_and_targets_are_numbers(text: str, value: object) -> None:
    table = Table("Т", (Column("Цель, %", is_number=True), Column("Имя")), ((text, text),))
    sheet = reopened(make_document(table))["Т"]

    assert sheet["A4"].value == value
    assert sheet["B4"].value == (text or None)


def test_change_of_a_share_keeps_its_sign() -> None:
    change = make_share().points(make_share(3, 13), make_share(5, 13), make_share().source)
    table = Table("Т", (Column("Изменение", unit="п. п."),), ((change,),))
    cell = reopened(make_document(table))["Т"]["A4"]

    assert cell.value == -15.4
    assert cell.number_format == "+0.0;\u22120.0;0.0"


def test_share_of_few_cases_carries_the_mark_that_the_note_explains() -> None:
    columns = (Column("Школа", 30), Column("Доля", 10, Align.RIGHT, "%"))
    table = Table("Доли", columns, (("А", make_share(4, 9, 2)), ("Б", make_share(4, 10, 2))))

    sheet = reopened(make_document(table))["Доли"]

    assert [(sheet[place].value, sheet[place].number_format) for place in ("B4", "B5")] == [
        (pytest.approx(4 / 9), '0.00%"*"'),
        (pytest.approx(0.4), "0.00%"),
    ]


def test_title_of_a_chart_is_small_and_lies_over_nothing() -> None:
    slopes = tuple(Slope(f"Работа {number}", make_share(1, 2), make_share(1, 3)) for number in range(12))
    sheet = reopened(make_document(SlopeChart("Год к году", ("2025", "2026"), slopes)))["Диаграмма Год к году"]

    (native,) = sheet._charts  # noqa: SLF001  openpyxl has no other name
    (paragraph,) = native.title.tx.rich.p
    assert (paragraph.r[0].t, paragraph.pPr.defRPr.sz, native.title.overlay) == ("Год к году", 1100, False)
    assert native.anchor.ext.cy == (4.5 + 12 * 0.5) * EMU_PER_CM  # a line of the legend for each


def test_chart_is_native_with_its_numbers() -> None:
    chart = BarChart("Исполнено", (Bar("А", make_share(1, 2)), Bar("Б", make_share(None, 2))))
    sheet = reopened(make_document(chart))["Диаграмма Исполнено"]

    assert sheet["B4"].value == 0.5
    assert sheet["B5"].value == "—"
    assert len(sheet._charts) == 1  # noqa: SLF001  openpyxl has no other name


def test_missing_number_of_a_table_is_the_dash_that_its_note_explains() -> None:
    sheet = reopened(make_document(Table("Т", (Column("Исполнено"),), ((make_count(None),),))))["Т"]

    assert sheet["A4"].value == "—"
    assert "сведения не представлены" in str(sheet["A6"].value)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("слово", 1, id="a word"),
        pytest.param("", 1, id="nothing"),
        pytest.param("слово " * 16, 2, id="more than a line of any font"),
        pytest.param("слово\nслово", 2, id="two lines as typed"),
        pytest.param("я" * 120, 3, id="a word longer than a line"),
    ],
)
def test_row_of_the_text_is_high_enough_for_a_wider_font(text: str, lines: int) -> None:
    sheet = reopened(make_document(Paragraph((text,))))["Текст"]
    row = next(row for row in range(1, sheet.max_row + 1) if (sheet.cell(row, 1).value or "") == text)

    assert sheet.row_dimensions[row].height == 16 * lines


def test_row_of_a_source_is_as_high_as_its_longest_text() -> None:
    sheet = reopened(make_document(Paragraph((make_share(),)), make_table(1)))["Источники"]

    heights = {sheet.row_dimensions[row].height for row in range(2, sheet.max_row + 1)}
    assert all(height and height >= 15 for height in heights)
    assert sheet["A2"].alignment.vertical == "top"


def test_sheet_names_are_legal_and_different() -> None:
    used = {"текст"}

    assert sheet_name("Доля [%]: школы/классы " + "я" * 40, used) == "Доля % школы классы " + "я" * 11
    assert sheet_name("Параллель к параллели: сравнивается тот же класс", used) == "Параллель к параллели"
    assert [sheet_name("Текст", used), sheet_name("Т" * 31, used), sheet_name("Т" * 40, used)] == [
        "Текст 2",
        "Т" * 31,
        "Т" * 29 + " 2",
    ]
    assert sheet_name("[]", used) == "Таблица"


def test_workbook_names_itself() -> None:
    book = reopened(make_document())

    assert book.properties.title == "Информация об исполнении плана за 2026 год"
    assert book.sheetnames == ["Текст", "Источники"]
