"""Roadmaps for the administrator to look at; plan and states change on the pages only, where the trail is kept."""

from typing import Any, ClassVar

from django.contrib import admin

from accounts.admin import ReadOnly
from roadmaps.models import Evidence, Measure, Roadmap


class MeasureInline(ReadOnly, admin.TabularInline[Measure, Roadmap]):
    model = Measure
    fields = readonly_fields = ("number", "title", "due_date", "responsible", "status", "evidence_count")
    extra = 0


@admin.register(Roadmap)
class RoadmapAdmin(ReadOnly, admin.ModelAdmin[Roadmap]):
    list_display = ("title", "school", "territory", "state", "version_number", "period_from", "period_to")
    list_filter = ("state", "level", "year_label")
    list_select_related = ("school", "territory")
    search_fields = ("title", "school__name", "school__inn", "territory__name")
    inlines: ClassVar[list[Any]] = [MeasureInline]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnly, admin.ModelAdmin[Evidence]):
    list_display = ("name", "kind", "measure", "uploaded_by", "uploaded_at")
    list_filter = ("kind",)
    list_select_related = ("measure", "uploaded_by")
