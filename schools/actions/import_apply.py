"""Imports: apply a checked batch, undo an applied one, give one up."""

from collections.abc import Iterable, Mapping, Sequence, Sized
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import agree, count
from schools.access import require
from schools.choices import BatchState, FileState, RowOutcome, TerritoryLevel
from schools.importing import registry, results
from schools.importing.errors import DataChanged, NewerDataStands, NothingToApply, RejectedRows
from schools.importing.ledger import Change, Ledger, PreviewOutdated
from schools.importing.planning import REGISTRY_LAYOUT
from schools.importing.states import change_state, locked, outcome_counts, refuse_unless
from schools.intake.rows import WorkKey
from schools.models import Benchmark, ImportBatch, ImportRow, Territory

ROWS: Final = "строка,строки,строк"
SCHOOLS: Final = "школа,школы,школ"
FILES: Final = "файл,файла,файлов"


# Applying


@transaction.atomic
def apply_batch(*, batch: ImportBatch, by: User, at: datetime, only_good: bool = False) -> ImportBatch:
    """Write everything a checked batch says, in one transaction, exactly as its preview showed.

    only_good: take the good rows though others are refused. Raises WrongBatchState, RejectedRows, NothingToApply,
    DataChanged (have the batch checked again and show the new preview), PermissionDenied.
    """
    require(by, Permission.IMPORT_RESULTS, batch.territory)
    batch = locked(batch)
    refuse_unless(batch, BatchState.APPLIED)
    totals = outcome_counts(batch)
    refuse_rejected(batch, totals, only_good=only_good)
    try:
        write_registry(batch, by=by, at=at)
        write_results(batch)
    except PreviewOutdated:
        raise DataChanged(
            "Данные в портале изменились после проверки, поэтому ничего не записано. "
            "Проверьте загрузку заново и посмотрите, что изменится.",
        ) from None
    results.write_benchmarks(batch)
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


def registry_changes(batch: ImportBatch) -> list[Change[str]]:
    return [
        Change(key=row.key["inn"], before=row.before, after=row.after or {}, outcome=RowOutcome(row.outcome))
        for row in planned_rows(batch).filter(file__layout=REGISTRY_LAYOUT)
    ]


def result_changes(batch: ImportBatch) -> list[Change[results.ResultKey]]:
    rows = planned_rows(batch).exclude(file__layout=REGISTRY_LAYOUT)
    return [
        Change(
            key=(row.school_id, WorkKey(**row.key)),
            before=row.before,
            after=row.after or {},
            outcome=RowOutcome(row.outcome),
        )
        for row in rows
        if row.school_id
    ]


def planned_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return the accepted rows in the order of the plan."""
    return ImportRow.objects.filter(file__batch=batch).exclude(outcome=RowOutcome.REJECTED).order_by("pk")


def write_registry(batch: ImportBatch, *, by: User, at: datetime) -> None:
    changes = registry_changes(batch)
    if not changes:
        return
    ledger = registry.registry_ledger(change.key for change in changes)
    states = ledger.replay(changes)
    names = {row.after["territory"]: row.key["territory_name"] for row in registry_rows(batch) if row.after}
    made = registry.write_schools(states, names, region_of(batch.territory), by=by, at=at)
    file = batch.files.filter(layout=REGISTRY_LAYOUT).first()
    if file and made:
        file.meta["territories"] = made
        file.save(update_fields=["meta"])


def registry_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    return planned_rows(batch).filter(file__layout=REGISTRY_LAYOUT)


def region_of(territory: Territory) -> Territory:
    return territory if territory.level == TerritoryLevel.REGION else territory.parent or territory


def write_results(batch: ImportBatch) -> None:
    changes = result_changes(batch)
    if changes:
        results.write_results(ledger_of(changes).replay(changes))


def ledger_of(changes: Sequence[Change[results.ResultKey]]) -> Ledger[results.ResultKey]:
    return results.result_ledger({change.key[0] for change in changes}, {change.key[1].year for change in changes})


# Undoing, refusing to apply


@transaction.atomic
def undo_batch(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Put back everything as it was before a batch was applied.

    Raises WrongBatchState, NewerDataStands (naming what stands on the rows), PermissionDenied.
    """
    require(by, Permission.IMPORT_RESULTS, batch.territory)
    batch = locked(batch)
    refuse_unless(batch, BatchState.UNDONE)
    undo_results(batch)
    undo_registry(batch, by=by, at=at)
    Benchmark.objects.filter(file__batch=batch).delete()
    batch.undone_by, batch.undone_at = by, at
    change_state(batch, BatchState.UNDONE)
    record(AuditCode.IMPORT_UNDONE, actor=by, obj=batch)
    return batch


def undo_results(batch: ImportBatch) -> None:
    changes = result_changes(batch)
    if not changes:
        return
    files = {str(pk) for pk in batch.files.values_list("pk", flat=True)}
    ledger = ledger_of(changes)
    newer = results.newer_results(ledger, changes, files)
    restore, created, changed_since = ledger.rewind(changes)
    if blocked := newer | changed_since:
        raise NewerDataStands(newer_text(blocked))
    results.write_results(restore)
    results.delete_results(created)


def newer_text(keys: Iterable[results.ResultKey]) -> str:
    blocked = sorted(keys, key=lambda key: (str(key[0]), key[1].year, key[1].subject, key[1].grade))
    names = results.school_names(blocked[:3])
    examples = "; ".join(f"{names.get(school, 'школа')}, {results.work_title(work)}" for school, work in blocked[:3])
    more = f" и ещё {len(blocked) - 3}" if len(blocked) > 3 else ""
    return (
        f"Отменить нельзя: {count(len(blocked), ROWS)} с тех пор {changed(blocked)} другой загрузкой "
        f"({examples}{more}). "
        "Сначала отмените более позднюю загрузку."
    )


def changed(things: Sized) -> str:
    return agree(len(things), "изменена,изменены")


def undo_registry(batch: ImportBatch, *, by: User, at: datetime) -> None:
    changes = registry_changes(batch)
    if not changes:
        return
    ledger = registry.registry_ledger(change.key for change in changes)
    restore, created, changed_since = ledger.rewind(changes)
    if changed_since:
        raise NewerDataStands(
            f"Отменить нельзя: {count(len(changed_since), SCHOOLS)} с тех пор {changed(changed_since)}. "
            "Исправьте их в реестре.",
        )
    registry.restore_schools(restore, by=by, at=at)
    if standing := registry.delete_schools(created):
        names = ", ".join(standing[:3])
        raise NewerDataStands(f"Отменить нельзя: на эти школы уже опираются другие данные: {names}.")
    for file in batch.files.filter(layout=REGISTRY_LAYOUT):
        registry.delete_empty_territories(file.meta.get("territories", []))


@transaction.atomic
def reject_batch(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Give a checked batch up; its files may be loaded again."""
    require(by, Permission.IMPORT_RESULTS, batch.territory)
    batch = locked(batch)
    change_state(batch, BatchState.REJECTED)
    record(AuditCode.IMPORT_CANCELLED, actor=by, obj=batch)
    return batch
