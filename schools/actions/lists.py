"""Lists of schools: draft, approved, published with an order, cancelled by an order. One table of states: choices."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.russian import count
from schools.actions.acts import register_act
from schools.choices import LIST_TRANSITIONS, Decision, ListKind, ListState, TerritoryLevel
from schools.errors import DecisionsMissing, ListAlreadyPublished, WrongListState
from schools.list_file import sealed_content
from schools.list_kinds import BY_VERDICT, HARD, reasons_of_kind
from schools.list_news import tell_cancelled, tell_published
from schools.models import (
    IdentificationRun,
    LegalAct,
    ListAmendment,
    School,
    SchoolList,
    SchoolListItem,
    SchoolVerdict,
    SocialIndexRun,
    Territory,
)
from schools.social_reasons import social_reasons

SCHOOLS_DATIVE = "школе,школам,школам"


@transaction.atomic
def draft_list(*, run: IdentificationRun, by: User, at: datetime, kind: ListKind | None = None) -> SchoolList:
    """Make the draft of a list of a run, or return the one of the kind that is under way.

    kind: one of `kinds_of`, that of low results unless told; what it is made of: schools/list_kinds.py.
    Raises DecisionsMissing, ListAlreadyPublished, WrongListState when the kind is no list of the run or is empty.
    """
    kind = kind or default_kind(run.territory)
    if kind not in kinds_of(run):
        raise WrongListState(
            "Перечень этого вида по расчёту не составить. Выберите вид из предложенных на его странице."
        )
    held = hold_run(run.pk)
    return drafted(SchoolList(kind=kind, run=held, created_by=by, created_at=at), source=held)


@transaction.atomic
def draft_social_list(*, run: SocialIndexRun, by: User, at: datetime) -> SchoolList:
    """Make the draft of the list of schools in hard conditions, or return the one that is under way.

    Raises ListAlreadyPublished, WrongListState when no school is in such conditions.
    """
    held = SocialIndexRun.objects.select_for_update(of=("self",)).select_related("territory", "rule").get(pk=run.pk)
    return drafted(SchoolList(kind=ListKind.SHNSU, social_run=held, created_by=by, created_at=at), source=held)


def drafted(school_list: SchoolList, *, source: IdentificationRun | SocialIndexRun) -> SchoolList:
    """Store and fill a new draft of a run, held so that two people do not begin two; or return the one under way."""
    under_way = source.school_lists.filter(kind=school_list.kind).exclude(state=ListState.CANCELLED).first()
    if under_way:
        return under_way
    school_list.year, school_list.territory = source.year, source.territory
    refuse_undecided(school_list)
    refuse_second(school_list)
    school_list.save()
    refill(school_list)
    refuse_empty(school_list)
    record(
        AuditCode.LIST_CREATED,
        actor=school_list.created_by,
        obj=school_list,
        kind=str(school_list.kind),
        schools=school_list.items.count(),
    )
    return school_list


@transaction.atomic
def approve_list(*, school_list: SchoolList, by: User, at: datetime) -> SchoolList:
    """Approve a draft; decisions are closed from now on. Raises WrongListState, DecisionsMissing."""
    locked = lock(school_list)
    move(locked, ListState.APPROVED)
    refuse_undecided(locked)
    refuse_empty(locked)
    locked.approved_by, locked.approved_at = by, at
    locked.save()
    record(AuditCode.LIST_APPROVED, actor=by, obj=locked, schools=locked.items.count())
    return locked


@transaction.atomic
def reopen_list(*, school_list: SchoolList, by: User) -> SchoolList:
    """Take an approved list back to its draft, made anew of what its run says now. Raises WrongListState."""
    locked = lock(school_list)
    move(locked, ListState.DRAFT)
    locked.approved_by = locked.approved_at = None
    locked.save()
    refill(locked)
    record(AuditCode.LIST_CREATED, actor=by, obj=locked, reopened=True)
    return locked


@transaction.atomic
def publish_list(*, school_list: SchoolList, order: LegalAct, by: User, at: datetime) -> SchoolList:
    """Publish an approved list with its order and seal it.

    order: not necessarily stored yet. Raises WrongListState, also for a list that contradicts the decisions,
    DecisionsMissing, ListAlreadyPublished.
    """
    locked = lock(school_list)
    move(locked, ListState.PUBLISHED)
    refuse_undecided(locked)
    refuse_contradicting(locked)
    hold(locked.territory)
    refuse_second(locked)
    locked.basis_document = register_act(act=order, by=by)
    locked.published_by, locked.published_at = by, at
    locked.sealed = sealed_content(locked)
    locked.content_hash = locked.compute_hash()
    locked.save()
    record(
        AuditCode.LIST_PUBLISHED,
        actor=by,
        obj=locked,
        schools=locked.items.count(),
        order=str(locked.basis_document.pk),
        sha256=locked.content_hash,
    )
    tell_published(locked, by=by, at=at)
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
    if was_published:
        tell_cancelled(locked, by=by, at=at)
    return locked


def refill_drafts(run: IdentificationRun) -> None:
    """Bring the drafts of a held run in line with its decisions."""
    for school_list in run.school_lists.select_for_update(of=("self",)).filter(state=ListState.DRAFT):
        refill(school_list)


def refill(school_list: SchoolList) -> None:
    """Put the schools of the run into a draft, with names and reasons as they are now, then what people changed."""
    if not school_list.is_counted:
        return
    school_list.items.all().delete()
    items = items_of_social_run(school_list) if school_list.social_run else items_of_run(school_list)
    SchoolListItem.objects.bulk_create(amended(school_list, items))


def amended(school_list: SchoolList, items: list[SchoolListItem]) -> list[SchoolListItem]:
    """Return the items without the schools that were taken out and with those that were put in. One query."""
    amendments = {each.school_id: each for each in school_list.amendments.select_related("school")}
    named = {item.school_id for item in items}
    kept = [item for item in items if item.school_id not in amendments or amendments[item.school_id].is_added]
    added = [each for each in amendments.values() if each.is_added and each.school_id not in named]
    return [*kept, *(added_item(each) for each in added)]


def added_item(amendment: ListAmendment) -> SchoolListItem:
    """Return a school that a person put in: no reason of the rule stands behind it."""
    return SchoolListItem(
        school_list=amendment.school_list,
        school=amendment.school,
        school_name=amendment.school.name,
        included_by_decision=True,
        note=amendment.reason,
    )


def items_of_run(school_list: SchoolList) -> list[SchoolListItem]:
    """Return what the verdicts and decisions of an identification run put into a list of its kind. One query."""
    if school_list.run is None:
        return []
    is_decided = school_list.is_of_low_results
    verdicts = school_list.run.verdicts.select_related("school").order_by("place", "pk")
    return [
        SchoolListItem(
            school_list=school_list,
            school=verdict.school,
            verdict=verdict,
            school_name=verdict.school.name,
            reasons=reasons_of_kind(school_list.kind, verdict.reasons),
            included_by_decision=is_decided and verdict.is_manual,
            note=verdict.decision_text if is_decided else "",
        )
        for verdict in of_kind(verdicts, ListKind(school_list.kind))
    ]


def of_kind(verdicts: QuerySet[SchoolVerdict], kind: ListKind) -> QuerySet[SchoolVerdict]:
    by_verdict = BY_VERDICT.get(kind)
    return verdicts.filter(by_verdict.condition if by_verdict else Q(decision=Decision.INCLUDED))


def items_of_social_run(school_list: SchoolList) -> list[SchoolListItem]:
    """Return the schools in hard conditions with the parts of their index. One query."""
    if school_list.social_run is None:
        return []
    rule = school_list.social_run.used_rule
    return [
        SchoolListItem(
            school_list=school_list,
            school=index.school,
            social_index=index,
            school_name=index.school.name,
            reasons=social_reasons(index, rule),
        )
        for index in school_list.social_run.indices.filter(HARD).for_page()
    ]


def default_kind(territory: Territory) -> ListKind:
    return ListKind.REGIONAL if territory.level == TerritoryLevel.REGION else ListKind.MUNICIPAL


def kinds_of(run: IdentificationRun) -> tuple[ListKind, ...]:
    """Return the kinds of lists that an identification run can draft."""
    return (default_kind(run.territory), *BY_VERDICT)


def hold_run(pk: UUID) -> IdentificationRun:
    """Hold a run. The order is one everywhere, the run and then its lists: no decision passes a list being approved."""
    return IdentificationRun.objects.select_for_update(of=("self",)).select_related("territory").get(pk=pk)


def lock(school_list: SchoolList) -> SchoolList:
    """Hold a list, after the run whose decisions it rests on."""
    if school_list.run_id:
        hold_run(school_list.run_id)
    rows = SchoolList.objects.select_for_update(of=("self",)).select_related(
        "territory",
        "run__rule_set__basis_document",
        "run__cluster_set__basis_document",
        "social_run__rule__basis_document",
    )
    return rows.get(pk=school_list.pk)


def hold(territory: Territory) -> None:
    """Let lists of one territory be published in turn: the second finds the first and says so."""
    Territory.objects.select_for_update(no_key=True).get(pk=territory.pk)


def move(school_list: SchoolList, to: ListState) -> None:
    """Set the next state, not stored yet. Raises WrongListState, naming what is allowed, or that it is so already."""
    if to == school_list.state:
        raise WrongListState(f"Перечень уже {to.label.lower()}.")
    allowed = LIST_TRANSITIONS[ListState(school_list.state)]
    if to not in allowed:
        ways = ", ".join(sorted(f"«{state.label}»" for state in allowed)) or "нет"
        raise WrongListState(
            f"Перечень в состоянии «{school_list.get_state_display()}», перевести его в «{to.label}» нельзя. "
            f"Возможные состояния: {ways}.",
        )
    school_list.state = to


def refuse_undecided(school_list: SchoolList) -> None:
    """Raise DecisionsMissing when a school that the rule names is neither included nor excluded.

    Only for lists of low results: the other kinds rest on no decision.
    """
    if school_list.run is None or not school_list.is_of_low_results:
        return
    if left := school_list.run.verdicts.undecided().count():
        raise DecisionsMissing(f"{missing_decisions(left)}.")


def refuse_contradicting(school_list: SchoolList) -> None:
    """Raise WrongListState, naming the schools, when a list is not what the run and its decisions make it today."""
    if school_list.run is None:
        return
    said = [sentence.format(names) for sentence, names in contradictions(school_list, school_list.run) if names]
    if said:
        raise WrongListState(
            f"Состав перечня расходится с решениями. {' '.join(said)} "
            "Верните перечень в черновик: состав соберётся по решениям заново."
        )


def contradictions(school_list: SchoolList, run: IdentificationRun) -> Iterator[tuple[str, str]]:
    """Yield (sentence, names of schools). Where a list may be amended by hand, only what its verdicts have put in."""
    fitting = of_kind(run.verdicts.all(), ListKind(school_list.kind)).values("school")
    if not school_list.is_of_low_results:
        by_verdict = school_list.items.filter(included_by_decision=False).exclude(school__in=fitting)
        names = names_in(by_verdict.values_list("school_name", flat=True))
        yield "По решениям им в этом перечне не место: {}.", names
        return
    strangers = school_list.items.exclude(school__in=fitting).values_list("school_name", flat=True)
    left_out = School.objects.filter(pk__in=fitting).exclude(pk__in=school_list.items.values("school"))
    yield "Есть в перечне, но не включены решением: {}.", names_in(strangers)
    yield "Включены решением, но в перечне их нет: {}.", names_in(left_out.values_list("name", flat=True))


def names_in(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def refuse_empty(school_list: SchoolList) -> None:
    """Raise WrongListState when nobody is in the list; that of low results may say that there is no such school."""
    if school_list.items.exists() or (school_list.run_id and school_list.is_of_low_results):
        return
    if school_list.is_counted:
        raise WrongListState(f"В перечень «{school_list}» по этому расчёту не попадает ни одна школа.")
    raise WrongListState("В перечне нет школ. Добавьте их, затем утвердите перечень.")


def missing_decisions(left: int) -> str:
    """Return «Сначала примите решение по 3 школам»."""
    number = count(left, SCHOOLS_DATIVE)
    return f"Сначала примите решение по {number}"


def refuse_second(school_list: SchoolList) -> None:
    """Raise ListAlreadyPublished, naming the list that has to be cancelled first."""
    if in_force := SchoolList.objects.standing_before(school_list).first():
        raise ListAlreadyPublished(
            f"{in_force} уже опубликован. Отмените его приказом, затем опубликуйте новый.",
        )
