"""What became of the data of a published list since: the stored evidence beside the results of today."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from schools.correction_rows import corrections_between
from schools.diff_words import work_words
from schools.identification import Part, PartState, Rules
from schools.lineage import read_lineage
from schools.models import School, SchoolList, SchoolListItem
from schools.result_groups import Grid, grids_of
from schools.run_diff import WorkChange, Years
from schools.what_if import judges_alone, naming, works_of_grid


@dataclass(frozen=True, kw_only=True)
class CorrectedSchool:
    """A school of the list whose results are no longer those that it was listed by.

    lines: works with counts of then and now, and the file that brought them; scores are measured by the quarters of the
    run, for those of today move with the results of other schools. is_named: whether the rule would name
    it today; None for a school that a decision put in or the exit rule keeps, for a rule that cannot be asked school by
    school, and for a list that is not of low results.
    """

    item: SchoolListItem
    lines: tuple[str, ...]
    is_named: bool | None


def corrected_schools(school_list: SchoolList) -> list[CorrectedSchool]:
    """Return the schools of a published list of a run whose data have changed since. Four queries, by name."""
    run = school_list.run
    if run is None or school_list.published_at is None:
        return []
    items = list(school_list.items.select_related("verdict").order_by("school_name", "pk"))
    rules, schools = run.rules, [item.school_id for item in items]
    years = range(run.year - rules.years_read + 1, run.year + 1)
    listed = School.objects.filter(pk__in=school_list.items.values("school"))
    lineage = read_lineage()
    today = grids_of(listed, years, rules, run.quarters, lineage)
    changed = {item: changes_of(item, today.get(item.school_id, {}), rules) for item in items}
    files = corrections_between(schools, run.created_at, timezone.now(), lineage) if any(changed.values()) else {}
    is_asked_alone = judges_alone(rules) and school_list.is_of_low_results
    is_named = naming(rules, run.year) if is_asked_alone else None
    return [
        CorrectedSchool(
            item=item,
            lines=tuple(work_words(work, files.get(row_key(item, work))) for work in works),
            is_named=is_named(works_of_grid(today.get(item.school_id, {})), "")
            if is_named and is_asked(item)
            else None,
        )
        for item, works in changed.items()
        if works
    ]


def is_asked(item: SchoolListItem) -> bool:
    """Answer whether the conditions put a school into its list: not a decision, nor the exit rule."""
    return not item.included_by_decision and not (item.verdict is not None and item.verdict.is_held)


def changes_of(item: SchoolListItem, grid: Grid, rules: Rules) -> list[WorkChange]:
    """Return the works whose counts differ from those of the stored evidence."""
    if item.verdict is None:
        return []
    works = [
        WorkChange(
            procedure=part.procedure,
            before=known(part),
            after=as_today(part, grid, rules),
            years=Years(part.year, part.year),
        )
        for part in item.verdict.evidence
    ]
    return [work for work in works if work.is_recounted]


def known(part: Part) -> Part | None:
    return None if part.low is None else part


def as_today(part: Part, grid: Grid, rules: Rules) -> Part | None:
    """Return a part with the counts of today, under the threshold of the list; None without a result."""
    works = [grid.get(year, {}).get(procedure) for year, procedure in part.places]
    lows = [work.low for work in works if work is not None and work.low is not None]
    if not lows or len(lows) < len(works):
        return None
    participants = sum(work.participants for work in works if work)
    state = PartState.COUNTED if part.state is PartState.NO_DATA else part.state
    needed = rules.least_low(participants)
    return part._replace(state=state, participants=participants, low=sum(lows), needed=needed)


def row_key(item: SchoolListItem, work: WorkChange) -> Any:
    part = work.after or work.before
    key = work.procedure
    return item.school_id, key.kind, key.subject, key.grade, part.year if part else 0
