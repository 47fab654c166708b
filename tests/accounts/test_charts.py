import re
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import charts
from accounts.charts import Bar, BarGroup, Series, Value
from accounts.charts.gantt import Calendar, month_after
from accounts.charts.plane import round_step, scale
from accounts.charts.shapes import shown
from accounts.russian import number, share

YEARS = ["2022", "2023", "2024", "2025", "2026"]
TODAY = date(2026, 11, 24)


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def of_class(svg: str, css: str) -> list[ET.Element]:
    return [element for element in parse(svg).iter() if element.get("class") == css]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parse(svg).iter("text")]


def make_bar(**fields: object) -> Bar:
    defaults = {
        "number": "1.1",
        "name": "Диагностика дефицитов",
        "start": date(2026, 3, 1),
        "end": date(2026, 5, 15),
        "state": "в работе",
    }
    return Bar(**{**defaults, **fields})  # type: ignore[arg-type]


def make_gantt(*rows: Bar) -> str:
    return charts.gantt([BarGroup(title="1. Кадры", rows=rows)], today=TODAY, label="Сроки")


ALL_CHARTS = {
    "sparkline": charts.sparkline([41, 38, None, 33, 29], "Доля «2»"),
    "hbar": charts.hbar(38.5, threshold=30, label="за порогом"),
    "stack": charts.stack([("f-ok", 15), ("f1", 3)], "Выполнено 15, в работе 3"),
    "lines": charts.lines(YEARS, [Series(name="школа", values=[33, 34, None, 27.5, 22.4])], "ВПР", threshold=30),
    "bars": charts.bars(["5 кл.", "6 кл."], [Series(name="2026", values=[12, None], style="f1")], "По классам"),
    "radar": charts.radar(["Кадры", "Мотивация", "Среда"], [68, 40, 12], [70, 45, None], "Профиль"),
    "gantt": make_gantt(make_bar()),
}


