from typing import Any

from roadmaps.versions import CellChange, ChangeKind, Item, ItemChange, compare


def item(**fields: Any) -> Item:
    defaults: dict[str, Any] = {"number": "1.1", "title": "Закрепить наставников", "cells": {"Срок": "15.03.2026"}}
    return Item(**{**defaults, **fields})


def test_compare_of_equal_versions_is_empty() -> None:
    assert compare({"a": item()}, {"a": item()}) == []


def test_compare_names_changed_cells_old_and_new() -> None:
    assert compare({"a": item()}, {"a": item(cells={"Срок": "20.05.2026"})}) == [
        ItemChange(
            kind=ChangeKind.CHANGED,
            number="1.1",
            title="Закрепить наставников",
            cells=[CellChange(column="Срок", was="15.03.2026", now="20.05.2026")],
        ),
    ]


def test_compare_names_added_measures() -> None:
    [change] = compare({}, {"b": item(number="1.2", title="Новое")})

    assert change == ItemChange(kind=ChangeKind.ADDED, number="1.2", title="Новое")


def test_compare_names_excluded_measures_with_reason() -> None:
    [change] = compare({"a": item()}, {"a": item(excluded_because="Сделано раньше")})

    assert (change.kind, change.reason) == (ChangeKind.EXCLUDED, "Сделано раньше")


def test_compare_names_measures_that_are_gone() -> None:
    [change] = compare({"a": item()}, {})

    assert change.kind == ChangeKind.EXCLUDED


def test_compare_takes_a_measure_back_as_added() -> None:
    [change] = compare({"a": item(excluded_because="Нет средств")}, {"a": item()})

    assert change.kind == ChangeKind.ADDED


def test_compare_ignores_what_was_excluded_in_both_or_never_in_the_plan() -> None:
    out = item(excluded_because="Нет средств")

    assert compare({"a": out, "c": out}, {"a": out, "b": out}) == []


def test_compare_ignores_a_new_number_alone() -> None:
    assert compare({"a": item()}, {"a": item(number="1.3")}) == []
