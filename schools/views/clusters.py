"""Clusters of a region: the sets, a version with its schools, the form that stores a whole table."""

import uuid
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.answers import outcome_told
from accounts.http import FORM_METHODS, AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Permission
from schools.access import may, require
from schools.actions.clusters import (
    delete_cluster_set,
    edit_cluster_set,
    new_cluster_set,
    new_cluster_version,
)
from schools.cluster_reading import fill_of
from schools.errors import ClusterSetRefused, DraftMovedOn, FrozenRow
from schools.forms_clusters import ClusterForm, NewClusterForm
from schools.forms_registry import BasisForm
from schools.models import ClusterMember, ClusterSet, IdentificationRuleSet, IdentificationRun, School, Territory
from schools.models.clusters import ClusterMemberQuerySet
from schools.views.rule_sets import basis_form, own_region, seen_edition

PAGE_SIZE: Final = 50
RUNS_SHOWN: Final = 10


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def cluster_set_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    sets = ClusterSet.objects.visible_to(request.user).for_page().with_sizes()
    context = {
        "cluster_sets": sets.order_by("territory__name", "code", "-version", "pk"),
        "may_manage": request.user.may(Permission.MANAGE_RULES),
    }
    return render(request, "identification/cluster_set_list.html", context)


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def cluster_set_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a version: sizes of its clusters, the schools in them that the person sees, and those without one."""
    cluster_set, user = found(request.user, pk), request.user
    schools = School.objects.in_territory(cluster_set.territory).visible_to(user)
    cluster, query = request.GET.get("cluster", ""), request.GET.get("q", "").strip()
    runs = IdentificationRun.objects.visible_to(user).filter(cluster_set=cluster_set)
    context = {
        "cluster_set": cluster_set,
        "fill": fill_of(cluster_set, schools),
        "page": Paginator(shown_members(cluster_set, user, cluster, query), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "cluster": cluster,
        "q": query,
        "versions": ClusterSet.objects.versions_of(cluster_set),
        "rule_sets": IdentificationRuleSet.objects.comparing_in(cluster_set.code),
        "runs": runs.for_page().newest_first()[:RUNS_SHOWN],
        "may_manage": may(user, Permission.MANAGE_RULES, cluster_set.territory),
    }
    return render(request, "identification/cluster_set_detail.html", context)


def shown_members(cluster_set: ClusterSet, user: User, cluster: str, query: str) -> ClusterMemberQuerySet:
    """Return the schools of a version that a person sees: of one cluster, of a search, or all."""
    members = ClusterMember.objects.visible_to(user).filter(cluster_set=cluster_set)
    if cluster:
        members = members.filter(cluster=cluster)
    if query:
        members = members.filter(school__in=School.objects.matching(query))
    return members.select_related("school__territory").order_by("school__name", "pk")


def found(user: User, pk: uuid.UUID) -> ClusterSet:
    return get_object_or_404(ClusterSet.objects.visible_to(user).for_page(), pk=pk)


@require_POST
@access(Permission.MANAGE_RULES)
def delete(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    cluster_set = managed(request, pk)
    with outcome_told(request, f"Набор кластеров «{cluster_set}» удалён."):
        delete_cluster_set(cluster_set=cluster_set, by=request.user)
    return redirect("identification:cluster_sets")


def managed(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> ClusterSet:
    """Return a set that the person keeps. Raises PermissionDenied for one that they only see."""
    cluster_set = found(request.user, pk)
    require(request.user, Permission.MANAGE_RULES, cluster_set.territory)
    return cluster_set


# The form


@dataclass(frozen=True, kw_only=True)
class Editor:
    """What the page of the form shows. cluster_set: the version that is changed or copied, None for a new set.

    seen: what the person has before them, the edition of a version or the newest version of a set that is copied.
    trouble: why nothing was saved though the form is right.
    """

    form: ClusterForm
    act_form: BasisForm
    territory: Territory
    cluster_set: ClusterSet | None = None
    seen: int = 0
    trouble: str = ""

    @property
    def is_copy(self) -> bool:
        """Answer whether saving makes a new version: a run has used this one."""
        return self.cluster_set is not None and self.cluster_set.frozen_at is not None

    @property
    def status(self) -> int:
        return 409 if self.trouble else 422 if self.form.is_bound else 200


@require_http_methods(FORM_METHODS)
@access(Permission.MANAGE_RULES)
def create(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Store a set under a new code."""
    territory, user = own_region(request.user), request.user
    if request.method != "POST":
        form = NewClusterForm(territory=territory, user=user)
        return show_form(request, Editor(form=form, act_form=basis_form(request), territory=territory))
    form = NewClusterForm(request.POST, request.FILES, territory=territory, user=user)
    editor = Editor(form=form, act_form=basis_form(request), territory=territory)
    if not is_right(editor):
        return show_form(request, editor)
    code, content = form.cleaned_data["code"], form.content(editor.act_form.document(territory))
    try:
        stored = new_cluster_set(territory=territory, code=code, content=content, by=user, at=timezone.now())
    except ClusterSetRefused as refusal:
        form.add_error("code", refusal.text)
        return show_form(request, editor)
    return answer(request, stored, form)


