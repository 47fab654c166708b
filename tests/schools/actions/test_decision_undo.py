"""Taking back what was decided on several schools at once."""

from datetime import datetime, timedelta

import pytest

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from schools.actions.decision_undo import UNDO_TIME, take_back
from schools.actions.identification import Ruling, decide, decide_many
from schools.choices import Decision
from schools.errors import DecisionsClosed, NothingToTakeBack
from schools.models import IdentificationRun, SchoolVerdict
from tests.factories.lists import AT, REASON, make_low_school, make_published_list, make_run
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)
INCLUDE = Ruling(decision=Decision.INCLUDED)


@pytest.fixture
def coordinator() -> User:
    return make_user()


@pytest.fixture
def run() -> IdentificationRun:
    territory = make_territory()
    for letter in "АБВ":
        make_low_school(territory=territory, name=letter)
    return make_run(territory=territory)


def verdict_of(run: IdentificationRun, name: str) -> SchoolVerdict:
    return run.verdicts.get(school__name=name)


def decisions_of(run: IdentificationRun) -> dict[str, str]:
    return dict(run.verdicts.values_list("school__name", "decision"))


def test_schools_wait_again(run: IdentificationRun, coordinator: User) -> None:
    decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=coordinator, at=AT)

    done = take_back(run=run, decided_at=AT, by=coordinator, at=LATER)

    assert done == (3, 0)
    assert decisions_of(run) == dict.fromkeys("АБВ", Decision.WAITING)
    run.refresh_from_db()
    assert (run.counts["undecided"], run.counts["included"]) == (3, 0)


def test_former_postponement_stands_again_with_its_words(run: IdentificationRun, coordinator: User) -> None:
    colleague, before = make_user(), AT - timedelta(days=1)
    postponed = verdict_of(run, "А")
    decide(verdict=postponed, decision=Decision.POSTPONED, text="Ждём протокол.", by=colleague, at=before)
    decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=coordinator, at=AT)

    take_back(run=run, decided_at=AT, by=coordinator, at=LATER)

    stands = verdict_of(run, "А")
    assert (stands.decision, stands.decision_text) == (Decision.POSTPONED, "Ждём протокол.")
    assert (stands.decided_by, stands.decided_at) == (colleague, before)
    assert verdict_of(run, "Б").decision == Decision.WAITING


def test_every_school_leaves_an_event(run: IdentificationRun, coordinator: User) -> None:
    decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=coordinator, at=AT)

    take_back(run=run, decided_at=AT, by=coordinator, at=LATER)

    events = AuditEvent.objects.filter(code=AuditCode.SCHOOL_DECIDED, meta__change="undo")
    assert {(event.actor, event.meta["decision"]) for event in events} == {(coordinator, "waiting")}
    assert events.count() == 3


def test_decision_that_was_changed_since_stays(run: IdentificationRun, coordinator: User) -> None:
    decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=coordinator, at=AT)
    decide(
        verdict=verdict_of(run, "Б"),
        decision=Decision.EXCLUDED,
        reason_code="special",
        text=REASON,
        by=make_user(),
        at=LATER,
    )

    done = take_back(run=run, decided_at=AT, by=coordinator, at=LATER)

    assert done == (2, 1)
    assert decisions_of(run) == {"А": "waiting", "Б": "excluded", "В": "waiting"}


def test_nothing_is_left_when_all_were_changed_since(run: IdentificationRun, coordinator: User) -> None:
    decide_many(verdicts=[verdict_of(run, "А")], ruling=INCLUDE, by=coordinator, at=AT)
    decide(verdict=verdict_of(run, "А"), decision=Decision.INCLUDED, by=coordinator, at=LATER)

    with pytest.raises(NothingToTakeBack, match="с тех пор изменены"):
        take_back(run=run, decided_at=AT, by=coordinator, at=LATER)


def test_decision_of_a_colleague_is_not_taken_back(run: IdentificationRun, coordinator: User) -> None:
    decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=make_user(), at=AT)

    with pytest.raises(NothingToTakeBack):
        take_back(run=run, decided_at=AT, by=coordinator, at=LATER)

    assert run.verdicts.included().count() == 3


@pytest.mark.parametrize(
    "at", [AT + UNDO_TIME + timedelta(seconds=1), AT - timedelta(seconds=1)], ids=["late", "early"]
)
def test_there_are_ten_minutes(run: IdentificationRun, coordinator: User, at: datetime) -> None:
    decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=coordinator, at=AT)

    with pytest.raises(NothingToTakeBack, match="больше 10"):
        take_back(run=run, decided_at=AT, by=coordinator, at=at)


def test_closed_list_keeps_its_decisions(run: IdentificationRun, coordinator: User) -> None:
    decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=coordinator, at=AT)
    make_published_list(run)

    with pytest.raises(DecisionsClosed):
        take_back(run=run, decided_at=AT, by=coordinator, at=LATER)
