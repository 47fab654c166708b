"""Forms SA-1, SA-2, SA-4, SA-5 as files: handed in by the school, looked at and decided on by the methodist."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, typed
from accounts.permissions import Permission
from accounts.pieces import Segment
from jobs.actions import nudge
from riskprofiles import job_kinds
from riskprofiles.actions.school_forms import decide_on_form, give_up_form, hand_in_form
from riskprofiles.choices import FORM_DECISIONS, FormDecision, FormState, SchoolFormCode
from riskprofiles.form_lists import PILLS, handed_in, lines_of, owing
from riskprofiles.forms import UploadForm
from riskprofiles.models import SchoolForm
from schools.access import may, require
from schools.actions.import_review import explain
from schools.choices import RowOutcome
from schools.importing.files import GivenFile
from schools.importing.preview import row_preview
from schools.importing.problem_groups import needs_explanation
from schools.importing.states import outcome_counts
from schools.importing.templates import october_years
from schools.intake.limits import DEFAULT_LIMITS
from schools.models import ImportRow, School

ROWS_ON_PAGE = 100
SCHOOLS_ON_PAGE = 50
OWING = "owing"
SHOWN = (RowOutcome.CHANGED, RowOutcome.NEW)


@require_safe
@access(Permission.VIEW_IMPORTS)
def received(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show which schools have handed which form in for a year; only those that owe one, when asked."""
    years = october_years(timezone.localdate())
    year = next((one.value for one in years if one.value == request.GET.get("year")), years[0].value)
    schools = School.objects.visible_to(request.user).active().select_related("territory").order_by("name", "pk")
    only_owing = request.GET.get("only") == OWING
    shown = owing(schools, int(year)) if only_owing else schools
    page = Paginator(shown, SCHOOLS_ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "years": [
            Segment(title=one.title, url=form_list_url(one.value, only_owing=only_owing), current=one.value == year)
            for one in years
        ],
        "views": [
            Segment(title=title, url=form_list_url(year, only_owing=owing_only), current=owing_only == only_owing)
            for title, owing_only in (("Все школы", False), ("Только не сданные", True))
        ],
        "page": page,
        "lines": lines_of(list(page), int(year)),
        "columns": handed_in(schools, int(year)).items(),
        "schools": schools.count(),
        "only_owing": only_owing,
    }
    return render(request, "riskprofiles/form_list.html", context)


def form_list_url(year: str, *, only_owing: bool) -> str:
    return f"?year={year}" + (f"&only={OWING}" if only_owing else "")


@require_POST
@access(Permission.UPLOAD_OWN_DATA)
def upload(request: AuthenticatedHttpRequest, school_pk: uuid.UUID, code: str, year: int) -> HttpResponse:
    """Take a file of a form and have it checked by a job."""
    school = get_object_or_404(School.objects.visible_to(request.user), pk=school_pk)
    require(request.user, Permission.UPLOAD_OWN_DATA, school)
    if code not in SchoolFormCode.values or str(year) not in {one.value for one in october_years(timezone.localdate())}:
        raise Http404
    given = UploadForm(request.POST, request.FILES)
    if not given.is_valid():
        messages.error(request, " ".join(map(str, given.errors["file"])))
        return redirect("self_assessment:list")
    file = given.cleaned_data["file"]
    try:
        form = hand_in_form(
            school=school,
            code=SchoolFormCode(code),
            year=year,
            file=GivenFile(name=file.name, data=file.read(DEFAULT_LIMITS.file_bytes + 1)),
            by=request.user,
            at=timezone.now(),
        )
    except ActionRefused as refusal:
        messages.error(request, f"Файл «{file.name}» не принят. {refusal.text}")
        return redirect("self_assessment:list")
    job_kinds.queue(job_kinds.CHECK, form, by=request.user)
    return redirect(form)


