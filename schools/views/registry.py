"""The list of schools, and the same list as a file."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.http import AuthenticatedHttpRequest, attachment
from accounts.permissions import Permission
from schools.exports_registry import registry_workbook
from schools.filters import SchoolFilter
from schools.history_page import former_names
from schools.models import School

PAGE_SIZE: Final = 50
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@access(Permission.VIEW_SCHOOLS)
def school_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    school_filter = filtered(request)
    page = Paginator(school_filter.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": school_filter,
        "page": page,
        "rows": [(school, former_names(list(school.periods.all()))) for school in page.object_list],
        "may_import": request.user.may(Permission.IMPORT_RESULTS),
    }
    return render(request, "schools/school_list.html", context)


@require_safe
@access(Permission.VIEW_SCHOOLS)
def download(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Give the schools of the filter as a workbook; who took them is an audit event."""
    schools, today = filtered(request).qs, timezone.localdate()
    record(AuditCode.REPORT_DOWNLOADED, actor=request.user, registry=True, filter=request.GET.dict())
    return HttpResponse(
        registry_workbook(schools, today),
        content_type=XLSX,
        headers=attachment(f"Реестр школ {today:%Y-%m-%d}.xlsx"),
    )


def filtered(request: AuthenticatedHttpRequest) -> SchoolFilter:
    schools = School.objects.visible_to(request.user).select_related("territory").with_latest_list().with_periods()
    return SchoolFilter(request.GET, queryset=schools.order_by("name", "pk"))
