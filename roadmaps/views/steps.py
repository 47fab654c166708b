"""The way of a version through agreement and approval."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from roadmaps.actions import flow, planning, versions
from roadmaps.choices import RevisionReason, RoadmapState
from roadmaps.forms import RemarkForm, RevisionForm
from roadmaps.models import Roadmap
from roadmaps.permissions import require_keeping, require_step
from roadmaps.views.found import found_roadmap
from schools.errors import ActRefused
from schools.forms import Before, LegalActForm


def stepped(
    request: AuthenticatedHttpRequest, roadmap: Roadmap, step: Callable[[], Roadmap], done: str
) -> HttpResponse:
    """Take a step and lead to the roadmap, with what was done or why not. Raises ActRefused, told in a form."""
    with outcome_told(request, done, apart=(ActRefused,)):
        roadmap = step()
    return redirect(roadmap)


def found_for(request: AuthenticatedHttpRequest, pk: UUID, target: RoadmapState) -> Roadmap:
    """Return a visible roadmap when the person has the right that leads to a state."""
    return found_roadmap(request, pk, lambda user, roadmap: require_step(user, roadmap, target))


@require_POST
@access(Permission.EDIT_ROADMAP)
def send(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    roadmap = found_for(request, pk, RoadmapState.AGREEMENT)
    return stepped(
        request,
        roadmap,
        lambda: flow.send(roadmap=roadmap, by=request.user, at=timezone.now()),
        "Карта направлена на согласование. До ответа она не меняется.",
    )


@require_POST
@access(Permission.EDIT_ROADMAP)
def delete(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Delete a draft that has not been sent to anybody."""
    roadmap = found_roadmap(request, pk, require_keeping)
    try:
        planning.drop_draft(roadmap=roadmap, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect(roadmap)
    messages.success(request, "Черновик карты удалён.")
    return redirect("roadmaps:list")


@require_POST
@access(Permission.APPROVE_ROADMAP)
def agree(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    roadmap = found_for(request, pk, RoadmapState.AGREED)
    return stepped(
        request,
        roadmap,
        lambda: flow.agree(roadmap=roadmap, by=request.user, at=timezone.now()),
        "Карта согласована. Осталось утвердить её приказом.",
    )


@require_POST
@access(Permission.APPROVE_ROADMAP)
def give_back(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    roadmap = found_for(request, pk, RoadmapState.DRAFT)
    form = RemarkForm(request.POST)
    remark = form.cleaned_data["reason"] if form.is_valid() else ""
    return stepped(
        request,
        roadmap,
        lambda: flow.give_back(roadmap=roadmap, remark=remark, by=request.user, at=timezone.now()),
        "Карта возвращена с замечанием.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.APPROVE_ROADMAP)
def approve(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Approve by an order: a form, then the step."""
    roadmap = found_for(request, pk, RoadmapState.APPROVED)
    agreed = Before("карта согласована", timezone.localtime(roadmap.agreed_at).date()) if roadmap.agreed_at else None
    form = LegalActForm(request.POST or None, before=agreed)
    if request.method == "POST" and form.is_valid_for(roadmap.owner):
        order = form.for_body(roadmap.owner)
        try:
            return stepped(
                request,
                roadmap,
                lambda: flow.approve(roadmap=roadmap, order=order, by=request.user, at=timezone.now()),
                f"Карта утверждена: {order}.",
            )
        except ActRefused as refusal:
            form.refuse(refusal)
    status = 422 if request.method == "POST" else 200
    return render(request, "roadmaps/roadmap_approve.html", {"form": form, "roadmap": roadmap}, status=status)


@require_POST
@access(Permission.APPROVE_ROADMAP)
def start(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    roadmap = found_for(request, pk, RoadmapState.IN_EXECUTION)
    return stepped(
        request,
        roadmap,
        lambda: flow.start_execution(roadmap=roadmap, by=request.user, at=timezone.now()),
        "Исполнение началось: отмечайте статус мероприятий и прикладывайте подтверждения.",
    )


@require_POST
@access(Permission.APPROVE_ROADMAP)
def close(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    roadmap = found_for(request, pk, RoadmapState.CLOSED)
    return stepped(
        request,
        roadmap,
        lambda: flow.close(roadmap=roadmap, by=request.user, at=timezone.now()),
        "Карта завершена.",
    )


@require_POST
@access(Permission.EDIT_ROADMAP)
def revise(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Begin a draft of changes."""
    roadmap = found_roadmap(request, pk, require_keeping)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Выберите причину изменений.")
        return redirect(roadmap)
    reason, note = RevisionReason(form.cleaned_data["reason"]), form.cleaned_data["note"]
    return stepped(
        request,
        roadmap,
        lambda: versions.start_revision(roadmap=roadmap, reason=reason, note=note, by=request.user, at=timezone.now()),
        "Черновик изменений создан. Утверждённая карта действует до нового приказа.",
    )
