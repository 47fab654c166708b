"""The audit trail: written in the transaction of the change it tells of, and sealed by a chain of hashes."""

import hashlib
import json
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.choices import AuditCode, Outcome
from accounts.db import AUDIT_CHAIN_LOCK, lock_for_transaction
from accounts.models import AuditEvent, User


@dataclass(frozen=True, kw_only=True)
class RequestOrigin:
    """Where a change came from; empty for commands and jobs."""

    request_id: str = ""
    address: str | None = None


origin: ContextVar[RequestOrigin] = ContextVar("origin", default=RequestOrigin())  # noqa: B039  frozen


@transaction.atomic
def record(
    code: AuditCode,
    *,
    actor: User | None,
    obj: models.Model | None = None,
    outcome: Outcome = Outcome.DONE,
    **meta: Any,
) -> AuditEvent:
    """Append one event. `meta` holds counts, states and reasons, never personal values or passwords."""
    lock_for_transaction(AUDIT_CHAIN_LOCK)
    last = AuditEvent.objects.order_by("-pk").first()
    event = AuditEvent(
        at=timezone.now(),
        code=code,
        outcome=outcome,
        actor=actor,
        object_type=obj._meta.label_lower if obj else "",  # noqa: SLF001  the public name of this API
        object_id=str(obj.pk) if obj else "",
        object_title=str(obj)[:250] if obj else "",
        request_id=origin.get().request_id,
        address=origin.get().address,
        meta=meta,
        previous_hash=last.hash if last else "",
    )
    event.hash = seal(event)
    event.save(force_insert=True)
    return event


def seal(event: AuditEvent) -> str:
    """Return SHA-256 of the previous hash and the canonical text of an event."""
    content = {
        "at": event.at.isoformat(timespec="microseconds"),
        "code": str(event.code),
        "outcome": str(event.outcome),
        "actor": event.actor_id,
        "object": [event.object_type, event.object_id, event.object_title],
        "request": [event.request_id, event.address],
        "meta": event.meta,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{event.previous_hash}{text}".encode()).hexdigest()


def broken_events() -> Iterator[AuditEvent]:
    """Yield the events whose hash or link to the one before does not hold, oldest first."""
    previous = ""
    for event in AuditEvent.objects.order_by("pk").iterator(chunk_size=2000):
        utc_event = event
        utc_event.at = event.at.astimezone(timezone.get_default_timezone()) if event.at.tzinfo is None else event.at
        if event.previous_hash != previous or event.hash != seal(utc_event):
            yield event
        previous = event.hash
