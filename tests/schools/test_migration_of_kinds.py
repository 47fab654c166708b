"""Runs made before lists of other kinds were drafted from them get their counts by the migration."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from schools.actions.identification import decide
from schools.choices import Decision, DecisionReason
from tests.factories.lists import AT, REASON, make_high_school, make_marked_school, make_near_school, make_run_of_kinds
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db


def test_stored_runs_are_counted_as_new_ones_are() -> None:
    territory = make_territory()
    for make in (make_near_school, make_near_school, make_marked_school, make_high_school):
        make(territory=territory)
    run = make_run_of_kinds(territory=territory)
    near = run.verdicts.filter(verdict="RISK_GROUP")[0]
    decide(
        verdict=near,
        decision=Decision.INCLUDED,
        reason_code=DecisionReason.COMMISSION,
        text=REASON,
        by=make_user(),
        at=AT,
    )
    run.refresh_from_db()
    counted = dict(run.counts)
    run.counts = {name: number for name, number in counted.items() if name not in {"risk", "marked", "high"}}
    run.save()

    import_module("schools.migrations.0010_kinds_of_lists").count_kinds(apps, connection.schema_editor())

    run.refresh_from_db()
    assert run.counts == counted
    assert (counted["risk"], counted["marked"], counted["high"]) == (1, 1, 1)
