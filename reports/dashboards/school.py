"""The card of a school: what it is, how its results change, its risks, roadmap and readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Permission, Role
from monitoring.dynamics import Change, Count, SchoolTrend, Trend, View, Work, changes, school_trend
from monitoring.models import Submission
from monitoring.presentation import STATE_PILLS
from reports.dashboards.support import EMPTY_EXECUTION, executions_of
from riskprofiles.models import RiskProfile
from roadmaps.models import Measure, Roadmap
from schools.choices import Procedure
from schools.intake.subjects import BY_CODE
from schools.models import AssessmentResult, Membership, School, SchoolListItem

OBLIGATORY: Final = ("RU", "MA", "MAB")
TREND_PILLS: Final[Mapping[Trend, tuple[str, str]]] = {
    Trend.IMPROVING: ("ok", "Положительная"),
    Trend.STABLE: ("none", "Стабильная"),
    Trend.DECLINING: ("bad", "Отрицательная"),
    Trend.INSUFFICIENT_DATA: ("none", "Мало данных"),
}
SCHOOL_TRENDS: Final[Mapping[SchoolTrend, tuple[str, str]]] = {
    SchoolTrend.IMPROVING: ("ok", "Динамика положительная"),
    SchoolTrend.STABLE: ("none", "Динамика стабильная"),
    SchoolTrend.DECLINING: ("bad", "Динамика отрицательная"),
    SchoolTrend.MIXED: ("warn", "Динамика разнонаправленная"),
    SchoolTrend.INSUFFICIENT_DATA: ("none", "Данных для динамики мало"),
}


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A line of the table of results: one work in two years."""

    title: str
    before: Count | None
    after: Count | None
    points: float | None
    pill: str
    trend: str
    is_significant: bool


@require_safe
@access(Permission.VIEW_SCHOOLS)
def school_card(request: AuthenticatedHttpRequest, pk: str) -> HttpResponse:
    schools = School.objects.visible_to(request.user).select_related("territory__parent")
    school = get_object_or_404(schools, pk=pk)
    context = {
        "school": school,
        "facts": facts(school),
        **results_context(school),
        **support_context(school, request.user, timezone.localdate()),
    }
    return render(request, "dashboards/school.html", context)


def facts(school: School) -> Sequence[tuple[str, object]]:
    people = Membership.objects.filter(school=school, role__in=[Role.CURATOR, Role.MENTOR]).select_related("user")
    by_role = {Role(member.role): member.user for member in people}
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
    ]


def results_context(school: School) -> dict[str, Any]:
    """Return the works of the newest year against the year before, with the verdict over obligatory subjects."""
    year = school.results.aggregate(year=Max("year"))["year"]
    if year is None:
        return {"year": None, "changes": []}
    counts = {
        (row.year, Work(procedure=row.procedure, grade=row.grade, subject=row.subject)): Count(
            low=row.low,
            participants=row.participants,
        )
        for row in AssessmentResult.objects.filter(school=school).for_years(year, year - 1)
    }
    every = changes(counts, year, View.PARALLEL)
    pill, words = SCHOOL_TRENDS[school_trend(every, OBLIGATORY)]
    return {"year": year, "changes": [change_row(each) for each in every], "trend_pill": pill, "trend_words": words}


def change_row(change: Change) -> ChangeRow:
    pill, words = TREND_PILLS[change.trend]
    work = change.work
    subject = BY_CODE[work.subject].name.lower() if work.subject in BY_CODE else work.subject
    return ChangeRow(
        title=f"{Procedure(work.procedure).label}, {subject}, {work.grade} класс",
        before=change.before,
        after=change.after,
        points=None if change.points is None else float(change.points),
        pill=pill,
        trend=words,
        is_significant=bool(change.is_significant),
    )


def support_context(school: School, user: User, today: date) -> dict[str, Any]:
    profiles = RiskProfile.objects.visible_to(user).filter(school=school).order_by("-year")
    profile = profiles.first()
    roadmaps = Roadmap.objects.visible_to(user).filter(school=school).newest_versions().order_by("-period_to", "pk")
    submissions = Submission.objects.visible_to(user).filter(school=school).select_related("cycle")
    lists = SchoolListItem.objects.visible_to(user).filter(school=school, school_list__state="published")
    return {
        "profile": profile,
        "factors": profile.factors.activated().in_order().select_related("factor") if profile else [],
        "roadmap": roadmaps.first(),
        "execution": executions_of([school.pk], today).get(school.pk, EMPTY_EXECUTION),
        "late": Measure.objects.in_force().filter(roadmap__school=school).overdue(today).in_order()[:5],
        "submissions": [(row, STATE_PILLS[row.state]) for row in submissions.order_by("-cycle__as_of_date")[:3]],
        "may_explain": user.may(Permission.VIEW_IDENTIFICATION),
        "list_items": lists.select_related("school_list__basis_document").order_by("-school_list__year"),
    }
