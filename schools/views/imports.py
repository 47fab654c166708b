"""Imports: upload files, look at what they would change, apply, undo."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, typed
from accounts.permissions import Permission
from jobs import actions as job_actions
from jobs.models import Job
from schools.actions.import_apply import reject_batch
from schools.actions.import_review import explain_if_needed
from schools.actions.imports import receive
from schools.choices import BatchState
from schools.filters import BatchFilter
from schools.forms_imports import UploadForm
from schools.importing import job_runs
from schools.importing.batch_pages import batch_lines, batch_page, file_steps
from schools.importing.reach import may_write, require_writer
from schools.importing.undo_preview import undo_preview, undo_waits_for
from schools.models import ImportBatch

PAGE_SIZE = 20


@require_safe
@access(Permission.VIEW_IMPORTS)
def batch_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    return show_list(request, UploadForm(user=request.user))


def show_list(request: AuthenticatedHttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    batches = ImportBatch.objects.visible_to(request.user).for_page()
    batch_filter = BatchFilter(request.GET, queryset=batches.newest_first())
    page = Paginator(batch_filter.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": batch_lines(list(page)),
        "filter": batch_filter,
        "form": form,
        "may_import": request.user.may(Permission.IMPORT_RESULTS),
    }
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
    return show_batch(request, visible_batch(request, pk))


def show_batch(
    request: AuthenticatedHttpRequest,
    batch: ImportBatch,
    *,
    refusal: str = "",
    explanation: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show a batch. refusal: why its explanation was not taken; explanation: what was typed there."""
    page = batch_page(batch, request.user, request.GET)
    job = last_job(batch)
    may_import = may_write(request.user, batch)
    context = {
        "batch": batch,
        "job": job,
        "page_of_batch": page,
        "page": page.rows_page,
        "may_import": may_import,
        "later": undo_waits_for(batch, request.user, page.writing) if may_import else [],
        "refusal": refusal,
        "explanation": explanation,
        "steps": file_steps(page.files, job) if job else [],
    }
    return render(request, "imports/batch_detail.html", context, status=status)


def visible_batch(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).for_page(), pk=pk)


def own_batch(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> ImportBatch:
    """Return a batch that the person may change: 404 for a foreign one, 403 for one only to look at."""
    batch = visible_batch(request, pk)
    require_writer(request.user, batch)
    return batch


def last_job(batch: ImportBatch) -> Job | None:
    return Job.objects.of_kinds(*job_runs.KINDS).about("batch", batch.pk).newest_first().first()


# Work in the background


@require_GET
@access(Permission.VIEW_IMPORTS)
def batch_progress(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer the page that waits: how far the job is, or that the page should show what has come of it."""
    batch = visible_batch(request, pk)
    job = last_job(batch)
    if job and job.is_overdue(timezone.now()):
        job_actions.nudge(job=job)
        job.refresh_from_db()
    if job is None or not job.is_active:
        return HttpResponse(headers={"HX-Refresh": "true"})
    files = list(batch.files.only("name", "state", "batch"))
    context = {"batch": batch, "job": job, "steps": file_steps(files, job)}
    return render(request, "imports/_batch_progress.html", context)


@require_POST
@access(Permission.IMPORT_RESULTS)
def batch_cancel(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop the job that the person has asked for; the files stay and can be checked later."""
    batch = own_batch(request, pk)
    job = last_job(batch)
    try:
        if job and job.requested_by_id == request.user.pk:
            job_actions.cancel(job=job, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return redirect(batch)


@require_POST
@access(Permission.IMPORT_RESULTS)
def batch_check(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a batch checked again: its job was lost or cancelled, or a school has been added since."""
    batch = own_batch(request, pk)
    state = BatchState.CHECKED if batch.state == BatchState.CHECKED else BatchState.CHECKING
    return queued(request, batch, job_runs.CHECK, state)


@require_POST
@access(Permission.IMPORT_RESULTS)
def batch_apply(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a batch applied; jumps against last year are explained in the same form."""
    batch = own_batch(request, pk)
    text = typed(request, "explanation")
    try:
        if batch.state == BatchState.CHECKED:
            batch = explain_if_needed(batch=batch, text=text, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        return show_batch(request, batch, refusal=refusal.text, explanation=text, status=400)
    only_good = request.POST.get("only_good") == "1"
    return queued(request, batch, job_runs.APPLY, BatchState.CHECKED, only_good=only_good)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.IMPORT_RESULTS)
def batch_undo(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tell what undoing would change and what stands in its way; then have it done."""
    batch = own_batch(request, pk)
    if request.method == "POST":
        return queued(request, batch, job_runs.UNDO, BatchState.APPLIED)
    if batch.state != BatchState.APPLIED:
        return redirect(batch)
    return render(request, "imports/batch_undo.html", {"batch": batch, "preview": undo_preview(batch, request.user)})


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
