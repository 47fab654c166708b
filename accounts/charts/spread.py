"""How many things have which value: columns of counts over a scale, with the threshold between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from accounts.charts.plane import Plane, scale
from accounts.charts.shapes import Value, empty, line, picture, rect, shown, words

LETTER = 8.0  # room of a letter of a label


@dataclass(frozen=True, kw_only=True)
class SpreadColumn:
    """A half-open range of the scale with its things. parts: (fill, amount) from the bottom up."""

    start: float
    end: float
    parts: Sequence[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.parts)


def distribution(
    columns: Sequence[SpreadColumn],
    label: str,
    *,
    threshold: Value = None,
    unit: str = "",
    is_counted: bool = False,
    width: float = 640,
    height: float = 220,
) -> str:
    """Draw columns side by side over one scale; the number of each stands above it.

    is_counted: each column is one whole number, named under its middle; else it is named where it begins.
    """
    if not any(column.total for column in columns):
        return empty(width, height, label)
    first, last = columns[0].start, columns[-1].end
    low, high, step = scale([column.total for column in columns], None, None)
    plane = Plane(left=36, right=width - 8, top=18, bottom=height - 22, low=low, high=high)

    def x(value: float) -> float:
        return plane.left + (value - first) / (last - first) * (plane.right - plane.left)

    body = plane.grid(max(step, 1))
    titles = [f"{shown(column.start)}{unit}" for column in columns]
    every = label_step(titles, (plane.right - plane.left) / len(columns))
    for index, column in enumerate(columns):
        body += one_column(plane, column, x(column.start), x(column.end))
        place = (x(column.start) + x(column.end)) / 2 if is_counted else x(column.start)
        if index % every == 0:
            body += words(place, height - 6, titles[index], anchor="middle")
    if threshold is not None:
        body += line(x(threshold), plane.top - 8, x(threshold), plane.bottom, "th")
    return picture(body, width=width, height=height, label=spoken(label, columns, is_counted=is_counted))


def label_step(titles: Sequence[str], room: float) -> int:
    """Return which of the labels are written, each one or each second…, so that they do not meet. room: of a column."""
    return ceil((max(map(len, titles)) * LETTER + LETTER) / room)


def one_column(plane: Plane, column: SpreadColumn, left: float, right: float) -> str:
    body, bottom = "", 0
    for fill, amount in column.parts:
        if amount:
            top = plane.y(bottom + amount)
            body += rect(left + 1, top, right - left - 2, plane.y(bottom) - top, fill)
            bottom += amount
    if not bottom:
        return body
    return body + words((left + right) / 2, plane.y(bottom) - 4, shown(bottom), anchor="middle", css="t")


def spoken(label: str, columns: Sequence[SpreadColumn], *, is_counted: bool) -> str:
    told = [f"{range_of(column, is_counted=is_counted)}: {column.total}" for column in columns if column.total]
    return f"{label}: " + "; ".join(told)


def range_of(column: SpreadColumn, *, is_counted: bool) -> str:
    return shown(column.start) if is_counted else f"{shown(column.start)}–{shown(column.end)}"
