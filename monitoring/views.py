"""Pages of monitoring: cycles, the matrix, the form of a school."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from accounts.russian import count
from monitoring import presentation
from monitoring.actions.cycles import drop_cycle, move_cycle, plan_cycle, remind
from monitoring.actions.submissions import accept, give_back, save_reading, submit
from monitoring.choices import CycleState
from monitoring.errors import NotComplete
from monitoring.forms import CycleForm, ReadingForm, RemarkForm
from monitoring.matrix import build_matrix
from monitoring.models import MonitoringCycle, Reading, Submission
from schools.access import may, require
from schools.actions.acts import register_act
from schools.errors import ActRefused
from schools.forms import LegalActForm


@require_safe
@access(Permission.VIEW_MONITORING)
def cycle_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    cycles = MonitoringCycle.objects.visible_to(request.user).with_progress().for_page()
    submissions = Submission.objects.visible_to(request.user).missing().for_page()
    context = {
        "cycles": cycles,
        "waiting": submissions if request.user.may(Permission.FILL_SUBMISSION) else [],
        "may_manage": request.user.may(Permission.MANAGE_CYCLES),
    }
    return render(request, "monitoring/cycle_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.MANAGE_CYCLES)
def cycle_create(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = CycleForm(request.POST or None, user=request.user, initial={"year": timezone.localdate().year})
    act_form = LegalActForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and act_form.is_valid_for(form.cleaned_data["territory"]):
        try:
            return plan_from_forms(request, form, act_form)
        except ActRefused as refusal:
            act_form.refuse(refusal)
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "monitoring/cycle_form.html",
        {"form": form, "act_form": act_form, "forms": [form, act_form]},
        status=status,
    )


def plan_from_forms(request: AuthenticatedHttpRequest, form: CycleForm, act_form: LegalActForm) -> HttpResponse:
    """Store the cycle and lead to it. Raises ActRefused."""
    chosen = dict(form.cleaned_data)
    territory = chosen["territory"]
    require(request.user, Permission.MANAGE_CYCLES, territory)
    act = register_act(act=act_form.for_body(territory), by=request.user)
    cycle = plan_cycle(**chosen, basis_order=act, by=request.user, at=timezone.now())
    messages.success(request, "Цикл создан. Откройте сбор, когда школы должны его увидеть.")
    return redirect("monitoring:cycle", cycle.pk)


@require_safe
@access(Permission.VIEW_MONITORING)
def cycle_detail(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    cycle = visible_cycle(request, pk)
    look = presentation.Look(request.GET.get("look", presentation.Look.VALUES))
    context = {
        "cycle": cycle,
        "matrix": build_matrix(cycle=cycle, user=request.user),
        "look": look,
        "segments": presentation.look_segments(look),
        "steps": presentation.stage_steps(cycle, request.user),
        "moves": presentation.possible_moves(cycle) if may_manage(request, cycle) else [],
        "may_manage": may_manage(request, cycle),
    }
    return render(request, "monitoring/cycle_detail.html", context)


def may_manage(request: AuthenticatedHttpRequest, cycle: MonitoringCycle) -> bool:
    return may(request.user, Permission.MANAGE_CYCLES, cycle.territory)


def visible_cycle(request: AuthenticatedHttpRequest, pk: str) -> MonitoringCycle:
    return get_object_or_404(MonitoringCycle.objects.visible_to(request.user).for_page(), pk=pk)


def managed_cycle(request: AuthenticatedHttpRequest, pk: str) -> MonitoringCycle:
    cycle = visible_cycle(request, pk)
    require(request.user, Permission.MANAGE_CYCLES, cycle.territory)
    return cycle


@require_POST
@access(Permission.MANAGE_CYCLES)
def cycle_move(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    cycle = managed_cycle(request, pk)
    wanted = request.POST.get("to", "")
    if wanted not in CycleState.values:
        messages.error(request, f"Состояния «{wanted}» нет.")
        return redirect("monitoring:cycle", pk)
    try:
        moved = move_cycle(cycle=cycle, to=CycleState(wanted), by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, f"{moved}: {moved.get_state_display().lower()}.")
    return redirect("monitoring:cycle", pk)


@require_POST
@access(Permission.MANAGE_CYCLES)
def cycle_delete(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    """Delete a cycle that has only been planned."""
    cycle = managed_cycle(request, pk)
    try:
        drop_cycle(cycle=cycle, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect("monitoring:cycle", pk)
    messages.success(request, f"{cycle}: цикл удалён.")
    return redirect("monitoring:cycles")


@require_POST
@access(Permission.MANAGE_CYCLES)
def cycle_remind(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    reminded = remind(cycle=managed_cycle(request, pk), by=request.user, at=timezone.now())
    if reminded:
        messages.success(request, f"Напоминание увидят {count(reminded, 'школа,школы,школ')} на странице «Сегодня».")
    else:
        messages.info(request, "Напоминать некому: все школы сдали показатели.")
    return redirect("monitoring:cycle", pk)


def visible_submission(request: AuthenticatedHttpRequest, pk: str) -> Submission:
    return get_object_or_404(Submission.objects.visible_to(request.user).for_page(), pk=pk)


@require_safe
@access(Permission.VIEW_MONITORING)
def submission_detail(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    return show_submission(request, visible_submission(request, pk))


def show_submission(
    request: AuthenticatedHttpRequest,
    submission: Submission,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {
        **presentation.submission_context(submission, request.user),
        "remark_form": RemarkForm(),
        **extra,
    }
    return render(request, "monitoring/submission_detail.html", context, status=status)


@require_POST
@access(Permission.FILL_SUBMISSION)
def reading_save(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Save one metric on change and give its row back: 200 saved, 422 wrong input, 409 changed by somebody else."""
    reading = get_object_or_404(Reading.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, Permission.FILL_SUBMISSION, reading.submission.school)
    form = ReadingForm(request.POST)
    if not form.is_valid():
        return show_row(request, reading, form=form, status=422)
    try:
        saved = save_reading(
            reading=reading,
            value=form.value(),
            seen_version=form.cleaned_data["seen_version"],
            by=request.user,
        )
    except ActionRefused as refusal:
        return show_row(request, reading, form=form, refusal=refusal.text, status=409)
    return show_row(request, saved, saved_at=timezone.localtime())


