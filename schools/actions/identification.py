"""Runs of the rule, and what the coordinator decides on each school."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools import bulk
from schools.actions.acts import register_act
from schools.actions.clusters import use_cluster_set
from schools.actions.lists import hold_run, refill_drafts
from schools.actions.rule_drafts import use_rule_set
from schools.bulk import Json, few_collections, packed
from schools.calculation import Calculation, calculate, read_rules
from schools.choices import (
    EXCLUSION_REASONS,
    INCLUSION_REASONS,
    LOW_RESULT_LISTS,
    OPEN_DECISIONS,
    Decision,
    DecisionReason,
    ListState,
    is_named,
    segment_of,
)
from schools.cluster_reading import Clusters
from schools.errors import DecisionRefused, DecisionsClosed
from schools.identification import Flag, Identification, stored_quarters, stored_text
from schools.models import (
    IdentificationRuleSet,
    IdentificationRun,
    LegalAct,
    School,
    SchoolVerdict,
    Territory,
)
from schools.share_bands import Tally
from schools.social_reading import Conditions
from schools.unmeasured import Unmeasured

REASON_LENGTH: Final = 50
DECISION_FIELDS: Final = (
    "decision",
    "decision_code",
    "decision_text",
    "decision_document",
    "decided_by",
    "decided_at",
)


@transaction.atomic
def run_identification(
    *,
    rule_set: IdentificationRuleSet,
    territory: Territory,
    year: int,
    by: User | None,
    at: datetime,
) -> IdentificationRun:
    """Judge the schools of a territory and store every verdict. Raises RuleSetRefused, NothingToIdentify."""
    rules = read_rules(rule_set.parameters)
    prepared = prepare(calculate(territory=territory, year=year, rules=rules))
    return store_run(prepared, rule_set=rule_set, territory=territory, year=year, by=by, at=at)


class VerdictRow(NamedTuple):
    """What is stored of a verdict, in the order of COLUMNS."""

    id: UUID
    school_id: UUID
    verdict: str
    c1: bool
    c2: bool
    low_procedures: int
    counted_procedures: int
    repeated_procedures: int
    parts: Json
    grounds: Json
    flags: Json
    details: Json
    facts: Json
    standing: str
    is_marked: bool
    is_high: bool
    segment: str


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The verdicts of a calculation, ready to be written: a transaction should not last as long as judging does."""

    rows: tuple[VerdictRow, ...]  # in the order of names
    fingerprint: str
    territories: frozenset[UUID] = frozenset()  # where the schools are
    bands: Mapping[str, Any] = field(default_factory=dict)  # `share_bands.Tally` of the schools
    unmeasured: Mapping[str, Any] = field(default_factory=dict)  # works whose low results are not known
    reorganised: tuple[str, ...] = ()  # schools that ended with results of the year: no verdict about them
    social: Conditions | None = None  # None: the rule does not look at them
    lower_quarters: Sequence[Sequence[Any]] = ()  # `stored_quarters` of the scores over the region
    clusters: Clusters | None = None  # of the region, when the rule has asked for them


@few_collections()
def prepare(calculation: Calculation) -> Prepared:
    """Judge the schools of a calculation. Writes nothing."""
    rows, tally, unmeasured = [], Tally(calculation.rules), Unmeasured()
    for school, identification in calculation.outcomes:
        rows.append(verdict_row(school, identification, calculation.facts[school.pk]))
        tally.add_judged(identification)
        unmeasured.add(identification)
    territories = frozenset(school.territory_id for school in calculation.schools)
    fingerprint = calculation.fingerprint
    return Prepared(
        rows=tuple(rows),
        fingerprint=fingerprint,
        territories=territories,
        bands=tally.to_json(),
        unmeasured=unmeasured.to_json(),
        reorganised=calculation.reorganised,
        social=calculation.social,
        lower_quarters=stored_quarters(calculation.quarters or {}),
        clusters=calculation.clusters,
    )


def verdict_row(school: School, identification: Identification, facts: Json) -> VerdictRow:
    return VerdictRow(
        uuid4(),
        school.pk,
        str(identification.verdict),
        identification.c1,
        identification.c2,
        len(identification.low),
        len(identification.counted),
        len(identification.repeated),
        Json(stored_text(identification.parts)),
        packed(identification.grounds) if identification.grounds else NOTHING,
        FLAGS[identification.flags],
        packed(identification.details) if identification.details else NO_DETAILS,
        facts,
        str(identification.standing),
        identification.is_marked,
        identification.is_high,
        segment_of(identification.verdict, identification.standing, Decision.WAITING, len(identification.low)).value,
    )


