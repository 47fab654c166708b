"""The state of a batch: locked, checked against the table of transitions, counted."""

from django.db.models import Count

from schools.choices import BATCH_TRANSITIONS, BatchState, RowOutcome
from schools.importing.errors import WrongBatchState
from schools.models import ImportBatch, ImportRow


def locked(batch: ImportBatch) -> ImportBatch:
    """Return the row as it is now, nobody else changes it until the end of the transaction."""
    batches = ImportBatch.objects.select_for_update(of=("self",))
    return batches.select_related("territory__parent", "created_by").get(pk=batch.pk)


def refuse_unless(batch: ImportBatch, target: BatchState) -> None:
    """Raise WrongBatchState when the table of transitions has no way to the target."""
    state = BatchState(batch.state)
    if target not in BATCH_TRANSITIONS[state]:
        raise WrongBatchState(f"Загрузка уже в состоянии «{state.label}», действие недоступно. Обновите страницу.")


def change_state(batch: ImportBatch, target: BatchState) -> None:
    refuse_unless(batch, target)
    batch.state = target
    batch.save()


def outcome_counts(batch: ImportBatch) -> dict[str, int]:
    """Return how many rows of a batch are new, changed, same and rejected. One query."""
    rows = ImportRow.objects.filter(file__batch=batch).order_by()
    found = dict(rows.values_list("outcome").annotate(Count("pk")))
    return {outcome.value: found.get(outcome.value, 0) for outcome in RowOutcome}
