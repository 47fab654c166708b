"""What depends on the database engine, in one place (docs/adr/0002)."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, models, transaction

AUDIT_CHAIN_LOCK: Final = 7_264_001  # any constant, the same for every process


class PublicIdModel(models.Model):
    """A row that appears in addresses; its id says nothing about how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


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
