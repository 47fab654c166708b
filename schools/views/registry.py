"""The list of schools."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from schools.filters import SchoolFilter
from schools.models import School

PAGE_SIZE = 50


@require_safe
@access(Permission.VIEW_SCHOOLS)
def school_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    schools = (
        School.objects.visible_to(request.user).select_related("territory").with_latest_list().order_by("name", "pk")
    )
    school_filter = SchoolFilter(request.GET, queryset=schools)
    page = Paginator(school_filter.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "schools/school_list.html", {"filter": school_filter, "page": page})
