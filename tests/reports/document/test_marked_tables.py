"""Cells with a tone, wide tables and slopes: the same in every writer, and never by colour alone."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any, cast

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from reports.document import (
    CellTone,
    Column,
    Document,
    Figure,
    Row,
    Slope,
    SlopeChart,
    Source,
    SourceKind,
    Table,
    Tones,
    Turn,
)
from reports.document.charts import slope_chart_svg
from reports.document.model import cell_text
from reports.document.writers import xlsx
from reports.document.writers.html import WIDEST, page_html, print_html, sheets_of

SOURCE = Source(kind=SourceKind.RESULTS, label="Результаты", as_of=date(2026, 11, 24))
PERCENT = Column("Доля", 10, unit="%")


def share(low: int, participants: int = 40) -> Figure:
    return Figure.share(low, participants, SOURCE)


def wide_table(columns: int, tones: tuple[Tones, ...] = ()) -> Table:
    """Return a table of one school and so many works."""
    heads = (Column("Школа", 40), *(Column(f"Работа {place}", 10, unit="%") for place in range(1, columns + 1)))
    row: Row = ("СОШ № 3", *(share(place) for place in range(1, columns + 1)))
    return Table("Школы и работы", heads, (row,), notes=("Легенда.",), is_wide=True, tones=tones)


def document_of(*blocks: Table | SlopeChart) -> Document:
    return Document(
        code="R8", title="Перечень", organisation=(), kind_title="Перечень", heading="школ", date=date(2026, 11, 24),
        blocks=blocks,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tone", "text"),
    [
        (CellTone.BAD, "30,0\u00a0•"),
        (CellTone.WARN, "30,0\u00a0◊"),
        (CellTone.OUT, "(30,0)"),
        (CellTone.OK, "30,0"),
        (None, "30,0"),
    ],
)
def test_tone_of_a_number_is_a_mark_too(tone: CellTone | None, text: str) -> None:
    assert cell_text(share(12), PERCENT, tone) == text


def test_number_of_few_cases_keeps_its_star_before_the_mark() -> None:
    assert cell_text(share(4, 8), PERCENT, CellTone.BAD) == "50,0*\u00a0•"


@pytest.mark.parametrize("tones", [((None,),), ((None, None), (None, None))])
def test_tones_that_do_not_fit_their_table_are_refused(tones: tuple[Tones, ...]) -> None:
    with pytest.raises(ValueError, match="Школы и работы"):
        wide_table(1, tones)


def test_table_that_fits_a_sheet_stays_whole() -> None:
    table = wide_table(WIDEST)

    assert sheets_of(table) == [table]


def test_wider_table_is_split_evenly_and_each_part_names_its_schools() -> None:
    tones: tuple[Tones, ...] = ((None, *(CellTone.BAD if place == WIDEST else None for place in range(WIDEST + 1))),)

    first, second = sheets_of(wide_table(WIDEST + 1, tones))

    assert [part.title for part in (first, second)] == [
        "Школы и работы (часть 1 из 2)",
        "Школы и работы (часть 2 из 2)",
    ]
    assert [len(part.columns) for part in (first, second)] == [9, 8]
    assert second.rows[0][0] == "СОШ № 3"
    assert (second.columns[-1].title, second.tones[0][-1]) == (f"Работа {WIDEST + 1}", CellTone.BAD)
    assert not any(first.tones[0])


def test_page_scrolls_a_wide_table_and_paper_turns_it() -> None:
    made = document_of(wide_table(WIDEST + 1))

    assert len(BeautifulSoup(page_html(made), "html.parser").select("table")) == 1
    paper = BeautifulSoup(print_html(made), "html.parser")
    assert len(paper.select("div.doc-wide > table")) == 2
    assert [note.text for note in paper.select("div.doc-wide > p")] == ["Легенда."]


def test_workbook_keeps_marked_numbers_as_numbers_of_one_table() -> None:
    tones: tuple[Tones, ...] = ((None, CellTone.BAD, CellTone.OUT, CellTone.OK, *(None,) * (WIDEST - 2)),)
    book = load_workbook(BytesIO(xlsx.render(document_of(wide_table(WIDEST + 1, tones)))))

    sheet = book["Школы и работы"]

    name, bad, out, fine, plain = (sheet.cell(4, column) for column in range(1, 6))
    assert (name.value, bad.value, out.value) == ("СОШ № 3", 0.025, 0.05)
    assert [cell.number_format for cell in (bad, out, fine, plain)] == ['0.0%" •"', '"("0.0%")"', "0.0%", "0.0%"]
    assert len({cell.fill.fgColor.rgb for cell in (bad, out, fine, plain)}) == 4


# Slopes


def chart(*slopes: Slope) -> SlopeChart:
    return SlopeChart("Доля «2», %", ("2025", "2026"), slopes)


def test_slope_has_its_name_and_numbers_at_both_ends() -> None:
    svg = slope_chart_svg(chart(Slope("ВПР РУ-5", share(12), share(4), Turn.BETTER)))

    assert "ВПР РУ-5: 30<" in svg
    assert "ВПР РУ-5: 10<" in svg
    assert 'class="s-ok"' in svg


def test_slope_without_a_year_is_not_drawn() -> None:
    svg = slope_chart_svg(chart(Slope("ВПР РУ-5", Figure.share(None, None, SOURCE), share(4))))

    assert "нет данных" in svg


def test_slopes_are_told_in_words() -> None:
    told = chart(Slope("ВПР РУ-5", share(12), share(4))).description.replace("\u00a0", " ")

    assert told == "Доля «2», %. ВПР РУ-5: было 30,0 % (12 из 40), стало 10,0 % (4 из 40)"


def test_workbook_has_the_numbers_and_a_native_chart_of_lines() -> None:
    slopes = (Slope("ВПР РУ-5", share(12), share(4)), Slope("ВПР МА-5", share(2), share(6)))
    book = load_workbook(BytesIO(xlsx.render(document_of(chart(*slopes)))))

    sheet = book["Диаграмма Доля «2», %"]

    assert [cell.value for cell in sheet[3]][:3] == ["Показатель", "2025", "2026"]
    assert [cell.value for cell in sheet[4]][:3] == ["ВПР РУ-5", 0.3, 0.1]
    (native,) = cast("Any", sheet)._charts  # noqa: SLF001  openpyxl has no public name
    assert len(native.series) == 2


@pytest.mark.parametrize("written", [page_html, print_html])
def test_code_of_a_work_in_the_head_is_not_torn_at_its_hyphen(written: Callable[[Document], str]) -> None:
    heads = (Column("Школа", 40), Column("ЕГЭ МАБ-11", 11, unit="%"), Column("2025-й год", 11))
    head = BeautifulSoup(written(document_of(Table("Работы", heads, (("СОШ № 3", "1", "2"),)))), "html.parser").thead

    assert head
    assert [cell.text for cell in head.select("th")] == ["Школа", "ЕГЭ МАБ-11, %", "2025-й год"]
    assert [code.text for code in head.select("th > span.doc-code")] == ["МАБ-11,"]