def visible_form(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> SchoolForm:
    forms = SchoolForm.objects.visible_to(request.user).select_related(
        "school__territory__parent", "batch__school", "batch__territory", "stood", "uploaded_by", "decided_by"
    )
    return get_object_or_404(forms, pk=pk)


@require_safe
@access(Permission.VIEW_RISK_PROFILES)
def detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    form = visible_form(request, pk)
    totals = outcome_counts(form.batch)
    rows = ImportRow.objects.filter(file__batch=form.batch, outcome__in=SHOWN).select_related("file", "school")
    page = Paginator(rows.order_by("number", "pk"), ROWS_ON_PAGE).get_page(request.GET.get("page"))
    files = list(form.batch.files.order_by("pk"))
    context = {
        "form": form,
        "pill": PILLS[form.state],
        "job": job_kinds.last_job(form),
        "totals": totals,
        "accepted": totals["new"] + totals["changed"] + totals["same"],
        "file": files[0],
        "problems": files[0].problems,
        "must_explain": not form.batch.explanation and needs_explanation(files),
        "page": page,
        "rows": [row_preview(row) for row in page],
        **rights(request, form),
    }
    return render(request, "riskprofiles/form_detail.html", context)


def rights(request: AuthenticatedHttpRequest, form: SchoolForm) -> dict[str, Any]:
    """Return what the person may do with the form now."""
    is_own = may(request.user, Permission.UPLOAD_OWN_DATA, form.school)
    decisions = FORM_DECISIONS[form.state] if may(request.user, Permission.ACCEPT_SUBMISSION, form.school) else ()
    return {
        "may_apply": is_own and form.state == FormState.CHECKED,
        "is_own": is_own,
        "may_accept": FormDecision.ACCEPTED in decisions,
        "may_return": FormDecision.RETURNED in decisions,
    }


@require_safe
@access(Permission.VIEW_RISK_PROFILES)
def progress(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer the page that waits: how far the job is, or that the page should show what has come of it."""
    form = visible_form(request, pk)
    job = job_kinds.last_job(form)
    if job and job.is_overdue(timezone.now()):
        nudge(job=job)
        job.refresh_from_db()
    if job is None or not job.is_active:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "riskprofiles/_form_progress.html", {"form": form, "job": job})


@require_POST
@access(Permission.UPLOAD_OWN_DATA)
def apply(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    form = visible_form(request, pk)
    require(request.user, Permission.UPLOAD_OWN_DATA, form.school)
    if form.state != FormState.CHECKED:
        messages.error(request, f"Форма в состоянии «{form.state.label}», записать её нельзя.")
        return redirect(form)
    try:
        if "explanation" in request.POST:
            explain(batch=form.batch, text=typed(request, "explanation")[:2000], by=request.user, at=timezone.now())
        job_kinds.queue(job_kinds.APPLY, form, by=request.user, only_good=request.POST.get("only_good") == "1")
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return redirect(form)


@require_POST
@access(Permission.UPLOAD_OWN_DATA)
def check(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have the file checked again: its job was lost or stopped."""
    form = visible_form(request, pk)
    require(request.user, Permission.UPLOAD_OWN_DATA, form.school)
    if form.state in {FormState.UPLOADED, FormState.CHECKED}:
        job_kinds.queue(job_kinds.CHECK, form, by=request.user)
    else:
        messages.error(request, f"Форма в состоянии «{form.state.label}», проверять нечего.")
    return redirect(form)


@require_POST
@access(Permission.UPLOAD_OWN_DATA)
def give_up(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    form = visible_form(request, pk)
    with outcome_told(request, "Файл отложен, данные портала остались как были."):
        give_up_form(form=form, by=request.user)
    return redirect("self_assessment:list")


@require_POST
@access(Permission.ACCEPT_SUBMISSION)
def accept(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    form = visible_form(request, pk)
    with outcome_told(request, "Форма принята."):
        decide_on_form(form=form, decision=FormDecision.ACCEPTED, by=request.user, at=timezone.now())
    return redirect(form)


@require_POST
@access(Permission.ACCEPT_SUBMISSION)
def send_back(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    form = visible_form(request, pk)
    with outcome_told(request, "Форма возвращена школе с замечанием."):
        decide_on_form(
            form=form,
            decision=FormDecision.RETURNED,
            remark=typed(request, "remark")[:2000],
            by=request.user,
            at=timezone.now(),
        )
    return redirect(form)
