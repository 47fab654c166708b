"""What the page of a run shows (mock-up 2): read by few queries, shaped by `verdict_pages`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.forms import model_to_dict
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Permission
from accounts.pieces import Action
from accounts.russian import listing
from schools.access import may
from schools.actions.lists import default_kind, missing_decisions
from schools.choices import Decision, ListKind, ListState
from schools.forms_identification import BulkForm, DecisionForm, TrialForm, VersionForm
from schools.forms_registry import BasisForm
from schools.identification import Verdict
from schools.lineage import Lineage, read_lineage
from schools.list_kinds import BY_VERDICT, offered
from schools.models import (
    IdentificationRun,
    Membership,
    School,
    SchoolList,
    SchoolListItem,
    SchoolVerdict,
)
from schools.quarter_words import quarter_lines
from schools.social_pages import conditions_told
from schools.unmeasured import unmeasured_words
from schools.verdict_pages import WAS_LISTED, VerdictCard, names, threshold_words
from schools.verdict_reading import card_of
from schools.views.run_table import RunTable, chosen_verdict, table_context
from schools.views.trial import trial_context, tried

RUNNERS_SHOWN: Final = 3
BULK_ACTIONS: Final = (
    Action(name="decision", value=Decision.INCLUDED, title="Включить выбранные в список", icon="check"),
    Action(name="decision", value=Decision.POSTPONED, title="Отложить", icon="clock"),
)


def show_run(
    request: AuthenticatedHttpRequest,
    run: IdentificationRun,
    *,
    verdict: SchoolVerdict | None = None,
    form: DecisionForm | None = None,
    basis: BasisForm | None = None,
    version: tuple[VersionForm, BasisForm] | None = None,
    bulk: tuple[BulkForm, BasisForm] | None = None,
    chosen: Collection[UUID] = (),
    newer: IdentificationRun | None = None,
) -> HttpResponse:
    """Render the page of a run; with a bound form, the card of its school or the trial with the errors (422).

    bulk, chosen: a decision on several schools that was not taken, and the keys of their verdicts.
    newer: a later run of the same territory and year that nothing rests on yet.
    """
    context = {**run_context(request, run, verdict), **refused_version(run, version), "newer": newer}
    card: VerdictCard | None = context["card"]
    if card:
        context["why"] = WAS_LISTED if run.year in context["left_since"] else card.title
        context["decision_form"] = form or DecisionForm.of(card.verdict)
        context["basis_form"] = basis or basis_of(card.verdict, run)
    bulk_form, its_basis = bulk or (BulkForm(), bulk_basis(run))
    context |= {"bulk_form": bulk_form, "bulk_basis": its_basis, "chosen": chosen}
    bound = [each for each in (form, basis, *(bulk or ()), *(version or ())) if each is not None]
    context["has_errors"] = has_errors = any(each.errors for each in bound)
    return render(request, "identification/run_detail.html", context, status=422 if has_errors else 200)


def refused_version(run: IdentificationRun, version: tuple[VersionForm, BasisForm] | None) -> dict[str, Any]:
    """Return the trial once more with the errors of the version that was not saved."""
    if version is None:
        return {}
    form, basis = version
    shown = TrialForm(form.data)
    trial = tried(run, shown) if shown.is_valid() else None
    return {"trial_form": shown, "trial": trial, "version_form": form, "version_basis": basis}


def basis_of(verdict: SchoolVerdict, run: IdentificationRun) -> BasisForm:
    """Return the form of the document that a decision rests on, as it is stored."""
    if verdict.decision_document is None:
        return BasisForm(initial={"issuer_genitive": run.territory.authority_genitive})
    return BasisForm(initial=model_to_dict(verdict.decision_document, BasisForm.Meta.fields))


def bulk_basis(run: IdentificationRun, data: QueryDict | None = None) -> BasisForm:
    """Return the form of the document that a decision on several schools rests on, beside that of one school."""
    issuer = run.territory.authority_genitive
    return BasisForm(data, prefix="bulk", initial={"issuer_genitive": issuer})


def run_context(
    request: AuthenticatedHttpRequest,
    run: IdentificationRun,
    verdict: SchoolVerdict | None,
) -> dict[str, Any]:
    shown = table_context(RunTable.of(run, request.GET, verdict))
    current = verdict or chosen_verdict(run, request.GET.get("school"), shown["page"].rows)
    lineage = read_lineage() if current else Lineage()
    undecided = run.counts.get("undecided", 0)
    may_publish = may(request.user, Permission.PUBLISH_LIST, run.territory)
    return {
        "run": run,
        "rules": run.rules,
        "conditions": conditions_told(run),
        "quarters": quarter_lines(run),
        "unmeasured": unmeasured_words(run),
        "threshold": threshold_words(run.rules),
        **shown,
        "undecided": undecided,
        "missing": missing_decisions(undecided) if undecided else "",
        "included": run.counts.get("included", 0),
        **lists_context(run, lists_about(run, current, lineage), may_publish=may_publish),
        "card": card_of(current, run, lineage) if current else None,
        "school_asked": current is not None and "school" in request.GET,
        "may_decide": may(request.user, Permission.DECIDE_IDENTIFICATION, run.territory),
        "may_publish": may_publish,
        "runners": runners(request.user, run),
        "bulk_actions": BULK_ACTIONS,
        **trial_context(request.user, run, request.GET),
    }


def runners(user: User, run: IdentificationRun) -> str:
    """Return «Егорова М. А. и Ветрова А. О.»: whom a person without the right asks for a new run; "" for others."""
    if not getattr(run, "has_newer_results", False) or may(user, Permission.RUN_IDENTIFICATION, run.territory):
        return ""
    names_of = Membership.objects.holding(Permission.RUN_IDENTIFICATION, run.territory).names()
    return listing(names_of[:RUNNERS_SHOWN]) or "координатор"


def lists_context(run: IdentificationRun, lists: Sequence[SchoolList], *, may_publish: bool) -> dict[str, Any]:
    """Return what became of the run in lists, and the years whose lists hold the school of the card."""
    drafted = [each for each in lists if each.run_id == run.pk and each.state != ListState.CANCELLED]
    own = [each for each in drafted if each.is_of_low_results]
    standing = published_of_others(run, lists)
    return {
        "school_list": own[0] if own else None,
        "standing": standing.get(default_kind(run.territory)),
        "other_lists": [each for each in other_lists(run, drafted, standing) if each.school_list or may_publish],
        "is_closed": any(each.state != ListState.DRAFT for each in own),
        "changes": changes_of_published(run, lists),
        **years_in_lists(lists),
    }


def published_of_others(run: IdentificationRun, lists: Iterable[SchoolList]) -> dict[str, SchoolList]:
    """Return kind -> the published list of the territory and year that this run has not made: it stands in the way."""
    return {
        each.kind: each
        for each in lists
        if each.state == ListState.PUBLISHED
        and each.run_id != run.pk
        and (each.territory_id, each.year) == (run.territory_id, run.year)
    }


def lists_about(run: IdentificationRun, verdict: SchoolVerdict | None, lineage: Lineage) -> Sequence[SchoolList]:
    """Return the lists of a run, the published one of its territory and year, and those that hold a school. One query.

    Each with `named_school` and `holds_school`: whether it is published with the school of the card, and holds it.
    """
    persons = lineage.with_former([verdict.school_id]) if verdict else ()
    return list(SchoolList.objects.about_run(run, persons).select_related("basis_document", "run"))


def years_in_lists(lists: Iterable[SchoolList]) -> dict[str, list[int]]:
    """Return the years whose published lists hold the school of the card, and those that an order took it out of."""
    named = [each for each in lists if each.named_school]
    return {
        "listed_since": sorted({each.year for each in named if each.holds_school}),
        "left_since": sorted({each.year for each in named if not each.holds_school}),
    }


@dataclass(frozen=True, kw_only=True)
class OtherList:
    """A list that the run can draft besides that of low results.

    school_list: under way or published, None yet; standing: the published one that has to be cancelled before.
    """

    kind: ListKind
    count: int
    school_list: SchoolList | None
    standing: SchoolList | None


def other_lists(
    run: IdentificationRun, drafted: Iterable[SchoolList], standing: Mapping[str, SchoolList]
) -> list[OtherList]:
    """Return the kinds that have schools, and those that have a list already."""
    lists, numbers = {each.kind: each for each in drafted}, dict(offered(run.counts))
    return [
        OtherList(kind=kind, count=numbers.get(kind, 0), school_list=lists.get(kind), standing=standing.get(kind.value))
        for kind in BY_VERDICT
        if kind in numbers or kind in lists
    ]


# The card


def listed_years(school: School, lineage: Lineage) -> list[int]:
    """Return the years whose published lists of low results hold the school, the earliest first.

    Also those in which it stands as a former legal person.
    """
    items = SchoolListItem.objects.in_force().of_low_results().filter(school__in=lineage.with_former([school.pk]))
    return sorted(set(items.values_list("school_list__year", flat=True)))


# What differs


def changes_of_published(run: IdentificationRun, lists: Iterable[SchoolList]) -> dict[str, Any] | None:
    """Return how this run differs from the published list of the year that another run made; None without one."""
    published = published_of_others(run, lists).values()
    before = next((each for each in published if each.is_of_low_results and each.run_id), None)
    if before is None:
        return None
    listed = run.verdicts.listed().order_by()
    entered = listed.exclude(school__in=before.items.values("school"))
    unknown = run.verdicts.filter(school=OuterRef("school"), verdict=Verdict.INSUFFICIENT_DATA)
    left = before.items.exclude(school__in=listed.values("school")).annotate(is_unknown=Exists(unknown))
    gone = list(left.values_list("school_name", "is_unknown"))
    return {
        "school_list": before,
        "entered": names(entered.values_list("school__name", flat=True)),
        "left": names(name for name, is_unknown in gone if not is_unknown),
        "unknown": names(name for name, is_unknown in gone if is_unknown),
    }


def run_url(verdict: SchoolVerdict) -> str:
    """Return the page of the run with the card of a school open."""
    return f"{reverse('identification:run', args=[verdict.run_id])}?school={verdict.school_id}#why-school"
