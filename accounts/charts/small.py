"""Charts of one number or of one row of numbers, without axes."""

from collections.abc import Sequence

from accounts.charts.shapes import Better, Value, dot, line, path, picture, rect, series_text
from accounts.russian import NO_DATA


def change_fill(first: float, last: float, good: Better, still: float = 1.5) -> str:
    """Colour the end of a line: better, worse, or about the same (`still`, in units of the values)."""
    if abs(last - first) < still:
        return "f2"
    return "f-ok" if (last < first) == (good == "down") else "f-bad"


def sparkline(values: Sequence[Value], label: str, *, good: Better = "down") -> str:
    """Draw a small line without axes; the last point is coloured by the direction of the change."""
    known = [value for value in values if value is not None]
    if not known:
        return picture("", width=72, height=22, label=f"{label}: {NO_DATA}", css="spark")
    low, span = min(known), (max(known) - min(known)) or 1
    step = 64 / max(len(values) - 1, 1)
    points = [
        None if value is None else (2 + index * step, 18 - (value - low) / span * 14)
        for index, value in enumerate(values)
    ]
    last = next(point for point in reversed(points) if point)
    body = path(points, "sl") + dot(last, change_fill(known[0], known[-1], good))
    return picture(body, width=72, height=22, label=f"{label}: {series_text(values)}", css="spark")


def hbar(
    value: Value,
    *,
    threshold: Value = None,
    maximum: float = 100,
    fill: str = "f1",
    label: str = "",
) -> str:
    """Draw a bar on its track, with a mark at the threshold; the number stands beside it."""
    width = 120.0
    body = rect(0, 3, width, 8, "f0")
    if value:
        body += rect(0, 3, min(max(value, 0) / maximum, 1) * width, 8, fill)
    if threshold is not None:
        mark = threshold / maximum * width
        body += line(mark, 0, mark, 14, "th")
    return picture(body, width=width, height=14, label=label, css="chart hb", fluid=True)


def stack(parts: Sequence[tuple[str, float]], label: str) -> str:
    """Draw shares of a whole as one bar. parts: (fill, amount)."""
    total = sum(amount for _, amount in parts)
    if not total:
        return picture(rect(0, 0, 300, 10, "f0"), width=300, height=10, label=f"{label}: {NO_DATA}", fluid=True)
    body, x = "", 0.0
    for fill, amount in parts:
        width = amount / total * 300
        if width:
            body += rect(x, 0, max(width - 1.5, 1), 10, fill)
        x += width
    return picture(body, width=300, height=10, label=label, fluid=True)
