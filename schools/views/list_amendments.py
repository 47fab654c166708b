"""Single schools in and out of the draft of a counted list, each with its reason."""

import uuid
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from schools.actions import list_amendments
from schools.forms_lists import AmendmentForm
from schools.models import SchoolList
from schools.views.lists import is_open_to_amendments, own_list, show_list

OUT: Final = "Школа убрана из черновика, причина записана."
IN: Final = "Школа добавлена в черновик, причина записана."


@require_POST
@access(Permission.PUBLISH_LIST)
def take_out(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    return amended(request, pk, list_amendments.take_out, OUT, "taking")


@require_POST
@access(Permission.PUBLISH_LIST)
def put_in(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    return amended(request, pk, list_amendments.put_in, IN, "amending")


def amended(
    request: AuthenticatedHttpRequest, pk: uuid.UUID, change: Callable[..., None], done: str, place: str
) -> HttpResponse:
    """Do the change, or show the list with the form as it was filled and what is wrong with it (422).

    place: which form of the page it is, «taking» of a row or «amending» of the search. A list that is no draft any more
    has none, so that the reason of the refusal is a message.
    """
    school_list = own_list(request, pk)
    form = AmendmentForm(request.POST, auto_id=f"{place}_%s")
    if not form.is_valid():
        return refused(request, school_list, form, place)
    try:
        change(school_list=school_list, **form.cleaned_data, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        current = own_list(request, pk)
        if is_open_to_amendments(current, request.user):
            form.add_error(None, refusal.text)
            return refused(request, current, form, place)
        messages.error(request, refusal.text)
    else:
        messages.success(request, done)
    return redirect(school_list)


def refused(
    request: AuthenticatedHttpRequest, school_list: SchoolList, form: AmendmentForm, place: str
) -> HttpResponse:
    """Show the list with a refused form where it was filled in."""
    if place == "taking":
        return show_list(request, school_list, taking=form)
    return show_list(request, school_list, amending=form)


@require_POST
@access(Permission.PUBLISH_LIST)
def undo(request: AuthenticatedHttpRequest, pk: uuid.UUID, school: uuid.UUID) -> HttpResponse:
    school_list = own_list(request, pk)
    with outcome_told(request, "Состав по школе снова такой, как в расчёте."):
        list_amendments.undo_amendment(school_list=school_list, school=school, by=request.user)
    return redirect(school_list)
