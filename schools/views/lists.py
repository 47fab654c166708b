"""Lists of schools: draft, approval, publication with an order, cancellation."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from accounts.pieces import Step
from schools.access import may, require
from schools.actions import lists
from schools.choices import ListState
from schools.forms import LegalActForm
from schools.list_warnings import publication_warnings
from schools.models import IdentificationRun, LegalAct, SchoolList


@require_POST
@access(Permission.PUBLISH_LIST)
def draft(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, Permission.PUBLISH_LIST, run.territory)
    try:
        school_list = lists.draft_list(run=run, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect(run)
    return redirect(school_list)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def list_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    return show_list(request, list_of(request, pk))


def show_list(
    request: AuthenticatedHttpRequest,
    school_list: SchoolList,
    form: LegalActForm | None = None,
) -> HttpResponse:
    """Render a list with what can be done next; 422 with the errors of the order."""
    context = {
        "school_list": school_list,
        "items": school_list.items.select_related("school").order_by("school_name", "pk"),
        "form": form or LegalActForm(initial={"issuer_genitive": school_list.territory.authority_genitive}),
        "may_publish": may(request.user, Permission.PUBLISH_LIST, school_list.territory),
        "steps": steps_of(school_list),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "identification/list_detail.html", context, status=status)


def steps_of(school_list: SchoolList) -> list[Step]:
    """Return the way of a list with its state marked, for ui/steps.html."""
    way = [ListState.DRAFT, ListState.APPROVED, ListState.PUBLISHED]
    if school_list.state == ListState.CANCELLED:
        return [Step(title=ListState.CANCELLED.label, state="now")]
    place = way.index(ListState(school_list.state))
    last = len(way) - 1
    return [
        Step(title=step.label, state="done" if number < place or place == last else "now" if number == place else "")
        for number, step in enumerate(way)
    ]


@require_POST
@access(Permission.PUBLISH_LIST)
def approve(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    def step(school_list: SchoolList) -> None:
        lists.approve_list(school_list=school_list, by=request.user, at=timezone.now())

    return take_step(request, own_list(request, pk), step, "Перечень утверждён. Осталось опубликовать его с приказом.")


@require_POST
@access(Permission.PUBLISH_LIST)
def reopen(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    def step(school_list: SchoolList) -> None:
        lists.reopen_list(school_list=school_list, by=request.user)

    return take_step(request, own_list(request, pk), step, "Перечень снова черновик, решения можно менять.")


@require_POST
@access(Permission.PUBLISH_LIST)
def publish(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Publish with the order of the form; what is unusual about its date is said and never stops it."""
    school_list = own_list(request, pk)
    form = LegalActForm(request.POST)
    if not form.is_valid():
        return show_list(request, school_list, form)
    order = form.for_body(school_list.territory)

    def step(current: SchoolList) -> None:
        lists.publish_list(school_list=current, order=order, by=request.user, at=timezone.now())
        warn(request, current, order)

    return take_step(request, school_list, step, "Перечень опубликован. Школы видят, почему они в нём.")


def warn(request: AuthenticatedHttpRequest, school_list: SchoolList, order: LegalAct) -> None:
    counted = timezone.localtime(school_list.run.created_at).date() if school_list.run else None
    for text in publication_warnings(order_date=order.date, counted_on=counted, today=timezone.localdate()):
        messages.warning(request, text)


@require_POST
@access(Permission.PUBLISH_LIST)
def cancel(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Cancel a list; a published one with the order of the form."""
    school_list = own_list(request, pk)
    form = LegalActForm(request.POST)
    needs_order = school_list.state == ListState.PUBLISHED
    if needs_order and not form.is_valid():
        return show_list(request, school_list, form)
    order = form.for_body(school_list.territory) if needs_order else None

    def step(current: SchoolList) -> None:
        lists.cancel_list(school_list=current, order=order, by=request.user, at=timezone.now())

    return take_step(request, school_list, step, "Перечень отменён. Составьте новый по свежему расчёту.")


def take_step(
    request: AuthenticatedHttpRequest,
    school_list: SchoolList,
    step: Callable[[SchoolList], None],
    done: str,
) -> HttpResponse:
    """Do one step of a list; say what came of it on its page."""
    with outcome_told(request, done):
        step(school_list)
    return redirect(school_list)


def own_list(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> SchoolList:
    school_list = list_of(request, pk)
    require(request.user, Permission.PUBLISH_LIST, school_list.territory)
    return school_list


def list_of(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> SchoolList:
    return get_object_or_404(SchoolList.objects.visible_to(request.user).for_page(), pk=pk)