class Packed(dict[tuple[Flag, ...], Json]):
    """The texts of flags: few sets of them come again and again."""

    def __missing__(self, flags: tuple[Flag, ...]) -> Json:
        text = self[flags] = packed(flags)
        return text


FLAGS: Final = Packed()
NOTHING: Final = packed([])
NO_DETAILS: Final = packed({})


@few_collections()
@transaction.atomic
def store_run(
    prepared: Prepared,
    *,
    rule_set: IdentificationRuleSet,
    territory: Territory,
    year: int,
    by: User | None,
    at: datetime,
) -> IdentificationRun:
    """Store verdicts as a new run; runs before it stay as they are. Its rule set and its clusters change no more.

    Raises RuleSetMovedOn.
    """
    use_rule_set(rule_set=rule_set, at=at)
    clusters = prepared.clusters
    run = IdentificationRun.objects.create(
        territory=territory,
        rule_set=rule_set,
        year=year,
        parameters=rule_set.parameters,
        cluster_set=use_cluster_set(pk=clusters.pk, edition=clusters.edition, at=at) if clusters else None,
        data_fingerprint=prepared.fingerprint,
        lower_quarters=prepared.lower_quarters,
        counts=counts_beside(prepared),
        created_by=by,
        created_at=at,
    )
    store_verdicts(run, prepared.rows)
    run.count_verdicts()
    listed = sum(is_named(row.verdict, row.standing) for row in prepared.rows)
    record(
        AuditCode.IDENTIFICATION_RUN,
        actor=by,
        obj=run,
        rule_set=str(rule_set),
        year=year,
        schools=len(prepared.rows),
        listed=listed,
    )
    return run


def store_verdicts(run: IdentificationRun, rows: Iterable[VerdictRow]) -> None:
    """Write the verdicts with their places: those with most low works first, of equal ones in their order."""
    common = (run.pk, str(Decision.WAITING), "", "")
    placed = enumerate(sorted(rows, key=lambda row: -row.low_procedures), start=1)
    bulk.insert(SchoolVerdict, fields=COLUMNS, rows=((*row, place, *common) for place, row in placed))


def counts_beside(prepared: Prepared) -> dict[str, Any]:
    """Return what the page of a run shows besides the numbers of verdicts. One query."""
    counts: dict[str, Any] = {"territories": names_of(prepared.territories), "bands": prepared.bands}
    if prepared.unmeasured:
        counts["unmeasured"] = prepared.unmeasured
    if prepared.reorganised:
        counts["reorganised"] = prepared.reorganised
    if prepared.social:
        counts["contingent"] = prepared.social.year
    return counts


def names_of(territories: frozenset[UUID]) -> list[list[str]]:
    """Return [id, name] of the municipalities of a run, by name: what its page can be narrowed to. One query."""
    found = Territory.objects.filter(pk__in=territories).order_by("name", "pk").values_list("pk", "name")
    return [[str(pk), name] for pk, name in found]


