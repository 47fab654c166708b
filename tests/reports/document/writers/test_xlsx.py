from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from reports.document import (
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
    Table,
    numbered,
)
from reports.document.writers.xlsx import render, sheet_name
from tests.factories.documents import make_count, make_document, make_share, make_table


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


def test_change_of_a_share_keeps_its_sign() -> None:
    change = make_share().points(make_share(3, 13), make_share(5, 13), make_share().source)
    table = Table("Т", (Column("Изменение", unit="п. п."),), ((change,),))
    cell = reopened(make_document(table))["Т"]["A4"]

    assert cell.value == -15.4
    assert cell.number_format == "+0.0;\u22120.0;0.0"


def test_chart_is_native_with_its_numbers() -> None:
    chart = BarChart("Исполнено", (Bar("А", make_share(1, 2)), Bar("Б", make_share(None, 2))))
    sheet = reopened(make_document(chart))["Диаграмма Исполнено"]

    assert sheet["B4"].value == 0.5
    assert sheet["B5"].value == "сведения не представлены"
    assert len(sheet._charts) == 1  # noqa: SLF001  openpyxl has no other name


def test_sheet_names_are_legal_and_different() -> None:
    used = {"текст"}

    assert sheet_name("Доля [%]: школы/классы " + "я" * 40, used).startswith("Доля  %   школы классы")
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
