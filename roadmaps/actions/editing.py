"""Saving one cell under a lock per field, and undoing one's last change.

Source: reliability requirements, 3.2 (optimistic lock). Other cells that somebody changed meanwhile are kept; a change
of the very same cell is shown with both values, and the person chooses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import ActionRefused
from accounts.models import User
from roadmaps.actions.locking import draft_measure, locked_draft
from roadmaps.actions.planning import remove, renumber
from roadmaps.cells import CELLS, PLAN_COLUMNS, Cell
from roadmaps.errors import CellRefused, NothingToUndo, UndoRefused
from roadmaps.models import Measure, Roadmap

UNDO_TIME: Final = timedelta(minutes=10)
UNDONE: Final = "undo:"
UNDO_COLUMNS: Final = (*PLAN_COLUMNS, "status", "cancel_reason")


@dataclass(kw_only=True)
class CellConflict(ActionRefused):
    """Somebody else changed the same cell after the person had seen it. Nothing was saved.

    measure: the row as it is now. who None: unknown, e.g. a command.
    """

    measure: Measure
    cell: Cell
    mine: str
    theirs: str
    who: User | None
    at: datetime | None

    def __str__(self) -> str:
        return f"{self.cell.title} {self.measure.number} изменили, пока вы редактировали."

    __hash__ = ActionRefused.__hash__


@transaction.atomic
def save_cell(
    *,
    measure: Measure,
    cell: Cell,
    text: str,
    seen: int,
    by: User,
    chosen: bool = False,
) -> Measure:
    """Write a cell of the table. seen: the version of the row on the person's page.

    chosen: the person answers a conflict. Raises RoadmapFrozen, CellRefused, CellConflict.
    """
    measure = draft_measure(measure)
    values = cell.parse(text, measure)
    changed = any(getattr(measure, column) != value for column, value in values.items())
    if changed:
        refuse_conflict(measure, cell, text, seen=seen, by=by)
        write(measure, values, by)
        record(AuditCode.ROADMAP_EDITED, actor=by, obj=measure.roadmap, measure=measure.number, cell=cell.name)
    if chosen:
        side = "mine" if changed else "theirs"
        record(AuditCode.CONFLICT_RESOLVED, actor=by, obj=measure, cell=cell.name, side=side)
    return measure


def write(measure: Measure, values: dict[str, Any], by: User, *, reason: str = "") -> None:
    """Set columns and save them as the next version of the row. Raises CellRefused by the rules of the database."""
    for column, value in values.items():
        setattr(measure, column, value)
    try:
        measure.clean_fields(exclude=[field.name for field in Measure._meta.fields if field.name not in values])  # noqa: SLF001
        measure.validate_constraints(exclude=["stable_id"])
    except ValidationError as refusal:
        raise CellRefused(" ".join(refusal.messages)) from None
    measure.save_by(by, reason=reason)


def refuse_conflict(measure: Measure, cell: Cell, text: str, *, seen: int, by: User) -> None:
    """Raise CellConflict when another person changed the cell after version `seen`."""
    if measure.version <= seen:
        return
    records = list(measure.history.filter(version__gte=seen).select_related("history_user").order_by("version"))
    last = None
    for before, after in pairwise(records):
        if columns_of(before, cell) != columns_of(after, cell):
            last = after
    if records and records[0].version > seen:  # the history does not reach back to what the person saw
        last = last or records[-1]
    if last is None or last.history_user == by:
        return
    raise CellConflict(
        measure=measure,
        cell=cell,
        mine=" ".join(text.split()),
        theirs=cell.show(measure),
        who=last.history_user,
        at=last.history_date,
    )


def columns_of(row: Any, cell: Cell) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in cell.columns)


@transaction.atomic
def undo_last(*, roadmap: Roadmap, by: User, at: datetime) -> str:
    """Take back the person's last change of the plan within ten minutes; returns what was undone, in Russian.

    Raises RoadmapFrozen, NothingToUndo, and UndoRefused when another person has changed the same cells since.
    """
    roadmap = locked_draft(roadmap)
    change = last_change(roadmap, by=by, at=at)
    if change is None:
        raise NothingToUndo
    words = {"+": undo_adding, "-": undo_removing, "~": undo_cells}[change.history_type](roadmap, change, by)
    record(AuditCode.ROADMAP_EDITED, actor=by, obj=roadmap, change="undo", measure=change.number)
    return words


def last_change(roadmap: Roadmap, *, by: User, at: datetime) -> Any | None:
    """Return the newest record of the history that the person made and has not undone; None when there is none."""
    undone: set[str] = set()
    records = Measure.history.filter(roadmap_id=roadmap.pk, history_user=by, history_date__gte=at - UNDO_TIME)
    for change in records.order_by("-history_date", "-history_id")[:100]:
        reason = change.history_change_reason or ""
        if reason.startswith(UNDONE):
            undone.add(reason.removeprefix(UNDONE))
        elif not reason and str(change.history_id) not in undone:  # copying a version gives a reason of its own
            return change
    return None


def undo_adding(roadmap: Roadmap, change: Any, by: User) -> str:
    measure = Measure.objects.get(pk=change.id)
    measure.roadmap = roadmap
    remove(measure, by, reason=f"{UNDONE}{change.history_id}")
    return f"Отменено: добавление {change.number}"


def undo_removing(roadmap: Roadmap, change: Any, by: User) -> str:
    measure: Measure = change.instance
    measure.save_by(by, reason=f"{UNDONE}{change.history_id}")
    if measure.section.factor:
        measure.factors.add(measure.section.factor)
    renumber(roadmap)
    return f"Отменено: удаление {change.number}"


def undo_cells(roadmap: Roadmap, change: Any, by: User) -> str:
    measure = draft_measure(Measure(pk=change.id, roadmap=roadmap))
    before = change.prev_record
    changed = [c for c in UNDO_COLUMNS if before is not None and getattr(before, c) != getattr(change, c)]
    if any(getattr(measure, column) != getattr(change, column) for column in changed):
        raise UndoRefused(f"Строку {measure.number} после вас изменил другой пользователь. Исправьте её вручную.")
    write(measure, {c: getattr(before, c) for c in changed}, by, reason=f"{UNDONE}{change.history_id}")
    titles = [cell.title for cell in CELLS.values() if set(cell.columns) & set(changed)]
    return f"Отменено: {titles[0] if titles else 'исключение'}, {measure.number}"
