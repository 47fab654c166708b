"""The pages of a school beside its card: results through the years, and conditions with similar schools."""

import uuid
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Permission
from accounts.pieces import Segment
from schools.access import may
from schools.dynamics_page import dynamics_context
from schools.models import School, SchoolSocialIndex
from schools.objectivity import WORDING, shipped_limits
from schools.objectivity_reading import signs_of_school, works_without_borders
from schools.school_pages import ResemblanceCard
from schools.series import SchoolSeries, series_of
from schools.similar_reading import resemblance
from schools.social_pages import SocialCard

YEARS_SHOWN: Final = 6
REPORT_YEARS: Final = 5


def school_of(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> School:
    schools = School.objects.visible_to(request.user).select_related("territory__parent")
    return get_object_or_404(schools, pk=pk)


@require_safe
@access(Permission.VIEW_SCHOOLS)
def results(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    school = school_of(request, pk)
    series = series_of(school)
    year = chosen_year(series, request.GET.get("year", ""))
    context: dict[str, Any] = {
        "school": school,
        "tab": "results",
        "segments": year_segments(school, series, year),
        "year": year,
        "report_query": report_query(school, series, request.user),
        **(dynamics_context(series, year) if year else {}),
        **signs_context(school, series, request.user),
    }
    return render(request, "schools/school_results.html", context)


def report_query(school: School, series: SchoolSeries, user: User) -> str:
    """Return what the page of reports is asked for: the dynamics of the newest years; "" when nobody may build it."""
    years = series.years[:REPORT_YEARS]
    if not years or not may(user, Permission.BUILD_REPORTS, school):
        return ""
    period = {"period": "own", "period_from": f"{years[-1]}-01-01", "period_to": f"{years[0]}-12-31"}
    return urlencode({"kind": "R9", "scope": f"school:{school.pk}", **period})


def chosen_year(series: SchoolSeries, asked: str) -> int | None:
    """Return the asked year when the school has results of it, else the newest."""
    return next((year for year in series.years if str(year) == asked), series.newest)


def year_segments(school: School, series: SchoolSeries, chosen: int | None) -> list[Segment]:
    url = reverse("schools:results", args=[school.pk])
    return [
        Segment(title=f"{year} к {year - 1}", url=f"{url}?year={year}", current=year == chosen)
        for year in series.years[:YEARS_SHOWN]
    ]


def signs_context(school: School, series: SchoolSeries, user: User) -> dict[str, Any]:
    """Return what asks for a closer look, to those who look at identification."""
    if not may(user, Permission.VIEW_IDENTIFICATION, school):
        return {"sees_signs": False}
    rows = [row for rows in series.rows.values() for row in rows]
    return {
        "sees_signs": True,
        "signs": signs_of_school(school, rows),
        "wording": WORDING,
        "peaks_from": shipped_limits().peaks.participants_min,
        "unscaled": works_without_borders(rows),
    }


@require_safe
@access(Permission.VIEW_SCHOOLS)
def conditions(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    school = school_of(request, pk)
    found = resemblance(school)
    keys = [*(each.school.pk for each in found.group), *(each.school.pk for each in found.mentors)]
    visible = set(School.objects.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    context = {
        "school": school,
        "tab": "conditions",
        "card": ResemblanceCard(found=found, school=school, visible=visible),
        "social": social_card(school, request.user),
        "fills_forms": may(request.user, Permission.UPLOAD_OWN_DATA, school),
        "sees_social": may(request.user, Permission.VIEW_IDENTIFICATION, school),
    }
    return render(request, "schools/school_conditions.html", context)


def social_card(school: School, user: User) -> SocialCard | None:
    """Return the newest index of a school that the person may see."""
    rows = SchoolSocialIndex.objects.visible_to(user).filter(school=school).select_related("run__rule", "school")
    index = rows.order_by("-run__year", "-run__created_at", "pk").first()
    return SocialCard(stored=index, rule=index.run.used_rule) if index else None
