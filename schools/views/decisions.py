"""Decisions on schools, and the explanation for the school itself."""

import uuid
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import FORM_METHODS, AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count
from schools.access import may, require
from schools.actions.decision_undo import take_back
from schools.actions.identification import decide, decide_many
from schools.choices import LOW_RESULT_LISTS, Decision, ListState
from schools.errors import ActRefused, DecisionRefused
from schools.forms_identification import BulkForm, DecisionForm
from schools.forms_registry import BasisForm
from schools.lineage import read_lineage
from schools.models import IdentificationRun, LegalAct, SchoolList, SchoolListItem, SchoolVerdict
from schools.reference_values import references
from schools.school_years import SchoolYear, years_of
from schools.verdict_pages import WAS_LISTED
from schools.verdict_reading import card_of
from schools.views.run_page import bulk_basis, listed_years, run_url, show_run
from schools.views.run_table import is_uuid

SCHOOLS: Final = "школа,школы,школ"
TO_SCHOOLS: Final = "школе,школам,школам"
DECIDED_ALREADY: Final = "Никто не изменён: решения по выбранным школам уже приняты. Их меняют на карточке школы."
NOBODY_CHOSEN: Final = "Отметьте хотя бы одну школу: решение принимают по отмеченным."
LEFT_ALONE: Final = (
    "Остальные выбранные не изменены: решение по ним принято или правило их не называет. Их меняют на карточке школы."
)
DONE: Final = {
    Decision.INCLUDED: "Включено в список",
    Decision.POSTPONED: "Отложено",
    Decision.EXCLUDED: "Исключено",
}


@require_http_methods(FORM_METHODS)
@access(Permission.DECIDE_IDENTIFICATION)
def decide_school(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Store a decision and open the next school that waits for one; after the last one its own card.

    The card tells what was stored: the messages of a page that is asked for a school stand in its card.
    """
    verdict = verdict_of(request, pk)
    require(request.user, Permission.DECIDE_IDENTIFICATION, verdict.run.territory)
    if request.method != "POST":
        return redirect(run_url(verdict))
    form, basis = DecisionForm(request.POST, verdict=verdict), BasisForm(request.POST)
    is_valid = form.is_valid() and basis.is_valid_for(verdict.run.territory)
    if not is_valid or not stored(request, verdict, form, basis):
        return show_run(request, verdict.run, verdict=verdict, form=form, basis=basis)
    if following := next_undecided(verdict):
        return redirect(run_url(following))
    messages.info(request, "Других школ без решения нет.")
    return redirect(run_url(verdict))


def stored(request: AuthenticatedHttpRequest, verdict: SchoolVerdict, form: DecisionForm, basis: BasisForm) -> bool:
    """Try to store a decision; False with the refusal in the form, or in that of its document."""
    try:
        decided = decide(
            verdict=verdict,
            decision=Decision(form.cleaned_data["decision"]),
            reason_code=form.cleaned_data["reason"],
            text=form.cleaned_data["text"],
            document=basis.document(verdict.run.territory),
            seen=request.POST.get("seen"),
            by=request.user,
            at=timezone.now(),
        )
    except ActRefused as refusal:
        basis.refuse(refusal)
        return False
    except DecisionRefused as refusal:
        form.add_error(refusal.field, refusal.text)
        return False
    except ActionRefused as refusal:
        form.add_error(None, refusal.text)
        return False
    now = timezone.localtime()
    messages.success(request, f"{verdict.school}: {decided.get_decision_display().lower()}. Сохранено в {now:%H:%M}.")
    return True


def next_undecided(verdict: SchoolVerdict) -> SchoolVerdict | None:
    """Return the school that waits after this one in the order of the list; at its end the first that waits."""
    waiting = SchoolVerdict.objects.filter(run=verdict.run_id).undecided().exclude(pk=verdict.pk).for_page()
    return waiting.filter(place__gt=verdict.place).first() or waiting.first()


@require_http_methods(FORM_METHODS)
@access(Permission.DECIDE_IDENTIFICATION)
def decide_chosen(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Decide alike on the ticked schools, or on all that wait, of those that the rule names."""
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, Permission.DECIDE_IDENTIFICATION, run.territory)
    if request.method != "POST":
        return redirect(run)
    form, chosen = BulkForm(request.POST), chosen_of(request, run)
    excludes = request.POST.get("decision") == Decision.EXCLUDED  # the only one of these that rests on a document
    basis = bulk_basis(run, request.POST if excludes else None)
    is_basis_valid = not excludes or basis.is_valid_for(run.territory)  # asked first: all errors are told at once
    is_valid = form.is_valid() and is_basis_valid
    if is_valid and not chosen:
        form.add_error(None, NOBODY_CHOSEN)
        is_valid = False
    document = basis.document(run.territory) if is_valid and excludes else None
    if not is_valid or not stored_together(request, chosen, (form, basis), document):
        return show_run(request, run, bulk=(form, basis), chosen=frozenset(each.pk for each in chosen))
    return redirect(run)


