"""Imports: receive files and check them. Applying and undoing are in `schools.actions.import_apply`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode, Outcome
from accounts.models import User
from accounts.permissions import Permission
from schools import bulk
from schools.access import require
from schools.bulk import few_collections
from schools.choices import BatchState, FileState
from schools.importing import result_fields
from schools.importing.all_problems import kept_problems
from schools.importing.at_once import read_at_once
from schools.importing.benchmarks import benchmark_json
from schools.importing.errors import NothingGiven
from schools.importing.file_facts import with_judged
from schools.importing.files import GivenFile, ReceivedFile, safe_name, unpacked, with_duplicates
from schools.importing.ground import FilePlan, PlannedRow, unmatched_json
from schools.importing.left_out import without
from schools.importing.planning import order_of, plan_rows
from schools.importing.problem_groups import summarised
from schools.importing.states import change_state, locked, outcome_counts
from schools.importing.template_owner import owner_refusal, refusal_to_owner
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.parse import parse_file
from schools.intake.parsed_json import parsed_json, parsed_of
from schools.intake.refusals import SECURITY_CODES, Code, Refusal
from schools.intake.rows import ParsedFile, ProblemCode, Severity, problem_at
from schools.models import ImportBatch, ImportFile, ImportRow, School, Territory

PERSONAL: Final = ("absent", "confirmed", "left_out")  # what a person has said of a file; a new check keeps it
LABEL_LENGTH: Final = 300
SHEET_LENGTH: Final = 40
ROW_FIELDS: Final = (
    "file_id",
    "sheet",
    "number",
    "label",
    "school_id",
    "target",
    "outcome",
    "key",
    "before",
    "after",
)
Step = Callable[[int, int, str], None]  # done, total, name of the file


# Receiving


def receive(
    *,
    files: Iterable[GivenFile],
    by: User,
    territory: Territory,
    at: datetime,
    limits: Limits = DEFAULT_LIMITS,
    school: School | None = None,
) -> ImportBatch:
    """Store files as a batch that waits for its check; archives are taken apart, duplicates refused by name.

    school: whose administration gives forms of its own; None for a load of the territory.
    A file on single persons is read here and now, outside of the transaction, and only its sums are stored.
    Raises NothingGiven, PermissionDenied. The caller has the batch checked: by a job, or at once by `check`.
    """
    if school:
        require(by, Permission.UPLOAD_OWN_DATA, school)
    else:
        require(by, Permission.IMPORT_RESULTS, territory)
    received = list(read_at_once(with_duplicates(unpacked(files, limits), territory), limits))
    if not received:
        raise NothingGiven("Файл не выбран. Выберите один или несколько файлов .xlsx, .csv или архив .zip.")
    return store_batch(received, by=by, territory=territory, school=school, at=at)


@transaction.atomic
def store_batch(
    received: Sequence[ReceivedFile],
    *,
    by: User,
    territory: Territory,
    school: School | None,
    at: datetime,
) -> ImportBatch:
    batch = ImportBatch.objects.create(territory=territory, school=school, created_by=by, created_at=at)
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
    elif received.sums:
        file.aggregate = parsed_json(received.sums)
    else:
        file.content.save(f"{file.pk}", ContentFile(given.data), save=False)
    file.save(force_insert=True)
    note_receipt(file, received, batch)
    return file


def note_receipt(file: ImportFile, received: ReceivedFile, batch: ImportBatch) -> None:
    """Tell the audit trail of an attack, and of a file on single persons whose sums alone are kept."""
    if received.refusal:
        note_attack(file, received.refusal, batch)
    elif received.sums:
        sums, by = received.sums, batch.created_by
        schools = len({row.school for row in sums.rows} | {row.school for row in sums.records})
        record(AuditCode.UPLOAD_RECEIVED, actor=by, obj=file, only_sums_kept=True, layout=sums.layout, schools=schools)


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
    """Return what a file says, with the corrections of its person; of a file on pupils only the totals are kept."""
    if file.aggregate is not None:
        return parsed_of(file.aggregate)
    try:
        with file.content.open("rb") as content:
            data = content.read()
    except FileNotFoundError:
        return Refusal(Code.NOT_READ, "Файл не найден в хранилище портала.", action="Загрузите его ещё раз.")
    try:
        with few_collections():
            parsed = parse_file(data, limits, file.corrections)
    except Refusal as refusal:
        return as_it_came(data, limits, refusal) if file.corrections else refusal_to_owner(file.batch, refusal)
    return owner_refusal(file.batch, parsed) or parsed


def as_it_came(data: bytes, limits: Limits, refusal: Refusal) -> ParsedFile | Refusal:
    """Return what a file says without corrections that make it unreadable: they must not cost the person the file."""
    try:
        parsed = parse_file(data, limits)
    except Refusal as own:
        return own
    what = f"исправления ячеек не применены, с ними файл не читается. {refusal.what} Уберите лишние исправления."
    problem = problem_at(ProblemCode.CORRECTIONS_LEFT_OUT, "", 0, what, severity=Severity.WARNING)
    return replace(parsed, problems=(problem, *parsed.problems))


@few_collections()
@transaction.atomic
def store_check(*, batch: ImportBatch, answers: dict[Any, ParsedFile | Refusal], at: datetime) -> ImportBatch:
    """Store the preview: for every row what stands in the portal and what would stand there.

    answers: see parse_batch; empty afterwards, for the rows of a region go as they are planned.
    A batch whose every file is refused is over. One with rows that are all refused waits: its cells can be mended
    and its schools told.
    """
    batch = locked(batch)
    batch.explanation, batch.explained_by, batch.explained_at = "", None, None  # it was about the preview before
    change_state(batch, BatchState.CHECKED)
    plans = sorted(accepted(batch, answers), key=lambda plan: order_of(plan.parsed))
    ImportRow.objects.filter(file__batch=batch).delete()
    for _ in plan_rows(batch, plans):
        for plan in plans:
            store_rows(plan)
    for plan in plans:
        store_plan(plan)
    if not plans:
        change_state(batch, BatchState.REJECTED)
    totals = outcome_counts(batch)
    record(AuditCode.IMPORT_CHECKED, actor=batch.created_by, obj=batch, at=at.isoformat(), totals=totals)
    return batch


def accepted(batch: ImportBatch, answers: dict[Any, ParsedFile | Refusal]) -> Iterator[FilePlan]:
    """Take the answers out; yield the plans, without rows yet, of the files that are not refused, note the others."""
    files = batch.files.in_bulk(answers)
    for pk in list(answers):
        answer = answers.pop(pk)
        if isinstance(answer, Refusal):
            note_refusal(files[pk], answer, batch)
        else:
            yield FilePlan(file=files[pk], parsed=without(answer, files[pk].meta.get("left_out", {})))


def note_refusal(file: ImportFile, refusal: Refusal, batch: ImportBatch) -> None:
    refuse_file(file, refusal)
    file.save()
    note_attack(file, refusal, batch)


def note_attack(file: ImportFile, refusal: Refusal, batch: ImportBatch) -> None:
    if refusal.code in SECURITY_CODES:
        reason = refusal.code.value
        record(AuditCode.UPLOAD_RECEIVED, actor=batch.created_by, obj=file, outcome=Outcome.REFUSED, reason=reason)


def store_plan(plan: FilePlan) -> None:
    file, parsed = plan.file, plan.parsed
    file.state = FileState.RECOGNISED
    file.layout, file.title = parsed.layout, parsed.title[:250]
    told = sorted(plan.problems, key=lambda problem: not problem.is_error)  # errors are never crowded out
    file.problems = kept_problems(file, told)
    file.meta = {
        **{name: file.meta[name] for name in PERSONAL if name in file.meta},
        **parsed.meta,
        "facts": with_judged(plan.facts, plan.outcomes.total()),
        "counts": plan.outcomes,
        "remarks": len(told),
        "groups": summarised(plan.problems),
        "clashes": plan.clashes,
        "benchmarks": benchmark_json(parsed.benchmarks),
        "unmatched": unmatched_json(plan),
    }
    file.save()


def store_rows(plan: FilePlan) -> None:
    """Move the rows of a plan to the database."""
    bulk.insert(ImportRow, fields=ROW_FIELDS, rows=stored_rows(plan.file, plan.rows))
    plan.outcomes.update(row.outcome.value for row in plan.rows)
    plan.rows.clear()


def stored_rows(file: ImportFile, rows: Iterable[PlannedRow]) -> Iterator[tuple[object, ...]]:
    """Yield the values of ROW_FIELDS; a refused place belongs to the first target, as the table has it."""
    keys: dict[int, bulk.Json] = {}  # rows of one work share one key: it is written once
    for row in rows:
        key = keys.get(id(row.key)) or keys.setdefault(id(row.key), bulk.packed(row.key))
        sheet, label, target = row.sheet[:SHEET_LENGTH], row.label[:LABEL_LENGTH], row.target or result_fields.CODE
        yield file.pk, sheet, row.number, label, row.school_id, target, row.outcome.value, key, row.before, row.after


def check(*, batch: ImportBatch, at: datetime, limits: Limits = DEFAULT_LIMITS) -> ImportBatch:
    """Read and check a batch at once, as commands and the demo data do; pages have a job do it.

    A checked batch is compared with the portal anew. Raises WrongBatchState.
    """
    if batch.state == BatchState.REJECTED:
        return batch
    return store_check(batch=batch, answers=parse_batch(batch, limits=limits), at=at)
