"""Bookkeeping of changes over rows that have a natural key. Knows no database: states are mappings of plain values."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from schools.choices import RowOutcome

K = TypeVar("K", bound=Hashable)
State = dict[str, Any]  # field -> JSON value


@dataclass(frozen=True, kw_only=True)
class Change(Generic[K]):
    """One planned row: what the fields it delivers were (None: there was no row) and will be."""

    key: K
    before: State | None
    after: State
    outcome: RowOutcome


class PreviewOutdated(Exception):  # noqa: N818  a signal to the action, which tells the person
    """What stands in the portal differs from what the preview was made of."""


@dataclass
class Ledger(Generic[K]):
    """States by key, as they are and, row after row, as they will be.

    silent: fields whose difference alone is no change (how a count came about). owned: fields kept as bookkeeping in
    `before` and `after` but not compared either (which file said it).
    """

    states: dict[K, State]
    silent: frozenset[str] = frozenset()
    touched: set[K] = field(default_factory=set)

    def plan(self, key: K, after: State) -> Change[K]:
        """Return what a row changes, and remember it for the rows that follow."""
        current = self.states.get(key)
        if current is None:
            self.states[key] = dict(after)
            return Change(key=key, before=None, after=after, outcome=RowOutcome.NEW)
        before = {name: current.get(name) for name in after}
        outcome = self.outcome(before, after)
        if outcome != RowOutcome.SAME:
            current.update(after)
        return Change(key=key, before=before, after=after, outcome=outcome)

    def outcome(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> RowOutcome:
        told = [name for name in after if name not in self.silent]
        if all(before[name] == after[name] for name in told):
            return RowOutcome.SAME
        facts = [name for name in told if name != "participants"]
        if facts and all(before[name] is None for name in facts):
            return RowOutcome.NEW
        return RowOutcome.CHANGED

    def replay(self, changes: Iterable[Change[K]]) -> dict[K, State]:
        """Carry the planned rows out and return the states to write. Raises PreviewOutdated."""
        written: dict[K, State] = {}
        for change in changes:
            again = self.plan(change.key, change.after)
            if again.before != change.before or again.outcome != change.outcome:
                raise PreviewOutdated
            if change.outcome != RowOutcome.SAME:
                written[change.key] = self.states[change.key]
        return written

    def rewind(self, changes: Iterable[Change[K]]) -> tuple[dict[K, State], set[K], set[K]]:
        """Return states to restore, keys to delete, and keys on which something newer stands."""
        restore: dict[K, State] = {}
        created: set[K] = set()
        newer: set[K] = set()
        carried_out = [change for change in changes if change.outcome != RowOutcome.SAME]
        for change in reversed(carried_out):
            current = self.states.get(change.key)
            if current is None or any(current.get(name) != value for name, value in change.after.items()):
                newer.add(change.key)
            elif change.before is None:
                created.add(change.key)
            else:
                current.update(change.before)
                restore[change.key] = current
        return {key: state for key, state in restore.items() if key not in created}, created, newer
