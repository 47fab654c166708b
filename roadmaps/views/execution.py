"""The card of a measure: report, evidence, confirmation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from roadmaps.actions import reporting
from roadmaps.cells import CELLS
from roadmaps.choices import Confirmation, EvidenceKind
from roadmaps.forms import EvidenceForm, RemarkForm, ReportForm
from roadmaps.models import Measure
from roadmaps.permissions import can_confirm, can_report, require_confirming, require_reporting
from roadmaps.presentation import measure_events
from roadmaps.uploads import CONTENT_TYPES, check_evidence_size
from roadmaps.views.found import anyone, found_evidence, found_measure


@require_safe
@access(Permission.VIEW_ROADMAPS)
def measure_detail(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    return card(request, found_measure(request, pk, anyone))


def card(
    request: AuthenticatedHttpRequest,
    measure: Measure,
    *,
    form: ReportForm | None = None,
    evidence_form: EvidenceForm | None = None,
) -> HttpResponse:
    """Answer with the card; with a refused form 422."""
    context = {
        "measure": measure,
        "roadmap": measure.roadmap,
        "look": measure.look(timezone.localdate()),
        "facts": [(cell.title, cell.show(measure)) for cell in CELLS.values() if cell.name != "title"],
        "factors": list(measure.factors.all()),
        "evidence": list(measure.evidence.select_related("uploaded_by")),
        "events": measure_events(measure),
        "may_report": can_report(request.user, measure.roadmap) and not measure.is_excluded,
        "may_confirm": can_confirm(request.user, measure.roadmap) and measure.confirmation == Confirmation.SUBMITTED,
        "form": form or ReportForm(initial=report_initial(measure)),
        "evidence_form": evidence_form or EvidenceForm(initial={"kind": measure.evidence_kind or EvidenceKind.ORDER}),
    }
    return render(request, "roadmaps/measure_detail.html", context, status=422 if form or evidence_form else 200)


def report_initial(measure: Measure) -> dict[str, Any]:
    done = {"done_late": "done"}
    return {
        "status": done.get(measure.status, measure.status),
        "done_on": measure.done_on,
        "progress": measure.progress,
        "actual_result": measure.actual_result,
    }


@require_POST
@access(Permission.VIEW_ROADMAPS)
def measure_report(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    measure = found_measure(request, pk, require_reporting)
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            reporting.report(measure=measure, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, f"Исполнение {measure.number} отмечено.")
            return redirect(measure)
    return card(request, measure, form=form)


@require_POST
@access(Permission.VIEW_ROADMAPS)
def evidence_add(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    measure = found_measure(request, pk, require_reporting)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_from_form(request, measure, form)
        except ActionRefused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, f"Подтверждение к {measure.number} приложено.")
            return redirect(measure)
    return card(request, measure, evidence_form=form)


def add_from_form(request: AuthenticatedHttpRequest, measure: Measure, form: EvidenceForm) -> None:
    chosen = form.cleaned_data
    upload = chosen["file"]
    if upload:
        check_evidence_size(upload.name, upload.size)
    reporting.add_evidence(
        measure=measure,
        kind=EvidenceKind(chosen["kind"]),
        name=upload.name if upload else "",
        data=upload.read() if upload else b"",
        url=chosen["url"],
        text=chosen["text"],
        by=request.user,
        at=timezone.now(),
    )


@require_safe
@access(Permission.VIEW_ROADMAPS)
def evidence_file(request: AuthenticatedHttpRequest, pk: UUID) -> FileResponse | HttpResponseRedirect:
    """Give the file of evidence, as a download under the name a person gave it; say so when the storage has lost it."""
    evidence = found_evidence(request, pk)
    if not evidence.file:
        raise Http404
    try:
        content = evidence.file.open()
    except FileNotFoundError:
        messages.error(request, f"Файл «{evidence.name}» не найден в хранилище портала. Приложите его ещё раз.")
        return redirect(evidence.measure)
    record(AuditCode.REPORT_DOWNLOADED, actor=request.user, obj=evidence.measure, sha256=evidence.sha256)
    content_type = CONTENT_TYPES[evidence.format.lower()]
    return FileResponse(content, as_attachment=True, filename=evidence.name, content_type=content_type)


@require_POST
@access(Permission.VIEW_ROADMAPS)
def evidence_remove(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    evidence = found_evidence(request, pk, require_reporting)
    try:
        reporting.remove_evidence(evidence=evidence, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, f"Подтверждение «{evidence.name}» удалено.")
    return redirect(evidence.measure)


@require_POST
@access(Permission.CONFIRM_EXECUTION)
def measure_confirm(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    measure = found_measure(request, pk, require_confirming)
    try:
        reporting.confirm(measure=measure, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, f"Исполнение {measure.number} подтверждено.")
    return redirect(measure)


@require_POST
@access(Permission.CONFIRM_EXECUTION)
def measure_return(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    measure = found_measure(request, pk, require_confirming)
    form = RemarkForm(request.POST)
    comment = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        reporting.return_report(measure=measure, comment=comment, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, f"Исполнение {measure.number} возвращено с замечанием.")
    return redirect(measure)
