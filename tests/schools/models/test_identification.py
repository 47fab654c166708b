"""Constraints and words of runs and verdicts."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.permissions import Role
from schools.actions.lists import cancel_list
from schools.actions.rule_sets import load_rule_set
from schools.identification import Verdict
from schools.models import IdentificationRuleSet, IdentificationRun, SchoolVerdict
from tests.factories.lists import (
    AT,
    make_draft,
    make_low_school,
    make_near_school,
    make_order,
    make_published_list,
    make_quiet_school,
    make_run,
    make_verdict,
)
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"decision": "included"}, id="decided by nobody"),
        pytest.param({"decided_at": AT}, id="decided when nothing is decided"),
        pytest.param({"decision": "excluded", "decided_at": AT, "decided_by": 1}, id="excluded without a reason"),
        pytest.param(
            {"verdict": "CLEAR", "decision": "included", "decided_at": AT, "decided_by": 1},
            id="included against the rule without a reason",
        ),
    ],
)
def test_database_refuses_a_decision_that_is_not_complete(changes: dict[str, Any]) -> None:
    verdict = make_verdict()
    if "decided_by" in changes:
        changes = {**changes, "decided_by": make_user()}

    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolVerdict.objects.filter(pk=verdict.pk).update(**changes)


def test_database_refuses_a_second_verdict_of_a_school_in_a_run() -> None:
    verdict = make_verdict()

    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolVerdict.objects.create(run=verdict.run, school=verdict.school, verdict="CLEAR", c1=False, c2=False)


def test_database_refuses_a_version_twice() -> None:
    stored = load_rule_set(by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        IdentificationRuleSet.objects.create(code=stored.code, version=1, title="", year=2025, parameters={})


def test_schools_fall_into_three_segments() -> None:
    territory = make_territory()
    low = make_low_school(territory=territory)
    risk = make_near_school(territory=territory)
    one_low = make_school(territory=territory)
    make_result(school=one_low, subject="MA", marks=(20, 10, 8, 2))
    quiet = make_quiet_school(territory=territory)
    silent = make_school(territory=territory)

    verdicts = make_run(territory=territory).verdicts

    standing = {each.school: each.segment for each in verdicts.all()}
    assert standing == {low: "listed", risk: "near", one_low: "near", quiet: "rest", silent: "rest"}
    segments = {"listed": 1, "near": 2, "rest": 2}
    other_kinds = {"risk": 1, "marked": 0, "high": 0}
    assert verdicts.all().counted() == {**segments, **other_kinds, "included": 0, "undecided": 1}


def test_decision_moves_a_school_to_another_segment() -> None:
    verdict = make_verdict()
    verdict.verdict, verdict.low_procedures = Verdict.CLEAR, 0

    verdict.save(update_fields=["verdict", "low_procedures"])

    verdict.refresh_from_db()
    assert verdict.segment == "rest"


def test_verdict_says_itself_in_words() -> None:
    verdict = make_verdict()

    assert str(verdict) == f"{verdict.school}: Низкие результаты"
    assert verdict.shown_verdict is Verdict.SHNOR
    assert str(verdict.run) == f"Выявление по результатам 2026 года: {verdict.run.territory}"


def test_rule_set_says_its_version() -> None:
    assert str(load_rule_set(by=None)) == "RU-2025, версия 1"


def test_runs_are_seen_in_their_own_territory_and_above() -> None:
    region = make_region()
    territory = make_territory(parent=region)
    make_low_school(territory=territory)
    run = make_run(territory=territory)

    own = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    above = make_user(role=Role.REGIONAL_COORDINATOR, territory=region)
    neighbour = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory(parent=region))

    seen = [list(IdentificationRun.objects.visible_to(user)) for user in (own, above, neighbour)]
    assert seen == [[run], [run], []]


def test_school_sees_its_own_verdict_only_after_publication() -> None:
    territory = make_territory()
    own, other = make_low_school(territory=territory), make_low_school(territory=territory)
    director = make_user(role=Role.SCHOOL_ADMIN, school=own)
    run = make_run(territory=territory)
    before = list(SchoolVerdict.objects.visible_to(director))

    make_published_list(run)

    after = SchoolVerdict.objects.visible_to(director)
    assert before == []
    assert [each.school for each in after] == [own]
    assert other not in {each.school for each in after}


def test_school_of_an_annulled_list_sees_its_verdict_and_nothing_undecided() -> None:
    territory = make_territory()
    own, quiet = make_low_school(territory=territory), make_quiet_school(territory=territory)
    directors = [make_user(role=Role.SCHOOL_ADMIN, school=school) for school in (own, quiet)]
    published = make_published_list(make_run(territory=territory))
    cancel_list(school_list=published, order=make_order(territory, "500"), by=make_user(), at=AT)
    never_published = make_draft(make_run(territory=territory))
    cancel_list(school_list=never_published, order=None, by=make_user(), at=AT)
    make_run(territory=territory)

    seen = [list(SchoolVerdict.objects.visible_to(user).with_decision_told(user)) for user in directors]

    assert [[(each.run, each.is_decision_told) for each in verdicts] for verdicts in seen] == [
        [(published.run, False)],
        [],
    ]


# Verdicts as they were stored before


OLD_PART = {
    "kind": "VPR",
    "subject": "RU",
    "grade": 5,
    "year": 2026,
    "state": "COUNTED",
    "participants": 40,
    "low": 12,
    "needed": 12,
    "is_repeated": True,
    "is_small": False,
    "markers": ["5РУ"],
    "source": "17",
}
OLD_REASON = {"code": "C1", "reference": "ВПР-РУ-5", "text": "Как было.", "printed": "C1:ВПР-РУ-5"}


def test_verdict_stored_before_reads_as_it_was() -> None:
    verdict = make_verdict()
    verdict.parts, verdict.grounds = [OLD_PART], [OLD_REASON]
    verdict.save()

    (part,) = SchoolVerdict.objects.get(pk=verdict.pk).evidence
    assert (part.code, part.low, part.needed, part.is_repeated, part.markers) == ("ВПР-РУ-5", 12, 12, True, ("5РУ",))
    assert SchoolVerdict.objects.get(pk=verdict.pk).reasons == [OLD_REASON]


def test_reasons_are_made_of_stored_grounds() -> None:
    verdict = make_verdict()

    assert [ground[0] for ground in verdict.grounds] == ["C1", "C1", "C2"]
    assert [reason["code"] for reason in verdict.reasons] == ["C1", "C1", "C2"]
    assert verdict.reasons[0]["text"].startswith("ВПР, русский язык, 5 класс, 2026 год: низкий результат у 20 из")


def test_plain_rule_stores_no_details() -> None:
    verdict = make_verdict()

    assert (verdict.details, verdict.comparison, verdict.trend) == ({}, None, None)
    assert (verdict.standing, verdict.is_marked, verdict.is_high) == ("ENTERS", False, False)


# What is kept as a text


KEPT = {
    "parts": [[["VPR", "RU", 5], 2026, "COUNTED", 40, 12, 12, "1"]],
    "flags": ["SMALL_N"],
    "grounds": [["C1", 0]],
    "details": {"школа": None},
}


@pytest.fixture
def kept() -> SchoolVerdict:
    verdict = make_verdict()
    SchoolVerdict.objects.filter(pk=verdict.pk).update(**KEPT)
    return verdict


def test_values_of_a_verdict_come_back_as_they_were_given(kept: SchoolVerdict) -> None:
    assert SchoolVerdict.objects.values(*KEPT).get(pk=kept.pk) == KEPT


def test_saved_verdict_keeps_its_values(kept: SchoolVerdict) -> None:
    verdict = SchoolVerdict.objects.get(pk=kept.pk)
    verdict.details = {"clear_years": 2}
    verdict.save()

    assert SchoolVerdict.objects.values(*KEPT).get(pk=kept.pk) == {**KEPT, "details": {"clear_years": 2}}


@pytest.mark.usefixtures("kept")
def test_values_of_a_verdict_lie_in_the_database_as_texts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT parts FROM schools_schoolverdict")
        (text,) = cursor.fetchone()

    assert (type(text), json.loads(text)) == (str, KEPT["parts"])
