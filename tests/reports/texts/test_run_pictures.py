"""The pictures of a run in a document: no database."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reports.document import BarChart, CellTone, Figure, Paragraph, SlopeChart, Source, SourceKind, Table, Turn
from reports.document.writers.html import page_html
from reports.facts.run_pictures import Apart, Heat, HeatCell, HeatMark, HeatRow, SpreadBand, YearShares
from reports.texts.r8 import document
from reports.texts.run_pictures import band_title, heat_blocks, spread_blocks, spread_note, year_blocks
from tests.factories.facts import FRAME, make_r8

SOURCE = Source(kind=SourceKind.CALCULATION, label="Расчёт", as_of=date(2026, 11, 24))


def band(start: int, schools: int, reached: int = 0) -> SpreadBand:
    return SpreadBand(start=start, end=start + 5, schools=schools, reached=reached)


def shares(**fields: Any) -> YearShares:
    known = {"name": "Школа", "low_before": 30, "participants_before": 100, "low": 25, "participants": 100}
    return YearShares(**{**known, **fields})


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


SAME = "Процедуры, учтённые у школы в оба года, вместе."


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ((None, None), "Все учтённые процедуры школы за год вместе; в каждом году их состав свой."),
        ((0, 0), SAME),
        ((2, 0), f"{SAME} Учтённые только в одном из двух лет не сравниваются: 2 процедуры у 1 школы."),
        ((2, 5), f"{SAME} Учтённые только в одном из двух лет не сравниваются: 7 процедур у 2 школ."),
    ],
)
def test_table_of_years_says_of_which_works_it_is(left_out: tuple[int | None, ...], words: str) -> None:
    table, *_ = year_blocks([shares(left_out=each) for each in left_out], 2026, SOURCE, FRAME)

    assert isinstance(table, Table)
    assert plain(table.notes[0]).startswith(words)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (band(25, 3), "25–30 %"),
        (band(30, 3, 3), "30–35 %, за порогом"),
        (band(25, 3, 1), "25–30 %, за порогом 1"),
        (band(60, 2, 2), "60 % и больше, за порогом"),
    ],
)
def test_band_tells_what_reaches_the_threshold(given: SpreadBand, title: str) -> None:
    assert plain(band_title(given)) == title


def test_distribution_is_bars_of_counts_with_their_meaning() -> None:
    chart, note = spread_blocks([band(0, 12), band(30, 3, 3)], SOURCE)

    assert isinstance(chart, BarChart)
    assert [(plain(bar.label), plain(bar.figure.text)) for bar in chart.bars] == [
        ("0–5 %", "12 школ"),
        ("30–35 %, за порогом", "3 школы"),
    ]
    assert chart.maximum == 12
    assert isinstance(note, Paragraph)


def test_run_without_evidence_has_no_distribution() -> None:
    assert spread_blocks([], SOURCE) == []


def test_years_stand_beside_each_other_with_their_change() -> None:
    (table,) = year_blocks([shares()], 2026, SOURCE, FRAME)

    assert isinstance(table, Table)
    cells = [plain(cell.text if isinstance(cell, Figure) else str(cell)) for cell in table.rows[0]]
    assert cells == ["Школа", "100", "30,0 %", "100", "25,0 %", "−5,0 п. п."]


@pytest.mark.parametrize("fields", [{"participants_before": None, "low_before": None}, {"participants": None}])
def test_school_of_one_year_is_left_out(fields: dict[str, Any]) -> None:
    assert year_blocks([shares(**fields)], 2026, SOURCE, FRAME) == []


@pytest.mark.parametrize(("is_exact", "change"), [(True, "+4,5"), (False, "+4,6")])
def test_version_built_before_the_exact_rule_keeps_its_numbers_and_words(is_exact: bool, change: str) -> None:
    frame = replace(FRAME, has_exact_changes=is_exact)
    given = shares(low_before=1004, participants_before=10000, low=1455, participants=10000)

    (table,) = year_blocks([given], 2026, SOURCE, frame)

    assert isinstance(table, Table)
    assert table.figures[-1].bare == change
    assert ("разность точных долей" in plain(table.notes[0])) is is_exact


def test_list_carries_its_pictures() -> None:
    made = document(make_r8(spread=(band(0, 12), band(30, 3, 3)), years=(shares(),)))

    assert sum(isinstance(block, BarChart) for block in made.blocks) == 1
    assert made.tables()[-1].title == "Год к году"
    assert "<svg" in page_html(made)


def test_version_without_pictures_has_none() -> None:
    assert not any(isinstance(block, BarChart) for block in document(make_r8()).blocks)


@pytest.mark.parametrize(
    ("low", "turn"), [(200, Turn.BETTER), (201, Turn.NEITHER), (399, Turn.NEITHER), (400, Turn.WORSE)]
)
def test_two_years_are_drawn_by_the_numbers_of_the_table(low: int, turn: Turn) -> None:
    known = shares(low_before=300, participants_before=1000, low=low, participants=1000)

    table, chart = year_blocks([shares(low=None, participants=None), known], 2026, SOURCE, FRAME, is_drawn=True)

    assert isinstance(table, Table)
    assert isinstance(chart, SlopeChart)
    assert table.rows[0][:2] == ("1", "Школа")
    (slope,) = chart.slopes
    assert (plain(slope.label), slope.before, slope.after) == ("№ 1", table.rows[0][3], table.rows[0][5])
    assert slope.turn is turn


def heat() -> Heat:
    cells = (
        HeatCell(work=0, low=12, participants=40, mark=HeatMark.LOW),
        HeatCell(work=1, low=11, participants=40, mark=HeatMark.RISK),
        HeatCell(work=3, low=1, participants=4, mark=HeatMark.NOT_COUNTED),
    )
    works = ("ВПР РУ-5", "ВПР МА-5", "ВПР РУ-6", "ВПР МА-6")
    titles = ("ВПР, русский язык, 5 класс", "ВПР, математика, 5 класс", "третья", "четвёртая")
    return Heat(works=works, titles=titles, rows=(HeatRow(name="Школа", cells=cells),))


def test_heat_map_is_a_wide_table_with_marks_beside_the_numbers() -> None:
    (table,) = heat_blocks(heat(), 2026, SOURCE)

    assert isinstance(table, Table)
    assert table.is_wide
    assert [column.head for column in table.columns] == [
        "Школа", "ВПР РУ-5, %", "ВПР МА-5, %", "ВПР РУ-6, %", "ВПР МА-6, %",
    ]  # fmt: skip
    assert [cell.parts if isinstance(cell, Figure) else cell for cell in table.rows[0]] == [
        "Школа", "12 из 40", "11 из 40", "", "1 из 4",
    ]  # fmt: skip
    assert table.tones == ((None, CellTone.BAD, CellTone.WARN, None, CellTone.OUT),)
    assert "порог достигнут" in table.notes[0]
    assert plain(table.notes[1]).startswith("ВПР РУ-5 – ВПР, русский язык, 5 класс; ")


def test_list_without_a_calculation_has_no_heat_map() -> None:
    assert heat_blocks(None, 2026, SOURCE) == []


def test_list_draws_its_schools_by_works_and_years() -> None:
    made = document(make_r8(heat=heat(), years=(shares(),), draws_years=True))

    assert "Школы перечня и работы 2026\u00a0года: доля низких результатов" in [table.title for table in made.tables()]
    assert sum(isinstance(block, SlopeChart) for block in made.blocks) == 1


@pytest.mark.parametrize(
    ("apart", "end"),
    [
        pytest.param(None, "сколько нужно условию 1.", id="a version built before"),
        pytest.param(Apart(too_few=0, excluded=0, by_subject=False), "сколько нужно условию 1.", id="nobody"),
        pytest.param(
            Apart(too_few=3, excluded=1, by_subject=False),
            "Не показаны 3 школы, где учтённых процедур меньше; 1 школа, на которую правило не распространяется.",
            id="both",
        ),
        pytest.param(
            Apart(too_few=1, excluded=2, by_subject=True),
            "Не показаны 1 школа, где учтённых предметов меньше; 2 школы, на которые правило не распространяется.",
            id="subjects",
        ),
    ],
)
def test_distribution_tells_which_schools_it_leaves_out(apart: Apart | None, end: str) -> None:
    assert plain(spread_note(apart)).endswith(end)


def test_distribution_tells_what_it_counts() -> None:
    assert "среди учтённых процедур года" in spread_note(None)
    assert "среди учтённых предметов (у предмета" in spread_note(Apart(too_few=0, excluded=0, by_subject=True))
