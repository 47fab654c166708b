"""Files of jobs: kept for some days, then dropped."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from jobs.choices import JobState
from jobs.files import DAYS_KEPT, drop_old, keep, kept_file
from jobs.models import Job
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def job_with_file(**fields: object) -> Job:
    job = make_job(state=JobState.READY, **fields)
    job.result = keep(job, name="Шаблон.xlsx", data=b"PK")
    job.save()
    return job


def test_file_of_a_job_is_given_back_as_it_was_made() -> None:
    job = job_with_file()

    file = kept_file(job)

    assert file is not None
    with file:
        assert (file.read(), job.result["file_name"]) == (b"PK", "Шаблон.xlsx")


def test_job_without_a_file_has_none() -> None:
    assert kept_file(make_job()) is None


def test_file_that_the_storage_has_lost_is_none() -> None:
    job = job_with_file()
    default_storage.delete(job.result["file"])

    assert kept_file(job) is None


@pytest.mark.parametrize(("days", "dropped"), [(DAYS_KEPT - 1, 0), (DAYS_KEPT + 1, 1)])
def test_file_is_dropped_when_its_days_are_over(
    days: int, dropped: int, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = job_with_file(finished_at=NOW - timedelta(days=days))
    path = job.result["file"]

    with django_capture_on_commit_callbacks(execute=True):
        assert drop_old(at=NOW) == dropped

    job.refresh_from_db()
    assert default_storage.exists(path) is not bool(dropped)
    assert ("file" in job.result, "file_name" in job.result) == (not dropped, True)


def test_new_file_drops_the_old_ones() -> None:
    old = job_with_file(finished_at=NOW - timedelta(days=DAYS_KEPT + 1))
    job_with_file()

    old.refresh_from_db()
    assert "file" not in old.result
