"""The audit trail is written with the change, sealed, and cannot be rewritten."""

import importlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.audit import broken_events, record
from accounts.choices import AuditCode, Outcome
from accounts.models import AuditEvent
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db


def test_record_links_each_event_to_the_one_before() -> None:
    first = record(AuditCode.RULE_SET_CHANGED, actor=None, share=30)
    second = record(AuditCode.RULE_SET_CHANGED, actor=None, share=25)

    assert second.previous_hash == first.hash
    assert list(broken_events()) == []


def test_record_is_undone_with_the_change() -> None:
    with transaction.atomic():
        record(AuditCode.RULE_SET_CHANGED, actor=None)
        transaction.set_rollback(True)

    assert AuditEvent.objects.count() == 0


def test_record_names_the_object() -> None:
    user = make_user(last_name="Лапина", first_name="Нина", patronymic="")

    event = record(AuditCode.USER_CREATED, actor=user, obj=user)

    assert (event.object_type, event.object_id) == ("accounts.user", str(user.pk))
    assert event.object_title == "Лапина\u00a0Н."


def test_event_changed_in_the_database_is_refused() -> None:
    event = record(AuditCode.RULE_SET_CHANGED, actor=None)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(meta={"share": 1})


def test_event_removed_from_the_database_is_refused() -> None:
    event = record(AuditCode.RULE_SET_CHANGED, actor=None)
    put_delete_trigger_back()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).delete()


def put_delete_trigger_back() -> None:
    """Undo what tests/conftest.py takes away on SQLite for the tests that empty all tables."""
    if connection.vendor == "sqlite":
        migration = importlib.import_module("accounts.migrations.0002_audit_append_only")
        with connection.cursor() as cursor:
            cursor.execute(migration.SQLITE[1])


def test_broken_events_finds_a_forged_event() -> None:
    record(AuditCode.RULE_SET_CHANGED, actor=None)
    forged = AuditEvent.objects.create(
        code=AuditCode.RULE_SET_CHANGED,
        meta={},
        previous_hash="0" * 64,
        hash="f" * 64,
    )

    assert list(broken_events()) == [forged]


def test_sign_in_and_out_leave_events(client: Client) -> None:
    user = make_user(username="anna", password="long enough word")

    client.post("/login/", {"username": "anna", "password": "long enough word"})
    client.post("/logout/")

    codes = AuditEvent.objects.filter(actor=user).order_by("pk").values_list("code", flat=True)
    assert list(codes) == [AuditCode.LOGIN, AuditCode.LOGOUT]


def test_failed_sign_in_leaves_an_event_without_the_password(client: Client) -> None:
    make_user(username="anna", password="long enough word")

    client.post("/login/", {"username": "anna", "password": "wrong"})

    event = AuditEvent.objects.get(code=AuditCode.LOGIN_FAILED)
    assert event.outcome == Outcome.REFUSED
    assert "wrong" not in str(event.meta)