COLUMNS: Final = (*VerdictRow._fields, "place", "run_id", "decision", "decision_code", "decision_text")


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What is decided and why. document: the act that the decision rests on, not necessarily stored yet."""

    decision: Decision
    reason_code: str = ""
    text: str = ""
    document: LegalAct | None = None


@transaction.atomic
def decide(
    *,
    verdict: SchoolVerdict,
    decision: Decision,
    reason_code: str = "",
    text: str = "",
    document: LegalAct | None = None,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> SchoolVerdict:
    """Include, exclude or postpone a school, or take a decision back (WAITING).

    To go against the rule one gives a reason and at least 50 characters of text: excluding a school that it names,
    including one that it does not. document: what the decision rests on, not necessarily stored yet.
    seen: the stamp of the decision on the person's page, None not to compare. Raises DecisionsClosed, DecisionRefused.
    """
    run = lock_run(verdict.run_id)
    (locked,) = locked_verdicts([verdict.pk])
    refuse_unseen(locked, seen)
    ruling = Ruling(decision=decision, reason_code=reason_code, text=text, document=document)
    rule_on(locked, ruling, by=by, at=at)
    settle(run)
    return locked


@transaction.atomic
def decide_many(*, verdicts: Sequence[SchoolVerdict], ruling: Ruling, by: User, at: datetime) -> int:
    """Decide alike on the chosen schools of one run; return how many.

    Only schools that the rule names and nobody has included or excluded: a reason that was given before may be
    replaced only school by school. Raises DecisionsClosed, DecisionRefused.
    """
    if not verdicts:
        return 0
    run = lock_run(verdicts[0].run_id)
    waiting = [
        each
        for each in locked_verdicts([one.pk for one in verdicts])
        if each.is_named_by_rule and each.decision in OPEN_DECISIONS
    ]
    for verdict in waiting:
        rule_on(verdict, ruling, by=by, at=at)
    settle(run)
    return len(waiting)


def lock_run(pk: UUID) -> IdentificationRun:
    """Hold a run: decisions on its schools come one after another, so that its counts add up."""
    run = hold_run(pk)
    refuse_closed(run)
    return run


def locked_verdicts(keys: Collection[UUID]) -> list[SchoolVerdict]:
    rows = SchoolVerdict.objects.select_for_update(of=("self",)).select_related("school", "run", "decided_by")
    return list(rows.filter(pk__in=keys).order_by("place", "pk"))


def rule_on(verdict: SchoolVerdict, ruling: Ruling, *, by: User, at: datetime) -> None:
    """Store a decision on a held verdict. Raises DecisionRefused."""
    ruling = refuse_groundless(verdict, ruling)
    decision, is_open = ruling.decision, ruling.decision == Decision.WAITING
    verdict.decision, verdict.decision_code, verdict.decision_text = decision, ruling.reason_code, ruling.text
    verdict.decision_document = register_act(act=ruling.document, by=by) if ruling.document else None
    verdict.decided_by, verdict.decided_at = (None, None) if is_open else (by, at)
    verdict.save(update_fields=DECISION_FIELDS)
    record(
        AuditCode.SCHOOL_DECIDED,
        actor=by,
        obj=verdict,
        decision=str(decision),
        verdict=verdict.verdict,
        reason=ruling.reason_code,
    )


def refuse_groundless(verdict: SchoolVerdict, ruling: Ruling) -> Ruling:
    """Return what is stored of a ruling; going with the rule needs no reason, the exit rule is one of its own.

    Raises DecisionRefused.
    """
    text = ruling.text.strip()
    if goes_against_rule(verdict, ruling.decision):
        refuse_without_reason(ruling.decision, ruling.reason_code, text)
        return replace(ruling, text=text)
    if not verdict.is_named_by_rule and ruling.decision == Decision.EXCLUDED:
        raise DecisionRefused("Правило не относит эту школу к перечню: её можно включить с обоснованием или отложить.")
    if ruling.decision == Decision.POSTPONED:  # why it waits is worth knowing, and is not asked for
        return replace(ruling, reason_code="", text=text)
    is_kept = ruling.decision == Decision.INCLUDED and verdict.is_held
    return Ruling(decision=ruling.decision, reason_code=DecisionReason.EXIT_RULE if is_kept else "")


def settle(run: IdentificationRun) -> None:
    """Bring the counts and the drafts of a run in line with its decisions."""
    run.count_verdicts()
    refill_drafts(run)


def refuse_unseen(verdict: SchoolVerdict, seen: str | None) -> None:
    """Refuse to replace a decision that somebody has taken meanwhile; the page shows it, and the next try passes."""
    if seen is None or verdict.decision_stamp in {seen, ""}:
        return
    raise DecisionRefused(
        "Пока вы смотрели страницу, решение уже сохранено: "
        f"{verdict.get_decision_display().lower()}, {str(verdict.decided_by).rstrip('.')}. "
        "Если вы решили иначе, сохраните своё решение ещё раз.",
    )


def refuse_closed(run: IdentificationRun) -> None:
    """Raise DecisionsClosed when a list of low results of the run is past its draft; other kinds close nothing."""
    closed = run.school_lists.filter(kind__in=LOW_RESULT_LISTS, state__in=[ListState.APPROVED, ListState.PUBLISHED])
    if closed.exists():
        raise DecisionsClosed(
            "Перечень по этому расчёту утверждён, решения не меняются. Верните перечень в черновик; "
            "опубликованный перечень отменяют приказом.",
        )


def goes_against_rule(verdict: SchoolVerdict, decision: Decision) -> bool:
    against = Decision.EXCLUDED if verdict.is_named_by_rule else Decision.INCLUDED
    return decision == against


def refuse_without_reason(decision: Decision, reason_code: str, text: str) -> None:
    """Raise DecisionRefused when the reason is missing, foreign to the decision or too short."""
    for field_name, missing in missing_reasons(decision, reason_code, text).items():
        raise DecisionRefused(missing, field=field_name)


def missing_reasons(decision: Decision, reason_code: str, text: str) -> dict[str, str]:
    """Return field -> what a decision against the rule lacks; everything at once, empty when it is reasoned."""
    allowed = EXCLUSION_REASONS if decision == Decision.EXCLUDED else INCLUSION_REASONS
    missing = {}
    if reason_code not in allowed:
        missing["reason"] = "Выберите причину из списка."
    if (length := len(text.strip())) < REASON_LENGTH:
        missing["text"] = f"Обоснование войдёт в протокол: напишите не менее {REASON_LENGTH} знаков. Сейчас {length}."
    return missing
