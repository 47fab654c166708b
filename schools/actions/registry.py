"""The registry of schools: a change from a day on, and what was before. Nothing is overwritten, periods are opened."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import short_date
from schools.access import require
from schools.actions.acts import register_act
from schools.choices import STATUS_TRANSITIONS, SchoolStatus
from schools.errors import ChangeRefused
from schools.models import LegalAct, School, SchoolPeriod, SchoolSuccession, Territory
from schools.models.periods import DATED_FIELDS

EARLIEST: Final = date(1990, 1, 1)  # an earlier year is a slip of the hand
COMPARED: Final = ("name", "login", "gia_code", "territory_id", "status")
DETAILS: Final = ("name", "full_name", "kind", "login", "gia_code")


@transaction.atomic
def change_school(
    *,
    school: School,
    changes: Mapping[str, Any],
    on: date,
    by: User,
    at: datetime,
    basis: LegalAct | None = None,
) -> School:
    """Give a school another name, kind or code from a day on; what was before stays in its history.

    changes: fields of DETAILS. basis: not necessarily stored yet. Raises ChangeRefused, PermissionDenied.
    """
    locked = lock(school, by)
    different = {name: value for name, value in changes.items() if getattr(locked, name) != value}
    if not different:
        raise ChangeRefused("Сведения не изменились. Измените хотя бы одно поле или вернитесь в карточку.")
    refuse_gone(locked)
    turn(locked, different, on=on, basis=basis, by=by, at=at)
    record(AuditCode.SCHOOL_CHANGED, actor=by, obj=locked, on=on.isoformat(), fields=sorted(different))
    return locked


@transaction.atomic
def record_former(
    *,
    school: School,
    former: Mapping[str, Any],
    until: date,
    by: User,
    at: datetime,
    basis: LegalAct | None = None,
) -> SchoolPeriod:
    """Write down what a school was called or coded before a day that lies before everything known of it.

    until: the first day of what is known. Raises ChangeRefused, PermissionDenied.
    """
    locked = lock(school, by)
    first, *later = SchoolPeriod.objects.filter(school=locked).oldest_first()
    if first.valid_from is not None:
        since = short_date(first.valid_from)
        raise ChangeRefused(f"Школа ведётся с {since}, раньше этой даты её не было.", field="on")
    refuse_day(until, at)
    if later and later[0].valid_from is not None and until >= later[0].valid_from:
        known = short_date(later[0].valid_from)
        raise ChangeRefused(f"С {known} уже записано другое изменение. Укажите дату раньше.", field="on")
    period = SchoolPeriod(school=locked)
    period.copy_from(first)
    for name, value in former.items():
        setattr(period, name, value)
    if not period.differs_from(first):
        raise ChangeRefused("Прежние сведения совпадают с нынешними. Измените хотя бы одно поле.")
    first.valid_from, first.basis = until, stored(basis, by)
    first.recorded_by, first.recorded_at = by, at
    first.save()
    period.save()
    record(AuditCode.SCHOOL_CHANGED, actor=by, obj=locked, until=until.isoformat(), fields=sorted(former))
    return period


@transaction.atomic
def set_status(
    *,
    school: School,
    status: SchoolStatus,
    on: date,
    by: User,
    at: datetime,
    basis: LegalAct | None = None,
) -> School:
    """Close, suspend or resume a school from a day on. Raises ChangeRefused, PermissionDenied."""
    locked = lock(school, by)
    move(locked, status, on=on, basis=basis, by=by, at=at)
    record(AuditCode.SCHOOL_CHANGED, actor=by, obj=locked, on=on.isoformat(), status=status.value)
    return locked


@transaction.atomic
def withdraw_change(*, school: School, by: User) -> School:
    """Take back the last change of a school, with the reorganisation that came with it; the card says what it said.

    Raises ChangeRefused, PermissionDenied.
    """
    locked = lock(school, by)
    *_, before, last = [None, *SchoolPeriod.objects.filter(school=locked).oldest_first()]
    if before is None or last is None or last.valid_from is None:
        raise ChangeRefused("У школы нет изменений, которые можно отменить.")
    if last.file_id:
        raise ChangeRefused("Это изменение пришло из файла реестра. Отмените ту загрузку в разделе «Загрузки».")
    SchoolSuccession.objects.filter(predecessor=locked, date=last.valid_from).delete()
    last.delete()
    changed = {name: getattr(before, name) for name in DATED_FIELDS}
    refuse_taken(locked, changed)
    write(locked, changed)
    record(AuditCode.SCHOOL_CHANGED, actor=by, obj=locked, withdrawn=True)
    return locked


# Pieces that reorganisations share


def lock(school: School, by: User) -> School:
    """Return the row as it is now, nobody else changes it until the end of the transaction."""
    require(by, Permission.MANAGE_SCHOOLS, school)
    return School.objects.select_for_update(of=("self",)).select_related("territory").get(pk=school.pk)


def move(
    school: School,
    status: SchoolStatus,
    *,
    on: date,
    basis: LegalAct | None,
    by: User,
    at: datetime,
) -> None:
    """Open a period with the next state. Raises ChangeRefused, naming what the table of states allows."""
    allowed = STATUS_TRANSITIONS[SchoolStatus(school.status)]
    if status not in allowed:
        ways = ", ".join(sorted(f"«{state.label}»" for state in allowed)) or "нет"
        raise ChangeRefused(
            f"{school}: состояние «{school.get_status_display()}», перевести в «{status.label}» нельзя. "
            f"Возможные состояния: {ways}.",
        )
    if status not in {SchoolStatus.ACTIVE, SchoolStatus.SUSPENDED}:
        refuse_branches(school)
    turn(school, {"status": status}, on=on, basis=basis, by=by, at=at)


def turn(
    school: School,
    changes: Mapping[str, Any],
    *,
    on: date,
    basis: LegalAct | None,
    by: User,
    at: datetime,
) -> None:
    """Open a period from a day on and let the card follow. Raises ChangeRefused."""
    refuse_day(on, at)
    last = SchoolPeriod.objects.filter(school=school).order_by(F("valid_from").desc(nulls_last=True))[0]
    if last.valid_from is not None and on <= last.valid_from:
        known = short_date(last.valid_from)
        raise ChangeRefused(
            f"{school}: с {known} уже записано другое изменение. Укажите дату позже {known} или отмените его.",
            field="on",
        )
    refuse_taken(school, changes)
    document = stored(basis, by)
    SchoolPeriod.of(school, valid_from=on, basis=document, recorded_by=by, recorded_at=at).save()
    write(school, changes)


def write(school: School, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(school, name, value)
    school.save()


def stored(basis: LegalAct | None, by: User) -> LegalAct | None:
    return register_act(act=basis, by=by) if basis else None


def refuse_day(day: date, at: datetime) -> None:
    """Raise ChangeRefused for a day that has not come or cannot be meant."""
    today = timezone.localdate(at)
    if day > today:
        raise ChangeRefused(
            f"Дата {short_date(day)} ещё не наступила. Внесите изменение в этот день или позже.",
            field="on",
        )
    if day < EARLIEST:
        raise ChangeRefused(f"Дата {short_date(day)} слишком давняя. Проверьте год.", field="on")


def refuse_gone(school: School) -> None:
    if not STATUS_TRANSITIONS[SchoolStatus(school.status)]:
        raise ChangeRefused(
            f"{school}: состояние «{school.get_status_display()}», сведения не меняются. "
            "Если состояние записано ошибочно, отмените последнее изменение.",
        )


def refuse_branches(school: School) -> None:
    """Raise ChangeRefused while a school has branches: they would be left without a head."""
    names = list(school.branches.living().order_by("name", "pk").values_list("name", flat=True)[:3])
    if names:
        raise ChangeRefused(
            f"У школы есть филиалы: {', '.join(names)}. Сначала закройте их или передайте другой школе."
        )


def refuse_taken(school: School, changes: Mapping[str, Any]) -> None:
    """Raise ChangeRefused when another living school has its name in the municipality, its login or code of ГИА."""
    after = {name: changes.get(name, getattr(school, name)) for name in COMPARED}
    if not STATUS_TRANSITIONS[SchoolStatus(after["status"])]:
        return
    others = School.objects.living().exclude(pk=school.pk)
    if others.filter(territory=after["territory_id"], name=after["name"]).exists():
        raise ChangeRefused(
            f"Школа с названием «{after['name']}» в муниципалитете уже есть. Проверьте название.",
            field="name",
        )
    if after["login"] and others.filter(login=after["login"]).exists():
        raise ChangeRefused(f"Логин {after['login']} уже записан за другой школой. Проверьте логин.", field="login")
    region = Territory.objects.filter(pk=after["territory_id"]).values("parent")
    if after["gia_code"] and others.filter(gia_code=after["gia_code"], territory__parent__in=region).exists():
        raise ChangeRefused(
            f"Код ГИА {after['gia_code']} уже записан за другой школой региона. Проверьте код.", field="gia_code"
        )
