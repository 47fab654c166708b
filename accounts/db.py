"""What depends on the database engine, in one place (docs/adr/0002)."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, connection, models, transaction

UNIQUE_VIOLATION: Final = "23505"
AUDIT_CHAIN_LOCK: Final = 7_264_001  # any constant, the same for every process


class PlainJson(json.JSONEncoder):
    """JSON columns with long Russian texts: letters as they are, for escaped ones take three times the room."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


class KeptJSONField(models.JSONField[Any]):
    """JSON that is stored and read whole, as a text: no query looks into it, so a form for queries would be idle work.

    PostgreSQL takes a text in half of the time of a jsonb; SQLite has nothing to check. Values are those of JSONField.
    """

    def db_type(self, connection: Any) -> str:  # noqa: ARG002  Django's signature
        return "text"

    def db_check(self, connection: Any) -> None:  # noqa: ARG002  same
        return None

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002  same
        return value if value is None or hasattr(value, "resolve_expression") else json.dumps(value, cls=self.encoder)


class PublicIdModel(models.Model):
    """A row that appears in addresses; its id says nothing about how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


def is_second_of_its_kind(failure: BaseException | None) -> bool:
    """Answer whether the database refused a row because somebody stored its like a moment before."""
    if not isinstance(failure, IntegrityError):
        return False
    state = getattr(failure.__cause__, "sqlstate", None)  # of PostgreSQL; SQLite has words only
    return state == UNIQUE_VIOLATION or str(failure).startswith("UNIQUE constraint failed")


@contextmanager
def consistent_read() -> Iterator[None]:
    """Let the queries of the block see one state of the data, so that totals agree.

    PostgreSQL reads from one snapshot. SQLite lets nobody else write meanwhile. Inside a transaction of the caller
    it is that transaction that decides.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def lock_for_transaction(key: int) -> None:
    """Let one transaction at a time pass for a key, until it ends.

    PostgreSQL takes an advisory lock. SQLite needs none: its transactions begin IMMEDIATE, one writer at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