@pytest.mark.parametrize("svg", ALL_CHARTS.values(), ids=ALL_CHARTS)
def test_chart_is_an_image_with_a_name_and_no_inline_style(svg: str) -> None:
    root = parse(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert "style" not in svg


@pytest.mark.parametrize("svg", ALL_CHARTS.values(), ids=ALL_CHARTS)
def test_chart_in_a_pdf_carries_its_colours(svg: str) -> None:
    printed = charts.pdf_svg(svg, font='"PT Serif"')
    style = parse(printed)[0]
    assert style.tag == "style"
    assert 'font-family:"PT Serif"' in (style.text or "")
    used = {name for element in parse(svg).iter() for name in (element.get("class") or "").split()}
    coloured = set(re.findall(r"\.([a-z0-9-]+)\{", style.text or "")) | {"bad"}
    assert used - coloured <= {"chart", "hb", "spark", "gantt"}


def test_text_is_escaped() -> None:
    svg = charts.lines(["<b>"], [Series(name='"x"', values=[1])], 'Школа "№ 5" <script>')
    assert "<script>" not in svg
    assert 'Школа "№ 5" <script>' in (parse(svg).get("aria-label") or "")


@pytest.mark.parametrize(
    ("values", "good", "fill"),
    [
        ([41, 29], "down", "f-ok"),
        ([29, 41], "down", "f-bad"),
        ([29, 41], "up", "f-ok"),
        ([29, 29.5], "down", "f2"),
        ([41, None, 29, None], "down", "f-ok"),
    ],
)
def test_sparkline_end_tells_better_from_worse(values: list[Value], good: charts.Better, fill: str) -> None:
    assert len(of_class(charts.sparkline(values, "Доля", good=good), fill)) == 1


def test_sparkline_without_data_says_so() -> None:
    svg = charts.sparkline([None, None], "Доля")
    assert parse(svg).get("aria-label") == "Доля: нет данных"
    assert not list(parse(svg))


def test_sparkline_of_one_year_is_a_dot() -> None:
    assert "M2.0 18.0" in charts.sparkline([30], "Доля")


@pytest.mark.parametrize(
    ("value", "width"),
    [(0, None), (None, None), (50, "60.0"), (100, "120.0"), (250, "120.0")],
)
def test_bar_stays_on_its_track(value: Value, width: str | None) -> None:
    filled = of_class(charts.hbar(value), "f1")
    assert [bar.get("width") for bar in filled] == ([width] if width else [])


def test_bar_without_a_label_is_decoration() -> None:
    assert parse(charts.hbar(5)).get("aria-hidden") == "true"


def test_bar_marks_the_threshold() -> None:
    (mark,) = of_class(charts.hbar(20, threshold=30, maximum=60), "th")
    assert mark.get("x1") == "60.0"


@given(st.lists(st.integers(min_value=1, max_value=50), min_size=1, max_size=5))
def test_stack_fills_its_whole_width(amounts: list[int]) -> None:
    svg = charts.stack([("f1", amount) for amount in amounts], "Доли")
    bars = of_class(svg, "f1")
    assert len(bars) == len(amounts)
    end = float(bars[-1].get("x") or 0) + float(bars[-1].get("width") or 0)
    assert 296 < end < 301


def test_stack_of_nothing_is_an_empty_track() -> None:
    svg = charts.stack([("f-ok", 0), ("f1", 0)], "Мероприятия")
    assert parse(svg).get("aria-label") == "Мероприятия: нет данных"
    assert len(of_class(svg, "f0")) == 1


def test_lines_break_at_missing_data() -> None:
    svg = charts.lines(YEARS, [Series(name="школа", values=[33, 34, None, 27.5, 22.4])], "ВПР")
    (drawn,) = of_class(svg, "l1")
    assert (drawn.get("d") or "").count("M") == 2
    assert len(of_class(svg, "f1")) == 4


def test_lines_tell_every_number_to_those_who_hear_the_page() -> None:
    series = [Series(name="школа", values=[33, None]), Series(name="округ", values=[26, 25.5], style="l2")]
    svg = charts.lines(["2025", "2026"], series, "ВПР, математика")
    assert parse(svg).get("aria-label") == "ВПР, математика: школа 33; нет данных. округ 26; 25,5"


def test_lines_print_the_last_own_number() -> None:
    assert "22,4" in texts(charts.lines(YEARS, [Series(name="", values=[33, 34, 30, 27.5, 22.4])], "ВПР"))


@pytest.mark.parametrize("draw", [charts.lines, charts.bars])
def test_threshold_is_drawn_and_fits_the_scale(draw: Any) -> None:
    svg = draw(["2025", "2026"], [Series(name="", values=[3, 5])], "ВПР", threshold=30)
    (mark,) = of_class(svg, "th")
    assert 0 < float(mark.get("y1") or 0) < float((parse(svg).get("viewBox") or "").split()[3])


@pytest.mark.parametrize("draw", [charts.lines, charts.bars])
def test_plane_without_any_data_says_so(draw: Any) -> None:
    svg = draw(YEARS, [Series(name="школа", values=[None] * 5)], "ВПР")
    assert texts(svg) == ["нет данных"]


def test_columns_show_their_numbers_and_a_dash_for_missing() -> None:
    shown = texts(charts.bars(["5", "6"], [Series(name="", values=[12.5, None], style="f1")], "Классы"))
    assert "12,5" in shown
    assert "—" in shown


def test_columns_of_changes_hang_below_zero() -> None:
    svg = charts.bars(["a", "b"], [Series(name="", values=[-4, 6], style="f1")], "Изменение")
    down, up = of_class(svg, "f1")
    assert float(down.get("y") or 0) == pytest.approx(float(up.get("y") or 0) + float(up.get("height") or 0))


@pytest.mark.parametrize(("span", "step"), [(4, 1), (60, 20), (100, 25), (0.3, 0.1), (37, 10), (1, 0.25)])
def test_grid_steps_are_round(span: float, step: float) -> None:
    assert round_step(span) == pytest.approx(step)


@given(st.lists(st.floats(min_value=-1000, max_value=1000), min_size=1, max_size=8))
def test_scale_holds_every_value(values: list[float]) -> None:
    low, high, step = scale(values, None, None)
    assert low <= min(values) + 1e-6
    assert high >= max(values) - 1e-6
    assert high - low <= 8 * step


def test_radar_starts_at_the_top_and_treats_missing_as_the_centre() -> None:
    svg = charts.radar(["А", "Б", "В", "Г"], [100, None, 50, 0], None, "Профиль")
    (own,) = of_class(svg, "a1")
    assert (own.get("points") or "").split() == ["210.0,45.0", "210.0,150.0", "210.0,202.5", "210.0,150.0"]
    assert not of_class(svg, "l2")


def test_gantt_covers_whole_months_of_several_years() -> None:
    svg = make_gantt(make_bar(), make_bar(number="1.2", start=date(2027, 1, 10), end=date(2027, 2, 1)))
    assert "мар 2026" in texts(svg)
    assert "янв 2027" in texts(svg)
    assert "фев" in texts(svg)
    assert "апр 2027" not in texts(svg)


def test_gantt_marks_today_only_inside_the_plan() -> None:
    assert "сегодня, 24.11" in texts(make_gantt(make_bar(end=date(2026, 12, 20))))
    assert "сегодня, 24.11" not in texts(make_gantt(make_bar()))


def test_gantt_shows_a_late_measure_by_a_word() -> None:
    svg = make_gantt(make_bar(note="просрочено", late=True, fill="f-bad"))
    (note,) = of_class(svg, "bad")
    assert note.text == "15.05 просрочено"


def test_gantt_survives_an_end_before_the_start() -> None:
    svg = make_gantt(make_bar(start=date(2026, 5, 2), end=date(2026, 4, 1)))
    assert float(of_class(svg, "f1")[0].get("width") or 0) >= 6


def test_gantt_shortens_a_long_name_and_keeps_it_in_the_hint() -> None:
    name = "Провести диагностику предметных и методических дефицитов учителей"
    svg = make_gantt(make_bar(name=name))
    assert any(text.endswith("…") for text in texts(svg))
    assert name in (parse(svg).find(".//title").text or "")  # type: ignore[union-attr]


def test_gantt_progress_is_part_of_its_bar() -> None:
    svg = make_gantt(make_bar(progress=50))
    bar, done = of_class(svg, "f1")[0], of_class(svg, "gdone")[0]
    assert float(done.get("width") or 0) == pytest.approx(float(bar.get("width") or 0) / 2, abs=0.1)


def test_gantt_without_measures_says_so() -> None:
    assert texts(charts.gantt([], today=TODAY, label="Сроки")) == ["нет данных"]


def test_gantt_of_many_years_names_every_third_month() -> None:
    svg = make_gantt(make_bar(start=date(2025, 1, 1), end=date(2027, 12, 31)))
    months = [text for text in texts(svg) if text.split(" ")[0] in charts.gantt.__globals__["MONTHS_SHORT"]]
    assert len(months) == 12


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 3, 15), 0, date(2026, 3, 1)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 1, 1), 23, date(2027, 12, 1)),
    ],
)
def test_month_after_some_months(day: date, months: int, result: date) -> None:
    assert month_after(day, months) == result


def test_calendar_months_go_in_order() -> None:
    calendar = Calendar(first=date(2026, 11, 1), end=date(2027, 3, 1))
    places = [calendar.x(month) for month in calendar.months()]
    assert len(places) == 4
    assert all(a < b for a, b in pairwise(places))


@given(st.integers(1, 3_000), st.data())
def test_label_of_a_share_is_rounded_once(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    digits = 0 if 100 * part % whole == 0 else 1
    assert shown(charts.per_cent(part, whole)) == number(share(part, whole, digits), digits)


@pytest.mark.parametrize(
    ("part", "whole", "label"), [(2, 44, "4,5"), (46, 532, "8,6"), (3, 17, "17,6"), (91, 2_000, "4,6")]
)
def test_label_next_to_a_half_is_rounded_from_the_counts(part: int, whole: int, label: str) -> None:
    assert shown(charts.per_cent(part, whole)) == label


def test_share_of_nothing_is_no_value() -> None:
    assert (charts.per_cent(0, 0), charts.per_cent(None, 5)) == (None, None)
