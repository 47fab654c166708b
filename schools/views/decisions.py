"""Decisions on schools, and the explanation for the school itself."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from accounts.russian import count
from schools.access import require
from schools.actions.identification import decide, include_all
from schools.choices import Decision
from schools.errors import DecisionRefused
from schools.forms_identification import DecisionForm
from schools.models import IdentificationRun, SchoolVerdict
from schools.views.run_page import card_of, is_uuid, listed_years, run_url, show_run

SCHOOLS = "школа,школы,школ"


@require_POST
@access(Permission.DECIDE_IDENTIFICATION)
def decide_school(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Store a decision and open the next school that waits for one."""
    verdict = verdict_of(request, pk)
    require(request.user, Permission.DECIDE_IDENTIFICATION, verdict.run.territory)
    form = DecisionForm(request.POST, verdict=verdict)
    if not form.is_valid() or not stored(request, verdict, form):
        return show_run(request, verdict.run, verdict=verdict, form=form)
    return redirect(run_url(next_undecided(verdict) or verdict))


def stored(request: AuthenticatedHttpRequest, verdict: SchoolVerdict, form: DecisionForm) -> bool:
    """Try to store a decision; False with the refusal in the form."""
    try:
        decided = decide(
            verdict=verdict,
            decision=Decision(form.cleaned_data["decision"]),
            reason_code=form.cleaned_data["reason"],
            text=form.cleaned_data["text"],
            seen=request.POST.get("seen"),
            by=request.user,
            at=timezone.now(),
        )
    except DecisionRefused as refusal:
        form.add_error(refusal.field, refusal.text)
        return False
    except ActionRefused as refusal:
        form.add_error(None, refusal.text)
        return False
    now = timezone.localtime()
    messages.success(request, f"{verdict.school}: {decided.get_decision_display().lower()}. Сохранено в {now:%H:%M}.")
    return True


def next_undecided(verdict: SchoolVerdict) -> SchoolVerdict | None:
    waiting = SchoolVerdict.objects.filter(run=verdict.run_id).undecided().exclude(pk=verdict.pk)
    return waiting.for_page().first()


@require_POST
@access(Permission.DECIDE_IDENTIFICATION)
def include_chosen(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Include the ticked schools that the rule names."""
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, Permission.DECIDE_IDENTIFICATION, run.territory)
    ticked = [key for key in request.POST.getlist("verdict") if is_uuid(key)]
    chosen = list(run.verdicts.for_page().filter(pk__in=ticked))
    try:
        included = include_all(verdicts=chosen, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, f"Включено в список: {count(included, SCHOOLS)}.")
    return redirect(run)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def explain(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show why a school is in the list, read only: for the school itself once the list is published."""
    verdict = verdict_of(request, pk)
    context = {
        "run": verdict.run,
        "card": card_of(verdict, verdict.run),
        "listed_since": listed_years(verdict.school),
        "school_list": verdict.run.school_lists.published().select_related("basis_document").first(),
    }
    return render(request, "identification/explain.html", context)


def verdict_of(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> SchoolVerdict:
    verdicts = SchoolVerdict.objects.visible_to(request.user).select_related(
        "school",
        "decided_by",
        "run__territory",
        "run__rule_set__basis_document",
        "run__created_by",
    )
    return get_object_or_404(verdicts, pk=pk)
