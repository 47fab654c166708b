"""Runs of the rule: the list of runs, the start, the page of mock-up 2, its file."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from jobs.actions import enqueue
from jobs.models import Job
from schools.access import require, scope_of
from schools.actions.rule_sets import load_rule_set
from schools.exports import run_workbook
from schools.forms_identification import StartForm
from schools.models import IdentificationRuleSet, IdentificationRun, SchoolList, SchoolVerdict
from schools.rule_words import parameter_facts, procedure_names
from schools.views.run_page import show_run, trial_context

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RUNS_SHOWN = 30


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def index(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the newest run; to a school its own published verdicts; to a territory without runs the first step."""
    if not scope_of(request.user).territories:
        return own_verdicts(request)
    newest = IdentificationRun.objects.visible_to(request.user).for_page().newest_first().first()
    return show_run(request, newest) if newest else show_runs(request)


def own_verdicts(request: AuthenticatedHttpRequest) -> HttpResponse:
    verdicts = SchoolVerdict.objects.visible_to(request.user).select_related("school", "run__territory")
    context = {"verdicts": verdicts.order_by("-run__year", "school__name", "pk")}
    return render(request, "identification/own_verdicts.html", context)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def run_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    return show_runs(request)


def show_runs(request: AuthenticatedHttpRequest, form: StartForm | None = None) -> HttpResponse:
    """Render runs, lists and the start form; 422 with errors."""
    runs = IdentificationRun.objects.visible_to(request.user).for_page().newest_first()[:RUNS_SHOWN]
    lists = SchoolList.objects.visible_to(request.user).for_page().order_by("-year", "-created_at", "pk")
    can_run = request.user.may(Permission.RUN_IDENTIFICATION)
    context = {
        "runs": runs,
        "lists": lists[:RUNS_SHOWN],
        "form": form or (StartForm(user=request.user) if can_run else None),
        "jobs": Job.objects.visible_to(request.user).filter(kind="identification.run").active(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "identification/run_list.html", context, status=status)


@require_POST
@access(Permission.RUN_IDENTIFICATION)
def start(request: AuthenticatedHttpRequest) -> HttpResponse:
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
def run_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a run; to htmx that asks for the trial only its fragment."""
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    if request.htmx and request.htmx.target == "trial":
        context = {"run": run, **trial_context(request, run)}
        status = 422 if context["trial_form"].errors else 200
        return render(request, "identification/_trial_result.html", context, status=status)
    return show_run(request, run)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def download(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    response = HttpResponse(run_workbook(run), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="vyyavlenie-{run.year}-{run.territory.code}.xlsx"'
    return response


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def rule_set_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    rule_set = get_object_or_404(IdentificationRuleSet.objects.select_related("basis_document"), pk=pk)
    versions = IdentificationRuleSet.objects.filter(code=rule_set.code).order_by("-version", "pk")
    rules = rule_set.rules
    context = {
        "rule_set": rule_set,
        "facts": parameter_facts(rules),
        "procedures": procedure_names(rules),
        "versions": versions,
    }
    return render(request, "identification/rule_set_detail.html", context)
