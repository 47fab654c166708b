"""Imports: what a person does with a checked batch before applying it.

Puts cells right, says which school is meant, explains warnings. What changes the rows is followed by a new check; the
caller has it done, by a job or at once.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.permissions import Permission
from schools.access import require
from schools.choices import BatchState
from schools.importing.corrections import Correction, corrected, is_correctable, number_of
from schools.importing.errors import CorrectionRefused, ExplanationNeeded, NotInQueue
from schools.importing.left_out import number_left_out, with_row
from schools.importing.problem_groups import needs_explanation
from schools.importing.reach import require_writer
from schools.importing.states import locked, refuse_unless
from schools.importing.unmatched import QueuedSchool, queue_of, reachable
from schools.models import ImportBatch, ImportFile, School, SchoolAlias

SHORTEST_EXPLANATION: Final = 10


@transaction.atomic
def correct_cells(*, file: ImportFile, given: Iterable[Correction], by: User) -> ImportFile:
    """Keep values of single cells that the file should have; an empty value takes a correction back.

    Raises CorrectionRefused, WrongBatchState, PermissionDenied. The batch must be checked anew then.
    """
    require(by, Permission.IMPORT_RESULTS, file.batch.territory)
    batch = locked(file.batch)
    refuse_unless(batch, BatchState.CHECKED)
    file = ImportFile.objects.select_for_update().get(pk=file.pk)
    if not is_correctable(file):
        raise CorrectionRefused("Портал не хранит этот файл. Исправьте его у себя и загрузите заново.")
    before = number_of(file.corrections)
    file.corrections = corrected(file.corrections, given)
    file.save(update_fields=["corrections"])
    record(AuditCode.IMPORT_CORRECTED, actor=by, obj=file, before=before, cells=number_of(file.corrections))
    return file


@transaction.atomic
def leave_out(*, file: ImportFile, sheet: str, row: int | None, by: User) -> ImportFile:
    """Leave a row out of the batch, or take all rows of the file back when row is None.

    Raises WrongBatchState, PermissionDenied. The batch must be checked anew then.
    """
    require(by, Permission.IMPORT_RESULTS, file.batch.territory)
    refuse_unless(locked(file.batch), BatchState.CHECKED)
    file = ImportFile.objects.select_for_update().get(pk=file.pk)
    left = {} if row is None else with_row(file.meta.get("left_out", {}), sheet, row)
    file.meta["left_out"] = left
    file.save(update_fields=["meta"])
    record(AuditCode.IMPORT_CORRECTED, actor=by, obj=file, left_out=number_left_out(left))
    return file


@transaction.atomic
def confirm_school(*, batch: ImportBatch, key: str, school: School, by: User, at: datetime) -> SchoolAlias | None:
    """Remember which school the files mean by a spelling. The batch must be checked anew then.

    A name that several schools bear is answered for the files of this batch alone: None is returned.

    Raises NotInQueue (also for a school out of the person's reach), WrongBatchState, PermissionDenied.
    """
    queued = queued_school(batch, key, by=by)
    if not reachable(batch, by).filter(pk=school.pk).exists():
        raise NotInQueue("Такой школы среди ваших школ нет. Выберите школу из предложенных или найдите её по названию.")
    if queued.is_of_one_batch:
        confirm_once(batch, queued, school)
        record(AuditCode.SCHOOL_NAME_CONFIRMED, actor=by, obj=school, spelling=queued.key, batch=str(batch.pk))
        return None
    SchoolAlias.objects.visible_to(by).filter(normalised_name=queued.key).exclude(school=school).delete()
    alias, _ = SchoolAlias.objects.update_or_create(
        school=school,
        normalised_name=queued.key,
        defaults={"confirmed_by": by, "confirmed_at": at},
    )
    record(AuditCode.SCHOOL_NAME_CONFIRMED, actor=by, obj=school, spelling=queued.key, batch=str(batch.pk))
    return alias


def confirm_once(batch: ImportBatch, queued: QueuedSchool, school: School) -> None:
    for file in batch.files.select_for_update():
        if any(one.key == queued.key for one in queue_of([file])):
            file.meta["confirmed"] = {**file.meta.get("confirmed", {}), queued.key: str(school.pk)}
            file.save(update_fields=["meta"])


@transaction.atomic
def mark_absent(*, batch: ImportBatch, key: str, by: User) -> None:
    """Note that the registry has no such school: its rows stay refused, the queue asks no more."""
    queued = queued_school(batch, key, by=by)
    for file in batch.files.select_for_update():
        if any(one.key == key for one in queue_of([file])):
            file.meta["absent"] = sorted({*file.meta.get("absent", []), key})
            file.save(update_fields=["meta"])
    record(AuditCode.SCHOOL_NAME_CONFIRMED, actor=by, obj=batch, spelling=queued.key, school=None)


def queued_school(batch: ImportBatch, key: str, *, by: User) -> QueuedSchool:
    """Return the line of the queue with this key; the batch is locked and waits for a decision."""
    require(by, Permission.IMPORT_RESULTS, batch.territory)
    refuse_unless(locked(batch), BatchState.CHECKED)
    found = next((queued for queued in queue_of(batch.files.all()) if queued.key == key), None)
    if found is None:
        raise NotInQueue("Эта школа уже сопоставлена или её строк больше нет. Обновите страницу.")
    return found


@transaction.atomic
def forget_alias(*, alias: SchoolAlias, by: User) -> None:
    """Let a remembered spelling go; what was loaded by it stays."""
    require(by, Permission.IMPORT_RESULTS, alias.school)
    record(AuditCode.SCHOOL_NAME_FORGOTTEN, actor=by, obj=alias.school, spelling=alias.normalised_name)
    alias.delete()


@transaction.atomic
def explain(*, batch: ImportBatch, text: str, by: User, at: datetime) -> ImportBatch:
    """Keep why the warnings of a batch are right, so that it may be applied.

    Raises ExplanationNeeded, WrongBatchState, PermissionDenied.
    """
    require_writer(by, batch)
    batch = locked(batch)
    refuse_unless(batch, BatchState.APPLIED)
    words = " ".join(text.split())
    if len(words) < SHORTEST_EXPLANATION:
        raise ExplanationNeeded(
            f"Поясните резкие изменения: напишите, почему значения верны, не короче {SHORTEST_EXPLANATION} знаков.",
        )
    batch.explanation, batch.explained_by, batch.explained_at = words, by, at
    batch.save(update_fields=["explanation", "explained_by", "explained_at"])
    record(AuditCode.IMPORT_EXPLAINED, actor=by, obj=batch)
    return batch


def explain_if_needed(*, batch: ImportBatch, text: str, by: User, at: datetime) -> ImportBatch:
    """Explain a batch whose warnings ask for it, as commands do; leave any other as it is."""
    if not needs_explanation(batch.files.only("meta", "batch")):
        return batch
    return explain(batch=batch, text=text, by=by, at=at)
