from django.contrib import admin
from django.http import HttpRequest

from jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    """For support: find a job by the number that its person was told."""

    list_display = ("title", "state", "requested_by", "attempts", "error_code", "created_at", "finished_at")
    list_filter = ("state", "kind")
    search_fields = ("^id", "title", "requested_by__username")
    date_hierarchy = "created_at"
    list_select_related = ("requested_by",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:  # noqa: ARG002  Django's signature
        return False
