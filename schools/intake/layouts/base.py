"""What a layout is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from schools.intake.cells import Book, Sheet
from schools.intake.headers import Column, best_row
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile

RECOGNISED_FROM: Final = 0.6  # share of the required titles; the rest is named in the refusal


@dataclass(frozen=True, kw_only=True)
class Layout:
    """affinity: 0 … 1, how much a book looks like this layout; 1 is this one. parse may raise LayoutRefusal.

    keeps_bytes: False where a file tells of single persons: only what `parse` gives is stored, never the file.
    signs: words of its cells in lower case by which such a file is suspected before it is read (`intake.peek`).
    """

    code: str
    title: str
    hint: str  # by which cells a person knows it
    affinity: Callable[[Book], float]
    parse: Callable[[Book], ParsedFile]
    keeps_bytes: bool = True
    signs: tuple[str, ...] = ()


def header_affinity(sheet: Sheet, columns: Sequence[Column]) -> float:
    """Return the share of required titles that stand in one row near the top."""
    best = best_row(sheet, columns)
    required = [column.key for column in columns if column.is_required]
    return sum(key in best[1] for key in required) / len(required) if best else 0.0


def table_affinity(book: Book, name: str, columns: Sequence[Column]) -> float:
    """Return how much the best visible sheet has the header; one with our name that lost it is still told as ours."""
    best = max((header_affinity(sheet, columns) for sheet in book.visible), default=0.0)
    named = book.sheet(name)
    return max(best, RECOGNISED_FROM if named and named.rows and not named.is_hidden else 0.0)


def own_sheet(
    book: Book,
    name: str,
    columns: Sequence[Column],
    way_out: str = "Скачайте шаблон портала.",
) -> Sheet:
    """Return the sheet that our template names, else the one whose header fits best. Raises LayoutRefusal."""
    named = book.sheet(name)
    found = named if named and not named.is_hidden else most_alike(book, columns)
    if found is None:
        raise LayoutRefusal(Code.NO_DATA, f"В книге нет листа «{name}».", action=way_out)
    return found


def most_alike(book: Book, columns: Sequence[Column]) -> Sheet | None:
    """Return the visible sheet whose header fits best."""
    return max(book.visible, key=lambda sheet: header_affinity(sheet, columns), default=None)
