"""What depends on the engine."""

import pytest
from django.db import DatabaseError, connection

from accounts.db import consistent_read
from accounts.models import User


@pytest.mark.django_db(transaction=True)
def test_consistent_read_sees_one_state_and_writes_nothing_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("снимок данных есть только в PostgreSQL")

    with pytest.raises(DatabaseError, match="read-only"), consistent_read():
        User.objects.create(username="nobody")


@pytest.mark.django_db
def test_consistent_read_joins_the_transaction_of_its_caller() -> None:
    with consistent_read():
        User.objects.create(username="somebody")

    assert User.objects.filter(username="somebody").exists()
