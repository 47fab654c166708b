"""What the page of a run shows (mock-up 2): read by queries, shaped by `verdict_pages`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from accounts.pieces import Segment
from schools.access import may
from schools.actions.lists import missing_decisions
from schools.calculation import calculate, read_rules
from schools.choices import ListState
from schools.forms_identification import DecisionForm, TrialForm
from schools.identification import Verdict, difference
from schools.models import (
    AssessmentResult,
    IdentificationRun,
    School,
    SchoolList,
    SchoolListItem,
    SchoolVerdict,
)
from schools.verdict_pages import VerdictCard, VerdictRow, names, threshold_words

PAGE_SIZE: Final = 50
SEGMENTS: Final = (("listed", "Попали в список"), ("near", "Близко к порогу"), ("rest", "Остальные"))


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What other thresholds would change; `error` instead when they cannot be tried."""

    entered: str = ""
    left: str = ""
    words: str = ""
    error: str = ""


def show_run(
    request: AuthenticatedHttpRequest,
    run: IdentificationRun,
    *,
    verdict: SchoolVerdict | None = None,
    form: DecisionForm | None = None,
) -> HttpResponse:
    """Render the page of a run; with a bound form, the card of its school with the errors (422)."""
    context = run_context(request, run, verdict)
    card: VerdictCard | None = context["card"]
    if card:
        context["decision_form"] = form or DecisionForm.of(card.verdict)
    status = 422 if form is not None and form.errors else 200
    return render(request, "identification/run_detail.html", context, status=status)


