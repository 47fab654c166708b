"""People and the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.choices import AuditCode, Outcome
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from schools.models import Membership

NBSP = "\u00a0"


class User(AbstractUser):
    """An official of an authority or a school; never a pupil or a parent.

    Roles come from memberships (`schools.Membership`): a role in a territory or in a school.
    """

    patronymic = models.CharField("отчество", max_length=150, blank=True)
    position = models.CharField("должность", max_length=200, blank=True)
    phone = models.CharField("служебный телефон", max_length=40, blank=True)
    preferences = models.JSONField("настройки страницы", default=dict, blank=True)

    class Meta:
        verbose_name = "пользователь"
        verbose_name_plural = "пользователи"

    def __str__(self) -> str:
        return self.short_name or self.username

    @property
    def short_name(self) -> str:
        """Return «Фамилия И. О.»."""
        initials = NBSP.join(f"{name[0]}." for name in (self.first_name, self.patronymic) if name)
        return f"{self.last_name}{NBSP}{initials}".strip(NBSP)

    @property
    def signature_name(self) -> str:
        """Return «И.О. Фамилия», as in the signature of a document (ГОСТ Р 7.0.97, реквизит 22)."""
        initials = "".join(f"{name[0]}." for name in (self.first_name, self.patronymic) if name)
        return f"{initials}{NBSP}{self.last_name}".strip(NBSP)

    @cached_property
    def active_memberships(self) -> list[Membership]:
        """Return the memberships with their territory and school, read once for a request."""
        return list(self.memberships.select_related("territory__parent", "school__territory__parent"))

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(membership.role) for membership in self.active_memberships)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return what the person may do in at least one place."""
        return frozenset().union(*(ROLE_PERMISSIONS[role] for role in self.roles))

    def may(self, permission: Permission) -> bool:
        """Answer whether any role of the person holds a permission, wherever."""
        return permission in self.permissions


class AuditEvent(models.Model):
    """What somebody did. Append only; each row seals the one before it by its hash.

    Source: events by ГОСТ Р 59548-2022; the codes are in `AuditCode`.
    """

    at = models.DateTimeField("время", default=timezone.now, editable=False)
    code = models.CharField("событие", max_length=32, choices=AuditCode.choices)
    outcome = models.CharField("исход", max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    actor = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="audit_events",
        verbose_name="кто",
    )
    object_type = models.CharField("вид объекта", max_length=60, blank=True)
    object_id = models.CharField("объект", max_length=40, blank=True)
    object_title = models.CharField("название объекта", max_length=250, blank=True)
    request_id = models.CharField("запрос", max_length=36, blank=True)
    address = models.GenericIPAddressField("адрес", null=True, blank=True)
    meta = models.JSONField("подробности", default=dict, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "событие"
        verbose_name_plural = "журнал событий"
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.object_title}".strip()


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Notice(models.Model):
    """News for one person, shown at the bell and on «Сегодня» until it is read; nothing is mailed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", verbose_name="кому")
    title = models.CharField("что произошло", max_length=250)
    text = models.CharField("подробности", max_length=500, blank=True)
    url = models.CharField("где смотреть", max_length=250)
    created_at = models.DateTimeField("когда", default=timezone.now)
    read_at = models.DateTimeField("прочитано", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "уведомление"
        verbose_name_plural = "уведомления"
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["user", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.title
