from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import AuditedAdmin, KeptWhenReliedOn, ShortInline, is_relied_on
from monitoring.models import Metric, MetricSet


class MetricInline(KeptWhenReliedOn, ShortInline, admin.TabularInline[Metric, MetricSet]):
    model = Metric
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_relied_on(obj) and super().has_add_permission(request, obj)


@admin.register(MetricSet)
class MetricSetAdmin(KeptWhenReliedOn, AuditedAdmin):
    """Sets are versions: a new version is a new row; one that a cycle has used is only looked at."""

    inlines = [MetricInline]
    list_display = ("title", "code", "version")
