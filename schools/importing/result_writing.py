"""Planned rows of results on their way to the table and back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from schools import bulk
from schools.bulk_json import insert_told
from schools.choices import RowOutcome
from schools.importing.ledger import Change, Ledger, PreviewOutdated, State
from schools.importing.result_fields import (
    CODE,
    DATA_FIELDS,
    DEFAULTS,
    FIELDS,
    KEY_FIELDS,
    PORTION,
    UNFILLED,
    UNIQUE,
    ResultKey,
    work_title,
)
from schools.importing.result_states import result_ledger, work_of
from schools.importing.targets import rows_for
from schools.intake.rows import WorkKey
from schools.models import AssessmentResult, ImportBatch, ImportRow

OUTCOMES: Final = {outcome.value: outcome for outcome in RowOutcome}


def change_portions(rows: QuerySet[ImportRow]) -> Iterator[list[Change[ResultKey]]]:
    """Yield the planned rows of some schools after those of others: a region is never in memory as a whole."""
    changes = result_changes(rows.order_by("school", "pk"))
    by_school = groupby(changes, key=lambda change: change.key[0])
    yield from bulk.joined((list(group) for _, group in by_school), PORTION)


def result_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return the planned rows of a batch that are about results, in the order of the plan."""
    return rows_for(batch, CODE).exclude(school=None)


def result_changes(rows: QuerySet[ImportRow]) -> Iterator[Change[ResultKey]]:
    """Yield planned rows in their order. JSON is read here: each work once."""
    works: dict[str, WorkKey] = {}
    texts = {f"{name}_text": Cast(name, TextField()) for name in ("school_id", "key", "before", "after")}
    schools = bulk.remembered(UUID)
    for school, key, before, after, outcome in (
        rows.annotate(**texts).values_list(*texts, "outcome").iterator(chunk_size=bulk.FETCH)
    ):
        if key not in works:
            works[key] = WorkKey(**json.loads(key))
        stood = json.loads(before) if before else None
        yield Change((schools(school), works[key]), stood, json.loads(after), OUTCOMES[outcome])


def ledger_of(changes: Iterable[Change[ResultKey]]) -> Ledger[ResultKey]:
    """Return what stands now on the schools and years of planned rows."""
    keys = [change.key for change in changes]
    return result_ledger({school for school, _ in keys}, {work.year for _, work in keys})


def write_results(states: Mapping[ResultKey, State]) -> None:
    """Insert or replace the rows with these keys in sets."""
    if states:
        bulk.upsert(AssessmentResult, fields=FIELDS, unique=UNIQUE, rows=result_values(states))


def insert_new(rows: QuerySet[ImportRow]) -> None:
    """Insert what planned rows tell of schools with new works only: nothing of it leaves the database.

    Raises PreviewOutdated when somebody has written one of these works meanwhile.
    """
    told = ImportRow.objects.filter(pk__in=rows.order_by().values("pk")).order_by("pk")  # SQLite sorts their keys alone
    inserted = insert_told(AssessmentResult, told=told, key=KEY_FIELDS, fields=DATA_FIELDS, unfilled=UNFILLED)
    if inserted < rows.count():
        raise PreviewOutdated


def insert_results(states: Mapping[ResultKey, State]) -> None:
    """Insert rows that were not there. Raises PreviewOutdated when somebody has written one of them meanwhile."""
    if not states:
        return
    rows = result_values(states)
    if bulk.insert_absent(AssessmentResult, fields=FIELDS, unique=UNIQUE, rows=rows) < len(states):
        raise PreviewOutdated


def result_values(states: Mapping[ResultKey, State]) -> Iterator[bulk.Row]:
    """Yield the values of FIELDS; a work is a tuple of KEY_FIELDS."""
    for (school, work), state in states.items():
        yield school, *work, *map(state.get, DATA_FIELDS, DEFAULTS)


def delete_results(keys: Iterable[ResultKey]) -> None:
    wanted = set(keys)
    rows = AssessmentResult.objects.filter(year__in={key[1].year for key in wanted})
    found = bulk.tuples_of_schools(rows, {key[0] for key in wanted}, ("pk", "school_id", *KEY_FIELDS))
    works: dict[tuple[Any, ...], WorkKey] = {}
    bulk.delete(AssessmentResult, [row[0] for row in found if (row[1], work_of(works, row[2:])) in wanted])


def examples(keys: Iterable[ResultKey]) -> list[str]:
    """Return «СОШ № 1, ВПР 2026, Русский язык, 4 класс» for the first rows."""
    first = sorted(keys, key=lambda key: (str(key[0]), key[1].year, key[1].subject, key[1].grade))[:3]
    names = bulk.school_names(key[0] for key in first)
    return [f"{names.get(school, 'школа')}, {work_title(work)}" for school, work in first]
