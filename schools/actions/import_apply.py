"""Imports: apply a checked batch, undo an applied one, give one up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.russian import count
from schools.bulk import few_collections
from schools.choices import BatchState, FileState, RowOutcome
from schools.importing.benchmarks import delete_benchmarks, write_benchmarks
from schools.importing.errors import DataChanged, ExplanationNeeded, NothingToApply, RejectedRows
from schools.importing.later_batches import refuse_confirmed
from schools.importing.ledger import PreviewOutdated
from schools.importing.problem_groups import needs_explanation
from schools.importing.reach import require_writer
from schools.importing.states import change_state, locked, outcome_counts, refuse_unless
from schools.importing.targets import targets_in
from schools.models import ImportBatch

ROWS: Final = "строка,строки,строк"
FILES: Final = "файл,файла,файлов"


# Applying


@few_collections()
@transaction.atomic
def apply_batch(*, batch: ImportBatch, by: User, at: datetime, only_good: bool = False) -> ImportBatch:
    """Write everything a checked batch says, in one transaction, exactly as its preview showed.

    only_good: take the good rows though others are refused. Raises WrongBatchState, RejectedRows, NothingToApply,
    ExplanationNeeded (see `schools.actions.import_review.explain`), DataChanged (have the batch checked again and show
    the new preview), PermissionDenied.
    """
    require_writer(by, batch)
    batch = locked(batch)
    refuse_unless(batch, BatchState.APPLIED)
    totals = outcome_counts(batch)
    refuse_rejected(batch, totals, only_good=only_good)
    refuse_unexplained(batch)
    try:
        for target in targets_in(batch):
            target.write(batch, by=by, at=at)
    except PreviewOutdated:
        raise DataChanged(
            "Данные в портале изменились после проверки, поэтому ничего не записано. "
            "Проверьте загрузку заново и посмотрите, что изменится.",
        ) from None
    write_benchmarks(batch)
    batch.applied_by, batch.applied_at = by, at
    change_state(batch, BatchState.APPLIED)
    record(AuditCode.IMPORT_APPLIED, actor=by, obj=batch, only_good=only_good, totals=totals)
    return batch


def refuse_rejected(batch: ImportBatch, totals: Mapping[str, int], *, only_good: bool) -> None:
    if not totals[RowOutcome.NEW] + totals[RowOutcome.CHANGED] + totals[RowOutcome.SAME]:
        raise NothingToApply("В загрузке нет ни одной принятой строки. Исправьте файлы и загрузите их ещё раз.")
    refused_files = batch.files.filter(state=FileState.REFUSED).count()
    parts = [
        count(number, forms)
        for number, forms in ((totals[RowOutcome.REJECTED], ROWS), (refused_files, FILES))
        if number
    ]
    if parts and not only_good:
        raise RejectedRows(
            f"Не приняты: {' и '.join(parts)}. Исправьте файлы и загрузите их заново "
            "или примените только принятые строки.",
        )


def refuse_unexplained(batch: ImportBatch) -> None:
    """Raise ExplanationNeeded when values have jumped against last year and nobody has said why."""
    if not batch.explanation and needs_explanation(batch.files.only("meta", "batch")):
        raise ExplanationNeeded(
            "Есть резкие изменения против прошлого года. Сверьте их с отчётом и поясните, затем примените загрузку.",
        )


# Undoing, refusing to apply


@few_collections()
@transaction.atomic
def undo_batch(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Put back everything as it was before a batch was applied.

    Raises WrongBatchState, NewerDataStands (naming what stands on the rows), PermissionDenied.
    """
    require_writer(by, batch)
    batch = locked(batch)
    refuse_unless(batch, BatchState.UNDONE)
    refuse_confirmed(batch)
    for target in reversed(targets_in(batch)):
        target.undo(batch, by=by, at=at)
    delete_benchmarks(batch)
    batch.undone_by, batch.undone_at = by, at
    change_state(batch, BatchState.UNDONE)
    record(AuditCode.IMPORT_UNDONE, actor=by, obj=batch)
    return batch


@transaction.atomic
def reject_batch(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Give a checked batch up; its files may be loaded again."""
    require_writer(by, batch)
    batch = locked(batch)
    change_state(batch, BatchState.REJECTED)
    record(AuditCode.IMPORT_CANCELLED, actor=by, obj=batch)
    return batch
