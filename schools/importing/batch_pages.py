"""What the pages of imports show of batches and files: plain values, read once for the whole page.

Counts of rows stand in `ImportFile.meta["counts"]`, written with the rows themselves, so no page counts rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator

from accounts.models import User
from accounts.pieces import Segment
from jobs.models import Job
from schools.bulk import school_names
from schools.choices import FileState, RowOutcome
from schools.importing.all_problems import PROBLEMS_SHOWN
from schools.importing.annotation import AT_ONCE_BYTES, MARKED_BYTES
from schools.importing.corrections import is_correctable, number_of
from schools.importing.file_facts import fact_words
from schools.importing.left_out import number_left_out
from schools.importing.preview import RowPreview, names_by_code, row_previews, shown
from schools.importing.problem_groups import ProblemGroup, groups_of
from schools.importing.remarks import HEAVY
from schools.importing.row_list import RowList, rows_page
from schools.importing.targets import target_of
from schools.importing.unmatched import QueuedSchool, queue_of, with_proposals
from schools.models import ImportBatch, ImportFile, ImportRow

NAMES_SHOWN: Final = 3
STEPS_AROUND: Final = 6
FILES_ON_PAGE: Final = 50
QUEUE_SHOWN: Final = 10
CLASHES_SHOWN: Final = 20
OUTCOME_TITLES: Final = {
    RowOutcome.CHANGED: "Изменённые",
    RowOutcome.NEW: "Новые",
    RowOutcome.SAME: "Без изменений",
}
OUTCOMES_SHOWN: Final = tuple(OUTCOME_TITLES)
Counts = Mapping[str, int]


def counts_of(file: ImportFile) -> Counts:
    """Return how many rows of a file are new, changed, same, rejected."""
    stored = file.meta.get("counts", {})
    return {outcome.value: stored.get(outcome.value, 0) for outcome in RowOutcome}


def totals_of(counts: Iterable[Counts]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return {outcome.value: total[outcome.value] for outcome in RowOutcome}


# The register


@dataclass(kw_only=True)
class BatchLine:
    """A batch of the register with its files."""

    batch: ImportBatch
    names: list[str] = field(default_factory=list)
    files: int = 0
    refused: int = 0
    counts: dict[str, int] = field(default_factory=lambda: totals_of([]))

    @property
    def more(self) -> int:
        return self.files - len(self.names)


def batch_lines(batches: Sequence[ImportBatch]) -> list[BatchLine]:
    """Return the batches with names of files and counts of rows. One query."""
    lines: dict[UUID, BatchLine] = {batch.pk: BatchLine(batch=batch) for batch in batches}
    files = ImportFile.objects.filter(batch__in=list(lines)).order_by("name", "pk")
    for batch_id, name, state, counts in files.values_list("batch_id", "name", "state", "meta__counts"):
        line = lines[batch_id]
        line.files += 1
        line.refused += state == FileState.REFUSED
        line.counts = totals_of([line.counts, counts or {}])
        if len(line.names) < NAMES_SHOWN:
            line.names.append(name)
    return list(lines.values())


# The page of a batch


@dataclass(frozen=True, kw_only=True)
class FileCard:
    """One file of a batch for its page."""

    file: ImportFile
    counts: Counts
    facts: Sequence[tuple[str, str]]
    corrections: int
    left_out: int

    @property
    def has_marks(self) -> bool:
        """Answer whether the file can be given back with its problems and corrections marked."""
        has_something = bool(self.file.meta.get("groups") or self.corrections)
        return has_something and is_correctable(self.file) and self.file.size <= MARKED_BYTES

    @property
    def is_marked_by_job(self) -> bool:
        """Answer whether marking takes longer than a page may."""
        return self.file.size > AT_ONCE_BYTES or self.file.meta.get("remarks", 0) > PROBLEMS_SHOWN

    @property
    def is_too_big_to_mark(self) -> bool:
        return bool(self.file.meta.get("groups")) and is_correctable(self.file) and self.file.size > MARKED_BYTES

    @property
    def is_correctable(self) -> bool:
        return is_correctable(self.file)


def file_card(file: ImportFile) -> FileCard:
    return FileCard(
        file=file,
        counts=counts_of(file),
        facts=fact_words(file.meta.get("facts", {})),
        corrections=number_of(file.corrections),
        left_out=number_left_out(file.meta.get("left_out", {})),
    )


@dataclass(frozen=True, kw_only=True)
class FileStep:
    """A file while the batch is checked. state: done, now, or "" for ahead."""

    name: str
    state: str


def file_steps(files: Sequence[ImportFile], job: Job) -> list[FileStep]:
    """Return the files around the one that is read now, in the order of reading. No query."""
    waiting = [file for file in files if file.state != FileState.REFUSED]
    done = job.progress_done
    first = max(0, min(done - STEPS_AROUND // 2, len(waiting) - STEPS_AROUND))
    return [
        FileStep(name=file.name, state="done" if place < done else "now" if place == done and job.step else "")
        for place, file in list(enumerate(waiting))[first : first + STEPS_AROUND]
    ]


@dataclass(frozen=True, kw_only=True)
class Clash:
    """One key that two files tell differently; the later one is written. fields: title, earlier value, later value."""

    label: str
    about: str
    earlier: str
    later: str
    later_file: UUID
    sheet: str
    row: int
    fields: Sequence[tuple[str, str, str]]


def clashes_of(files: Iterable[ImportFile]) -> list[Clash]:
    """Return what the files tell differently. One query when there is anything, one more for municipalities."""
    found = [(stored, file) for file in files for stored in file.meta.get("clashes", [])]
    schools = {UUID(stored["school"]) for stored, _ in found if stored.get("school")}
    names = {str(pk): name for pk, name in school_names(schools).items()} if schools else {}
    places = names_by_code(code for stored, _ in found for code in stored["fields"].get("territory", []))
    return [clash_of(stored, file, names.get(stored.get("school", ""), ""), places) for stored, file in found]


def clash_of(stored: Mapping[str, Any], file: ImportFile, school: str, places: Mapping[str, str]) -> Clash:
    """Return one of them.

    school: its name, "" when the row is about none that the portal knows. places: code -> name of a municipality.
    """
    row = ImportRow(target=stored["target"], key=stored["key"], label=stored["label"])
    words = target_of(row.target).words(row)
    earlier, later = stored["earlier"], stored["later"]
    values = {
        name: [places.get(value, value) for value in pair] if name == "territory" else pair
        for name, pair in stored["fields"].items()
    }
    names = [
        name for name in words.titles if name in values
    ]  # PostgreSQL keeps the keys of JSON in an order of its own
    return Clash(
        label=school or stored["label"],
        about=words.about,
        earlier=f"«{earlier['file']}», строка {earlier['row']}",
        later=f"«{file.name}», строка {later['row']}",
        later_file=file.pk,
        sheet=later["sheet"],
        row=later["row"],
        fields=[
            (words.titles[name], shown(values[name][0], words.titles), shown(values[name][1], words.titles))
            for name in names
        ],
    )


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    """Everything a page of a batch shows besides the batch and its job."""

    files: Sequence[ImportFile]
    cards: Page[FileCard]
    totals: Mapping[str, int]
    errors: Sequence[ProblemGroup]
    warnings: Sequence[ProblemGroup]
    queue: Sequence[QueuedSchool]  # the first of them, with proposals
    queue_total: int
    queue_rows: int
    clashes: Sequence[Clash]
    clashes_total: int
    segments: Sequence[Segment]
    rows_page: Page[ImportRow]
    rows: Sequence[RowPreview]
    chosen_file: str

    @property
    def accepted(self) -> int:
        return sum(self.totals[outcome] for outcome in OUTCOMES_SHOWN)

    @property
    def writing(self) -> int:
        """Return how many rows applying writes: new and changed ones."""
        return self.totals[RowOutcome.NEW] + self.totals[RowOutcome.CHANGED]

    @property
    def refused_files(self) -> int:
        return sum(file.state == FileState.REFUSED for file in self.files)

    @property
    def has_refused(self) -> bool:
        return bool(self.totals[RowOutcome.REJECTED] or self.refused_files)

    @property
    def needs_explanation(self) -> bool:
        return any(group.needs_explanation for group in self.warnings)


def batch_page(batch: ImportBatch, user: User, query: Mapping[str, str]) -> BatchPage:
    """Read what the page of a batch shows. Queries: files, rows of the page, sources of old values, schools."""
    files = list(batch.files.defer(*HEAVY).order_by("name", "pk"))
    chosen = [file for file in files if query.get("file") in {None, "", str(file.pk)}] or files
    totals = totals_of(map(counts_of, files))
    shown_totals = totals_of(map(counts_of, chosen))
    outcome = shown_outcome(query.get("show"), shown_totals)
    counted = [(file.pk, counts_of(file)[outcome]) for file in chosen]
    page = rows_page(RowList(files=counted, outcome=outcome), query.get("page"))
    errors, warnings = groups_of(files)
    queue = queue_of(files)
    first = queue[:QUEUE_SHOWN]
    with_proposals(first, batch, user)
    clashes = clashes_of(files)
    return BatchPage(
        files=files,
        cards=Paginator([file_card(file) for file in files], FILES_ON_PAGE).get_page(query.get("files")),
        totals=totals,
        errors=errors,
        warnings=warnings,
        queue=first,
        queue_total=len(queue),
        queue_rows=sum(queued.rows for queued in queue),
        clashes=clashes[:CLASHES_SHOWN],
        clashes_total=len(clashes),
        segments=segments(shown_totals, outcome, chosen if len(chosen) < len(files) else []),
        rows_page=page,
        rows=row_previews(list(page)),
        chosen_file=str(chosen[0].pk) if len(chosen) < len(files) else "",
    )


def shown_outcome(asked: str | None, totals: Counts) -> RowOutcome:
    """Return the kind of rows to show: the asked one, else the first that has any."""
    if asked in OUTCOMES_SHOWN:
        return RowOutcome(asked)
    return next((outcome for outcome in OUTCOMES_SHOWN if totals[outcome.value]), RowOutcome.NEW)


def segments(totals: Counts, shown: RowOutcome, chosen: Sequence[ImportFile]) -> list[Segment]:
    of_file = "".join(f"&file={file.pk}" for file in chosen)
    return [
        Segment(
            title=OUTCOME_TITLES[outcome],
            url=f"?show={outcome.value}{of_file}#rows",
            count=totals[outcome.value],
            current=outcome == shown,
        )
        for outcome in OUTCOMES_SHOWN
    ]
