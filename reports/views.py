"""Pages of reports: the question, the queue, the ready files; a version with its sources; downloads."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, attachment
from accounts.permissions import Permission
from accounts.russian import count, plural
from jobs.choices import JobState
from jobs.models import Job
from monitoring.models import Submission
from reports import actions
from reports.building import read_facts
from reports.choices import CONTENT_TYPES, DAY_KINDS, KIND_HINTS, MONITORING_KINDS
from reports.document.writers.html import page_html
from reports.errors import NothingToReport
from reports.forms import ReportForm, new_form
from reports.kinds import stored_cautions, stored_document
from reports.models import ReportFile, ReportVersion
from reports.requests import ReportRequest
from schools.access import may

VERSIONS_ON_PAGE = 20
JOBS_SHOWN = 6
ACCEPTED = "Запрос принят. Страницу можно закрыть: справка появится среди готовых."
DELAYED = (
    "Запрос принят. Служба формирования отчётов временно недоступна — отчёт будет подготовлен автоматически, "
    "повторять запрос не нужно."
)


@require_GET
@access(Permission.VIEW_REPORTS)
def report_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    may_build = request.user.may(Permission.BUILD_REPORTS)
    form = new_form(request.user, asked=request.GET.dict()) if may_build else None
    return render(request, "reports/report_list.html", list_context(request, form))


def list_context(request: AuthenticatedHttpRequest, form: ReportForm | None) -> dict[str, Any]:
    versions = ReportVersion.objects.visible_to(request.user)
    own = versions.built_by(request.user)
    is_own = request.GET.get("whose") == "own"
    shown = (own if is_own else versions).with_report().prefetch_related("files").newest_first()
    return {
        "form": form,
        "hints": KIND_HINTS,
        "jobs": own_jobs(request),
        "page": Paginator(shown, VERSIONS_ON_PAGE).get_page(request.GET.get("page")),
        "segments": [
            {"title": "Все", "url": "?whose=all", "count": versions.count(), "current": not is_own},
            {"title": "Мои", "url": "?whose=own", "count": own.count(), "current": is_own},
        ],
        "late": late_words(request) if form else "",
        "late_kinds": "|".join(MONITORING_KINDS),
        "day_kinds": "|".join(DAY_KINDS),
    }


def own_jobs(request: AuthenticatedHttpRequest) -> list[Job]:
    """Return the person's reports on the way, and those that failed last."""
    jobs = Job.objects.visible_to(request.user).of_kinds(actions.JOB_KIND).not_ready()
    return list(jobs.newest_first()[:JOBS_SHOWN])


def late_words(request: AuthenticatedHttpRequest) -> str:
    """Return «3 школы ещё не сдали показатели. В справках «Методическая помощь»…», or nothing."""
    late = Submission.objects.visible_to(request.user).missing().values("school").distinct().count()
    verb = plural(late, "не сдала,не сдали,не сдали")
    titles = " и ".join(f"«{kind.label}»" for kind in MONITORING_KINDS)
    instead = f"В справках {titles} вместо их данных будет прочерк или «сведения не представлены»."
    return f"{count(late, 'школа,школы,школ')} ещё {verb} показатели. {instead}" if late else ""


@require_POST
@access(Permission.BUILD_REPORTS)
def report_create(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = new_form(request.user, request.POST)
    if form.is_valid():
        try:
            return accept(request, form.request())
        except ActionRefused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "reports/report_list.html", list_context(request, form), status=422)


def accept(request: AuthenticatedHttpRequest, asked: ReportRequest) -> HttpResponse:
    """Queue the report and say so, also when the broker does not answer."""
    job = actions.request_report(request=asked, by=request.user)
    job.refresh_from_db()
    is_delayed = job.state == JobState.QUEUED and job.dispatched_at is None
    if is_delayed:
        messages.warning(request, DELAYED)
    else:
        messages.success(request, ACCEPTED)
    return redirect("reports:list")


@require_POST
@access(Permission.BUILD_REPORTS)
def report_preview(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the document of the question without storing anything.

    A POST all the same: the question comes from the form, and its token has no place in an address.
    """
    form = new_form(request.user, request.POST)
    if not form.is_valid():
        return render(request, "reports/report_list.html", list_context(request, form), status=422)
    try:
        context = preview_context(request, form.request())
    except ActionRefused as refusal:
        form.add_error(refusal.field if isinstance(refusal, NothingToReport) else None, refusal.text)
        return render(request, "reports/report_list.html", list_context(request, form), status=422)
    return render(request, "reports/report_preview.html", context)


def preview_context(request: AuthenticatedHttpRequest, asked: ReportRequest) -> dict[str, Any]:
    spec = asked.spec()
    actions.check_right(spec, request.user)
    facts = read_facts(spec)
    return {
        "title": actions.job_title(spec),
        "cautions": stored_cautions(spec.kind, facts),
        "document": page_html(stored_document(spec.kind, facts)),
        "question": request.POST.items(),
        "formats": asked.formats,
    }


@require_GET
@access(Permission.VIEW_REPORTS)
def report_detail(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    version = get_object_or_404(ReportVersion.objects.visible_to(request.user).with_report(), pk=pk)
    report = version.report
    document = stored_document(report.kind, version.facts)
    context = {
        "version": version,
        "files": version.files.all(),
        "cautions": stored_cautions(report.kind, version.facts),
        "document": page_html(document),
        "others": report.versions.exclude(pk=version.pk).order_by("-number"),
        "may_build": may(request.user, Permission.BUILD_REPORTS, report.owner),
    }
    return render(request, "reports/report_detail.html", context)


@require_POST
@access(Permission.BUILD_REPORTS)
def report_rebuild(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Ask the same question again: the answer becomes a new version."""
    version = get_object_or_404(ReportVersion.objects.visible_to(request.user).with_report(), pk=pk)
    return accept(request, repeated(version))


def repeated(version: ReportVersion) -> ReportRequest:
    """Return the question of a version, signed by the same person."""
    report, frame, today = version.report, version.facts["frame"], timezone.localdate()
    signer = frame["signer"] or {"position": "", "name": ""}
    return ReportRequest(
        kind=report.kind,
        territory=report.territory_id,
        school=report.school_id,
        period_from=report.period_from,
        period_to=report.period_to,
        as_of=day_again(version, today),
        dated=today,
        signer_position=signer["position"],
        signer_name=signer["name"],
        executor=frame["executor"],
        formats=tuple(sorted(file.format for file in version.files.all())),
    )


def day_again(version: ReportVersion, today: date) -> date:
    """Return the day of the data of the next version: what was told of its own day is told of today, within the period.

    Another day was chosen, or is the end of the period: it stays.
    """
    if version.as_of != date.fromisoformat(version.facts["frame"]["dated"]):
        return version.as_of
    end = version.report.period_to
    return today if version.as_of > end else min(today, end)


@require_GET
@access(Permission.VIEW_REPORTS)
def report_download(request: AuthenticatedHttpRequest, pk: UUID, file_format: str) -> HttpResponse:
    version = get_object_or_404(ReportVersion.objects.visible_to(request.user).with_report(), pk=pk)
    file = get_object_or_404(ReportFile.objects.select_related("version__report"), version=version, format=file_format)
    try:
        content = actions.open_file(file=file, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect(version)
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[file.format],
        headers=attachment(file.download_name),
    )
