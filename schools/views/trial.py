"""A trial of other thresholds on the page of a run: answered at once, nothing is stored until a version is saved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.http import QueryDict

from accounts.errors import ActionRefused
from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count, listing, plural
from schools.access import may
from schools.cluster_warnings import warnings_of_run
from schools.forms_identification import TrialForm, VersionForm
from schools.forms_registry import BasisForm
from schools.identification import ReasonCode, Rules, difference
from schools.list_kinds import NAMED
from schools.models import IdentificationRun, Membership
from schools.rule_changes import changed_rules
from schools.trial_answers import Answer, answer_of
from schools.verdict_pages import names, threshold_words

SHOWN: Final = 12  # names on each side; the rest is a number, the list itself comes with a run
SCHOOLS: Final = "школа,школы,школ"
SCHOOLS_OF: Final = "школы,школ,школ"
LACKS: Final = frozenset({ReasonCode.PREVIOUS_YEAR, ReasonCode.FEW_COUNTED})


class TrialSchool(NamedTuple):
    """A school that moves, as a link to its card."""

    name: str
    school_id: UUID


WITH_THRESHOLD: Final = {"share_threshold_pct", "risk_group_rule"}  # the zone of the risk group goes with it


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What other thresholds would change; `error` instead when they cannot be tried.

    named: all on the list; kept: those of them that nothing but the exit rule keeps. is_of_run: judged by the counts
    that the run itself was made of, not by those of today. warnings: of whom the rule says nothing, and whom it does
    not compare.
    """

    entered: tuple[TrialSchool, ...] = ()
    left: tuple[TrialSchool, ...] = ()
    entered_count: int = 0
    left_count: int = 0
    named_count: int = 0
    kept_count: int = 0
    words: str = ""
    is_of_run: bool = True
    is_changed: bool = False
    warnings: tuple[str, ...] = ()
    error: str = ""

    @property
    def more_entered(self) -> int:
        return self.entered_count - len(self.entered)

    @property
    def more_left(self) -> int:
        return self.left_count - len(self.left)

    @property
    def result(self) -> str:
        """Return «добавятся 3 школы, не попадут 2 школы»."""
        verbs = (
            ("добавится,добавятся,добавятся", self.entered_count),
            ("не попадёт,не попадут,не попадут", self.left_count),
        )
        return listing([f"{plural(number, verb)} {count(number, SCHOOLS)}" for verb, number in verbs if number])


def trial_context(user: User, run: IdentificationRun, query: QueryDict) -> dict[str, Any]:
    """Return the trial form, and the trial when thresholds are asked for; no form where a comparison alone decides.

    kept: what else the address asks for; a trial stands in the address beside it.
    """
    kept = [(name, value) for name, value in query.items() if name not in TrialForm.base_fields]
    if not run.rules.has_own_conditions:
        return {"trial_form": None, "trial": None}
    if "share_threshold_pct" not in query:
        return {"trial_form": TrialForm(initial=TrialForm.initial_of(run.parameters)), "trial": None, "kept": kept}
    form = TrialForm(query)
    trial = tried(run, form) if form.is_valid() else None
    return {"trial_form": form, "trial": trial, "kept": kept, **saving_context(user, run, form, trial)}


def saving_context(user: User, run: IdentificationRun, form: TrialForm, trial: Trial | None) -> dict[str, Any]:
    """Return the form that saves the thresholds as a version, or who may do so."""
    if trial is None or trial.error or not trial.is_changed:
        return {}
    if may(user, Permission.MANAGE_RULES, run.territory):
        return {"version_form": VersionForm(initial=form.cleaned_data), "version_basis": version_basis(run)}
    return {"rule_keepers": rule_keepers(run)}


def version_basis(run: IdentificationRun, data: QueryDict | None = None) -> BasisForm:
    """Return the form of the document of a version; its fields do not meet those of a decision on the same page."""
    issuer = run.territory.authority_genitive
    return BasisForm(data, prefix="basis", auto_id="version_%s", initial={"issuer_genitive": issuer})


def rule_keepers(run: IdentificationRun) -> str:
    """Return «может Ветрова А. О.», «могут Ветрова А. О. и Сергеев П. И.»: who may save a rule for a territory."""
    people = Membership.objects.holding(Permission.MANAGE_RULES, run.territory).names()
    verb = "могут" if len(people) > 1 else "может"
    return f"{verb} {(listing(people) or 'администратор региона').rstrip('.')}"


def tried(run: IdentificationRun, form: TrialForm) -> Trial:
    """Judge again with other thresholds and compare with what the rule of the run named; stores nothing."""
    stored = run.rules
    before = dict(run.verdicts.filter(NAMED).order_by().values_list("school_id", "school__name"))
    try:
        rules = changed_rules(run.parameters, form.changes())
        answer = answer_of(run, stored, rules, before)
    except ActionRefused as refusal:
        return Trial(error=refusal.text)
    named = answer.named
    change = difference(before, named)
    return Trial(
        entered=first_schools(change.entered, named),
        left=first_schools(change.left, before),
        entered_count=len(change.entered),
        left_count=len(change.left),
        named_count=len(named),
        kept_count=len(answer.kept),
        words=trial_words(stored, rules),
        is_of_run=answer.is_of_run,
        is_changed=rules.to_parameters() != stored.to_parameters(),
        warnings=(*unsettled_words(answer, before), *warnings_of_run(run, rules)),
    )


def unsettled_words(answer: Answer, before: Mapping[UUID, str]) -> Iterator[str]:
    """Yield of which schools that fall out nothing is known to the contrary, and which years lack results."""
    if not answer.unsettled:
        return
    schools = names((before[key] for key in answer.unsettled), SHOWN)
    lacks = (reason.text for found in answer.unsettled.values() for reason in found.reasons if reason.code in LACKS)
    yield (
        f"Из тех, что не попадут, данных недостаточно у {count(len(answer.unsettled), SCHOOLS_OF)}: {schools}. "
        f"{' '.join(dict.fromkeys(lacks))}".strip()
    )


def trial_words(stored: Rules, rules: Rules) -> str:
    """Return «При пороге 25 %» when nothing but the threshold is tried, else «С этими параметрами»."""
    before, after = stored.to_parameters(), rules.to_parameters()
    others = {name for name in after if after[name] != before[name]} - WITH_THRESHOLD
    return "С этими параметрами" if others else f"При пороге {threshold_words(rules)}"


def first_schools(keys: Iterable[UUID], names: Mapping[UUID, str]) -> tuple[TrialSchool, ...]:
    """Return the first schools by name."""
    found = sorted(TrialSchool(names[key], key) for key in keys)
    return tuple(found[:SHOWN])
