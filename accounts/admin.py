"""The administrator's site: whatever is written there leaves an audit event, whatever is a record is only looked at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.http import HttpRequest

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import AuditEvent, User

admin.site.site_header = admin.site.site_title = "Ориентир: администрирование"
admin.site.index_title = "Пользователи, роли и справочники"
admin.site.unregister(Group)  # rights come from the role table, not from groups

ROWS_OF_A_CARD = 200


class AuditedAdmin(admin.ModelAdmin[Any]):
    """Editing with an audit event in the same transaction; names of fields only, never values."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        record(AuditCode.ADMIN_WRITE, actor=acting(request), obj=obj, act="added")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        record(AuditCode.ADMIN_WRITE, actor=acting(request), obj=obj, act="changed", fields=changed_fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            record(AuditCode.ADMIN_WRITE, actor=acting(request), obj=obj, act="deleted")
        return super().log_deletions(request, queryset)


class KeptWhenReliedOn:
    """A card that is edited until other rows rest on it: they would change with it. Also for the rows of a card."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_relied_on(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_relied_on(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]


def is_relied_on(obj: models.Model | None) -> bool:
    """Answer whether rows refer to this one that keep it from being deleted."""
    if obj is None:
        return False
    relations = [each for each in obj._meta.get_fields(include_hidden=True) if isinstance(each, ForeignObjectRel)]  # noqa: SLF001  the public name of this API
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: obj}).exists()  # noqa: SLF001  same
        for relation in relations
        if relation.on_delete is models.PROTECT
    )


class ShortInline:
    """A part of a card with a bounded number of rows, however many a forged form says it has. For inlines."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        bounds = {"max_num": ROWS_OF_A_CARD, "absolute_max": ROWS_OF_A_CARD}
        return super().get_formset(request, obj, **{**bounds, **kwargs})  # type: ignore[misc]  # of InlineModelAdmin


def acting(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  the site lets nobody else in
    return request.user


def changed_fields(message: Any) -> list[str]:
    """Return the names of fields in a change message of Django: [{"changed": {"fields": […]}}, …]."""
    if isinstance(message, str):
        return []
    return [field for part in message for field in part.get("changed", {}).get("fields", [])]


class ReadOnly:
    """Rows to look at: they change on the pages only, where state, right and trail are kept. Also for inlines."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  signature of Django
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  same
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  same
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """A list and cards without a single field to type in."""


@admin.register(User)
class PortalUserAdmin(AuditedAdmin, UserAdmin[User]):
    """People; their roles are given in «Роли пользователей»."""

    list_display = ("username", "last_name", "first_name", "position", "is_active")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("username", "last_name", "first_name", "position")
    filter_horizontal = ()
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("username", "password", "is_active")}),
        ("О человеке", {"fields": ("last_name", "first_name", "patronymic", "position", "email", "phone")}),
        ("Администрирование портала", {"fields": ("is_staff", "is_superuser")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  signature of Django
        """Answer no: what a person did stays theirs; an account is switched off instead."""
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "code", "outcome", "actor", "object_title")
    list_filter = ("code", "outcome")
    list_select_related = ("actor",)
    search_fields = ("object_title", "object_id", "actor__username", "actor__last_name")
    date_hierarchy = "at"
