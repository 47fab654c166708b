"""Bookkeeping of changes: what a preview says is what is done, and undone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.choices import RowOutcome
from schools.importing.ledger import Change, Ledger, PreviewOutdated, State

facts = st.dictionaries(st.sampled_from(["mark2", "mark3", "lowered"]), st.integers(0, 3), min_size=1)
rows = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), facts), max_size=12)
tables = st.dictionaries(st.sampled_from(["a", "b", "c"]), facts)


def ledger(states: dict[str, State] | None = None) -> Ledger[str]:
    copied = {key: dict(state) for key, state in (states or {}).items()}
    return Ledger(copied, silent=frozenset({"file"}))


def test_row_of_an_unknown_key_is_new() -> None:
    change = ledger().plan("a", {"mark2": 1})

    assert change == Change(key="a", before=None, after={"mark2": 1}, outcome=RowOutcome.NEW)


def test_other_value_is_a_change_that_keeps_the_old_one() -> None:
    change = ledger({"a": {"mark2": 1, "mark3": 4}}).plan("a", {"mark2": 2})

    assert (change.before, change.outcome) == ({"mark2": 1}, RowOutcome.CHANGED)


def test_values_where_there_were_none_are_new() -> None:
    change = ledger({"a": {"mark2": 1, "lowered": None}}).plan("a", {"lowered": 5})

    assert change.outcome == RowOutcome.NEW


def test_same_values_from_another_file_are_the_same() -> None:
    book = ledger({"a": {"mark2": 1, "file": "one"}})

    assert book.plan("a", {"mark2": 1, "file": "two"}).outcome == RowOutcome.SAME
    assert book.states["a"]["file"] == "one"


def test_second_row_of_a_key_stands_on_the_first() -> None:
    book = ledger()
    book.plan("a", {"mark2": 1})

    assert book.plan("a", {"mark2": 1}).outcome == RowOutcome.SAME
    assert book.plan("a", {"mark2": 2}).before == {"mark2": 1}


@given(tables, rows)
def test_what_was_planned_is_what_is_done(table: dict[str, State], planned: list[tuple[str, State]]) -> None:
    first = ledger(table)
    changes = [first.plan(key, after) for key, after in planned]

    second = ledger(table)
    written = second.replay(changes)

    assert second.states == first.states
    assert {key: first.states[key] for key in written} == written


@given(tables, rows)
def test_undoing_brings_every_state_back(table: dict[str, State], planned: list[tuple[str, State]]) -> None:
    book = ledger(table)
    changes = [book.plan(key, after) for key, after in planned]

    restore, created, newer = book.rewind(changes)

    known = {key: {k: v for k, v in state.items() if v is not None} for key, state in restore.items()}
    assert not newer
    assert created == {key for key, _ in planned} - table.keys()
    assert all(known[key] == table[key] for key in known)


def test_replay_over_other_data_is_refused() -> None:
    change = ledger({"a": {"mark2": 1}}).plan("a", {"mark2": 2})

    with pytest.raises(PreviewOutdated):
        ledger({"a": {"mark2": 3}}).replay([change])


def test_replay_of_a_new_row_that_somebody_has_made_is_refused() -> None:
    change = ledger().plan("a", {"mark2": 2})

    with pytest.raises(PreviewOutdated):
        ledger({"a": {"mark2": 2}}).replay([change])


def test_undoing_a_row_that_has_changed_since_is_blocked() -> None:
    change = ledger().plan("a", {"mark2": 2})

    assert ledger({"a": {"mark2": 3}}).rewind([change])[2] == {"a"}
    assert ledger().rewind([change])[2] == {"a"}
