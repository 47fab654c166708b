"""Background work of the app: checking and applying of the forms that schools hand in. Parameters: id of the form."""

from collections.abc import Mapping
from typing import Final

from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from jobs.actions import enqueue
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobFailed, JobResult, job_kind
from riskprofiles.models import SchoolForm
from schools.actions.import_apply import apply_batch
from schools.actions.imports import parse_batch, store_check
from schools.importing.errors import DataChanged
from schools.importing.job_runs import person_of
from schools.importing.templates import keys_of
from schools.intake.refusals import Code, Refusal
from schools.intake.rows import ParsedFile
from schools.intake.template_meta import FORM_TITLES, TemplateMeta

CHECK: Final = "school_forms.check"
APPLY: Final = "school_forms.apply"
KINDS: Final = (CHECK, APPLY)


def queue(kind: str, form: SchoolForm, *, by: User, only_good: bool = False) -> Job:
    """Ask for a job on the latest file of a form; a second click gives the same job."""
    params = {"form": str(form.pk), "batch": str(form.batch_id), "only_good": only_good}
    return enqueue(kind=kind, params=params, by=by, dedupe=f"{kind} {form.batch_id}")


def last_job(form: SchoolForm) -> Job | None:
    """Return the latest job on the latest file of a form."""
    jobs = Job.objects.filter(kind__in=KINDS, parameters__batch=str(form.batch_id))
    return jobs.newest_first().first()


def form_of(job: Job) -> SchoolForm:
    forms = SchoolForm.objects.select_related("school__territory__parent", "batch__territory__parent", "batch__school")
    return forms.get(pk=job.parameters["form"], batch=job.parameters["batch"])


@job_kind(CHECK, title="Проверка формы школы", permission=Permission.UPLOAD_OWN_DATA)
def run_check(job: Job, progress: Progress) -> JobResult:
    form = form_of(job)
    progress.step(f"Читаем форму {form.form}")
    answers = checked_answers(form)
    progress.step("Сравниваем с данными портала")
    with progress.finishing() as result:
        store_check(batch=form.batch, answers=answers, at=timezone.now())
        result["url"] = form.get_absolute_url()
    return None


def checked_answers(form: SchoolForm) -> dict[object, ParsedFile | Refusal]:
    """Return what the file says, or why it is not the form that was asked for."""
    answers = parse_batch(form.batch)
    return {
        pk: answer if is_other_refusal(answer) else other_form(form, answer.meta) or answer
        for pk, answer in answers.items()
    }


def is_other_refusal(answer: ParsedFile | Refusal) -> bool:
    """Answer whether a file is refused for another reason than being blank: a blank one may also be another form."""
    return isinstance(answer, Refusal) and answer.code != Code.NO_ROWS


def other_form(form: SchoolForm, meta: Mapping[str, str]) -> Refusal | None:
    """Return the refusal of another form, or of the same one for another year; None for the right one.

    meta: what the hidden sheet said.
    """
    code, period = meta.get("form", ""), meta.get("period", "")
    if (code, period) == (form.form, str(form.year)):
        return None
    right = TemplateMeta(form=form.form, version=1, period=str(form.year), **keys_of(form.school))
    return Refusal(
        Code.OTHER_TEMPLATE,
        "Загружена другая форма." if code != form.form else "Загружена форма за другой год.",
        found=f"{FORM_TITLES.get(code, code)}, {period} год",
        expected=f"{FORM_TITLES[form.form]}, {form.year} год",
        action=f"Скачайте нужную форму: {right.path}.",
    )


@job_kind(APPLY, title="Запись формы школы", permission=Permission.UPLOAD_OWN_DATA)
def run_apply(job: Job, progress: Progress) -> JobResult:
    """Apply the file; when the data have changed since its check, check it again and say so."""
    form, by = form_of(job), person_of(job)
    progress.step("Записываем форму")
    try:
        with progress.finishing() as result:
            apply_batch(batch=form.batch, by=by, at=timezone.now(), only_good=bool(job.parameters.get("only_good")))
            result["url"] = form.get_absolute_url()
    except DataChanged as refusal:
        store_check(batch=form.batch, answers=checked_answers(form), at=timezone.now())
        raise JobFailed(f"{refusal.text} Проверка уже выполнена заново.", code="data_changed") from None
    return None
