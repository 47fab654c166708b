"""The tables that imports write. One target is one table: it plans rows of files, writes them, takes them back.

An app registers its own in a module `import_targets.py`, found when Django starts; `ImportRow.target` has the code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from accounts.models import User
from schools.choices import RowOutcome
from schools.importing.ground import FilePlan, Ground
from schools.intake.rows import ParsedFile
from schools.models import ImportBatch, ImportRow


@dataclass(frozen=True, kw_only=True)
class RowWords:
    """A planned row for the page. about: «ВПР 2026, Математика, 4 класс»; titles: field -> Russian, in order.

    spelled: field -> code -> what a person reads instead of it.
    """

    about: str
    titles: Mapping[str, str]
    spelled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Target(Protocol):
    """One table that files fill. Targets are planned and written by `order`, taken back in the opposite one."""

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def order(self) -> int: ...

    def rows_of(self, parsed: ParsedFile) -> Sequence[object]:
        """Return the rows of a file that are about this table."""

    def plan(self, ground: Ground, plans: Sequence[FilePlan]) -> Iterator[None]:
        """Add the planned rows and the problems of the files to their plans, of some schools after others.

        It stops after each portion, and the rows are taken away before the next: a region is never in memory as a
        whole. All rows under one key are in one portion.
        """

    def write(self, batch: ImportBatch, *, by: User, at: datetime) -> None:
        """Carry the planned rows out. Raises PreviewOutdated when something has changed since."""

    def undo(self, batch: ImportBatch, *, by: User, at: datetime) -> None:
        """Put back what stood before. Raises NewerDataStands, naming what stands there now."""

    def words(self, row: ImportRow) -> RowWords:
        """Return what a row is about and the titles of its fields."""


REGISTERED: dict[str, Target] = {}


def register(target: Target) -> None:
    """Make a table known to imports. Raises ValueError for a code that is taken."""
    if REGISTERED.setdefault(target.code, target) is not target:
        raise ValueError(f"import target {target.code} is registered twice")


def targets() -> tuple[Target, ...]:
    """Return the registered targets in the order of writing."""
    return tuple(sorted(REGISTERED.values(), key=lambda target: (target.order, target.code)))


def target_of(code: str) -> Target:
    """Return a target. Raises KeyError naming the known codes."""
    if code not in REGISTERED:
        raise KeyError(f"no import target {code!r}, there are: {', '.join(sorted(REGISTERED))}")
    return REGISTERED[code]


def targets_in(batch: ImportBatch) -> list[Target]:
    """Return the targets that accepted rows of a batch are for, in the order of writing. One query."""
    codes = set(accepted_rows(batch).order_by().values_list("target", flat=True).distinct())
    return [target for target in targets() if target.code in codes]


def accepted_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return the rows that are not refused, in the order of the plan."""
    return ImportRow.objects.filter(file__batch=batch).exclude(outcome=RowOutcome.REJECTED).order_by("pk")


def rows_for(batch: ImportBatch, code: str) -> QuerySet[ImportRow]:
    """Return the accepted rows of one target, in the order of the plan."""
    return accepted_rows(batch).filter(target=code)
