"""Runs and decisions."""

import pytest

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from schools.actions.identification import Ruling, decide, decide_many, run_identification
from schools.actions.lists import approve_list, draft_list
from schools.actions.rule_sets import load_rule_set
from schools.choices import Decision, DecisionReason
from schools.errors import DecisionRefused, DecisionsClosed, DecisionsMissing, NothingToIdentify
from schools.fingerprints import sameness_of
from schools.identification import Verdict
from schools.models import IdentificationRun, LegalAct, SchoolVerdict
from tests.factories.lists import (
    AT,
    REASON,
    make_low_school,
    make_near_school,
    make_order,
    make_published_list,
    make_quiet_school,
    make_run,
)
from tests.factories.schools import make_result, make_territory, make_user

pytestmark = pytest.mark.django_db
INCLUDE = Ruling(decision=Decision.INCLUDED)


@pytest.fixture
def coordinator() -> User:
    return make_user()


@pytest.fixture
def run() -> IdentificationRun:
    """A run over three schools: low, near, quiet."""
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    make_quiet_school(territory=territory, name="Обычная")
    return make_run(territory=territory)


def verdict_of(run: IdentificationRun, name: str) -> SchoolVerdict:
    return run.verdicts.get(school__name=name)


def test_run_stores_every_verdict_with_its_parts_and_reasons(run: IdentificationRun) -> None:
    low = verdict_of(run, "Низкая")

    assert {each.school.name: each.verdict for each in run.verdicts.all()} == {
        "Низкая": Verdict.SHNOR,
        "Близкая": Verdict.RISK_GROUP,
        "Обычная": Verdict.CLEAR,
    }
    assert (low.c1, low.c2, low.low_procedures, low.counted_procedures, low.repeated_procedures) == (
        True,
        True,
        2,
        2,
        1,
    )
    assert [reason["code"] for reason in low.reasons] == ["C1", "C1", "C2"]
    assert low.evidence[0].participants == 40


def test_run_keeps_the_rule_and_the_fingerprint_of_the_data(run: IdentificationRun) -> None:
    assert run.parameters == run.rule_set.parameters
    assert run.rules == run.rule_set.rules
    assert sameness_of(run.data_fingerprint, run.data_fingerprint) == (True, True)
    assert verdict_of(run, "Низкая").facts == {"kind": "СОШ", "listed": []}
    event = AuditEvent.objects.get(code=AuditCode.IDENTIFICATION_RUN)
    assert (event.object_id, event.meta["schools"], event.meta["listed"]) == (str(run.pk), 3, 1)


def test_second_run_is_a_new_row(run: IdentificationRun) -> None:
    again = make_run(territory=run.territory)

    assert again.pk != run.pk
    assert run.verdicts.count() == 3


def test_corrected_data_leave_the_published_list_as_it_was(run: IdentificationRun) -> None:
    published = make_published_list(run)
    school = verdict_of(run, "Обычная").school
    make_result(school=school, subject="MA", grade=6, marks=(20, 10, 8, 2))
    make_result(school=school, subject="MA", grade=7, marks=(20, 10, 8, 2))

    again = make_run(territory=run.territory)

    assert {each.school.name for each in again.verdicts.listed()} == {"Низкая", "Обычная"}
    assert [item.school_name for item in published.items.all()] == ["Низкая"]
    assert published.is_intact()


def test_run_without_results_stores_nothing(coordinator: User) -> None:
    territory = make_territory()
    rule_set = load_rule_set(by=None)

    with pytest.raises(NothingToIdentify):
        run_identification(rule_set=rule_set, territory=territory, year=2026, by=coordinator, at=AT)

    assert not IdentificationRun.objects.exists()


def test_including_a_named_school_needs_no_reason(run: IdentificationRun, coordinator: User) -> None:
    verdict = decide(verdict=verdict_of(run, "Низкая"), decision=Decision.INCLUDED, by=coordinator, at=AT)

    assert (verdict.decision, verdict.decided_by, verdict.decided_at) == (Decision.INCLUDED, coordinator, AT)
    assert verdict.shown_verdict is Verdict.SHNOR
    event = AuditEvent.objects.get(code=AuditCode.SCHOOL_DECIDED)
    assert (event.actor, event.meta["decision"]) == (coordinator, "included")


