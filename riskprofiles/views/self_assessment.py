"""The self-diagnosis of a school: a form that saves each field as it is written."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, typed
from accounts.permissions import Permission
from riskprofiles import actions, permissions
from riskprofiles.actions.diagnosis import answer_of, gaps_in
from riskprofiles.answers import Field, Severity, errors, is_filled
from riskprofiles.choices import RISK_LEVEL_CHOICES
from riskprofiles.errors import AnswerConflict, AnswerRefused
from riskprofiles.form_lists import lines_of
from riskprofiles.forms import UploadForm
from riskprofiles.models import ProfileFactor, RiskProfile
from riskprofiles.views.profiles import assigners, curators_of
from riskprofiles.workbook.form import words_of
from schools.access import require, scope_of
from schools.importing.templates import reporting_year
from schools.models import School

SHOWN_YES = {True: "yes", False: "no", None: ""}


def own_profile(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> RiskProfile:
    """Return the profile of a school for which the person fills the form; 404 for what is not theirs."""
    profile = get_object_or_404(RiskProfile.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, Permission.FILL_SELF_DIAGNOSIS, profile.school)
    return profile


@require_safe
@access(Permission.FILL_SELF_DIAGNOSIS)
def task_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    profiles = RiskProfile.objects.fillable_by(request.user).for_list()
    own = scope_of(request.user, Permission.UPLOAD_OWN_DATA)
    schools = list(School.objects.filter(own.schools_q()).active().order_by("name", "pk"))
    year = reporting_year(timezone.localdate())
    context = {"profiles": profiles, "schools": lines_of(schools, year), "year": year}
    return render(request, "riskprofiles/self_assessment_list.html", context)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """A factor of the form with its answers as fields show them."""

    factor: ProfileFactor
    relevant: str
    is_filled: bool


def answers_of(factor: ProfileFactor) -> Answers:
    return Answers(
        factor=factor,
        relevant=SHOWN_YES[factor.school_relevant],
        is_filled=is_filled(answer_of(factor)),
    )


def progress_of(rows: list[Answers]) -> dict[str, int]:
    return {"filled": sum(row.is_filled for row in rows), "total": len(rows)}


@require_safe
@access(Permission.FILL_SELF_DIAGNOSIS)
def form(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    rows = [answers_of(factor) for factor in profile.factors.in_order()]
    context = {
        "profile": profile,
        "diagnosis": profile.self_diagnosis,
        "rows": rows,
        "progress": progress_of(rows),
        "levels": RISK_LEVEL_CHOICES,
        "can_fill": permissions.can_fill(request.user, profile.self_diagnosis),
        "upload_form": UploadForm(),
        "waiting": profile.self_diagnosis.uploads.waiting().first(),
    }
    return render(request, "riskprofiles/self_assessment_form.html", context)


@require_http_methods(["GET", "POST"])
@access(Permission.FILL_SELF_DIAGNOSIS)
def answer(request: AuthenticatedHttpRequest, pk: uuid.UUID, factor_pk: uuid.UUID, field: str) -> HttpResponse:
    """Save one field (POST), or show it as it is stored (GET, «взять сохранённое»)."""
    profile = own_profile(request, pk)
    factor = get_object_or_404(profile.factors.all(), pk=factor_pk)
    if field not in set(Field):
        raise Http404
    if request.method == "GET":
        return render(request, "riskprofiles/_answer_field.html", field_context(profile, factor, Field(field)))
    return save(request, profile, factor, Field(field))


def save(request: AuthenticatedHttpRequest, profile: RiskProfile, factor: ProfileFactor, field: Field) -> HttpResponse:
    """Save a field and answer with its state: 200 saved, 409 changed by another person, 422 refused."""
    try:
        diagnosis = actions.save_answer(
            factor=factor,
            field=field,
            value=typed(request, f"{field}-{factor.pk}"),
            seen=request.POST.get(f"seen-{field}-{factor.pk}", ""),
            by=request.user,
            at=timezone.now(),
        )
    except AnswerConflict as conflict:
        stored = {"conflict": conflict, "stored_words": words_of(field, conflict.stored)}
        return show_state(request, profile, factor, field, status=409, **stored)
    except AnswerRefused as refusal:
        return show_state(request, profile, factor, field, status=422, error=refusal.text)
    except ActionRefused as refusal:
        return show_state(request, profile, factor, field, status=422, error=refusal.text)
    rows = [answers_of(row) for row in profile.factors.in_order()]
    saved = next(row.factor for row in rows if row.factor.pk == factor.pk)
    state = show_state(
        request, profile, saved, field, is_saved=True, diagnosis=diagnosis, rows=rows, progress=progress_of(rows)
    )
    state["HX-Trigger"] = "saved"  # the line of state says so also after a choice in a conflict
    return state


def field_context(profile: RiskProfile, factor: ProfileFactor, field: Field) -> dict[str, Any]:
    return {
        "profile": profile,
        "factor": factor,
        "field": str(field),
        "value": shown_value(factor, field),
        "levels": RISK_LEVEL_CHOICES,
        "can_fill": True,
    }


def shown_value(factor: ProfileFactor, field: Field) -> str:
    """Return a stored answer as its form field holds it."""
    if field == Field.RELEVANT:
        return SHOWN_YES[factor.school_relevant]
    return getattr(factor, field) or ""


def show_state(
    request: AuthenticatedHttpRequest,
    profile: RiskProfile,
    factor: ProfileFactor,
    field: Field,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {**field_context(profile, factor, field), **extra}
    return render(request, "riskprofiles/_answer_state.html", context, status=status)


@require_safe
@access(Permission.FILL_SELF_DIAGNOSIS)
def check(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """List what is missing, with links to the fields, before the form is handed in."""
    profile = own_profile(request, pk)
    found = gaps_in(list(profile.factors.in_order()))
    context = {
        "profile": profile,
        "diagnosis": profile.self_diagnosis,
        "errors": errors(found),
        "warnings": [gap for gap in found if gap.severity == Severity.WARNING],
        "can_fill": permissions.can_fill(request.user, profile.self_diagnosis),
    }
    return render(request, "riskprofiles/self_assessment_check.html", context)


@require_POST
@access(Permission.FILL_SELF_DIAGNOSIS)
def submit(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    try:
        actions.submit_self_diagnosis(profile=profile, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect("self_assessment:check", profile.pk)
    messages.success(request, submitted_words(profile))
    return redirect("riskprofiles:detail", profile.pk)


def submitted_words(profile: RiskProfile) -> str:
    """Say who comes next: the curator, or who gives the school one."""
    if curators_of(profile):
        return "Самодиагностика сдана. Куратор проверит её и даст заключение по каждому фактору."
    return f"Самодиагностика сдана. Куратора у школы пока нет: его назначает {assigners(profile).rstrip('.')}."


@require_POST
@access(Permission.FILL_SELF_DIAGNOSIS)
def add_own(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    anchor = "own"
    try:
        factor = actions.add_own_factor(
            profile=profile, title=typed(request, "title"), by=request.user, at=timezone.now()
        )
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        anchor = f"factor-{factor.pk}"
        messages.success(request, "Риск школы добавлен. Укажите его значимость и меры.")
    return redirect(f"{profile.self_diagnosis.get_absolute_url()}#{anchor}")


@require_POST
@access(Permission.FILL_SELF_DIAGNOSIS)
def remove_own(request: AuthenticatedHttpRequest, pk: uuid.UUID, factor_pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    factor = get_object_or_404(profile.factors.all(), pk=factor_pk)
    try:
        actions.remove_own_factor(factor=factor, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, f"Риск убран: {factor.title}.")
    return redirect(profile.self_diagnosis.get_absolute_url())
