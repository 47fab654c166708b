"""The editable table: one request saves one cell and answers with its row."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, typed
from accounts.permissions import Permission
from riskprofiles.models import ProfileFactor
from roadmaps.actions import editing, planning
from roadmaps.actions.editing import CellConflict
from roadmaps.cells import CELLS
from roadmaps.checks import remarks_on_row
from roadmaps.choices import EvidenceKind
from roadmaps.errors import CellRefused, ObjectiveChanged
from roadmaps.library import by_code
from roadmaps.models import Measure, Roadmap, Section
from roadmaps.permissions import can_edit, can_report, require_keeping
from roadmaps.presentation import RowView, cell_hints, row_view
from roadmaps.views.board import sheet
from roadmaps.views.found import anyone, found_measure, found_roadmap, found_section


@require_POST
@access(Permission.EDIT_ROADMAP)
def cell_save(request: AuthenticatedHttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Save one cell: 200 the row, 422 the row with the error, 409 the row with both values."""
    if name not in CELLS:
        raise Http404
    measure = found_measure(request, pk)
    text = request.POST.get(name, "")
    try:
        measure = editing.save_cell(
            measure=measure,
            cell=CELLS[name],
            text=text,
            seen=seen_version(request),
            by=request.user,
            chosen="field" in request.POST,
        )
    except CellConflict as conflict:
        return row_answer(request, conflict.measure, status=409, conflict=conflict)
    except CellRefused as refusal:
        measure.refresh_from_db()
        return row_answer(request, measure, status=422, errors={name: (text, refusal.text)})
    except ActionRefused as refusal:
        return row_refused(request, measure, typed=text, reason=refusal.text)
    return row_answer(request, measure)


def seen_version(request: AuthenticatedHttpRequest) -> int:
    """Return the version of the row on the person's page; 0, the oldest, when it is not told."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def row_of(request: AuthenticatedHttpRequest, measure: Measure, **view: Any) -> RowView:
    details = "details" in request.POST or "details" in request.GET
    return row_view(
        measure,
        today=timezone.localdate(),
        editable=can_edit(request.user, measure.roadmap),
        reportable=can_report(request.user, measure.roadmap),
        details=details,
        hints=cell_hints(measure, remarks_on_row(measure)),
        **view,
    )


def row_answer(request: AuthenticatedHttpRequest, measure: Measure, *, status: int = 200, **view: Any) -> HttpResponse:
    answer = render_row(request, row_of(request, measure, **view), status)
    if status == 200 and request.method == "POST":
        answer["HX-Trigger"] = "saved"  # the list of remarks above the table reads itself anew
    return answer


def row_refused(request: AuthenticatedHttpRequest, measure: Measure, *, typed: str, reason: str) -> HttpResponse:
    """Answer with the row as it is and keep the typed text beside it: the roadmap is no draft any more."""
    fresh = Measure.objects.for_page().get(pk=measure.pk)
    fresh.roadmap = Roadmap.objects.with_owner().get(pk=measure.roadmap_id)
    row = row_of(request, fresh)
    row.refused, row.typed = reason, typed
    return render_row(request, row, 409)


def render_row(request: AuthenticatedHttpRequest, row: RowView, status: int = 200) -> HttpResponse:
    context = {
        "row": row,
        "roadmap": row.measure.roadmap,
        "evidence_kinds": EvidenceKind.choices,
        "profile_factors": factors_of(row.measure) if row.details else [],
        "evidence_url": row.measure.get_absolute_url(),
    }
    return render(request, "roadmaps/_measure_row.html", context, status=status)


def factors_of(measure: Measure) -> list[tuple[ProfileFactor, bool]]:
    """Return the chosen risks of the school, each with whether the measure works on it."""
    if measure.roadmap.profile_id is None:
        return []
    own = set(measure.factors.values_list("pk", flat=True))
    factors = ProfileFactor.objects.activated().of_profile(measure.roadmap.profile_id).in_order()
    return [(factor, factor.pk in own) for factor in factors]


@require_safe
@access(Permission.VIEW_ROADMAPS)
def measure_row(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Answer with a row, with its other cells when `details` is asked for."""
    return row_answer(request, found_measure(request, pk, anyone))


