"""What a registry file changes in the past of schools: a period from a day on, nothing silently overwritten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from schools.importing.ledger import PreviewOutdated, State
from schools.models import ImportBatch, ImportRow, School, SchoolPeriod

DATED: Final = ("name", "kind", "login", "gia_code", "territory")  # fields of a row of the registry


@dataclass(frozen=True, kw_only=True)
class Since:
    """From which day a row holds, and which file says so. day None: from the day of the import."""

    day: date | None
    file_id: UUID


def sinces_of(rows: Iterable[ImportRow]) -> dict[str, Since]:
    """Return ИНН -> since when; of two rows the later one."""
    return {row.key["inn"]: Since(day=day_of(row.key), file_id=row.file_id) for row in rows}


def day_of(key: Mapping[str, Any]) -> date | None:
    told = key.get("valid_from")
    return date.fromisoformat(told) if told else None


def is_turn(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Answer whether a row changes what was known; a code that was missing is only filled in, for the past too."""
    return any(before.get(name) and name in after and before[name] != after[name] for name in DATED)


def known_details(school: School) -> State:
    return {name: getattr(school, name) for name in DATED[:-1]} | {"territory": school.territory.code}


def open_periods(
    schools: Iterable[School],
    states: Mapping[str, State],
    sinces: Mapping[str, Since],
    *,
    by: User,
    at: datetime,
) -> None:
    """Open periods of known schools before their cards change. Two queries. Raises PreviewOutdated.

    A change on the very day on which the last period began corrects it.
    """
    turning = [school for school in schools if is_turn(known_details(school), states[school.inn])]
    starts, today = last_starts(turning), timezone.localdate(at)
    fresh = []
    for school in turning:
        since, last = sinces[school.inn], starts.get(school.inn)
        day = since.day or today
        if last and day < last:
            raise PreviewOutdated
        if day != last:
            written = {"file_id": since.file_id, "recorded_by": by, "recorded_at": at}
            fresh.append(SchoolPeriod.of(school, valid_from=day, **written))
    SchoolPeriod.objects.bulk_create(fresh, batch_size=500)


def last_starts(schools: Iterable[School]) -> dict[str, date | None]:
    """Return ИНН -> the first day of the last period, None for the start of the record. One query."""
    pairs = SchoolPeriod.objects.current().filter(school__in=list(schools))
    return dict(pairs.values_list("school__inn", "valid_from"))


def date_openings(schools: Iterable[School], sinces: Mapping[str, Since]) -> None:
    """Let new schools begin on the days that their rows tell; without one they are there from the start."""
    for school in schools:
        if day := sinces[school.inn].day:
            SchoolPeriod.objects.filter(school=school).update(valid_from=day)


def close_periods(batch: ImportBatch) -> None:
    """Take away the periods that a batch has opened; the cards are put back after it."""
    SchoolPeriod.objects.filter(file__batch=batch).delete()
