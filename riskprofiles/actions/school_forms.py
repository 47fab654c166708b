"""Forms of a school as files: handed in, applied, given up by the school; accepted or returned by the methodist."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.permissions import Permission
from riskprofiles.choices import FORM_DECISIONS, WAITING_STATES, FormDecision, FormState, SchoolFormCode
from riskprofiles.errors import FormClosed, FormRefused, FormUndecided
from riskprofiles.models import SchoolForm
from schools.access import require
from schools.actions.import_apply import reject_batch
from schools.actions.imports import receive
from schools.choices import BatchState
from schools.importing.files import GivenFile
from schools.models import ImportBatch, School


@transaction.atomic
def hand_in_form(
    *,
    school: School,
    code: SchoolFormCode,
    year: int,
    file: GivenFile,
    by: User,
    at: datetime,
) -> SchoolForm:
    """Take a file of a form; the caller has its batch checked. A file that waited until now is given up.

    Raises FormClosed, FormRefused (the reason; nothing is kept), PermissionDenied.
    """
    require(by, Permission.UPLOAD_OWN_DATA, school)
    form = SchoolForm.objects.select_for_update(of=("self",)).filter(school=school, form=code, year=year).first()
    if form and form.state == FormState.ACCEPTED:
        raise FormClosed("Форма принята. Чтобы исправить её, попросите методиста вернуть форму с замечанием.")
    if form and form.batch.state in WAITING_STATES:
        reject_batch(batch=form.batch, by=by)
    batch = received(file, school, by=by, at=at)
    if form is None:
        form = SchoolForm(school=school, form=code, year=year)
    else:
        form.stood = form.standing
    form.batch, form.uploaded_by, form.uploaded_at = batch, by, at
    form.save()
    return form


def received(file: GivenFile, school: School, *, by: User, at: datetime) -> ImportBatch:
    batch = receive(files=[file], by=by, territory=school.territory, school=school, at=at)
    if batch.state == BatchState.REJECTED:
        raise FormRefused(" ".join(batch.files.order_by("pk").values_list("refusal", flat=True)))
    return batch


@transaction.atomic
def give_up_form(*, form: SchoolForm, by: User) -> None:
    """Leave a checked file unapplied; what stood in the portal stands. Raises WrongBatchState, PermissionDenied."""
    require(by, Permission.UPLOAD_OWN_DATA, form.school)
    reject_batch(batch=form.batch, by=by)


@transaction.atomic
def decide_on_form(*, form: SchoolForm, decision: FormDecision, remark: str = "", by: User, at: datetime) -> SchoolForm:
    """Accept a form or return it with a remark. Raises FormUndecided, PermissionDenied."""
    require(by, Permission.ACCEPT_SUBMISSION, form.school)
    form = SchoolForm.objects.select_for_update(of=("self",)).with_batches().get(pk=form.pk)
    if decision not in FORM_DECISIONS[form.state]:
        raise FormUndecided(
            f"Форма в состоянии «{form.state.label}»: решение сейчас не принимается. Обновите страницу."
        )
    if decision == FormDecision.RETURNED and not remark.strip():
        raise FormUndecided("Напишите, что исправить: без замечания школа не поймёт, почему форма вернулась.")
    form.decision, form.remark = decision, remark.strip() if decision == FormDecision.RETURNED else ""
    form.decided_by, form.decided_at = by, at
    form.save()
    code = AuditCode.FORM_ACCEPTED if decision == FormDecision.ACCEPTED else AuditCode.FORM_RETURNED
    record(code, actor=by, obj=form)
    return form
