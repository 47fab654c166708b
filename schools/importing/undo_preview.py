"""What undoing a batch would bring back, and which later batches stand on its rows, told before it is asked for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from schools.choices import BatchState, RowOutcome
from schools.importing import registry
from schools.importing.targets import targets
from schools.models import ImportBatch, ImportRow

CARRIED_OUT: Final = (RowOutcome.NEW, RowOutcome.CHANGED)
COMPARED: Final = 20_000  # rows; for more the answer would keep the person waiting, undoing itself tells


@dataclass(frozen=True, kw_only=True)
class UndoLine:
    """One table: how many rows go, in how many the old values return."""

    title: str
    removed: int
    restored: int


@dataclass(frozen=True, kw_only=True)
class LaterBatch:
    """A batch applied since that wrote the same rows. is_visible: whether the person may open it."""

    batch: ImportBatch
    rows: int
    is_visible: bool


@dataclass(frozen=True, kw_only=True)
class UndoPreview:
    lines: Sequence[UndoLine]
    later: Sequence[LaterBatch]


def undo_preview(batch: ImportBatch, user: User) -> UndoPreview:
    lines = undo_lines(batch)
    is_small = sum(line.removed + line.restored for line in lines) <= COMPARED
    return UndoPreview(lines=lines, later=later_batches(batch, user) if is_small else [])


def carried_out(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    return rows.filter(outcome__in=CARRIED_OUT).order_by()


def undo_lines(batch: ImportBatch) -> list[UndoLine]:
    """Return what would change in each table. One query."""
    rows = carried_out(ImportRow.objects.filter(file__batch=batch))
    fresh = Count("pk", filter=Q(before__isnull=True))
    numbers = rows.values_list("target").annotate(removed=fresh, total=Count("pk"))
    counted = {code: (removed, total) for code, removed, total in numbers}
    return [
        UndoLine(title=target.title, removed=removed, restored=total - removed)
        for target in targets()
        for removed, total in [counted.get(target.code, (0, 0))]
        if total
    ]


def later_batches(batch: ImportBatch, user: User) -> list[LaterBatch]:
    """Return the batches applied since that wrote rows of this one, with the number of such rows."""
    since = ImportBatch.objects.filter(state=BatchState.APPLIED, applied_at__gt=batch.applied_at)
    later = {other.pk: other for other in since.select_related("created_by").order_by("applied_at", "pk")}
    if not later:
        return []
    own = {key for _, key in keys_of(ImportRow.objects.filter(file__batch=batch))}
    schools = ImportRow.objects.filter(file__batch=batch).values("school")
    theirs = ImportRow.objects.filter(Q(school__in=schools) | Q(school=None), file__batch__in=list(later))
    shared = Counter(pk for pk, key in keys_of(theirs) if key in own)
    visible = set(ImportBatch.objects.visible_to(user).filter(pk__in=list(shared)).values_list("pk", flat=True))
    return [
        LaterBatch(batch=other, rows=shared[pk], is_visible=pk in visible) for pk, other in later.items() if shared[pk]
    ]


def keys_of(rows: QuerySet[ImportRow]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield the batch of each row and what the row is about."""
    values = carried_out(rows).values_list("file__batch", "target", "school", "key")
    for batch, target, school, key in values.iterator(chunk_size=5000):
        yield batch, (target, school, *identity(target, key))


def identity(target: str, key: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what tells a row of a table from others: of the registry the ИНН, whatever day the row holds from."""
    return [("inn", key["inn"])] if target == registry.CODE else sorted(key.items())
