"""The way of a list, every state to every state, and the words of each refusal."""

from collections.abc import Callable

import pytest

from accounts.models import AuditEvent
from schools.actions.lists import (
    approve_list,
    cancel_list,
    default_kind,
    missing_decisions,
    move,
    publish_list,
    reopen_list,
)
from schools.choices import FROZEN_LIST_STATES, LIST_TRANSITIONS, ListKind, ListState
from schools.errors import WrongListState
from schools.models import SchoolList
from tests.factories.lists import AT, make_list, make_order
from tests.factories.schools import make_region, make_school, make_territory, make_user

ALLOWED = {
    (ListState.DRAFT, ListState.APPROVED),
    (ListState.DRAFT, ListState.CANCELLED),
    (ListState.APPROVED, ListState.DRAFT),
    (ListState.APPROVED, ListState.PUBLISHED),
    (ListState.APPROVED, ListState.CANCELLED),
    (ListState.PUBLISHED, ListState.CANCELLED),
}
WAYS = {
    ListState.DRAFT: "«Отменён», «Утверждён»",
    ListState.APPROVED: "«Опубликован», «Отменён», «Черновик»",
    ListState.PUBLISHED: "«Отменён»",
    ListState.CANCELLED: "нет",
}


@pytest.mark.parametrize("source", ListState)
@pytest.mark.parametrize("target", ListState)
def test_way_of_a_list_is_this_and_no_other(source: ListState, target: ListState) -> None:
    school_list = SchoolList(state=source)

    if (source, target) in ALLOWED:
        move(school_list, target)
        assert school_list.state == target
    else:
        with pytest.raises(WrongListState) as refused:
            move(school_list, target)
        assert refused.value.text == refusal_of(source, target)
        assert school_list.state == source


def refusal_of(source: ListState, target: ListState) -> str:
    if source == target:
        return f"Перечень уже {source.label.lower()}."
    return (
        f"Перечень в состоянии «{source.label}», перевести его в «{target.label}» нельзя. "
        f"Возможные состояния: {WAYS[source]}."
    )


def test_frozen_states_never_lead_back_to_a_draft() -> None:
    for state in FROZEN_LIST_STATES:
        assert not LIST_TRANSITIONS[state] & {ListState.DRAFT, ListState.APPROVED}


STEPS: dict[str, Callable[[SchoolList], object]] = {
    "approve": lambda row: approve_list(school_list=row, by=row.created_by, at=AT),
    "reopen": lambda row: reopen_list(school_list=row, by=row.created_by),
    "publish": lambda row: publish_list(
        school_list=row, order=make_order(row.territory, "7"), by=row.created_by, at=AT
    ),
    "cancel": lambda row: cancel_list(school_list=row, order=make_order(row.territory, "8"), by=row.created_by, at=AT),
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "refused"),
    [
        pytest.param(ListState.DRAFT, {"reopen", "publish"}, id="draft"),
        pytest.param(ListState.APPROVED, {"approve"}, id="approved"),
        pytest.param(ListState.PUBLISHED, {"approve", "reopen", "publish"}, id="published"),
        pytest.param(ListState.CANCELLED, {"approve", "reopen", "publish", "cancel"}, id="cancelled"),
    ],
)
def test_refused_step_stores_nothing_and_leaves_no_event(state: ListState, refused: set[str]) -> None:
    row = make_list([make_school()], state=state if state == ListState.PUBLISHED else ListState.DRAFT)
    if state in {ListState.APPROVED, ListState.CANCELLED}:
        row = move_on(row, state)
    events = AuditEvent.objects.count()

    for name in sorted(refused):
        with pytest.raises(WrongListState):
            STEPS[name](row)

    assert SchoolList.objects.get(pk=row.pk).state == state
    assert AuditEvent.objects.count() == events


def move_on(row: SchoolList, state: ListState) -> SchoolList:
    if state == ListState.APPROVED:
        return approve_list(school_list=row, by=row.created_by, at=AT)
    return cancel_list(school_list=row, order=None, by=row.created_by, at=AT)


@pytest.mark.django_db
def test_published_list_without_an_order_stays_published() -> None:
    row = make_list([make_school()])

    with pytest.raises(WrongListState, match="Укажите реквизиты приказа"):
        cancel_list(school_list=row, order=None, by=make_user(), at=AT)

    assert SchoolList.objects.get().state == ListState.PUBLISHED


@pytest.mark.django_db
def test_region_makes_regional_lists_and_a_municipality_municipal_ones() -> None:
    assert default_kind(make_region()) is ListKind.REGIONAL
    assert default_kind(make_territory()) is ListKind.MUNICIPAL


@pytest.mark.parametrize(
    ("left", "words"),
    [(1, "1 школе"), (2, "2 школам"), (5, "5 школам"), (11, "11 школам"), (21, "21 школе"), (22, "22 школам")],
)
def test_missing_decisions_take_the_dative(left: int, words: str) -> None:
    assert missing_decisions(left).replace("\u00a0", " ") == f"Сначала примите решение по {words}"
