"""Identification as background work."""

import pytest

from accounts.permissions import Role
from jobs.actions import enqueue
from jobs.choices import JobState
from jobs.errors import JobCancelled
from jobs.models import Job
from jobs.progress import Progress
from jobs.runner import execute
from schools.actions.rule_drafts import delete_rule_set, draft_rule_set
from schools.actions.rule_sets import load_rule_set
from schools.models import IdentificationRun, Membership, Territory
from tests.factories.lists import AT, make_low_school
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def ordered(territory: Territory, year: int = 2026) -> Job:
    """Queue a run of the territory's coordinator."""
    coordinator = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    params = {"rule_set": str(load_rule_set(by=None).pk), "territory": str(territory.pk), "year": year}
    return enqueue(kind="identification.run", params=params, by=coordinator)


def run(job: Job) -> Job:
    execute(job_id=job.pk)
    return Job.objects.get(pk=job.pk)


def test_job_stores_a_run_and_leads_to_it(territory: Territory) -> None:
    make_low_school(territory=territory)

    job = run(ordered(territory))

    stored = IdentificationRun.objects.get()
    assert (job.state, job.result_url) == (JobState.READY, stored.get_absolute_url())
    assert job.result["text"].replace("\u00a0", " ") == "Условия выполнены: 1 школа"
    assert (stored.created_by, stored.year) == (job.requested_by, 2026)


def test_job_without_results_fails_with_the_next_step(territory: Territory) -> None:
    make_low_school(territory=territory)

    job = run(ordered(territory, year=2024))

    assert job.state == JobState.FAILED
    assert "за 2024 год нет результатов. Загрузите их" in job.error_text
    assert not IdentificationRun.objects.exists()


def test_job_of_a_person_who_has_moved_to_another_territory_fails(territory: Territory) -> None:
    make_low_school(territory=territory)
    job = ordered(territory)
    Membership.objects.filter(user=job.requested_by).update(territory=make_territory())

    job = run(job)

    assert job.state == JobState.FAILED
    assert "отозвано" in job.error_text


def test_job_by_a_deleted_draft_fails_with_the_next_step(territory: Territory) -> None:
    make_low_school(territory=territory)
    keeper = make_user()
    draft = draft_rule_set(source=load_rule_set(by=None), by=keeper, at=AT)
    job = ordered(territory)
    Job.objects.filter(pk=job.pk).update(parameters={**job.parameters, "rule_set": str(draft.pk)})
    delete_rule_set(rule_set=draft, by=keeper)

    job = run(job)

    assert job.state == JobState.FAILED
    assert "Черновик правила удалён" in job.error_text


def test_job_that_is_cancelled_while_schools_are_judged_stores_nothing(
    territory: Territory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        make_low_school(territory=territory)
    job = ordered(territory)
    told: list[int] = []

    def step(self: Progress, text: str = "", *, done: int | None = None, total: int | None = None) -> None:
        if done is not None:
            told.append(done)
        if done == 1:
            raise JobCancelled

    monkeypatch.setattr(Progress, "step", step)

    job = run(job)

    assert told == [0, 1]
    assert job.state == JobState.CANCELLED
    assert not IdentificationRun.objects.exists()
