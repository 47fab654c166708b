"""Imports: upload files, look at what they would change, apply, undo."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from accounts.pieces import Segment
from jobs.actions import nudge
from jobs.models import Job
from schools.access import may, require
from schools.actions.import_apply import reject_batch
from schools.actions.imports import receive
from schools.choices import BatchState, RowOutcome
from schools.forms_imports import UploadForm
from schools.importing import job_runs
from schools.importing.downloads import import_schools_of, problems_workbook
from schools.importing.preview import row_preview
from schools.importing.states import outcome_counts
from schools.intake.templates_out import registry_template, results_template
from schools.models import ImportBatch, ImportFile, ImportRow

PAGE_SIZE = 20
ROWS_ON_PAGE = 50
PROBLEMS_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OUTCOMES_SHOWN = (RowOutcome.CHANGED, RowOutcome.NEW, RowOutcome.SAME)


@require_safe
@access(Permission.VIEW_IMPORTS)
def batch_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    return show_list(request, UploadForm(user=request.user))


def show_list(request: AuthenticatedHttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    batches = ImportBatch.objects.visible_to(request.user).select_related("territory", "created_by").with_totals()
    page = Paginator(batches.newest_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    may_import = request.user.may(Permission.IMPORT_RESULTS)
    context = {"page": page, "form": form, "may_import": may_import}
    return render(request, "imports/batch_list.html", context, status=status)


@require_POST
@access(Permission.IMPORT_RESULTS)
def upload(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Store the files and have them checked by a job."""
    form = UploadForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return show_list(request, form, status=400)
    try:
        batch = receive(
            files=form.given_files(),
            by=request.user,
            territory=form.cleaned_data["territory"],
            at=timezone.now(),
        )
    except ActionRefused as refusal:
        form.add_error("files", refusal.text)
        return show_list(request, form, status=400)
    if batch.state == BatchState.CHECKING:
        job_runs.queue(job_runs.CHECK, batch, by=request.user)
    return redirect(batch)


@require_safe
@access(Permission.VIEW_IMPORTS)
def batch_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = visible_batch(request, pk)
    totals = outcome_counts(batch)
    shown = shown_outcome(request.GET.get("show"), totals)
    rows = ImportRow.objects.filter(file__batch=batch, outcome=shown).select_related("file", "school")
    page = Paginator(rows.order_by("file__name", "number", "pk"), ROWS_ON_PAGE).get_page(request.GET.get("page"))
    files = list(batch.files.order_by("name", "pk"))
    problems = [(file, problem) for file in files for problem in file.problems]
    context = {
        "batch": batch,
        "job": last_job(batch),
        "files": files,
        "totals": totals,
        "accepted": totals["new"] + totals["changed"] + totals["same"],
        "has_refused": bool(totals["rejected"]) or any(file.refusal for file in files),
        "segments": segments(totals, shown),
        "page": page,
        "rows": [row_preview(row) for row in page],
        "problems": problems[:PROBLEMS_SHOWN],
        "problems_total": len(problems),
        "may_import": may(request.user, Permission.IMPORT_RESULTS, batch.territory),
    }
    return render(request, "imports/batch_detail.html", context)


def visible_batch(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.user)
    return get_object_or_404(
        batches.select_related("territory__parent", "created_by", "applied_by", "undone_by"), pk=pk
    )


def last_job(batch: ImportBatch) -> Job | None:
    jobs = Job.objects.filter(kind__in=job_runs.KINDS, parameters__batch=str(batch.pk))
    return jobs.newest_first().first()


def shown_outcome(asked: str | None, totals: dict[str, int]) -> RowOutcome:
    """Return the kind of rows to show: the asked one, else the first that has any."""
    if asked in RowOutcome.values:
        return RowOutcome(asked)
    return next((outcome for outcome in OUTCOMES_SHOWN if totals[outcome.value]), RowOutcome.NEW)


