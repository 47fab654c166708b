"""Runs, verdicts and lists, made through the actions; `make_list` makes one without a run before it."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from schools.actions.identification import decide, run_identification
from schools.actions.lists import approve_list, cancel_list, draft_list, publish_list
from schools.actions.rule_sets import load_rule_set, new_version
from schools.choices import Decision, ListKind, ListState
from schools.models import (
    IdentificationRun,
    LegalAct,
    ListExclusion,
    School,
    SchoolList,
    SchoolVerdict,
    Territory,
)
from tests.factories.schools import make_act, make_result, make_school, make_territory, make_user

AT = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
REASON = "Школа участвует в региональной программе для вечерних школ, контингент особый."


def make_low_school(**fields: Any) -> School:
    """Return a school that the rule names: two low procedures in 2026, one of them low in 2025 too."""
    school = make_school(**fields)
    make_result(school=school, subject="RU", marks=(20, 10, 8, 2))
    make_result(school=school, subject="MA", marks=(12, 20, 6, 2))
    make_result(school=school, subject="RU", marks=(15, 15, 8, 2), year=2025)
    return school


def make_near_school(**fields: Any) -> School:
    """Return a school of the risk group: 11 of 40."""
    school = make_school(**fields)
    make_result(school=school, subject="RU", marks=(11, 20, 7, 2))
    return school


def make_quiet_school(**fields: Any) -> School:
    school = make_school(**fields)
    make_result(school=school, subject="RU", marks=(2, 20, 16, 2))
    return school


def make_run(*, territory: Territory, by: User | None = None, year: int = 2026) -> IdentificationRun:
    """Run RU-2025 over a territory that has results."""
    return run_identification(rule_set=load_rule_set(by=by), territory=territory, year=year, by=by, at=AT)


def make_verdict(**fields: Any) -> SchoolVerdict:
    """Return the verdict of a low school in a territory of its own."""
    territory = fields.get("territory") or make_territory()
    school = make_low_school(territory=territory)
    return make_run(territory=territory).verdicts.get(school=school)


def make_order(territory: Territory, number: str = "418") -> LegalAct:
    """Return an order that is not stored yet."""
    return LegalAct(
        territory=territory,
        issuer_genitive="управления образования",
        date=date(2026, 10, 15),
        number=number,
        title="Об утверждении перечня школ",
    )


def include_everyone(run: IdentificationRun, by: User) -> None:
    for verdict in run.verdicts.undecided():
        decide(verdict=verdict, decision=Decision.INCLUDED, by=by, at=AT)


def make_draft(run: IdentificationRun, by: User | None = None) -> SchoolList:
    person = by or make_user()
    include_everyone(run, person)
    return draft_list(run=run, by=person, at=AT)


def make_published_list(run: IdentificationRun, by: User | None = None, number: str = "418") -> SchoolList:
    person = by or make_user()
    approved = approve_list(school_list=make_draft(run, person), by=person, at=AT)
    return publish_list(school_list=approved, order=make_order(run.territory, number), by=person, at=AT)


def make_list(
    schools: list[School],
    *,
    state: ListState = ListState.PUBLISHED,
    day: date = date(2026, 10, 1),
    **fields: Any,
) -> SchoolList:
    """Return a list with an order of a day, published unless told otherwise."""
    person, territory = make_user(), fields.pop("territory", None) or schools[0].territory
    defaults: dict[str, Any] = {"kind": ListKind.MUNICIPAL, "year": 2026, "created_by": person, "created_at": AT}
    school_list = SchoolList.objects.create(**{**defaults, **fields}, territory=territory)
    for school in schools:
        school_list.items.create(school=school, school_name=school.name)
    if state == ListState.PUBLISHED:
        school_list.basis_document = make_act(territory=territory, date=day, number="100")
        school_list.content_hash = school_list.compute_hash()
        school_list.state = state
        school_list.published_by, school_list.published_at = person, AT
        school_list.save()
    return school_list


def cancel(school_list: SchoolList, *, day: date) -> SchoolList:
    """Cancel a published list by an order of a day."""
    order = make_order(school_list.territory, "700")
    order.date = day
    return cancel_list(school_list=school_list, order=order, by=make_user(), at=AT)


def make_exclusion(school_list: SchoolList, school: School, *, day: date = date(2026, 1, 15)) -> ListExclusion:
    """Store that an order has excluded a school of a published list."""
    return ListExclusion.objects.create(
        item=school_list.items.get(school=school),
        excluded_on=day,
        basis_document=stored(make_order(school_list.territory, "901")),
        recorded_by=make_user(),
        recorded_at=AT,
    )


def stored(act: LegalAct) -> LegalAct:
    act.save()
    return act


def annul(exclusion: ListExclusion, *, day: date = date(2026, 3, 1)) -> ListExclusion:
    exclusion.annulled_on, exclusion.annulled_at, exclusion.annul_note = day, AT, "Ошибка в приказе."
    exclusion.annul_document = stored(make_order(exclusion.item.school_list.territory, "902"))
    exclusion.annulled_by = exclusion.recorded_by
    exclusion.save()
    return exclusion


def make_high_school(**fields: Any) -> School:
    """Return a school without a low work and with «4» and «5» alone, three years running."""
    school = make_school(**fields)
    for year in (2024, 2025, 2026):
        for subject in ("RU", "MA"):
            make_result(school=school, subject=subject, year=year, marks=(0, 0, 20, 20))
    return school


def make_marked_school(**fields: Any) -> School:
    """Return a school without a low work, one of them with a marker of bias."""
    school = make_quiet_school(**fields)
    make_result(school=school, subject="MA", marks=(0, 10, 20, 10), objectivity_markers=["5МА"])
    return school


def make_run_under(*, territory: Territory, **changes: Any) -> IdentificationRun:
    """Run RU-2025 with some parameters changed."""
    person = make_user()
    rule_set = new_version(rule_set=load_rule_set(by=person), changes=changes, basis=None, by=person)
    return run_identification(rule_set=rule_set, territory=territory, year=2026, by=person, at=AT)


def make_run_of_kinds(*, territory: Territory, **changes: Any) -> IdentificationRun:
    """Run RU-2025 with a separate list of markers and three lists over the years."""
    kinds = {"objectivity_mode": "SEPARATE_LIST", "trend_rule": {"years": 3, "high_share_pct": 50}}
    return make_run_under(territory=territory, **{**kinds, **changes})


def publish_kind(run: IdentificationRun, kind: ListKind, by: User | None = None) -> SchoolList:
    person = by or make_user()
    draft = draft_list(run=run, kind=kind, by=person, at=AT)
    approved = approve_list(school_list=draft, by=person, at=AT)
    return publish_list(school_list=approved, order=make_order(run.territory, f"{kind}"), by=person, at=AT)


def make_held_school(**fields: Any) -> School:
    """Return a school without a low work this year that the published list of the year before named."""
    school = make_quiet_school(**fields)
    make_list([school], year=2025)
    return school