@require_http_methods(FORM_METHODS)
@access(Permission.MANAGE_RULES)
def edit(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a version that no run has used; of one that a run has, make the next version."""
    cluster_set = managed(request, pk)
    territory = cluster_set.territory
    if request.method != "POST":
        form = ClusterForm(territory=territory, user=request.user, stored=cluster_set)
        return show_form(request, editor_of(request, cluster_set, form))
    form = ClusterForm(request.POST, request.FILES, territory=territory, user=request.user, stored=cluster_set)
    editor = Editor(
        form=form,
        act_form=basis_form(request),
        territory=territory,
        cluster_set=cluster_set,
        seen=seen_edition(request),
    )
    return save(request, editor) if is_right(editor) else show_form(request, editor)


def editor_of(
    request: AuthenticatedHttpRequest, cluster_set: ClusterSet, form: ClusterForm, trouble: str = ""
) -> Editor:
    """Return the form over a version as it is now."""
    newest = ClusterSet.objects.versions_of(cluster_set)[0].version if cluster_set.frozen_at else None
    return Editor(
        form=form,
        act_form=basis_form(request),
        territory=cluster_set.territory,
        cluster_set=cluster_set,
        seen=cluster_set.edition if newest is None else newest,
        trouble=trouble,
    )


def is_right(editor: Editor) -> bool:
    """Check both forms, so that everything wrong is told at once."""
    return all([editor.form.is_valid(), editor.act_form.is_valid_for(editor.territory)])


def save(request: AuthenticatedHttpRequest, editor: Editor) -> HttpResponse:
    """Save a right form; where somebody or a run came before, show what was typed with the reason (409)."""
    cluster_set, form = editor.cluster_set, editor.form
    assert cluster_set is not None  # noqa: S101  for the type checker
    store = new_cluster_version if "as_new" in request.POST else edit_cluster_set
    content = form.content(editor.act_form.document(editor.territory))
    try:
        stored = store(cluster_set=cluster_set, content=content, seen=editor.seen, by=request.user, at=timezone.now())
    except (DraftMovedOn, FrozenRow) as refusal:
        return show_form(request, editor_of(request, found(request.user, cluster_set.pk), form, refusal.text))
    return answer(request, stored, form)


def show_form(request: AuthenticatedHttpRequest, editor: Editor) -> HttpResponse:
    context = {"editor": editor, "form": editor.form, "act_form": editor.act_form, "cluster_set": editor.cluster_set}
    return render(request, "identification/cluster_set_form.html", context, status=editor.status)


def answer(request: AuthenticatedHttpRequest, cluster_set: ClusterSet, form: ClusterForm) -> HttpResponse:
    messages.success(request, f"Сохранено: {cluster_set}. {form.told()}.")
    return redirect(cluster_set)
