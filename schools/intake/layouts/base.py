"""What a layout is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schools.intake.cells import Book, Sheet
from schools.intake.headers import Column, best_row
from schools.intake.rows import ParsedFile


@dataclass(frozen=True, kw_only=True)
class Layout:
    """affinity: 0 … 1, how much a book looks like this layout; 1 is this one. parse may raise LayoutRefusal."""

    code: str
    title: str
    hint: str  # by which cells a person knows it
    affinity: Callable[[Book], float]
    parse: Callable[[Book], ParsedFile]


def header_affinity(sheet: Sheet, columns: Sequence[Column]) -> float:
    """Return the share of required titles that stand in one row near the top."""
    best = best_row(sheet, columns)
    required = [column.key for column in columns if column.is_required]
    return sum(key in best[1] for key in required) / len(required) if best else 0.0


def most_alike(book: Book, columns: Sequence[Column]) -> Sheet | None:
    """Return the visible sheet whose header fits best."""
    return max(book.visible, key=lambda sheet: header_affinity(sheet, columns), default=None)
