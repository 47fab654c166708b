"""Rule sets: the list, a version, its editor with the words of the rule beside it, two versions side by side."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import FORM_METHODS, AuthenticatedHttpRequest, typed
from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.actions.rule_drafts import delete_rule_set, draft_rule_set, edit_rule_set, save_as_new
from schools.actions.rule_sets import SHIPPED_FILES, load_rule_set
from schools.cluster_warnings import warnings_for
from schools.errors import ActRefused, DraftMovedOn, FrozenRow
from schools.forms_registry import BasisForm
from schools.forms_rules import Clash, CompareForm, NewSetForm, RuleSetForm, initial_of, merged, take
from schools.models import IdentificationRuleSet, IdentificationRun, Territory
from schools.rule_comparison import pairs, requisites, sentences
from schools.rule_warnings import rule_warnings, stale_provenance
from schools.rule_words import parameter_facts, procedure_names, procedures_words, rule_sentences

RUNS_SHOWN: Final = 10


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def rule_set_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    return show_list(request)


def show_list(request: AuthenticatedHttpRequest, form: NewSetForm | None = None) -> HttpResponse:
    """Render all versions by code, the newest first; 422 with the errors of a new set."""
    rule_sets = list(IdentificationRuleSet.objects.for_page().order_by("-year", "code", "-version", "pk"))
    codes = {each.code for each in rule_sets}
    may_manage = request.user.may(Permission.MANAGE_RULES)
    context = {
        "rule_sets": rule_sets,
        "missing": [code for code in SHIPPED_FILES if code not in codes],
        "may_manage": may_manage,
        "form": form or (NewSetForm() if may_manage and rule_sets else None),
    }
    status = 422 if form else 200
    return render(request, "identification/rule_set_list.html", context, status=status)


@require_POST
@access(Permission.MANAGE_RULES)
def load_missing(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Store the shipped sets whose codes are not there yet."""
    known = set(IdentificationRuleSet.objects.values_list("code", flat=True))
    loaded = [load_rule_set(path=path, by=request.user) for code, path in SHIPPED_FILES.items() if code not in known]
    names = ", ".join(each.code for each in loaded)
    messages.success(request, f"Загружены наборы: {names}." if loaded else "Все готовые наборы уже загружены.")
    return redirect("identification:rule_sets")


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def rule_set_detail(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    rule_set = found(pk)
    rules = rule_set.rules
    versions = list(IdentificationRuleSet.objects.of_code(rule_set.code).with_uses())
    context = {
        "rule_set": rule_set,
        "sentences": rule_sentences(rules),
        "warnings": [
            *rule_warnings(rules),
            *warnings_for(request.user, rules),
            *([] if rule_set.frozen_at else stale_provenance(rule_set, rule_set.provenance, rules)),
        ],
        "facts": parameter_facts(rules),
        "procedures": procedure_names(rules),
        "versions": versions,
        "compared": rule_set.based_on or next((each for each in versions if each.version < rule_set.version), None),
        "runs": IdentificationRun.objects.visible_to(request.user)
        .filter(rule_set=rule_set)
        .for_page()
        .newest_first()[:RUNS_SHOWN],
        "may_manage": request.user.may(Permission.MANAGE_RULES),
    }
    return render(request, "identification/rule_set_detail.html", context)


def found(pk: uuid.UUID) -> IdentificationRuleSet:
    return get_object_or_404(IdentificationRuleSet.objects.for_page(), pk=pk)


# Drafts


@require_http_methods(FORM_METHODS)
@access(Permission.MANAGE_RULES)
def create(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Make a set under a new code and open its editor."""
    if request.method != "POST":
        return redirect("identification:rule_sets")
    form = NewSetForm(request.POST)
    if not form.is_valid():
        return show_list(request, form)
    source, code = form.cleaned_data["source"], form.cleaned_data["code"]
    try:
        draft = draft_rule_set(source=source, code=code, by=request.user, at=timezone.now())
    except ActionRefused as refusal:
        form.add_error("code", refusal.text)
        return show_list(request, form)
    return redirect("identification:rule_set_edit", pk=draft.pk)


@require_POST
@access(Permission.MANAGE_RULES)
def copy(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the next version of a set and open its editor."""
    draft = draft_rule_set(source=found(pk), by=request.user, at=timezone.now())
    messages.success(request, f"Создан черновик: {draft}. Прежние версии остались как есть.")
    return redirect("identification:rule_set_edit", pk=draft.pk)


@require_POST
@access(Permission.MANAGE_RULES)
def delete(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    rule_set = found(pk)
    with outcome_told(request, f"Черновик «{rule_set}» удалён."):
        delete_rule_set(rule_set=rule_set, by=request.user)
    return redirect("identification:rule_sets")


# The editor


@dataclass(frozen=True, kw_only=True)
class Editor:
    """What the page of the editor shows. trouble: why nothing was saved; is_closed: the version changes no more.

    is_own: what was saved meanwhile was saved by the same person.
    """

    rule_set: IdentificationRuleSet
    form: RuleSetForm
    act_form: BasisForm
    clashes: tuple[Clash, ...] = ()
    trouble: str = ""
    is_closed: bool = False
    is_own: bool = False
    is_checked: bool = False

    @property
    def status(self) -> int:
        if self.trouble:
            return 409
        return 422 if self.is_checked else 200


@require_http_methods(FORM_METHODS)
@access(Permission.MANAGE_RULES)
def edit(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a draft with the words of its rule; save it."""
    rule_set = found(pk)
    if request.method == "POST":
        return save(request, rule_set)
    if not rule_set.is_draft:
        messages.warning(request, "Эта версия не меняется. Создайте новую: она начнётся с тех же параметров.")
        return redirect(rule_set)
    form = RuleSetForm(rule_set=rule_set, user=request.user)
    return show_editor(request, Editor(rule_set=rule_set, form=form, act_form=basis_form(request)))


def show_editor(request: AuthenticatedHttpRequest, editor: Editor) -> HttpResponse:
    """Render the editor; to htmx only its fragment."""
    context = {
        "editor": editor,
        "rule_set": editor.rule_set,
        "form": editor.form,
        "act_form": editor.act_form,
        **words_context(request.user, editor.rule_set, editor.form),
    }
    template = "_rule_editor.html" if request.htmx else "rule_set_edit.html"
    return render(request, f"identification/{template}", context, status=editor.status)


def basis_form(request: AuthenticatedHttpRequest) -> BasisForm:
    given = request.POST if request.method == "POST" else None
    return BasisForm(given, initial={"issuer_genitive": own_region(request.user).authority_genitive})


def own_region(user: User) -> Territory:
    """Return the territory whose documents a keeper of rules writes down."""
    territories = Territory.objects.filter(pk__in=scope_of(user, Permission.MANAGE_RULES).territories)
    territory = territories.order_by("-level", "name", "pk").first()
    if territory is None:
        raise PermissionDenied
    return territory


def save(request: AuthenticatedHttpRequest, rule_set: IdentificationRuleSet) -> HttpResponse:
    data = with_choices(request, rule_set)
    form = RuleSetForm(data, rule_set=rule_set, user=request.user)
    editor = Editor(rule_set=rule_set, form=form, act_form=basis_form(request))
    if "add" in data:  # a row of the matrix is asked for, nothing is saved
        return show_editor(request, editor)
    if not (form.is_valid() and editor.act_form.is_valid_for(own_region(request.user))):
        return show_editor(request, Editor(rule_set=rule_set, form=form, act_form=editor.act_form, is_checked=True))
    return store(request, editor, seen=seen_edition(request))


def with_choices(request: AuthenticatedHttpRequest, rule_set: IdentificationRuleSet) -> QueryDict:
    """Return what was sent; where both had changed a field, with the value that was chosen."""
    data = request.POST.copy()
    chosen = [
        key.removeprefix("clash-") for key, value in data.items() if key.startswith("clash-") and value == "theirs"
    ]
    if chosen:
        stored = RuleSetForm(rule_set=rule_set, user=request.user)
        for name in chosen:
            if name in stored.fields:
                take(data, stored[name], stored.initial[name])
    return data


def seen_edition(request: AuthenticatedHttpRequest) -> int:
    """Return the edition that the page showed; -1 for what no page sends."""
    text = typed(request, "seen")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def store(request: AuthenticatedHttpRequest, editor: Editor, *, seen: int) -> HttpResponse:
    """Save a valid form; bring it together with what somebody has saved meanwhile."""
    rule_set, by, at = editor.rule_set, request.user, timezone.now()
    content = editor.form.content(editor.act_form.document(own_region(by)))
    try:
        if "as_new" in request.POST:
            saved = save_as_new(rule_set=rule_set, content=content, by=by, at=at)
        else:
            saved = edit_rule_set(rule_set=rule_set, content=content, seen=seen, by=by, at=at)
    except DraftMovedOn as moved:
        return bring_together(request, editor, seen=seen, moved=moved)
    except FrozenRow as frozen:
        return show_editor(request, closed(editor, frozen.text))
    except ActRefused as refusal:
        editor.act_form.refuse(refusal)
        return show_editor(request, replace(editor, is_checked=True))
    messages.success(request, f"Сохранено: {saved}.")
    return answer(request, saved)


def closed(editor: Editor, text: str) -> Editor:
    return Editor(rule_set=editor.rule_set, form=editor.form, act_form=editor.act_form, trouble=text, is_closed=True)


def bring_together(
    request: AuthenticatedHttpRequest,
    editor: Editor,
    *,
    seen: int,
    moved: DraftMovedOn,
) -> HttpResponse:
    """Take the other person's fields over; ask about those that both have changed, with both values."""
    current = found(editor.rule_set.pk)
    known = current.history.filter(edition=seen).first()
    merge = merged(
        cast("QueryDict", editor.form.data),
        seen=initial_of(known) if known else {},
        theirs=initial_of(current),
        form=editor.form,
    )
    form = RuleSetForm(merge.data, rule_set=current, user=request.user)
    is_own = current.edited_by_id == request.user.pk
    both = Editor(
        rule_set=current,
        form=form,
        act_form=editor.act_form,
        clashes=merge.clashes,
        trouble=moved.text,
        is_own=is_own,
    )
    if merge.clashes or not form.is_valid():
        return show_editor(request, both)
    whose = "из другой вкладки" if is_own else f"{current.edited_by}"
    messages.info(request, f"Вместе с вашей сохранена и правка: {whose}.")
    return store(request, both, seen=current.edition)


def answer(request: AuthenticatedHttpRequest, rule_set: IdentificationRuleSet) -> HttpResponse:
    """Lead to the version: a form sent in the background keeps what was typed when the session has ended."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": rule_set.get_absolute_url()})
    return redirect(rule_set)


@require_POST
@access(Permission.MANAGE_RULES)
def words(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say what the rule in the form does, and what contradicts what at which field. Stores nothing."""
    rule_set = found(pk)
    form = RuleSetForm(request.POST, rule_set=rule_set, user=request.user)
    context = {"rule_set": rule_set, "form": form, "is_live": True, **words_context(request.user, rule_set, form)}
    return render(request, "identification/_rule_words.html", context)


def words_context(user: User, rule_set: IdentificationRuleSet, form: RuleSetForm) -> Mapping[str, Any]:
    """Return the sentences of a rule, and its differences from the version that it was copied from."""
    rules = rule_set.rules if not form.is_bound else form.rules if form.is_valid() else None
    if rules is None:
        return {"sentences": [], "changes": []}
    source = rule_set.based_on
    changes = [pair for pair in pairs(source.rules, rules) if pair.differs] if source else []
    return {
        "sentences": rule_sentences(rules),
        "works": procedures_words(rules.procedures),
        "changes": changes,
        "warnings": [
            *rule_warnings(rules),
            *warnings_for(user, rules),
            *stale_provenance(rule_set, str(form["provenance"].value() or ""), rules),
        ],
    }


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def chosen_words(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say what the rule chosen for a run does: a fragment of the start form."""
    form = CompareForm({"first": request.GET.get("rule_set", "")})
    rule_set = form.cleaned_data.get("first") if form.is_valid() else None
    context = {"rule_set": rule_set, "sentences": rule_sentences(rule_set.rules) if rule_set else []}
    return render(request, "identification/_chosen_rule.html", context)


# Side by side


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def compare(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Set two versions side by side; without two valid ones, ask for them."""
    form = CompareForm(request.GET)
    is_valid = form.is_valid()
    first, second = (form.cleaned_data.get(name) for name in ("first", "second"))
    context: dict[str, Any] = {"form": form, "is_asked": bool(request.GET)}
    if is_valid and first and second:
        context |= sides(request.user, found(first.pk), found(second.pk))
        rows = context["rows"]
        context["shown"] = rows if form.cleaned_data["everything"] else [row for row in rows if row.differs]
    return render(request, "identification/rule_set_compare.html", context, status=200 if is_valid else 422)


def sides(user: User, first: IdentificationRuleSet, second: IdentificationRuleSet) -> dict[str, Any]:
    one, other = first.rules, second.rules
    rows = [*requisites(first, second), *pairs(one, other)]
    return {
        "first": first,
        "second": second,
        "rows": rows,
        "differing": sum(row.differs for row in rows),
        "first_sentences": sentences(one, other),
        "second_sentences": sentences(other, one),
        "runs": newest_runs(user, first, second),
    }


def newest_runs(user: User, first: IdentificationRuleSet, second: IdentificationRuleSet) -> list[IdentificationRun]:
    """Return the newest visible run of each version, the first one's first; fewer when one was never used."""
    runs = IdentificationRun.objects.visible_to(user)
    newest = (runs.filter(rule_set=each).newest_first().first() for each in (first, second))
    return [run for run in newest if run]
