"""Bookkeeping of changes over rows that have a natural key. Knows no database: states are mappings of plain values."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from schools.choices import RowOutcome

K = TypeVar("K", bound=Hashable)
State = dict[str, Any]  # field -> JSON value


class Change(NamedTuple, Generic[K]):
    """One planned row: what the fields it delivers were (None: there was no row) and will be."""

    key: K
    before: State | None
    after: State
    outcome: RowOutcome


class PreviewOutdated(Exception):  # noqa: N818  a signal to the action, which tells the person
    """What stands in the portal differs from what the preview was made of."""


def as_it_is(state: Any) -> Any:
    return state


@dataclass
class Ledger(Generic[K]):
    """States by key, as they are and, row after row, as they will be.

    silent: fields whose difference alone is no change: how a count came about, which file said it.
    unpack: makes a state of what is kept of a row; a large table keeps less than mappings.
    """

    states: dict[K, Any]
    silent: frozenset[str] = frozenset()
    unpack: Callable[[Any], State] = field(default=as_it_is)

    def current(self, key: K) -> State | None:
        kept = self.states.get(key)
        return None if kept is None else self.unpack(kept)

    def plan(self, key: K, after: State) -> Change[K]:
        """Return what a row changes, and remember it for the rows that follow."""
        return self.plan_over(self.current(key), key, after)

    def plan_over(self, current: State | None, key: K, after: State) -> Change[K]:
        """Return the same for a state that is known already."""
        if current is None:
            self.states[key] = after
            return Change(key, None, after, RowOutcome.NEW)
        before = {name: current.get(name) for name in after}
        outcome = self.outcome(before, after)
        if outcome != RowOutcome.SAME:
            self.states[key] = {**current, **after}
        return Change(key, before, after, outcome)

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
        written: dict[K, None] = {}  # a set in the order of the rows: indexes of a table like it
        for change in changes:
            again = self.plan(change.key, change.after)
            if again.before != change.before or again.outcome != change.outcome:
                raise PreviewOutdated
            if change.outcome != RowOutcome.SAME:
                written[change.key] = None
        return {key: self.unpack(self.states[key]) for key in written}

    def rewind(self, changes: Iterable[Change[K]]) -> tuple[dict[K, State], set[K], set[K]]:
        """Return states to restore, keys to delete, and keys on which something newer stands."""
        restore: dict[K, State] = {}
        created: set[K] = set()
        newer: set[K] = set()
        told: dict[K, set[str]] = {}
        carried_out = [change for change in changes if change.outcome != RowOutcome.SAME]
        for change in reversed(carried_out):
            current = self.current(change.key)
            told.setdefault(change.key, set()).update(change.after)
            if current is None or not stands(current, change.after):
                newer.add(change.key)
            elif change.before is None:
                created.add(change.key)
                newer |= {change.key} if has_more(current, told[change.key]) else set()
            else:
                restore[change.key] = {**current, **change.before}
                self.states[change.key] = restore[change.key]
        return {key: state for key, state in restore.items() if key not in created}, created, newer


def stands(state: State, after: State) -> bool:
    """Answer whether a state has every value; a field that it lacks is one that holds nothing."""
    return after.items() <= state.items() or all(state.get(name) == value for name, value in after.items())


def has_more(state: State, told: Collection[str]) -> bool:
    """Answer whether a row says what none of these fields do: deleting it would lose what somebody added."""
    return any(state[name] is not None and not is_empty(state[name]) for name in state.keys() - told)


def is_empty(value: object) -> bool:
    """Answer whether a field holds what it holds before any file fills it; 0 is a fact."""
    return value is None or value is False or value in ("", [], {})
