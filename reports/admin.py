"""Reports in the administration: to be looked at, never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reports.models import Report, ReportVersion


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  signature of Django
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  signature of Django
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  signature of Django
        return False


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("kind", "territory", "school", "period_from", "period_to", "created_at")
    list_filter = ("kind",)


@admin.register(ReportVersion)
class ReportVersionAdmin(ReadOnlyAdmin):
    list_display = ("title", "number", "as_of", "built_at", "figures")