def segments(totals: dict[str, int], shown: RowOutcome) -> list[Segment]:
    titles = {RowOutcome.CHANGED: "Изменятся", RowOutcome.NEW: "Новые", RowOutcome.SAME: "Без изменений"}
    return [
        Segment(
            title=titles[outcome],
            url=f"?show={outcome.value}",
            count=totals[outcome.value],
            current=outcome == shown,
        )
        for outcome in OUTCOMES_SHOWN
    ]


@require_GET
@access(Permission.VIEW_IMPORTS)
def batch_progress(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer the page that waits: how far the job is, or that the page should show what has come of it."""
    batch = visible_batch(request, pk)
    job = last_job(batch)
    if job and job.is_overdue(timezone.now()):
        nudge(job=job)
        job.refresh_from_db()
    if job is None or not job.is_active:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "imports/_batch_progress.html", {"batch": batch, "job": job})


@require_POST
@access(Permission.IMPORT_RESULTS)
def batch_apply(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = visible_batch(request, pk)
    require(request.user, Permission.IMPORT_RESULTS, batch.territory)
    only_good = request.POST.get("only_good") == "1"
    return queued(request, batch, job_runs.APPLY, BatchState.CHECKED, only_good=only_good)


@require_POST
@access(Permission.IMPORT_RESULTS)
def batch_undo(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = visible_batch(request, pk)
    require(request.user, Permission.IMPORT_RESULTS, batch.territory)
    return queued(request, batch, job_runs.UNDO, BatchState.APPLIED)


@require_POST
@access(Permission.IMPORT_RESULTS)
def batch_check(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a batch checked again: its job was lost or cancelled, or a school has been added since."""
    batch = visible_batch(request, pk)
    require(request.user, Permission.IMPORT_RESULTS, batch.territory)
    state = BatchState.CHECKED if batch.state == BatchState.CHECKED else BatchState.CHECKING
    return queued(request, batch, job_runs.CHECK, state)


def queued(
    request: AuthenticatedHttpRequest,
    batch: ImportBatch,
    kind: str,
    needed: BatchState,
    *,
    only_good: bool = False,
) -> HttpResponseRedirect:
    if batch.state == needed:
        job_runs.queue(kind, batch, by=request.user, only_good=only_good)
    else:
        state = BatchState(batch.state).label
        messages.error(request, f"Загрузка в состоянии «{state}», действие недоступно.")
    return redirect(batch)


@require_POST
@access(Permission.IMPORT_RESULTS)
def batch_reject(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = visible_batch(request, pk)
    try:
        reject_batch(batch=batch, by=request.user)
        messages.success(request, "Загрузка не применена. Её файлы можно загрузить заново.")
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return redirect(batch)


# Downloads


@require_GET
@access(Permission.VIEW_IMPORTS)
def file_content(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> FileResponse | HttpResponseRedirect:
    """Give back the file as it was uploaded; when the storage has lost it, lead to its batch and say so."""
    batches = ImportBatch.objects.visible_to(request.user)
    file = get_object_or_404(ImportFile.objects.filter(batch__in=batches), pk=pk)
    if not file.content:
        raise Http404
    try:
        content = file.content.open("rb")
    except FileNotFoundError:
        messages.error(request, f"Файл «{file.name}» не найден в хранилище портала. Сообщите администратору портала.")
        return redirect(file.batch)
    return FileResponse(content, as_attachment=True, filename=file.name)


@require_GET
@access(Permission.VIEW_IMPORTS)
def batch_problems(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = visible_batch(request, pk)
    return workbook(problems_workbook(batch), "Замечания к загрузке.xlsx")


@require_GET
@access(Permission.IMPORT_RESULTS)
def template_results(request: AuthenticatedHttpRequest) -> HttpResponse:
    return workbook(results_template(import_schools_of(request.user)), "Шаблон результатов.xlsx")


@require_GET
@access(Permission.IMPORT_RESULTS)
def template_registry(request: AuthenticatedHttpRequest) -> HttpResponse:  # noqa: ARG001  same for everyone
    return workbook(registry_template(), "Шаблон реестра школ.xlsx")


def workbook(data: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": disposition})
