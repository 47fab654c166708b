"""A person's own jobs, and the fragment that any page can poll."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from accounts.access import signed_in
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.notices import mark_read
from jobs import actions
from jobs.models import Job

JOBS_ON_PAGE = 20
NOTICES_SHOWN = 30
ENDED = "job-ended"  # event of the page: lists of what jobs make wait for it


@require_GET
@signed_in
def job_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    jobs = Job.objects.visible_to(request.user).newest_first()
    page = Paginator(jobs, JOBS_ON_PAGE).get_page(request.GET.get("page"))
    notices = request.user.notices.newest_first()[:NOTICES_SHOWN]
    return render(request, "jobs/job_list.html", {"page": page, "notices": notices})


@require_POST
@signed_in
def read_notices(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Mark the news of the person as read."""
    mark_read(request.user, timezone.now())
    return redirect("jobs:list")


@require_GET
@signed_in
def status(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one job: as a fragment that polls itself while there is something to wait for, or as a page."""
    job = _own_job(request, pk)
    if job.is_overdue(timezone.now()):  # with the scheduler dead the one who waits sets things going
        actions.nudge(job=job)
        job.refresh_from_db()
    return _show(request, job)


@require_POST
@signed_in
def cancel(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    job = _own_job(request, pk)
    try:
        job = actions.cancel(job=job, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        job.refresh_from_db()
    return _show(request, job)


@require_POST
@signed_in
def retry(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    job = _own_job(request, pk)
    try:
        job = actions.retry(job=job, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return _show(request, job)


def _own_job(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user), pk=pk)


def _show(request: AuthenticatedHttpRequest, job: Job) -> HttpResponse:
    """Answer a fragment request with the row, a plain one with the job's page.

    The row of a job that has ended tells the page so: what the job has made is read anew beside it.
    """
    if request.htmx:
        row = render(request, "ui/job_row.html", {"job": job})
        return row if job.is_active else trigger_client_event(row, ENDED)
    if request.method == "POST":
        return redirect("jobs:list")
    return render(request, "jobs/job_detail.html", {"job": job})
