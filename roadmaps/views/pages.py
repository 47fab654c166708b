"""The list of roadmaps, a new one, and the page of one with table, terms and versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Permission
from riskprofiles.models import RiskProfile
from roadmaps import presentation
from roadmaps.actions.planning import create_roadmap
from roadmaps.checks import remarks_on
from roadmaps.choices import RoadmapKind
from roadmaps.execution import Execution
from roadmaps.execution import total as total_of
from roadmaps.filters import RoadmapFilter
from roadmaps.forms import RoadmapForm, year_period
from roadmaps.metrics import executions
from roadmaps.models import Roadmap
from roadmaps.permissions import edit_permission
from roadmaps.views.board import board_context, remarks_context
from roadmaps.views.found import found_roadmap
from schools.access import require, scope_of
from schools.models import School

PAGE_SIZE = 50


@require_safe
@access(Permission.VIEW_ROADMAPS)
def roadmap_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    visible = Roadmap.objects.visible_to(request.user).with_owner()
    chosen = RoadmapFilter(request.GET, queryset=visible if request.GET.get("state") else visible.newest_versions())
    page = Paginator(chosen.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    found = executions([roadmap.pk for roadmap in page.object_list], timezone.localdate())
    rows = [(roadmap, found.get(roadmap.pk, Execution(counts={}))) for roadmap in page.object_list]
    context = {
        "filter": chosen,
        "page": page,
        "rows": [(roadmap, execution, presentation.ratio_text(execution.done)) for roadmap, execution in rows],
        "total": presentation.ratio_text(total_of(found.values()).done),
        "may_create": may_create(request.user),
        "waiting": waiting_profiles(request.user),
    }
    return render(request, "roadmaps/roadmap_list.html", context)


def may_create(user: User) -> bool:
    return user.may(Permission.EDIT_ROADMAP) or user.may(Permission.EDIT_MUNICIPAL_ROADMAP)


def waiting_profiles(user: User) -> list[RiskProfile]:
    """Return the profiles with chosen risks of schools without a roadmap under way, whose plan the person keeps."""
    scope = scope_of(user, Permission.EDIT_ROADMAP)
    if not (scope.schools or scope.territories):
        return []
    profiles = RiskProfile.objects.with_risks().filter(scope.schools_q("school__"), roadmaps__isnull=True)
    planned = Roadmap.objects.under_way().filter(school__isnull=False)
    return list(profiles.exclude(school__in=planned.order_by().values("school")).select_related("school")[:20])


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.EDIT_ROADMAP)
def roadmap_create(request: AuthenticatedHttpRequest) -> HttpResponse:
    initial = {**year_period(timezone.localdate()), "owner": request.GET.get("owner", "")}
    form = RoadmapForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(created(request, form))
        except ActionRefused as refusal:
            form.add_error(None, refusal.text)
    status = 422 if request.method == "POST" else 200
    return render(request, "roadmaps/roadmap_form.html", {"form": form}, status=status)


def created(request: AuthenticatedHttpRequest, form: RoadmapForm) -> Roadmap:
    owner, chosen = form.chosen_owner, form.cleaned_data
    require(request.user, edit_permission(owner), owner)
    roadmap = create_roadmap(
        owner=owner,
        profile=profile_for(owner) if isinstance(owner, School) else None,
        kind=RoadmapKind(chosen["kind"]),
        title=chosen["title"],
        goal=chosen["goal"],
        year_label=chosen["year_label"],
        period=(chosen["period_from"], chosen["period_to"]),
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, "Карта создана. Добавьте мероприятия: изменения сохраняются сразу.")
    return roadmap


def profile_for(school: School) -> RiskProfile | None:
    """Return the newest verified profile of a school that has chosen risks and no roadmap yet."""
    profiles = RiskProfile.objects.with_risks().filter(school=school, roadmaps__isnull=True)
    return profiles.order_by("-year", "pk").first()


@require_safe
@access(Permission.VIEW_ROADMAPS)
def roadmap_detail(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    roadmap = found_roadmap(request, pk)
    context: dict[str, Any] = board_context(request, roadmap)
    return render(request, "roadmaps/roadmap_detail.html", context)


@require_safe
@access(Permission.VIEW_ROADMAPS)
def roadmap_remarks(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Answer with what is to be put right, after a cell was saved."""
    roadmap = found_roadmap(request, pk)
    return render(
        request, "roadmaps/_remarks.html", {"roadmap": roadmap, **remarks_context(roadmap, remarks_on(roadmap))}
    )


@require_safe
@access(Permission.VIEW_ROADMAPS)
def roadmap_changes(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what a version changed against the one before."""
    roadmap = found_roadmap(request, pk)
    previous = roadmap.previous
    changes = presentation.version_changes(previous, roadmap) if previous else []
    context = {"roadmap": roadmap, "previous": previous, "changes": changes}
    return render(request, "roadmaps/roadmap_changes.html", context)
