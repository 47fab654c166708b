from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """For support: find a job by the number that its person was told."""

    list_display = ("title", "state", "requested_by", "attempts", "error_code", "created_at", "finished_at")
    list_filter = ("state", "kind")
    search_fields = ("^id", "title", "requested_by__username")
    date_hierarchy = "created_at"
    list_select_related = ("requested_by",)
