"""Files on single persons through the pages: sums are shown, participants are not, a protocol leads to the template."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from jobs.choices import JobState
from jobs.models import Job
from jobs.runner import execute
from schools.models import AssessmentResult, ImportBatch, ImportFile
from tests.factories.federal import PUPIL, make_pupils, protocol_dense, pupils_file, standing_in
from tests.factories.imports import ImportGround, named

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


@pytest.fixture
def browser(ground: ImportGround, sign_in: SignIn) -> Client:
    return sign_in(ground.coordinator)


def sent(browser: Client, name: str, data: bytes) -> Any:
    """Upload a file and follow to the page of its batch."""
    return browser.post("/imports/upload/", {"files": [SimpleUploadedFile(name, data)]}, follow=True)


def run_jobs() -> None:
    for job in Job.objects.filter(state=JobState.QUEUED):
        execute(job_id=job.pk)


def test_individual_results_go_the_whole_way_and_no_page_shows_a_participant(
    ground: ImportGround,
    browser: Client,
) -> None:
    pupils = make_pupils(12, first_code=73001)

    sent(browser, "Ф1.xlsx", pupils_file({named(ground.first): pupils}))
    run_jobs()
    batch = ImportBatch.objects.get()
    page = browser.get(f"{batch.get_absolute_url()}?show=new").content.decode()
    browser.post(f"{batch.get_absolute_url()}apply/")
    run_jobs()

    assert "Индивидуальные результаты (только итоги по школам)" in page
    assert standing_in(page, [pupil.code for pupil in pupils]) == []
    assert AssessmentResult.objects.get().participants == 12


def test_file_of_sums_cannot_be_downloaded_for_it_is_not_kept(ground: ImportGround, browser: Client) -> None:
    sent(browser, "Ф1.xlsx", pupils_file({named(ground.first): make_pupils(3)}))

    assert browser.get(f"/imports/files/{ImportFile.objects.get().pk}/").status_code == 404


def test_protocol_is_refused_on_the_page_with_the_way_to_the_template(ground: ImportGround, browser: Client) -> None:
    page = sent(browser, "протокол.xlsx", protocol_dense()).content.decode()

    assert "протокол ГИА" in page
    assert "/imports/template/results/" in page
    assert standing_in(page, PUPIL) == []
    assert browser.get("/imports/template/results/").status_code == 200
