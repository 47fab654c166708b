"""Reports in the administration: to be looked at, never changed."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from reports.models import Report, ReportVersion


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("kind", "territory", "school", "period_from", "period_to", "created_at")
    list_filter = ("kind",)


@admin.register(ReportVersion)
class ReportVersionAdmin(ReadOnlyAdmin):
    list_display = ("title", "number", "as_of", "built_at", "figures")
