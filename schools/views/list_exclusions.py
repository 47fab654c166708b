"""A school leaves a published list, or comes back: the forms of the orders, and those who left as a file of its own."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.http import AuthenticatedHttpRequest, attachment
from accounts.permissions import Permission
from schools.access import require
from schools.actions.list_exclusions import annul_exclusion, exclude_from_list
from schools.choices import ListState
from schools.errors import ActRefused, ExclusionRefused
from schools.exclusion_file import exclusions_workbook
from schools.forms import LegalActForm, Since
from schools.forms_lists import AnnulmentForm, ExclusionForm
from schools.models import ListExclusion, SchoolListItem
from schools.views.lists import XLSX, list_of


@dataclass(frozen=True, kw_only=True)
class Act:
    """What an order does to a school of a published list. has_left: of which schools it can be said."""

    has_left: bool
    form: type[ExclusionForm | AnnulmentForm]
    store: Callable[..., ListExclusion]
    template: str
    done: str
    no_more: str


EXCLUSION: Final = Act(
    has_left=False,
    form=ExclusionForm,
    store=exclude_from_list,
    template="identification/list_exclude.html",
    done="Исключение записано с приказом. Опубликованный перечень остаётся прежним, исключение показано рядом.",
    no_more="Школа уже исключена из этого перечня приказом.",
)
ANNULMENT: Final = Act(
    has_left=True,
    form=AnnulmentForm,
    store=annul_exclusion,
    template="identification/list_annul.html",
    done="Отмена записана: школа снова в перечне. Исключение и его отмена остаются в истории.",
    no_more="Школа в перечне: исключения, которое можно отменить, нет.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.PUBLISH_LIST)
def exclude(request: AuthenticatedHttpRequest, pk: uuid.UUID, school: uuid.UUID) -> HttpResponse:
    """Show the form of an exclusion, or write it down; a school that has left already leads back to the list."""
    return acted(request, pk, school, EXCLUSION)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.PUBLISH_LIST)
def annul(request: AuthenticatedHttpRequest, pk: uuid.UUID, school: uuid.UUID) -> HttpResponse:
    """Show the form of an annulment, or write it down; a school that has not left leads back to the list."""
    return acted(request, pk, school, ANNULMENT)


def acted(request: AuthenticatedHttpRequest, pk: uuid.UUID, school: uuid.UUID, act: Act) -> HttpResponse:
    item = item_of(request, pk, school)
    if bool(item.left) != act.has_left:
        messages.warning(request, act.no_more)
        return redirect(item.school_list)
    if request.method != "POST":
        order = LegalActForm(initial={"issuer_genitive": item.school_list.territory.authority_genitive})
        return show(request, item, act, act.form(), order)
    form = act.form(request.POST)
    is_valid = form.is_valid()
    order = LegalActForm(request.POST, since=since_of(form, item))
    is_ready = order.is_valid_for(item.school_list.territory) and is_valid
    if is_ready and is_written(request, item, act, form, order):
        messages.success(request, act.done)
        return redirect(item.school_list)
    return show(request, item, act, form, order)


def since_of(form: ExclusionForm | AnnulmentForm, item: SchoolListItem) -> Since | None:
    """Return what the order brings about, to be asked of its date; None for a day that is refused as too early."""
    earliest = item.left.excluded_on if item.left else item.included_on
    since = form.since
    return since if since and earliest and since.day >= earliest else None


def item_of(request: AuthenticatedHttpRequest, pk: uuid.UUID, school: uuid.UUID) -> SchoolListItem:
    school_list = list_of(request, pk)
    require(request.user, Permission.PUBLISH_LIST, school_list.territory)
    item = get_object_or_404(school_list.items.select_related("school"), school=school)
    item.school_list = school_list
    if school_list.state != ListState.PUBLISHED:
        raise Http404
    return item


def is_written(
    request: AuthenticatedHttpRequest, item: SchoolListItem, act: Act, form: forms.Form, order: LegalActForm
) -> bool:
    """Store the act, or put its refusal, or that of its order, on the forms and return False."""
    document = order.for_body(item.school_list.territory)
    try:
        act.store(item=item, **form.cleaned_data, order=document, by=request.user, at=timezone.now())
    except ActRefused as refusal:
        order.refuse(refusal)
    except ExclusionRefused as refusal:
        form.add_error(refusal.field, refusal.text)
    return not (form.errors or order.errors)


def show(
    request: AuthenticatedHttpRequest, item: SchoolListItem, act: Act, form: forms.Form, order: LegalActForm
) -> HttpResponse:
    """Render the form; 422 with its errors."""
    context = {"item": item, "school_list": item.school_list, "form": form, "act_form": order}
    status = 422 if form.errors or order.errors else 200
    return render(request, act.template, context, status=status)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def download(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the schools that left a list as a workbook of their own; who took it is an event."""
    school_list = list_of(request, pk)
    content = exclusions_workbook(school_list)
    record(AuditCode.REPORT_DOWNLOADED, actor=request.user, obj=school_list, workbook="exclusions")
    name = f"Исключения, {school_list.get_kind_display()} {school_list.year}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers=attachment(name))
