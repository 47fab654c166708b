"""What the run behind a list shows of all its schools: how far they are from the threshold, and year to year.

Both are read from the stored evidence of the verdicts, so they stay what they were when the list was made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from schools.identification import Part, PartState, Rules
from schools.models import IdentificationRun, SchoolVerdict
from schools.run_pictures import is_in_risk_zone, work_titles, year_pair
from schools.share_bands import tally_of


@dataclass(frozen=True, kw_only=True)
class SpreadBand:
    """Schools whose deciding share lies in [start, end), per cent; `reached`: of them those at the threshold."""

    start: int
    end: int
    schools: int
    reached: int


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Schools in no band. too_few: fewer counted works than condition 1 needs; excluded: the rule is not for them.

    by_subject: condition 1 counts the grades of a subject as one.
    """

    too_few: int
    excluded: int
    by_subject: bool


@dataclass(frozen=True, kw_only=True)
class YearShares:
    """A listed school in two years: low works and participants of its counted procedures together.

    left_out: procedures counted in one of the years alone, which are not compared; None: a version built when all of
    each year were added up.
    """

    name: str
    low_before: int | None
    participants_before: int | None
    low: int | None
    participants: int | None
    left_out: int | None = None


def spread_of(run: IdentificationRun | None) -> tuple[SpreadBand, ...]:
    """Return the filled bands of a run; nothing without a run or for a rule that only compares schools."""
    if run is None or not run.rules.has_own_conditions:
        return ()
    return tuple(
        SpreadBand(start=band.start, end=band.end, schools=band.total, reached=band.at_threshold)
        for band in tally_of(run).bands()
        if band.total
    )


def apart_of(run: IdentificationRun | None) -> Apart | None:
    """Return the schools of a run that its bands leave out; None without bands."""
    if run is None or not run.rules.has_own_conditions:
        return None
    tally = tally_of(run)
    return Apart(too_few=tally.unknown, excluded=tally.excluded, by_subject=run.rules.count_subject_once)


def year_shares(name: str, verdict: SchoolVerdict | None, year: int) -> YearShares | None:
    """Return the two years of a listed school under its name in the list; None without a calculation."""
    if verdict is None:
        return None
    pair = year_pair(verdict, year)
    low_before, participants_before = pair.before or (None, None)
    low, participants = pair.after or (None, None)
    return YearShares(
        name=name,
        low_before=low_before,
        participants_before=participants_before,
        low=low,
        participants=participants,
        left_out=pair.left_out,
    )


class HeatMark(StrEnum):
    """What the rule says of a work. PLAIN: nothing, or it does not look at the threshold."""

    LOW = "low"
    RISK = "risk"
    PLAIN = "plain"
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """work: place among the works of the map."""

    work: int
    low: int
    participants: int
    mark: HeatMark


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    name: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, kw_only=True)
class Heat:
    """Listed schools by works of the year. works: «ВПР РУ-5»; titles: the same in full."""

    works: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[HeatRow, ...]


def heat_of(listed: Sequence[tuple[str, SchoolVerdict | None]], year: int) -> Heat | None:
    """Return the listed schools that have a calculation by their works; None when there is none.

    Only they: a list is printed with an order, and schools that are not in it are nobody's matter there.
    """
    known = [(name, verdict, results_of(verdict, year)) for name, verdict in listed if verdict]
    found = {part.procedure for _, _, parts in known for part in parts}
    works = sorted(found, key=lambda work: (work.grade, work.kind, work.subject))
    if not works:
        return None
    places = {work: place for place, work in enumerate(works)}
    rows = [
        HeatRow(
            name=name,
            cells=tuple(heat_cell(part, places[part.procedure], verdict.run.rules) for part in parts),
        )
        for name, verdict, parts in known
    ]
    short, titles = zip(*map(work_titles, works), strict=True)
    return Heat(works=short, titles=titles, rows=tuple(rows))


def results_of(verdict: SchoolVerdict, year: int) -> list[Part]:
    return [part for part in verdict.evidence if part.year == year and part.low is not None and part.participants]


def heat_cell(part: Part, place: int, rules: Rules) -> HeatCell:
    return HeatCell(work=place, low=part.low or 0, participants=part.participants or 0, mark=mark_of(part, rules))


def mark_of(part: Part, rules: Rules) -> HeatMark:
    if part.state is not PartState.COUNTED:
        return HeatMark.NOT_COUNTED
    if not rules.has_own_conditions:
        return HeatMark.PLAIN
    if part.is_low:
        return HeatMark.LOW
    return HeatMark.RISK if is_in_risk_zone(part, rules) else HeatMark.PLAIN
