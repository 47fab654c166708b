"""The results behind a verdict as they stood on the day of its run: counts, files, who loaded them, what came since.

Every load writes over the rows of results, so the table alone would name a later file beside an earlier number. What
each load found and wrote stays in `ImportRow`; a load that was undone before the day left nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.russian import short_date
from schools.correction_rows import changing_rows
from schools.identification import Part, Procedure, Rules
from schools.importing.ledger import State
from schools.importing.result_fields import DATA_FIELDS, ResultKey, result_key
from schools.intake.rows import MARKS
from schools.lineage import of_one_person
from schools.models import AssessmentResult, IdentificationRun, ImportBatch, ImportFile, ImportRow, SchoolVerdict
from schools.result_groups import grouped_works, row_of_result

LONGEST_RUN: Final = timedelta(hours=1)  # a load may have been applied between the reading of a run and its storing
MOMENT: Final = timedelta(microseconds=1)
COUNTS: Final = ("participants", *MARKS, "below_min", "level_counts", "level_scale")
SCORES: Final = "score_hist"
HEAVY: Final = ("problems", "meta", "corrections", "aggregate")  # of a file: a card needs its name and its load
Place = tuple[Procedure, int]  # a part of a verdict: its procedure and year


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """A row of results as it stood on a day; `marks_file` of it is None when the file of that day is not known.

    since: what has become of its counts, «исправлено позже: файл …»; "" while they stand.
    """

    result: AssessmentResult
    since: str = ""

    @property
    def school_id(self) -> UUID:
        return self.result.school_id


@dataclass
class Story:
    """One row of results: as it is today, None when it is gone, and what loads have made of it, the oldest first."""

    today: AssessmentResult | None = None
    changes: list[ImportRow] = field(default_factory=list)


@dataclass(frozen=True)
class Histories:
    """school: the one of the verdict; stories may be of its former legal persons too. counts: what the rule reads."""

    school: UUID
    stories: Mapping[ResultKey, Story]
    files: Mapping[str, ImportFile]
    counts: Sequence[str] = COUNTS

    def rows_behind(self, part: Part, run: IdentificationRun) -> tuple[DayRow, ...]:
        """Return the rows that a part was counted from, none when nothing that is kept has given these counts."""
        stories = {key: story for key, story in self.stories.items() if place_of(key) in part.places}
        for day in days_of(run.created_at, stories.values()):
            rows = [self.row_on(key, story, day) for key, story in stories.items()]
            if found := counted(self.of_one_person([row for row in rows if row]), part, run):
                return found
        return ()

    def of_one_person(self, rows: Iterable[DayRow]) -> list[DayRow]:
        """Return rows of which no work is told by two legal persons: the word of the school itself stands."""
        works: dict[tuple[object, ...], list[DayRow]] = defaultdict(list)
        for row in rows:
            works[row.result.year, row.result.subject, row.result.grade].append(row)
        persons = list(dict.fromkeys([self.school, *(school for school, _ in self.stories)]))
        return [row for found in works.values() for row in of_one_person(found, persons)]

    def row_on(self, key: ResultKey, story: Story, day: datetime) -> DayRow | None:
        state = state_on(story, day)
        if state is None:
            return None
        result = self.result_of(key, state, day)
        return DayRow(result=result, since=since_of(story, result, day, self.counts))

    def result_of(self, key: ResultKey, state: State, day: datetime) -> AssessmentResult:
        """Return a row that is not stored, with the file of the day: one that was applied later is not its source."""
        school, work = key
        told = {name: value for name, value in state.items() if value is not None}
        file = self.files.get(str(told.pop("marks_file_id", None)))
        row = told.pop("marks_row", None)
        is_source = file is not None and stood(file.batch, day)
        return AssessmentResult(
            **{**told, **work._asdict()},
            school_id=school,
            marks_file=file if is_source else None,
            marks_row=row if is_source else None,
        )


def rows_of_day(verdict: SchoolVerdict, run: IdentificationRun) -> dict[Place, tuple[DayRow, ...]]:
    """Return the parts of a verdict with the rows they were counted from. Two queries, a third for files that only
    rows before the first load that is known name.
    """
    parts = [part for part in verdict.evidence if part.low is not None]
    if not parts:
        return {}
    histories = histories_of(verdict, parts, run.rules)
    return {(part.procedure, part.year): histories.rows_behind(part, run) for part in parts}


def histories_of(verdict: SchoolVerdict, parts: Sequence[Part], rules: Rules) -> Histories:
    stories: dict[ResultKey, Story] = defaultdict(Story)
    years = {year for part in parts for year in part.years}
    rows = rows_today(verdict, parts, years)
    for row in rows:
        stories[result_key(row.school_id, vars(row))].today = row
    changes = changes_of({verdict.school_id, *(row.school_id for row in rows)}, years)
    for change in changes:
        stories[key_of(change)].changes.append(change)
    counts = (*COUNTS, SCORES) if rules.quarter_kinds else COUNTS
    return Histories(verdict.school_id, stories, files_of(rows, changes), counts)


def rows_today(verdict: SchoolVerdict, parts: Iterable[Part], years: Iterable[int]) -> list[AssessmentResult]:
    """Return the rows of the school, and those that the parts name: a row of theirs may be of a former legal person."""
    named = {int(key) for part in parts for key in part.source.split(",") if key}
    rows = AssessmentResult.objects.filter(Q(school=verdict.school_id, year__in=years) | Q(pk__in=named))
    files = rows.select_related("marks_file__batch__applied_by").defer(*(f"marks_file__{name}" for name in HEAVY))
    return list(files.order_by("pk"))


def changes_of(schools: Iterable[Any], years: Iterable[int]) -> list[ImportRow]:
    """Return what applied loads have written of the results of schools, undone ones too, in the order of applying."""
    rows = changing_rows().filter(school__in=schools, file__batch__applied_at__isnull=False, key__year__in=years)
    files = rows.select_related("file__batch__applied_by").defer(*(f"file__{name}" for name in HEAVY))
    return list(files.order_by("file__batch__applied_at", "pk"))


def files_of(rows: Iterable[AssessmentResult], changes: Sequence[ImportRow]) -> dict[str, ImportFile]:
    files = {str(row.marks_file_id): row.marks_file for row in rows if row.marks_file}
    files |= {str(change.file_id): change.file for change in changes}
    named = {str(before["marks_file_id"]) for change in changes if (before := change.before or {}).get("marks_file_id")}
    if unknown := named - files.keys():
        found = ImportFile.objects.filter(pk__in=unknown).select_related("batch__applied_by").defer(*HEAVY)
        files |= {str(file.pk): file for file in found}
    return files


def key_of(change: Any) -> ResultKey:
    """Return the row that a load changed. change: `ImportRow` of a school."""
    return result_key(change.school_id, change.key)


def place_of(key: ResultKey) -> tuple[int, Procedure]:
    work = key[1]
    return work.year, Procedure(work.procedure, work.subject, work.grade)


def days_of(run_at: datetime, stories: Iterable[Story]) -> Iterator[datetime]:
    """Yield when a run may have read its results: as it was stored, then before each load of the last hour."""
    yield run_at
    batches = {change.file.batch for story in stories for change in story.changes}
    events = {at for batch in batches for at in (batch.applied_at, batch.undone_at) if at}
    yield from (at - MOMENT for at in sorted(events, reverse=True) if run_at - LONGEST_RUN < at <= run_at)


def stood(batch: ImportBatch, day: datetime) -> bool:
    """Answer whether a load was applied by a moment, and not undone."""
    is_applied = batch.applied_at is not None and batch.applied_at <= day
    return is_applied and (batch.undone_at is None or batch.undone_at > day)


def state_on(story: Story, day: datetime) -> State | None:
    """Return what stood at a moment; None when there was no row.

    What the loads of before have not told stands in what the later ones have found, else as it is today.
    """
    before = [change for change in story.changes if stood(change.file.batch, day)]
    after = changes_after(story, day)
    if not before and (after[0].before is None if after else story.today is None):
        return None
    state: State = {}
    for change in before:
        state = {**(change.before or {}), **state, **(change.after or {})}
    for change in after:
        state = {**(change.before or {}), **state}
    today = {name: getattr(story.today, name) for name in DATA_FIELDS} if story.today else {}
    return today | state


def changes_after(story: Story, day: datetime) -> list[ImportRow]:
    return [change for change in story.changes if (at := change.file.batch.applied_at) and at > day]


def since_of(story: Story, result: AssessmentResult, day: datetime, counts: Iterable[str]) -> str:
    """Return what has become of the counts of a row since a day, "" while they are the same."""
    if story.today and all(getattr(story.today, name) == getattr(result, name) for name in counts):
        return ""
    standing = [change for change in changes_after(story, day) if change.file.batch.undone_at is None]
    if standing:
        last = standing[-1]
        return f"исправлено позже: файл {last.file}, строка {last.number}, {day_of(last.file.batch.applied_at)}"
    undone = [at for change in story.changes if stood(change.file.batch, day) and (at := change.file.batch.undone_at)]
    if undone:
        return f"загрузка отменена {day_of(max(undone))}"
    return "с тех пор изменено" if story.today else "с тех пор удалено"


def day_of(moment: datetime | None) -> str:
    return short_date(timezone.localtime(moment)) if moment else ""


def counted(rows: Sequence[DayRow], part: Part, run: IdentificationRun) -> tuple[DayRow, ...]:
    """Return those of some rows that make the counts of a part, as the rule adds rows up; none when they do not."""
    quarters = run.quarters or {}
    numbered = [row_of_result(row.result, str(number), quarters) for number, row in enumerate(rows)]
    works = [work for of_year in grouped_works(numbered, run.rules).values() for work in of_year.values()]
    lows = [work.low for work in works]
    low = None if None in lows else sum(each or 0 for each in lows)
    if not works or (sum(work.participants for work in works), low) != (part.participants, part.low):
        return ()
    used = {int(number) for work in works for number in work.source.split(",")}
    return tuple(rows[number] for number in sorted(used))
