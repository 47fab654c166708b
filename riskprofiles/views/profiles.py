"""The list of profiles and the page of one."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission, Role
from accounts.russian import count, listing
from riskprofiles import actions, overview, permissions
from riskprofiles.actions.transitions import facts_from
from riskprofiles.choices import ProfileState
from riskprofiles.filters import RiskProfileFilter
from riskprofiles.forms import AddedFactorForm, OpenProfilesForm, ReasonForm, VerdictForm
from riskprofiles.models import ProfileFactor, RiskProfile
from schools.access import require
from schools.errors import ActRefused
from schools.forms import Before, LegalActForm
from schools.models import Membership

PAGE_SIZE = 50
ASSIGNERS_SHOWN = 3
PROFILES = "профиль,профиля,профилей"


def own_profile(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> RiskProfile:
    """Return a profile that the person may look at, with what its page needs; 404 otherwise."""
    return get_object_or_404(RiskProfile.objects.visible_to(request.user).for_page(), pk=pk)


@require_safe
@access(Permission.VIEW_RISK_PROFILES)
def profile_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    profiles = RiskProfile.objects.visible_to(request.user).for_list()
    profile_filter = RiskProfileFilter(request.GET, queryset=profiles)
    page = Paginator(profile_filter.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filter": profile_filter, "page": page, "kinds": overview.STATE_KINDS}
    if request.user.may(Permission.APPROVE_RISK_PROFILE):
        context["open_form"] = first_open_form(request)
    return render(request, "riskprofiles/profile_list.html", context)


def first_open_form(request: AuthenticatedHttpRequest) -> OpenProfilesForm:
    """Return the form with the likely answers: the newest list, the year after its results."""
    newest = OpenProfilesForm(user=request.user).fields["school_list"].queryset.first()  # type: ignore[attr-defined]
    year = newest.year + 1 if newest else timezone.localdate().year
    return OpenProfilesForm(user=request.user, initial={"school_list": newest, "year": year})


@require_POST
@access(Permission.APPROVE_RISK_PROFILE)
def open_profiles(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = OpenProfilesForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "riskprofiles/profile_open.html", {"form": form}, status=422)
    require(request.user, Permission.APPROVE_RISK_PROFILE, form.cleaned_data["school_list"].territory)
    try:
        made = actions.open_profiles(**form.cleaned_data, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        tell_opened(request, len(made))
    return redirect("riskprofiles:list")


def tell_opened(request: AuthenticatedHttpRequest, made: int) -> None:
    if made:
        messages.success(request, f"Заведено и направлено школам: {count(made, PROFILES)}.")
    else:
        messages.info(request, "Новых профилей нет: у всех школ перечня они уже заведены.")


@require_safe
@access(Permission.VIEW_RISK_PROFILES)
def profile_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    return render(request, "riskprofiles/profile_detail.html", detail_context(request, profile))


def detail_context(
    request: AuthenticatedHttpRequest,
    profile: RiskProfile,
    verdict_form: VerdictForm | None = None,
    added_form: AddedFactorForm | None = None,
    wanted: str = "",
) -> dict[str, Any]:
    factors = list(profile.factors.in_order().with_verifier())
    chosen = overview.chosen_factor(factors, wanted or request.GET.get("factor", ""))
    facts = facts_from(factors, profile.self_diagnosis)
    curators = curators_of(profile)
    return {
        "profile": profile,
        "diagnosis": profile.self_diagnosis,
        "factors": factors,
        "risks": [factor for factor in factors if factor.is_risk],
        "factor": chosen,
        "facts": facts,
        "steps": overview.steps(profile, facts),
        "turn": overview.turn(profile, facts, has_curator=bool(curators)),
        "state_kind": overview.STATE_KINDS.get(ProfileState(profile.state), "work"),
        "curators": curators,
        "assigners": "" if curators else assigners(profile),
        **rights_of(request, profile),
        **judging_forms(request, profile, chosen, verdict_form, added_form),
    }


def curators_of(profile: RiskProfile) -> list[str]:
    memberships = Membership.objects.with_role(Role.CURATOR).of_school(profile.school_id).of_active_people()
    return [str(membership.user) for membership in memberships.by_name()]


def assigners(profile: RiskProfile) -> str:
    """Return who gives the school a curator: «администратор региона Ветрова А. О.»."""
    people = Membership.objects.holding(Permission.MANAGE_USERS, profile.school.territory).names()
    return f"администратор региона {listing(people[:ASSIGNERS_SHOWN])}".strip()


def rights_of(request: AuthenticatedHttpRequest, profile: RiskProfile) -> dict[str, bool]:
    user = request.user
    return {
        "can_fill": permissions.can_fill(user, profile.self_diagnosis),
        "can_judge": permissions.can_judge(user, profile),
        "can_activate": permissions.can_activate(user, profile),
        "can_send": permissions.can_send(user, profile),
        "can_approve": permissions.can_approve(user, profile),
        "can_reopen": permissions.can_reopen(user, profile),
    }


def judging_forms(
    request: AuthenticatedHttpRequest,
    profile: RiskProfile,
    factor: ProfileFactor | None,
    verdict_form: VerdictForm | None,
    added_form: AddedFactorForm | None,
) -> dict[str, Any]:
    if factor is None or not permissions.can_judge(request.user, profile):
        return {"verdict_form": verdict_form, "added_form": added_form}  # what was sent too late stays on the page
    return {
        "verdict_form": verdict_form or VerdictForm.for_factor(factor),
        "added_form": added_form or AddedFactorForm(prefix="added"),
    }


@require_POST
@access(Permission.APPROVE_RISK_PROFILE)
def send_to_school(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    require(request.user, Permission.APPROVE_RISK_PROFILE, profile.school)
    with outcome_told(request, "Профиль направлен школе."):
        actions.send_to_school(profile=profile, by=request.user, at=timezone.now())
    return redirect(profile)


@require_POST
@access(Permission.FILL_SELF_DIAGNOSIS)
def activate(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    require(request.user, Permission.FILL_SELF_DIAGNOSIS, profile.school)
    chosen = {pk for pk in map(as_uuid, request.POST.getlist("factors")) if pk}
    with outcome_told(request, "Выбор рисков сохранён."):
        warnings = actions.activate_factors(profile=profile, factors=chosen, by=request.user, at=timezone.now())
        for warning in warnings:
            messages.warning(request, warning)
    return redirect(profile)


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@access(Permission.APPROVE_RISK_PROFILE)
def approve(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    require(request.user, Permission.APPROVE_RISK_PROFILE, profile.school)
    form = LegalActForm(request.POST or None, initial=order_initial(profile), before=verified(profile))
    if request.method == "POST" and form.is_valid_for(profile.school.territory):
        try:
            with outcome_told(request, "Профиль утверждён.", apart=(ActRefused,)):
                order = form.for_body(profile.school.territory)
                actions.approve_profile(profile=profile, order=order, by=request.user, at=timezone.now())
            return redirect(profile)
        except ActRefused as refusal:
            form.refuse(refusal)
    status = 422 if form.is_bound else 200
    return render(request, "riskprofiles/profile_approve.html", {"profile": profile, "form": form}, status=status)


def verified(profile: RiskProfile) -> Before | None:
    """Return when the curator has verified a profile, for the date of its order."""
    at = profile.verified_at
    return Before("профиль верифицирован", timezone.localtime(at).date()) if at else None


def order_initial(profile: RiskProfile) -> dict[str, Any]:
    return {
        "issuer_genitive": profile.school.territory.authority_genitive,
        "date": timezone.localdate(),
        "title": "Об утверждении рисковых профилей школ",
    }


@require_POST
@access(Permission.APPROVE_RISK_PROFILE)
def reopen(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    require(request.user, Permission.APPROVE_RISK_PROFILE, profile.school)
    with outcome_told(request, "Профиль открыт заново: куратор может изменить заключения."):
        actions.reopen_profile(profile=profile, reason=reason_of(request), by=request.user, at=timezone.now())
    return redirect(profile)


def reason_of(request: AuthenticatedHttpRequest) -> str:
    """Return the words of a return or a reopening. Raises ActionRefused when there are too many of them."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise ActionRefused(" ".join(map(str, form.errors["reason"])))
    reason: str = form.cleaned_data["reason"]
    return reason
