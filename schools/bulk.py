"""Reading and writing of rows in sets: the one place that knows which database it is (docs/adr/0012).

PostgreSQL takes rows by COPY, for an upsert into a temporary table first; SQLite by executemany. Both get the same
values, keep the same constraints, and leave a row alone that would not change.
"""

import gc
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, groupby, islice
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from django.db import connection
from django.db.models import Field, ForeignKey, Model, QuerySet, TextField
from django.db.models.functions import Cast

from schools.models import School

T = TypeVar("T")
Row = tuple[Any, ...] | list[Any]
FETCH: Final = 2000
REMEMBERED: Final = 8192
READERS: Final[dict[str, Callable[[str], Any]]] = {"JSONField": json.loads, "UUIDField": UUID}
GROUPING_MEMORY: Final = "128MB"
IN_LIST: Final = 10_000  # SQLite takes 32 766 parameters
TOGETHER: Final = 50
PLAIN_KINDS: Final = frozenset(
    {
        "AutoField",
        "BigAutoField",
        "BooleanField",
        "CharField",
        "IntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "SmallIntegerField",
        "TextField",
    },
)
ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Json(str):
    """A value of a JSON column that is written already."""

    __slots__ = ()


def packed(value: Any) -> Json:
    return Json(ENCODER.encode(value))


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def joined(groups: Iterable[Sequence[T]], size: int) -> Iterator[list[T]]:
    """Yield lists of at least `size` items, the last one may be shorter. No group is torn apart."""
    together: list[T] = []
    for group in groups:
        together.extend(group)
        if len(together) >= size:
            yield together
            together = []
    if together:
        yield together


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the search for cycles of objects rest: hundreds of thousands of rows live on, and it would walk them all.

    Rows hold no cycles, so memory is given back as before.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


# Reading


@contextmanager
def wide_memory() -> Iterator[None]:
    """Let PostgreSQL group a million rows in memory: its usual 4 MB would send them through files."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.connection.execute(f"SET work_mem = '{GROUPING_MEMORY}'")
        yield
        cursor.connection.execute("RESET work_mem")  # after an error the transaction takes the setting back itself


def tuples_of_schools(
    rows: QuerySet[Any],
    schools: Collection[UUID],
    names: Sequence[str],
) -> Iterator[tuple[Any, ...]]:
    """Yield the values of rows whose `school` is one of these; one query for ten thousand schools.

    UUIDs and JSON come as texts and are understood here, each different text once: fifty thousand rows repeat a few.
    Values of JSON are shared between rows and must not be changed.
    """
    readers = {name: reader for name in names if (reader := reader_of(rows.model, name))}
    asked = [f"{name}_text" if name in readers else name for name in names]
    places = [(place, readers[name]) for place, name in enumerate(names) if name in readers]
    texts = {f"{name}_text": Cast(name, TextField()) for name in readers}
    for chunk in chunks(schools, IN_LIST):
        found = rows.filter(school__in=chunk).order_by().annotate(**texts).values_list(*asked)
        yield from (understood(row, places) for row in found.iterator(chunk_size=FETCH))


def understood(row: tuple[Any, ...], places: Sequence[tuple[int, Callable[[str], Any]]]) -> tuple[Any, ...]:
    """Return a row with the texts at these places made into values."""
    values = list(row)
    for place, read in places:
        if (text := values[place]) is not None:
            values[place] = read(text)
    return tuple(values)


def reader_of(model: type[Model], name: str) -> Callable[[str], Any] | None:
    """Return what understands the text of a column; None where the driver gives the value itself."""
    if name == "pk":
        return None
    column = fields_of(model, [name])[0]
    plain = column.target_field if isinstance(column, ForeignKey) else column
    make = READERS.get(plain.get_internal_type())
    return remembered(make) if make else None


def remembered(make: Callable[[str], T]) -> Callable[[str], T]:
    """Return a function that remembers its last answers."""
    return lru_cache(maxsize=REMEMBERED)(make)


def values_of_schools(
    rows: QuerySet[Any],
    schools: Collection[UUID],
    names: Sequence[str],
) -> Iterator[dict[str, Any]]:
    """Yield the same as mappings."""
    return (dict(zip(names, row, strict=True)) for row in tuples_of_schools(rows, schools, names))


def school_names(schools: Iterable[UUID]) -> dict[UUID, str]:
    return dict(School.objects.filter(pk__in=set(schools)).values_list("pk", "name"))


# Writing


def fields_of(model: type[Model], names: Sequence[str]) -> list["Field[Any, Any]"]:
    """Return the columns with these names («school_id», «year»)."""
    columns = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001  the public name of this API
    return [columns[name] for name in names]


def insert(model: type[Model], *, fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows of values. fields: columns in the order of the values («school_id»)."""
    ready = adapted(fields_of(model, fields), rows)
    if connection.vendor == "postgresql":
        copy(table_of(model), fields, ready)
    else:
        insert_together(table_of(model), fields, ready)


