"""Two moments beside each other: each thing is a line from its value before to its value after."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.charts.plane import Plane, scale
from accounts.charts.shapes import Value, dot, empty, line, path, picture, shown, words

GAP = 13.0  # between two labels of one side
DOTS = {"s-ok": "f-ok", "s-bad": "f-bad", "s-no": "f2"}


@dataclass(frozen=True, kw_only=True)
class SlopeLine:
    """A thing in two moments; None is no data. style: s-ok better, s-bad worse, s-no neither.

    counts: what both values stand on, «12 из 40 → 4 из 40», for those who hear the picture instead of the table by it.
    """

    name: str
    before: Value
    after: Value
    style: str = "s-no"
    counts: str = ""


def slope(
    moments: tuple[str, str],
    rows: Sequence[SlopeLine],
    label: str,
    *,
    threshold: Value = None,
    width: float = 440,
    height: float = 300,
    side: float = 118,
) -> str:
    """Draw lines between two moments; a thing known in one of them alone is left out of the picture.

    side: room for the labels on the left and on the right.
    """
    known = [row for row in rows if row.before is not None and row.after is not None]
    if not known:
        return empty(width, height, label)
    low, high, step = scale([value for row in known for value in (row.before, row.after, threshold)], None, None)
    plane = Plane(left=side, right=width - side, top=24, bottom=height - 8, low=low, high=high)
    body = plane.grid_lines(step) + plane.threshold(threshold) + axes(plane, moments)
    body += "".join(one_slope(plane, row) for row in known)
    body += labels(plane, known, is_left=True) + labels(plane, known, is_left=False)
    return picture(body, width=width, height=height, label=spoken(label, known))


def axes(plane: Plane, moments: tuple[str, str]) -> str:
    places = (plane.left, plane.right)
    return "".join(
        line(x, plane.top, x, plane.bottom, "gl") + words(x, 14, text, anchor="middle", css="t", bold=True)
        for x, text in zip(places, moments, strict=True)
    )


def one_slope(plane: Plane, row: SlopeLine) -> str:
    ends = ((plane.left, plane.y(row.before or 0)), (plane.right, plane.y(row.after or 0)))
    return path(ends, row.style) + "".join(dot(end, DOTS.get(row.style, "f2")) for end in ends)


def labels(plane: Plane, rows: Sequence[SlopeLine], *, is_left: bool) -> str:
    """Write names and numbers of one side, moved apart where they would cover each other."""
    values = [(row.before if is_left else row.after) or 0 for row in rows]
    heights = spread([plane.y(value) for value in values], plane.top, plane.bottom)
    x, anchor = (plane.left - 8, "end") if is_left else (plane.right + 8, "start")
    return "".join(
        words(x, y + 4, f"{row.name}: {shown(value)}", anchor=anchor, css="t")
        for row, value, y in zip(rows, values, heights, strict=True)
    )


def spread(heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Return places for labels near their points, at least GAP apart as far as the picture has room."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    gap = min(GAP, (bottom - top) / max(len(heights) - 1, 1))
    placed = list(heights)
    at = top - gap
    for index in order:
        at = max(placed[index], at + gap)
        placed[index] = at
    at = bottom + gap
    for index in reversed(order):
        at = min(placed[index], at - gap)
        placed[index] = at
    return placed


def spoken(label: str, rows: Sequence[SlopeLine]) -> str:
    return f"{label}: " + "; ".join(map(spoken_line, rows))


def spoken_line(row: SlopeLine) -> str:
    """Return «РУ-5: 30 → 10 (12 из 40 → 4 из 40)»."""
    told = f"{row.name}: {shown(row.before)} → {shown(row.after)}"
    return f"{told} ({row.counts})" if row.counts else told
