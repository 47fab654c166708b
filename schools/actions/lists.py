"""Lists of schools: draft, approved, published with an order, cancelled by an order. One table of states: choices."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.russian import count
from schools.actions.acts import register_act
from schools.choices import LIST_TRANSITIONS, ListKind, ListState, TerritoryLevel
from schools.errors import DecisionsMissing, ListAlreadyPublished, WrongListState
from schools.models import (
    IdentificationRuleSet,
    IdentificationRun,
    LegalAct,
    SchoolList,
    SchoolListItem,
    Territory,
)

SCHOOLS_DATIVE = "школе,школам,школам"


@transaction.atomic
def draft_list(*, run: IdentificationRun, by: User, at: datetime, kind: ListKind | None = None) -> SchoolList:
    """Make the draft of a list from the decisions of a run, or return the one that is under way.

    Raises DecisionsMissing, ListAlreadyPublished.
    """
    kind = kind or default_kind(run.territory)
    under_way = run.school_lists.filter(kind=kind).exclude(state=ListState.CANCELLED).first()
    if under_way:
        return under_way
    refuse_undecided(run)
    refuse_second(kind, run.year, run.territory)
    school_list = SchoolList.objects.create(
        kind=kind,
        year=run.year,
        territory=run.territory,
        run=run,
        created_by=by,
        created_at=at,
    )
    refill(school_list)
    record(AuditCode.LIST_CREATED, actor=by, obj=school_list, schools=school_list.items.count())
    return school_list


@transaction.atomic
def approve_list(*, school_list: SchoolList, by: User, at: datetime) -> SchoolList:
    """Approve a draft; decisions are closed from now on. Raises WrongListState, DecisionsMissing."""
    locked = lock(school_list)
    move(locked, ListState.APPROVED)
    if locked.run:
        refuse_undecided(locked.run)
    locked.approved_by, locked.approved_at = by, at
    locked.save()
    record(AuditCode.LIST_APPROVED, actor=by, obj=locked, schools=locked.items.count())
    return locked


@transaction.atomic
def reopen_list(*, school_list: SchoolList, by: User) -> SchoolList:
    """Take an approved list back to its draft. Raises WrongListState."""
    locked = lock(school_list)
    move(locked, ListState.DRAFT)
    locked.approved_by = locked.approved_at = None
    locked.save()
    record(AuditCode.LIST_CREATED, actor=by, obj=locked, reopened=True)
    return locked


@transaction.atomic
def publish_list(*, school_list: SchoolList, order: LegalAct, by: User, at: datetime) -> SchoolList:
    """Publish an approved list with its order, seal it and freeze its rule set.

    order: not necessarily stored yet. Raises WrongListState, ListAlreadyPublished.
    """
    locked = lock(school_list)
    move(locked, ListState.PUBLISHED)
    refuse_second(ListKind(locked.kind), locked.year, locked.territory)
    locked.basis_document = register_act(act=order, by=by)
    locked.published_by, locked.published_at = by, at
    locked.content_hash = locked.compute_hash()
    locked.save()
    if locked.run:
        freeze(locked.run.rule_set, at)
    record(
        AuditCode.LIST_PUBLISHED,
        actor=by,
        obj=locked,
        schools=locked.items.count(),
        order=str(locked.basis_document.pk),
        sha256=locked.content_hash,
    )
    return locked


@transaction.atomic
def cancel_list(*, school_list: SchoolList, order: LegalAct | None, by: User, at: datetime) -> SchoolList:
    """Cancel a list: a published one by an order only, a draft without. Raises WrongListState."""
    locked = lock(school_list)
    was_published = locked.state == ListState.PUBLISHED
    move(locked, ListState.CANCELLED)
    if was_published and order is None:
        raise WrongListState("Опубликованный перечень отменяют приказом. Укажите реквизиты приказа.")
    locked.cancel_document = register_act(act=order, by=by) if order else None
    locked.cancelled_by, locked.cancelled_at = by, at
    locked.save()
    record(AuditCode.LIST_CANCELLED, actor=by, obj=locked, was_published=was_published)
    return locked


def refill_drafts(run: IdentificationRun) -> None:
    """Bring the drafts of a run in line with its decisions."""
    for school_list in run.school_lists.filter(state=ListState.DRAFT):
        refill(school_list)


def refill(school_list: SchoolList) -> None:
    """Put the included schools of the run into a draft, with names and reasons as they are now."""
    if school_list.run is None:
        return
    school_list.items.all().delete()
    SchoolListItem.objects.bulk_create(
        SchoolListItem(
            school_list=school_list,
            school=verdict.school,
            verdict=verdict,
            school_name=verdict.school.name,
            reasons=verdict.reasons,
            included_by_decision=verdict.is_manual,
            note=verdict.decision_text,
        )
        for verdict in school_list.run.verdicts.included().select_related("school")
    )


def default_kind(territory: Territory) -> ListKind:
    return ListKind.REGIONAL if territory.level == TerritoryLevel.REGION else ListKind.MUNICIPAL


def lock(school_list: SchoolList) -> SchoolList:
    rows = SchoolList.objects.select_for_update(of=("self",)).select_related("territory", "run__rule_set")
    return rows.get(pk=school_list.pk)


def move(school_list: SchoolList, to: ListState) -> None:
    """Set the next state, not stored yet. Raises WrongListState, naming what is allowed."""
    allowed = LIST_TRANSITIONS[ListState(school_list.state)]
    if to not in allowed:
        ways = ", ".join(sorted(f"«{state.label}»" for state in allowed)) or "нет"
        raise WrongListState(
            f"Перечень в состоянии «{school_list.get_state_display()}», перевести его в «{to.label}» нельзя. "
            f"Возможные состояния: {ways}.",
        )
    school_list.state = to


def refuse_undecided(run: IdentificationRun) -> None:
    """Raise DecisionsMissing when a school that the rule names is neither included nor excluded."""
    if left := run.verdicts.undecided().count():
        raise DecisionsMissing(f"{missing_decisions(left)}.")


def missing_decisions(left: int) -> str:
    """Return «Сначала примите решение по 3 школам»."""
    number = count(left, SCHOOLS_DATIVE)
    return f"Сначала примите решение по {number}"


def refuse_second(kind: ListKind, year: int, territory: Territory) -> None:
    in_force = SchoolList.objects.published().filter(kind=kind, year=year, territory=territory).first()
    if in_force:
        raise ListAlreadyPublished(
            f"{in_force} уже опубликован. Отмените его приказом, затем опубликуйте новый.",
        )


def freeze(rule_set: IdentificationRuleSet, at: datetime) -> None:
    """Hold a rule set unchanged: a published list rests on it."""
    if rule_set.frozen_at is None:
        rule_set.frozen_at = at
        rule_set.save(update_fields=["frozen_at"])
