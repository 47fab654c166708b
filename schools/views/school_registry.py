"""Acts of the registry on one school: name and codes from a day on, mergers, branches, closing."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access
from accounts.answers import outcome_told
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from schools.access import require
from schools.actions.registry import withdraw_change
from schools.errors import ActRefused, ChangeRefused
from schools.forms_registry import ACTS, BasisForm, RegistryForm
from schools.models import LegalAct, School
from schools.registry_warnings import standing_on


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.MANAGE_SCHOOLS)
def change(request: AuthenticatedHttpRequest, pk: uuid.UUID, act: str) -> HttpResponse:
    """Show the form of an act, ask to confirm what cannot be undone lightly, do it."""
    school = own_school(request, pk)
    if act not in ACTS or not ACTS[act].is_open_to(school):
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = ACTS[act](given, school=school, user=request.user)
    act_form = BasisForm(given, initial={"issuer_genitive": school.territory.authority_genitive})
    if not (form.is_bound and form.is_valid() and act_form.is_valid_for(school.territory)) or "back" in request.POST:
        return show(request, form, act_form)
    basis = act_form.document(school.territory)
    if form.needs_confirmation and "confirmed" not in request.POST:
        return ask(request, form, act_form, basis)
    return do(request, form, act_form, basis)


def show(request: AuthenticatedHttpRequest, form: RegistryForm, act_form: BasisForm) -> HttpResponse:
    """Render the form; 422 with its errors."""
    context = {"form": form, "act_form": act_form, "school": form.school, "warnings": standing_on(form.school)}
    status = 422 if form.errors or act_form.errors else 200
    return render(request, "schools/registry_form.html", context, status=status)


def ask(
    request: AuthenticatedHttpRequest,
    form: RegistryForm,
    act_form: BasisForm,
    basis: LegalAct | None,
) -> HttpResponse:
    """Say in words what will be done, once it is sure that it can be: it is tried and rolled back."""
    try:
        with transaction.atomic():
            form.perform(basis=basis, at=timezone.now())
            transaction.set_rollback(True)
    except (ChangeRefused, ActRefused) as refusal:
        return refused(request, form, act_form, refusal)
    context = {
        "form": form,
        "act_form": act_form,
        "school": form.school,
        "basis": basis,
        "sentences": form.sentences(),
        "warnings": standing_on(form.school),
    }
    return render(request, "schools/registry_confirm.html", context)


def do(
    request: AuthenticatedHttpRequest,
    form: RegistryForm,
    act_form: BasisForm,
    basis: LegalAct | None,
) -> HttpResponse:
    try:
        shown = form.perform(basis=basis, at=timezone.now())
    except (ChangeRefused, ActRefused) as refusal:
        return refused(request, form, act_form, refusal)
    messages.success(request, form.done)
    return redirect(shown)


def refused(
    request: AuthenticatedHttpRequest,
    form: RegistryForm,
    act_form: BasisForm,
    refusal: ChangeRefused | ActRefused,
) -> HttpResponse:
    if isinstance(refusal, ActRefused):
        act_form.refuse(refusal)
    else:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
    return show(request, form, act_form)


@require_POST
@access(Permission.MANAGE_SCHOOLS)
def withdraw(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    school = own_school(request, pk)
    with outcome_told(request, "Последнее изменение отменено. Сведения такие, какими были до него."):
        withdraw_change(school=school, by=request.user)
    return redirect(school)


def own_school(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> School:
    school = get_object_or_404(School.objects.visible_to(request.user).select_related("territory__parent"), pk=pk)
    require(request.user, Permission.MANAGE_SCHOOLS, school)
    return school
