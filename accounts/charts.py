"""Charts as SVG text, fed with plain numbers; the same string goes into a page and into a PDF.

Colours are classes (`static/app.css`), geometry is attributes: the content security policy forbids inline styles.
In a PDF the classes of the document do not reach an SVG, so `pdf_svg` puts the colours inside. Fills: f0 track, f1 accent,
f2 grey, f-ok, f-warn, f-bad, f-acc2; lines: l1 own, l2 compared. Every chart needs its numbers as text beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Final, Literal

from accounts.russian import MONTHS_SHORT, NO_DATA, number, short_date

Better = Literal["down", "up"]
Value = float | int | None
Point = tuple[float, float]

PDF_FONT: Final = '"PT Sans", "Liberation Sans", sans-serif'
PDF_CSS: Final = (
    "text{fill:#515c6b;font-size:11px}.t{fill:#1a2330}.gl{stroke:#dfe3e8}.th{stroke:#a3201b;stroke-dasharray:4 3}"
    ".l1{fill:none;stroke:#1f5fae;stroke-width:2.25}.l2{fill:none;stroke:#828c9a;stroke-width:1.75;stroke-dasharray:5 3}"
    ".a1{fill:#1f5fae;fill-opacity:.12;stroke:#1f5fae;stroke-width:2}.sl{fill:none;stroke:#808a98;stroke-width:1.5}"
    ".f0{fill:#dde2e9}.f1{fill:#1f5fae}.f2{fill:#828c9a}.f-ok{fill:#2b8a57}.f-warn{fill:#c27a0a}.f-bad{fill:#c93a32}"
    ".f-acc2{fill:#6693cc}.gband{fill:#f8f9fb}.gdone{fill:#fff;fill-opacity:.35}text.bad{fill:#a3201b}"
)


def pdf_svg(svg: str, font: str = PDF_FONT) -> str:
    """Return the chart with literal colours and the font family inside, for WeasyPrint only."""
    return svg.replace(">", f"><style>text{{font-family:{font}}}{PDF_CSS}</style>", 1)


def picture(
    body: str, *, width: float, height: float, label: str, css: str = "chart", fluid: bool = False
) -> str:
    """Wrap shapes: an image with a name, or decoration when the label is empty; fluid stretches it to its box."""
    name = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    stretch = ' preserveAspectRatio="none"' if fluid else ""
    return f'<svg class="{css}" viewBox="0 0 {width:g} {height:g}"{stretch} {name}>{body}</svg>'


def path(points: Sequence[Point | None], css: str) -> str:
    """Draw a line; a None is a gap."""
    parts: list[str] = []
    for before, point in zip([None, *points], points, strict=False):
        if point is not None:
            parts.append(f"{'L' if before else 'M'}{point[0]:.1f} {point[1]:.1f}")
    return f'<path class="{css}" d="{" ".join(parts)}"/>' if parts else ""


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def rect(
    x: float, y: float, width: float, height: float, css: str, *, radius: float = 2, title: str = ""
) -> str:
    shape = f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:g}"'
    return f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>"


def words(
    x: float, y: float, content: str, *, anchor: str = "start", css: str = "", bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    style = f' class="{css}"' if css else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(content)}</text>'


def dot(point: Point, css: str) -> str:
    return f'<circle class="{css}" cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3"/>'


def shown(value: Value) -> str:
    """Return a value with at most one digit: «29», «28,6»."""
    return number(value, 0 if value is None or value == round(value) else 1)


def series_text(values: Sequence[Value]) -> str:
    return "; ".join(shown(value) for value in values)


def empty(width: float, height: float, label: str) -> str:
    return picture(
        words(width / 2, height / 2 + 4, NO_DATA, anchor="middle"),
        width=width,
        height=height,
        label=f"{label}: {NO_DATA}",
    )


# One number or one row of numbers


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
        return picture(
            rect(0, 0, 300, 10, "f0"), width=300, height=10, label=f"{label}: {NO_DATA}", fluid=True
        )
    body, x = "", 0.0
    for fill, amount in parts:
        width = amount / total * 300
        if width:
            body += rect(x, 0, max(width - 1.5, 1), 10, fill)
        x += width
    return picture(body, width=300, height=10, label=label, fluid=True)


# Values over periods and over categories


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


def round_step(span: float, marks: int = 4) -> float:
    """Return a step of the grid, 1, 2, 2.5 or 5 by a power of ten, that gives about `marks` lines."""
    raw = span / marks
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw - 1e-9)


def scale(values: Sequence[Value], low: float | None, high: float | None) -> tuple[float, float, float]:
    """Return low, high and step of an axis that holds the values; it starts at zero unless told otherwise."""
    known = [value for value in values if value is not None] or [0]
    bottom = min(0, *known) if low is None else low
    top = max(*known, bottom) if high is None else high
    step = round_step((top - bottom) or 1)
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
    body = plane.grid(step)
    body += "".join(
        words(plane.x(index, len(labels)), height - 4, text, anchor="middle")
        for index, text in enumerate(labels)
    )
    if threshold is not None:
        body += line(plane.left, plane.y(threshold), plane.right, plane.y(threshold), "th")
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
    return (
        body
        + "".join(dot(point, "f1") for point, _ in known)
        + words(x + 7, y + 4, shown(value), css="t", bold=True)
    )


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
    body = plane.grid(step)
    for index, text in enumerate(labels):
        body += words(plane.left + slot * (index + 0.5), height - 4, text, anchor="middle")
        body += columns(
            plane, plane.left + slot * index, slot, [(one.values[index], one.style) for one in series]
        )
    if threshold is not None:
        body += line(plane.left, plane.y(threshold), plane.right, plane.y(threshold), "th")
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


def radar(labels: Sequence[str], own: Sequence[Value], compared: Sequence[Value] | None, label: str) -> str:
    """Draw a profile of 0–100 indices on axes from one centre; a second view beside a table, never the only one."""
    center, radius = (210.0, 150.0), 105.0

    def at(index: int, part: float) -> Point:
        angle = 2 * math.pi * index / len(labels)
        return center[0] + radius * part * math.sin(angle), center[1] - radius * part * math.cos(angle)

    def polygon(values: Sequence[Value], css: str) -> str:
        points = " ".join(
            f"{x:.1f},{y:.1f}" for x, y in (at(i, (v or 0) / 100) for i, v in enumerate(values))
        )
        return f'<polygon class="{css}" points="{points}"/>'

    body = "".join(
        polygon([ring] * len(labels), "gl").replace("/>", ' fill="none"/>', 1) for ring in (25, 50, 75, 100)
    )
    body += "".join(line(*center, *at(index, 1), "gl") for index in range(len(labels)))
    body += (polygon(compared, "l2") if compared else "") + polygon(own, "a1")
    body += "".join(axis_name(at(index, 1.1), center[0], text) for index, text in enumerate(labels))
    return picture(body, width=420, height=300, label=f"{label}: {series_text(own)}")


def axis_name(place: Point, middle: float, text: str) -> str:
    anchor = "middle" if abs(place[0] - middle) < 12 else ("start" if place[0] > middle else "end")
    return words(place[0], place[1] + 4, text, anchor=anchor)


# Terms of measures


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A measure on the time axis."""

    number: str
    name: str
    start: date
    end: date
    state: str  # its state in words, for the hint: «в работе»
    fill: str = "f1"
    note: str = ""  # after the last date, when it matters: «просрочено»
    late: bool = False
    progress: float | None = None  # per cent


