"""Which rows of which files changed the results of schools between two moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.russian import short_date
from schools.choices import RowOutcome
from schools.lineage import Lineage
from schools.models import ImportRow
from schools.models.registry import SchoolQuerySet

TARGET: Final = "results"
RowKey = tuple[UUID, str, str, int, int]  # school, procedure, subject, grade, year


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The last change of a work in a period. is_undone: not a file brought it, but the undoing of its load."""

    file: str
    row: int
    by: str
    on: str
    is_undone: bool = False

    @property
    def words(self) -> str:
        """Return «файл vpr.xlsx, строка 12, Сергеева О. В., 12.10.2026»."""
        verb = "отменена загрузка файла" if self.is_undone else "файл"
        return f"{verb} {self.file}, строка {self.row}, {self.by}, {self.on}"


def corrections_between(
    schools: Sequence[UUID], begin: datetime, end: datetime, lineage: Lineage | None = None
) -> dict[RowKey, Correction]:
    """Return what changed the works of some schools between two moments, in either order. One query.

    lineage: a change of a former legal person is one of the school that it is now.
    """
    known = lineage or Lineage()
    first, last = sorted([begin, end])
    applied = Q(file__batch__applied_at__gt=first, file__batch__applied_at__lte=last)
    undone = Q(file__batch__undone_at__gt=first, file__batch__undone_at__lte=last)
    rows = changing_rows().filter(applied | undone, school__in=known.with_former(schools))
    found = rows.select_related("file__batch__applied_by", "file__batch__undone_by")
    by_time = found.order_by(F("file__batch__applied_at"), "pk")
    return {row_key(row, known): correction_of(row, last) for row in by_time}


def corrected_since(begin: datetime) -> QuerySet[ImportRow, UUID | None]:
    """Return the ids of the schools whose results loads have changed, or undone loads given back, since a moment."""
    since = Q(file__batch__applied_at__gt=begin) | Q(file__batch__undone_at__gt=begin)
    return changing_rows().filter(since, school__isnull=False).order_by().values_list("school", flat=True)


def changed_since(schools: SchoolQuerySet, begin: datetime, lineage: Lineage) -> SchoolQuerySet:
    """Return those of some schools whose results, or those of a former legal person, loads have changed since."""
    changed = Q(pk__in=corrected_since(begin))
    if lineage.heirs:
        former = corrected_since(begin).filter(school__in=list(lineage.heirs))
        changed |= Q(pk__in={lineage.heirs[person] for person in former if person})
    return schools.filter(changed)


def changing_rows() -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(target=TARGET).exclude(outcome__in=[RowOutcome.SAME, RowOutcome.REJECTED])


def row_key(row: Any, lineage: Lineage) -> RowKey:
    key = row.key
    return lineage.now(row.school_id), key["procedure"], key["subject"], key["grade"], key["year"]


def correction_of(row: ImportRow, until: datetime) -> Correction:
    batch = row.file.batch
    is_undone = batch.undone_at is not None and batch.undone_at <= until
    at, by = (batch.undone_at, batch.undone_by) if is_undone else (batch.applied_at, batch.applied_by)
    on = short_date(timezone.localtime(at)) if at else ""
    return Correction(file=row.file.name, row=row.number, by=str(by), on=on, is_undone=is_undone)