def run_context(
    request: AuthenticatedHttpRequest,
    run: IdentificationRun,
    verdict: SchoolVerdict | None,
) -> dict[str, Any]:
    chosen_segment = chosen(request.GET.get("segment"), verdict)
    query = request.GET.get("q", "").strip()
    found = searched(segment_of(run.verdicts.all(), chosen_segment), query)
    page = Paginator(found.for_page(), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [VerdictRow(verdict=each, year=run.year) for each in page.object_list]
    undecided = run.verdicts.undecided().count()
    current = verdict or chosen_verdict(run, request.GET.get("school"), rows)
    lists = list(run.school_lists.exclude(state=ListState.CANCELLED))
    return {
        "run": run,
        "rules": run.rules,
        "threshold": threshold_words(run.rules),
        "segments": segments(run, chosen_segment),
        "segment": chosen_segment,
        "q": query,
        "page": page,
        "rows": rows,
        "undecided": undecided,
        "missing": missing_decisions(undecided) if undecided else "",
        "included": run.verdicts.included().count(),
        "school_list": lists[0] if lists else None,
        "is_closed": any(each.state != ListState.DRAFT for each in lists),
        "changes": changes_of_published(run),
        "card": card_of(current, run) if current else None,
        "listed_since": listed_years(current.school) if current else [],
        "may_decide": may(request.user, Permission.DECIDE_IDENTIFICATION, run.territory),
        "may_publish": may(request.user, Permission.PUBLISH_LIST, run.territory),
        **trial_context(request, run),
    }


# The table


def chosen(segment: str | None, verdict: SchoolVerdict | None) -> str:
    """Return the asked segment; for a verdict that is shown, the one where it stands."""
    if segment in dict(SEGMENTS):
        return str(segment)
    if verdict is None or verdict.shown_verdict in {Verdict.SHNOR, Verdict.MANUAL}:
        return "listed"
    return "near" if verdict.verdict == Verdict.RISK_GROUP or verdict.low_procedures else "rest"


def segment_of(verdicts: Any, segment: str) -> Any:
    return {"listed": verdicts.listed, "near": verdicts.near, "rest": verdicts.rest}[segment]()


def searched(verdicts: Any, query: str) -> Any:
    return verdicts.filter(school__in=School.objects.matching(query)) if query else verdicts


def segments(run: IdentificationRun, current: str) -> list[Segment]:
    every = run.verdicts.all()
    counted = {
        name: Count("pk", filter=Q(pk__in=segment_of(every, name).order_by().values("pk"))) for name, _ in SEGMENTS
    }
    counts = every.order_by().aggregate(**counted)
    return [
        Segment(
            title=title,
            url=f"{run.get_absolute_url()}?segment={name}#t-list",
            count=counts[name],
            current=name == current,
        )
        for name, title in SEGMENTS
    ]


# The card


def chosen_verdict(run: IdentificationRun, school: str | None, rows: list[VerdictRow]) -> SchoolVerdict | None:
    """Return the verdict of the asked school, or the first of the table."""
    for row in rows:
        if str(row.verdict.school_id) == school:
            return row.verdict
    if school and is_uuid(school):
        asked: SchoolVerdict | None = run.verdicts.for_page().filter(school=UUID(school)).first()
        return asked
    return rows[0].verdict if rows else None


def is_uuid(text: str) -> bool:
    """Answer whether a text is an id at all; a forged one must not reach the database."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def card_of(verdict: SchoolVerdict, run: IdentificationRun) -> VerdictCard:
    results = sources(part.source for part in verdict.evidence)
    return VerdictCard(verdict=verdict, rules=run.rules, year=run.year, results=results)


def sources(references: Iterable[str]) -> dict[str, AssessmentResult]:
    """Return the rows of results behind the parts, with their files and who applied them."""
    ids = {int(key) for reference in references for key in reference.split(",") if key}
    rows = AssessmentResult.objects.filter(pk__in=ids).select_related("marks_file__batch__applied_by")
    return {str(row.pk): row for row in rows}


def listed_years(school: School) -> list[int]:
    """Return the years whose published lists hold the school, the earliest first."""
    items = SchoolListItem.objects.published().filter(school=school)
    return sorted(set(items.values_list("school_list__year", flat=True)))


# What differs


def changes_of_published(run: IdentificationRun) -> dict[str, Any] | None:
    """Return how this run differs from the published list of the year that another run made; None without one."""
    published = (
        SchoolList.objects.published()
        .filter(territory=run.territory, year=run.year, run__isnull=False)
        .exclude(run=run)
        .select_related("basis_document")
        .first()
    )
    if published is None:
        return None
    before = dict(published.items.values_list("school_id", "school_name"))
    after = dict(run.verdicts.listed().order_by().values_list("school_id", "school__name"))
    change = difference(before, after)
    return {
        "school_list": published,
        "entered": names(after[key] for key in change.entered),
        "left": names(before[key] for key in change.left),
    }


def trial_context(request: AuthenticatedHttpRequest, run: IdentificationRun) -> dict[str, Any]:
    """Return the trial form, and the trial when thresholds are asked for."""
    if "share_threshold_pct" not in request.GET:
        return {"trial_form": TrialForm(initial=TrialForm.initial_of(run.parameters)), "trial": None}
    form = TrialForm(request.GET)
    return {"trial_form": form, "trial": tried(run, form) if form.is_valid() else None}


def tried(run: IdentificationRun, form: TrialForm) -> Trial:
    """Judge again with other thresholds and compare with the run; stores nothing."""
    try:
        rules = read_rules({**run.parameters, **form.changes()})
        outcomes = calculate(territory=run.territory, year=run.year, rules=rules).outcomes
    except ActionRefused as refusal:
        return Trial(error=refusal.text)
    before = dict(named(run.verdicts.all()).values_list("school_id", "school__name"))
    after = {school.pk: school.name for school, outcome in outcomes if outcome.verdict is Verdict.SHNOR}
    change = difference(before, after)
    return Trial(
        entered=names(after[key] for key in change.entered),
        left=names(before[key] for key in change.left),
        words=threshold_words(rules),
    )


def named(verdicts: QuerySet[SchoolVerdict]) -> QuerySet[SchoolVerdict]:
    return verdicts.filter(verdict=Verdict.SHNOR).order_by()


def run_url(verdict: SchoolVerdict) -> str:
    """Return the page of the run with the card of a school open."""
    return f"{reverse('identification:run', args=[verdict.run_id])}?school={verdict.school_id}#why-school"
