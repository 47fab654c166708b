"""Dynamics as pages show them: rows of the tables, the verdict, the sentence, the lines of the picture. No queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accounts.charts import SlopeLine, per_cent
from accounts.russian import capitalized
from schools.comparability import Remark
from schools.dynamics import Change, Count, Trend, View, school_trend
from schools.dynamics_words import (
    SCHOOL_TRENDS,
    TREND_PILLS,
    VIEW_HINTS,
    VIEW_TITLES,
    Pill,
    dynamics_sentence,
    missing_words,
    shortage_words,
    work_code,
    work_title,
)
from schools.series import SchoolSeries

OBLIGATORY: Final = ("RU", "MA", "MAB")
LINE_STYLES: Final = {Trend.IMPROVING: "s-ok", Trend.DECLINING: "s-bad"}
LINES_SHOWN: Final = 12


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A line of the table of results: one work in two years."""

    title: str
    before: Count | None
    after: Count | None
    points: float | None
    pill: str
    trend: str
    is_significant: bool
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ViewTable:
    """Everything that one view says of a year."""

    code: str
    title: str
    hint: str
    rows: Sequence[ChangeRow]
    sentence: str


def change_row(change: Change, year: int) -> ChangeRow:
    """Return the line of a work of a year against the year before; the participants stand in the cells beside."""
    pill, words = TREND_PILLS[change.trend]
    return ChangeRow(
        title=work_title(change.work),
        before=change.before,
        after=change.after,
        points=None if change.points is None else float(change.points),
        pill=pill,
        trend=capitalized(missing_words(change, year) or shortage_words(change, year)) or words,
        is_significant=bool(change.is_significant),
        remarks=change.remarks,
    )


def verdict_of(every: Iterable[Change]) -> Pill:
    """Return the verdict over the obligatory subjects as a pill."""
    return SCHOOL_TRENDS[school_trend(every, OBLIGATORY)]


def view_table(series: SchoolSeries, year: int, view: View) -> ViewTable:
    """Return a view of a year; children whose grade below wrote nothing have nothing to be compared with."""
    every = [change for change in series.changes(year, view) if view is View.PARALLEL or change.before]
    return ViewTable(
        code=str(view),
        title=VIEW_TITLES[view],
        hint=VIEW_HINTS[view],
        rows=[change_row(change, year) for change in every],
        sentence=dynamics_sentence(every, year),
    )


def slope_lines(every: Sequence[Change]) -> list[SlopeLine]:
    """Return the works with both years for the picture, those that changed most first."""
    known = [change for change in every if change.points is not None]
    known.sort(key=lambda change: (-abs(change.points or 0), change.work))
    return [slope_line(change) for change in known[:LINES_SHOWN]]


def slope_line(change: Change) -> SlopeLine:
    before, after = (percent_of(count) for count in (change.before, change.after))
    return SlopeLine(
        name=work_code(change.work),
        before=before,
        after=after,
        style=LINE_STYLES.get(change.trend, "s-no"),
        counts=" → ".join(map(counts_of, (change.before, change.after))),
    )


def counts_of(count: Count | None) -> str:
    """Return «12 из 40»."""
    return f"{count.low} из {count.participants}" if count else ""


def percent_of(count: Count | None) -> float | None:
    return per_cent(count.low, count.participants) if count else None


def dynamics_context(series: SchoolSeries, year: int) -> dict[str, Any]:
    """Return what the page of results shows of a year against the year before."""
    parallel = series.changes(year, View.PARALLEL)
    pill, words = verdict_of(parallel)
    return {
        "year": year,
        "trend_pill": pill,
        "trend_words": words,
        "views": [view_table(series, year, view) for view in View],
        "slopes": slope_lines(parallel),
        "years": series.years,
    }
