"""Runs of the rule, and what the coordinator decides on each school."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.actions.lists import refill_drafts
from schools.calculation import Calculation, calculate, read_rules
from schools.choices import EXCLUSION_REASONS, INCLUSION_REASONS, Decision, ListState
from schools.errors import DecisionRefused, DecisionsClosed
from schools.identification import Identification
from schools.models import IdentificationRuleSet, IdentificationRun, School, SchoolVerdict, Territory

REASON_LENGTH: Final = 50
BATCH: Final = 500


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
    calculation = calculate(territory=territory, year=year, rules=rules)
    return store_run(calculation, rule_set=rule_set, territory=territory, year=year, by=by, at=at)


@transaction.atomic
def store_run(
    calculation: Calculation,
    *,
    rule_set: IdentificationRuleSet,
    territory: Territory,
    year: int,
    by: User | None,
    at: datetime,
) -> IdentificationRun:
    """Store a calculation as a new run; runs before it stay as they are."""
    run = IdentificationRun.objects.create(
        territory=territory,
        rule_set=rule_set,
        year=year,
        parameters=rule_set.parameters,
        data_fingerprint=calculation.fingerprint,
        created_by=by,
        created_at=at,
    )
    verdicts = [_verdict(run, school, identification) for school, identification in calculation.outcomes]
    SchoolVerdict.objects.bulk_create(verdicts, batch_size=BATCH)
    record(
        AuditCode.IDENTIFICATION_RUN,
        actor=by,
        obj=run,
        rule_set=str(rule_set),
        year=year,
        schools=len(verdicts),
        listed=sum(verdict.is_named_by_rule for verdict in verdicts),
    )
    return run


def _verdict(run: IdentificationRun, school: School, identification: Identification) -> SchoolVerdict:
    return SchoolVerdict(
        run=run,
        school=school,
        verdict=identification.verdict,
        c1=identification.c1,
        c2=identification.c2,
        low_procedures=len(identification.low),
        counted_procedures=len(identification.counted),
        repeated_procedures=len(identification.repeated),
        parts=[part.to_json() for part in identification.parts],
        reasons=[reason.to_json() for reason in identification.reasons],
        flags=[str(flag) for flag in identification.flags],
    )


@transaction.atomic
def decide(
    *,
    verdict: SchoolVerdict,
    decision: Decision,
    reason_code: str = "",
    text: str = "",
    seen: str | None = None,
    by: User,
    at: datetime,
) -> SchoolVerdict:
    """Include, exclude or postpone a school, or take a decision back (WAITING).

    To go against the rule one gives a reason and at least 50 characters of text: excluding a school that it names,
    including one that it does not. seen: the stamp of the decision on the person's page, None not to compare.
    Raises DecisionsClosed, DecisionRefused.
    """
    locked = SchoolVerdict.objects.select_for_update(of=("self",)).select_related("school", "run").get(pk=verdict.pk)
    refuse_closed(locked.run)
    refuse_unseen(locked, seen)
    text = text.strip()
    if goes_against_rule(locked, decision):
        refuse_without_reason(decision, reason_code, text)
    elif not locked.is_named_by_rule and decision != Decision.WAITING:
        raise DecisionRefused("Правило не относит эту школу к перечню: её можно только включить с обоснованием.")
    else:
        reason_code = text = ""
    is_open = decision == Decision.WAITING
    locked.decision, locked.decision_code, locked.decision_text = decision, reason_code, text
    locked.decided_by, locked.decided_at = (None, None) if is_open else (by, at)
    locked.save(update_fields=["decision", "decision_code", "decision_text", "decided_by", "decided_at"])
    refill_drafts(locked.run)
    record(
        AuditCode.SCHOOL_DECIDED,
        actor=by,
        obj=locked,
        decision=str(decision),
        verdict=locked.verdict,
        reason=reason_code,
    )
    return locked


def refuse_unseen(verdict: SchoolVerdict, seen: str | None) -> None:
    """Refuse to replace a decision that somebody has taken meanwhile; the page shows it, and the next try passes."""
    if seen is None or verdict.decision_stamp in {seen, ""}:
        return
    raise DecisionRefused(
        "Пока вы смотрели страницу, решение уже сохранено: "
        f"{verdict.get_decision_display().lower()}, {verdict.decided_by}. "
        "Если вы решили иначе, сохраните своё решение ещё раз.",
    )


@transaction.atomic
def include_all(*, verdicts: list[SchoolVerdict], by: User, at: datetime) -> int:
    """Include the chosen schools that the rule names and nobody has decided on; return how many.

    An exclusion stands: its reason may be replaced only school by school. Raises DecisionsClosed.
    """
    undecided = {Decision.WAITING, Decision.POSTPONED}
    waiting = [each for each in verdicts if each.is_named_by_rule and each.decision in undecided]
    for verdict in waiting:
        decide(verdict=verdict, decision=Decision.INCLUDED, by=by, at=at)
    return len(waiting)


def refuse_closed(run: IdentificationRun) -> None:
    """Raise DecisionsClosed when a list of the run is past its draft."""
    closed = run.school_lists.filter(state__in=[ListState.APPROVED, ListState.PUBLISHED])
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
    allowed = EXCLUSION_REASONS if decision == Decision.EXCLUDED else INCLUSION_REASONS
    if reason_code not in allowed:
        raise DecisionRefused("Выберите причину из списка.", field="reason")
    if len(text) < REASON_LENGTH:
        raise DecisionRefused(
            f"Обоснование войдёт в протокол: напишите не менее {REASON_LENGTH} знаков. Сейчас {len(text)}.",
            field="text",
        )
