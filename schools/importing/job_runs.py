"""Checking, applying and undoing of a batch as background jobs. Parameters: id of the batch."""

from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count, plural
from jobs.actions import enqueue
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobFailed, JobResult, job_kind
from schools.actions.import_apply import apply_batch, undo_batch
from schools.actions.imports import check, parse_batch, store_check
from schools.choices import FileState
from schools.importing.errors import DataChanged
from schools.importing.states import outcome_counts
from schools.models import ImportBatch

CHECK: Final = "imports.check"
APPLY: Final = "imports.apply"
UNDO: Final = "imports.undo"
KINDS: Final = (CHECK, APPLY, UNDO)
NAMES_SHOWN: Final = 2
ROWS: Final = "строка,строки,строк"


def batch_of(job: Job) -> ImportBatch:
    return ImportBatch.objects.select_related("territory__parent", "created_by").get(pk=job.parameters["batch"])


def person_of(job: Job) -> User:
    if job.requested_by is None:
        raise JobFailed("Задание осталось без пользователя, который его запросил.")
    return job.requested_by


def queue(kind: str, batch: ImportBatch, *, by: User, only_good: bool = False) -> Job:
    """Ask for a job on a batch; a second click gives the same job."""
    params = {"batch": str(batch.pk), "only_good": only_good}
    return enqueue(kind=kind, params=params, by=by, dedupe=f"{kind} {batch.pk}")


@job_kind(CHECK, title="Проверка загруженных файлов", permission=Permission.IMPORT_RESULTS, seconds=600)
def run_check(job: Job, progress: Progress) -> JobResult:
    batch = batch_of(job)

    def step(done: int, total: int, name: str) -> None:
        progress.step(f"Читаем «{name}»", done=done, total=total)

    answers = parse_batch(batch, step=step)
    progress.step("Сравниваем с данными портала", done=len(answers), total=len(answers))
    with progress.finishing() as result:
        store_check(batch=batch, answers=answers, at=timezone.now())
        tell(result, batch)
    return None


@job_kind(APPLY, title="Применение загрузки", permission=Permission.IMPORT_RESULTS, seconds=600)
def run_apply(job: Job, progress: Progress) -> JobResult:
    """Apply a batch; when the data have changed since its check, check it again and say so."""
    batch, by = batch_of(job), person_of(job)
    progress.step("Записываем результаты")
    only_good = bool(job.parameters.get("only_good"))
    try:
        with progress.finishing() as result:
            apply_batch(batch=batch, by=by, at=timezone.now(), only_good=only_good)
            tell(result, batch)
    except DataChanged as refusal:
        check(batch=batch, at=timezone.now())
        raise JobFailed(f"{refusal.text} Проверка уже выполнена заново.", code="data_changed") from None
    return None


@job_kind(UNDO, title="Отмена загрузки", permission=Permission.IMPORT_RESULTS, seconds=600)
def run_undo(job: Job, progress: Progress) -> JobResult:
    batch, by = batch_of(job), person_of(job)
    progress.step("Возвращаем прежние данные")
    with progress.finishing() as result:
        undo_batch(batch=batch, by=by, at=timezone.now())
        tell(result, batch)
    return None


def tell(result: dict[str, object], batch: ImportBatch) -> None:
    result["url"] = batch.get_absolute_url()
    result["text"] = told_of(batch)


def told_of(batch: ImportBatch) -> str:
    """Return «Файл «Ф3.xlsx». Новых и изменённых: 1 строка»: which files, how many rows, what is not taken."""
    files = list(batch.files.order_by("name", "pk").values_list("name", "state"))
    refused = [name for name, state in files if state == FileState.REFUSED]
    taken = [name for name, state in files if state != FileState.REFUSED]
    if not taken:
        return f"{refused_words(refused)} Причина названа в загрузке"
    totals = outcome_counts(batch)
    rows = f"Новых и изменённых: {count(totals['new'] + totals['changed'], ROWS)}"
    told = f"{plural(len(taken), 'Файл,Файлы,Файлы')} {names_of(taken)}. {rows}"
    return f"{told}. {refused_words(refused).rstrip('.')}" if refused else told


def refused_words(names: Sequence[str]) -> str:
    return f"{'Не принят файл' if len(names) == 1 else 'Не приняты файлы'} {names_of(names)}."


def names_of(names: Sequence[str]) -> str:
    """Return «а.xlsx», «б.xlsx» и ещё 3."""
    shown = ", ".join(f"«{name}»" for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return f"{shown} и ещё {more}" if more > 0 else shown
