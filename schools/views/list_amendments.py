"""Single schools in and out of the draft of a counted list, each with its reason."""

import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import access
from accounts.answers import outcome_told
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from schools.actions import list_amendments
from schools.forms_lists import AmendmentForm
from schools.views.lists import own_list, show_list

OUT: Final = "Школа убрана из черновика, причина записана."
IN: Final = "Школа добавлена в черновик, причина записана."


@require_POST
@access(Permission.PUBLISH_LIST)
def take_out(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    return amended(request, pk, list_amendments.take_out, OUT)


@require_POST
@access(Permission.PUBLISH_LIST)
def put_in(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    return amended(request, pk, list_amendments.put_in, IN)


def amended(request: AuthenticatedHttpRequest, pk: uuid.UUID, change: Callable[..., None], done: str) -> HttpResponse:
    """Do the change, or show the list with the form and what is wrong with it (422)."""
    school_list = own_list(request, pk)
    form = AmendmentForm(request.POST)
    if not form.is_valid():
        return show_list(request, school_list, amending=form)
    with outcome_told(request, done):
        change(school_list=school_list, **form.cleaned_data, by=request.user, at=timezone.now())
    return redirect(school_list)


@require_POST
@access(Permission.PUBLISH_LIST)
def undo(request: AuthenticatedHttpRequest, pk: uuid.UUID, school: uuid.UUID) -> HttpResponse:
    school_list = own_list(request, pk)
    with outcome_told(request, "Состав по школе снова такой, как в расчёте."):
        list_amendments.undo_amendment(school_list=school_list, school=school, by=request.user)
    return redirect(school_list)
