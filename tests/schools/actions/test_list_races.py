"""A step of a list and a decision at the same moment: the list never says other than the decisions."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from schools.actions.identification import decide, lock_run
from schools.actions.lists import approve_list, hold_run, publish_list, reopen_list
from schools.choices import Decision, DecisionReason, ListState
from schools.errors import DecisionsClosed, DecisionsMissing
from schools.models import SchoolList, SchoolVerdict
from tests.factories.lists import AT, REASON, make_draft, make_low_school, make_order, make_run
from tests.factories.schools import make_territory, make_user

pytestmark = [
    pytest.mark.skipif(not settings.DATABASE_URL, reason="SQLite в памяти держит одно соединение"),
    pytest.mark.django_db(transaction=True),
]
SOON = 0.5  # seconds in which a step that does not wait is done


@pytest.fixture
def draft() -> SchoolList:
    territory = make_territory()
    for name in ("А", "Б"):
        make_low_school(territory=territory, name=name)
    return make_draft(make_run(territory=territory))


@pytest.fixture
def elsewhere() -> Iterator[Callable[[Callable[[], object]], Future[object]]]:
    """Do something in a connection of its own; given up at SOON when it waits for somebody."""
    with ThreadPoolExecutor(1) as pool:

        def submit(step: Callable[[], object]) -> Future[object]:
            started = pool.submit(closing(step))
            with suppress(TimeoutError):
                started.exception(SOON)
            return started

        yield submit


def closing(step: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        try:
            return step()
        finally:
            connection.close()

    return run


def change(verdict: SchoolVerdict, decision: Decision, by: User) -> SchoolVerdict:
    reason = DecisionReason.SMALL_SAMPLE if decision == Decision.EXCLUDED else ""
    return decide(verdict=verdict, decision=decision, reason_code=reason, text=REASON, by=by, at=AT)


def verdict_of(school_list: SchoolList, name: str) -> SchoolVerdict:
    return SchoolVerdict.objects.get(run=school_list.run_id, school__name=name)


def names_in(school_list: SchoolList) -> list[str]:
    return list(school_list.items.order_by("school_name").values_list("school_name", flat=True))


def test_approval_waits_for_an_exclusion_under_way(
    draft: SchoolList, elsewhere: Callable[[Callable[[], object]], Future[object]]
) -> None:
    person = make_user()

    with transaction.atomic():
        lock_run(verdict_of(draft, "Б").run_id)  # what a decision begins with
        approval = elsewhere(lambda: approve_list(school_list=draft, by=person, at=AT))
        assert not approval.done()
        change(verdict_of(draft, "Б"), Decision.EXCLUDED, person)
    approval.result()

    stored = SchoolList.objects.get(pk=draft.pk)
    assert (stored.state, names_in(stored)) == (ListState.APPROVED, ["А"])


def test_approval_is_refused_when_a_decision_is_taken_back_before_it(
    draft: SchoolList, elsewhere: Callable[[Callable[[], object]], Future[object]]
) -> None:
    person = make_user()

    with transaction.atomic():
        lock_run(verdict_of(draft, "Б").run_id)
        approval = elsewhere(lambda: approve_list(school_list=draft, by=person, at=AT))
        change(verdict_of(draft, "Б"), Decision.WAITING, person)

    assert isinstance(approval.exception(), DecisionsMissing)
    assert SchoolList.objects.get(pk=draft.pk).state == ListState.DRAFT


def test_decision_is_refused_when_the_list_is_approved_before_it(
    draft: SchoolList, elsewhere: Callable[[Callable[[], object]], Future[object]]
) -> None:
    person = make_user()

    with transaction.atomic():
        approve_list(school_list=draft, by=person, at=AT)
        decision = elsewhere(lambda: change(verdict_of(draft, "Б"), Decision.EXCLUDED, person))

    assert isinstance(decision.exception(), DecisionsClosed)
    assert names_in(draft) == ["А", "Б"]


@pytest.mark.parametrize("step", ["reopen", "publish"])
def test_other_steps_of_a_list_wait_for_its_run(
    draft: SchoolList, elsewhere: Callable[[Callable[[], object]], Future[object]], step: str
) -> None:
    person = make_user()
    approved = approve_list(school_list=draft, by=person, at=AT)

    def move() -> SchoolList:
        if step == "reopen":
            return reopen_list(school_list=approved, by=person)
        return publish_list(school_list=approved, order=make_order(approved.territory), by=person, at=AT)

    with transaction.atomic():
        hold_run(verdict_of(draft, "А").run_id)
        moved = elsewhere(move)
        assert not moved.done()
    moved.result()
