"""Which batches applied since rest on the rows of a batch: those that wrote them again, and those that confirmed them.

A row «без изменений» of a later batch writes nothing, yet its file says the value too: taking the value away would
lose what that file delivered, and the file could not be loaded again while its batch is applied.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.russian import agree, count
from schools.choices import BatchState, RowOutcome
from schools.importing import registry
from schools.importing.errors import ROWS, NewerDataStands
from schools.models import ImportBatch, ImportRow

CARRIED_OUT: Final = (RowOutcome.NEW, RowOutcome.CHANGED)
NAMED: Final = 3  # batches of a refusal
SOURCE: Final = frozenset({"file_id", "row"})  # which file said a value is not what it says

RowIdentity = tuple[Any, ...]
Values = dict[str, Any]  # field -> value


class WrittenRow(NamedTuple):
    """A row of a batch: what it is about, and which fields it tells or, where it is the one undone, changed."""

    batch: UUID
    identity: RowIdentity
    fields: frozenset[str]


def carried_out(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    return rows.filter(outcome__in=CARRIED_OUT).order_by()


def applied_since(batch: ImportBatch) -> QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(state=BatchState.APPLIED, applied_at__gt=batch.applied_at)


def resting_rows(batch: ImportBatch, outcomes: Collection[RowOutcome]) -> Counter[UUID]:
    """Return id of a batch applied since -> how many of its rows with these outcomes rest on rows of this one."""
    own_rows = ImportRow.objects.filter(file__batch=batch)
    about_the_same = Q(school__in=own_rows.values("school")) | Q(school=None)
    later = applied_since(batch).values("pk")
    theirs = ImportRow.objects.filter(about_the_same, file__batch__in=later, outcome__in=outcomes).order_by()
    told: dict[RowIdentity, list[WrittenRow]] = defaultdict(list)
    for row in told_rows(theirs):
        told[row.identity].append(row)
    if not told:
        return Counter()
    own = (row for row in changed_rows(carried_out(own_rows)) if row.identity in told)
    return Counter(other.batch for row in own for other in told[row.identity] if other.fields & row.fields)


def told_rows(rows: QuerySet[ImportRow]) -> Iterator[WrittenRow]:
    for batch, identity, _, after in values_of(rows):
        yield WrittenRow(batch, identity, frozenset(after) - SOURCE)


def changed_rows(rows: QuerySet[ImportRow]) -> Iterator[WrittenRow]:
    """Yield rows with the fields whose values undoing would take: all of a new one, else those that differed."""
    for batch, identity, before, after in values_of(rows):
        changed = (name for name, value in after.items() if before is None or before.get(name) != value)
        yield WrittenRow(batch, identity, frozenset(changed) - SOURCE)


def values_of(rows: QuerySet[ImportRow]) -> Iterator[tuple[UUID, RowIdentity, Values | None, Values]]:
    values = rows.values_list("file__batch", "target", "school", "key", "before", "after")
    for batch, target, school, key, before, after in values.iterator(chunk_size=5000):
        yield batch, (target, school, *identity(target, key)), before, after or {}


def identity(target: str, key: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what tells a row of a table from others: of the registry the ИНН, whatever day the row holds from."""
    return [("inn", key["inn"])] if target == registry.CODE else sorted(key.items())


def refuse_confirmed(batch: ImportBatch) -> None:
    """Raise NewerDataStands when batches applied since have confirmed rows of this one, naming the batches.

    Rows that they have changed are told by the targets, which see the values themselves.
    """
    if confirmed := resting_rows(batch, (RowOutcome.SAME,)):
        number = confirmed.total()
        raise NewerDataStands(
            f"Отменить нельзя: {count(number, ROWS)} с тех пор {agree(number, 'подтверждена,подтверждены')} "
            f"без изменений ({'; '.join(named(confirmed))}). Сначала отмените более позднюю загрузку.",
        )


def named(batches: Iterable[UUID]) -> list[str]:
    """Return «Загрузка 12.09.2026 10:15, № 3F2A» for the first batches, the earliest first."""
    found = ImportBatch.objects.filter(pk__in=list(batches)).order_by("applied_at", "pk")
    return [str(batch) for batch in found[:NAMED]]
