"""Results of works: from parsed rows to planned changes, and from planned changes to the table."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from schools.importing.ledger import Change, Ledger, State
from schools.intake.rows import MARKS, BenchmarkRow, Counts, Journal, ResultRow, WorkKey
from schools.intake.subjects import subject_name
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.models import AssessmentResult, Benchmark, ImportBatch, ImportFile, School

ResultKey = tuple[UUID, WorkKey]
KEY_FIELDS: Final = ("procedure", "year", "period", "subject", "grade", "level")
MARKS_SOURCE: Final = ("marks_file_id", "marks_row")
JOURNAL_SOURCE: Final = ("journal_file_id", "journal_row")
DATA_FIELDS: Final = (
    "grade_actual",
    "enrolled",
    "participants",
    *MARKS,
    "below_min",
    "delivered_percents",
    "counts_derived",
    "lowered",
    "confirmed",
    "raised",
    "mean_score",
    "max_primary",
    *MARKS_SOURCE,
    *JOURNAL_SOURCE,
)
# How a count came about and who said it is kept, but the same counts from another file are no change.
SILENT: Final = frozenset(
    {"grade_actual", "delivered_percents", "counts_derived", "max_primary", *MARKS_SOURCE, *JOURNAL_SOURCE},
)
CENT: Final = Decimal("0.01")
WRITE_BATCH: Final = 1000


def result_ledger(schools: Collection[UUID], years: Collection[int]) -> Ledger[ResultKey]:
    """Return the results of schools and years as they stand. One query."""
    rows = AssessmentResult.objects.filter(school__in=schools, year__in=years)
    states = {
        result_key(row["school_id"], row): state_of(row)
        for row in rows.values("school_id", *KEY_FIELDS, *DATA_FIELDS).iterator(chunk_size=5000)
    }
    return Ledger(states, silent=SILENT)


def result_key(school_id: UUID, work: Mapping[str, Any]) -> ResultKey:
    return school_id, WorkKey(**{name: work[name] for name in KEY_FIELDS})


def state_of(row: Mapping[str, Any]) -> State:
    return {name: json_value(row[name]) for name in DATA_FIELDS}


def json_value(value: Any) -> Any:
    """Return a value of a field as JSON keeps it, so that states of a table and of a plan compare equal."""
    if isinstance(value, Decimal):
        return str(value.quantize(CENT))
    return str(value) if isinstance(value, UUID) else value


def delivered(row: ResultRow, file: ImportFile, *, is_first: bool) -> State:
    """Return the fields that a row of a file fills. is_first: the portal knows nothing of the work yet."""
    state: State = {}
    if row.counts:
        state |= delivered_counts(row.counts) | {"marks_file_id": str(file.pk), "marks_row": row.row}
    if row.journal:
        state |= asdict(row.journal) | {"journal_file_id": str(file.pk), "journal_row": row.row}
        if not row.counts and is_first:
            state["participants"] = row.journal.total
    if row.grade_actual is not None:
        state["grade_actual"] = row.grade_actual
    return state


def delivered_counts(counts: Counts) -> State:
    state: State = {"participants": counts.participants, "counts_derived": counts.is_derived}
    percents = counts.percents or ()
    state["delivered_percents"] = {mark[-1]: str(share) for mark, share in zip(MARKS, percents, strict=False)}
    if counts.marks:
        state |= dict(zip(MARKS, counts.marks, strict=True))
    optional = {
        "enrolled": counts.enrolled,
        "below_min": counts.below_min,
        "mean_score": None if counts.mean_score is None else str(counts.mean_score.quantize(CENT)),
        "max_primary": counts.max_primary,
    }
    return state | {name: value for name, value in optional.items() if value is not None}


def misfit(current: State | None, after: State) -> str:
    """Return why the new values do not fit those that stay, or an empty string."""
    merged = {**(current or {}), **after}
    participants = merged["participants"]
    marks = [merged.get(mark) for mark in MARKS]
    if None not in marks and sum(mark or 0 for mark in marks) != participants:
        return f"участников {participants}, а отметок в портале {sum(mark or 0 for mark in marks)}"
    journal = Journal(**{name: merged.get(name) or 0 for name in ("lowered", "confirmed", "raised")}).total
    parts = ((merged.get("below_min"), "ниже минимума"), (journal, "в сравнении с журналом"))
    for part, title in parts:
        if (part or 0) > participants:
            return f"участников {participants}, а {title} {part}"
    enrolled = merged.get("enrolled")
    if enrolled is not None and enrolled < participants:
        return f"участников {participants}, а обучающихся в параллели {enrolled}"
    return ""


def write_results(states: Mapping[ResultKey, State]) -> None:
    """Insert or replace the rows with these keys in sets."""
    AssessmentResult.objects.bulk_create(
        (result_of(key, state) for key, state in states.items()),
        batch_size=WRITE_BATCH,
        update_conflicts=True,
        unique_fields=["school", *KEY_FIELDS],
        update_fields=[name.removesuffix("_id") for name in DATA_FIELDS],
    )


def result_of(key: ResultKey, state: State) -> AssessmentResult:
    school_id, work = key
    known = {name: value for name, value in state.items() if value is not None}
    return AssessmentResult(school_id=school_id, **asdict(work), **known)


def delete_results(keys: Iterable[ResultKey]) -> None:
    wanted = set(keys)
    schools, years = {key[0] for key in wanted}, {key[1].year for key in wanted}
    rows = AssessmentResult.objects.filter(school__in=schools, year__in=years)
    found = [
        row["pk"] for row in rows.values("pk", "school_id", *KEY_FIELDS) if result_key(row["school_id"], row) in wanted
    ]
    for start in range(0, len(found), WRITE_BATCH):
        AssessmentResult.objects.filter(pk__in=found[start : start + WRITE_BATCH])._raw_delete(  # noqa: SLF001
            AssessmentResult.objects.db,
        )


def is_superseded(state: State, files: Collection[str]) -> bool:
    """Answer whether a file of another batch has added to a row since."""
    sources = (state.get("marks_file_id"), state.get("journal_file_id"))
    return any(source is not None and source not in files for source in sources)


def newer_results(
    ledger: Ledger[ResultKey],
    changes: Iterable[Change[ResultKey]],
    files: Collection[str],
) -> set[ResultKey]:
    """Return created rows that a later batch has added to: deleting them would lose its data."""
    created = {change.key for change in changes if change.before is None}
    return {key for key in created if (state := ledger.states.get(key)) and is_superseded(state, files)}


def benchmark_json(rows: Iterable[BenchmarkRow]) -> list[dict[str, Any]]:
    """Return reference values as the file keeps them until it is applied."""
    return [
        {
            "procedure": row.work.procedure,
            "year": row.work.year,
            "subject": row.work.subject,
            "grade": row.work.grade,
            "sample": row.sample[:250],
            "schools": row.schools,
            "participants": row.participants,
            "percents": {mark: str(share) for mark, share in row.percents.items()},
        }
        for row in rows
    ]


def write_benchmarks(batch: ImportBatch) -> None:
    Benchmark.objects.bulk_create(
        Benchmark(file=file, **values)
        for file in batch.files.order_by("pk")
        for values in file.meta.get("benchmarks", [])
    )


def school_names(keys: Iterable[ResultKey]) -> dict[UUID, str]:
    return dict(School.objects.filter(pk__in={key[0] for key in keys}).values_list("pk", "name"))


def work_title(work: WorkKey) -> str:
    """Return «ВПР 2026, Русский язык, 4 класс»."""
    procedure = PROCEDURE_NAMES.get(work.procedure, work.procedure)
    return f"{procedure} {work.year}, {subject_name(work.subject)}, {work.grade} класс"
