"""The demo region: every stage, built through the actions, repeatable by its seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.audit import broken_events
from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from config.demo.build import NotADemoDatabase, build_demo
from config.demo.people import PEOPLE
from config.demo.stages import EXCLUDED_LOGIN, Stage
from monitoring.choices import CycleState, SubmissionState
from monitoring.choices import Stage as MonitoringStage
from monitoring.models import MonitoringCycle, Reading, Submission
from riskprofiles.models import RiskProfile
from roadmaps.models import Measure, Roadmap
from schools.choices import BatchState, Decision
from schools.identification import Verdict
from schools.models import (
    AssessmentResult,
    IdentificationRun,
    ImportBatch,
    ImportFile,
    School,
    SchoolList,
    SchoolVerdict,
    Territory,
)
from tests.demo import TODAY, demo_region
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db
LISTED = {"edu900003", "edu900005", "edu900008", "edu900009", "edu900011"}


@pytest.fixture(autouse=True)
def _own_files() -> None:
    """Leave the files of the region where they are; the suite's fixture of this name would hide them."""


@pytest.fixture(scope="module")
def region(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with demo_region(django_db_blocker, tmp_path_factory, folder / "files"):
        yield


@pytest.fixture
def nothing(db: None) -> None:
    assert not User.objects.exists()


def listed_logins() -> set[str]:
    return set(SchoolList.objects.get().items.values_list("school__login", flat=True))


# Stages


@pytest.mark.usefixtures("nothing")
def test_empty_stage_has_schools_and_people_and_no_results() -> None:
    made = build_demo(stage=Stage.EMPTY, seed=1, today=TODAY)

    assert School.objects.count() == 20
    assert {user.login for user in made.users} == {person.login for person in PEOPLE}
    assert not AssessmentResult.objects.exists()
    assert not IdentificationRun.objects.exists()


@pytest.mark.usefixtures("nothing")
def test_identified_stage_has_a_published_list_and_no_profile() -> None:
    build_demo(stage=Stage.IDENTIFIED, seed=1, today=TODAY)

    assert SchoolList.objects.published().count() == 1
    assert not RiskProfile.objects.exists()


@pytest.mark.usefixtures("nothing")
def test_planned_stage_has_roadmaps_and_no_cycle() -> None:
    build_demo(stage=Stage.PLANNED, seed=1, today=TODAY)

    assert Roadmap.objects.exists()
    assert not MonitoringCycle.objects.exists()


# Refusals and repetition


@pytest.mark.parametrize("stage", [Stage.EMPTY, Stage.MONITORED])
def test_database_with_people_is_refused(stage: Stage) -> None:
    make_user()

    with pytest.raises(NotADemoDatabase, match="В базе уже есть данные"):
        build_demo(stage=stage, seed=1)


@pytest.mark.usefixtures("nothing")
def test_second_build_is_refused_and_changes_nothing() -> None:
    build_demo(stage=Stage.EMPTY, seed=1, today=TODAY)

    with pytest.raises(NotADemoDatabase):
        build_demo(stage=Stage.EMPTY, seed=1, today=TODAY)
    assert School.objects.count() == 20


@pytest.mark.usefixtures("nothing")
def test_passwords_depend_on_the_seed_alone() -> None:
    passwords = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            made = build_demo(stage=Stage.EMPTY, seed=seed, today=TODAY)
            passwords.append([user.password for user in made.users])
            transaction.set_rollback(True)

    assert passwords[0] == passwords[1] != passwords[2]


# The whole region


@pytest.mark.usefixtures("region")
def test_every_role_has_a_person() -> None:
    assert {role for user in User.objects.exclude(username="service") for role in user.roles} == set(Role)


@pytest.mark.usefixtures("region")
def test_nobody_signs_in_as_the_service_account() -> None:
    assert not User.objects.get(username="service").is_active


@pytest.mark.usefixtures("region")
def test_both_years_of_results_are_applied() -> None:
    assert {(row.year) for row in AssessmentResult.objects.all()} == {2025, 2026}
    assert set(AssessmentResult.objects.values_list("procedure", flat=True)) == {"VPR", "OGE", "EGE"}


@pytest.mark.usefixtures("region")
def test_every_result_leads_to_its_file_and_row() -> None:
    assert not AssessmentResult.objects.filter(marks_file=None).exists()
    assert not AssessmentResult.objects.filter(marks_row=None).exists()


@pytest.mark.usefixtures("region")
def test_faulty_upload_waits_with_its_problems() -> None:
    batch = ImportBatch.objects.exclude(state=BatchState.APPLIED).get()

    refused = ImportFile.objects.filter(batch=batch).exclude(refusal="").count()
    assert batch.state in {BatchState.CHECKED, BatchState.REJECTED}
    assert refused >= 2


@pytest.mark.usefixtures("region")
def test_published_list_has_the_schools_that_the_rule_names_but_the_smallest() -> None:
    named = set(SchoolVerdict.objects.filter(verdict=Verdict.SHNOR).values_list("school__login", flat=True))

    assert EXCLUDED_LOGIN in named
    assert listed_logins() == named - {EXCLUDED_LOGIN}
    assert listed_logins() >= LISTED


@pytest.mark.usefixtures("region")
def test_excluded_school_has_a_reason() -> None:
    excluded = SchoolVerdict.objects.get(decision=Decision.EXCLUDED)

    assert excluded.school.login == EXCLUDED_LOGIN
    assert excluded.decision_text


@pytest.mark.usefixtures("region")
def test_published_list_is_what_its_hash_says() -> None:
    assert SchoolList.objects.get().is_intact()


@pytest.mark.usefixtures("region")
def test_profiles_stand_in_different_states() -> None:
    assert len(set(RiskProfile.objects.values_list("state", flat=True))) >= 3


@pytest.mark.usefixtures("region")
def test_roadmaps_stand_in_different_states() -> None:
    assert len(set(Roadmap.objects.values_list("state", flat=True))) >= 3


@pytest.mark.usefixtures("region")
def test_some_measures_are_late() -> None:
    assert Measure.objects.in_force().overdue(TODAY).exists()


@pytest.mark.usefixtures("region")
def test_entry_cycle_is_closed_and_the_interim_one_collects() -> None:
    states = dict(MonitoringCycle.objects.values_list("stage", "state"))

    assert states == {MonitoringStage.ENTRY: CycleState.CLOSED, MonitoringStage.INTERIM: CycleState.COLLECTING}


@pytest.mark.usefixtures("region")
def test_schools_of_the_interim_cycle_stand_at_every_step() -> None:
    rows = Submission.objects.filter(cycle__stage=MonitoringStage.INTERIM)

    assert set(Counter(row.state for row in rows)) == set(SubmissionState)


@pytest.mark.usefixtures("region")
def test_deliberate_contradiction_is_there_to_be_found() -> None:
    reading = Reading.objects.get(comment="Маршруты составлены для 100 % педагогов")

    assert (reading.numerator, reading.denominator) == (18, 20)


@pytest.mark.usefixtures("region")
def test_neighbour_municipality_has_no_school() -> None:
    assert not School.objects.filter(territory__code="reg99_m002").exists()
    assert Territory.objects.filter(code="reg99_m002").exists()


@pytest.mark.usefixtures("region")
def test_everything_was_done_through_the_actions() -> None:
    codes = set(AuditEvent.objects.values_list("code", flat=True))

    assert codes >= {
        AuditCode.IMPORT_APPLIED,
        AuditCode.IDENTIFICATION_RUN,
        AuditCode.LIST_PUBLISHED,
        AuditCode.RISK_FACTOR_VERIFIED,
        AuditCode.ROADMAP_APPROVED,
        AuditCode.SUBMISSION_ACCEPTED,
        AuditCode.REMINDER_SENT,
    }
    assert next(broken_events(), None) is None


@pytest.mark.usefixtures("region")
def test_no_document_is_dated_in_the_future() -> None:
    orders = SchoolList.objects.get().basis_document

    assert orders is not None
    assert orders.date <= TODAY
    assert not MonitoringCycle.objects.filter(opens_on__gt=TODAY + timedelta(days=1)).exists()
