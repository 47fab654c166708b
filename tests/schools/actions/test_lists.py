"""Lists from draft to cancellation."""

import pytest

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from schools.actions.identification import decide
from schools.actions.lists import (
    approve_list,
    cancel_list,
    draft_list,
    missing_decisions,
    publish_list,
    refill,
    reopen_list,
)
from schools.choices import Decision, ListKind, ListState
from schools.errors import DecisionsMissing, ListAlreadyPublished, WrongListState
from schools.models import IdentificationRun, LegalAct, SchoolList
from tests.factories.lists import (
    AT,
    include_everyone,
    make_draft,
    make_low_school,
    make_near_school,
    make_order,
    make_published_list,
    make_run,
)
from tests.factories.schools import make_region, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> User:
    return make_user()


@pytest.fixture
def run() -> IdentificationRun:
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    return make_run(territory=territory)


def test_draft_waits_for_every_decision(run: IdentificationRun, coordinator: User) -> None:
    with pytest.raises(DecisionsMissing, match=r"Сначала примите решение по 1.школе\."):
        draft_list(run=run, by=coordinator, at=AT)


def test_missing_decisions_agree_with_their_number() -> None:
    assert missing_decisions(3).replace("\u00a0", " ") == "Сначала примите решение по 3 школам"
    assert missing_decisions(21).replace("\u00a0", " ") == "Сначала примите решение по 21 школе"


def test_draft_holds_the_included_schools_with_reasons(run: IdentificationRun, coordinator: User) -> None:
    draft = make_draft(run, coordinator)

    (item,) = draft.items.all()
    assert (draft.state, draft.kind, draft.year) == (ListState.DRAFT, ListKind.MUNICIPAL, 2026)
    assert (item.school_name, item.reasons) == ("Низкая", run.verdicts.get().reasons)


def test_second_draft_of_a_run_is_the_same(run: IdentificationRun, coordinator: User) -> None:
    assert make_draft(run, coordinator) == draft_list(run=run, by=coordinator, at=AT)


def test_list_of_a_region_is_regional(coordinator: User) -> None:
    region = make_region()
    make_low_school(territory=make_territory(parent=region))

    assert make_draft(make_run(territory=region), coordinator).kind == ListKind.REGIONAL


def test_list_is_published_with_its_order(run: IdentificationRun, coordinator: User) -> None:
    approved = approve_list(school_list=make_draft(run, coordinator), by=coordinator, at=AT)

    published = publish_list(school_list=approved, order=make_order(run.territory), by=coordinator, at=AT)

    assert published.state == ListState.PUBLISHED
    assert published.basis_document is not None
    assert published.basis_document.number == "418"
    assert (published.published_by, published.published_at) == (coordinator, AT)
    assert published.is_intact()


def test_every_step_leaves_an_event(run: IdentificationRun, coordinator: User) -> None:
    published = make_published_list(run, coordinator)
    cancel_list(school_list=published, order=make_order(run.territory, "500"), by=coordinator, at=AT)

    steps = AuditEvent.objects.filter(object_id=str(published.pk)).order_by("pk").values_list("code", flat=True)
    assert list(steps) == [
        AuditCode.LIST_CREATED,
        AuditCode.LIST_APPROVED,
        AuditCode.LIST_PUBLISHED,
        AuditCode.LIST_CANCELLED,
    ]


def test_publishing_freezes_the_rule_set(run: IdentificationRun) -> None:
    make_published_list(run)

    run.rule_set.refresh_from_db()
    assert run.rule_set.frozen_at == AT


def test_order_already_registered_is_not_stored_twice(run: IdentificationRun, coordinator: User) -> None:
    make_order(run.territory).save()

    published = make_published_list(run, coordinator)

    assert LegalAct.objects.get() == published.basis_document


def test_draft_cannot_be_published(run: IdentificationRun, coordinator: User) -> None:
    draft = make_draft(run, coordinator)

    with pytest.raises(WrongListState, match=r"Перечень в состоянии «Черновик».*«Отменён», «Утверждён»"):
        publish_list(school_list=draft, order=make_order(run.territory), by=coordinator, at=AT)


def test_approved_list_goes_back_to_its_draft(run: IdentificationRun, coordinator: User) -> None:
    approved = approve_list(school_list=make_draft(run, coordinator), by=coordinator, at=AT)

    reopened = reopen_list(school_list=approved, by=coordinator)

    assert (reopened.state, reopened.approved_by, reopened.approved_at) == (ListState.DRAFT, None, None)


def test_list_that_contradicts_the_decisions_is_not_published(run: IdentificationRun, coordinator: User) -> None:
    approved = approve_list(school_list=make_draft(run, coordinator), by=coordinator, at=AT)
    stranger = make_low_school(territory=run.territory, name="Чужая")
    approved.items.create(school=stranger, school_name=stranger.name)
    approved.items.filter(school_name="Низкая").delete()

    with pytest.raises(WrongListState) as refused:
        publish_list(school_list=approved, order=make_order(run.territory), by=coordinator, at=AT)

    assert refused.value.text == (
        "Состав перечня расходится с решениями. Есть в перечне, но не включены решением: Чужая. "
        "Включены решением, но в перечне их нет: Низкая. "
        "Верните перечень в черновик: состав соберётся по решениям заново."
    )
    reopened = reopen_list(school_list=approved, by=coordinator)
    assert [item.school_name for item in reopened.items.all()] == ["Низкая"]


