"""A made region of any size, and the answer of the commands."""

from datetime import date

import pytest
from django.db import transaction

from config.demo.build import NotADemoDatabase, build_demo, build_region
from config.demo.stages import Stage
from schools.choices import BatchState
from schools.models import AssessmentResult, ImportBatch
from tests.factories.schools import make_region

pytestmark = pytest.mark.django_db


def test_database_with_a_territory_is_refused() -> None:
    make_region()

    with pytest.raises(NotADemoDatabase):
        build_region(schools=3, municipalities=1, years=[2026], seed=1)


def test_made_region_has_schools_results_and_people_of_territories() -> None:
    made = build_region(schools=6, municipalities=2, years=[2026], seed=3)

    answer = made.as_json()
    assert len(answer["schools"]) == 6
    assert {user["role"] for user in answer["users"]} & {"school_admin", "curator", "mentor"} == set()
    assert set(AssessmentResult.objects.values_list("year", flat=True)) == {2026}
    assert ImportBatch.objects.filter(state=BatchState.APPLIED).count() == 2


def test_made_region_is_repeatable() -> None:
    answers = []
    for _ in range(2):
        with transaction.atomic():
            answers.append(build_region(schools=4, municipalities=2, years=[2026], seed=3).as_json())
            transaction.set_rollback(True)

    assert answers[0] == answers[1]


def test_answer_names_users_territories_and_schools() -> None:
    answer = build_demo(stage=Stage.EMPTY, seed=1, today=date(2026, 3, 1)).as_json()

    assert set(answer) == {"users", "territories", "schools"}
    assert set(answer["users"][0]) == {"login", "password", "role", "territory", "totp_secret"}
    assert set(answer["schools"][0]) == {"inn", "name", "login", "territory"}
    assert [territory["code"] for territory in answer["territories"]] == ["reg99", "reg99_m001", "reg99_m002"]
