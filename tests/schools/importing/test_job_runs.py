"""Batches checked, applied and undone by jobs."""

import pytest

from jobs.choices import JobState
from jobs.models import Job
from jobs.runner import execute
from schools.choices import BatchState
from schools.importing import job_runs
from schools.models import AssessmentResult, ImportBatch
from tests.factories.imports import MARKS, ImportGround, marks_of
from tests.factories.schools import make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def run(kind: str, batch: ImportBatch, ground: ImportGround, *, only_good: bool = False) -> Job:
    job = job_runs.queue(kind, batch, by=ground.coordinator, only_good=only_good)
    execute(job_id=job.pk)
    return Job.objects.get(pk=job.pk)


def test_batch_goes_its_whole_way_by_jobs(ground: ImportGround) -> None:
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    states = []
    for kind in (job_runs.CHECK, job_runs.APPLY, job_runs.UNDO):
        job = run(kind, batch, ground)
        states.append((job.state, ImportBatch.objects.get().state, AssessmentResult.objects.count()))

    assert states == [
        (JobState.READY, BatchState.CHECKED, 0),
        (JobState.READY, BatchState.APPLIED, 1),
        (JobState.READY, BatchState.UNDONE, 0),
    ]


def test_finished_job_leads_to_the_batch(ground: ImportGround) -> None:
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    job = run(job_runs.CHECK, batch, ground)

    assert job.result_url == f"/imports/{batch.pk}/"
    assert job.result["text"] == "Файл «Ф3.xlsx». Новых и изменённых: 1\u00a0строка"
    assert job.step == "Сравниваем с данными портала"


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (["а.txt"], "Не принят файл «а.txt»."),
        (["а.txt", "б.txt"], "Не приняты файлы «а.txt», «б.txt»."),
        (["а.txt", "б.txt", "в.txt"], "Не приняты файлы «а.txt», «б.txt» и ещё 1."),
    ],
)
def test_refused_upload_names_its_files_and_no_rows(refused: list[str], words: str, ground: ImportGround) -> None:
    batch = ground.receive({name: f"просто текст {name}".encode("cp1251") for name in refused})

    assert run(job_runs.CHECK, batch, ground).result["text"] == f"{words} Причина названа в загрузке"


def test_refused_file_is_named_beside_the_taken_one(ground: ImportGround) -> None:
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: MARKS}), "б.xlsx": b"text"})

    told = run(job_runs.CHECK, batch, ground).result["text"].replace("\u00a0", " ")

    assert told == "Файл «Ф3.xlsx». Новых и изменённых: 1 строка. Не принят файл «б.xlsx»"


def test_second_click_is_the_same_job(ground: ImportGround) -> None:
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    first = job_runs.queue(job_runs.CHECK, batch, by=ground.coordinator)

    assert job_runs.queue(job_runs.CHECK, batch, by=ground.coordinator) == first


def test_refusal_ends_the_job_with_its_words(ground: ImportGround) -> None:
    batch = ground.checked({"а.xlsx": marks_of({ground.first: MARKS}), "б.xlsx": b"text"})

    job = run(job_runs.APPLY, batch, ground)

    assert job.state == JobState.FAILED
    assert job.error_text.startswith("Не приняты: 1\u00a0файл.")
    assert not AssessmentResult.objects.exists()


def test_good_rows_are_applied_when_asked_for(ground: ImportGround) -> None:
    batch = ground.checked({"а.xlsx": marks_of({ground.first: MARKS}), "б.xlsx": b"text"})

    assert run(job_runs.APPLY, batch, ground, only_good=True).state == JobState.READY


def test_data_changed_since_the_preview_give_a_new_preview(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    make_result(school=ground.first, grade=4, marks=(4, 0, 0, 0))

    job = run(job_runs.APPLY, batch, ground)

    assert (job.state, job.error_code) == (JobState.FAILED, "data_changed")
    assert "Проверка уже выполнена заново" in job.error_text
    assert ImportBatch.objects.get().files.get().rows.get().outcome == "changed"
    assert ground.result(ground.first).mark2 == 4


def test_job_without_a_person_fails(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    job = job_runs.queue(job_runs.APPLY, batch, by=ground.coordinator)
    Job.objects.filter(pk=job.pk).update(requested_by=None)

    execute(job_id=job.pk)

    assert Job.objects.get().state == JobState.FAILED
