"""Constraints and words of runs and verdicts."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from schools.actions.rule_sets import load_rule_set
from schools.identification import Verdict
from schools.models import IdentificationRuleSet, IdentificationRun, SchoolVerdict
from tests.factories.lists import (
    AT,
    make_low_school,
    make_near_school,
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

    assert {each.school for each in verdicts.listed()} == {low}
    assert {each.school for each in verdicts.near()} == {risk, one_low}
    assert {each.school for each in verdicts.rest()} == {quiet, silent}


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
