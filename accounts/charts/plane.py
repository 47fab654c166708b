"""Values over periods (lines) and over categories (bars), on axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.charts.shapes import Value, dot, empty, line, path, picture, rect, series_text, shown, words


@dataclass(frozen=True, kw_only=True)
class Plane:
    """A drawing area with a scale of values from bottom to top."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float

    def y(self, value: float) -> float:
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def x(self, index: int, amount: int) -> float:
        """Return the place of one of `amount` points spread from edge to edge."""
        if amount == 1:
            return (self.left + self.right) / 2
        return self.left + index * (self.right - self.left) / (amount - 1)

    def grid(self, step: float) -> str:
        marks = [self.low + step * n for n in range(int((self.high - self.low) / step + 1e-9) + 1)]
        return "".join(
            line(self.left, self.y(mark), self.right, self.y(mark), "gl")
            + words(self.left - 6, self.y(mark) + 4, shown(mark), anchor="end")
            for mark in marks
        )

    def grid_lines(self, step: float) -> str:
        """Return the lines of the grid without numbers, where the values stand beside their points."""
        marks = [self.low + step * n for n in range(int((self.high - self.low) / step + 1e-9) + 1)]
        return "".join(line(self.left, self.y(mark), self.right, self.y(mark), "gl") for mark in marks)

    def threshold(self, value: Value) -> str:
        return "" if value is None else line(self.left, self.y(value), self.right, self.y(value), "th")


def round_step(span: float, marks: int = 4) -> float:
    """Return a step of the grid, 1, 2, 2.5 or 5 by a power of ten, that gives about `marks` lines."""
    raw = span / marks
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * (1 - 1e-9))


def scale(values: Sequence[Value], low: float | None, high: float | None) -> tuple[float, float, float]:
    """Return low, high and step of an axis that holds the values; it starts at zero unless told otherwise."""
    known = [value for value in values if value is not None] or [0]
    bottom = min(0, *known) if low is None else low
    top = max(*known, bottom) if high is None else high
    step = round_step(max(top - bottom, 1e-6) if top > bottom else 1)
    return (
        math.floor(bottom / step + 1e-9) * step,
        max(math.ceil(top / step - 1e-9), math.floor(bottom / step) + 1) * step,
        step,
    )


@dataclass(frozen=True, kw_only=True)
class Series:
    """Named values, one for each label of the chart; None is no data."""

    name: str
    values: Sequence[Value]
    style: str = "l1"  # l1 or l2 for lines, a fill for columns


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    label: str,
    *,
    threshold: Value = None,
    low: float | None = None,
    high: float | None = None,
    width: float = 220,
    height: float = 118,
) -> str:
    """Draw values over periods: own series (l1) with dots and its last number, compared ones (l2) dashed."""
    every = [value for one in series for value in one.values]
    if all(value is None for value in every):
        return empty(width, height, label)
    bottom, top, step = scale([*every, threshold], low, high)
    plane = Plane(left=30, right=width - 36, top=8, bottom=height - 20, low=bottom, high=top)
    body = plane.grid(step) + plane.threshold(threshold)
    for index, text in enumerate(labels):
        body += words(plane.x(index, len(labels)), height - 4, text, anchor="middle")
    body += "".join(one_line(plane, one) for one in sorted(series, key=lambda one: one.style, reverse=True))
    return picture(body, width=width, height=height, label=spoken(label, series))


def one_line(plane: Plane, series: Series) -> str:
    points = [
        None if value is None else (plane.x(index, len(series.values)), plane.y(value))
        for index, value in enumerate(series.values)
    ]
    body = path(points, series.style)
    known = [(point, value) for point, value in zip(points, series.values, strict=True) if point]
    if series.style != "l1" or not known:
        return body
    (x, y), value = known[-1]
    dots = "".join(dot(point, "f1") for point, _ in known)
    return body + dots + words(x + 7, y + 4, shown(value), css="t", bold=True)


def spoken(label: str, series: Sequence[Series]) -> str:
    """Return the name of a chart for those who hear it: title and every number."""
    return f"{label}: " + ". ".join(f"{one.name} {series_text(one.values)}".strip() for one in series)


def bars(
    labels: Sequence[str],
    series: Sequence[Series],
    label: str,
    *,
    threshold: Value = None,
    low: float | None = None,
    high: float | None = None,
    width: float = 480,
    height: float = 200,
) -> str:
    """Draw columns in groups, one group for a label, each column with its number above."""
    every = [value for one in series for value in one.values]
    if all(value is None for value in every):
        return empty(width, height, label)
    bottom, top, step = scale([*every, threshold], low, high)
    plane = Plane(left=36, right=width - 8, top=16, bottom=height - 20, low=bottom, high=top)
    slot = (plane.right - plane.left) / len(labels)
    body = plane.grid(step) + plane.threshold(threshold)
    for index, text in enumerate(labels):
        body += words(plane.left + slot * (index + 0.5), height - 4, text, anchor="middle")
        group = [(one.values[index], one.style) for one in series]
        body += columns(plane, plane.left + slot * index, slot, group)
    return picture(body, width=width, height=height, label=spoken(label, series))


def columns(plane: Plane, left: float, slot: float, values: Sequence[tuple[Value, str]]) -> str:
    """Draw one group of columns in the middle of its slot."""
    thick = min(slot * 0.7 / len(values), 40)
    x = left + (slot - thick * len(values)) / 2
    body = ""
    for value, fill in values:
        if value is None:
            body += words(x + thick / 2, plane.bottom - 4, "—", anchor="middle")
        else:
            zero, end = plane.y(max(plane.low, 0)), plane.y(value)
            body += rect(x + 1, min(zero, end), thick - 2, max(abs(zero - end), 1), fill)
            body += words(x + thick / 2, min(zero, end) - 4, shown(value), anchor="middle", css="t")
        x += thick
    return body
