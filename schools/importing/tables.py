"""Plain tables that imports write: a row of a school under a key, its values, and the place of the file it is from."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import DecimalField, Field, Model

from accounts.models import User
from schools import bulk
from schools.choices import DetailKind, RowOutcome
from schools.importing.errors import newer_data
from schools.importing.ground import FilePlan, Ground, PlannedRow
from schools.importing.ledger import Change, Ledger, State
from schools.importing.result_fields import work_title
from schools.importing.result_remarks import YEARS_AHEAD, year_ahead
from schools.importing.targets import RowWords, rows_for
from schools.intake.matching import Moment, moment_of_year
from schools.intake.rows import ParsedFile, Problem, ProblemCode, Record, RowPlace, WorkKey, place_words, problem_at
from schools.models import ImportBatch, ImportFile, ImportRow, School, WorkDetail

RecordKey = tuple[Any, ...]  # id of the school or None, then the values of the key fields as JSON has them
SOURCE: Final = ("file_id", "row")


def nothing(_: ImportBatch) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class TableTarget:
    """A table with columns `school`, `file`, `row`, its key and its values; the key is unique for a school.

    titles: field -> Russian, in the order of the page. about: key of a row -> «Кадры на 1 октября 2026 года».
    constants: columns that are the same for a whole batch («territory_id»); rows without a school are looked for
    among those with the same constants. years_ahead: how many years after that of the load a key may name. A value
    that a file leaves out stays as it is.
    """

    code: str
    title: str
    model: type[Model]
    key_fields: tuple[str, ...]
    value_fields: tuple[str, ...]
    titles: Mapping[str, str]
    about: Callable[[Mapping[str, Any]], str]
    order: int = 2
    years_ahead: int = 0
    constants: Callable[[ImportBatch], Mapping[str, Any]] = field(default=nothing)

    @cached_property
    def columns(self) -> Mapping[str, "Field[Any, Any]"]:
        names = ("school_id", *self.key_fields, *self.value_fields, *SOURCE)
        return dict(zip(names, bulk.fields_of(self.model, names), strict=True))

    def rows_of(self, parsed: ParsedFile) -> Sequence[Record]:
        return [record for record in parsed.records if record.target == self.code]

    # Planning

    def plan(self, ground: Ground, plans: Sequence[FilePlan]) -> Iterator[None]:
        matched = [
            (plan, record, school)
            for plan in plans
            for record in self.rows_of(plan.parsed)
            if (school := self.school_of(ground, plan, record)) or self.may_lack_school(record)
        ]
        ledger = self.ledger({school.pk for _, _, school in matched if school}, ground.batch)
        seen: dict[tuple[object, RecordKey], RowPlace] = {}
        for plan, record, school in matched:
            key = (school.pk if school else None, *self.key_of(record.key))
            place = (record.sheet, record.row)
            if (first := seen.setdefault((plan.file.pk, key), place)) != place:
                plan.problems.append(repeated(record, first))
                continue
            if ahead := self.ahead(record, ground.batch):
                plan.problems.append(ahead)
                continue
            change = ledger.plan(key, self.delivered(record, plan.file))
            plan.rows.append(self.planned(record, school, change))
        yield

    def ahead(self, record: Record, batch: ImportBatch) -> Problem | None:
        year, latest = self.year_of(record.key), batch.created_at.year + self.years_ahead
        return year_ahead(record, year, latest) if year and year > latest else None

    def year_of(self, key: Mapping[str, Any]) -> int | None:
        """Return the calendar year that a row speaks of, None for one that tells none."""
        return key.get("year")

    def school_of(self, ground: Ground, plan: FilePlan, record: Record) -> School | None:
        if record.school:
            when = moment_of_record(record)
            return ground.find(record.school, plan, sheet=record.sheet, row=record.row, when=when)
        if not self.may_lack_school(record):
            action = "Укажите ИНН, логин или наименование школы."
            problem = problem_at(ProblemCode.EMPTY, record.sheet, record.row, "не указана школа.", action=action)
            plan.problems.append(problem)
        return None

    def may_lack_school(self, record: Record) -> bool:
        return record.school is None and self.columns["school_id"].null

    def planned(self, record: Record, school: School | None, change: Change[RecordKey]) -> PlannedRow:
        label = record.school.label if record.school else self.about(record.key)
        key = dict(zip(self.key_fields, change.key[1:], strict=True))
        school_id = school.pk if school else None
        return PlannedRow(
            self.code,
            record.sheet,
            record.row,
            label,
            school_id,
            change.outcome,
            key,
            change.before,
            change.after,
        )

    def key_of(self, key: Mapping[str, Any]) -> RecordKey:
        return tuple(self.as_json(name, key[name]) for name in self.key_fields)

    def delivered(self, record: Record, file: ImportFile) -> State:
        state = {name: self.as_json(name, value) for name, value in record.values.items()}
        return state | {"file_id": str(file.pk), "row": record.row}

    def as_json(self, name: str, value: Any) -> Any:
        """Return a value as JSON keeps it, so that a table, a plan and a file compare equal."""
        column = self.columns[name]
        known = column.to_python(value)
        if isinstance(known, Decimal) and isinstance(column, DecimalField):
            return str(known.quantize(Decimal(1).scaleb(-(column.decimal_places or 0))))
        if isinstance(known, date | datetime):
            return known.isoformat()
        return str(known) if isinstance(known, UUID) else known

    # What stands in the table

    def ledger(self, schools: Collection[UUID], batch: ImportBatch) -> Ledger[RecordKey]:
        """Return the rows of these schools, and of no school where the table has such, as they stand."""
        rows = self.model._default_manager.all()  # noqa: SLF001  the public name of this API
        found = [*bulk.values_of_schools(rows, schools, tuple(self.columns))]
        if self.columns["school_id"].null:
            without = rows.filter(school=None, **self.constants(batch))
            found += without.order_by().values(*self.columns)
        return Ledger({self.row_key(row): self.state_of(row) for row in found}, silent=frozenset(SOURCE))

    def row_key(self, row: Mapping[str, Any]) -> RecordKey:
        return row["school_id"], *self.key_of(row)

    def state_of(self, row: Mapping[str, Any]) -> State:
        return {name: self.as_json(name, row[name]) for name in (*self.value_fields, *SOURCE)}

    # Writing and taking back

    def changes(self, batch: ImportBatch) -> list[Change[RecordKey]]:
        return [
            Change(
                (row.school_id, *(row.key[name] for name in self.key_fields)),
                row.before,
                row.after or {},
                RowOutcome(row.outcome),
            )
            for row in rows_for(batch, self.code).iterator(chunk_size=bulk.FETCH)
        ]

    def ledger_of(self, changes: Sequence[Change[RecordKey]], batch: ImportBatch) -> Ledger[RecordKey]:
        return self.ledger({change.key[0] for change in changes if change.key[0]}, batch)

    def write(self, batch: ImportBatch, *, by: User, at: datetime) -> None:  # noqa: ARG002  such tables keep no history
        changes = self.changes(batch)
        self.store(self.ledger_of(changes, batch).replay(changes), batch)

    def undo(self, batch: ImportBatch, *, by: User, at: datetime) -> None:  # noqa: ARG002  see write
        changes = self.changes(batch)
        ledger = self.ledger_of(changes, batch)
        restore, created, newer = ledger.rewind(changes)
        if newer:
            raise newer_data(len(newer), self.examples(newer))
        self.store(restore, batch)
        self.remove(created, batch)

    def store(self, states: Mapping[RecordKey, State], batch: ImportBatch) -> None:
        """Replace the rows that are there by primary key, insert the others."""
        constants = self.constants(batch)
        there = self.primary_keys(states, batch)
        fields = (*self.columns, *constants)
        rows = {key: (*self.row_values(key, state), *constants.values()) for key, state in states.items()}
        bulk.insert(self.model, fields=fields, rows=[row for key, row in rows.items() if key not in there])
        bulk.upsert(
            self.model,
            fields=("id", *fields),
            unique=("id",),
            rows=[(there[key], *row) for key, row in rows.items() if key in there],
        )

    def remove(self, keys: Collection[RecordKey], batch: ImportBatch) -> None:
        bulk.delete(self.model, list(self.primary_keys(keys, batch).values()))

    def primary_keys(self, keys: Collection[RecordKey], batch: ImportBatch) -> dict[RecordKey, Any]:
        """Return key -> primary key of those rows that are there."""
        names = ("id", "school_id", *self.key_fields)
        rows = self.model._default_manager.all()  # noqa: SLF001  the public name of this API
        found = [*bulk.values_of_schools(rows, {key[0] for key in keys if key[0]}, names)]
        if any(key[0] is None for key in keys):
            found += rows.filter(school=None, **self.constants(batch)).order_by().values(*names)
        return {key: row["id"] for row in found if (key := self.row_key(row)) in keys}

    def row_values(self, key: RecordKey, state: State) -> tuple[Any, ...]:
        values = {**dict(zip(("school_id", *self.key_fields), key, strict=True)), **state}
        return tuple(stored_value(column, values.get(name)) for name, column in self.columns.items())

    # Words

    def words(self, row: ImportRow) -> RowWords:
        return RowWords(about=self.about(row.key), titles=self.titles)

    def examples(self, keys: Collection[RecordKey]) -> list[str]:
        """Return «СОШ № 1, Кадры на 1 октября 2026 года» for the first rows."""
        first = sorted(keys, key=str)[:3]
        names = bulk.school_names(key[0] for key in first if key[0])
        abouts = [self.about(dict(zip(self.key_fields, key[1:], strict=True))) for key in first]
        return [
            f"{names[key[0]]}, {about}" if key[0] in names else about for key, about in zip(first, abouts, strict=True)
        ]


def stored_value(column: "Field[Any, Any]", value: Any) -> Any:
    """Return a JSON value as the table has it; what no file has filled is the default of its column."""
    return column.get_default() if value is None and not column.null else column.to_python(value)


def repeated(record: Record, first: RowPlace) -> Problem:
    what = f"повтор строки {place_words(first, record.sheet)}: тот же показатель."
    found = record.school.label if record.school else ""
    action = "Оставьте одну строку."
    return problem_at(ProblemCode.REPEATED_ROW, record.sheet, record.row, what, found=found, action=action)


def moment_of_record(record: Record) -> Moment | None:
    """Return the time that a row speaks of: of its work, or 1 October of its year; None where it tells no year."""
    year = record.key.get("year")
    return moment_of_year(year, str(record.key.get("period", "autumn"))) if isinstance(year, int) else None


# The tables of this app

WORK_FIELDS: Final = ("procedure", "year", "period", "subject", "grade", "level")


def detail_title(key: Mapping[str, Any]) -> str:
    """Return «Выполнение заданий: ВПР 2026, Математика, 4 класс»."""
    work = WorkKey(**{name: key[name] for name in WORK_FIELDS})
    return f"{DetailKind(key['kind']).label}: {work_title(work)}"


DETAILS: Final = TableTarget(
    code="details",
    title="Подробности работ",
    model=WorkDetail,
    key_fields=(*WORK_FIELDS, "kind"),
    value_fields=("participants", "values"),
    titles={
        "participants": "участников",
        "values": "доли, %",
        # parts of the values
        "maximum": "наибольший балл",
        "percents": "выполнено",
        "groups": "по отметкам",
        "outcomes": "умения",
        "block": "раздел",
        "text": "умение",
        "percent": "достигнуто",
    },
    about=detail_title,
    years_ahead=YEARS_AHEAD,
)
