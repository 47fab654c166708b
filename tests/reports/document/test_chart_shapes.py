"""Bars of a chart: their places, lengths and words."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.document import Bar, BarChart
from reports.document.charts import (
    BAR_WIDTH,
    LABEL_LENGTH,
    LABEL_WIDTH,
    NO_FIGURE,
    ROW_HEIGHT,
    VALUE_WIDTH,
    bar_chart_svg,
    shortened,
)
from reports.document.figures import Figure
from tests.factories.documents import SOURCE, make_count, make_share

LABELS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=80)


def drawn(*figures: Figure, maximum: int = 100) -> ET.Element:
    bars = tuple(Bar(f"СОШ № {number}", figure) for number, figure in enumerate(figures, start=1))
    return ET.fromstring(bar_chart_svg(BarChart("Исполнено", bars, maximum)))


def numbers(svg: ET.Element, tag: str, name: str) -> list[float]:
    return [float(node.attrib[name]) for node in svg.iter(tag)]


def texts(svg: ET.Element) -> list[str]:
    return [node.text or "" for node in svg.iter("text")]


def test_picture_grows_with_its_bars_and_keeps_its_width() -> None:
    boxes = [drawn(*[make_share()] * count).attrib["viewBox"] for count in (1, 2, 10)]

    width = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH
    assert boxes == [f"0 0 {width} {ROW_HEIGHT * count + 8}" for count in (1, 2, 10)]


def test_bars_begin_at_the_axis_and_stand_one_below_another() -> None:
    svg = drawn(make_share(1, 4), make_share(2, 4), make_share(3, 4))
    tops = numbers(svg, "rect", "y")

    assert set(numbers(svg, "rect", "x")) == set(numbers(svg, "line", "x1")) == {LABEL_WIDTH}
    assert [low - high for high, low in pairwise(tops)] == [ROW_HEIGHT] * 2


@pytest.mark.parametrize(
    ("figure", "maximum", "share"),
    [
        pytest.param(make_share(0, 4), 100, 0, id="nothing"),
        pytest.param(make_share(1, 4), 100, 0.25, id="quarter"),
        pytest.param(make_share(4, 4), 100, 1, id="all"),
        pytest.param(make_share(6, 4), 100, 1, id="more than all stops at the end of the axis"),
        pytest.param(make_count(5), 20, 0.25, id="count on an axis of its own"),
        pytest.param(Figure.points(make_share(1, 4), make_share(2, 4), SOURCE), 100, 0, id="below zero"),
        pytest.param(make_count(None), 100, 0, id="missing"),
    ],
)
def test_bar_is_its_part_of_the_axis(figure: Figure, maximum: int, share: float) -> None:
    assert numbers(drawn(figure, maximum=maximum), "rect", "width") == [BAR_WIDTH * share]


def test_number_stands_behind_the_end_of_its_bar() -> None:
    svg = drawn(make_share(1, 2))

    assert numbers(svg, "text", "x") == [LABEL_WIDTH - 8, LABEL_WIDTH + BAR_WIDTH / 2 + 6]
    assert [node.attrib["text-anchor"] for node in svg.iter("text")] == ["end", "start"]


def test_name_and_number_of_each_bar_are_written() -> None:
    share = make_share(1, 3)

    assert texts(drawn(share, make_count(None))) == ["СОШ № 1", share.text, "СОШ № 2", NO_FIGURE]


def test_zero_is_a_number_and_not_a_gap() -> None:
    assert texts(drawn(make_count(0)))[1] == "0"


def test_description_says_the_full_names_that_the_picture_shortens() -> None:
    name = "Муниципальное общеобразовательное учреждение № 5 имени Героя"
    svg = ET.fromstring(bar_chart_svg(BarChart("Доля", (Bar(name, make_share()),))))

    assert name in svg.attrib["aria-label"]
    assert name not in texts(svg)


def test_chart_without_bars_is_an_empty_picture_with_a_name() -> None:
    svg = drawn()

    assert svg.attrib["aria-label"].startswith("Исполнено")
    assert list(svg.iter("rect")) == []


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("я" * LABEL_LENGTH, "я" * LABEL_LENGTH),
        ("я" * (LABEL_LENGTH + 1), "я" * (LABEL_LENGTH - 1) + "…"),
        ("я" * 40 + " " + "ю" * 9, "я" * 40 + "…"),
        ("", ""),
    ],
)
def test_long_name_is_shortened_without_a_blank_before_the_dots(label: str, shown: str) -> None:
    assert shortened(label) == shown


@settings(max_examples=60)
@given(LABELS, st.integers(0, 300), st.integers(1, 300))
def test_any_name_and_share_give_a_picture_inside_its_box(label: str, part: int, whole: int) -> None:
    svg = ET.fromstring(bar_chart_svg(BarChart(label, (Bar(label, make_share(part, whole)),))))

    assert 0 <= numbers(svg, "rect", "width")[0] <= BAR_WIDTH
    assert len(shortened(label)) <= LABEL_LENGTH
