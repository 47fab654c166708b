"""Results of works as a target of imports: counts of marks, and their comparison with the journal."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from accounts.models import User
from schools.importing.errors import newer_data
from schools.importing.ground import FilePlan, Ground
from schools.importing.result_fields import CODE, FIELD_TITLES, ResultKey, work_title
from schools.importing.result_planning import Planner, coming_journals, matched_rows, portions_by_school, rows_at_odds
from schools.importing.result_remarks import YEARS_AHEAD
from schools.importing.result_states import result_ledger
from schools.importing.result_writing import (
    change_portions,
    delete_results,
    examples,
    insert_new,
    insert_results,
    ledger_of,
    result_rows,
    write_results,
)
from schools.importing.targets import RowWords
from schools.intake.rows import ParsedFile, ResultRow, WorkKey
from schools.models import ImportBatch, ImportRow


class ResultTarget:
    """Counts of marks of a school in a work, and their comparison with the journal."""

    code = CODE
    title = "Результаты"
    order = 1

    def rows_of(self, parsed: ParsedFile) -> Sequence[ResultRow]:
        return parsed.rows

    def plan(self, ground: Ground, plans: Sequence[FilePlan]) -> Iterator[None]:
        for matched in portions_by_school(matched_rows(ground, plans)):
            ledger = result_ledger({school.id for _, _, school in matched}, {row.work.year for _, row, _ in matched})
            coming, at_odds = coming_journals(matched), rows_at_odds(matched)
            planner = Planner(
                ledger=ledger, latest=ground.batch.created_at.year + YEARS_AHEAD, coming=coming, at_odds=at_odds
            )
            for plan, row, school in matched:
                if planned := planner.planned(plan, row, school):
                    plan.rows.append(planned)
            yield

    def write(self, batch: ImportBatch, *, by: User, at: datetime) -> None:  # noqa: ARG002  a result keeps no history
        rows = result_rows(batch)
        known = rows.filter(before__isnull=False).values("school")
        if not known.exists():
            insert_new(rows)
            return
        insert_new(rows.exclude(school__in=known))
        for changes in change_portions(rows.filter(school__in=known)):
            ledger = ledger_of(changes)
            there = {change.key for change in changes if change.key in ledger.states}
            states = ledger.replay(changes)
            write_results({key: state for key, state in states.items() if key in there})
            insert_results({key: state for key, state in states.items() if key not in there})

    def undo(self, batch: ImportBatch, *, by: User, at: datetime) -> None:  # noqa: ARG002  see write
        newer: set[ResultKey] = set()
        for changes in change_portions(result_rows(batch)):
            restore, created, touched = ledger_of(changes).rewind(changes)
            newer |= touched
            if not newer:
                write_results(restore)
                delete_results(created)
        if newer:
            raise newer_data(len(newer), examples(newer))

    def words(self, row: ImportRow) -> RowWords:
        return RowWords(about=work_title(WorkKey(**row.key)), titles=FIELD_TITLES)
