"""Versions of rule sets in the making, and the freeze by the first run."""

import pytest
from django.db import DatabaseError, transaction

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from schools.actions.rule_drafts import (
    Content,
    delete_rule_set,
    draft_rule_set,
    edit_rule_set,
    save_as_new,
    use_rule_set,
)
from schools.actions.rule_sets import load_rule_set
from schools.choices import RuleSetState
from schools.errors import DraftMovedOn, FrozenRow, RuleSetMovedOn, RuleSetRefused
from schools.models import IdentificationRuleSet, LegalAct
from tests.factories.lists import AT, make_low_school, make_order, make_published_list, make_run
from tests.factories.schools import make_region, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    return make_user()


@pytest.fixture
def draft(keeper: User) -> IdentificationRuleSet:
    return draft_rule_set(source=load_rule_set(by=None), by=keeper, at=AT)


def content(draft: IdentificationRuleSet, **changes: object) -> Content:
    return Content(title="Правило", year=2026, parameters={**draft.parameters, **changes})


def state_of(rule_set: IdentificationRuleSet) -> RuleSetState:
    return IdentificationRuleSet.objects.with_uses().get(pk=rule_set.pk).state


# Copies


def test_draft_is_the_next_version_with_the_same_parameters(draft: IdentificationRuleSet, keeper: User) -> None:
    source = draft.based_on

    assert source
    assert (draft.code, draft.version, draft.edition) == ("RU-2025", 2, 0)
    assert (draft.parameters, draft.provenance) == (source.parameters, source.provenance)
    assert (draft.edited_by, draft.edited_at, draft.basis_document) == (keeper, AT, None)
    event = AuditEvent.objects.filter(code=AuditCode.RULE_SET_CHANGED).latest("pk")
    assert (event.object_id, event.meta["based_on"]) == (str(draft.pk), "RU-2025, версия 1")


def test_draft_under_a_new_code_is_its_first_version(draft: IdentificationRuleSet, keeper: User) -> None:
    own = draft_rule_set(source=draft, code="REG-2026", by=keeper, at=AT)

    assert (own.code, own.version, own.based_on) == ("REG-2026", 1, draft)


def test_taken_code_is_refused_and_nothing_is_left(draft: IdentificationRuleSet, keeper: User) -> None:
    with pytest.raises(RuleSetRefused, match="«RU-2025» уже есть"):
        draft_rule_set(source=draft, code="RU-2025", by=keeper, at=AT)

    assert IdentificationRuleSet.objects.count() == 2


# Editing


def test_edit_stores_everything_and_tells_what_changed(draft: IdentificationRuleSet, keeper: User) -> None:
    order = make_order(make_region(), number="9")
    new = Content(
        title="Правило области",
        year=2027,
        provenance="Откуда",
        justification="Почему",
        basis=order,
        parameters={**draft.parameters, "share_threshold_pct": "35"},
    )

    edited = edit_rule_set(rule_set=draft, content=new, seen=0, by=keeper, at=AT)

    edited.refresh_from_db()
    assert (edited.title, edited.year, edited.edition) == ("Правило области", 2027, 1)
    assert (edited.provenance, edited.justification) == ("Откуда", "Почему")
    assert edited.basis_document == LegalAct.objects.get(number="9")
    assert edited.rules.share_threshold_pct == 35
    assert AuditEvent.objects.latest("pk").meta["changed"] == ["share_threshold_pct"]
    assert [past.edition for past in edited.history.order_by("history_id")] == [0, 1]


def test_new_code_stands_in_the_title_of_the_copy(draft: IdentificationRuleSet, keeper: User) -> None:
    draft.title = "Выявление ШНОР, RU-2025"

    assert draft_rule_set(source=draft, code="REG-2026", by=keeper, at=AT).title == "Выявление ШНОР, REG-2026"
    assert draft_rule_set(source=draft, by=keeper, at=AT).title == "Выявление ШНОР, RU-2025"


def test_own_edit_in_another_tab_is_told_as_own(draft: IdentificationRuleSet, keeper: User) -> None:
    edit_rule_set(rule_set=draft, content=content(draft), seen=0, by=keeper, at=AT)

    with pytest.raises(DraftMovedOn, match="вы уже сохранили в другой вкладке"):
        edit_rule_set(rule_set=draft, content=content(draft), seen=0, by=keeper, at=AT)


