"""A profile on axes from one centre."""

import math
from collections.abc import Sequence

from accounts.charts.shapes import Point, Value, line, picture, series_text, words

CENTER: Point = (210.0, 150.0)
RADIUS = 105.0


def radar(
    labels: Sequence[str],
    own: Sequence[Value],
    compared: Sequence[Value] | None,
    label: str,
) -> str:
    """Draw a profile of 0–100 indices; a second view beside a table, never the only one."""
    body = "".join(polygon([ring] * len(labels), "gl", hollow=True) for ring in (25, 50, 75, 100))
    body += "".join(line(*CENTER, *place(index, len(labels), 100), "gl") for index in range(len(labels)))
    body += (polygon(compared, "l2") if compared else "") + polygon(own, "a1")
    body += "".join(axis_name(place(index, len(labels), 110), text) for index, text in enumerate(labels))
    return picture(body, width=420, height=300, label=f"{label}: {series_text(own)}")


def place(index: int, amount: int, value: float) -> Point:
    """Return where a value stands on one of the axes, the first of which looks up."""
    angle, radius = 2 * math.pi * index / amount, RADIUS * value / 100
    return CENTER[0] + radius * math.sin(angle), CENTER[1] - radius * math.cos(angle)


def polygon(values: Sequence[Value], css: str, *, hollow: bool = False) -> str:
    points = " ".join(
        "{:.1f},{:.1f}".format(*place(index, len(values), value or 0)) for index, value in enumerate(values)
    )
    fill = ' fill="none"' if hollow else ""
    return f'<polygon class="{css}"{fill} points="{points}"/>'


def axis_name(at: Point, text: str) -> str:
    anchor = "middle" if abs(at[0] - CENTER[0]) < 12 else ("start" if at[0] > CENTER[0] else "end")
    return words(at[0], at[1] + 4, text, anchor=anchor)
