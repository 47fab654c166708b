"""Imports: files given back, their problems as workbooks, templates to fill in."""

import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from accounts.access import access
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, attachment
from accounts.permissions import Permission
from jobs.files import KEPT_WORDS, kept_file
from jobs.models import Job
from schools.choices import BatchState
from schools.importing.all_problems import shown_problems
from schools.importing.annotation import marked_workbook
from schools.importing.batch_pages import file_card
from schools.importing.batch_template import MadeByJob, batch_templates
from schools.importing.downloads import import_schools_of, problems_workbook
from schools.importing.prepared import (
    KINDS,
    marked_name,
    may_take,
    one_file,
    queue_batch_template,
    queue_marked,
)
from schools.intake.templates_out import registry_template, results_template
from schools.models import ImportFile
from schools.views.imports import visible_batch

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def visible_file(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> ImportFile:
    return get_object_or_404(ImportFile.objects.visible_to(request.user).for_page(), pk=pk)


@require_GET
@access(Permission.VIEW_IMPORTS)
def file_content(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> FileResponse | HttpResponseRedirect:
    """Give back the file as it was uploaded; when the storage has lost it, lead to its batch and say so."""
    file = visible_file(request, pk)
    if not file.content:
        raise Http404
    try:
        content = file.content.open("rb")
    except FileNotFoundError:
        return lost(request, file)
    return FileResponse(content, as_attachment=True, filename=file.name)


@require_GET
@access(Permission.VIEW_IMPORTS)
def file_marked(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give back the file with its problems marked in it and the cells that were put right on the page."""
    file = visible_file(request, pk)
    card = file_card(file)
    if not card.has_marks:
        raise Http404
    if card.is_marked_by_job:
        messages.error(request, f"Файл «{file.name}» большой: нажмите «Подготовить файл с пометками».")
        return redirect(file.batch)
    try:
        with file.content.open("rb") as content:
            data = content.read()
    except FileNotFoundError:
        return lost(request, file)
    return workbook(marked_workbook(data, shown_problems(file), file.corrections), marked_name(file))


@require_POST
@access(Permission.VIEW_IMPORTS)
def prepare_marked(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a big file marked by a job; the job gives the workbook."""
    file = visible_file(request, pk)
    if not file_card(file).has_marks:
        raise Http404
    return redirect(queue_marked(file, by=request.user))


@require_GET
@access(Permission.VIEW_SCHOOLS)
def prepared(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> FileResponse | HttpResponseRedirect:
    """Give the workbook that a job has made for this very person, while the person sees what it is about."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind__in=KINDS)
    if not may_take(job, request.user):
        raise Http404
    file = kept_file(job)
    if file is None:
        messages.error(request, f"Файла уже нет. {KEPT_WORDS} Подготовьте его заново.")
        return redirect(job)
    record(AuditCode.REPORT_DOWNLOADED, actor=request.user, obj=job, workbook=job.kind)
    return FileResponse(file, as_attachment=True, filename=job.result["file_name"])


def lost(request: AuthenticatedHttpRequest, file: ImportFile) -> HttpResponseRedirect:
    messages.error(request, f"Файл «{file.name}» не найден в хранилище портала. Сообщите администратору портала.")
    return redirect(file.batch)


@require_GET
@access(Permission.VIEW_IMPORTS)
def batch_problems(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = visible_batch(request, pk)
    return workbook(problems_workbook(batch), "Замечания к загрузке.xlsx")


@require_GET
@access(Permission.VIEW_IMPORTS)
def batch_template(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give an applied batch as filled templates: one workbook, or a ZIP of results and registry."""
    batch = visible_batch(request, pk)
    if batch.state != BatchState.APPLIED:
        messages.error(request, "Шаблон составляется по применённой загрузке. Примените её и скачайте шаблон.")
        return redirect(batch)
    try:
        name, data = one_file(batch_templates(batch))
    except MadeByJob as refusal:
        messages.info(request, refusal.text)
        return redirect(f"{batch.get_absolute_url()}?prepare=template")
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect(batch)
    return workbook(data, name, content_type="application/zip" if name.endswith(".zip") else XLSX)


@require_POST
@access(Permission.VIEW_IMPORTS)
def prepare_batch_template(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have the templates of a big batch made by a job."""
    batch = visible_batch(request, pk)
    if batch.state == BatchState.APPLIED:
        return redirect(queue_batch_template(batch, by=request.user))
    messages.error(request, "Шаблон составляется по применённой загрузке. Примените её и подготовьте шаблон.")
    return redirect(batch)


@require_GET
@access(Permission.IMPORT_RESULTS)
def template_results(request: AuthenticatedHttpRequest) -> HttpResponse:
    return workbook(results_template(import_schools_of(request.user)), "Шаблон результатов.xlsx")


@require_GET
@access(Permission.IMPORT_RESULTS)
def template_registry(request: AuthenticatedHttpRequest) -> HttpResponse:  # noqa: ARG001  same for everyone
    return workbook(registry_template(), "Шаблон реестра школ.xlsx")


def workbook(data: bytes, name: str, *, content_type: str = XLSX) -> HttpResponse:
    return HttpResponse(data, content_type=content_type, headers=attachment(name))
