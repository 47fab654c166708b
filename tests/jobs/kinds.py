"""Kinds of jobs that exist in tests only; live processes load them by JOBS_EXTRA_KINDS."""

import time
from pathlib import Path

from accounts.permissions import Permission
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobFailed, JobResult, job_kind

ended: list[tuple[str, str]] = []  # what on_end was told


@job_kind("tests.echo", title="Эхо")
def echo(job: Job, progress: Progress) -> JobResult:
    progress.step("Повторяем", done=1, total=2)
    return {"text": job.parameters.get("text", ""), "url": "/jobs/"}


@job_kind("tests.refuse", title="Отказ", on_end=lambda job: ended.append((job.title, job.state)))
def refuse(job: Job, progress: Progress) -> JobResult:
    raise JobFailed("Профиль не утверждён. Сначала утвердите профиль.", code="profile_draft")


@job_kind("tests.break", title="Поломка")
def fall(job: Job, progress: Progress) -> JobResult:
    raise ValueError("unforeseen")


@job_kind("tests.allowed", title="По праву", permission=Permission.BUILD_REPORTS)
def allowed(job: Job, progress: Progress) -> JobResult:
    return {"text": "сделано"}


@job_kind("tests.store", title="Со строкой", on_end=lambda job: ended.append((job.title, job.state)))
def store(job: Job, progress: Progress) -> JobResult:
    """Store a row together with the end of the job, as every kind that leaves something behind does."""
    with progress.finishing() as result:
        Job.objects.filter(pk=job.pk).update(title="Сохранено")
        result["text"] = "одна строка"
    return None


@job_kind("tests.slow", title="Долгая работа")
def slow(job: Job, progress: Progress) -> JobResult:
    """Take a while. Parameters: `file` gets a line at the start and one at the end, `seconds` between them."""
    path = Path(job.parameters["file"])
    note(path, f"start {job.attempts}")
    seconds = job.parameters["seconds"]
    started = time.monotonic()
    while (spent := time.monotonic() - started) < seconds:
        progress.step("Работаем", done=int(spent * 10), total=int(seconds * 10))
        time.sleep(0.05)
    with progress.finishing() as result:
        note(path, f"done {job.attempts}")
        result["text"] = f"попытка {job.attempts}"
    return None


def note(path: Path, line: str) -> None:
    with path.open("a", encoding="ascii") as file:
        file.write(f"{line}\n")
