"""From parsed files to planned rows: each target plans its own, then refused places become rows too."""

from collections.abc import Iterator, Sequence

from schools.importing.cautions import add_cautions
from schools.importing.ground import FilePlan, Ground
from schools.importing.targets import targets
from schools.intake.rows import ParsedFile
from schools.models import ImportBatch, ImportFile


def plan_files(
    batch: ImportBatch,
    parsed: Sequence[tuple[ImportFile, ParsedFile]],
) -> Iterator[Sequence[FilePlan]]:
    """Yield the plans of the files, the same ones each time that rows have been added, for these to be taken away.

    The plans are in the order of applying: registry, marks, then comparisons with the journal. At the end they have
    all their problems.
    """
    plans = [FilePlan(file=file, parsed=content, problems=list(content.problems)) for file, content in parsed]
    plans.sort(key=lambda plan: order_of(plan.parsed))
    ground = Ground(batch=batch)
    for target in targets():
        if concerned := [plan for plan in plans if target.rows_of(plan.parsed)]:
            for _ in target.plan(ground, concerned):
                add_cautions(plans)
                yield plans
    for plan in plans:
        plan.rows.extend(plan.refused_rows())
    yield plans


def order_of(parsed: ParsedFile) -> int:
    if parsed.schools:
        return 0
    return 1 if any(row.counts for row in parsed.rows) else 2
