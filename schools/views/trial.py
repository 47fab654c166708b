"""A trial of other thresholds on the page of a run: answered at once, nothing is stored until a version is saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict

from accounts.errors import ActionRefused
from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count, listing, plural
from schools.access import may
from schools.calculation import calculate
from schools.choices import is_named
from schools.forms_identification import TrialForm, VersionForm
from schools.forms_registry import BasisForm
from schools.identification import Rules, Standing, Verdict, difference
from schools.list_kinds import NAMED
from schools.models import IdentificationRun, Membership, School
from schools.result_groups import grid_of, grids_of
from schools.rule_changes import changed_rules
from schools.verdict_pages import threshold_words
from schools.what_if import (
    Tally,
    fits_but_for_years,
    is_quick,
    looking_back,
    naming,
    works_of_grid,
    works_of_parts,
)

PORTION: Final = 100
FEW: Final = 2_000  # ids in one query
SHOWN: Final = 12  # names on each side; the rest is a number, the list itself comes with a run
SCHOOLS: Final = "школа,школы,школ"


class TrialSchool(NamedTuple):
    """A school that moves, as a link to its card."""

    name: str
    school_id: UUID


OF_EARLIER_LISTS: Final = (Standing.STAYS, Standing.HELD, Standing.LEAVES)  # the exit rule has its say of these
WITH_THRESHOLD: Final = {"share_threshold_pct", "risk_group_rule"}  # the zone of the risk group goes with it


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What other thresholds would change; `error` instead when they cannot be tried.

    is_of_run: judged by the counts that the run itself was made of, not by those of today. unsure: schools of earlier
    lists that the conditions would not name: whether the exit rule would keep them, a trial cannot tell.
    """

    entered: tuple[TrialSchool, ...] = ()
    left: tuple[TrialSchool, ...] = ()
    entered_count: int = 0
    left_count: int = 0
    named_count: int = 0
    unsure_count: int = 0
    words: str = ""
    is_of_run: bool = True
    is_changed: bool = False
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
    try:
        rules = changed_rules(run.parameters, form.changes())
        named, is_of_run = named_by(run, stored, rules)
    except ActionRefused as refusal:
        return Trial(error=refusal.text)
    asked = run.verdicts.filter(NAMED | Q(standing__in=OF_EARLIER_LISTS)).order_by()
    rows = list(asked.values_list("school_id", "school__name", "verdict", "standing"))
    before = {school: name for school, name, verdict, standing in rows if is_named(verdict, standing)}
    unsure = {school for school, _, _, standing in rows if standing in OF_EARLIER_LISTS} - named.keys()
    change = difference(before, named)
    left = change.left - unsure
    return Trial(
        entered=first_schools(change.entered, named),
        left=first_schools(left, before),
        entered_count=len(change.entered),
        left_count=len(left),
        named_count=len(named),
        unsure_count=len(unsure),
        words=trial_words(stored, rules),
        is_of_run=is_of_run,
        is_changed=rules.to_parameters() != stored.to_parameters(),
    )


def trial_words(stored: Rules, rules: Rules) -> str:
    """Return «При пороге 25 %» when nothing but the threshold is tried, else «С этими параметрами»."""
    before, after = stored.to_parameters(), rules.to_parameters()
    others = {name for name in after if after[name] != before[name]} - WITH_THRESHOLD
    return "С этими параметрами" if others else f"При пороге {threshold_words(rules)}"


def named_by(run: IdentificationRun, stored: Rules, rules: Rules) -> tuple[dict[UUID, str], bool]:
    """Return the schools that a rule names, id -> name, and whether the counts are those of the run.

    The parts of the run answer whatever they hold. Years before them come from the results of today, for the schools
    that the years of the run do not rule out; a rule of other works or of schools beside each other is judged anew.
    """
    if not fits_but_for_years(stored, rules):
        return named_today(run, rules), False
    candidates = named_by_parts(run, looking_back(rules, stored.years))
    if rules.years <= stored.years:
        return {pk: school.name for pk, school in candidates.items()}, True
    return with_older_years(run, stored, rules, candidates), False


class Candidate(NamedTuple):
    name: str
    kind: str
    works: list[Tally]


def named_by_parts(run: IdentificationRun, rules: Rules) -> dict[UUID, Candidate]:
    """Return the schools that a rule names by the stored parts. One query, read on the way: parts are long."""
    is_named = naming(rules, run.year)
    found = {}
    rows = run.verdicts.order_by().values_list("school_id", "school__name", "school__kind", "facts", "parts")
    for pk, name, kind_today, facts, parts in rows.iterator(chunk_size=PORTION):
        works, kind = works_of_parts(parts), facts.get("kind", kind_today)
        if is_named(works, kind):
            found[pk] = Candidate(name, kind, works)
    return found


def with_older_years(
    run: IdentificationRun, stored: Rules, rules: Rules, candidates: Mapping[UUID, Candidate]
) -> dict[UUID, str]:
    """Return those of the candidates that a rule names with the years that the run did not store, as they are today."""
    first, last = run.year - rules.years + 1, run.year - stored.years
    schools = School.objects.in_territory(run.territory)
    if len(candidates) <= FEW:
        schools = schools.filter(pk__in=list(candidates))
    older = grids_of(schools, range(first, last + 1), rules)
    is_named = naming(rules, run.year)
    return {
        pk: school.name
        for pk, school in candidates.items()
        if is_named([*school.works, *works_of_grid(older.get(pk, {}))], school.kind)
    }


def named_today(run: IdentificationRun, rules: Rules) -> dict[UUID, str]:
    """Return the schools that a rule names by the results of today. Raises NothingToIdentify."""
    calculation = calculate(territory=run.territory, year=run.year, rules=rules)
    if not is_quick(rules):
        return {school.pk: school.name for school, case in calculation.outcomes if case.verdict is Verdict.SHNOR}
    is_named = naming(rules, run.year)
    return {
        school.pk: school.name
        for school in calculation.schools
        if is_named(works_of_grid(grid_of(calculation.texts.get(school.pk, "[]"), rules)), school.kind)
    }


def first_schools(keys: Iterable[UUID], names: Mapping[UUID, str]) -> tuple[TrialSchool, ...]:
    """Return the first schools by name."""
    found = sorted(TrialSchool(names[key], key) for key in keys)
    return tuple(found[:SHOWN])
