"""From parsed files to planned rows: each target plans its own, then refused places become rows too."""

from collections.abc import Iterator, Sequence

from schools.importing.cautions import add_cautions
from schools.importing.ground import FilePlan, Ground, coming_schools
from schools.importing.targets import targets
from schools.intake.rows import ParsedFile
from schools.models import ImportBatch


def plan_rows(batch: ImportBatch, plans: Sequence[FilePlan]) -> Iterator[None]:
    """Add rows to the plans of the files; stop each time that some have been added, for these to be taken away.

    plans: in the order of applying, see `order_of`. At the end they have all their problems.
    """
    ground = Ground(batch=batch, coming=coming_schools(plan.parsed for plan in plans))
    for target in targets():
        if concerned := [plan for plan in plans if target.rows_of(plan.parsed)]:
            for _ in target.plan(ground, concerned):
                add_cautions(plans, ground)
                yield
    for plan in plans:
        plan.rows.extend(plan.refused_rows())
    yield


def order_of(parsed: ParsedFile) -> int:
    """Return the place of a file among the others: registry, marks, then comparisons with the journal."""
    if parsed.schools:
        return 0
    return 1 if any(row.counts for row in parsed.rows) else 2
