"""Imports: receive files and check them. Applying and undoing are in `schools.actions.import_apply`."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode, Outcome
from accounts.models import User
from accounts.permissions import Permission
from schools.access import require
from schools.choices import BatchState, FileState, RowOutcome
from schools.importing import results
from schools.importing.errors import NothingGiven
from schools.importing.files import GivenFile, ReceivedFile, safe_name, unpacked, with_duplicates
from schools.importing.planning import FilePlan, plan_files
from schools.importing.states import change_state, locked, outcome_counts
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.parse import parse_file
from schools.intake.refusals import SECURITY_CODES, Code, Refusal
from schools.intake.rows import ParsedFile
from schools.models import ImportBatch, ImportFile, ImportRow, Territory

PROBLEMS_KEPT: Final = 2000
WRITE_BATCH: Final = 1000
Step = Callable[[int, int, str], None]  # done, total, name of the file


# Receiving


@transaction.atomic
def receive(
    *,
    files: Iterable[GivenFile],
    by: User,
    territory: Territory,
    at: datetime,
    limits: Limits = DEFAULT_LIMITS,
) -> ImportBatch:
    """Store files as a batch that waits for its check; archives are taken apart, duplicates refused by name.

    Raises NothingGiven, PermissionDenied. The caller has the batch checked: by a job, or at once by `check`.
    """
    require(by, Permission.IMPORT_RESULTS, territory)
    received = list(with_duplicates(unpacked(files, limits), territory))
    if not received:
        raise NothingGiven("Файл не выбран. Выберите один или несколько файлов .xlsx, .csv или архив .zip.")
    batch = ImportBatch.objects.create(territory=territory, created_by=by, created_at=at)
    stored = [store_file(batch, file) for file in received]
    if all(file.state == FileState.REFUSED for file in stored):
        change_state(batch, BatchState.REJECTED)
    record(AuditCode.UPLOAD_RECEIVED, actor=by, obj=batch, files=len(stored))
    return batch


def store_file(batch: ImportBatch, received: ReceivedFile) -> ImportFile:
    given = received.given
    file = ImportFile(batch=batch, name=safe_name(given.name), size=len(given.data), sha256=given.sha256)
    if received.refusal:
        refuse_file(file, received.refusal)
    else:
        file.content.save(f"{file.pk}", ContentFile(given.data), save=False)
    file.save(force_insert=True)
    return file


def refuse_file(file: ImportFile, refusal: Refusal) -> None:
    """Mark a file as refused and let its bytes go: nothing of a refused file is kept."""
    file.state = FileState.REFUSED
    file.refusal_code = refusal.code.value
    file.refusal = refusal.text_ru
    if file.content:
        name, storage = str(file.content.name), file.content.storage
        file.content = None
        transaction.on_commit(lambda: storage.delete(name), robust=True)


# Checking


def parse_batch(
    batch: ImportBatch,
    *,
    step: Step | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> dict[Any, ParsedFile | Refusal]:
    """Return id of a file not refused yet -> what it says or why it is refused. Slow: keep it out of transactions."""
    waiting = list(batch.files.exclude(state=FileState.REFUSED))
    answers: dict[Any, ParsedFile | Refusal] = {}
    for done, file in enumerate(waiting):
        if step:
            step(done, len(waiting), file.name)
        answers[file.pk] = parsed_or_refused(file, limits)
    return answers


def parsed_or_refused(file: ImportFile, limits: Limits) -> ParsedFile | Refusal:
    try:
        with file.content.open("rb") as content:
            return parse_file(content.read(), limits)
    except Refusal as refusal:
        return refusal
    except FileNotFoundError:
        return Refusal(Code.NOT_READ, "Файл не найден в хранилище портала.", action="Загрузите его ещё раз.")


@transaction.atomic
def store_check(*, batch: ImportBatch, answers: Mapping[Any, ParsedFile | Refusal], at: datetime) -> ImportBatch:
    """Store the preview: for every row what stands in the portal and what would stand there."""
    batch = locked(batch)
    change_state(batch, BatchState.CHECKED)
    files = {file.pk: file for file in batch.files.filter(pk__in=answers.keys())}
    accepted: list[tuple[ImportFile, ParsedFile]] = []
    for pk, answer in answers.items():
        if isinstance(answer, Refusal):
            note_refusal(files[pk], answer, batch)
        else:
            accepted.append((files[pk], answer))
    ImportRow.objects.filter(file__batch=batch).delete()
    plans = plan_files(batch, accepted)
    for plan in plans:
        store_plan(plan)
    if not any(row.outcome != RowOutcome.REJECTED for plan in plans for row in plan.rows):
        change_state(batch, BatchState.REJECTED)
    totals = outcome_counts(batch)
    record(AuditCode.IMPORT_CHECKED, actor=batch.created_by, obj=batch, at=at.isoformat(), totals=totals)
    return batch


def note_refusal(file: ImportFile, refusal: Refusal, batch: ImportBatch) -> None:
    refuse_file(file, refusal)
    file.save()
    if refusal.code in SECURITY_CODES:
        record(
            AuditCode.UPLOAD_RECEIVED,
            actor=batch.created_by,
            obj=file,
            outcome=Outcome.REFUSED,
            reason=refusal.code.value,
        )


def store_plan(plan: FilePlan) -> None:
    file, parsed = plan.file, plan.parsed
    file.state = FileState.RECOGNISED
    file.layout, file.title = parsed.layout, parsed.title[:250]
    file.problems = [problem.as_json() for problem in plan.problems[:PROBLEMS_KEPT]]
    file.meta = {**parsed.meta, "benchmarks": results.benchmark_json(parsed.benchmarks)}
    file.save()
    ImportRow.objects.bulk_create(plan.rows, batch_size=WRITE_BATCH)


def check(*, batch: ImportBatch, at: datetime, limits: Limits = DEFAULT_LIMITS) -> ImportBatch:
    """Read and check a batch at once, as commands and the demo data do; pages have a job do it.

    A checked batch is compared with the portal anew. Raises WrongBatchState.
    """
    if batch.state == BatchState.REJECTED:
        return batch
    return store_check(batch=batch, answers=parse_batch(batch, limits=limits), at=at)
