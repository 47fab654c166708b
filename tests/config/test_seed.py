"""The commands that load demo and reference data."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from monitoring.models import MetricSet
from riskprofiles.models import FactorCatalogue
from schools.actions.rule_sets import SHIPPED_FILES
from schools.models import AssessmentResult, IdentificationRuleSet, School
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signins(settings: Any, tmp_path: Path) -> Path:
    """Keep the file of sign-ins of a test in its own folder."""
    settings.DEMO_SIGNINS = tmp_path / "signins.json"
    path: Path = settings.DEMO_SIGNINS
    return path


def seeded(*arguments: str) -> str:
    out = StringIO()
    call_command("seed", "--stage", "empty", *arguments, stdout=out)
    return out.getvalue()


def test_seed_answers_with_one_json_object() -> None:
    answer = json.loads(seeded("--json"))

    assert len(answer["schools"]) == 20
    assert {user["login"] for user in answer["users"]} >= {"coordinator", "school3", "curator", "methodist"}


def test_told_password_opens_the_door() -> None:
    answer = json.loads(seeded("--json"))

    for sign_in in answer["users"]:
        assert User.objects.get(username=sign_in["login"]).check_password(sign_in["password"])


def test_seed_tells_people_how_to_sign_in() -> None:
    text = seeded()

    assert "Школ: 20, территорий: 3. Входы:" in text
    assert "coordinator / bor-" in text


def test_sign_ins_are_kept_for_the_next_start(signins: Path) -> None:
    seeded()

    assert len(json.loads(signins.read_text(encoding="utf-8"))) == 13


def test_seed_over_real_data_is_refused_in_russian(signins: Path) -> None:
    make_user()

    with pytest.raises(CommandError, match="В базе уже есть данные") as refused:
        seeded()

    assert refused.value.returncode == 1
    assert not signins.exists()


def test_unknown_stage_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("seed", "--stage", "finished")


def test_made_region_has_the_asked_size() -> None:
    answer = json.loads(seeded("--schools", "4", "--municipalities", "2", "--years", "2026", "--json"))

    assert len(answer["schools"]) == 4
    assert School.objects.count() == 4
    assert set(AssessmentResult.objects.values_list("year", flat=True)) == {2026}


def test_reference_data_are_loaded_once() -> None:
    for _ in range(2):
        call_command("load_reference_data", stdout=StringIO())

    assert IdentificationRuleSet.objects.count() == len(SHIPPED_FILES)
    assert MetricSet.objects.count() == 1
    assert FactorCatalogue.objects.count() == 2


def test_reference_data_keep_what_is_there() -> None:
    call_command("load_reference_data", stdout=StringIO())
    MetricSet.objects.update(title="Свой набор")

    call_command("load_reference_data", stdout=StringIO())

    assert MetricSet.objects.get().title == "Свой набор"