@require_POST
@access(Permission.EDIT_ROADMAP)
def measure_factors(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    measure = found_measure(request, pk)
    own = ProfileFactor.objects.of_profile(measure.roadmap.profile_id)
    chosen = own.with_keys(request.POST.getlist("factors"))
    try:
        measure = planning.set_factors(measure=measure, factors=list(chosen), by=request.user)
    except ActionRefused as refusal:
        return row_refused(request, measure, typed="", reason=refusal.text)
    return row_answer(request, measure)


@require_POST
@access(Permission.EDIT_ROADMAP)
def measure_add(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Add an empty measure to a section, or a standard one of the library."""
    section = found_section(request, pk)
    code = request.POST.get("code", "")
    fresh: Measure | None = None
    try:
        fresh = planning.add_measure(section=section, standard=by_code(code) if code else None, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return changed_table(request, section.roadmap, fresh=fresh)


@require_POST
@access(Permission.EDIT_ROADMAP)
def library_add(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Copy chosen measures of the library into a section of the roadmap."""
    roadmap = found_roadmap(request, pk, require_keeping)
    section = get_object_or_404(roadmap.sections.for_page(), pk=wanted_section(request))
    chosen = [standard for code in request.POST.getlist("code") if (standard := by_code(code))]
    if not chosen:
        messages.warning(request, "Отметьте в библиотеке мероприятия, которые добавить.")
    fresh: Measure | None = None
    try:
        for standard in chosen:
            fresh = planning.add_measure(section=section, standard=standard, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return changed_table(request, roadmap, fresh=fresh)


def wanted_section(request: AuthenticatedHttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("section", ""))
    except ValueError:
        raise Http404 from None


@require_POST
@access(Permission.EDIT_ROADMAP)
def section_add(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    roadmap = found_roadmap(request, pk, require_keeping)
    try:
        planning.add_section(roadmap=roadmap, title=typed(request, "title"), by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return changed_table(request, roadmap)


@require_POST
@access(Permission.EDIT_ROADMAP)
def section_objective(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Save what a section is to reach: 200 the field, 422 with the error, 409 with both texts or why not any more."""
    section = found_section(request, pk)
    mine, seen = typed(request, "objective"), request.POST.get("seen")
    try:
        section = planning.save_objective(section=section, objective=mine, seen=seen, by=request.user)
    except ObjectiveChanged as changed:
        return objective_answer(request, section, 409, mine=mine, seen=changed.theirs, refusal=changed)
    except CellRefused as refusal:
        return objective_answer(request, section, 422, mine=mine, seen=seen, refusal=refusal)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return objective_answer(request, section, 409, mine=mine, seen=seen)
    return objective_answer(request, section, 200)


def objective_answer(request: AuthenticatedHttpRequest, section: Section, status: int, **refused: Any) -> HttpResponse:
    """Answer with the field. refused: what was typed, what stands there, and the refusal with its words."""
    refused["is_changed"] = isinstance(refused.get("refusal"), ObjectiveChanged)
    context = {"section": section, "refused": refused if status != 200 else None}
    answer = render(request, "roadmaps/_section_objective.html", context, status=status)
    if status == 200:
        answer["HX-Trigger"] = "saved"
    return answer


@require_POST
@access(Permission.EDIT_ROADMAP)
def measure_move(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    measure = found_measure(request, pk)
    step = -1 if request.POST.get("to") == "up" else 1
    try:
        planning.move(measure=measure, step=step, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return changed_table(request, measure.roadmap, fresh=None)


@require_POST
@access(Permission.EDIT_ROADMAP)
def measure_exclude(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    measure = found_measure(request, pk)
    try:
        planning.exclude(measure=measure, reason=typed(request, "reason")[:2000], by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, f"Мероприятие {measure.number} исключено. Это можно отменить в течение 10 минут.")
    return changed_table(request, measure.roadmap)


@require_POST
@access(Permission.EDIT_ROADMAP)
def measure_restore(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    measure = found_measure(request, pk)
    try:
        planning.restore(measure=measure, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return changed_table(request, measure.roadmap)


@require_POST
@access(Permission.EDIT_ROADMAP)
def undo(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    roadmap = found_roadmap(request, pk, require_keeping)
    try:
        messages.success(request, editing.undo_last(roadmap=roadmap, by=request.user, at=timezone.now()))
    except ActionRefused as refusal:
        messages.warning(request, refusal.text)
    return changed_table(request, roadmap)


def changed_table(request: AuthenticatedHttpRequest, roadmap: Roadmap, *, fresh: Measure | None = None) -> HttpResponse:
    """Answer with the fresh table, or lead back to the page when the browser runs no scripts."""
    if not request.htmx:
        return redirect(f"{roadmap.get_absolute_url()}#m-{fresh.pk}" if fresh else roadmap.get_absolute_url())
    return sheet(request, Roadmap.objects.with_owner().get(pk=roadmap.pk), fresh=fresh)
