"""Catalogues and profiles for the administrator; states change on the pages only."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import AuditedAdmin, ReadOnlyAdmin, ShortInline
from riskprofiles.models import FactorCatalogue, RiskFactor, RiskProfile


class RiskFactorInline(ShortInline, admin.TabularInline[RiskFactor, FactorCatalogue]):
    model = RiskFactor
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_open(obj) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_open(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_open(obj) and super().has_delete_permission(request, obj)


def is_open(catalogue: FactorCatalogue | None) -> bool:
    """Return whether a catalogue may be edited: no profile used it yet."""
    return catalogue is None or not catalogue.frozen


@admin.register(FactorCatalogue)
class FactorCatalogueAdmin(AuditedAdmin):
    list_display = ("code", "title", "edition", "frozen")
    readonly_fields = ("frozen",)
    inlines: ClassVar[list[Any]] = [RiskFactorInline]

    def has_change_permission(self, request: HttpRequest, obj: FactorCatalogue | None = None) -> bool:
        return is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: FactorCatalogue | None = None) -> bool:
        return is_open(obj) and super().has_delete_permission(request, obj)


@admin.register(RiskProfile)
class RiskProfileAdmin(ReadOnlyAdmin):
    list_display = ("school", "year", "state", "changed_at")
    list_filter = ("state", "year")
    list_select_related = ("school",)
    search_fields = ("school__name", "school__inn")
