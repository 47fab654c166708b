"""Single schools in and out of a counted draft by a person, with the reason."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from schools.actions.identification import decide
from schools.actions.list_amendments import put_in, take_out, undo_amendment
from schools.actions.lists import approve_list, draft_list, publish_list
from schools.choices import Decision, DecisionReason, ListKind
from schools.errors import FrozenRow, WrongListState
from schools.list_file import list_workbook
from schools.models import IdentificationRun, ListAmendment, School, SchoolList, SchoolVerdict
from tests.factories.lists import (
    AT,
    REASON,
    make_draft,
    make_list,
    make_low_school,
    make_near_school,
    make_order,
    make_quiet_school,
    make_run,
)
from tests.factories.schools import make_act, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
WHY = "Школа закрывается в этом году."


@pytest.fixture
def coordinator() -> User:
    return make_user()


@pytest.fixture
def run() -> IdentificationRun:
    """Return a run with two schools of the risk group, a low one and a quiet one."""
    territory = make_territory()
    for name in ("Близкая", "Вторая"):
        make_near_school(territory=territory, name=name)
    make_low_school(territory=territory, name="Низкая")
    make_quiet_school(territory=territory, name="Тихая")
    return make_run(territory=territory)


@pytest.fixture
def draft(run: IdentificationRun, coordinator: User) -> SchoolList:
    return draft_list(run=run, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)


def school(name: str) -> School:
    return School.objects.get(name=name)


def change(how: Any, school_list: SchoolList, name: str, by: User, reason: str = WHY) -> None:
    how(school_list=school_list, school=school(name).pk, reason=reason, by=by, at=AT)


def names(school_list: SchoolList) -> list[str]:
    return sorted(school_list.items.values_list("school_name", flat=True))


def test_school_is_taken_out_with_its_reason(draft: SchoolList, coordinator: User) -> None:
    assert names(draft) == ["Близкая", "Вторая"]

    change(take_out, draft, "Вторая", coordinator)

    assert names(draft) == ["Близкая"]
    amendment = draft.amendments.get()
    assert (amendment.is_added, amendment.reason, amendment.recorded_by) == (False, WHY, coordinator)
    event = AuditEvent.objects.filter(code=AuditCode.LIST_ITEMS_CHANGED).get()
    assert (event.meta["removed"], event.meta["reason"]) == (str(school("Вторая").pk), WHY)


def test_school_is_put_in_as_a_decision_and_not_by_the_rule(draft: SchoolList, coordinator: User) -> None:
    change(put_in, draft, "Тихая", coordinator)

    item = draft.items.get(school_name="Тихая")
    assert (item.included_by_decision, item.note, item.reasons, item.why_url) == (True, WHY, [], "")
    assert names(draft) == ["Близкая", "Вторая", "Тихая"]


@pytest.mark.parametrize(("first", "second", "name"), [(take_out, put_in, "Вторая"), (put_in, take_out, "Тихая")])
def test_the_other_way_back_leaves_no_amendment(
    draft: SchoolList, coordinator: User, first: Any, second: Any, name: str
) -> None:
    change(first, draft, name, coordinator)
    change(second, draft, name, coordinator)

    assert names(draft) == ["Близкая", "Вторая"]
    assert not draft.amendments.exists()


def test_run_says_again_when_the_amendment_is_undone(draft: SchoolList, coordinator: User) -> None:
    change(take_out, draft, "Вторая", coordinator)

    undo_amendment(school_list=draft, school=school("Вторая").pk, by=coordinator)

    assert names(draft) == ["Близкая", "Вторая"]


def test_amendments_outlive_a_decision_on_the_run(draft: SchoolList, run: IdentificationRun, coordinator: User) -> None:
    change(take_out, draft, "Вторая", coordinator)
    change(put_in, draft, "Тихая", coordinator)

    decide(  # a school of the risk group goes to the list of low results: the draft is filled anew
        verdict=run.verdicts.get(school__name="Близкая"),
        decision=Decision.INCLUDED,
        reason_code=DecisionReason.COMMISSION,
        text=REASON,
        document=make_act(territory=run.territory),
        by=coordinator,
        at=AT,
    )

    assert names(draft) == ["Тихая"]


@pytest.mark.parametrize(
    ("how", "name", "words"),
    [
        pytest.param(take_out, "Тихая", "в черновике нет", id="not in it"),
        pytest.param(put_in, "Вторая", "уже в перечне", id="in it already"),
        pytest.param(put_in, "Чужая", "нет на территории", id="of another place"),
    ],
)
def test_change_that_changes_nothing_is_refused(
    draft: SchoolList, coordinator: User, how: Any, name: str, words: str
) -> None:
    make_school(name="Чужая")

    with pytest.raises(WrongListState, match=words):
        change(how, draft, name, coordinator)

    assert names(draft) == ["Близкая", "Вторая"]


def test_lists_of_decisions_and_of_documents_are_not_amended(run: IdentificationRun, coordinator: User) -> None:
    decided = make_draft(run, coordinator)
    typed = make_list([make_school(territory=run.territory)], kind=ListKind.MENTOR_SCHOOLS, state="draft")  # type: ignore[arg-type]

    for school_list in (decided, typed):
        with pytest.raises(WrongListState, match="меняют решения по школам или сам документ"):
            change(put_in, school_list, "Тихая", coordinator)


def test_approved_list_is_amended_no_more(draft: SchoolList, coordinator: User) -> None:
    approve_list(school_list=draft, by=coordinator, at=AT)

    with pytest.raises(WrongListState, match="не черновик"):
        change(take_out, draft, "Вторая", coordinator)


def published(draft: SchoolList, by: User) -> SchoolList:
    approved = approve_list(school_list=draft, by=by, at=AT)
    return publish_list(school_list=approved, order=make_order(draft.territory), by=by, at=AT)


def test_published_list_tells_what_was_changed_and_keeps_it(draft: SchoolList, coordinator: User) -> None:
    change(take_out, draft, "Вторая", coordinator)
    school_list = published(draft, coordinator)

    sheet = load_workbook(BytesIO(list_workbook(school_list))).active
    assert sheet is not None
    above = [row[0].value for row in sheet.iter_rows()]
    assert f"Изменено решением: Вторая: убрана. {WHY}" in above
    for attempt in (ListAmendment.objects.all().delete, school_list.amendments.get().delete):
        with pytest.raises(FrozenRow):
            attempt()
    with pytest.raises(FrozenRow):
        school_list.amendments.update(reason="")


def test_school_that_a_person_put_in_is_not_shown_its_verdict(draft: SchoolList, coordinator: User) -> None:
    change(put_in, draft, "Низкая", coordinator)  # nobody has decided on it yet
    published(draft, coordinator)

    seen = {
        name: SchoolVerdict.objects.visible_to(make_user(role=Role.SCHOOL_ADMIN, school=school(name))).exists()
        for name in ("Близкая", "Низкая")
    }

    assert seen == {"Близкая": True, "Низкая": False}


def test_list_without_amendments_is_sealed_as_before(draft: SchoolList, coordinator: User) -> None:
    assert "amended" not in published(draft, coordinator).sealed
