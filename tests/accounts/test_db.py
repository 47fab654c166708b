"""What depends on the engine."""

import json

import pytest
from django.db import DatabaseError, connection

from accounts.db import PlainJson, consistent_read
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


# JSON columns


def test_letters_of_json_columns_are_written_as_they_are() -> None:
    assert json.dumps({"text": "Лист «Ф3»"}, cls=PlainJson) == '{"text": "Лист «Ф3»"}'


@pytest.mark.parametrize("value", ['кавычки "', "строка\nстрока", "\\", "\x1f"])
def test_signs_that_json_forbids_are_still_escaped(value: str) -> None:
    written = json.dumps([value], cls=PlainJson)

    assert json.loads(written) == [value]
    assert "\n" not in written
