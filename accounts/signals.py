"""Sign-in events of Django and axes become audit events; there is no action of ours to call them from."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts.audit import record
from accounts.choices import AuditCode, Outcome
from accounts.models import User


@receiver(user_logged_in)
def record_login(user: User, **_: Any) -> None:
    record(AuditCode.LOGIN, actor=user, obj=user)


@receiver(user_logged_out)
def record_logout(user: User | None, **_: Any) -> None:
    if user is not None:
        record(AuditCode.LOGOUT, actor=user, obj=user)


@receiver(user_login_failed)
def record_failed_login(credentials: dict[str, Any], **_: Any) -> None:
    known = User.objects.filter(username=credentials.get("username")).first()
    record(AuditCode.LOGIN_FAILED, actor=None, obj=known, outcome=Outcome.REFUSED)


@receiver(user_locked_out)
def record_lockout(username: str, **_: Any) -> None:
    known = User.objects.filter(username=username).first()
    record(AuditCode.LOCKED_OUT, actor=None, obj=known, outcome=Outcome.REFUSED)