def stored_together(
    request: AuthenticatedHttpRequest,
    chosen: list[SchoolVerdict],
    forms: tuple[BulkForm, BasisForm],
    document: LegalAct | None,
) -> bool:
    """Try to decide on the chosen schools; False with the refusal in its form, where it can be mended."""
    form, basis = forms
    ruling, at = form.ruling(document), timezone.now()
    try:
        number = decide_many(verdicts=chosen, ruling=ruling, by=request.user, at=at)
    except ActRefused as refusal:
        basis.refuse(refusal)
        return False
    except DecisionRefused as refusal:
        form.add_error(refusal.field, refusal.text)
        return False
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return True
    if not number:
        form.add_error(None, DECIDED_ALREADY)
        return False
    rest = "" if number == len(chosen) else f" {LEFT_ALONE}"
    undo = reverse("identification:take_back", args=[chosen[0].run_id, at.isoformat()])
    messages.success(request, f"{DONE[ruling.decision]}: {count(number, SCHOOLS)}.{rest}", extra_tags=undo)
    return True


@require_POST
@access(Permission.DECIDE_IDENTIFICATION)
def take_back_chosen(request: AuthenticatedHttpRequest, pk: uuid.UUID, stamp: str) -> HttpResponse:
    """Take back the decisions that the person made together. stamp: their moment, as ISO 8601 with a time zone."""
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user), pk=pk)
    require(request.user, Permission.DECIDE_IDENTIFICATION, run.territory)
    try:
        done = take_back(run=run, decided_at=moment_of(stamp), by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect(run)
    left = f" По {count(done.changed_since, TO_SCHOOLS)} решение с тех пор изменено: оно осталось."
    taken = f"Отменено решение по {count(done.number, TO_SCHOOLS)}."
    messages.success(request, f"{taken}{left if done.changed_since else ''}")
    return redirect(run)


def moment_of(stamp: str) -> datetime:
    """Return the moment of an address. Raises Http404 when it is none."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        raise Http404 from None
    if moment.tzinfo is None:
        raise Http404
    return moment


def chosen_of(request: AuthenticatedHttpRequest, run: IdentificationRun) -> list[SchoolVerdict]:
    if request.POST.get("all"):
        return list(run.verdicts.undecided())
    return list(run.verdicts.filter(pk__in=[key for key in request.POST.getlist("verdict") if is_uuid(key)]))


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def explain(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show why a school is in the list, read only: for the school itself once the list is published.

    When an order has annulled the list, the school reads why it was in it, and nothing of what is decided since.
    """
    verdict = verdict_of(request, pk)
    lineage = read_lineage()
    card = card_of(verdict, verdict.run, lineage)
    school_list, years = list_that_shows(verdict), years_of(verdict.school, request.user)
    item, today = item_in(school_list, years), timezone.localdate()
    context = {
        "run": verdict.run,
        "card": card,
        "references": references(verdict.school, [row.part for row in card.first_rows], card.rules, card.quarters),
        "years": years,
        "today": today,
        "listed_since": listed_years(verdict.school, lineage),
        "school_list": school_list,
        "title": WAS_LISTED if has_left(school_list, item, today) else card.title,
        "left": item.left if item else None,
        "extract_query": extract_query(verdict, item, request.user),
        "may_read_reports": bool(item) and may(request.user, Permission.VIEW_REPORTS, verdict.school),
    }
    return render(request, "identification/explain.html", context)


def has_left(school_list: SchoolList | None, item: SchoolListItem | None, today: date) -> bool:
    """Answer whether the list that the page speaks of holds the school no more: annulled, or left by an order.

    Everybody reads it so, whatever has been decided for the next list since.
    """
    is_annulled = school_list is not None and school_list.state == ListState.CANCELLED
    exclusion = item.left if item else None
    return is_annulled or (exclusion is not None and exclusion.excluded_on <= today)


def item_in(school_list: SchoolList | None, years: list[SchoolYear]) -> SchoolListItem | None:
    """Return the school in a list, out of those of its years."""
    items = (item for each in years for item in each.items)
    return next((item for item in items if school_list and item.school_list_id == school_list.pk), None)


def extract_query(verdict: SchoolVerdict, item: SchoolListItem | None, user: User) -> str:
    """Return what the page of reports is asked for: the extract for the head of the school; "" when it cannot be.

    It is of a school that the list in force holds, or has held until an order excluded it.
    """
    if item is None or item.school_list.state != ListState.PUBLISHED:
        return ""
    if not may(user, Permission.BUILD_REPORTS, verdict.school):
        return ""
    year = item.school_list.year
    day = {"as_of": timezone.localdate().isoformat()}  # the list may have been published after its year
    period = {"period": "own", "period_from": f"{year}-01-01", "period_to": f"{year}-12-31", **day}
    return urlencode({"kind": "R8S", "scope": f"school:{item.school_id}", **period})


def list_that_shows(verdict: SchoolVerdict) -> SchoolList | None:
    """Return the published list of low results of the run, else that of the risk group with the school.

    Without any the one that held the school and was annulled last.
    """
    holding = Q(items__school=verdict.school_id)
    in_force = Q(state=ListState.PUBLISHED) & (Q(kind__in=LOW_RESULT_LISTS) | holding)
    annulled = Q(holding, state=ListState.CANCELLED, published_at__isnull=False)
    lists = verdict.run.school_lists.explaining().filter(in_force | annulled).distinct()
    newest = F("cancelled_at").desc(nulls_first=True)
    return lists.select_related("basis_document", "cancel_document").order_by(newest, "kind", "pk").first()


def verdict_of(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> SchoolVerdict:
    verdicts = (
        SchoolVerdict.objects.visible_to(request.user)
        .with_decision_told(request.user)
        .select_related(
            "school__territory__parent",
            "decision_document",
            "decided_by",
            "run__territory",
            "run__rule_set__basis_document",
            "run__cluster_set__basis_document",
            "run__created_by",
        )
    )
    return get_object_or_404(verdicts, pk=pk)