def upsert(model: type[Model], *, fields: Sequence[str], unique: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows, or replace those that have the same values in `unique` and differ in something else."""
    merge(model, fields, rows, on_conflict(model, fields, unique))


def insert_absent(model: type[Model], *, fields: Sequence[str], unique: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows unless one with the same values in `unique` stands; return how many were inserted.

    For rows that are known to be new it costs half of `upsert`, which SQLite prepares to take back row by row.
    """
    return merge(model, fields, rows, f"ON CONFLICT ({listed(unique)}) DO NOTHING")


def merge(model: type[Model], fields: Sequence[str], rows: Iterable[Row], clause: str) -> int:
    """Insert rows with a clause for those that stand already; return how many were inserted or replaced."""
    ready = adapted(fields_of(model, fields), rows)
    table, names = table_of(model), listed(fields)
    if connection.vendor != "postgresql":
        places = ", ".join(["%s"] * len(fields))
        return execute_many(f"INSERT INTO {table} ({names}) VALUES ({places}) {clause}", ready)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE incoming AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608
        copy("incoming", fields, ready)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming {clause}")  # noqa: S608
        merged: int = cursor.rowcount
        cursor.execute("DROP TABLE incoming")
    return merged


def on_conflict(model: type[Model], fields: Sequence[str], unique: Sequence[str]) -> str:
    """Return the clause that replaces the other columns of a row, only if one of them differs."""
    table = table_of(model)
    others = [name for name in fields if name not in unique]
    changes = ", ".join(f"{quoted(name)} = EXCLUDED.{quoted(name)}" for name in others)
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    tests = " OR ".join(f"{table}.{quoted(name)} {differs} EXCLUDED.{quoted(name)}" for name in others)
    return f"ON CONFLICT ({listed(unique)}) DO UPDATE SET {changes} WHERE {tests}"


# Until the end of the transaction long values are pressed by lz4, where the server has it: half of the time of pglz.
LIGHT_COMPRESSION: Final = (
    "SELECT set_config(name, 'lz4', true) FROM pg_settings "
    "WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
)


def copy(table: str, fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Send rows by COPY; errors of the driver become those of Django, which wraps statements only."""
    statement = f"COPY {table} ({listed(fields)}) FROM STDIN"
    with connection.cursor() as cursor:
        cursor.connection.execute(LIGHT_COMPRESSION)
        with connection.wrap_database_errors, cursor.copy(statement) as stream:
            for row in rows:
                stream.write_row(row)


def insert_together(table: str, fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows of SQLite, some in one statement: to begin and end a statement costs as much as a row."""
    places = f"({', '.join(['%s'] * len(fields))})"
    for size, together in groupby(chunks(rows, TOGETHER), key=len):
        values = (list(chain.from_iterable(some)) for some in together)
        execute_many(f"INSERT INTO {table} ({listed(fields)}) VALUES {', '.join([places] * size)}", values)  # noqa: S608  names of our own


def execute_many(statement: str, rows: Iterable[Any]) -> int:
    """Run a statement for every row, return how many were touched; the driver takes rows one by one."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, cast("Sequence[Sequence[Any]]", rows))
        touched: int = cursor.rowcount  # -1 where nothing was run
    return max(touched, 0)


def delete(model: type[Model], keys: Sequence[Any]) -> None:
    """Delete rows by primary key, without looking for what rests on them: the database refuses that itself."""
    for chunk in chunks(keys, IN_LIST):
        rows = model._default_manager.filter(pk__in=chunk)  # noqa: SLF001  the public name of this API
        rows._raw_delete(rows.db)  # noqa: SLF001  delete() would fetch every row first


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def listed(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))


def table_of(model: type[Model]) -> str:
    return quoted(model._meta.db_table)  # noqa: SLF001  the public name of this API


# Values as the driver takes them


def adapted(fields: Sequence["Field[Any, Any]"], rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Yield rows of values as the driver of this database takes them."""
    adapters = [(place, adapter) for place, field in enumerate(fields) if (adapter := adapter_of(field))]
    for row in rows:
        values = list(row)
        for place, adapt in adapters:
            if (value := values[place]) is not None:
                values[place] = adapt(value)
        yield values


def adapter_of(field: "Field[Any, Any]") -> Callable[[Any], Any] | None:
    """Return what prepares a value of a column; None where it goes as it is."""
    column = field.target_field if isinstance(field, ForeignKey) else field
    kind = column.get_internal_type()
    if kind in PLAIN_KINDS:
        return None
    if kind == "UUIDField":
        return Remembered(uuid_text if connection.vendor == "postgresql" else uuid_digits).__getitem__
    return ADAPTERS.get(kind) or preparing(column)


class Remembered(dict[Any, Any]):
    """What a function has answered; schools and files repeat themselves from row to row."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        super().__init__()
        self.answer = answer

    def __missing__(self, value: Any) -> Any:
        answer = self[value] = self.answer(value)
        return answer


def preparing(field: "Field[Any, Any]") -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connection)


def json_text(value: Any) -> str:
    return value if type(value) is Json else ENCODER.encode(value)


def uuid_text(value: UUID | str) -> str:
    return str(value)


def uuid_digits(value: UUID | str) -> str:
    """Return a UUID as SQLite has it: 32 digits in a text."""
    return value.hex if isinstance(value, UUID) else value.replace("-", "")


ADAPTERS: Final[dict[str, Callable[[Any], Any]]] = {"DecimalField": str, "JSONField": json_text}