def test_excluding_keeps_reason_and_text(run: IdentificationRun, coordinator: User) -> None:
    verdict = decide(
        verdict=verdict_of(run, "Низкая"),
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.SPECIAL_CONTINGENT,
        text=f"  {REASON}  ",
        by=coordinator,
        at=AT,
    )

    verdict.refresh_from_db()
    assert (verdict.decision_code, verdict.decision_text) == (DecisionReason.SPECIAL_CONTINGENT, REASON)
    assert verdict.verdict == Verdict.SHNOR


@pytest.mark.parametrize(
    ("code", "text", "message"),
    [
        pytest.param("", REASON, "Выберите причину", id="no reason"),
        pytest.param(DecisionReason.UPPER_LIST, REASON, "Выберите причину", id="reason of inclusion"),
        pytest.param(DecisionReason.OTHER, "", "Сейчас 0", id="no text"),
        pytest.param(DecisionReason.OTHER, "б" * 49, "не менее 50 знаков. Сейчас 49", id="49 characters"),
        pytest.param(DecisionReason.OTHER, " " * 60, "Сейчас 0", id="blanks"),
    ],
)
def test_excluding_without_a_full_reason_is_refused(
    run: IdentificationRun,
    coordinator: User,
    code: str,
    text: str,
    message: str,
) -> None:
    verdict = verdict_of(run, "Низкая")

    with pytest.raises(DecisionRefused, match=message):
        decide(verdict=verdict, decision=Decision.EXCLUDED, reason_code=code, text=text, by=coordinator, at=AT)

    verdict.refresh_from_db()
    assert verdict.decision == Decision.WAITING


def test_fifty_characters_are_enough(run: IdentificationRun, coordinator: User) -> None:
    verdict = decide(
        verdict=verdict_of(run, "Низкая"),
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.OTHER,
        text="б" * 50,
        by=coordinator,
        at=AT,
    )

    assert verdict.decision == Decision.EXCLUDED


def test_school_can_be_included_against_the_rule(run: IdentificationRun, coordinator: User) -> None:
    verdict = decide(
        verdict=verdict_of(run, "Обычная"),
        decision=Decision.INCLUDED,
        reason_code=DecisionReason.UPPER_LIST,
        text=REASON,
        by=coordinator,
        at=AT,
    )

    assert verdict.verdict == Verdict.CLEAR
    assert verdict.shown_verdict is Verdict.MANUAL
    assert verdict in run.verdicts.listed()


def test_school_that_the_rule_does_not_name_cannot_be_excluded(run: IdentificationRun, coordinator: User) -> None:
    with pytest.raises(DecisionRefused, match="можно включить с обоснованием или отложить"):
        decide(verdict=verdict_of(run, "Близкая"), decision=Decision.EXCLUDED, by=coordinator, at=AT)


def test_school_that_was_put_off_waits_though_the_rule_does_not_name_it(
    run: IdentificationRun, coordinator: User
) -> None:
    near = decide(
        verdict=verdict_of(run, "Близкая"), decision=Decision.POSTPONED, text="Ждём протокол.", by=coordinator, at=AT
    )
    decide(verdict=verdict_of(run, "Низкая"), decision=Decision.INCLUDED, by=coordinator, at=AT)

    run.refresh_from_db()
    assert (near.decision_text, list(run.verdicts.undecided()), run.counts["undecided"]) == (
        "Ждём протокол.",
        [near],
        1,
    )
    with pytest.raises(DecisionsMissing):
        draft_list(run=run, by=coordinator, at=AT)


def test_one_document_stands_behind_a_decision_on_several_schools(run: IdentificationRun, coordinator: User) -> None:
    make_low_school(territory=run.territory, name="Ещё низкая")
    again = make_run(territory=run.territory)
    ruling = Ruling(
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.SMALL_SAMPLE,
        text=REASON,
        document=make_order(run.territory, "7"),
    )

    number = decide_many(verdicts=list(again.verdicts.undecided()), ruling=ruling, by=coordinator, at=AT)

    assert number == 2
    assert {str(each.decision_document) for each in again.verdicts.filter(decision="excluded")} == {
        str(LegalAct.objects.get(number="7"))
    }


