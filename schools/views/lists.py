"""Lists of schools: draft, approval, publication with an order, cancellation."""

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.answers import outcome_told
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, attachment
from accounts.models import User
from accounts.permissions import Permission
from accounts.pieces import Step
from schools.access import may, require
from schools.actions import lists
from schools.choices import ListState
from schools.errors import ActRefused, WrongListState
from schools.forms import Before, LegalActForm
from schools.forms_lists import AmendmentForm, SchoolsForm
from schools.list_corrections import corrected_schools
from schools.list_entering import Entering, entering_schools
from schools.list_file import list_workbook
from schools.list_kinds import made_of
from schools.models import IdentificationRun, School, SchoolList, SchoolListItem, SocialIndexRun
from schools.views.run_table import is_uuid

FOUND_SHOWN: Final = 20
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@access(Permission.PUBLISH_LIST)
def draft(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, Permission.PUBLISH_LIST, run.territory)
    given = request.POST.get("kind") or lists.default_kind(run.territory)
    kind = next((each for each in lists.kinds_of(run) if each == given), None)

    def begin() -> SchoolList:
        if kind is None:
            raise WrongListState("Такого перечня нет. Выберите вид из предложенных.")
        return lists.draft_list(run=run, kind=kind, by=request.user, at=timezone.now())

    return begin_list(request, begin, back=run)


