"""Bars and slopes with names and numbers, on the shapes of `accounts.charts`."""

from typing import Final

from accounts.charts import SlopeLine, picture, slope
from accounts.charts.shapes import line, rect, words
from reports.document.figures import Figure
from reports.document.model import Bar, BarChart, SlopeChart, Turn

LABEL_WIDTH: Final = 250
BAR_WIDTH: Final = 330
VALUE_WIDTH: Final = 90
ROW_HEIGHT: Final = 22
BAR_HEIGHT: Final = 12
LABEL_LENGTH: Final = 42  # characters that fit before the bar
NO_FIGURE: Final = "нет сведений"
SLOPE_STYLES: Final = {Turn.BETTER: "s-ok", Turn.WORSE: "s-bad", Turn.NEITHER: "s-no"}
SLOPE_WIDTH: Final = 620
SLOPE_HEIGHT: Final = 60  # without any slope


def bar_chart_svg(chart: BarChart) -> str:
    """Return the chart; its numbers are text beside the bars and in its description."""
    height = ROW_HEIGHT * len(chart.bars) + 8
    axis = line(LABEL_WIDTH, 0, LABEL_WIDTH, height, "gl")
    rows = "".join(_row(bar, 4 + index * ROW_HEIGHT, chart.maximum) for index, bar in enumerate(chart.bars))
    return picture(
        axis + rows,
        width=LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH,
        height=height,
        label=chart.description,
    )


def _row(bar: Bar, top: float, maximum: int) -> str:
    baseline = top + ROW_HEIGHT / 2 + 4
    value = bar.figure.value
    length = 0.0 if value is None else BAR_WIDTH * min(max(float(value) / maximum, 0), 1)
    number = NO_FIGURE if value is None else bar.figure.text
    return (
        words(LABEL_WIDTH - 8, baseline, shortened(bar.label), anchor="end", css="t")
        + rect(LABEL_WIDTH, top + (ROW_HEIGHT - BAR_HEIGHT) / 2, length, BAR_HEIGHT, "f1")
        + words(LABEL_WIDTH + length + 6, baseline, number, css="t")
    )


def shortened(label: str) -> str:
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1].rstrip() + "…"


def slope_chart_svg(chart: SlopeChart) -> str:
    """Return the chart; each line has its name and number at both ends."""
    rows = [
        SlopeLine(
            name=each.label,
            before=point_of(each.before),
            after=point_of(each.after),
            style=SLOPE_STYLES[each.turn],
            counts=f"{each.before.parts} → {each.after.parts}",
        )
        for each in chart.slopes
    ]
    height = SLOPE_HEIGHT + ROW_HEIGHT * len(rows)
    return slope(chart.moments, rows, chart.title, width=SLOPE_WIDTH, height=height)


def point_of(figure: Figure) -> float | None:
    """Return the figure as printed: only the place of a dot follows from it."""
    return None if figure.rounded is None else float(figure.rounded)
