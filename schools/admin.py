"""Territories, schools, documents and roles of people for the administrator."""

from typing import Final

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import AuditedAdmin, KeptWhenReliedOn, ReadOnlyAdmin
from schools.models import IdentificationRuleSet, LegalAct, Membership, School, SchoolList, Territory


@admin.register(Territory)
class TerritoryAdmin(AuditedAdmin):
    list_display = ("name", "level", "code", "authority")
    list_filter = ("level",)
    search_fields = ("name", "code")


@admin.register(School)
class SchoolAdmin(AuditedAdmin):
    """Schools; what has a history changes on the card of the school, with a day and a document."""

    list_display = ("name", "territory", "kind", "inn", "status")
    list_filter = ("territory", "kind", "status")
    list_select_related = ("territory",)
    search_fields = ("name", "inn", "login")
    autocomplete_fields = ("territory",)

    def get_readonly_fields(self, request: HttpRequest, obj: School | None = None) -> tuple[str, ...]:  # noqa: ARG002  Django's signature
        return LED_ON_THE_CARD if obj else ()


LED_ON_THE_CARD: Final = ("name", "full_name", "kind", "login", "gia_code", "parent", "status")


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    """A role in a territory or in one school: exactly one of the two."""

    list_display = ("user", "role", "territory", "school")
    list_filter = ("role", "territory")
    list_select_related = ("user", "territory", "school")
    search_fields = ("user__username", "user__last_name", "school__name")
    autocomplete_fields = ("user", "territory", "school")


@admin.register(LegalAct)
class LegalActAdmin(KeptWhenReliedOn, AuditedAdmin):
    """Documents; one that a list, a profile, a roadmap or a cycle rests on is only looked at."""

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
