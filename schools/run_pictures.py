"""The pictures of a run: schools against the threshold, schools by works, year to year. Pure shapes, no queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from accounts.charts import SlopeLine, SpreadColumn, per_cent
from accounts.russian import number, share
from schools.dynamics import DEFAULT_BOUNDS
from schools.identification import Part, PartState, Procedure, Rules
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.models import SchoolVerdict
from schools.share_bands import Band

SLOPES: Final = 14


def band_columns(every: Iterable[Band]) -> list[SpreadColumn]:
    return [
        SpreadColumn(start=band.start, end=band.end, parts=[("f2", band.below), ("f-bad", band.at_threshold)])
        for band in every
    ]


def low_columns(counts: Mapping[int, int], needed: int | None) -> list[SpreadColumn]:
    """Return schools by how many of their procedures are low. counts: number of procedures -> schools.

    needed None: no number of low procedures is enough for the rule.
    """
    last = max([*counts, needed or 0])
    return [
        SpreadColumn(start=low, end=low + 1, parts=[(style_of_low(low, needed), counts.get(low, 0))])
        for low in range(last + 1)
    ]


def style_of_low(low: int, needed: int | None) -> str:
    return "f-bad" if needed is not None and low >= needed else "f2"


# The heat map


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """One work of one school. css: of its ground; note says why it is not counted."""

    css: str
    percent: str = ""
    counts: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    verdict: SchoolVerdict
    cells: Sequence[HeatCell]


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """works: titles of the columns, short and whole."""

    works: Sequence[tuple[str, str]]
    rows: Sequence[HeatRow]


NOTHING: Final = HeatCell(css="h-none", note="нет результата")
UNMEASURED: Final = HeatCell(css="h-none", note="низкие не известны")
NOTES: Final = {
    PartState.SMALL_N: "не учтена, мало участников",
    PartState.POOLED: "учтена вместе с другими",
    PartState.DROPPED: "не учтена, признаки",
    PartState.SET_ASIDE: "не говорит за школу, признаки",
}


def heat_map(verdicts: Sequence[SchoolVerdict], year: int, rules: Rules) -> HeatMap:
    """Return the schools by the works that any of them has written in the year."""
    known = [
        {part.procedure: part for part in verdict.evidence if part.year == year and part.participants is not None}
        for verdict in verdicts
    ]
    works = sorted({work for parts in known for work in parts}, key=lambda work: (work.grade, work.kind, work.subject))
    rows = [
        HeatRow(verdict=verdict, cells=[heat_cell(parts.get(work), rules) for work in works])
        for verdict, parts in zip(verdicts, known, strict=True)
    ]
    return HeatMap(works=[work_titles(work) for work in works], rows=rows)


def work_titles(work: Procedure) -> tuple[str, str]:
    """Return «ВПР РУ-5» and «ВПР, русский язык, 5 класс»."""
    subject = BY_CODE.get(work.subject)
    kind = PROCEDURE_NAMES.get(work.kind, work.kind)
    name = subject.name.lower() if subject else work.subject
    return f"{kind} {subject.short if subject else work.subject}-{work.grade}", f"{kind}, {name}, {work.grade} класс"


def heat_cell(part: Part | None, rules: Rules) -> HeatCell:
    if part is None or part.low is None or part.participants is None:
        return UNMEASURED if part and part.is_unmeasured else NOTHING
    percent = number(share(part.low, part.participants, 1), 1)
    counts = f"{part.low} из {part.participants}"
    if part.state is not PartState.COUNTED:
        return HeatCell(css="h-none", percent=percent, counts=counts, note=NOTES.get(part.state, "не учтена"))
    return HeatCell(css=ground_of(part, rules), percent=percent, counts=counts)


def ground_of(part: Part, rules: Rules) -> str:
    """Return the ground of a counted work: at the threshold, in the zone of the risk group, outside both.

    Plain when the rule does not look at the threshold.
    """
    if not rules.has_own_conditions:
        return ""
    if part.is_low:
        return "h-bad"
    return "h-warn" if is_in_risk_zone(part, rules) else "h-ok"


def is_in_risk_zone(part: Part, rules: Rules) -> bool:
    zone = rules.risk_group_rule
    if zone is None or part.share is None:
        return False
    return Fraction(zone.share_min) <= 100 * part.share < Fraction(zone.share_max)


# Year to year


@dataclass(frozen=True, kw_only=True)
class YearPair:
    """A school in two years: low works and participants over the works counted in both. None: no such works.

    left_out: works counted in one of the years alone; a difference of other works would be no change. A school without
    a common work still tells its year.
    """

    name: str
    before: tuple[int, int] | None
    after: tuple[int, int] | None
    left_out: int = 0

    @property
    def points(self) -> Fraction | None:
        if not self.before or not self.after:
            return None
        return 100 * (Fraction(*self.after) - Fraction(*self.before))

    @property
    def style(self) -> str:
        """Return the line of the change, whose colour the table takes too."""
        return style_of(self.points)

    @property
    def is_still(self) -> bool:
        return self.style == "s-no"


def year_pair(verdict: SchoolVerdict, year: int) -> YearPair:
    before, after = (counted_in(verdict.evidence, each) for each in (year - 1, year))
    common = before.keys() & after.keys()
    return YearPair(
        name=verdict.school.name,
        before=total_of(before[work] for work in common),
        after=total_of(after[work] for work in common or after),
        left_out=len(before.keys() ^ after.keys()),
    )


def counted_in(parts: Iterable[Part], year: int) -> dict[Procedure, Part]:
    return {each.procedure: each for each in parts if each.year == year and each.state is PartState.COUNTED}


def total_of(parts: Iterable[Part]) -> tuple[int, int] | None:
    """Return low works and participants of counted parts together; None for no parts."""
    counts = [(part.low or 0, part.participants or 0) for part in parts]
    return (sum(low for low, _ in counts), sum(number for _, number in counts)) if counts else None


def pair_lines(pairs: Sequence[YearPair]) -> list[SlopeLine]:
    """Return the schools with both years for the picture, by their number in the table."""
    known = [(place, pair) for place, pair in enumerate(pairs, start=1) if pair.points is not None]
    return [
        SlopeLine(
            name=f"№ {place}",
            before=percent_of(pair.before),
            after=percent_of(pair.after),
            style=pair.style,
            counts=" → ".join(
                f"{low} из {participants}" for low, participants in filter(None, (pair.before, pair.after))
            ),
        )
        for place, pair in known[:SLOPES]
    ]


def percent_of(total: tuple[int, int] | None) -> float | None:
    return per_cent(*total) if total else None


def style_of(change: Fraction | None) -> str:
    """Return the line of a change: with the bounds of the dynamics of a work."""
    if change is None:
        return "s-no"
    if change >= DEFAULT_BOUNDS.declining_from:
        return "s-bad"
    return "s-ok" if change <= DEFAULT_BOUNDS.improving_to else "s-no"