def test_risk_group_does_not_hold_a_school_that_a_decision_has_put_into_the_list(
    run: IdentificationRun, coordinator: User
) -> None:
    near = make_near_school(territory=run.territory, name="Близкая")
    run = make_run(territory=run.territory)
    risky = draft_list(run=run, by=coordinator, at=AT, kind=ListKind.RISK_GROUP)
    approved = approve_list(school_list=risky, by=coordinator, at=AT)
    decide(
        verdict=run.verdicts.get(school=near),
        decision=Decision.INCLUDED,
        reason_code="commission",
        text="О" * 60,
        by=coordinator,
        at=AT,
    )

    with pytest.raises(WrongListState) as refused:
        publish_list(school_list=approved, order=make_order(run.territory), by=coordinator, at=AT)

    assert "По решениям им в этом перечне не место: Близкая." in refused.value.text


def test_list_with_a_decision_taken_back_is_not_published(run: IdentificationRun, coordinator: User) -> None:
    approved = approve_list(school_list=make_draft(run, coordinator), by=coordinator, at=AT)
    run.verdicts.update(decision=Decision.WAITING, decided_by=None, decided_at=None)

    with pytest.raises(DecisionsMissing):
        publish_list(school_list=approved, order=make_order(run.territory), by=coordinator, at=AT)

    assert not LegalAct.objects.exists()


def test_published_list_takes_no_other_step(run: IdentificationRun, coordinator: User) -> None:
    published = make_published_list(run, coordinator)

    with pytest.raises(WrongListState, match="Возможные состояния: «Отменён»"):
        approve_list(school_list=published, by=coordinator, at=AT)
    with pytest.raises(WrongListState, match="Возможные состояния: «Отменён»"):
        reopen_list(school_list=published, by=coordinator)


def test_published_list_is_cancelled_by_an_order_only(run: IdentificationRun, coordinator: User) -> None:
    published = make_published_list(run, coordinator)

    with pytest.raises(WrongListState, match="отменяют приказом"):
        cancel_list(school_list=published, order=None, by=coordinator, at=AT)

    cancelled = cancel_list(school_list=published, order=make_order(run.territory, "500"), by=coordinator, at=AT)
    assert cancelled.state == ListState.CANCELLED
    assert cancelled.cancel_document is not None
    assert cancelled.cancel_document.number == "500"


def test_draft_is_cancelled_without_an_order(run: IdentificationRun, coordinator: User) -> None:
    cancelled = cancel_list(school_list=make_draft(run, coordinator), order=None, by=coordinator, at=AT)

    assert (cancelled.state, cancelled.cancelled_by) == (ListState.CANCELLED, coordinator)


def test_second_list_waits_until_the_first_is_cancelled(run: IdentificationRun, coordinator: User) -> None:
    published = make_published_list(run, coordinator)
    again = make_run(territory=run.territory)
    include_everyone(again, coordinator)

    with pytest.raises(ListAlreadyPublished, match=r"уже опубликован\. Отмените его приказом"):
        draft_list(run=again, by=coordinator, at=AT)

    cancel_list(school_list=published, order=make_order(run.territory, "500"), by=coordinator, at=AT)
    assert make_published_list(again, coordinator, "501").state == ListState.PUBLISHED


def test_list_made_by_hand_is_published_without_a_run(coordinator: User) -> None:
    school = make_low_school()
    draft = SchoolList.objects.create(
        kind=ListKind.FEDERAL,
        year=2026,
        territory=school.territory,
        created_by=coordinator,
        created_at=AT,
    )
    draft.items.create(school=school, school_name=school.name)
    refill(draft)

    approved = approve_list(school_list=draft, by=coordinator, at=AT)
    published = publish_list(school_list=approved, order=make_order(school.territory), by=coordinator, at=AT)

    assert (published.state, published.items.count()) == (ListState.PUBLISHED, 1)


def test_second_list_on_one_rule_set_keeps_the_day_it_was_frozen(run: IdentificationRun) -> None:
    make_published_list(run)
    other = make_low_school()
    later = make_run(territory=other.territory)

    make_published_list(later)

    run.rule_set.refresh_from_db()
    assert run.rule_set.frozen_at == AT


def test_draft_made_before_another_list_was_published_is_refused(
    run: IdentificationRun,
    coordinator: User,
) -> None:
    other = make_draft(make_run(territory=run.territory), coordinator)
    make_published_list(run, coordinator)
    approve_list(school_list=other, by=coordinator, at=AT)

    with pytest.raises(ListAlreadyPublished):
        publish_list(school_list=other, order=make_order(run.territory, "7"), by=coordinator, at=AT)

    other.refresh_from_db()
    assert (other.state, SchoolList.objects.published().count()) == (ListState.APPROVED, 1)