@require_POST
@access(Permission.PUBLISH_LIST)
def draft_social(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = get_object_or_404(SocialIndexRun.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, Permission.PUBLISH_LIST, run.territory)

    def begin() -> SchoolList:
        return lists.draft_social_list(run=run, by=request.user, at=timezone.now())

    return begin_list(request, begin, back=run)


def begin_list(
    request: AuthenticatedHttpRequest,
    begin: Callable[[], SchoolList],
    *,
    back: IdentificationRun | SocialIndexRun,
) -> HttpResponse:
    """Go to the draft, or back to the run with the reason why there is none."""
    try:
        return redirect(begin())
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect(back)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def list_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    return show_list(request, list_of(request, pk))


def show_list(
    request: AuthenticatedHttpRequest,
    school_list: SchoolList,
    form: LegalActForm | None = None,
    *,
    filling: SchoolsForm | None = None,
    amending: AmendmentForm | None = None,
    taking: AmendmentForm | None = None,
) -> HttpResponse:
    """Render a list with what can be done next; 422 with the errors of the order, of the schools or their reasons.

    amending: puts a found school in; taking: takes a school out by its row. Both as they were filled in.
    """
    items = items_of(school_list)
    is_ahead = school_list.state in {ListState.DRAFT, ListState.APPROVED}
    context = {
        "standing": SchoolList.objects.standing_before(school_list).first() if is_ahead else None,
        "school_list": school_list,
        "items": items,
        "left": [item for item in items if item.exclusions.all()],
        "gone": sum(bool(item.left) for item in items),
        "made_of": made_of(school_list.kind, is_counted=school_list.is_counted),
        "form": form or LegalActForm(initial={"issuer_genitive": school_list.territory.authority_genitive}),
        "may_publish": may(request.user, Permission.PUBLISH_LIST, school_list.territory),
        "steps": steps_of(school_list),
        "missing": missing_words(school_list),
        "empty_words": "Включите школы в расчёте." if school_list.run_id else "Добавьте школы по документу.",
        **filling_context(request, school_list, filling),
        "amendments": school_list.amendments.select_related("school", "recorded_by")
        if school_list.is_amendable
        else [],
        **amending_context(request, school_list, amending),
        **taking_context(items, taking),
        "corrected": corrected_schools(school_list) if school_list.state == ListState.PUBLISHED else [],
        "entering": entering_schools(school_list) if school_list.state == ListState.PUBLISHED else Entering(),
        "is_intact": school_list.is_intact(),
    }
    status = 422 if any(each is not None and each.errors for each in (form, filling, amending, taking)) else 200
    return render(request, "identification/list_detail.html", context, status=status)


def items_of(school_list: SchoolList) -> list[SchoolListItem]:
    """Return the schools of a list by name, with how they left it since. Two queries."""
    items = school_list.items.select_related("school").with_exclusions()
    return list(items.order_by("school_name", "pk"))


def filling_context(
    request: AuthenticatedHttpRequest, school_list: SchoolList, form: SchoolsForm | None
) -> dict[str, Any]:
    """Return the forms that fill a list from outside while it is a draft; nothing for other lists and people."""
    is_open = not school_list.is_counted and school_list.state == ListState.DRAFT
    if not is_open or not may(request.user, Permission.PUBLISH_LIST, school_list.territory):
        return {}
    return {"schools_form": form or SchoolsForm(), **search_context(request, school_list)}


def search_context(request: AuthenticatedHttpRequest, school_list: SchoolList) -> dict[str, Any]:
    """Return the schools of the territory that are searched for and not in the list yet, and which are ticked.

    A form that is refused sends the search back with it.
    """
    text = (request.POST.get("q") or request.GET.get("q", "")).replace("\x00", "").strip()
    schools = School.objects.in_territory(school_list.territory).matching(text).select_related("territory")
    listed = school_list.items.values("school")
    found = schools.exclude(pk__in=listed).order_by("name", "pk")[:FOUND_SHOWN] if text else []
    ticked = {uuid.UUID(key) for key in request.POST.getlist("school") if is_uuid(key)}
    return {"q": text, "found": found, "ticked": ticked}


def amending_context(
    request: AuthenticatedHttpRequest, school_list: SchoolList, form: AmendmentForm | None
) -> dict[str, Any]:
    """Return the forms that change a counted draft school by school; nothing for other lists and people."""
    if not is_open_to_amendments(school_list, request.user):
        return {}
    new = AmendmentForm(auto_id="amending_%s")
    return {"amendment_form": form or new, **search_context(request, school_list)}


def is_open_to_amendments(school_list: SchoolList, user: User) -> bool:
    is_open = school_list.is_amendable and school_list.state == ListState.DRAFT
    return is_open and may(user, Permission.PUBLISH_LIST, school_list.territory)


def taking_context(items: list[SchoolListItem], form: AmendmentForm | None) -> dict[str, Any]:
    """Return the refused form that takes a school out, and the row where it stands; None when no row has the school."""
    asked = str(form["school"].value() or "") if form else ""
    return {"taking": form, "taking_item": next((item for item in items if str(item.school_id) == asked), None)}


def missing_words(school_list: SchoolList) -> list[str]:
    """Return what the list still lacks before it is in force, as sentences. A query for a draft."""
    if school_list.state == ListState.APPROVED:
        return ["Укажите реквизиты приказа: без него перечень не опубликовать."]
    if school_list.state != ListState.DRAFT:
        return []
    run = school_list.run if school_list.is_of_low_results else None
    undecided = run.counts.get("undecided", 0) if run else 0
    lacks = {
        f"{lists.missing_decisions(undecided)}.": bool(undecided),
        "Добавьте школы: в перечне пока никого нет.": not school_list.items.exists(),
        "Утвердите состав.": True,
        "Укажите реквизиты приказа.": True,
    }
    return [sentence for sentence, is_lacking in lacks.items() if is_lacking]


def steps_of(school_list: SchoolList) -> list[Step]:
    """Return the way of a list with its state marked, for ui/steps.html."""
    way = [ListState.DRAFT, ListState.APPROVED, ListState.PUBLISHED]
    if school_list.state == ListState.CANCELLED:
        return cancelled_steps(school_list)
    place = way.index(ListState(school_list.state))
    last = len(way) - 1
    return [
        Step(title=step.label, state="done" if number < place or place == last else "now" if number == place else "")
        for number, step in enumerate(way)
    ]


def cancelled_steps(school_list: SchoolList) -> list[Step]:
    """Return how far a list had come, and that it ended there: by which order, when it had been published."""
    passed = [ListState.DRAFT]
    passed += [ListState.APPROVED] if school_list.approved_at else []
    passed += [ListState.PUBLISHED] if school_list.published_at else []
    order = school_list.cancel_document
    note = f"приказом {order.requisites}" if order else ""
    return [
        *(Step(title=each.label, state="done") for each in passed),
        Step(title=ListState.CANCELLED.label, state="over", note=note),
    ]


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def download(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a list as a workbook, a published one always with the same bytes; who took it is an event."""
    school_list = list_of(request, pk)
    content = list_workbook(school_list)
    record(AuditCode.REPORT_DOWNLOADED, actor=request.user, obj=school_list, workbook="list")
    name = f"{school_list.get_kind_display()} {school_list.year}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers=attachment(name))


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
    """Publish with the order of the form; one older than the run is asked about first."""
    school_list = own_list(request, pk)
    form = LegalActForm(request.POST, before=counted(school_list))
    if not form.is_valid_for(school_list.territory):
        return show_list(request, school_list, form)
    order = form.for_body(school_list.territory)

    def step(current: SchoolList) -> None:
        lists.publish_list(school_list=current, order=order, by=request.user, at=timezone.now())

    return take_step_by(form, request, school_list, step, published_words(school_list))


def published_words(school_list: SchoolList) -> str:
    """Say what schools see: why they are in the list only where something says so."""
    seen = "Школы видят, почему они в нём." if school_list.has_reasons else "Школы видят, что они в нём."
    return f"Перечень опубликован. {seen}"


def counted(school_list: SchoolList) -> Before | None:
    """Return when the run of a list was made, for the date of its order; None for a list without one."""
    source = school_list.source
    return Before("проведён расчёт", timezone.localtime(source.created_at).date()) if source else None


def approved(school_list: SchoolList) -> Before | None:
    """Return the day of the order of a list, for the date of the one that ends it."""
    order = school_list.basis_document
    return Before("утверждён перечень", order.date) if order else None


@require_POST
@access(Permission.PUBLISH_LIST)
def cancel(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Cancel a list; a published one with the order of the form."""
    school_list = own_list(request, pk)
    form = LegalActForm(request.POST, before=approved(school_list))
    needs_order = school_list.state == ListState.PUBLISHED
    if needs_order and not form.is_valid_for(school_list.territory):
        return show_list(request, school_list, form)
    order = form.for_body(school_list.territory) if needs_order else None

    def step(current: SchoolList) -> None:
        lists.cancel_list(school_list=current, order=order, by=request.user, at=timezone.now())

    return take_step_by(form, request, school_list, step, "Перечень отменён. Составьте новый по свежему расчёту.")


def take_step_by(
    form: LegalActForm,
    request: AuthenticatedHttpRequest,
    school_list: SchoolList,
    step: Callable[[SchoolList], None],
    done: str,
) -> HttpResponse:
    """Do one step of a list by the order of a form; show the form again when the order is refused."""
    try:
        return take_step(request, school_list, step, done)
    except ActRefused as refusal:
        form.refuse(refusal)
        return show_list(request, school_list, form)


def take_step(
    request: AuthenticatedHttpRequest,
    school_list: SchoolList,
    step: Callable[[SchoolList], None],
    done: str,
) -> HttpResponse:
    """Do one step of a list; say what came of it on its page. Raises ActRefused, which is told in a form."""
    with outcome_told(request, done, apart=(ActRefused,)):
        step(school_list)
    return redirect(school_list)


def own_list(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> SchoolList:
    school_list = list_of(request, pk)
    require(request.user, Permission.PUBLISH_LIST, school_list.territory)
    return school_list


def list_of(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> SchoolList:
    return get_object_or_404(SchoolList.objects.visible_to(request.user).for_page(), pk=pk)