def test_inclusion_against_the_rule_needs_a_reason(run: IdentificationRun, coordinator: User) -> None:
    with pytest.raises(DecisionRefused):
        decide(verdict=verdict_of(run, "Близкая"), decision=Decision.INCLUDED, by=coordinator, at=AT)


def test_decision_can_be_taken_back(run: IdentificationRun, coordinator: User) -> None:
    verdict = verdict_of(run, "Низкая")
    decide(verdict=verdict, decision=Decision.POSTPONED, by=coordinator, at=AT)

    taken_back = decide(verdict=verdict, decision=Decision.WAITING, by=coordinator, at=AT)

    assert (taken_back.decided_by, taken_back.decided_at) == (None, None)
    assert taken_back.history.count() == 2


def test_decision_reaches_the_draft(run: IdentificationRun, coordinator: User) -> None:
    low, near = verdict_of(run, "Низкая"), verdict_of(run, "Близкая")
    decide(verdict=low, decision=Decision.INCLUDED, by=coordinator, at=AT)
    draft = draft_list(run=run, by=coordinator, at=AT)

    decide(
        verdict=near,
        decision=Decision.INCLUDED,
        reason_code=DecisionReason.COMMISSION,
        text=REASON,
        by=coordinator,
        at=AT,
    )

    assert [(item.school_name, item.included_by_decision) for item in draft.items.all()] == [
        ("Близкая", True),
        ("Низкая", False),
    ]


def test_decisions_are_closed_when_the_list_is_approved(run: IdentificationRun, coordinator: User) -> None:
    low = verdict_of(run, "Низкая")
    decide(verdict=low, decision=Decision.INCLUDED, by=coordinator, at=AT)
    approve_list(school_list=draft_list(run=run, by=coordinator, at=AT), by=coordinator, at=AT)

    with pytest.raises(DecisionsClosed, match="Верните перечень в черновик"):
        decide(verdict=low, decision=Decision.POSTPONED, by=coordinator, at=AT)


def test_several_schools_are_included_at_once(run: IdentificationRun, coordinator: User) -> None:
    included = decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=coordinator, at=AT)

    assert included == 1
    assert [each.school.name for each in run.verdicts.included()] == ["Низкая"]


def test_exclusion_stands_when_several_are_included(run: IdentificationRun, coordinator: User) -> None:
    decide(
        verdict=verdict_of(run, "Низкая"),
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.SPECIAL_CONTINGENT,
        text=REASON,
        by=coordinator,
        at=AT,
    )

    assert decide_many(verdicts=list(run.verdicts.all()), ruling=INCLUDE, by=coordinator, at=AT) == 0

    assert verdict_of(run, "Низкая").decision_text == REASON


def test_nobody_chosen_is_nobody_decided(coordinator: User) -> None:
    assert decide_many(verdicts=[], ruling=INCLUDE, by=coordinator, at=AT) == 0


def test_counts_of_a_run_follow_its_decisions(run: IdentificationRun, coordinator: User) -> None:
    before = dict(run.counts)

    decide(verdict=verdict_of(run, "Низкая"), decision=Decision.INCLUDED, by=coordinator, at=AT)

    run.refresh_from_db()
    assert (before["undecided"], before["included"]) == (1, 0)
    assert (run.counts["undecided"], run.counts["included"], run.counts["listed"]) == (0, 1, 1)
    assert run.counts["territories"] == [[str(run.territory_id), run.territory.name]]


def test_document_of_a_decision_is_registered_once(run: IdentificationRun, coordinator: User) -> None:
    for decision in (Decision.INCLUDED, Decision.POSTPONED):
        verdict = verdict_of(run, "Низкая")
        decide(verdict=verdict, decision=decision, document=make_order(run.territory), by=coordinator, at=AT)

    assert LegalAct.objects.get() == verdict_of(run, "Низкая").decision_document


def test_places_follow_low_procedures_and_names(run: IdentificationRun) -> None:
    ordered = [(each.place, each.school.name) for each in run.verdicts.for_page()]

    assert [place for place, _ in ordered] == list(range(1, len(ordered) + 1))
    assert ordered[0][1] == "Низкая"
