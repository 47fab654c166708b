"""Territories, schools, documents and roles of people for the administrator."""

from django.contrib import admin

from accounts.admin import AuditedAdmin, ReadOnlyAdmin
from schools.models import IdentificationRuleSet, LegalAct, Membership, School, SchoolList, Territory


@admin.register(Territory)
class TerritoryAdmin(AuditedAdmin):
    list_display = ("name", "level", "code", "authority")
    list_filter = ("level",)
    search_fields = ("name", "code")


@admin.register(School)
class SchoolAdmin(AuditedAdmin):
    list_display = ("name", "territory", "kind", "inn", "status")
    list_filter = ("territory", "kind", "status")
    list_select_related = ("territory",)
    search_fields = ("name", "inn", "login")
    autocomplete_fields = ("territory",)


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    """A role in a territory or in one school: exactly one of the two."""

    list_display = ("user", "role", "territory", "school")
    list_filter = ("role", "territory")
    list_select_related = ("user", "territory", "school")
    search_fields = ("user__username", "user__last_name", "school__name")
    autocomplete_fields = ("user", "territory", "school")


@admin.register(LegalAct)
class LegalActAdmin(AuditedAdmin):
    list_display = ("kind", "date", "number", "issuer_genitive", "title")
    list_filter = ("kind",)
    search_fields = ("number", "title", "issuer_genitive")
    autocomplete_fields = ("territory", "school")


@admin.register(SchoolList)
class SchoolListAdmin(ReadOnlyAdmin):
    list_display = ("kind", "year", "territory", "state", "published_at")
    list_filter = ("kind", "state", "year")


@admin.register(IdentificationRuleSet)
class RuleSetAdmin(ReadOnlyAdmin):
    list_display = ("code", "version", "title", "year", "frozen_at")