@dataclass(frozen=True, kw_only=True)
class BarGroup:
    title: str
    rows: Sequence[Bar]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The time axis of a Gantt chart, whole months from `first` to before `end`."""

    first: date
    end: date
    left: float = 330
    width: float = 900

    def x(self, day: date) -> float:
        return self.left + (day - self.first).days / (self.end - self.first).days * self.width

    def months(self) -> list[date]:
        amount = (self.end.year - self.first.year) * 12 + self.end.month - self.first.month
        return [month_after(self.first, n) for n in range(amount)]


def month_after(day: date, months: int) -> date:
    """Return the first day of a month some months later."""
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


ROW: Final = 26
HEAD: Final = 38


def gantt(groups: Sequence[BarGroup], *, today: date, label: str) -> str:
    """Draw terms by months, from the month of the earliest start to the month of the latest end."""
    rows = [row for group in groups for row in group.rows]
    if not rows:
        return empty(1230, 60, label)
    first = min(row.start for row in rows)
    calendar = Calendar(
        first=month_after(first, 0), end=month_after(max(max(r.start, r.end) for r in rows), 1)
    )
    height = HEAD + ROW * (len(rows) + len(groups)) + 4
    body, y = month_lines(calendar, height), HEAD
    for group in groups:
        body += rect(0, y, calendar.left + calendar.width, ROW, "gband", radius=0)
        body += words(8, y + 17, group.title, css="t", bold=True)
        y += ROW
        for row in group.rows:
            body += gantt_row(calendar, row, y)
            y += ROW
    body += today_line(calendar, today, height)
    return picture(body, width=calendar.left + calendar.width, height=height, label=label, css="chart gantt")


def month_lines(calendar: Calendar, height: float) -> str:
    months = calendar.months()
    step = 1 if len(months) <= 18 else 3
    body = ""
    for index, month in enumerate(months):
        body += line(calendar.x(month), 22, calendar.x(month), height, "gl")
        if index % step == 0:
            year = f" {month.year}" if index == 0 or month.month <= step else ""
            body += words(calendar.x(month) + 4, 15, MONTHS_SHORT[month.month - 1] + year)
    return body


def gantt_row(calendar: Calendar, row: Bar, y: float) -> str:
    a, b = calendar.x(row.start), calendar.x(max(row.end, row.start) + timedelta(days=1))
    name = row.name if len(row.name) < 43 else row.name[:41].rstrip() + "…"
    title = f"{row.name}: {short_date(row.start)} — {short_date(row.end)}, {row.state}"
    body = words(8, y + 17, row.number) + words(38, y + 17, name, css="t")
    body += rect(a, y + 6, max(b - a, 6), 14, row.fill, radius=3, title=title)
    if row.progress:
        body += rect(a, y + 6, (b - a) * min(row.progress, 100) / 100, 14, "gdone", radius=3)
    note = f"{row.end:%d.%m} {row.note}".strip()
    fits = b < calendar.left + calendar.width - 120
    place, anchor = (b + 6, "start") if fits else (a - 6, "end")
    return body + words(place, y + 17, note, anchor=anchor, css="bad" if row.late else "")


def today_line(calendar: Calendar, today: date, height: float) -> str:
    if not calendar.first <= today < calendar.end:
        return ""
    x = calendar.x(today)
    near_left = x < calendar.left + 90
    label = words(
        x + 5 if near_left else x - 5,
        32,
        f"сегодня, {today:%d.%m}",
        anchor="start" if near_left else "end",
        css="t",
        bold=True,
    )
    return line(x, 20, x, height, "th") + label
