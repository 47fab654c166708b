"""What changed between two versions of a roadmap, item by item. Pure: no Django.

Source: domain specification, 4.4 (revision: added, changed fields old -> new, excluded).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Key = TypeVar("Key")


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    EXCLUDED = "excluded"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A measure of a version. cells: title of a column -> its text, in the order of the columns."""

    number: str
    title: str
    cells: Mapping[str, str]
    excluded_because: str = ""  # "" while it is in the plan


@dataclass(frozen=True, kw_only=True)
class CellChange:
    column: str
    was: str
    now: str


@dataclass(frozen=True, kw_only=True)
class ItemChange:
    kind: ChangeKind
    number: str
    title: str
    cells: Sequence[CellChange] = ()
    reason: str = ""


def compare(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> list[ItemChange]:
    """Return the changes in the order of the new version, then what is no longer there.

    Keys are the stable ids of measures. A measure excluded before and after did not change.
    """
    changes = [change for key, item in after.items() if (change := item_change(before.get(key), item))]
    gone = [item for key, item in before.items() if key not in after and not item.excluded_because]
    return changes + [ItemChange(kind=ChangeKind.EXCLUDED, number=item.number, title=item.title) for item in gone]


def item_change(was: Item | None, now: Item) -> ItemChange | None:
    if was is None or (was.excluded_because and not now.excluded_because):
        return None if now.excluded_because else ItemChange(kind=ChangeKind.ADDED, number=now.number, title=now.title)
    if now.excluded_because:
        if was.excluded_because:
            return None
        return ItemChange(kind=ChangeKind.EXCLUDED, number=now.number, title=now.title, reason=now.excluded_because)
    cells = cell_changes(was.cells, now.cells)
    return ItemChange(kind=ChangeKind.CHANGED, number=now.number, title=now.title, cells=cells) if cells else None


def cell_changes(was: Mapping[str, str], now: Mapping[str, str]) -> list[CellChange]:
    return [
        CellChange(column=column, was=was.get(column, ""), now=text)
        for column, text in now.items()
        if was.get(column, "") != text
    ]
