"""What undoing a batch would bring back, and which later batches stand on its rows, told before it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from schools.choices import RESULTS_TARGET, BatchState, RowOutcome
from schools.importing.later_batches import CARRIED_OUT, carried_out, resting_rows
from schools.importing.targets import targets
from schools.models import IdentificationRun, ImportBatch, ImportRow, SchoolList, SchoolVerdict

ACCEPTED: Final = (*CARRIED_OUT, RowOutcome.SAME)
COMPARED: Final = 20_000  # rows; for more the answer would keep the person waiting, undoing itself tells


@dataclass(frozen=True, kw_only=True)
class UndoLine:
    """One table: how many rows go, in how many the old values return."""

    title: str
    removed: int
    restored: int


@dataclass(frozen=True, kw_only=True)
class LaterBatch:
    """A batch applied since that tells the same rows. is_visible: whether the person may open it."""

    batch: ImportBatch
    rows: int
    is_visible: bool


@dataclass(frozen=True, kw_only=True)
class Conclusions:
    """How many runs made since have judged schools by rows of a batch, and how many published lists rest on them."""

    runs: int = 0
    lists: int = 0


@dataclass(frozen=True, kw_only=True)
class UndoPreview:
    """later: what has to be undone first; is_compared: whether that was asked, for a large batch it is not."""

    lines: Sequence[UndoLine]
    later: Sequence[LaterBatch]
    is_compared: bool
    conclusions: Conclusions


def undo_preview(batch: ImportBatch, user: User) -> UndoPreview:
    lines = undo_lines(batch)
    changed = sum(line.removed + line.restored for line in lines)
    return UndoPreview(
        lines=lines,
        later=undo_waits_for(batch, user, changed),
        is_compared=changed <= COMPARED,
        conclusions=conclusions_on(batch),
    )


def undo_waits_for(batch: ImportBatch, user: User, changed: int) -> list[LaterBatch]:
    """Return what keeps an applied batch from being undone, by the rows that the refusal counts.

    changed: how many rows the batch has written; for more than COMPARED nothing is asked. At most three queries.
    """
    if batch.state != BatchState.APPLIED or changed > COMPARED:
        return []
    return later_batches(batch, user)


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


def conclusions_on(batch: ImportBatch) -> Conclusions:
    """Return what was concluded from the results of an applied batch. At most three queries, whatever its size.

    A run rests on it when it was made since, judges a school of its rows, and its rule reads a year of them.
    """
    rows = carried_out(ImportRow.objects.filter(file__batch=batch, target=RESULTS_TARGET))
    years = set(rows.values_list("key__year", flat=True).distinct())
    if not years:
        return Conclusions()
    judged = SchoolVerdict.objects.filter(run=OuterRef("pk"), school__in=rows.values("school")).order_by()
    since = IdentificationRun.objects.filter(Exists(judged), created_at__gte=batch.applied_at).order_by()
    runs = [run.pk for run in since if years & set(range(run.year - run.rules.years_read + 1, run.year + 1))]
    return Conclusions(runs=len(runs), lists=SchoolList.objects.published().filter(run__in=runs).count() if runs else 0)


def later_batches(batch: ImportBatch, user: User) -> list[LaterBatch]:
    """Return the batches applied since that tell rows of this one, with the number of such rows."""
    rows = resting_rows(batch, ACCEPTED)
    if not rows:
        return []
    resting = ImportBatch.objects.filter(pk__in=list(rows))
    visible = set(resting.visible_to(user).values_list("pk", flat=True))
    return [
        LaterBatch(batch=other, rows=rows[other.pk], is_visible=other.pk in visible)
        for other in resting.select_related("created_by").order_by("applied_at", "pk")
    ]
