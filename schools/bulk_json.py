"""Rows that the database makes of JSON it keeps already: they never leave it (docs/adr/0012)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Field, ForeignKey, Model, QuerySet

from schools.bulk import fields_of, listed, quoted, table_of

KEY: Final = "key"
AFTER: Final = "after"
SCHOOL: Final = "school_id"


def insert_told(
    model: type[Model],
    *,
    told: QuerySet[Any],
    key: Sequence[str],
    fields: Sequence[str],
    unfilled: Mapping[str, Any],
) -> int:
    """Insert what rows of another table tell, unless a row with the same school and key stands; return how many.

    told: rows with `school_id` and two JSON values, `key` and `after`, that hold the columns by their names.
    unfilled: what a column begins with when `after` does not tell it.
    """
    source, parameters = told.values_list(SCHOOL, KEY, AFTER).query.sql_with_params()
    columns = [*(told_column(field, KEY) for field in fields_of(model, key))]
    columns += [told_column(field, AFTER, is_unfilled=field.attname in unfilled) for field in fields_of(model, fields)]
    table, unique = table_of(model), (SCHOOL, *key)
    spread = f", jsonb_populate_record(NULL::{table}, told.key || told.after) AS said" if is_postgresql() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({listed((*unique, *fields))}) "  # noqa: S608  names of our own
            f"SELECT told.{SCHOOL}, {', '.join(columns)} FROM ({source}) AS told{spread} WHERE TRUE "
            f"ON CONFLICT ({listed(unique)}) DO NOTHING",  # without WHERE SQLite would take ON for that of a join
            (*(unfilled[name] for name in fields if name in unfilled), *parameters),
        )
        inserted: int = cursor.rowcount
    return inserted


def told_column(field: "Field[Any, Any]", where: str, *, is_unfilled: bool = False) -> str:
    """Return the expression that reads a column. where: the JSON that tells it; is_unfilled: a parameter follows."""
    name = str(field.attname)
    value = f"said.{quoted(name)}" if is_postgresql() else f"json_extract(told.{where}, '$.{name}')"
    column = field.target_field if isinstance(field, ForeignKey) else field
    if column.get_internal_type() == "UUIDField" and not is_postgresql():
        value = f"replace({value}, '-', '')"  # SQLite has the 32 digits alone
    if not is_unfilled:
        return value
    return f"COALESCE({value}, {'%s::jsonb' if is_jsonb(column) else '%s'})"


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def is_jsonb(column: "Field[Any, Any]") -> bool:
    return is_postgresql() and column.get_internal_type() == "JSONField"
