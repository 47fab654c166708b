"""What the curator does on the page of a profile."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from riskprofiles import actions, overview
from riskprofiles.forms import AddedFactorForm, VerdictForm
from riskprofiles.models import ProfileFactor, RiskProfile
from riskprofiles.review import Judgement
from riskprofiles.views.profiles import detail_context, own_profile, reason_of
from schools.access import require


@require_POST
@access(Permission.VERIFY_RISK_PROFILE)
def judge(request: AuthenticatedHttpRequest, pk: uuid.UUID, factor_pk: uuid.UUID) -> HttpResponse:
    """Store a verdict and open the next factor without one; what was written stays when it is refused."""
    profile = own_profile(request, pk)
    require(request.user, Permission.VERIFY_RISK_PROFILE, profile.school)
    factor = get_object_or_404(profile.factors.all(), pk=factor_pk)
    form = VerdictForm(request.POST)
    if form.is_valid():
        try:
            give_verdict(request, factor, form)
        except ActionRefused as refusal:
            form.add_error(None, refusal.text)
        else:
            return redirect(place_after(profile, factor))
    context = detail_context(request, profile, verdict_form=form, wanted=str(factor.pk))
    return render(request, "riskprofiles/profile_detail.html", context, status=422)


def give_verdict(request: AuthenticatedHttpRequest, factor: ProfileFactor, form: VerdictForm) -> None:
    actions.judge_factor(
        factor=factor,
        verdict=Judgement(form.cleaned_data["verdict"]),
        level=form.cleaned_data["level"],
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, f"Заключение сохранено: {factor.title}.")


def place_after(profile: RiskProfile, factor: ProfileFactor) -> str:
    """Return the address of the next factor to judge, or of the same one when all are judged."""
    following = overview.next_factor(list(profile.factors.in_order()), factor) or factor
    return f"{profile.get_absolute_url()}?factor={following.pk}#factor"


@require_POST
@access(Permission.VERIFY_RISK_PROFILE)
def add_factor(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    require(request.user, Permission.VERIFY_RISK_PROFILE, profile.school)
    form = AddedFactorForm(request.POST, prefix="added")
    if form.is_valid():
        try:
            factor = actions.add_factor(profile=profile, **form.cleaned_data, by=request.user, at=timezone.now())
        except ActionRefused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, f"Риск добавлен: {factor.title}.")
            return redirect(f"{profile.get_absolute_url()}?factor={factor.pk}#factor")
    context = detail_context(request, profile, added_form=form)
    return render(request, "riskprofiles/profile_detail.html", context, status=422)


@require_POST
@access(Permission.VERIFY_RISK_PROFILE)
def return_to_school(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    require(request.user, Permission.VERIFY_RISK_PROFILE, profile.school)
    with outcome_told(request, "Самодиагностика возвращена школе с замечаниями."):
        actions.return_to_school(profile=profile, remarks=reason_of(request), by=request.user, at=timezone.now())
    return redirect(profile)


@require_POST
@access(Permission.VERIFY_RISK_PROFILE)
def complete(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    require(request.user, Permission.VERIFY_RISK_PROFILE, profile.school)
    with outcome_told(request, "Верификация завершена. Теперь школа выбирает риски для работы."):
        actions.complete_verification(profile=profile, by=request.user, at=timezone.now())
    return redirect(profile)