def show_row(
    request: AuthenticatedHttpRequest,
    reading: Reading,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {"reading": reading, "may_fill": True, **extra}
    return render(request, "monitoring/_submission_row.html", context, status=status)


@require_POST
@access(Permission.FILL_SUBMISSION)
def submission_submit(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    submission = visible_submission(request, pk)
    require(request.user, Permission.FILL_SUBMISSION, submission.school)
    try:
        submit(submission=submission, by=request.user, at=timezone.now())
    except NotComplete as refusal:
        return show_submission(request, submission, status=422, refusal=refusal.text, gaps=refusal.titles)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, "Показатели сданы. Координатор проверит их и примет или вернёт с замечанием.")
    return redirect("monitoring:submission", pk)


@require_POST
@access(Permission.ACCEPT_SUBMISSION)
def submission_accept(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    submission = visible_submission(request, pk)
    require(request.user, Permission.ACCEPT_SUBMISSION, submission.school)
    with outcome_told(request, "Показатели приняты."):
        accept(submission=submission, by=request.user, at=timezone.now())
    return redirect("monitoring:cycle", submission.cycle_id)


@require_POST
@access(Permission.ACCEPT_SUBMISSION)
def submission_return(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    submission = visible_submission(request, pk)
    require(request.user, Permission.ACCEPT_SUBMISSION, submission.school)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return show_submission(request, submission, status=422, remark_form=form)
    with outcome_told(request, presentation.returned_words(submission.cycle)):
        give_back(submission=submission, remark=form.cleaned_data["remark"], by=request.user)
    return redirect("monitoring:cycle", submission.cycle_id)
