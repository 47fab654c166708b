"""Terms of measures by months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from accounts.charts.shapes import empty, line, picture, rect, words
from accounts.russian import MONTHS_SHORT, short_date


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
    calendar = Calendar(first=month_after(first, 0), end=month_after(max(max(r.start, r.end) for r in rows), 1))
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
