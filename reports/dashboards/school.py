"""The card of a school: what it is, how its results change, its risks, roadmap and readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Permission, Role
from monitoring.models import Submission
from monitoring.presentation import STATE_PILLS
from reports.dashboards.support import EMPTY_EXECUTION, executions_of, schools_on_support
from riskprofiles.models import RiskProfile
from roadmaps.models import Measure, Roadmap
from schools.access import may
from schools.choices import LIVING_STATUSES
from schools.dynamics import View
from schools.dynamics_page import change_row, verdict_of
from schools.history_page import history_context
from schools.models import Membership, School
from schools.school_years import SchoolYear, years_of
from schools.series import series_of
from schools.series_charts import series_charts
from schools.views.school_analysis import social_card


@require_safe
@access(Permission.VIEW_SCHOOLS)
def school_card(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    schools = School.objects.visible_to(request.user).select_related("territory__parent", "parent")
    school = get_object_or_404(schools, pk=pk)
    context = {
        "school": school,
        "tab": "overview",
        "facts": [*facts(school), *social_facts(school, request.user)],
        "is_living": school.status in LIVING_STATUSES,
        **history_context(school, request.user),
        **results_context(school),
        **support_context(school, request.user, timezone.localdate()),
    }
    return render(request, "dashboards/school.html", context)


def facts(school: School) -> Sequence[tuple[str, object]]:
    people = Membership.objects.filter(school=school, role__in=[Role.CURATOR, Role.MENTOR]).select_related("user")
    by_role = {Role(member.role): member.user for member in people}
    branches = list(school.branches.living().order_by("name", "pk").values_list("name", flat=True))
    return [
        (school.head_position, school.head_name),
        ("Куратор", by_role.get(Role.CURATOR)),
        ("Школа-наставник", by_role[Role.MENTOR].position if Role.MENTOR in by_role else ""),
        ("Полное название", school.full_name),
        ("Муниципалитет", school.territory.name),
        ("Населённый пункт", school.get_locality_display()),
        ("Обучающихся", school.students),
        ("ИНН", school.inn),
        ("ОГРН", school.ogrn),
        ("Логин в федеральной системе", school.login),
        ("Код в системе ГИА", school.gia_code),
        *([("Головная школа", school.parent)] if school.parent else []),
        *([("Филиалы", ", ".join(branches))] if branches else []),
    ]


def social_facts(school: School, user: User) -> list[tuple[str, str]]:
    """Return «Условия: обычные условия, индекс 43,6» to those who may see it."""
    card = social_card(school, user)
    if card is None:
        return []
    index = "" if card.stored.index is None else f", индекс {card.row.index}"
    return [("Условия", f"{card.stored.get_verdict_display()}{index}")]


def results_context(school: School) -> dict[str, Any]:
    """Return the works of the newest year against the year before, with the verdict over obligatory subjects."""
    series = series_of(school)
    if series.newest is None:
        return {"year": None, "changes": [], "charts": []}
    every = series.changes(series.newest, View.PARALLEL)
    pill, words = verdict_of(every)
    return {
        "year": series.newest,
        "changes": [change_row(each, series.newest) for each in every],
        "charts": series_charts(school, series),
        "trend_pill": pill,
        "trend_words": words,
    }


def support_context(school: School, user: User, today: date) -> dict[str, Any]:
    profiles = RiskProfile.objects.visible_to(user).filter(school=school).order_by("-year")
    profile = profiles.first()
    roadmaps = Roadmap.objects.visible_to(user).filter(school=school).newest_versions().order_by("-period_to", "pk")
    submissions = Submission.objects.visible_to(user).filter(school=school).select_related("cycle")
    years = years_of(school, user)
    return {
        "profile": profile,
        "factors": profile.factors.activated().in_order().select_related("factor") if profile else [],
        "roadmap": roadmaps.first(),
        "execution": executions_of([school.pk], today).get(school.pk, EMPTY_EXECUTION),
        "late": Measure.objects.in_force().filter(roadmap__school=school).overdue(today).in_order()[:5],
        "submissions": [(row, STATE_PILLS[row.state]) for row in submissions.order_by("-cycle__as_of_date")[:3]],
        "sees_risks": may(user, Permission.VIEW_RISK_PROFILES, school),
        "sees_monitoring": may(user, Permission.VIEW_MONITORING, school),
        "may_explain": may(user, Permission.VIEW_IDENTIFICATION, school),
        "years": years,
        "support_words": support_words(school, years, user),
    }


def support_words(school: School, years: Sequence[SchoolYear], user: User) -> str:
    """Return «На сопровождении, перечень 2026 года» of a school that «Сегодня» counts as such; "" of others.

    A school of an older list, which the newest one does not hold, is on no support: the years below tell of it.
    """
    year = max((each.year for each in years if each.is_listed), default=None)
    if year is None or not schools_on_support(user).filter(pk=school.pk).exists():
        return ""
    return f"На сопровождении, перечень {year} года"
