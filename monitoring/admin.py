from django.contrib import admin

from accounts.admin import AuditedAdmin, ShortInline
from monitoring.models import Metric, MetricSet


class MetricInline(ShortInline, admin.TabularInline[Metric, MetricSet]):
    model = Metric
    extra = 0


@admin.register(MetricSet)
class MetricSetAdmin(AuditedAdmin):
    """Sets are versions: a new version is a new row, old ones are read by the cycles that used them."""

    inlines = [MetricInline]
    list_display = ("title", "code", "version")
