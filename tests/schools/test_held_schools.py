"""A school that nothing but the exit rule keeps on the list: it is decided on like those that the rule names."""

from collections.abc import Callable
from importlib import import_module

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.identification import Ruling, decide, decide_many
from schools.actions.lists import draft_list
from schools.choices import Decision, DecisionReason, VerdictSegment
from schools.errors import DecisionRefused, DecisionsMissing
from schools.models import IdentificationRun, SchoolVerdict
from tests.factories.lists import AT, REASON, make_held_school, make_low_school, make_quiet_school, make_run
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def coordinator() -> User:
    return make_user()


@pytest.fixture
def run() -> IdentificationRun:
    """A run over three schools: named, held by the exit rule, neither."""
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    make_held_school(territory=territory, name="Прежняя")
    make_quiet_school(territory=territory, name="Обычная")
    return make_run(territory=territory)


@pytest.fixture
def held(run: IdentificationRun) -> SchoolVerdict:
    return run.verdicts.get(school__name="Прежняя")


@pytest.fixture
def browser(sign_in: SignIn, run: IdentificationRun) -> Client:
    return sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=run.territory))


def words(content: bytes, selector: str = "main") -> str:
    found = BeautifulSoup(content, "html.parser").select_one(selector)
    return " ".join(found.get_text(" ").replace(NBSP, " ").split()) if found else ""


def test_held_school_stands_in_the_list_and_waits_for_a_decision(run: IdentificationRun, held: SchoolVerdict) -> None:
    assert (held.verdict, held.segment) == ("CLEAR", VerdictSegment.LISTED)
    assert {each.school.name for each in run.verdicts.undecided()} == {"Низкая", "Прежняя"}
    assert (run.counts["listed"], run.counts["undecided"]) == (2, 2)


def test_draft_waits_for_the_decision_on_a_held_school(run: IdentificationRun, coordinator: User) -> None:
    decide(verdict=run.verdicts.get(school__name="Низкая"), decision=Decision.INCLUDED, by=coordinator, at=AT)

    with pytest.raises(DecisionsMissing, match=f"по 1{NBSP}школе"):
        draft_list(run=run, by=coordinator, at=AT)


def test_held_school_is_kept_for_the_exit_rule_and_enters_the_draft(
    run: IdentificationRun, held: SchoolVerdict, coordinator: User
) -> None:
    everyone = list(run.verdicts.undecided())
    decided = decide_many(verdicts=everyone, ruling=Ruling(decision=Decision.INCLUDED), by=coordinator, at=AT)
    item = draft_list(run=run, by=coordinator, at=AT).items.get(school=held.school)

    held.refresh_from_db()
    assert (decided, held.decision_code, held.is_manual) == (2, DecisionReason.EXIT_RULE, False)
    assert item.included_by_decision is False
    assert [reason["code"] for reason in item.grounds] == ["STAYS"]


def test_held_school_is_excluded_with_a_reason_only(held: SchoolVerdict, coordinator: User) -> None:
    with pytest.raises(DecisionRefused, match="Выберите причину"):
        decide(verdict=held, decision=Decision.EXCLUDED, by=coordinator, at=AT)

    excluded = decide(
        verdict=held,
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.REORGANISATION,
        text=REASON,
        by=coordinator,
        at=AT,
    )
    assert excluded.decision == Decision.EXCLUDED


def test_table_is_filtered_by_what_became_of_the_schools_of_former_lists(
    browser: Client, run: IdentificationRun
) -> None:
    text = words(browser.get(run.get_absolute_url(), {"standing": "HELD"}).content, "section[aria-labelledby=t-list]")

    assert "Попали в список 1" in text
    assert "Прежняя" in text
    assert "остаётся по правилу выхода" in text
    assert "Низкая" not in text


def test_trial_counts_the_schools_that_the_exit_rule_keeps(browser: Client, run: IdentificationRun) -> None:
    trial = {"share_threshold_pct": "60", "min_procedures": "2", "years_required": "1", "min_participants": "1"}

    text = words(browser.get(run.get_absolute_url(), trial).content, "#trial")

    assert "не попадёт 1 школа; всего по правилу в списке 1." in text
    assert "Условий не выполнят, но останутся по правилу выхода: 1." in text
    assert "Не попадут: Низкая" in text


def test_card_of_a_held_school_offers_to_keep_or_to_exclude_it(browser: Client, held: SchoolVerdict) -> None:
    content = browser.get(held.run.get_absolute_url(), {"school": str(held.school_id)}).content

    card = words(content, "#why-school")
    assert "Почему в списке: Прежняя" in card
    assert "Включить в список Остаётся в перечне: правило выхода не выполнено" in card
    assert "Исключить с обоснованием" in card
    assert "Включить вопреки расчёту" not in card


def test_stored_runs_are_seated_as_new_ones_are(run: IdentificationRun) -> None:
    run.refresh_from_db()
    counted = dict(run.counts)
    run.verdicts.filter(standing="HELD").update(segment="rest")
    run.counts = {**counted, "listed": 1, "rest": 2, "undecided": 1}
    run.save()

    import_module("schools.migrations.0014_held_schools_are_decided_on").seat_held(apps, connection.schema_editor())

    run.refresh_from_db()
    assert run.counts == counted
    assert run.verdicts.get(standing="HELD").segment == VerdictSegment.LISTED
