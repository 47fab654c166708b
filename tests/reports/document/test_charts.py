from xml.etree import ElementTree as ET

from reports.document import Bar, BarChart
from reports.document.charts import BAR_WIDTH, bar_chart_svg, shortened
from tests.factories.documents import make_share


def rects(svg: str) -> list[float]:
    return [float(node.attrib["width"]) for node in ET.fromstring(svg).iter("rect")]


def test_bars_are_as_long_as_their_shares() -> None:
    chart = BarChart("Исполнено", (Bar("А", make_share(1, 2)), Bar("Б", make_share(2, 2))))

    assert rects(bar_chart_svg(chart)) == [BAR_WIDTH / 2, BAR_WIDTH]


def test_missing_value_says_so_and_draws_no_bar() -> None:
    svg = bar_chart_svg(BarChart("Исполнено", (Bar("А", make_share(None, 2)),)))

    assert rects(svg) == [0]
    assert "нет сведений" in svg


def test_chart_needs_no_inline_style_and_escapes_names() -> None:
    svg = bar_chart_svg(BarChart('Доля <"%">', (Bar("<script>", make_share()),)))

    assert "style=" not in svg
    assert "<script>" not in svg
    assert ET.fromstring(svg).attrib["role"] == "img"


def test_long_name_is_shortened() -> None:
    assert len(shortened("Ш" * 60)) == 42
    assert shortened("СОШ № 5") == "СОШ № 5"