def test_edit_of_an_older_edition_is_refused(draft: IdentificationRuleSet, keeper: User) -> None:
    edit_rule_set(rule_set=draft, content=content(draft), seen=0, by=make_user(), at=AT)

    with pytest.raises(DraftMovedOn, match="сохранил другой пользователь"):
        edit_rule_set(rule_set=draft, content=content(draft), seen=0, by=keeper, at=AT)


def test_wrong_parameters_are_refused(draft: IdentificationRuleSet, keeper: User) -> None:
    with pytest.raises(RuleSetRefused, match="min_procedures"):
        edit_rule_set(rule_set=draft, content=content(draft, min_procedures=0), seen=0, by=keeper, at=AT)

    draft.refresh_from_db()
    assert draft.edition == 0


def test_shipped_version_is_changed_by_a_copy_only(draft: IdentificationRuleSet, keeper: User) -> None:
    shipped = draft.based_on
    assert shipped

    with pytest.raises(FrozenRow, match="поставляется с порталом"):
        edit_rule_set(rule_set=shipped, content=content(shipped), seen=0, by=keeper, at=AT)
    third = save_as_new(rule_set=shipped, content=content(shipped, min_procedures=3), by=keeper, at=AT)

    assert (third.version, third.rules.min_procedures, third.based_on) == (3, 3, shipped)


# Deleting


def test_draft_is_deleted_with_an_event(draft: IdentificationRuleSet, keeper: User) -> None:
    delete_rule_set(rule_set=draft, by=keeper)

    assert not IdentificationRuleSet.objects.filter(pk=draft.pk).exists()
    assert AuditEvent.objects.latest("pk").meta["deleted"] is True
    with pytest.raises(FrozenRow, match="удалён"):
        delete_rule_set(rule_set=draft, by=keeper)


def test_draft_with_copies_stays(draft: IdentificationRuleSet, keeper: User) -> None:
    draft_rule_set(source=draft, by=keeper, at=AT)

    with pytest.raises(RuleSetRefused, match="Сначала удалите их"):
        delete_rule_set(rule_set=draft, by=keeper)


# The freeze


def test_run_freezes_its_version_and_a_published_list_makes_it_final(keeper: User) -> None:
    rule_set, territory = load_rule_set(by=None), make_territory()
    make_low_school(territory=territory)
    assert state_of(rule_set) == RuleSetState.SUPPLIED

    run = make_run(territory=territory)
    rule_set.refresh_from_db()
    assert (rule_set.frozen_at, state_of(rule_set)) == (AT, RuleSetState.USED)
    make_published_list(run, keeper)

    assert state_of(rule_set) == RuleSetState.FINAL


def test_used_draft_changes_no_more(draft: IdentificationRuleSet, keeper: User) -> None:
    assert state_of(draft) == RuleSetState.DRAFT
    use_rule_set(rule_set=draft, at=AT)

    for change in (
        lambda: edit_rule_set(rule_set=draft, content=content(draft), seen=0, by=keeper, at=AT),
        lambda: delete_rule_set(rule_set=draft, by=keeper),
        draft.save,
    ):
        with pytest.raises(FrozenRow):
            change()
    assert state_of(draft) == RuleSetState.USED


def test_database_refuses_to_change_a_used_version(draft: IdentificationRuleSet) -> None:
    use_rule_set(rule_set=draft, at=AT)

    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        IdentificationRuleSet.objects.filter(pk=draft.pk).update(parameters={})


def test_second_run_keeps_the_time_of_the_first(draft: IdentificationRuleSet) -> None:
    use_rule_set(rule_set=draft, at=AT)
    use_rule_set(rule_set=draft, at=AT.replace(year=2027))

    assert draft.frozen_at == AT


def test_run_by_a_draft_that_was_edited_meanwhile_is_refused(draft: IdentificationRuleSet, keeper: User) -> None:
    edit_rule_set(rule_set=draft, content=content(draft, min_procedures=3), seen=0, by=keeper, at=AT)

    with pytest.raises(RuleSetMovedOn, match="изменили, пока шёл расчёт"):
        use_rule_set(rule_set=draft, at=AT)

    draft.refresh_from_db()
    assert draft.frozen_at is None


def test_run_by_a_draft_that_was_deleted_meanwhile_is_refused(draft: IdentificationRuleSet, keeper: User) -> None:
    gone = IdentificationRuleSet.objects.get(pk=draft.pk)
    delete_rule_set(rule_set=draft, by=keeper)

    with pytest.raises(RuleSetMovedOn):
        use_rule_set(rule_set=gone, at=AT)
