"""The self-diagnosis as a file: received and compared, then applied to the draft it was compared with, or put aside."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from riskprofiles.actions.diagnosis import answer_of, cleaned_value, open_diagnosis, touch, write_answers
from riskprofiles.answers import Field
from riskprofiles.choices import DiagnosisSource, DiagnosisState, UploadState
from riskprofiles.errors import DraftMovedOn, FormRefused, UploadClosed
from riskprofiles.models import ProfileFactor, RiskProfile, SelfDiagnosisUpload
from riskprofiles.workbook import (
    Change,
    FormKey,
    FormRow,
    ReadForm,
    ReadRow,
    WrongForm,
    build_form,
    changes,
    read_form,
)
from schools.intake.cells import Book

NAME_CHARS: Final = 255


def key_of(profile: RiskProfile) -> FormKey:
    return FormKey(
        inn=profile.school.inn,
        school=profile.school.name,
        year=profile.year,
        catalogue=profile.catalogue.code,
        school_id=str(profile.school_id),
    )


def form_rows(factors: Sequence[ProfileFactor]) -> list[FormRow]:
    return [FormRow(code=factor.code, answer=answer_of(factor)) for factor in factors]


def form_book(profile: RiskProfile) -> bytes:
    """Return the form of a profile as an XLSX book, filled with the draft."""
    rows = form_rows(list(profile.factors.in_order()))
    return build_form(key_of(profile), rows)


@transaction.atomic
def receive_upload(
    *,
    profile: RiskProfile,
    name: str,
    data: bytes,
    book: Book,
    by: User,
    at: datetime,
) -> SelfDiagnosisUpload:
    """Store what a filled form says; the draft stays as it is until `apply_upload`.

    book: the cells of `data`, as `schools.intake.reader.read_workbook` gives them.
    Raises FormRefused when it is the form of another school, year or version; DiagnosisClosed.
    """
    diagnosis = open_diagnosis(profile)
    try:
        form = read_form(book, key_of(profile))
    except WrongForm as fault:
        raise FormRefused(str(fault)) from fault
    diagnosis.uploads.waiting().update(state=UploadState.DISCARDED)
    upload = diagnosis.uploads.create(
        file_name=name[:NAME_CHARS],
        file_sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        rows=stored_rows(form),
        problems=[asdict(problem) for problem in form.problems],
        uploaded_by=by,
        uploaded_at=at,
    )
    record(
        AuditCode.UPLOAD_RECEIVED,
        actor=by,
        obj=upload,
        sha256=upload.file_sha256,
        rows=len(form.rows),
        problems=len(form.problems),
    )
    return upload


def stored_rows(form: ReadForm) -> list[dict[str, Any]]:
    return [{**asdict(row), "values": {str(field): value for field, value in row.values.items()}} for row in form.rows]


def read_rows(upload: SelfDiagnosisUpload) -> list[ReadRow]:
    return [
        ReadRow(
            row=row["row"],
            code=row["code"],
            title=row["title"],
            values={Field(field): value for field, value in row["values"].items()},
        )
        for row in upload.rows
    ]


def upload_changes(upload: SelfDiagnosisUpload, factors: Sequence[ProfileFactor]) -> list[Change]:
    """Return what the file would change in the draft as it stands now."""
    return list(changes(read_rows(upload), form_rows(factors)))


@transaction.atomic
def apply_upload(*, upload: SelfDiagnosisUpload, seen_version: int, by: User, at: datetime) -> int:
    """Write the good rows into the draft and return how many answers changed.

    seen_version: version of the draft that the person compared with; a newer draft raises DraftMovedOn.
    Raises UploadClosed, DiagnosisClosed.
    """
    profile = upload.diagnosis.profile
    diagnosis = open_diagnosis(profile)
    current = diagnosis.uploads.select_for_update().get(pk=upload.pk)
    check_waiting(current)
    if diagnosis.version != seen_version:
        raise DraftMovedOn("Пока вы смотрели, в форму внесли изменения. Сравните файл с ней ещё раз.")
    found = upload_changes(current, list(profile.factors.in_order()))
    write_changes(profile, found)
    current.state, current.applied_at = UploadState.APPLIED, at
    current.save()
    diagnosis.state = DiagnosisState.UPLOADED
    diagnosis.file_name, diagnosis.file_sha256 = current.file_name, current.file_sha256
    touch(
        diagnosis,
        by=by,
        at=at,
        fields=sorted({str(change.field) for change in found}),
        source=DiagnosisSource.XLSX,
    )
    return len(found)


def check_waiting(upload: SelfDiagnosisUpload) -> None:
    if upload.state != UploadState.WAITING:
        raise UploadClosed(f"Этот файл уже в состоянии «{upload.get_state_display()}». Загрузите форму ещё раз.")


def write_changes(profile: RiskProfile, found: Sequence[Change]) -> None:
    """Write changes factor by factor; own risks that the form does not have are added."""
    factors = {factor.pk: factor for factor in profile.factors.all()}
    by_factor: dict[tuple[str, str], dict[Field, Any]] = {}
    for change in found:
        values = by_factor.setdefault((change.factor, change.title), {})
        values[change.field] = cleaned_value(change.field, change.new)
    for (factor_id, title), values in by_factor.items():
        factor = factors[UUID(factor_id)] if factor_id else new_own_factor(profile, title)
        write_answers(factor, values)


def new_own_factor(profile: RiskProfile, title: str) -> ProfileFactor:
    return ProfileFactor.objects.create(profile=profile, own_title=title[:250], school_relevant=True)


@transaction.atomic
def discard_upload(*, upload: SelfDiagnosisUpload, by: User) -> None:
    """Put a file aside; the draft stays as it is. Raises UploadClosed."""
    current = SelfDiagnosisUpload.objects.select_for_update().get(pk=upload.pk)
    check_waiting(current)
    current.state = UploadState.DISCARDED
    current.save()
    record(AuditCode.IMPORT_CANCELLED, actor=by, obj=current)
