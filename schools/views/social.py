"""The social index: runs, the list with the matrix, the evidence of a school, the rule and its versions."""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.http import AuthenticatedHttpRequest, attachment
from accounts.permissions import Permission
from accounts.pieces import Segment
from jobs.actions import enqueue
from jobs.models import Job
from schools.access import may, require, scope_of
from schools.actions.social import load_social_rule, new_social_version
from schools.choices import SOCIAL_VERDICT_TITLES, ListKind, ListState
from schools.errors import SocialRuleNotAccepted
from schools.exports_social import social_workbook
from schools.forms_social import SocialRuleForm, SocialStartForm
from schools.models import (
    IdentificationRun,
    School,
    SchoolList,
    SchoolSocialIndex,
    SocialIndexRule,
    SocialIndexRun,
)
from schools.social import SocialVerdict
from schools.social_matrix import Placed, matrix_of, placed, segment_conditions, segment_counts
from schools.social_pages import (
    IndexRow,
    SocialCard,
    indicator_rows,
    rule_facts,
)

PAGE_SIZE: Final = 50
RUNS_SHOWN: Final = 30
KIND: Final = "social.run"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def social_runs(request: AuthenticatedHttpRequest) -> HttpResponse:
    return show_social_runs(request)


def show_social_runs(request: AuthenticatedHttpRequest, form: SocialStartForm | None = None) -> HttpResponse:
    """Render runs and the start form, to a single school its own indices; 422 with errors."""
    runs = SocialIndexRun.objects.visible_to(request.user).for_page().newest_first()
    can_run = request.user.may(Permission.RUN_IDENTIFICATION)
    context = {
        "runs": runs[:RUNS_SHOWN],
        "own": own_indices(request),
        "rules": SocialIndexRule.objects.order_by("code", "-version")[:RUNS_SHOWN],
        "form": form or (SocialStartForm(user=request.user) if can_run else None),
        "jobs": Job.objects.visible_to(request.user).filter(kind=KIND).active(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "identification/social_list.html", context, status=status)


def own_indices(request: AuthenticatedHttpRequest) -> list[IndexRow]:
    """Return the indices of a person who has schools and no territory."""
    if scope_of(request.user).territories:
        return []
    found = SchoolSocialIndex.objects.visible_to(request.user).select_related("school", "run__rule", "run__territory")
    newest = found.order_by("-run__year", "-run__created_at", "pk")[:RUNS_SHOWN]
    return [IndexRow(stored=each, rule=each.run.used_rule) for each in newest]


@require_POST
@access(Permission.RUN_IDENTIFICATION)
def social_start(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = SocialStartForm(request.POST, user=request.user)
    if not form.is_valid():
        return show_social_runs(request, form)
    territory, year = form.cleaned_data["territory"], form.cleaned_data["year"]
    require(request.user, Permission.RUN_IDENTIFICATION, territory)
    rule = form.cleaned_data["rule"] or load_social_rule(by=request.user)
    enqueue(
        kind=KIND,
        params={"rule": str(rule.pk), "territory": str(territory.pk), "year": year},
        by=request.user,
        title=f"Социальные условия на 1 октября {year} года: {territory}",
    )
    messages.success(request, "Расчёт поставлен в очередь. Когда он будет готов, здесь появится ссылка.")
    return redirect("identification:social")


# A run


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def social_run(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = get_object_or_404(SocialIndexRun.objects.visible_to(request.user).for_page(), pk=pk)
    results = results_beside(run)
    indices = run.indices.all() if results is None else run.indices.beside(results)
    views = {name: condition for name, _, condition in segment_conditions(results)}
    chosen = request.GET.get("segment") if request.GET.get("segment") in views else "hard"
    query = request.GET.get("q", "").strip()
    page = Paginator(searched(indices.filter(views[str(chosen)]), query).for_page(), PAGE_SIZE)
    shown = page.get_page(request.GET.get("page"))
    rule, counts = run.used_rule, placed(run, results)
    context = {
        "run": run,
        "cut": rule.cut,
        "hard": counts.verdicts.get(SocialVerdict.SHNSU, 0),
        **list_context(run),
        "may_publish": may(request.user, Permission.PUBLISH_LIST, run.territory),
        "matrix": matrix_of(run, results, counts.quadrants) if results else None,
        "segments": segments(run, results, counts, str(chosen)),
        "segment": chosen,
        "q": query,
        "page": shown,
        "rows": [IndexRow(stored=each, rule=rule) for each in shown.object_list],
    }
    return render(request, "identification/social_run.html", context)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def social_download(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give every school of a run as a workbook; who took it is an event."""
    run = get_object_or_404(SocialIndexRun.objects.visible_to(request.user).for_page(), pk=pk)
    results = results_beside(run)
    content = social_workbook(run, results, placed(run, results))
    record(AuditCode.REPORT_DOWNLOADED, actor=request.user, obj=run, workbook="social")
    name = f"Социальные условия {run.year} {run.territory.name}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers=attachment(name))


def list_context(run: SocialIndexRun) -> dict[str, SchoolList | None]:
    """Return the list of a run, and the published one of another run that has to be cancelled before."""
    own = run.school_lists.exclude(state=ListState.CANCELLED).first()
    asked = SchoolList(kind=ListKind.SHNSU, year=run.year, territory=run.territory)
    return {"school_list": own, "standing": None if own else SchoolList.objects.standing_before(asked).first()}


def results_beside(run: SocialIndexRun) -> IdentificationRun | None:
    """Return the identification run over the same territory with the newest results that this contingent has had.

    Of the runs of one year that which the list or the decisions rest on: a trial run names nobody.
    """
    runs = IdentificationRun.objects.filter(territory=run.territory, year__lte=run.year + 1).select_related("rule_set")
    return runs.standing_first("-year").first()


def segments(run: SocialIndexRun, results: IdentificationRun | None, counts: Placed, chosen: str) -> list[Segment]:
    numbers, url = segment_counts(counts), run.get_absolute_url()
    return [
        Segment(title=title, url=f"{url}?segment={name}#t-list", count=numbers[name], current=name == chosen)
        for name, title, _ in segment_conditions(results)
    ]


def searched(indices: Any, query: str) -> Any:
    return indices.filter(school__in=School.objects.matching(query)) if query else indices


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def social_school(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the evidence of a school, for print."""
    rows = SchoolSocialIndex.objects.visible_to(request.user).select_related(
        "school__territory", "run__rule__basis_document", "run__territory"
    )
    index = get_object_or_404(rows, pk=pk)
    card = SocialCard(stored=index, rule=index.run.used_rule)
    context = {"card": card, "run": index.run, "school": index.school, "index": index}
    return render(request, "identification/social_school.html", context)


# The rule


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def social_rule(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    rule = get_object_or_404(SocialIndexRule.objects.select_related("basis_document"), pk=pk)
    context = {
        "rule": rule,
        "facts": rule_facts(rule.rule),
        "indicators": indicator_rows(rule.rule),
        "verdicts": SOCIAL_VERDICT_TITLES,
        "versions": SocialIndexRule.objects.filter(code=rule.code).order_by("-version", "pk"),
        "is_used": rule.runs.exists(),
        "may_change": request.user.may(Permission.MANAGE_RULES),
    }
    return render(request, "identification/social_rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.MANAGE_RULES)
def social_rule_new(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write a new version with other numbers; the one it starts from stays as it is."""
    rule = get_object_or_404(SocialIndexRule, pk=pk)
    if request.method != "POST":
        context = {"rule": rule, "form": SocialRuleForm.of(rule)}
        return render(request, "identification/social_rule_form.html", context)
    form = SocialRuleForm(request.POST, parameters=rule.parameters)
    if form.is_valid() and (stored := stored_version(rule, form, request)):
        messages.success(request, f"Сохранена версия {stored.version}. Проведите по ней расчёт.")
        return redirect(stored)
    context = {"rule": rule, "form": form}
    return render(request, "identification/social_rule_form.html", context, status=422)


def stored_version(
    rule: SocialIndexRule, form: SocialRuleForm, request: AuthenticatedHttpRequest
) -> SocialIndexRule | None:
    """Store the version, or put the refusal of the rule on the form and return None."""
    try:
        return new_social_version(
            rule=rule,
            parameters=form.changed_parameters(),
            provenance=form.cleaned_data["provenance"],
            by=request.user,
        )
    except SocialRuleNotAccepted as refusal:
        for problem in refusal.problems:
            form.add_error(None, problem)
        return None
