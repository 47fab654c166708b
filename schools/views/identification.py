"""Runs of the rule: the list of runs, the start, the page of mock-up 2, its file."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, Max, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import access
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import ActionRefused
from accounts.http import FORM_METHODS, AuthenticatedHttpRequest, attachment
from accounts.models import User
from accounts.permissions import Permission
from jobs.actions import enqueue
from jobs.models import Job
from schools.access import require, scope_of
from schools.actions.rule_sets import load_rule_set, new_version
from schools.errors import ActRefused
from schools.exports import run_workbook
from schools.forms_identification import StartForm, VersionForm
from schools.forms_lists import OutsideListForm
from schools.models import IdentificationRun, ListExclusion, SchoolList, SchoolVerdict
from schools.rule_words import rule_sentences
from schools.views.run_page import show_run
from schools.views.trial import trial_context, version_basis

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RUNS_SHOWN = 30


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def index(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the run that counts; to a school its own published verdicts; to a territory without runs the first step.

    Of the runs over the territory and year of the newest one it is that of the list in force, else one with decisions.
    """
    if not scope_of(request.user).territories:
        return own_verdicts(request)
    runs = IdentificationRun.objects.visible_to(request.user).for_page()
    newest = runs.newest_first().first()
    if newest is None:
        return show_runs(request)
    standing = runs.filter(territory=newest.territory_id, year=newest.year).standing_first().first() or newest
    return show_run(request, standing, newer=newest if newest != standing else None)


def own_verdicts(request: AuthenticatedHttpRequest) -> HttpResponse:
    left = ListExclusion.objects.in_force().filter(item__verdict=OuterRef("pk"))
    annulled = SchoolList.objects.annulled().explaining().filter(run=OuterRef("run"), items__school=OuterRef("school"))
    verdicts = SchoolVerdict.objects.visible_to(request.user).with_decision_told(request.user)
    told = verdicts.annotate(has_left=Exists(left), is_annulled=Exists(annulled))
    context = {"verdicts": told.select_related("school", "run__territory").order_by("-run__year", "school__name", "pk")}
    return render(request, "identification/own_verdicts.html", context)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def run_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show runs and lists; a school, which sees neither, is led to its own verdicts."""
    if not scope_of(request.user).territories:
        return redirect("identification:index")
    return show_runs(request)


def show_runs(
    request: AuthenticatedHttpRequest,
    form: StartForm | None = None,
    *,
    outside: OutsideListForm | None = None,
) -> HttpResponse:
    """Render runs, lists and the forms that begin them; 422 with errors."""
    runs = IdentificationRun.objects.visible_to(request.user).for_page().newest_first()[:RUNS_SHOWN]
    lists = SchoolList.objects.visible_to(request.user).for_page().order_by("-year", "-created_at", "pk")
    can_run = request.user.may(Permission.RUN_IDENTIFICATION)
    start_form = form or (StartForm(user=request.user, initial=request.GET.dict()) if can_run else None)
    chosen = start_form.chosen_rule if start_form else None
    context: dict[str, Any] = {
        "runs": runs,
        "lists": lists[:RUNS_SHOWN],
        "form": start_form,
        "chosen": chosen,
        "start_asked": start_form is not None and "rule_set" in request.GET,  # messages stand in its card
        "sentences": rule_sentences(chosen.rules) if chosen else [],
        "jobs": shown_jobs(request.user),
    }
    if request.user.may(Permission.PUBLISH_LIST):
        context["outside_form"] = outside or OutsideListForm(user=request.user)
    status = 422 if any(each is not None and each.errors for each in (form, outside)) else 200
    return render(request, "identification/run_list.html", context, status=status)


def shown_jobs(user: User) -> list[Job]:
    """Return the person's runs on the way, and the last that failed over a territory until a later run answers it.

    One query; one more when something has failed.
    """
    found = Job.objects.visible_to(user).of_kinds("identification.run").active_or_failed().newest_first()
    jobs = list(found[:RUNS_SHOWN])
    newest = {job.parameters["territory"]: job for job in reversed(jobs)}
    failed = [job for job in newest.values() if not job.is_active]
    last = last_runs(failed) if failed else {}
    standing = [job for job in failed if last.get(job.parameters["territory"], job.created_at) <= job.created_at]
    return [job for job in jobs if job.is_active or job in standing]


def last_runs(jobs: Iterable[Job]) -> dict[str, datetime]:
    """Return territory of a job -> when the last run over it was made."""
    runs = IdentificationRun.objects.filter(territory__in=[job.parameters["territory"] for job in jobs])
    made = runs.order_by().values_list("territory").annotate(Max("created_at"))
    return {str(territory): at for territory, at in made}


@require_http_methods(FORM_METHODS)
@access(Permission.RUN_IDENTIFICATION)
def start(request: AuthenticatedHttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("identification:runs")
    form = StartForm(request.POST, user=request.user)
    if not form.is_valid():
        return show_runs(request, form)
    territory = form.cleaned_data["territory"]
    require(request.user, Permission.RUN_IDENTIFICATION, territory)
    rule_set = form.cleaned_data["rule_set"] or load_rule_set(by=request.user)
    enqueue(
        kind="identification.run",
        params={"rule_set": str(rule_set.pk), "territory": str(territory.pk), "year": form.cleaned_data["year"]},
        by=request.user,
        title=f"Выявление по результатам {form.cleaned_data['year']} года: {territory}",
    )
    messages.success(request, "Расчёт поставлен в очередь. Когда он будет готов, здесь появится ссылка.")
    return redirect("identification:runs")


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
@vary_on_headers("HX-Request")  # the page and the trial have one address: «Back» must not open the fragment
def run_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a run; to htmx that asks for the trial only its fragment."""
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    if request.htmx and request.htmx.target == "trial":
        context = {"run": run, **trial_context(request.user, run, request.GET)}
        form = context["trial_form"]
        status = 422 if form and form.errors else 200
        return render(request, "identification/_trial_result.html", context, status=status)
    return show_run(request, run)


@require_http_methods(FORM_METHODS)
@access(Permission.MANAGE_RULES)
def save_version(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep the thresholds of a trial as a new version of the rule, and offer to run it."""
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, Permission.MANAGE_RULES, run.territory)
    if request.method != "POST":
        return redirect(run)
    form, basis = VersionForm(request.POST), version_basis(run, request.POST)
    if not form.is_valid() or not basis.is_valid_for(run.territory):
        return show_run(request, run, version=(form, basis))
    try:
        stored = new_version(
            rule_set=run.rule_set,
            changes=form.changes(),
            basis=basis.document(run.territory),
            justification=form.cleaned_data["justification"],
            by=request.user,
        )
    except ActRefused as refusal:
        basis.refuse(refusal)
        return show_run(request, run, version=(form, basis))
    except ActionRefused as refusal:
        form.add_error(None, refusal.text)
        return show_run(request, run, version=(form, basis))
    messages.success(request, f"Сохранено: {stored}. Проведите по ней расчёт.")
    chosen = urlencode({"rule_set": stored.pk, "territory": run.territory_id, "year": run.year})
    return redirect(f"{reverse('identification:runs')}?{chosen}#t-start")


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def download(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the verdicts of a run as a workbook; who took it is an event."""
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    content = run_workbook(run)
    record(AuditCode.REPORT_DOWNLOADED, actor=request.user, obj=run, workbook="run")
    name = f"Выявление {run.year} {run.territory.name}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers=attachment(name))
